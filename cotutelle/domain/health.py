"""How a thesis stands: its worst open point, and until when that answer is good.

What cannot be known yet is never counted as met.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from cotutelle.domain.enrolment import Fee
from cotutelle.domain.thesis import ENDED, ThesisState


@dataclass(frozen=True, slots=True)
class YearAt:
    """One academic year at one institution, as far as it is known."""

    year: int
    institution: str
    enrolled: bool
    fee: Fee
    proven: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """What the health of a thesis is judged from."""

    state: ThesisState
    lacking: int
    convention_state: str
    convention_expires: date | None
    defence_until: date | None
    years: Sequence[YearAt] = ()
    broken: str = ""  # what the worst broken binding rule looks at


@dataclass(frozen=True, slots=True)
class Health:
    """A verdict (`fail`, `warn`, `pending`, `pass`, `not_applicable`), its reason, and the last day it holds."""

    verdict: str
    reason: str
    good_until: date | None = None


def judge(now: Situation, today: date) -> Health:
    """The worst open point on this day.

    An ended thesis has none. The convention must cover the defence (practice of CNAM, Paris 13): a lapse is a
    failure, one within 180 days a warning. A broken binding rule is a failure too; rules read the calendar, so
    that answer holds for the day alone.
    """
    if now.state in ENDED:
        return Health("not_applicable", "ended")
    expires, binding = now.convention_expires, now.convention_state == "in_force"
    last = expires if binding else None  # after it the answer is another one
    if binding and expires and expires < today:
        return Health("fail", "convention_expired")
    if expires and now.defence_until and expires < now.defence_until:
        return Health("fail", "convention_ends_before_defence", last)
    if now.convention_state in {"expired", "ended"}:
        return Health("fail", "convention_expired")
    if now.broken:
        return Health("fail", f"rule_{now.broken}", today)
    for year in now.years:
        if year.enrolled and year.fee is Fee.WAIVED and not year.proven:
            return Health("warn", "waiver_without_proof", last)
    if binding and expires:
        warning = expires - relativedelta(days=180)
        if today >= warning:
            return Health("warn", "convention_ends_soon", expires)
        return Health("pass", "in_order", warning - timedelta(days=1))
    if now.lacking:
        return Health("pending", "facts_missing")
    return Health("pending", "convention_open")
