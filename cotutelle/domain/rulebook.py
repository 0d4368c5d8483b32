"""Rulebooks: the dated, sourced rules of one law or one university, and which of them are in force when."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from cotutelle.domain.check import Check
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Certainty, Severity, Source


class DatedBy(StrEnum):
    """The day of the thesis against which a rule's validity is read (which text applies when).

    By `enrolment` each enrolment after the first is asked by the text of its own day.
    """

    FIRST_ENROLMENT = "first_enrolment"
    ENROLMENT = "enrolment"
    COMMITTEE = "committee"
    DEFENCE = "defence"
    SIGNATURE = "signature"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a rulebook holds: in a country, a region, an institution, or one of its schools or faculties.

    `partnership` narrows it to the theses that stand under one: what a programme or a funding frame asks besides.
    """

    country: str = ""
    region: str = ""
    institution: str = ""
    school: str = ""
    partnership: str = field(default="", repr=False)  # out of the key of a rule, unless it is set

    @property
    def of_institution(self) -> bool:
        """Whether it is an institution's own, for all its schools and all its theses."""
        return bool(self.institution) and not self.school and not self.partnership

    def covers(self, place: Place) -> bool:
        """Whether an institution stands under it, schools aside."""
        if self.partnership and self.partnership not in place.partnerships:
            return False
        if self.institution:
            return self.institution == place.code
        return self.region == place.region if self.region else self.country == place.country

    def admits(self, place: Place) -> bool:
        """Whether its school may be the place's: a school's own rule is asked where it is named, or while none is."""
        return not self.school or not place.schools or self.school.casefold() in place.schools

    def binds_at(self, place: Place) -> bool:
        """Whether its school is the place's for certain: while none is named, nobody knows."""
        return not self.school or self.school.casefold() in place.schools


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule as it stood from a day to a day: a check with its figures, its weight and its source."""

    id: str
    book: str
    scope: Scope
    check: Check
    figures: Mapping[str, Any]
    severity: Severity
    certainty: Certainty
    source: Source
    begin: date | None = None
    until: date | None = None
    dated_by: DatedBy = DatedBy.TODAY
    line: int = 0

    @property
    def binding(self) -> bool:
        """Whether it may refuse: law or a university's own must, read in its source."""
        return self.severity is not Severity.RECOMMENDATION and self.certainty is Certainty.SOURCED

    @property
    def key(self) -> str:
        """Its id with a digest of what it asks, whom, since when and from which text: what an office confirms."""
        asked = (
            self.check.name,
            sorted(self.figures.items()),
            self.scope,
            self.severity,
            self.source,
            self.begin,
            *filter(None, [self.scope.partnership]),
        )
        return f"{self.id}@{hashlib.sha256(repr(asked).encode()).hexdigest()[:16]}"

    def in_force(self, day: date) -> bool:
        """Whether it holds on that day, both ends included."""
        return (self.begin is None or self.begin <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of one law or university, with the names by which files call the institution."""

    id: str
    names: Mapping[str, str]
    scope: Scope
    read_on: date | None
    rules: tuple[Rule, ...]
    aliases: tuple[str, ...] = ()
    schools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    short_names: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


def squashed(code: str) -> str:
    """A code without case, hyphens, underscores or blanks: how codes are compared."""
    return "".join(c for c in code.casefold() if c not in "-_ ")


@dataclass(frozen=True)
class Library:
    """All rulebooks of an installation, found by id, institution and day; `confirmed` holds keys of rules."""

    books: tuple[Rulebook, ...]
    confirmed: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def digest(self) -> str:
        """One digest of all rulebooks and confirmations, kept beside findings."""
        parts = [*(book.digest for book in self.books), *sorted(self.confirmed)]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()

    @cached_property
    def by_code(self) -> Mapping[str, Rulebook]:
        """The rulebook of each institution, by every name that files use for it."""
        found: dict[str, Rulebook] = {}
        for book in self.books:
            if book.scope.of_institution:
                for name in (book.scope.institution, *book.aliases):
                    found.setdefault(squashed(name), book)
        return found

    @cached_property
    def rules(self) -> Mapping[str, tuple[Rule, ...]]:
        """Every rule with its entries over time, the oldest first."""
        found: dict[str, list[Rule]] = {}
        for book in self.books:
            for rule in book.rules:
                found.setdefault(rule.id, []).append(rule)
        return {id_: tuple(sorted(entries, key=_begin)) for id_, entries in found.items()}

    @cached_property
    def by_scope(self) -> Mapping[Scope, tuple[tuple[Rule, ...], ...]]:
        """The rules under each scope, each with its entries over time."""
        found: dict[Scope, list[tuple[Rule, ...]]] = {}
        for entries in self.rules.values():
            found.setdefault(entries[0].scope, []).append(entries)
        return {scope: tuple(rules) for scope, rules in found.items()}

    def code(self, name: str) -> str:
        """The code of an institution from any of its names; a name that no rulebook knows stays, squashed."""
        book = self.by_code.get(squashed(name))
        return book.scope.institution if book else squashed(name)

    def schools(self, code: str, names: Iterable[str]) -> frozenset[str]:
        """Schools or faculties of an institution by their codes, from any of the names that a rulebook gives them."""
        book = self.by_code.get(squashed(code))
        known = {
            squashed(alias): school
            for school, aliases in (book.schools if book else {}).items()
            for alias in aliases
        }
        return frozenset(known.get(squashed(name), name).casefold() for name in names)

    def strangers(self, place: Place) -> list[str]:
        """The schools of a place for which no rulebook has a rule: misspelt, or without rules of their own."""
        return sorted(place.schools - self._own_schools.get(place.code, frozenset()))

    @cached_property
    def _own_schools(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for scope in self.by_scope:
            if scope.school:
                before = found.get(scope.institution, frozenset())
                found[scope.institution] = before | {scope.school.casefold()}
        return found

    def place(self, name: str, **more: Any) -> Place | None:
        """An institution as rules see it; None when no rulebook knows it."""
        book = self.by_code.get(squashed(name))
        if book is None:
            return None
        scope = book.scope
        return Place(scope.institution, scope.country, scope.region, book.short_names.get("en", ""), **more)

    def binds(self, rule: Rule) -> bool:
        """Whether a rule may refuse here: binding by itself, or confirmed by the office as it stands."""
        return rule.binding or (rule.severity is not Severity.RECOMMENDATION and rule.key in self.confirmed)

    @cached_property
    def _asked(self) -> dict[tuple[str, str, str, frozenset[str]], tuple[tuple[Rule, ...], ...]]:
        return {}

    def asked_of(self, place: Place) -> tuple[tuple[Rule, ...], ...]:
        """The rules under which an institution stands, each with its entries over time."""
        key = (place.code, place.country, place.region, place.partnerships)
        if key not in self._asked:
            covering = [rules for scope, rules in self.by_scope.items() if scope.covers(place)]
            self._asked[key] = tuple([entries for rules in covering for entries in rules])
        return self._asked[key]


def entry_on(entries: tuple[Rule, ...], dossier: Dossier) -> Rule | None:
    """The entry of a rule that holds for this thesis: validity is read against the day that the rule names.

    A day that is not known yet is taken as today's; without any day the newest entry is taken.
    """
    day = _day(entries[0].dated_by, dossier)
    if day is None:
        return entries[-1]
    return next((rule for rule in reversed(entries) if rule.in_force(day)), None)


def _day(dated_by: DatedBy, dossier: Dossier) -> date | None:
    match dated_by:
        case DatedBy.FIRST_ENROLMENT:
            return dossier.first_enrolment or dossier.today
        case DatedBy.DEFENCE:
            return dossier.defence or dossier.today
        case DatedBy.SIGNATURE:
            return dossier.signed_on or dossier.today
        case DatedBy.COMMITTEE:
            meeting = dossier.event("committee")
            return meeting.on if meeting else dossier.today
        case _:
            return dossier.today or dossier.defence


def _begin(rule: Rule) -> date:
    return rule.begin or date.min
