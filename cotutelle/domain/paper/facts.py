"""What a paper of the file is made from: the facts of the thesis, the jury, the defence, and whom it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cotutelle.domain.convention.facts import Facts, Party


class PaperKind(StrEnum):
    """The papers that an office makes beside the convention."""

    COTUTELLE = "cotutelle_certificate"
    ENROLMENT = "enrolment_certificate"
    PROPOSAL = "jury_proposal"
    INVITATION = "jury_invitation"
    NOTICE = "defence_notice"
    MINUTES = "defence_minutes"
    REPORT = "defence_report"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the jury file, as the papers name them; `capacity` is a key of the closed words ``seat``."""

    id: str
    name: str
    place: Mapping[str, str]
    capacity: str
    gender: str | None = None
    grade: str = ""
    sits: bool = True
    decides: bool = True
    reports: bool = False
    remote: bool = False

    @property
    def invited(self) -> bool:
        """Whether there is something to invite them to: to sit, to report, or to be there as a guest."""
        return self.sits or self.reports or self.capacity == "invited"


@dataclass(frozen=True, slots=True)
class Year:
    """One academic year at the institution that certifies it; `payer` is who receives the fees, where that is known."""

    label: str
    enrolled_on: date | None
    fee: str
    payer: Party | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """All that one paper may look at; `hour` as 24-hour ``HH:MM``, `room` and `host` where the defence is held."""

    kind: PaperKind
    act: Facts
    issuer: Party
    languages: tuple[str, ...]
    in_force_on: date | None = None
    expires_on: date | None = None
    defended_on: date | None = None
    stopped_on: date | None = None
    defence_on: date | None = None
    hour: str = ""
    room: str = ""
    host: Party | None = None
    members: tuple[Member, ...] = ()
    year: Year | None = None
    addressee: Member | None = None
