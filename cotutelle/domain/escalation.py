"""Who hears of a milestone, and how urgently: whoever acts, then the other side's director, then the school."""

from collections.abc import Iterable
from datetime import date
from enum import IntEnum, StrEnum


class Tone(StrEnum):
    """As whom somebody is told: to sign, to prepare, as the director of another side, as the school."""

    SIGN = "sign"
    PREPARE = "prepare"
    OTHER_SIDE = "other_side"
    SCHOOL = "school"


class Level(IntEnum):
    """How far a reminder goes."""

    WHO_ACTS = 0
    OTHER_SIDE = 1
    SCHOOL = 2


def level(due: date, remind: Iterable[int], today: date) -> Level:
    """How far the reminder of a day goes: one step further with each of its days after the due one."""
    late = [offset for offset in remind if offset > 0 and (today - due).days >= offset]
    return Level(min(len(late), Level.SCHOOL))
