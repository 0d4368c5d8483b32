"""A calendar made anew beside the one that is kept: what is added, moved, removed, and what stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from cotutelle.domain.milestone import Milestone


class Key(NamedTuple):
    """By what a milestone is known again, whoever asks for it: a shared act is nobody's own."""

    kind: str
    side: str
    year: int


class Change(StrEnum):
    """What becomes of a milestone when the calendar is made anew."""

    ADDED = "added"
    MOVED = "moved"
    REMOVED = "removed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a milestone: its required day, and whether it is settled (done, or signed by somebody)."""

    key: Key
    required_on: date | None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One milestone in both calendars: `before` and `after` are the days required, None where there is none.

    `told` says that a day which somebody may have been told moves or falls away: this is shown before it is applied.
    """

    key: Key
    change: Change
    before: date | None
    after: date | None

    @property
    def told(self) -> bool:
        """Whether a day that was known changes."""
        return self.change in (Change.MOVED, Change.REMOVED) and self.before is not None


def compare(kept: Iterable[Held], made: Mapping[Key, Milestone]) -> list[Difference]:
    """How a calendar made anew differs from the kept one; what is settled stays as it is."""
    held = {each.key: each for each in kept}
    found = []
    for key, each in held.items():
        new = made.get(key)
        if each.settled:
            found.append(Difference(key, Change.KEPT, each.required_on, each.required_on))
        elif new is None:
            found.append(Difference(key, Change.REMOVED, each.required_on, None))
        else:
            change = Change.KEPT if new.due == each.required_on else Change.MOVED
            found.append(Difference(key, change, each.required_on, new.due))
    found += [Difference(key, Change.ADDED, None, new.due) for key, new in made.items() if key not in held]
    return found


def next_reminder(due: date | None, remind: Iterable[int], after: date) -> date | None:
    """The first day later than `after` on which a reminder is due; None when there is none left."""
    if due is None:
        return None
    days = (due + timedelta(days=offset) for offset in sorted(remind))
    return next((day for day in days if day > after), None)
