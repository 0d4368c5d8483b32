"""The dossier: the plain facts of one thesis that rules look at. None means that nobody has said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from cotutelle.domain.calendar import Period
from cotutelle.domain.jury import Jury


@dataclass(frozen=True, slots=True)
class Place:
    """One institution of the cotutelle, as rules see it; `schools` is empty while nobody has named any.

    `partnerships` are the codes of those that the thesis stands under.
    """

    code: str
    country: str = ""
    region: str = ""
    name: str = ""
    lead: bool = False
    schools: frozenset[str] = frozenset()
    may_award: bool | None = None
    year_starts: tuple[int, int] = (9, 1)
    first_enrolment: date | None = None
    partnerships: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Readings:
    """How this institution and school read what the texts leave open; the defaults are the prudent ones.

    `chosen` are the readings that somebody has settled; for the others both answers are shown.
    """

    directors_counted: bool = True
    emeritus_rank_a: bool = False
    external_to: str = "all"  # or "own": the institution of the rule alone
    balance_tolerance: int = 1
    gender_least: int | None = None  # None: as the rule itself says
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Derogation:
    """A rule set aside in the convention: where it stands, why, and what holds instead."""

    rule: str
    article: str
    reason: str
    text: str
    asked_by: str = ""

    @property
    def documented(self) -> bool:
        """Whether it says what article 20 of the order of 25 May 2016 makes it say."""
        return bool(self.article and self.reason and self.text)


@dataclass(frozen=True, slots=True)
class Director:
    """Somebody who supervises the thesis for an institution."""

    institution: str
    role: str
    accredited: bool | None = None
    rank: str | None = None
    academic: bool | None = None
    theses: int | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """One academic year at one institution, by the calendar year in which it begins."""

    institution: str
    year: int
    on: date | None
    fee: str
    proven: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """A stay at an institution, planned or done."""

    institution: str
    period: Period
    done: bool


@dataclass(frozen=True, slots=True)
class Absence:
    """A leave or a gap period."""

    kind: str
    period: Period


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded event of the thesis: its day, the institution it concerns if one, and what was noted."""

    on: date
    institution: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The convention as rules see it."""

    state: str
    act_type: str
    lacking: frozenset[str]  # clauses with a blank
    languages: tuple[str, ...]
    approved_on: date | None = None
    signed_on: date | None = None  # the last signature
    first_signed_on: date | None = None
    in_force_on: date | None = None
    expires_on: date | None = None
    minimum_stays: Mapping[str, int] = field(default_factory=dict)
    main_institution: str = ""
    credits: int | None = None
    public: bool | None = None
    unread: frozenset[str] = (
        frozenset()
    )  # clauses of which nobody said where they stand in a text from elsewhere


@dataclass(frozen=True, slots=True)
class Amending:
    """An amendment as the calendar sees it: by when it is needed, when it was signed, and whose signatures it needs.

    `parties` are the institutions by their codes that conclude it, `leaving` those of which a director leaves by it.
    """

    number: int
    due: date | None = None
    signed_on: date | None = None
    parties: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that rules may look at. Nothing here is a request, a row or a clock: `today` is an argument."""

    places: tuple[Place, ...]
    today: date | None = None
    first_enrolment: date | None = None
    defence: date | None = None
    readings: Readings = Readings()
    readings_of: Mapping[str, Readings] = field(default_factory=dict)
    derogations: Mapping[str, Derogation] = field(default_factory=dict)
    jury: Jury | None = None
    full_time: bool | None = None
    start: date | None = None
    duration_months: int | None = None
    followed_since: date | None = None
    state: str = ""
    directors: tuple[Director, ...] | None = None
    years: tuple[Year, ...] = ()
    stays: tuple[Presence, ...] = ()
    absences: tuple[Absence, ...] = ()
    convention: Agreement | None = None
    diploma_form: str | None = None
    thesis_language: str | None = None
    defence_language: str | None = None
    confidential: bool = False
    monthly_amounts: tuple[Decimal, ...] = ()
    events: Mapping[str, tuple[Recorded, ...]] = field(default_factory=dict)
    amendments: tuple[Amending, ...] = ()

    def asked_by(self, place: Place) -> "Dossier":
        """The dossier as an institution reads it: with its own readings where it chose some, else the lead's."""
        own = self.readings_of.get(place.code)
        return self if own is None or own == self.readings else replace(self, readings=own)

    def others(self, place: Place) -> tuple[Place, ...]:
        """The other institutions of the cotutelle."""
        return tuple(other for other in self.places if other.code != place.code)

    def event(self, kind: str) -> Recorded | None:
        """The last recorded event of that kind."""
        found = self.events.get(kind)
        return found[-1] if found else None

    @property
    def signed_on(self) -> date | None:
        """The day of the last signature."""
        return self.convention.signed_on if self.convention else None
