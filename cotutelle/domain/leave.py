"""Leaves and the gap period, which lengthen the thesis (order of 25 May 2016, article 14)."""

from collections.abc import Iterable
from enum import StrEnum

from cotutelle.domain.calendar import Period, months_of_stay
from cotutelle.domain.errors import Reason, Refused


class LeaveKind(StrEnum):
    """Absences that article 14 names; `gap` is the césure, once and at most a year."""

    MATERNITY = "maternity"
    PATERNITY = "paternity"
    ADOPTION = "adoption"
    PARENTAL = "parental"
    SICK = "sick"
    ACCIDENT = "accident"
    GAP = "gap"


def check_leave(kind: LeaveKind, period: Period, others: Iterable[tuple[LeaveKind, Period]]) -> None:
    """Refuse dates out of order, overlaps, a second gap period, or one longer than a year."""
    if period.end < period.begin:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "end", begin=period.begin)
    for other_kind, other in others:
        if kind is LeaveKind.GAP and other_kind is LeaveKind.GAP:
            raise Refused(Reason.SECOND_GAP, "kind")
        if other.overlaps(period):
            raise Refused(Reason.LEAVE_OVERLAP, "begin", begin=other.begin, end=other.end)
    if kind is LeaveKind.GAP and months_of_stay([period]) > 12:
        raise Refused(Reason.GAP_TOO_LONG, "end")
