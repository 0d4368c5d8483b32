"""Having documents drawn: talks to the warmed process of `render`, starts it when there is none."""

import atexit
import importlib.metadata
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from cotutelle.documents.fonts import configure
from cotutelle.documents.libraries import missing_libraries

ENGINES = ("weasyprint", "pydyf", "fonttools")


class CannotPrint(RuntimeError):
    """A document that cannot be made; `why` is ``libraries``, ``size``, ``time``, ``memory`` or the engine's words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: processor seconds, memory beside the engine, pages, bytes of HTML."""

    seconds: int = 60
    mib: int = 512
    pages: int = 200
    html_bytes: int = 2 * 1024 * 1024


class Prints(Protocol):
    """Whatever draws documents, or has them drawn."""

    def print_pdf(self, html: str, *, facts: str, created: str) -> bytes:
        """HTML as PDF/A-3a and PDF/UA-1 with the facts attached. Raises CannotPrint."""


class Press:
    """One warmed process, shared by the threads of this one; one document at a time."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder, self.limits = folder, limits
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0
        atexit.register(self.stop)

    def print_pdf(self, html: str, *, facts: str, created: str) -> bytes:
        """HTML as PDF/A-3a and PDF/UA-1 with the facts attached; `created` is an ISO instant, for equal bytes.

        Raises CannotPrint.
        """
        if missing_libraries():
            raise CannotPrint("libraries")
        data = html.encode()
        if len(data) > self.limits.html_bytes:
            raise CannotPrint("size")
        answer, pdf = self._ask(data, {"facts": facts, "created": created, **asdict(self.limits)})
        if answer["error"]:
            raise CannotPrint(answer["error"])
        return pdf

    def _ask(self, html: bytes, settings: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        head = json.dumps({"length": len(html), "settings": settings}).encode()
        with self.lock:
            for _attempt in range(2):
                process = self._running()
                assert process.stdin
                assert process.stdout
                try:
                    process.stdin.write(head + b"\n" + html)
                    process.stdin.flush()
                    answer = json.loads(process.stdout.readline())
                    return answer, process.stdout.read(answer["length"])
                except (BrokenPipeError, ValueError):
                    self.stop()
                except BaseException:
                    # an answer half read would be given to whoever asks next
                    self.stop()
                    raise
        raise CannotPrint("crash")

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None or self.owner != os.getpid():
            self.folder.mkdir(parents=True, exist_ok=True)
            environment = {
                "PATH": os.environ.get("PATH", ""),
                "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
                "FONTCONFIG_FILE": str(configure(self.folder)),
                "HOME": str(self.folder),
                "LC_ALL": "C.UTF-8",
            }
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cotutelle.documents.render", str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
            self.owner = os.getpid()
        return self.process

    def stop(self) -> None:
        """End the process, if this one started it."""
        if self.process is not None and self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream:
                    stream.close()
        self.process = None


def engines() -> dict[str, str]:
    """The versions of what draws, kept with every made document."""
    return {name: importlib.metadata.version(name) for name in ENGINES}
