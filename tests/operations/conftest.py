"""Operations are tried inside one transaction that is undone: their application is shared by a whole module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from cotutelle.db import db, transaction
from cotutelle.documents import seal as seals
from cotutelle.documents.press import Limits, Press
from cotutelle.documents.seal import Seal
from cotutelle.documents.store import Store
from cotutelle.scope import as_system
from tests.documents import sealing
from tests.documents.shared import shared_app, shared_session
from tests.operations.in_force import in_force

__all__ = ["shared_app", "shared_session"]


@pytest.fixture
def session(shared_session: Session) -> Session:
    """Sees everything, may write, is undone."""
    return shared_session


@pytest.fixture(scope="module")
def with_one_in_force(shared_app: Flask) -> None:
    """Let every test of a module start from a convention in force, made once: it is signed by eight people."""
    with shared_app.app_context():
        with transaction() as session, as_system(session, "tests"):
            in_force(session)
        db.session.remove()


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    found = sealing.OncePress(tmp_path_factory.mktemp("press"), Limits())
    yield found
    found.stop()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority of its own."""
    return sealing.settled(tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def own(instance: Path) -> Seal:
    """The seal of that folder."""
    found = seals.find(instance, "", "", "")
    assert found is not None
    return found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", tmp_path / "sealed")
