"""A convention drafted elsewhere: its text is a file, and the office says of each subject where it stands in it."""

from enum import StrEnum

from cotutelle.domain.convention.catalogue import CLAUSES
from cotutelle.domain.convention.facts import Elsewhere


class Stand(StrEnum):
    """What a text says to a subject: as is usual, otherwise than is usual, or nothing."""

    THERE = "there"
    DEPARTS = "departs"
    ABSENT = "absent"


def unread(elsewhere: Elsewhere) -> frozenset[str]:
    """The clauses of which nobody has said where they stand."""
    read = {subject.clause for subject in elsewhere.subjects}
    return frozenset(clause.id for clause in CLAUSES) - read


def absent(elsewhere: Elsewhere) -> frozenset[str]:
    """The clauses to which the text says nothing."""
    return frozenset(subject.clause for subject in elsewhere.subjects if subject.state == Stand.ABSENT)


def still_to_read(elsewhere: Elsewhere) -> tuple[tuple[int, str], ...]:
    """The subjects that the law asks for (order of 25 May 2016, article 21) and nobody has found: number and clause."""
    waiting = unread(elsewhere)
    return tuple(
        (number, clause.id)
        for number, clause in enumerate(CLAUSES, start=1)
        if clause.mandatory and clause.id in waiting
    )
