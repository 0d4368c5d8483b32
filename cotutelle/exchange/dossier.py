"""The whole file of a thesis as one archive: what is known of it as JSON, its history in words, its documents."""

import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

OLDEST = (1980, 1, 1, 0, 0, 0)
"""The moment that every entry bears, so that the same file gives the same bytes: days stand in the JSON."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a document: what it is called, under which name it came, how its bytes are read."""

    title: str
    number: int
    filename: str
    digest: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that goes into the archive but the bytes of its documents."""

    reference: str
    data: Mapping[str, Any]
    history: Sequence[Mapping[str, str]]
    papers: Sequence[Paper]


def write_zip(out: IO[bytes], dossier: Dossier, read: Any) -> None:
    """Write the archive; `read` gives the bytes of a digest, one document at a time."""
    names = _names(dossier.papers)
    told = {**dossier.data, "documents": [_described(paper, name) for paper, name in names]}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, f"{dossier.reference}/thesis.json", _json(told))
        _put(archive, f"{dossier.reference}/history.txt", _lines(dossier.history).encode())
        for paper, name in names:
            _put(archive, f"{dossier.reference}/{name}", read(paper.digest))


def _described(paper: Paper, name: str) -> dict[str, Any]:
    return {"title": paper.title, "version": paper.number, "file": name, "sha256": paper.digest}


def _names(papers: Iterable[Paper]) -> list[tuple[Paper, str]]:
    """A name of its own for each version, in order, that no system takes for a folder."""
    found = []
    for index, paper in enumerate(papers, start=1):
        stem, dot, ending = paper.filename.rpartition(".")
        plain = re.sub(r"[^\w .()-]+", "_", stem if dot else paper.filename).strip(" .")[:LONGEST_NAME]
        found.append((paper, f"documents/{index:03d} {plain or 'document'}{dot}{ending if dot else ''}"))
    return found


def _lines(history: Sequence[Mapping[str, str]]) -> str:
    rows = (
        " – ".join(filter(None, (row["when"], row["who"], row["text"], row["detail"]))) for row in history
    )
    return "\n".join(row.replace("\n", " ") for row in rows) + "\n"


def _json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2, default=str).encode()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, OLDEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)
