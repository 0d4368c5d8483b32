"""An application as the world sees it: behind https, with a browser that sends what browsers send."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import Flask

from cotutelle.operations import account as accounts
from tests import databases
from tests.conftest import running

HTTPS = "https://cotutelle.univ.example"


@pytest.fixture
def https_app(sqlite_database: databases.Sqlite, tmp_path: Path) -> Iterator[Flask]:
    yield from running(sqlite_database, tmp_path, BASE_URL=HTTPS)


class Remembering:
    """The application's own hasher, which works once for each pair that the tests ask it about."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self.hasher = hasher
        self.known: dict[tuple[str, str], VerificationError | None] = {}

    def hash(self, password: str) -> str:
        return self.hasher.hash(password)

    def verify(self, kept: str, password: str) -> bool:
        if (kept, password) not in self.known:
            try:
                self.hasher.verify(kept, password)
                self.known[kept, password] = None
            except VerificationError as error:
                self.known[kept, password] = error
        if (error := self.known[kept, password]) is not None:
            raise error
        return True


HASHER = Remembering(accounts._HASHER)


@pytest.fixture(autouse=True)
def _hash_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in costs a quarter of a second, on purpose; the tests do it a hundred times."""
    monkeypatch.setattr(accounts, "_HASHER", HASHER)
