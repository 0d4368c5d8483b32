"""The days of moves: a move is recorded once it has happened, and not before the one it follows."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Thesis, Transition


def check_day(session: Session, thesis: Thesis, machine: str, on: date, today: date) -> None:
    """Refuse a day that has not come yet, or one before the last move of the same machine."""
    if on > today:
        raise Refused(Reason.DATE_AHEAD, "on")
    last = session.scalar(
        select(func.max(Transition.on)).where(
            Transition.thesis_id == thesis.id, Transition.machine == machine
        )
    )
    if last is not None and on < last:
        raise Refused(Reason.DATE_BEFORE_LAST, "on", last=last)
