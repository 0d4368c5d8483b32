"""The monitoring committee (CSI, article 13): what its members make of it, as rules look at a meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

RECIPIENTS = ("school", "candidate", "director")
"""Who receives the report, by article 13."""


class Heard(StrEnum):
    """With whom an interview is held while the others are not in the room."""

    CANDIDATE = "candidate"
    DIRECTION = "direction"


@dataclass(frozen=True, slots=True)
class Member:
    """What somebody brings to the composition of a committee."""

    name: str
    specialist: bool
    field_outsider: bool
    external: bool
    outside_unit: bool
    outside_region: bool
    in_direction: bool


def described(members: Iterable[Member]) -> dict[str, Any]:
    """What a recorded meeting says of who sat; nothing while nobody is known to sit."""
    listed = sorted(members, key=lambda member: member.name)
    if not listed:
        return {}
    return {
        "members": [member.name for member in listed],
        **{
            fact: any(getattr(member, fact) for member in listed)
            for fact in ("specialist", "field_outsider", "external", "in_direction")
        },
        **{
            fact: sum(getattr(member, fact) for member in listed)
            for fact in ("outside_unit", "outside_region")
        },
    }
