"""The application that a whole module of these tests shares."""

from tests.documents.shared import shared_app, shared_session

__all__ = ["shared_app", "shared_session"]
