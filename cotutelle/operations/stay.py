"""Stays, planned and done apart."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.calendar import Period
from cotutelle.domain.stay import Presence, check_stay
from cotutelle.models import Stay, Thesis
from cotutelle.operations import journal
from cotutelle.operations.health import recompute
from cotutelle.operations.supervision import check_party
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


def save_stay(
    session: Session,
    thesis: Thesis,
    stay: Stay | None,
    institution_id: int,
    begin: date,
    end: date,
    done: bool,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    note: str = "",
    version: int | None = None,
) -> Stay:
    """Record a stay or change one. Refused when the candidate would be in two places at once."""
    check_party(session, thesis, institution_id)
    others = select(Stay).where(Stay.thesis_id == thesis.id)
    if stay is not None:
        others = others.where(Stay.id != stay.id)
    presences = [
        Presence(row.institution.short_name, Period(row.begin_on, row.end_on), row.done)
        for row in session.scalars(others)
    ]
    party = check_party(session, thesis, institution_id)
    check_stay(Presence(party.institution.short_name, Period(begin, end), done), presences, today)
    bump(session, thesis, version)
    stay = stay or Stay(thesis_id=thesis.id)
    session.add(stay)
    stay.institution_id, stay.begin_on, stay.end_on, stay.done, stay.note = (
        institution_id,
        begin,
        end,
        done,
        note,
    )
    recompute(session, thesis, today, at)
    journal.record(
        session,
        "thesis.stay",
        subject(thesis),
        actor,
        at,
        stay=party.institution.code,
        begin=begin,
        end=end,
        done=done,
    )
    return stay


def remove_stay(
    session: Session, thesis: Thesis, stay: Stay, actor: Actor, at: datetime, *, today: date
) -> None:
    """Take a stay out; the journal keeps what it was."""
    code = stay.institution.code
    session.delete(stay)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(
        session,
        "thesis.stay_removed",
        subject(thesis),
        actor,
        at,
        stay=code,
        begin=stay.begin_on,
        end=stay.end_on,
    )
