"""One application for a whole module, on each database: for tests whose transaction is undone anyway."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.scope import as_system
from tests import databases
from tests.conftest import running


@pytest.fixture(scope="module", params=databases.KINDS)
def shared_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    found = request.getfixturevalue("sqlite_database" if request.param == "sqlite" else "postgres_database")
    yield from running(found, tmp_path_factory.mktemp("shared"))


@pytest.fixture
def shared_session(shared_app: Flask) -> Iterator[Session]:
    """Like the suite's `session`: sees everything, may write, is undone; but its application is shared."""
    with shared_app.app_context():
        found = db.session()
        found.connection(execution_options={"writes": True})
        with as_system(found, "tests"):
            yield found
        found.rollback()
        db.session.remove()
