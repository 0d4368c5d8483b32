"""Counters: numbers kept beside what they count, written here alone."""

from sqlalchemy import Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cotutelle.models import Counter


def advance(session: Session, name: str, scope: str, by: int = 1) -> int:
    """Add to a counter and return what it then says; concurrent callers get different numbers."""
    table = Counter.__table__
    assert isinstance(table, Table)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(name=name, scope=scope, value=by)
    statement = statement.on_conflict_do_update(
        index_elements=[table.c.name, table.c.scope], set_={"value": table.c.value + by}
    )
    return int(session.execute(statement.returning(table.c.value)).scalar_one())


def value(session: Session, name: str, scope: str) -> int:
    """What a counter says; zero when nothing was ever counted."""
    found = session.scalar(select(Counter.value).where(Counter.name == name, Counter.scope == scope))
    return found or 0


def reset(session: Session, name: str, scope: str, to: int) -> None:
    """Set a counter to the live count that it should have had."""
    session.execute(update(Counter).where(Counter.name == name, Counter.scope == scope).values(value=to))
