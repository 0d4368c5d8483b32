"""Checks: the named predicates that rules of any rulebook may use, and the figures that each takes.

A rulebook names a check and gives its figures; so a new university's rule needs no code where a check exists.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Outcome


class Topic(StrEnum):
    """The subjects on which the rules of two universities can meet, or clash."""

    VOTES = "votes"
    SIZE = "size"
    EXTERNAL_SHARE = "external_share"
    REVIEWERS = "reviewers"
    PRESIDENT = "president"
    PUBLICITY = "publicity"
    GRADE = "grade"
    SESSIONS = "sessions"
    DIPLOMA = "diploma"
    STAY = "stay"
    DURATION = "duration"
    FEES = "fees"
    LANGUAGE = "language"
    SIGNATURE_WINDOW = "signature_window"


class Group(StrEnum):
    """What part of the thesis a check looks at; findings are shown beside that part."""

    JURY = "jury"
    DEFENCE = "defence"
    DIRECTION = "direction"
    ENROLMENT = "enrolment"
    COMMITTEE = "committee"
    DURATION = "duration"
    CONVENTION = "convention"
    FEES = "fees"
    STAYS = "stays"
    LANGUAGE = "language"
    DEPOSIT = "deposit"
    DIPLOMA = "diploma"


class Kind(StrEnum):
    """The shape of a figure in a rulebook."""

    WHOLE = "whole"  # a whole number, 0 or more
    OFFSET = "offset"  # a whole number, before or after
    YEARS = "years"  # a whole number of years
    SHARE = "share"  # a fraction between 0 and 1, written "1/2"
    FLAG = "flag"
    WORD = "word"  # one of the choices
    WORDS = "words"  # some of the choices
    TEXT = "text"


_BOUNDS = {Kind.WHOLE: (0, 10_000), Kind.OFFSET: (-10_000, 10_000), Kind.YEARS: (0, 100)}


class WrongFigure(ValueError):
    """A figure that a check cannot work with: which fault it is, and what its sentence names."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that a check takes: its kind, whether it may be left out, and what may be chosen."""

    kind: Kind
    needed: bool = True
    choices: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        """The value as the predicate takes it.

        Raises WrongFigure.
        """
        match self.kind:
            case Kind.WHOLE | Kind.OFFSET | Kind.YEARS:
                least, most = _BOUNDS[self.kind]
                if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                    raise WrongFigure("whole", least=least, most=most, value=f"{value!r:.40}")
                return value
            case Kind.SHARE:
                return _share(value)
            case Kind.FLAG:
                if not isinstance(value, bool):
                    raise WrongFigure("flag", value=f"{value!r:.40}")
                return value
            case Kind.WORD:
                self._among(value)
                return value
            case Kind.WORDS:
                if not isinstance(value, list) or not value:
                    raise WrongFigure("words", value=f"{value!r:.40}")
                for word in value:
                    self._among(word)
                return tuple(value)
            case _:
                if not isinstance(value, str) or not value.strip():
                    raise WrongFigure("text", value=f"{value!r:.40}")
                return value

    def _among(self, value: Any) -> None:
        if value not in self.choices:
            raise WrongFigure("choice", choices=", ".join(self.choices), value=f"{value!r:.40}")


def _share(value: Any) -> Fraction:
    plain = isinstance(value, str) and re.fullmatch(r"\d{1,4}(/0*[1-9]\d{0,3})?", value)
    share = Fraction(value) if plain else None
    if share is None or share > 1:
        raise WrongFigure("share", value=f"{value!r:.40}")
    return share


WHOLE, SHARE, FLAG, TEXT = Figure(Kind.WHOLE), Figure(Kind.SHARE), Figure(Kind.FLAG), Figure(Kind.TEXT)
OFFSET, YEARS = Figure(Kind.OFFSET, needed=False), Figure(Kind.YEARS, needed=False)
MAYBE_WHOLE, MAYBE_FLAG = Figure(Kind.WHOLE, needed=False), Figure(Kind.FLAG, needed=False)


def word(*choices: str) -> Figure:
    """A figure that is one of these words."""
    return Figure(Kind.WORD, choices=choices)


Figures = Mapping[str, Any]
Predicate = Callable[[Dossier, Place, Figures], Outcome]


@dataclass(frozen=True, slots=True)
class Check:
    """A predicate by its name, with what it looks at and what it takes.

    `readings` are the readings of the law on which its answer depends; `settles` are events that must be
    recorded before it can say anything.
    """

    name: str
    group: Group
    predicate: Predicate
    figures: Mapping[str, Figure]
    topic: Topic | None = None
    readings: tuple[str, ...] = ()
    doc: str = field(default="", compare=False)

    def read(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, WrongFigure]]]:
        """The figures as the predicate takes them, and what is wrong with those given: (figure, why)."""
        wrong = [(name, WrongFigure("stray")) for name in given if name not in self.figures]
        read: dict[str, Any] = {}
        for name, figure in self.figures.items():
            if name in given:
                try:
                    read[name] = figure.read(given[name])
                except WrongFigure as error:
                    wrong.append((name, error))
            elif figure.needed:
                wrong.append((name, WrongFigure("missing")))
        return read, wrong


CHECKS: dict[str, Check] = {}
"""Every check by its name; filled by the modules of `cotutelle.domain.rules`."""


def check(
    group: Group, topic: Topic | None = None, *, readings: tuple[str, ...] = (), **figures: Figure
) -> Callable[[Predicate], Predicate]:
    """Register a predicate under its own name."""

    def register(predicate: Predicate) -> Predicate:
        name = predicate.__name__
        assert name not in CHECKS, name
        CHECKS[name] = Check(
            name, group, predicate, figures, topic, readings, (predicate.__doc__ or "").strip()
        )
        return predicate

    return register
