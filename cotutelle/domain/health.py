"""How a thesis stands: its worst open point, and until when that answer is good.

What cannot be known yet is never counted as met.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from cotutelle.domain.enrolment import Fee
from cotutelle.domain.thesis import ENDED, ThesisState

AHEAD = timedelta(days=60)
"""How far ahead the rules are asked whether their answer will change."""


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
    rules_until: date | None = None  # the last day on which the rules answer so, when nobody does anything


@dataclass(frozen=True, slots=True)
class Health:
    """A verdict (`fail`, `warn`, `pending`, `pass`, `not_applicable`), its reason, and the last day it holds."""

    verdict: str
    reason: str
    good_until: date | None = None


def unchanged_until(answer: Callable[[date], str], today: date) -> date:
    """The last day, within `AHEAD`, until which the answer stays today's.

    Days that pass break rules one after another: so the first day with another answer is found by halving.
    """
    now, same, other = answer(today), today, today + AHEAD
    if answer(other) == now:
        return other
    while (other - same).days > 1:
        middle = same + (other - same) // 2
        same, other = (middle, other) if answer(middle) == now else (same, middle)
    return same


def judge(now: Situation, today: date) -> Health:
    """The worst open point on this day, and the last day on which that answer is good.

    An ended thesis has none. The convention must cover the defence (practice of CNAM, Paris 13): a lapse is a
    failure, one within 180 days a warning. A broken binding rule is a failure too.
    """
    health = _worst(now, today)
    if now.rules_until and health.verdict != "not_applicable":
        return replace(health, good_until=min(health.good_until or now.rules_until, now.rules_until))
    return health


def _worst(now: Situation, today: date) -> Health:
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
        return Health("fail", f"rule_{now.broken}", last)
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
