"""Figures over many theses: how long things took, where they waited, what was promised and what was done."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median, quantiles

from cotutelle.domain.convention.state import ConventionState

S = ConventionState
ON_THE_WAY = (S.DRAFT, S.LEGAL_CHECK, S.PARTNER_REVIEW, S.APPROVED, S.SIGNING)
"""The states in which a convention waits to be signed, in their order."""
FEWEST = 5
"""Of fewer people, shares are not shown: they would tell of somebody."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Days: how many values, the one in the middle, and between which two the middle half of them lies."""

    count: int
    median: int
    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a convention: into a state, on a day."""

    entered: str
    on: date


def spread(days: Sequence[int]) -> Spread | None:
    """Median and middle half of some days; None of none. One value is its own spread."""
    if not days:
        return None
    if len(days) == 1:
        return Spread(1, days[0], days[0], days[0])
    lower, _middle, upper = quantiles(days, n=4, method="inclusive")
    return Spread(len(days), round(median(days)), round(lower), round(upper))


def course(begun: date, steps: Sequence[Step]) -> list[Step]:
    """The moves of a convention, after the day of the request on which its draft began.

    The request is the day on which the thesis was registered, or on which its text first left the draft, whichever
    came first: a thesis taken over was registered later than its convention was begun. Of one that was recorded when
    it was signed already, nobody knows the request: it has no course.
    """
    if not steps or steps[0].entered == S.IN_FORCE:
        return []
    return [Step(S.DRAFT, min(begun, steps[0].on)), *steps]


def until_signed(steps: Sequence[Step]) -> int | None:
    """Days from the request to the first signature by everybody; None while it is not in force, or for no course."""
    signed = next((step.on for step in steps if step.entered == S.IN_FORCE), None)
    return (signed - steps[0].on).days if signed is not None and signed >= steps[0].on else None


def waits(steps: Sequence[Step]) -> Iterator[tuple[str, int]]:
    """Each state that a convention went through until it was in force, with the days that it stayed there."""
    for before, after in pairwise(steps):
        if before.entered == S.IN_FORCE:
            return
        if after.on >= before.on:
            yield before.entered, (after.on - before.on).days


def by_step(courses: Iterable[Sequence[Step]]) -> Mapping[str, Spread]:
    """How long conventions stayed in each state on their way, in the order of the states."""
    days: dict[str, list[int]] = defaultdict(list)
    for steps in courses:
        for state, stayed in waits(steps):
            days[state].append(stayed)
    return {state: found for state in ON_THE_WAY if (found := spread(days.get(state, [])))}
