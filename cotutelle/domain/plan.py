"""Milestone plans: what has to be done for a thesis, when, by whom it is signed, as one law or university asks.

A plan is data. Its steps say a day by an offset from a named day, or leave the day to a rule of a rulebook.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cotutelle.domain.dossier import Place
from cotutelle.domain.finding import Certainty, Source
from cotutelle.domain.rulebook import Scope
from cotutelle.domain.signoff import Part

AMENDMENT = "amendment"
"""The kind by which an amendment is signed; its milestones are told apart by the number of the amendment."""


class Signer(StrEnum):
    """In which capacity somebody signs a milestone; a former director signs the amendment by which they leave."""

    CANDIDATE = "candidate"
    DIRECTOR = "director"
    FORMER_DIRECTOR = "former_director"
    UNIT_HEAD = "unit_head"
    SCHOOL = "school"
    HEAD = "head"


class Side(StrEnum):
    """Of which institutions a signatory is: of the one that asks, of the lead, of every other one, or of each in turn."""

    OWN = "own"
    LEAD = "lead"
    OTHERS = "others"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Signs:
    """Who signs, and for which side: ``director:each``."""

    signer: Signer
    side: Side = Side.OWN


@dataclass(frozen=True, slots=True)
class Due:
    """A day by its offset from a named one: months first, then days, then working days of a country's calendar.

    `anchor` is a day of the thesis, another milestone by its kind, or in what recurs yearly ``enrolment``: the day
    by which that year's enrolment is due. `with_leaves` counts months of the
    thesis from its first enrolment, and puts behind them what article 14 adds.
    """

    anchor: str
    months: int = 0
    days: int = 0
    working_days: int = 0
    calendar: str = ""
    with_leaves: bool = False

    @property
    def figures(self) -> Mapping[str, int]:
        """The offset as rules write it."""
        return {"months": self.months, "days": self.days, "working_days": self.working_days}


REMINDERS = (-30, -7, 0, 7, 21)
"""Days from the due date on which whoever has not signed hears of it, where a plan says nothing else."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a milestone can be, whoever asks for it: its names, and who signs as a rule.

    `shared` acts are one for all institutions; `event` is recorded once it is done, so that rules see it;
    `condition` is an event without which it is not asked. `declares` is the text that is signed, by language; what
    has none is not signed here. `binds` are the facts on which a signature rests (see `signoff.Part`), and
    `fresh_code` asks whoever signs by a link for a code sent just now.
    """

    code: str
    names: Mapping[str, str]
    signatories: tuple[Signs, ...] = ()
    in_turn: bool = False
    document: str = ""
    shared: bool = False
    event: str = ""
    condition: str = ""
    remind: tuple[int, ...] = REMINDERS
    order: int = 0
    declares: Mapping[str, str] = field(default_factory=dict)
    binds: tuple[Part, ...] = ()
    fresh_code: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan, as it stood from a day to a day: what it adds to a kind, and when it is due.

    What is None is as the kind says. `rule` gives source, certainty, validity and the first rank of what recurs.
    """

    kind: str
    plan: str
    scope: Scope
    due: Due | None = None
    rule: str = ""
    yearly: bool = False
    first: int = 1
    mode: str = ""
    signatories: tuple[Signs, ...] | None = None
    in_turn: bool | None = None
    document: str | None = None
    remind: tuple[int, ...] | None = None
    source: Source | None = None
    certainty: Certainty = Certainty.SOURCED
    begin: date | None = None
    until: date | None = None

    def in_force(self, day: date | None) -> bool:
        """Whether it holds on that day, both ends included; before any day is known, it does."""
        after = self.begin is None or day is None or self.begin <= day
        return after and (self.until is None or day is None or day <= self.until)

    def meant_for(self, place: Place) -> bool:
        """Whether the institution stands under it, in the named school where it has one."""
        everywhere = self.scope == Scope()
        return (everywhere or self.scope.covers(place)) and self.scope.binds_at(place)

    @property
    def nearness(self) -> int:
        """How near to the thesis it speaks: a school before its university, this before region and country."""
        scope = self.scope
        return sum(
            bool(part)
            for part in (scope.country, scope.region, scope.institution, scope.school, scope.partnership)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one law or university."""

    id: str
    names: Mapping[str, str]
    scope: Scope
    read_on: date | None
    steps: tuple[Step, ...]
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Plans:
    """Everything by which calendars are made: the kinds of milestones, and the plans of an installation."""

    kinds: Mapping[str, Kind]
    plans: tuple[Plan, ...]
    digest: str = field(default="", compare=False)

    def steps_for(self, place: Place) -> Iterable[Step]:
        """The steps under which an institution stands, the nearest first."""
        found = [step for plan in self.plans for step in plan.steps if step.meant_for(place)]
        return sorted(found, key=lambda step: -step.nearness)

    def kind_of_event(self, event: str) -> Kind | None:
        """The kind whose doing is recorded as this event."""
        return next((kind for kind in self.kinds.values() if kind.event == event), None)
