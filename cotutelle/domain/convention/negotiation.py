"""Negotiating the text: what a party asks to be changed, and which parties have approved that very text."""

from collections.abc import Iterable, Set
from enum import StrEnum


class PointState(StrEnum):
    """Where the talk about a change that was asked for stands."""

    OPEN = "open"  # its owner has something to say or to do
    WAITING = "waiting"  # its owner waits for somebody else: a legal office, a council
    BLOCKED = "blocked"  # the parties do not agree as it stands
    SETTLED = "settled"


UNSETTLED = frozenset(PointState) - {PointState.SETTLED}
"""While one of these is left, the text is not agreed."""


def still_to_approve(parties: Iterable[str], approved: Set[str]) -> list[str]:
    """The parties by their codes, in their order, that have not approved the version that lies before them."""
    return [code for code in parties if code not in approved]
