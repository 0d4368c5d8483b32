"""Signatures of the demonstration: some given, some waited for, one sent back; two calendars that a leave would move."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.leave import LeaveKind
from cotutelle.domain.signoff import Answer, Proof, State
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Institution, Milestone, Person, SignOff, Supervision, Thesis
from cotutelle.operations import calendar, enrolment, event, signoff, standing
from cotutelle.operations import document as documents
from cotutelle.operations.asking import Named
from cotutelle.operations.health import gathered
from cotutelle.operations.plan import plans

KINDS = ("training_agreement", "charter", "committee", "progress_review", "rapporteurs")
RECORDED = frozenset({"charter", "training_agreement", "committee", "ethics_training", "progress_review"})
MOVING = 2
"""How many theses have a leave that would move their calendar, to show what that looks like."""


def add(
    session: Session,
    made: Iterable[Thesis],
    proof: str,
    size: int,
    heads: Sequence[Person],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    """Record what older theses have behind them, then have a milestone of every other running thesis signed, as far as it goes."""
    theses = list(made)
    with gathered(session, today, at):
        for thesis in theses[:-3]:
            _recorded(session, thesis, actor, at, today)
    running = [thesis for thesis in theses if thesis.state == ThesisState.RUNNING]
    begin = today + timedelta(days=40)
    for thesis in [each for each in running[1:] if each.mode == "full"][:MOVING]:
        end = begin + timedelta(days=112)
        enrolment.add_leave(session, thesis, LeaveKind.MATERNITY, begin, end, actor, at, today=today)
    for number, thesis in enumerate(running[:9]):
        row = _open(session, thesis)
        if row is not None:
            _signed(session, thesis, row, number, proof, size, heads, actor, at, today)


def _recorded(session: Session, thesis: Thesis, actor: Actor, at: datetime, today: date) -> None:
    """What an office recorded in the years before: everything that was due more than two months ago, but the newest."""
    rows = session.scalars(
        select(Milestone)
        .where(
            Milestone.thesis_id == thesis.id,
            Milestone.state == calendar.OPEN,
            Milestone.due_on < today - timedelta(days=60),
        )
        .order_by(Milestone.due_on)
    ).all()
    kinds = plans(session).kinds
    for row in rows:
        assert row.due_on is not None
        recorded = kinds[row.kind].event
        if recorded in RECORDED:
            on = row.due_on - timedelta(days=20)
            data = {"institution": row.side} if row.side else {}
            event.add(session, thesis, recorded, on, actor, at, today=today, data=data)


def _open(session: Session, thesis: Thesis) -> Milestone | None:
    return session.scalars(
        select(Milestone)
        .where(Milestone.thesis_id == thesis.id, Milestone.kind.in_(KINDS), Milestone.state == calendar.OPEN)
        .where(Milestone.due_on < date.max)
        .order_by(Milestone.due_on)
        .limit(1)
    ).first()


def _signed(
    session: Session,
    thesis: Thesis,
    row: Milestone,
    number: int,
    proof: str,
    size: int,
    heads: Sequence[Person],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    """Ask some weeks ago, and answer as far as the number of the thesis says: none, some, all, or sent back."""
    asked_at = at - timedelta(days=12 + 9 * number)
    paper = documents.add_document(
        session, thesis, row.document or "other", "Document à signer", "everyone", actor, asked_at,
        today=today, digest=proof, filename="document.pdf", media_type="application/pdf", size=size,
    )  # fmt: skip
    named = [
        Named(signer, side, person, "fr" if number % 2 else "en")
        for signer, side in standing.lacking(session, row)
        if (person := _who(session, thesis, signer, side, heads, number)) is not None and person.email
    ]
    rows = signoff.ask(session, thesis, row, named, paper.id, None, actor, asked_at, today=today)
    for step, each in enumerate(rows[: number % 4]):
        session.refresh(each)
        if each.state == State.ASKED:
            _answer(session, each, asked_at + timedelta(days=3 + 2 * step + number), sent_back=number == 7)


def _answer(session: Session, row: SignOff, when: datetime, *, sent_back: bool) -> None:
    by = signoff.By(Actor(None, "demo"), Proof.LINK_CODE)
    answered, reason = (
        (Answer.SEND_BACK, "La page 3 nomme une autre école.") if sent_back else (Answer.APPROVE, "")
    )
    signoff.answer(session, row.id, answered, row.digest, by, when, today=when.date(), reason=reason)


def _who(
    session: Session, thesis: Thesis, signer: str, side: str, heads: Sequence[Person], number: int
) -> Person | None:
    if signer == "candidate":
        return session.get(Person, thesis.candidate_id)
    if signer == "director":
        here = select(Institution.id).where(Institution.code == side).scalar_subquery()
        found = session.scalars(
            select(Supervision).where(Supervision.thesis_id == thesis.id, Supervision.institution_id == here)
        ).first()
        return found.person if found else None
    return heads[number % len(heads)] if heads else None
