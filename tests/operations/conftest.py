"""Operations are tried inside one transaction that is undone: their application is shared by a whole module."""

import pytest
from sqlalchemy.orm import Session

from tests.documents.shared import shared_app, shared_session

__all__ = ["shared_app", "shared_session"]


@pytest.fixture
def session(shared_session: Session) -> Session:
    """Sees everything, may write, is undone."""
    return shared_session
