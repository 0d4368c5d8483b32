"""Every rule of every party over one dossier: the findings, and what the convention sets aside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cotutelle.domain.dossier import Dossier, Place, Readings
from cotutelle.domain.finding import OtherReading, Outcome, Severity, Verdict, aside, badness
from cotutelle.domain.rulebook import DatedBy, Library, Rule, entry_on

ALTERNATIVES: Mapping[str, Any] = {
    "directors_counted": False,
    "emeritus_rank_a": True,
    "external_to": "own",
    "balance_tolerance": 0,
}
"""The other reading of each question that the texts leave open."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one thesis, asked by one institution."""

    rule: Rule
    institution: str
    outcome: Outcome
    clause: str = ""
    readings: tuple[OtherReading, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict, for short."""
        return self.outcome.verdict


def evaluate(
    library: Library, dossier: Dossier, *, checks: frozenset[str] | None = None, both_readings: bool = False
) -> list[Finding]:
    """The findings of every rule under which an institution of the dossier stands.

    A rule asks by institution: each party in France is asked by French law, and so on. `checks` limits
    what is asked; `both_readings` also gives what an open reading would change.
    """
    found: list[Finding] = []
    for place in dossier.places:
        here = dossier.asked_by(place)
        for entries in library.asked_of(place):
            if checks is None or entries[0].check.name in checks:
                found.append(_finding(entries, here, place, both_readings))
    return found


def _finding(entries: tuple[Rule, ...], dossier: Dossier, place: Place, both_readings: bool) -> Finding:
    rule = entry_on(entries, dossier)
    if entries[0].dated_by is DatedBy.ENROLMENT:
        rule = min(reversed(entries), key=lambda entry: badness(answer(entry, dossier, place).verdict))
    if rule is None:
        return Finding(entries[-1], place.code, aside("not_in_force"))
    if not rule.scope.admits(place):
        return Finding(rule, place.code, aside("other_school"))
    outcome = answer(rule, dossier, place)
    outcome, clause = _derogated(rule, outcome, dossier)
    others = _others(rule, outcome, dossier, place) if both_readings and rule.check.readings else ()
    return Finding(rule, place.code, outcome, clause, others)


def answer(rule: Rule, dossier: Dossier, place: Place) -> Outcome:
    """What the rule's check says; advice that is not followed warns, it does not fail."""
    figures = rule.figures
    if rule.dated_by is DatedBy.ENROLMENT:
        figures = {**figures, "from": rule.begin, "until": rule.until}
    outcome = rule.check.predicate(dossier, place, figures)
    if outcome.verdict is Verdict.FAIL and rule.severity is Severity.RECOMMENDATION:
        return replace(outcome, verdict=Verdict.WARN)
    return outcome


def _derogated(rule: Rule, outcome: Outcome, dossier: Dossier) -> tuple[Outcome, str]:
    """The convention is a layer over the rules: what it sets aside in writing is derogated, and says where."""
    derogation = dossier.derogations.get(rule.id)
    if outcome.verdict is not Verdict.FAIL or derogation is None or not derogation.documented:
        return outcome, ""
    return replace(outcome, verdict=Verdict.DEROGATED), derogation.article


def _others(rule: Rule, outcome: Outcome, dossier: Dossier, place: Place) -> tuple[OtherReading, ...]:
    found = []
    for reading in rule.check.readings:
        if reading in ALTERNATIVES and reading not in dossier.readings.chosen:
            value = ALTERNATIVES[reading]
            other = answer(rule, replace(dossier, readings=_read(dossier.readings, reading, value)), place)
            if other.verdict is not outcome.verdict:
                found.append(OtherReading(reading, str(value).lower(), other))
    return tuple(found)


def _read(readings: Readings, name: str, value: Any) -> Readings:
    return replace(readings, **{name: value})


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with the worst verdict first, then by weight, then by id."""
    weights = list(Severity)
    return sorted(
        findings, key=lambda f: (badness(f.verdict), weights.index(f.rule.severity), f.rule.id, f.institution)
    )


def by_rule(findings: Iterable[Finding], wanted: Iterable[str] = ()) -> dict[str, Verdict]:
    """The worst verdict under each rule id; ids in `wanted` that no institution is asked are `not_applicable`."""
    found: dict[str, Verdict] = dict.fromkeys(wanted, Verdict.NOT_APPLICABLE)
    seen: set[str] = set()
    for finding in findings:
        id_ = finding.rule.id
        if id_ not in seen or badness(finding.verdict) < badness(found[id_]):
            found[id_] = finding.verdict
            seen.add(id_)
    return found
