"""Writing the journal: one entry for each act, in the act's own transaction."""

import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.journal import GENESIS, Entry, entry_digest, payload_digest
from cotutelle.models import JournalEntry, JournalValue

_LOCK = 0x436F7475


def record(
    session: Session, act: str, subject: str, actor: Actor, at: datetime, /, **values: Any
) -> JournalEntry:
    """Append an entry; `subject` is a public name such as ``thesis:LILLE-2026-0007``."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = session.execute(
        select(JournalEntry.sequence, JournalEntry.digest).order_by(JournalEntry.sequence.desc()).limit(1)
    ).first()
    sequence, previous = (last.sequence + 1, last.digest) if last else (1, GENESIS)
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    salt, plain = secrets.token_hex(16), _plain(values)
    payload = payload_digest(salt, plain)
    digest = entry_digest(sequence, moment, actor.name, act, subject, payload, previous)
    entry = JournalEntry(
        sequence=sequence,
        at=moment,
        actor=actor.name,
        act=act,
        subject=subject,
        payload=payload,
        previous=previous,
        digest=digest,
    )
    session.add(entry)
    session.flush()
    session.add(JournalValue(sequence=sequence, salt=salt, values=plain, retention="journal"))
    session.flush()
    return entry


def entries(session: Session) -> Iterator[Entry]:
    """The whole chain, in order, as the domain verifies it."""
    rows = session.scalars(
        select(JournalEntry).order_by(JournalEntry.sequence).execution_options(yield_per=1000)
    )
    for row in rows:
        yield Entry(
            row.sequence, row.at, row.actor, row.act, row.subject, row.payload, row.previous, row.digest
        )


def _plain(value: Any) -> Any:
    """The value as JSON keeps it: dates as ISO text, amounts as text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
