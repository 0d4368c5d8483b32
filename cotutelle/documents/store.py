"""Kept bytes, named by their SHA-256: a folder by default, a table where nodes share none."""

import hashlib
import os
import re
import secrets
from pathlib import Path

from sqlalchemy.orm import Session

from cotutelle.models import Blob

_DIGEST = re.compile(r"[0-9a-f]{64}")


class NotKept(KeyError):
    """No bytes are kept under that digest, or they are no longer what the digest says."""


class Store:
    """Where an installation keeps bytes; `folder` None keeps them in the database.

    What closes a convention stands apart, in `sealed`, a file by its digest that is named as what it is.
    """

    def __init__(self, folder: Path | None, sealed: Path | None = None) -> None:
        self.folder, self.sealed = folder, sealed

    def put(self, session: Session, data: bytes, *, sealed: bool = False) -> str:
        """Keep bytes and return their digest. A file is on the disk before any row names it."""
        digest = hashlib.sha256(data).hexdigest()
        if self.folder is None:
            if session.get(Blob, digest) is None:
                session.add(Blob(digest=digest, content=data))
                session.flush()
        elif not (path := self._path(digest, sealed=sealed)).is_file():
            _write(path, data)
        return digest

    def read(self, session: Session, digest: str) -> bytes:
        """The bytes kept under a digest, checked against it.

        Raises NotKept.
        """
        if not _DIGEST.fullmatch(digest):
            raise NotKept(digest)
        if self.folder is None:
            row = session.get(Blob, digest)
            data = row.content if row else None
        else:
            places = (self._path(digest, sealed=apart) for apart in (True, False))
            found = (path.read_bytes() for path in places if path.is_file())
            data = next((each for each in found if hashlib.sha256(each).hexdigest() == digest), None)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise NotKept(digest)
        return data

    def _path(self, digest: str, *, sealed: bool = False) -> Path:
        assert self.folder is not None
        if sealed and self.sealed is not None:
            return self.sealed / f"{digest}.pdf"
        return self.folder / digest[:2] / digest


def _write(path: Path, data: bytes) -> None:
    """Write a file so that a power cut leaves it whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(6)}.new")  # two threads may keep the same bytes at once
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
