"""Reconciliation: the rules of several universities over one cotutelle, topic by topic, before anything is drafted.

Each topic says who asks what, the value that satisfies everyone or none, and how the convention would settle it.
"""

from collections.abc import Sequence
from datetime import date

from cotutelle.domain.check import Topic
from cotutelle.domain.demand import Demand, Meeting, Table, value_of
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.meeting import MEETINGS
from cotutelle.domain.rulebook import Library, entry_on


def reconcile(library: Library, places: Sequence[Place], on: date) -> list[Meeting]:
    """Every topic on which these institutions ask something on that day, in a fixed order."""
    dossier = Dossier(tuple(places), today=on, first_enrolment=on, defence=on)
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
