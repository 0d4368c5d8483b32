"""Check the catalogues against the code: every message there, translated, certain, with the same placeholders.

Used by ``make check``; prints what is wrong on stderr and ends with status 1.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "cotutelle" / "translations"
EXTRACT = ("extract", "-F", "pyproject.toml", "-k", "_l", "-k", "ngettext:1,2", "--no-location")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w+\}")


def extracted() -> Catalog:
    """The messages of code and templates as they are now."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "messages.pot"
        command = [
            sys.executable,
            "-m",
            "babel.messages.frontend",
            "--quiet",
            *EXTRACT,
            "-o",
            str(target),
            ".",
        ]
        subprocess.run(command, cwd=ROOT, check=True)
        with target.open("rb") as file:
            return read_po(file)


def key(message: Message) -> tuple[str | None, str]:
    """What makes a message one: its context and its English."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def faults(wanted: Catalog, found: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, one line each."""
    code = {key(message): message for message in wanted if message.id}
    known = {key(message): message for message in found if message.id}
    yield from (f"missing: {english!r}" for _context, english in sorted(code.keys() - known.keys(), key=repr))
    yield from (
        f"obsolete: {english!r}" for _context, english in sorted(known.keys() - code.keys(), key=repr)
    )
    yield from (f"obsolete: {key(message)[1]!r} (commented out)" for message in found.obsolete.values())
    for name, message in known.items():
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        if not all(text.strip() for text in texts):
            yield f"untranslated: {name[1]!r}"
            continue
        if message.fuzzy:
            yield f"fuzzy: {name[1]!r}"
        if name in code and isinstance(code[name].id, str) != isinstance(message.id, str):
            yield f"plural in one place only: {name[1]!r}"
        if isinstance(message.id, tuple) and len(texts) != found.num_plurals:
            yield f"{len(texts)} plural forms instead of {found.num_plurals}: {name[1]!r}"
        yield from placeholder_faults(message, texts)


def placeholder_faults(message: Message, texts: list[str]) -> Iterator[str]:
    """Placeholders that one language has and the other has not; a singular may do without the number."""
    forms = [message.id] if isinstance(message.id, str) else list(message.id)
    one, many = set(PLACEHOLDER.findall(forms[0])), set(PLACEHOLDER.findall(forms[-1]))
    for index, text in enumerate(texts):
        here = set(PLACEHOLDER.findall(text))
        singular = index == 0 and len(forms) > 1
        needed = (one & many) - {"%(num)s"} if singular else many
        if not needed <= here or not here <= one | many:
            yield f"placeholders differ: {forms[-1]!r} has {sorted(many)}, {text!r} has {sorted(here)}"


def main() -> int:
    """Check every language; the status to end with."""
    wanted, status = extracted(), 0
    for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        language = path.parent.parent.name
        with path.open("rb") as file:
            found = read_po(file, locale=language)
        for fault in faults(wanted, found):
            sys.stderr.write(f"{path.relative_to(ROOT)}: {fault}\n")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
