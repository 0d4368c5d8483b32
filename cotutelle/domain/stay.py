"""Stays: periods at a party, planned and done kept apart; nobody is in two places at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cotutelle.domain.calendar import Period
from cotutelle.domain.errors import Reason, Refused


@dataclass(frozen=True, slots=True)
class Presence:
    """A period at an institution, planned or done."""

    institution: str
    period: Period
    done: bool


def check_stay(new: Presence, others: Iterable[Presence], today: date) -> None:
    """Refuse a stay that ends before it begins, is done before it is over, or is in two places at once.

    Planned and done stays are kept apart: only two of the same kind are in each other's way.
    """
    if new.period.end < new.period.begin:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "end", begin=new.period.begin)
    if new.done and new.period.end > today:
        raise Refused(Reason.STAY_NOT_OVER, "done", end=new.period.end)
    for other in others:
        elsewhere = other.institution != new.institution and other.done == new.done
        if elsewhere and other.period.overlaps(new.period):
            raise Refused(
                Reason.TWO_PLACES_AT_ONCE,
                "begin",
                institution=other.institution,
                begin=other.period.begin,
                end=other.period.end,
            )
