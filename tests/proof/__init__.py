"""Long programmes that show what the daily tests cannot: run by hand with ``make proof``."""

from dataclasses import dataclass


class Cannot(RuntimeError):
    """This machine lacks what a part needs; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a part did, of what it set out to do, and the faults it found."""

    done: int
    target: int
    faults: tuple[str, ...]
