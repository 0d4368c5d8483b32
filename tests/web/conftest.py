"""An application as the world sees it: behind https, with a browser that sends what browsers send."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests import databases
from tests.conftest import running

HTTPS = "https://cotutelle.univ.example"


@pytest.fixture
def https_app(sqlite_database: databases.Sqlite, tmp_path: Path) -> Iterator[Flask]:
    yield from running(sqlite_database, tmp_path, BASE_URL=HTTPS)
