"""What is asked of the signatories of a convention or an amendment, and that nothing is asked of them any more."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.plan import AMENDMENT
from cotutelle.domain.signoff import OPEN
from cotutelle.models import Convention, Milestone, SignOff
from cotutelle.operations.standing import withdraw_open

KIND = "convention"
"""The milestone by which the convention is signed, and the kind of its document."""
CLOSE = "close"
"""The job that closes a convention which everybody has signed."""


def signs(milestone: Milestone) -> bool:
    """Whether it is a convention that is signed by a milestone, or an amendment."""
    return milestone.kind in (KIND, AMENDMENT)


def milestone_of(session: Session, convention: Convention) -> Milestone | None:
    """The milestone by which a text is signed; None while the calendar has none."""
    kind = KIND if convention.amends_id is None else AMENDMENT
    return session.scalars(
        select(Milestone)
        .where(
            Milestone.thesis_id == convention.thesis_id,
            Milestone.kind == kind,
            Milestone.year == convention.amendment,
        )
        .limit(1)
    ).first()


def convention_of(session: Session, milestone: Milestone) -> Convention:
    """The text that is signed by a milestone: the newest, where earlier ones became void."""
    amends = Convention.amends_id.is_(None) if milestone.kind == KIND else Convention.amends_id.is_not(None)
    return session.scalars(
        select(Convention)
        .where(Convention.thesis_id == milestone.thesis_id, amends, Convention.amendment == milestone.year)
        .order_by(Convention.number.desc())
        .limit(1)
    ).one()


def is_open(session: Session, convention: Convention) -> bool:
    """Whether somebody is asked to sign a text and has not answered."""
    milestone = milestone_of(session, convention)
    if milestone is None:
        return False
    asked = select(SignOff.id).where(SignOff.milestone_id == milestone.id, SignOff.state.in_(OPEN))
    return session.execute(asked.limit(1)).first() is not None


def give_up(session: Session, convention: Convention, at: datetime) -> None:
    """Nobody is asked any more to sign a text that is void: links are dead, and what was signed is out of date."""
    milestone = milestone_of(session, convention)
    if milestone is not None:
        withdraw_open(session, milestone, at)
        milestone.document_id = None
    session.flush()
