"""Partnerships beyond one thesis: their kinds, and what an office should know of one in time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

CALL_NOTICE = timedelta(days=30)
"""How long before its end a call is pointed out."""


class Kind(StrEnum):
    """What a partnership is."""

    CONSORTIUM = "consortium"
    ALLIANCE = "alliance"
    NETWORK = "network"
    PROGRAMME = "programme"
    FUNDING_FRAME = "funding_frame"
    PROJECT = "project"
    AGREEMENT = "agreement"
    LABORATORY = "laboratory"
    JOINT_PROGRAMME = "joint_programme"
    LOCAL_OFFICE = "local_office"


class Level(StrEnum):
    """A level of study that a partnership is for."""

    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"
    RESEARCH = "research"


class MemberRole(StrEnum):
    """What an institution is in a partnership."""

    COORDINATOR = "coordinator"
    MEMBER = "member"
    ASSOCIATE = "associate"
    FUNDER = "funder"
    HOST = "host"


class Concern(StrEnum):
    """What an office should know of a partnership in time."""

    OVER = "over"
    ENDS_FIRST = "ends_first"
    CALL_CLOSES = "call_closes"
    NOBODY_IN_CHARGE = "nobody_in_charge"


@dataclass(frozen=True, slots=True)
class Warned:
    """One concern: the day that it is about, and the reference of the thesis or the title of the call."""

    concern: Concern
    on: date | None = None
    what: str = ""


def concerns(
    until: date | None,
    in_charge: bool,
    calls: Iterable[tuple[str, date | None, date]],
    defences: Iterable[tuple[str, date | None]],
    today: date,
) -> Iterator[Warned]:
    """What to know of a partnership on a day.

    `until` is the last day on which it certainly counts, None where it goes on; `calls` are title, first and last day;
    `defences` are the references of running theses under it with the last day planned for the defence, where known.
    """
    if until is not None and until < today:
        yield Warned(Concern.OVER, until)
    elif until is not None:
        for reference, day in defences:
            if day is not None and day > until:
                yield Warned(Concern.ENDS_FIRST, until, reference)
    for title, opens, closes in calls:
        if (opens is None or opens <= today) and today <= closes <= today + CALL_NOTICE:
            yield Warned(Concern.CALL_CLOSES, closes, title)
    if not in_charge:
        yield Warned(Concern.NOBODY_IN_CHARGE)
