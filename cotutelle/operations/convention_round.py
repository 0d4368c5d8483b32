"""What is asked of the signatories of a convention: whether something is, and that nothing is any more."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.signoff import OPEN
from cotutelle.models import Milestone, SignOff, Thesis
from cotutelle.operations.standing import withdraw_open

KIND = "convention"
"""The milestone by which the convention is signed, and the kind of its document."""


CLOSE = "close"
"""The job that closes a convention which everybody has signed."""


def is_open(session: Session, thesis: Thesis) -> bool:
    """Whether somebody is asked to sign the convention and has not answered."""
    asked = (
        select(SignOff.id)
        .join(Milestone, Milestone.id == SignOff.milestone_id)
        .where(Milestone.thesis_id == thesis.id, Milestone.kind == KIND, SignOff.state.in_(OPEN))
    )
    return session.execute(asked.limit(1)).first() is not None


def give_up(session: Session, thesis: Thesis, at: datetime) -> None:
    """Nobody is asked any more to sign a text that is void: links are dead, and what was signed is out of date."""
    rows = select(Milestone).where(Milestone.thesis_id == thesis.id, Milestone.kind == KIND)
    for milestone in session.scalars(rows).all():
        withdraw_open(session, milestone, at)
        milestone.document_id = None
    session.flush()
