"""Demands: what each institution asks on a topic, as plain figures, and what their meeting comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cotutelle.domain.check import Topic
from cotutelle.domain.composition import COUNTING, Solution, solve
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Certainty, Severity
from cotutelle.domain.rulebook import Rule

USUAL_MONTHS = 36
"""The duration against which stays are added up while none is agreed (article 14: three years full time)."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What one institution asks under one rule, as plain figures."""

    place: Place
    rule: Rule
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One topic on which demands meet.

    `satisfies_all` is a value that meets every demand that is no mere advice, None where there is none; `way_out`
    names the sentence that says how to settle it, with the figures of `settling`, `clause` the clause of the
    convention that does; `excluding` are the rules that no jury meets together, `compositions` how many ways of
    filling the seats are left.
    """

    topic: Topic
    demands: tuple[Demand, ...]
    satisfies_all: Mapping[str, Any] | None
    conflict: bool
    way_out: str = ""
    clause: str = ""
    excluding: tuple[Rule, ...] = ()
    compositions: int = 0
    settling: Mapping[str, Any] = field(default_factory=dict)

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools whose own rules are among the demands while no school of the institution is named."""
        unnamed = [d.rule.scope.school for d in self.demands if d.rule.scope.school and not d.place.schools]
        return tuple(dict.fromkeys(unnamed))


@dataclass(frozen=True, slots=True)
class Table:
    """The demands of all topics, and the compositions that their jury rules leave."""

    dossier: Dossier
    demands: Mapping[Topic, tuple[Demand, ...]]
    asked: tuple[tuple[Rule, Place], ...]
    solutions: dict[frozenset[str], Solution] = field(default_factory=dict)

    def solution(self, *, with_schools: bool, sourced: bool = False) -> Solution:
        """All compositions under the rules that are no mere advice, those of unnamed schools in or out.

        `sourced` leaves out the rules that are only a reading of their text, or still to verify.
        """
        rules = [
            (rule, place)
            for rule, place in self.asked
            if rule.check.name in COUNTING
            and rule.severity is not Severity.RECOMMENDATION
            and (rule.certainty is Certainty.SOURCED or not sourced)
            and (with_schools or place.schools or not rule.scope.school)
        ]
        key = frozenset(rule.id for rule, _place in rules)
        if key not in self.solutions:
            self.solutions[key] = solve(self.dossier, rules)
        return self.solutions[key]

    def values(self, topic: Topic, check: str) -> list[Demand]:
        """The demands of one check."""
        return [demand for demand in self.demands[topic] if demand.rule.check.name == check]


def value_of(rule: Rule) -> dict[str, Any]:
    """The figures of a rule, with the name of what it asks where the figures alone do not say it."""
    return {**_FIXED.get(rule.check.name, {}), **rule.figures}


_FIXED: Mapping[str, dict[str, Any]] = {
    "directors_silent": {"directors_decide": False},
    "supervisors_silent": {"directors_decide": False},
    "directors_vote": {"directors_decide": True},
    "jury_parity": {"parity": True},
    "president_eligible": {"president": "professor"},
    "president_in_post": {"president": "professor"},
    "enrolled_uninterrupted": {"uninterrupted": True},
    "fees_once": {"payers_a_year": 1},
    "fees_planned": {"payers_a_year": 1},
    "fees_alternate": {"alternate": True},
}


def differ(demands: Sequence[Demand]) -> bool:
    """Whether two institutions ask different things."""
    asked: dict[str, list[Any]] = {}
    for demand in demands:
        figures = sorted(map(str, demand.value.items()))
        asked.setdefault(demand.place.code, []).append((demand.rule.check.name, figures))
    answers = [sorted(each) for each in asked.values()]
    return len(answers) > 1 and any(answer != answers[0] for answer in answers)
