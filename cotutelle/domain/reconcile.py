"""Reconciliation: the rules of several universities over one cotutelle, topic by topic, before anything is drafted.

Each topic says who asks what, the value that satisfies everyone or none, and how the convention would settle it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from cotutelle.domain.check import Topic
from cotutelle.domain.demand import Demand, Meeting, Table, value_of
from cotutelle.domain.dossier import Dossier, Place, Readings
from cotutelle.domain.meeting import MEETINGS
from cotutelle.domain.rulebook import Library, entry_on

PRUDENT = Readings()
"""What is read while nobody has chosen."""
ALIKE: Mapping[str, Readings] = MappingProxyType({})
"""Every institution reads as the lead does."""


def reconcile(
    library: Library,
    places: Sequence[Place],
    on: date,
    readings: Readings = PRUDENT,
    readings_of: Mapping[str, Readings] = ALIKE,
) -> list[Meeting]:
    """Every topic on which these institutions ask something on that day, in a fixed order.

    Juries are counted as the institutions read what the texts leave open: as the lead does, or each as it chose.
    """
    dossier = Dossier(
        tuple(places), today=on, first_enrolment=on, defence=on, readings=readings, readings_of=readings_of
    )
    asked = tuple(
        (rule, place)
        for place in places
        for entries in library.asked_of(place)
        if (rule := entry_on(entries, dossier)) is not None and rule.scope.admits(place)
    )
    demands = {
        topic: tuple(Demand(p, r, value_of(r)) for r, p in asked if r.check.topic is topic) for topic in Topic
    }
    table = Table(dossier, demands, asked)
    return [MEETINGS[topic](table, topic) for topic in Topic if demands[topic]]
