"""Two people editing one thing: the version travels in the form and is compared in the UPDATE."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cotutelle.domain.errors import Stale


def bump(session: Session, subject: Any, expected: int | None) -> None:
    """Raise the subject's version by one; when another version than the expected one is saved, Stale.

    `expected` None bumps whatever the version is: an added part changes its thesis, but overwrites nothing.
    """
    table = type(subject)
    session.flush()
    statement = update(table).where(table.id == subject.id)
    if expected is not None:
        statement = statement.where(table.version == expected)
    bumped = session.execute(
        statement.values(version=table.version + 1).returning(table.version),
        execution_options={"synchronize_session": False},
    ).scalar()
    if bumped is None:
        raise Stale(session.scalar(select(table.version).where(table.id == subject.id)) or 0)
    session.refresh(subject, ["version"])
