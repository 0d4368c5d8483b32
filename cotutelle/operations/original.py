"""Where the originals of a convention on paper are: which languages each is in, who holds it, when it went and came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, Original, Thesis
from cotutelle.operations import journal
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


@dataclass(frozen=True, slots=True)
class OriginalFacts:
    """One original as a form gives it; the holder is an institution, or somebody named."""

    languages: Sequence[str]
    institution_id: int | None = None
    holder: str = ""
    sent_on: date | None = None
    received_on: date | None = None
    note: str = ""


def originals(session: Session, convention: Convention) -> list[Original]:
    """All originals of a convention, by number."""
    rows = select(Original).where(Original.convention_id == convention.id).order_by(Original.number)
    return list(session.scalars(rows))


def save(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    row: Original | None,
    facts: OriginalFacts,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> Original:
    """Enter an original, or change one.

    Refused without a holder, for days that have not come, and when it was received before it was sent.
    """
    if facts.institution_id is None and not facts.holder.strip():
        raise Refused(Reason.NOBODY_NAMED, "holder")
    for name, on in (("sent_on", facts.sent_on), ("received_on", facts.received_on)):
        if on is not None and on > today:
            raise Refused(Reason.DATE_AHEAD, name)
    if facts.sent_on and facts.received_on and facts.received_on < facts.sent_on:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "received_on", begin=facts.sent_on)
    if row is None:
        last = select(func.max(Original.number)).where(Original.convention_id == convention.id)
        number = (session.scalar(last) or 0) + 1
        row = Original(thesis_id=thesis.id, convention_id=convention.id, number=number, retention="signature")
        session.add(row)
    else:
        bump(session, row, version)
    row.languages = list(facts.languages)
    row.institution_id, row.holder = facts.institution_id, facts.holder.strip()
    row.sent_on, row.received_on, row.note = facts.sent_on, facts.received_on, facts.note.strip()
    session.flush()
    journal.record(
        session, "convention.original", subject(thesis), actor, at,
        number=row.number, holder=row.holder, institution=row.institution.code if row.institution else "",
        sent=row.sent_on, received=row.received_on,
    )  # fmt: skip
    return row
