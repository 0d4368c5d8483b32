"""Findings: every rule speaks, met or not, with what it observed beside what it requires.

A predicate answers with an `Outcome`; bound to the rule that asked and the institution that demands it, it
is a `Finding`. Sentences are made elsewhere, from these figures alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What a rule says, the worst first; missing data never passes."""

    FAIL = "fail"
    PENDING = "pending"
    NOT_EVALUABLE = "not_evaluable"
    WARN = "warn"
    DEROGATED = "derogated"
    PASS = "pass"  # noqa: S105  # a verdict, no password
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How much a rule weighs: law, a university's own must, or advice."""

    LEGAL = "legal"
    INSTITUTIONAL = "institutional"
    RECOMMENDATION = "recommendation"


class Certainty(StrEnum):
    """How sure we are of the text: read in its source, our reading of it, or still to verify."""

    SOURCED = "sourced"
    INTERPRETATION = "interpretation"
    TO_VERIFY = "to_verify"


_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts; of none, `not_applicable`."""
    return min(verdicts, key=_RANK.__getitem__, default=Verdict.NOT_APPLICABLE)


def badness(verdict: Verdict) -> int:
    """0 for the worst verdict; for sorting."""
    return _RANK[verdict]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a predicate answers: verdict, which sentence says it, the figures seen, and whom they count.

    `say` names the sentence of the check; `observed` and `required` hold its figures: whole numbers, shares
    as fractions, dates, codes. `members` are the ids of the seats that were counted, for the bars on screen.
    """

    verdict: Verdict
    say: str
    observed: Mapping[str, Any] = field(default_factory=dict)
    required: Mapping[str, Any] = field(default_factory=dict)
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: the text, its article, an address."""

    text: str
    article: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class OtherReading:
    """What a rule would say under the reading that nobody has ruled out yet."""

    reading: str
    value: str
    outcome: Outcome


def met(
    ok: bool, say: str, observed: Mapping[str, Any], required: Mapping[str, Any], members: Iterable[str] = ()
) -> Outcome:
    """Pass or fail, with the figures either way."""
    return Outcome(Verdict.PASS if ok else Verdict.FAIL, say, observed, required, tuple(members))


def unknown(*facts: str, required: Mapping[str, Any] | None = None) -> Outcome:
    """Not evaluable: these facts are not known."""
    return Outcome(Verdict.NOT_EVALUABLE, "unknown", {"facts": facts}, required or {})


def aside(say: str = "aside", **observed: Any) -> Outcome:
    """Not applicable, with the reason why."""
    return Outcome(Verdict.NOT_APPLICABLE, say, observed)
