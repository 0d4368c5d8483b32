"""The predicates by what they look at; importing this package registers them all."""

from cotutelle.domain.check import CHECKS, Group
from cotutelle.domain.rules import (
    board,
    committee,
    convention,
    defence,
    direction,
    duration,
    enrolment,
    jury,
    rapporteur,
    stay,
    timing,
)

MODULES = (
    board,
    committee,
    convention,
    defence,
    direction,
    duration,
    enrolment,
    jury,
    rapporteur,
    stay,
    timing,
)

JURY_CHECKS = frozenset(
    {name for name, each in CHECKS.items() if each.group is Group.JURY} | {"directors_each_side"}
)
"""What can be asked of a jury file alone."""

__all__ = ["CHECKS", "JURY_CHECKS", "MODULES"]
