"""The jury: who sits in which capacity, and to whom each is external."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class SeatRole(StrEnum):
    """Whether somebody is a member, an invited guest without a voice, or writes a report without sitting."""

    MEMBER = "member"
    INVITED = "invited"
    NONE = "none"


class Rapporteur(StrEnum):
    """Who reports: an academic, or the third one from the socio-economic world (article 17)."""

    ACADEMIC = "academic"
    SOCIO_ECONOMIC = "socio_economic"


class JuryState(StrEnum):
    """Where the jury stands: being made, before the parties, approved by all, decided by the head."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECIDED = "decided"


DIRECTING = frozenset({"director", "co_director"})
"""The capacities in which somebody directs; a co-director is taken with the director, prudently (article 18)."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One person of the jury file; None means that nobody has said.

    `rank` is "A", "B" or "none"; `attached` the code of a party whose doctoral school this person belongs to
    whoever employs them; `institution` a code, or a free name for one that no rulebook knows.
    """

    id: str
    institution: str
    role: SeatRole = SeatRole.MEMBER
    rank: str | None = None
    emeritus: bool = False
    accredited: bool | None = None
    gender: str | None = None
    supervision: str | None = None
    rapporteur: str | None = None
    president: bool = False
    decides: bool | None = True
    attached: str | None = None
    copublished: bool | None = False
    on_committee: bool | None = False
    remote: bool = False
    report_on: date | None = None

    @property
    def sits(self) -> bool:
        """Whether they are counted; guests and rapporteurs who only write are not."""
        return self.role is SeatRole.MEMBER

    @property
    def directs(self) -> bool:
        """Whether they direct or co-direct the thesis."""
        return self.supervision in DIRECTING

    def inside(self, code: str) -> bool:
        """Whether they belong to an institution, as its staff or through its doctoral school."""
        return code in (self.institution, self.attached)

    def professor(self, emeritus: bool) -> bool | None:
        """Whether they are of rank A; an emeritus only where that reading holds."""
        if self.rank is None:
            return None
        return self.rank == "A" and (emeritus or not self.emeritus)


@dataclass(frozen=True, slots=True)
class Jury:
    """All seats of a file, with those that count found once."""

    seats: tuple[Seat, ...]
    remote_mode: str = "none"  # none, partial, full
    remote_authorised: bool | None = None
    members: tuple[Seat, ...] = field(init=False, compare=False)
    voters: tuple[Seat, ...] = field(init=False, compare=False)
    rapporteurs: tuple[Seat, ...] = field(init=False, compare=False)
    presidents: tuple[Seat, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        members = tuple([seat for seat in self.seats if seat.role is SeatRole.MEMBER])
        known = {
            "members": members,
            "voters": tuple([seat for seat in members if seat.decides]),
            "rapporteurs": tuple([seat for seat in self.seats if seat.rapporteur == "academic"]),
            "presidents": tuple([seat for seat in self.seats if seat.president]),
        }
        for name, value in known.items():
            object.__setattr__(self, name, value)

    def counted(self, with_directors: bool) -> tuple[Seat, ...]:
        """The members that shares are taken of, with or without the directors who sit."""
        return self.members if with_directors else tuple([s for s in self.members if not s.directs])

    def having(self, seats: tuple[Seat, ...]) -> "Jury":
        """The same file with other seats."""
        return replace(self, seats=seats)
