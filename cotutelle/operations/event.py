"""Recorded events: facts of a thesis that have no screen of their own, on which rules and milestones build."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.models import CommitteeInterview, Event, Thesis
from cotutelle.operations import journal
from cotutelle.operations.health import recompute
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


def add(
    session: Session,
    thesis: Thesis,
    kind: str,
    on: date,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    data: Mapping[str, Any] | None = None,
    document_id: int | None = None,
) -> Event:
    """Record that something happened on a day; `data` holds what rules may ask of it."""
    event = Event(
        thesis_id=thesis.id,
        kind=kind,
        on=on,
        data=dict(data or {}),
        by=actor.account_id,
        document_id=document_id,
    )
    session.add(event)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, "thesis.event", subject(thesis), actor, at, kind=kind, on=on)
    return event


def remove(
    session: Session, thesis: Thesis, event: Event, actor: Actor, at: datetime, *, today: date
) -> None:
    """Take a record back, with what was noted of a meeting's interviews; the journal keeps that it was there."""
    kind = event.kind
    session.execute(delete(CommitteeInterview).where(CommitteeInterview.event_id == event.id))
    session.delete(event)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, "thesis.event_removed", subject(thesis), actor, at, kind=kind, on=event.on)
