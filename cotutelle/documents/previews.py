"""Drafts that were drawn already: the same text gives the same bytes, so it is drawn once and read from then on."""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

from cotutelle import clock
from cotutelle.documents.press import Prints, engines
from cotutelle.domain.journal import canonical

LAST = 24 * 3600
"""Seconds after which a kept draft is let go: it holds personal data, and bears the day on which it was drawn."""
MOST = 200


class Previews:
    """A press that keeps what it draws in a folder, for a day, the newest `MOST`."""

    def __init__(self, press: Prints, folder: Path) -> None:
        self.press, self.folder = press, folder

    def print_pdf(self, html: str, *, facts: str, created: str) -> bytes:
        """The drawn text, from the folder where it is kept. Raises as the press does."""
        key = hashlib.sha256(canonical([html, facts, created, engines()]).encode()).hexdigest()
        path = self.folder / f"{key}.pdf"
        with suppress(FileNotFoundError):
            return path.read_bytes()
        data = self.press.print_pdf(html, facts=facts, created=created)
        self._keep(path, data)
        return data

    def _keep(self, path: Path, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}")
        fresh.write_bytes(data)
        fresh.replace(path)
        self._let_go()

    def _let_go(self) -> None:
        """Remove what is old, and the oldest of what is too much; another process may have done so already."""
        aged = []
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                aged.append((path.stat().st_mtime, path))
        aged.sort(reverse=True)
        limit = clock.now().timestamp() - LAST
        for number, (when, path) in enumerate(aged):
            if number >= MOST or when < limit:
                path.unlink(missing_ok=True)
