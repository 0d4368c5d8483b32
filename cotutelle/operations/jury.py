"""The jury file of a thesis: begun with its directors, filled and changed seat by seat."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.jury import DIRECTING, JuryState
from cotutelle.models import (
    Jury,
    Person,
    Seat,
    Supervision,
    Thesis,
)
from cotutelle.operations import journal
from cotutelle.operations.health import recompute
from cotutelle.operations.jury_approval import APPROVED_PARTS, settle
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump

S = JuryState


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """One seat as a form gives it; None and "" mean that nobody has said."""

    institution_id: int | None = None
    elsewhere: str = ""
    attached_id: int | None = None
    grade: str = ""
    rank: str = ""
    emeritus: bool = False
    accredited: bool | None = None
    gender: str = ""
    role: str = "member"
    supervision: str = ""
    rapporteur: str = ""
    president: bool = False
    decides: bool = True
    copublished: bool | None = None
    on_committee: bool | None = None
    remote: bool = False
    report_on: date | None = None
    impartial_on: date | None = None


def current(session: Session, thesis: Thesis) -> Jury | None:
    """The jury of a thesis; None while nobody began one."""
    return session.scalar(select(Jury).where(Jury.thesis_id == thesis.id))


def begin(session: Session, thesis: Thesis, actor: Actor, at: datetime, *, today: date) -> Jury:
    """Begin the jury with the directors, who sit without deciding until somebody says otherwise."""
    known = current(session, thesis)
    if known is not None:
        return known
    jury = Jury(thesis_id=thesis.id, state_since=today)
    session.add(jury)
    session.flush()
    rows = session.scalars(
        select(Supervision)
        .where(Supervision.thesis_id == thesis.id, Supervision.until_on.is_(None))
        .order_by(Supervision.id)
    ).all()
    for position, row in enumerate((row for row in rows if row.role in DIRECTING), start=1):
        here = [a for a in row.person.affiliations if a.institution_id == row.institution_id]
        accredited = {"hdr": True, "equivalent": True, "none": False}.get(
            here[-1].accreditation if here else ""
        )
        session.add(
            Seat(
                jury_id=jury.id,
                thesis_id=thesis.id,
                position=position,
                person_id=row.person_id,
                institution_id=row.institution_id,
                grade=row.position or (here[-1].rank if here else ""),
                accredited=accredited,
                supervision=row.role,
                decides=False,
                retention="jury",
            )
        )
    journal.record(session, "jury.begun", subject(thesis), actor, at)
    recompute(session, thesis, today, at)
    return jury


def save_seat(
    session: Session,
    thesis: Thesis,
    jury: Jury,
    seat: Seat | None,
    person: Person,
    facts: SeatFacts,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> Seat:
    """Add somebody to the jury or change their seat.

    Refused for the candidate, for somebody who sits already, without an institution; once the jury is decided only
    what nobody approves may change: a report, a statement of impartiality, taking part from afar.
    """
    if seat is None or any(getattr(facts, name, person.id) != getattr(seat, name) for name in APPROVED_PARTS):
        _open(jury)
    if person.id == thesis.candidate_id:
        raise Refused(Reason.OWN_JURY, "family_name")
    if not facts.institution_id and not facts.elsewhere:
        raise Refused(Reason.SEAT_NOWHERE, "elsewhere")
    twice = select(Seat.id).where(Seat.jury_id == jury.id, Seat.person_id == person.id)
    if session.scalar(twice.where(Seat.id != (seat.id if seat else 0))):
        raise Refused(Reason.SEAT_TWICE, "family_name", name=person.name)
    bump(session, jury, version)
    if seat is None:
        last = session.scalar(select(func.max(Seat.position)).where(Seat.jury_id == jury.id)) or 0
        seat = Seat(jury_id=jury.id, thesis_id=thesis.id, position=last + 1, retention="jury")
        session.add(seat)
    seat.person_id = person.id
    for name in SeatFacts.__dataclass_fields__:
        setattr(seat, name, getattr(facts, name))
    session.flush()
    if facts.president:  # one presides: whoever did before no longer does
        for other in session.scalars(select(Seat).where(Seat.jury_id == jury.id, Seat.id != seat.id)):
            other.president = False
    journal.record(session, "jury.seat", subject(thesis), actor, at, member=person.name, role=facts.role)
    settle(session, thesis, jury, today)
    recompute(session, thesis, today, at)
    return seat


def remove_seat(
    session: Session,
    thesis: Thesis,
    jury: Jury,
    seat: Seat,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Take somebody out of the jury; whoever had approved them approves the jury again."""
    _open(jury)
    name = seat.person.name
    bump(session, jury, version)
    session.delete(seat)
    session.flush()
    journal.record(session, "jury.seat_removed", subject(thesis), actor, at, member=name)
    settle(session, thesis, jury, today)
    recompute(session, thesis, today, at)


def set_remote(
    session: Session,
    thesis: Thesis,
    jury: Jury,
    mode: str,
    authorised: bool | None,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Say who takes part from afar, and whether the head authorised it."""
    bump(session, jury, version)
    jury.remote_mode, jury.remote_authorised = mode, authorised
    journal.record(session, "jury.remote", subject(thesis), actor, at, mode=mode, authorised=authorised)
    recompute(session, thesis, today, at)


def _open(jury: Jury) -> None:
    if S(jury.state) is S.DECIDED:
        raise Refused(Reason.NOT_THIS_STATE, state=jury.state)
