"""The enrolment matrix: one cell for each year and institution; and leaves, funding, notes beside it."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.calendar import Period
from cotutelle.domain.enrolment import Fee, check_one_payer
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.leave import LeaveKind, check_leave
from cotutelle.models import Document, Enrolment, FundingSource, Institution, Leave, Note, Partnership, Thesis
from cotutelle.operations import journal
from cotutelle.operations.health import recompute
from cotutelle.operations.supervision import check_party
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


def save_enrolment(
    session: Session,
    thesis: Thesis,
    institution_id: int,
    year: int,
    enrolled_on: date | None,
    fee: Fee,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    proof: Document | None = None,
    version: int | None = None,
) -> Enrolment:
    """Write one cell of the matrix. Refused when another institution is already paid for that year."""
    party = check_party(session, thesis, institution_id)
    rows = session.execute(
        select(Enrolment, Institution.short_name)
        .join(Institution, Institution.id == Enrolment.institution_id)
        .where(Enrolment.thesis_id == thesis.id)
    ).all()
    others = [(row.year, name, Fee(row.fee)) for row, name in rows]
    check_one_payer(year, party.institution.short_name, fee, others)
    bump(session, thesis, version)
    cell = next((row for row, _ in rows if (row.year, row.institution_id) == (year, institution_id)), None)
    if cell is None:
        cell = Enrolment(thesis_id=thesis.id, institution_id=institution_id, year=year)
        session.add(cell)
    cell.enrolled_on, cell.fee, cell.proof_id = enrolled_on, fee, proof.id if proof else None
    recompute(session, thesis, today, at)
    journal.record(
        session,
        "thesis.enrolment",
        subject(thesis),
        actor,
        at,
        enrolment=party.institution.code,
        year=year,
        enrolled_on=enrolled_on,
        fee=fee,
    )
    return cell


def add_leave(
    session: Session,
    thesis: Thesis,
    kind: LeaveKind,
    begin: date,
    end: date,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    note: str = "",
) -> Leave:
    """Record a leave or the gap period. Refused for overlaps, a second gap period, or one over a year."""
    others = [
        (LeaveKind(row.kind), Period(row.begin_on, row.end_on))
        for row in session.scalars(select(Leave).where(Leave.thesis_id == thesis.id))
    ]
    check_leave(kind, Period(begin, end), others)
    leave = Leave(thesis_id=thesis.id, kind=kind, begin_on=begin, end_on=end, note=note, retention="leave")
    session.add(leave)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, "thesis.leave", subject(thesis), actor, at, leave=kind, begin=begin, end=end)
    return leave


def remove_leave(
    session: Session, thesis: Thesis, leave: Leave, actor: Actor, at: datetime, *, today: date
) -> None:
    """Take a leave out; the journal keeps what it was."""
    session.delete(leave)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(
        session,
        "thesis.leave_removed",
        subject(thesis),
        actor,
        at,
        leave=leave.kind,
        begin=leave.begin_on,
        end=leave.end_on,
    )


def add_funding(
    session: Session,
    thesis: Thesis,
    kind: str,
    funder: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    begin: date | None = None,
    end: date | None = None,
    monthly_amount: Decimal | None = None,
    currency: str = "EUR",
    total_amount: Decimal | None = None,
    asks: str = "",
    partnership: Partnership | None = None,
) -> FundingSource:
    """Record a source of money, of a partnership perhaps. Refused when it ends before it begins."""
    if begin and end and end < begin:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "end", begin=begin)
    source = FundingSource(
        thesis_id=thesis.id,
        kind=kind,
        funder=funder,
        begin_on=begin,
        end_on=end,
        monthly_amount=monthly_amount,
        currency=currency,
        total_amount=total_amount,
        asks=asks,
        partnership_id=partnership.id if partnership else None,
    )
    session.add(source)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, "thesis.funding", subject(thesis), actor, at, funding=kind, funder=funder)
    return source


def remove_funding(
    session: Session, thesis: Thesis, source: FundingSource, actor: Actor, at: datetime, *, today: date
) -> None:
    """Take a source of money out."""
    session.delete(source)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, "thesis.funding_removed", subject(thesis), actor, at, funder=source.funder)


def add_note(session: Session, thesis: Thesis, text: str, actor: Actor, at: datetime) -> Note:
    """Write a note that only the thesis's schools read."""
    note = Note(thesis_id=thesis.id, text=text, at=at, by=actor.account_id, retention="note")
    session.add(note)
    session.flush()
    journal.record(session, "thesis.noted", subject(thesis), actor, at, note=note.public_id)
    return note
