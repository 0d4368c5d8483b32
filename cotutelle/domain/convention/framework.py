"""A framework agreement between institutions, as the convention of one thesis under it sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Inherited:
    """A subject that the framework settles, so that the convention refers to it: `place` is its article there."""

    clause: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """What a convention needs to know of its framework agreement; `ends_on` is None where it runs without end."""

    titles: Mapping[str, str]
    signed_on: date | None
    ends_on: date | None
    inherited: tuple[Inherited, ...] = ()

    def settles(self, clause: str) -> Inherited | None:
        """What the framework says of a clause; None when the convention has to settle it itself."""
        return next((each for each in self.inherited if each.clause == clause), None)
