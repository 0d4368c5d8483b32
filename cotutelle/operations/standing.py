"""How the signatures of a milestone stand: who counts for each place, who is lacking, and when nobody is."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cotutelle.domain.actor import system
from cotutelle.domain.signoff import OPEN, Asked, State, complete
from cotutelle.models import Event, Milestone, SignOff, Thesis
from cotutelle.operations import journal, signing_link
from cotutelle.operations.plan import plans as plans_of

DONE_WITH = frozenset({State.DELEGATED, State.WITHDRAWN})
Slot = tuple[str, str]
"""A place to be signed: the capacity, and the institution by its code."""


def standing(session: Session, milestone: Milestone) -> dict[Slot, SignOff | None]:
    """Each place that a milestone needs signed, in order, with the signature that counts; None while nobody was asked."""
    rows = session.scalars(
        select(SignOff)
        .where(SignOff.milestone_id == milestone.id, SignOff.state.not_in(DONE_WITH))
        .order_by(SignOff.id)
    )
    latest: dict[Slot, SignOff] = {(row.signer, row.side): row for row in rows}
    return {(signer, side): latest.get((signer, side)) for signer, side in milestone.signatories}


def lacking(session: Session, milestone: Milestone) -> list[Slot]:
    """The places for which somebody has to be asked: never asked, sent back, not theirs, or out of date."""
    return [
        slot
        for slot, row in standing(session, milestone).items()
        if row is None or (row.state not in OPEN and (row.state != State.APPROVED or row.outdated_at))
    ]


def in_order(session: Session, milestone: Milestone) -> list[tuple[Asked, SignOff | None]]:
    """The places in the order in which they sign, as far as turns and completeness go."""
    return [
        (Asked(number, State(row.state), row.outdated_at is not None) if row else Asked(number, None), row)
        for number, row in enumerate(standing(session, milestone).values())
    ]


def is_complete(session: Session, milestone: Milestone) -> bool:
    """Whether everybody who is needed approved what still stands."""
    return complete([asked for asked, _row in in_order(session, milestone)])


def record_done(session: Session, thesis: Thesis, milestone: Milestone, at: datetime) -> None:
    """Record that what everybody signed has happened, on the day of the last signature; once, and only where rules ask."""
    recorded = plans_of(session).kinds[milestone.kind].event
    if not recorded or milestone.done_on is not None:
        return
    days = [row.answered_on for row in standing(session, milestone).values() if row and row.answered_on]
    data = {"signed": milestone.public_id, **({"institution": milestone.side} if milestone.side else {})}
    session.add(Event(thesis_id=thesis.id, kind=recorded, on=max(days), data=data))
    subject = f"thesis:{thesis.reference}"
    journal.record(session, "thesis.event", subject, system("signatures"), at, kind=recorded, on=max(days))
    session.flush()


def withdraw_open(session: Session, milestone: Milestone, at: datetime, *, slot: Slot | None = None) -> None:
    """Ask nobody any more for one place, or for any: open signatures are withdrawn and their links are dead."""
    statement = select(SignOff).where(SignOff.milestone_id == milestone.id, SignOff.state.in_(OPEN))
    for row in session.scalars(statement).all():
        if (slot is None or (row.signer, row.side) == slot) and take(session, row, State.WITHDRAWN):
            signing_link.revoke(session, None, row.person_id, row.id, at)
    session.flush()


def take(session: Session, row: SignOff, state: State) -> bool:
    """Give an open signature another state without an answer; False when it was answered meanwhile, and stands."""
    taken = session.execute(
        update(SignOff)
        .where(SignOff.id == row.id, SignOff.state.in_(OPEN))
        .values(state=state)
        .returning(SignOff.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    session.refresh(row)
    return taken is not None
