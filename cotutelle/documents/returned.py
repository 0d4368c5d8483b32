"""What a DOCX says that came back: the number it was given, its numbered rows as they read now, the comments in it.

Run by `confined`, which gives it the file; it imports nothing else of this application. Changes that are tracked count
as made: what is inserted is there, what is deleted or moved away is not.
"""

import io
import json
import re
import sys
import zipfile
import zlib
from itertools import islice
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
MARKED = re.compile(r"cotutelle:([A-Z0-9][A-Z0-9-]{2,58})[:\s·]+([0-9a-f ]{16,80})")
NUMBER = re.compile(r"(?:A?\d+(?:\.\d+)?|SG(?:\.\d+)?)")
_GONE = (f"{W}del", f"{W}moveFrom")
MOST_ROWS = 5000
MOST_COMMENTS = 500


def read(data: bytes) -> dict[str, Any]:
    """The reference and fingerprint of the file, empty where it bears none, its rows and its comments."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        body = _parse(archive, "word/document.xml")
        heads = [
            _text(_parse(archive, name)) for name in sorted(names) if re.match(r"word/header\d*\.xml", name)
        ]
        about = _parse(archive, "docProps/core.xml") if "docProps/core.xml" in names else None
        said = _parse(archive, "word/comments.xml") if "word/comments.xml" in names else None
    identifiers = [node.text or "" for node in about.iter(IDENTIFIER)] if about is not None else []
    found = next((m for text in (*identifiers, *heads) if (m := MARKED.search(text))), None)
    rows, places = _rows(body)
    return {
        "reference": found[1] if found else "",
        "fingerprint": found[2].replace(" ", "") if found else "",
        "rows": rows,
        "comments": _comments(said, places) if said is not None else [],
    }


def _parse(archive: zipfile.ZipFile, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(archive.read(name), parser)


def _rows(body: Any) -> tuple[list[list[Any]], dict[str, str]]:
    """Every row of every table as its number and its texts, and beside which number each comment stands."""
    rows: list[list[Any]] = []
    places: dict[str, str] = {}
    last = ""
    for row in body.iter(f"{W}tr"):
        if _gone(row) or len(rows) >= MOST_ROWS or _row_of(row) is not None:
            continue  # a table inside a cell is part of what the cell says
        cells = [
            cell for cell in row.iter(f"{W}tc") if _row_of(cell) is row
        ]  # some stand in a content control
        texts = [_text(cell).strip() for cell in cells]
        if not texts:
            continue
        number = texts[0] if NUMBER.fullmatch(texts[0]) else ""
        last = number or last
        rows.append([number, texts[1:] if number or not texts[0] else texts])
        for mark in row.iter(f"{W}commentReference"):
            places[str(mark.get(f"{W}id"))] = last
    return rows, places


def _row_of(node: Any) -> Any:
    """The row in which a node stands; None for a row of no other table."""
    return next(node.iterancestors(f"{W}tr"), None)


def _text(node: Any) -> str:
    """The words of a part of the file, a line for each paragraph."""
    return "\n".join(
        "".join(_word(each) for each in paragraph.iter() if not _within(each, paragraph))
        for paragraph in node.iter(f"{W}p")
    )


def _word(node: Any) -> str:
    if node.tag == f"{W}t":
        return node.text or ""
    return {f"{W}tab": " ", f"{W}br": " ", f"{W}noBreakHyphen": "-"}.get(node.tag, "")


def _within(node: Any, paragraph: Any) -> bool:
    """Whether a node stands in what was deleted, or in a paragraph inside this one."""
    for above in node.iterancestors():
        if above is paragraph:
            return False
        if above.tag in _GONE or above.tag == f"{W}p":
            return True
    return False


def _gone(row: Any) -> bool:
    """Whether a whole row was deleted with its changes tracked."""
    about = row.find(f"{W}trPr")
    return about is not None and about.find(f"{W}del") is not None


def _comments(said: Any, places: dict[str, str]) -> list[dict[str, str]]:
    return [
        {
            "number": places.get(str(comment.get(f"{W}id")), ""),
            "author": str(comment.get(f"{W}author") or ""),
            "text": _text(comment).strip(),
        }
        for comment in islice(said.iter(f"{W}comment"), MOST_COMMENTS)
    ]


def main() -> None:
    """Say what the file on the standard input says."""
    try:
        answer = read(sys.stdin.buffer.read())
    except (
        KeyError,
        ValueError,
        RuntimeError,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
    ):
        answer = {"why": "broken"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
