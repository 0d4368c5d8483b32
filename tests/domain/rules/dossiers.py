"""Small dossiers for the rules, about which only what a test says is known, and cases of a check at its edges."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cotutelle.domain.calendar import Period
from cotutelle.domain.dossier import (
    Absence,
    Agreement,
    Director,
    Dossier,
    Place,
    Presence,
    Readings,
    Recorded,
    Year,
)
from cotutelle.domain.evaluation import Finding
from cotutelle.domain.finding import Certainty, Outcome, Severity, Source
from cotutelle.domain.jury import Jury, Seat, SeatRole
from cotutelle.domain.rulebook import Rule, Scope
from cotutelle.domain.rules import CHECKS

LILLE = Place("lille", "FR", "", "Lille", lead=True)
GHENT = Place("ghent", "BE", "BE-VLG", "Ghent")
LEUVEN = Place("ku-leuven", "BE", "BE-VLG", "KU Leuven")
LAVAL = Place("laval", "CA", "CA-QC", "Laval")
UFMG = Place("ufmg", "BR", "", "UFMG", year_starts=(1, 1))


def on(day: str) -> date:
    """A day as files write it."""
    return date.fromisoformat(day)


def days(begin: str, end: str) -> Period:
    """From a day to another, both included."""
    return Period(on(begin), on(end))


def dossier(*, places: tuple[Place, ...] = (LILLE, GHENT), **facts: Any) -> Dossier:
    """A cotutelle of Lille and Ghent of which nothing else is known; a day may be written as text."""
    return Dossier(places, **{k: on(v) if k in DAYS and isinstance(v, str) else v for k, v in facts.items()})


DAYS = {"today", "first_enrolment", "defence", "start", "followed_since"}


def seat(institution: str = "elsewhere", rank: str | None = "A", role: str = "member", **more: Any) -> Seat:
    """A professor from elsewhere who sits and decides, unless said otherwise."""
    return Seat("", institution, SeatRole(role), rank, **more)


def director(institution: str = "lille", **more: Any) -> Seat:
    """A director who sits without deciding."""
    return seat(institution, **{"supervision": "director", "decides": False, **more})


def rapporteur(institution: str = "elsewhere", **more: Any) -> Seat:
    """An academic rapporteur who sits."""
    return seat(institution, **{"rapporteur": "academic", "accredited": True, **more})


def numbered(*seats: Seat) -> tuple[Seat, ...]:
    """The seats with names of their own."""
    return tuple(replace(each, id=f"seat {n}") for n, each in enumerate(seats, start=1))


def jury(*seats: Seat, mode: str = "none", authorised: bool | None = None, **facts: Any) -> Dossier:
    """A dossier with these seats."""
    return dossier(jury=Jury(numbered(*seats), mode, authorised), **facts)


def event(day: str, institution: str = "", **data: Any) -> tuple[Recorded, ...]:
    """One recorded event."""
    return (Recorded(on(day), institution, data),)


def recorded(*, today: str | None = None, **events: Any) -> Dossier:
    """A dossier with events: each by its day, or as `event` makes it; other facts by their own names."""
    facts = {name: value for name, value in events.items() if name in FACTS}
    told = {
        kind: event(value) if isinstance(value, str) else value
        for kind, value in events.items()
        if kind not in FACTS
    }
    return dossier(today=today, events=told, **facts)


FACTS = frozenset(Dossier.__dataclass_fields__) | {"places"}


def year(
    first: int, institution: str = "lille", *, day: str = "", fee: str = "paid", proven: bool = False
) -> Year:
    """An academic year enrolled on 1 October of it, unless said otherwise."""
    return Year(institution, first, on(day) if day else date(first, 10, 1), fee, proven)


def stay(institution: str, begin: str, end: str, *, done: bool = False) -> Presence:
    """A stay, planned unless it is done."""
    return Presence(institution, days(begin, end), done)


def leave(kind: str, begin: str, end: str) -> Absence:
    """A leave or a gap period."""
    return Absence(kind, days(begin, end))


def directs(institution: str = "lille", role: str = "director", **more: Any) -> Director:
    """Somebody who supervises for an institution."""
    return Director(institution, role, **more)


def agreement(state: str = "draft", **more: Any) -> Agreement:
    """A convention of which nothing else is known."""
    facts = {k: on(v) if k.endswith("_on") and isinstance(v, str) else v for k, v in more.items()}
    return Agreement(
        **{"state": state, "act_type": "individual", "lacking": frozenset(), "languages": (), **facts}
    )


def read(**readings: Any) -> Readings:
    """Readings other than the prudent ones."""
    return Readings(**readings)


def ask(check: str, about: Dossier, place: Place = LILLE, **figures: Any) -> Outcome:
    """What a check answers, its figures written as in a rulebook."""
    values, wrong = CHECKS[check].read(figures)
    assert not wrong, wrong
    return CHECKS[check].predicate(about, place, values)


@dataclass(frozen=True)
class Case:
    """What a check is asked, in a sentence, with the verdict and the sentence that it must answer with."""

    sentence: str
    check: str
    figures: Mapping[str, Any]
    dossier: Dossier
    answer: str
    place: Place
    seen: Mapping[str, Any]

    def holds(self) -> None:
        """Fail where the check answers otherwise."""
        outcome = self.outcome
        assert f"{outcome.verdict} {outcome.say}" == self.answer
        assert {key: outcome.observed.get(key) for key in self.seen} == self.seen

    @property
    def outcome(self) -> Outcome:
        """What the check answers."""
        return ask(self.check, self.dossier, self.place, **self.figures)

    @property
    def finding(self) -> Finding:
        """The answer as the finding of a rule with these figures."""
        check = CHECKS[self.check]
        scope = Scope(self.place.country, institution=self.place.code)
        rule = Rule(
            "A-RULE", "a-book", scope, check, check.read(self.figures)[0],
            Severity.LEGAL, Certainty.SOURCED, Source("a text"),
        )  # fmt: skip
        return Finding(rule, self.place.code, self.outcome)


class Asked:
    """Cases of one check with the same figures: ``asked(sentence, dossier, answer)`` makes one."""

    def __init__(self, check: str, **figures: Any) -> None:
        self.check, self.figures = check, figures

    def __call__(self, sentence: str, about: Dossier, answer: str, *, at: Place = LILLE, **seen: Any) -> Case:
        """One case; `seen` are figures that it must have observed."""
        return Case(f"{self.check}: {sentence}", self.check, self.figures, about, answer, at, seen)


def say(case: Case) -> str:
    """The sentence of a case, by which a failure is named."""
    return case.sentence
