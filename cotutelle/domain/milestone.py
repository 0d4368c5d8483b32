"""The calendar of a thesis: what has to be done, by when, asked by whom, signed by whom.

Rules that name a day and the steps of plans each make a demand; demands for one act become one milestone, due on
the earliest of their days. What asks for nothing that is known yet has no day, and says so.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cotutelle.domain.calendar import academic_year, year_begins
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Certainty, Source
from cotutelle.domain.plan import AMENDMENT, Kind, Plans, Step
from cotutelle.domain.rulebook import DatedBy, Library, Rule, Scope, entry_on
from cotutelle.domain.rules.duration import planned_end
from cotutelle.domain.rules.enrolment import in_gap
from cotutelle.domain.rules.timing import day_of, due_by, moved
from cotutelle.domain.slot import Slot, nearest, slots_of
from cotutelle.domain.thesis import HELD

FULL_TIME, PART_TIME = 36, 72
"""Months of a doctorate by its mode, as a rule (article 14 of the order of 25 May 2016)."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something to be done for a thesis. `institutions` ask for it; a shared act is one for all of them.

    `year` is the academic year in which it recurs, by the calendar year of its beginning; 0 when it happens once.
    `required_by` are the rules, else the plans, that ask; `source` is the text behind the day that counts.
    """

    kind: str
    institutions: tuple[str, ...]
    year: int
    due: date | None
    required_by: tuple[str, ...]
    source: Source
    certainty: Certainty
    signatories: tuple[Slot, ...]
    in_turn: bool = False
    document: str = ""
    remind: tuple[int, ...] = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class _Demand:
    """That an institution asks for an act, by a day that may wait for another milestone's."""

    kind: str
    place: Place
    year: int
    due: date | None
    by: str
    source: Source
    certainty: Certainty
    waits: str = ""  # the kind of the milestone from whose day its own is counted
    figures: Mapping[str, Any] = field(default_factory=dict)  # by how much
    calendar: str = ""


def schedule(dossier: Dossier, plans: Plans, library: Library) -> tuple[Milestone, ...]:
    """The whole calendar of a thesis as its facts, plans and rules have it, in order of the days due."""
    demands = [demand for place in dossier.places for demand in _demands(dossier, place, plans, library)]
    demands += _without_a_day(dossier, plans, {demand.kind for demand in demands})
    demands += _amendments(dossier)
    groups: dict[tuple[str, str, int], list[_Demand]] = {}
    for demand in demands:
        shared = plans.kinds[demand.kind].shared
        groups.setdefault((demand.kind, "" if shared else demand.place.code, demand.year), []).append(demand)
    days = _settled(groups)
    made = [
        _milestone(dossier, plans, plans.kinds[key[0]], group, days)
        for key, group in groups.items()
        if _asked_now(dossier, plans.kinds[key[0]])
    ]
    return tuple(sorted(made, key=lambda m: _place_in_order(m, plans)))


def _place_in_order(milestone: Milestone, plans: Plans) -> tuple[date, int, tuple[str, ...]]:
    return milestone.due or date.max, plans.kinds[milestone.kind].order, milestone.institutions


def _asked_now(dossier: Dossier, kind: Kind) -> bool:
    """What depends on an event is planned until the defence, and afterwards only if the event came."""
    if not kind.condition or dossier.event(kind.condition) is not None:
        return True
    return dossier.state not in HELD and dossier.event("defence_held") is None


def _demands(dossier: Dossier, place: Place, plans: Plans, library: Library) -> Iterator[_Demand]:
    for entries in library.asked_of(place):
        rule = entry_on(entries, dossier)
        if rule is not None and rule.scope.binds_at(place):
            yield from _of_rule(dossier, place, rule, plans)
    for step in plans.steps_for(place):
        if step.due is not None and _fits(dossier, step):
            yield from _of_step(dossier, place, step, plans, library)


def _without_a_day(dossier: Dossier, plans: Plans, asked: Container[str]) -> Iterator[_Demand]:
    """What is done everywhere, and is without a day where no text gives one."""
    for place in dossier.places:
        for step in plans.steps_for(place):
            if step.due is None and step.scope == Scope() and step.kind not in asked:
                yield _demanded(step, place, None, 0, None, "")


_BY_AGREEMENT = Source("convention")


def _amendments(dossier: Dossier) -> Iterator[_Demand]:
    """Each amendment is signed for every institution, before the convention ends where it extends it."""
    for amendment in dossier.amendments:
        for place in dossier.places:
            if place.code not in amendment.parties:
                continue
            yield _Demand(
                AMENDMENT,
                place,
                amendment.number,
                amendment.due,
                "everywhere",
                _BY_AGREEMENT,
                Certainty.SOURCED,
            )


def _of_rule(dossier: Dossier, place: Place, rule: Rule, plans: Plans) -> Iterator[_Demand]:
    """A rule that something happens by a day asks for a milestone of its kind."""
    if rule.check.name not in ("happened_by", "signed_by"):
        return
    kind = plans.kind_of_event(rule.figures["event"])
    if kind is None:
        return
    anchor, calendar = rule.figures["anchor"], place.region or place.country
    known = day_of(dossier, anchor, place)
    due = due_by(known, rule.figures, calendar) if known else None
    waited = plans.kind_of_event(anchor) if known is None else None
    waits, source = waited.code if waited else "", (rule.id, rule.source, rule.certainty)
    yield _Demand(kind.code, place, 0, due, *source, waits, rule.figures, calendar)


def _fits(dossier: Dossier, step: Step) -> bool:
    full = {"full": True, "part": False}.get(step.mode)
    return full is None or dossier.full_time is full


def _of_step(dossier: Dossier, place: Place, step: Step, plans: Plans, library: Library) -> Iterator[_Demand]:
    assert step.due is not None
    if step.yearly:
        yield from _recurring(dossier, place, step, library)
        return
    rule = _rule(dossier, library.rules.get(step.rule, ()), None)
    if (step.rule and rule is None) or not step.in_force(dossier.defence or dossier.today):
        return
    anchor, waits = _day(dossier, place, step.due.anchor, plans)
    if step.due.with_leaves and dossier.first_enrolment is not None:
        due: date | None = planned_end(dossier.first_enrolment, step.due.months, dossier.absences)
    else:
        due = moved(anchor, step.due.figures, _calendar(step, place)) if anchor else None
    yield _demanded(step, place, rule, 0, due, waits)


def _day(dossier: Dossier, place: Place, anchor: str, plans: Plans) -> tuple[date | None, str]:
    """A named day, or the kind of the milestone whose day has to be settled first."""
    kind = plans.kinds.get(anchor)
    known = day_of(dossier, kind.event if kind else anchor, place)
    if kind is not None and known is None:
        return (dossier.defence, "") if anchor == "defence" else (None, anchor)
    return known, ""


def _calendar(step: Step, place: Place) -> str:
    return (step.due.calendar if step.due else "") or place.region or place.country


def _recurring(dossier: Dossier, place: Place, step: Step, library: Library) -> Iterator[_Demand]:
    """One demand for each academic year, or for each enrolment from the rank that the step or its rule says."""
    assert step.due is not None
    for rank, year, day in enrolments_due(dossier, place, library):
        rule = _rule(dossier, library.rules.get(step.rule, ()), day)
        first = int(rule.figures.get("rank", step.first)) if rule else step.first
        if rank < first or (step.rule and rule is None) or not step.in_force(day):
            continue
        due = moved(day, step.due.figures, _calendar(step, place))
        yield _demanded(step, place, rule, year, due, "")


def enrolments_due(dossier: Dossier, place: Place, library: Library) -> list[tuple[int, int, date]]:
    """The enrolments that an institution asks: rank, academic year by its beginning, and by which day.

    The first is on its own day, each other at the beginning of its year (article 11); a year in a gap period has
    none, nor has the last one when the defence, or the end of the ordinary duration while none is planned, comes
    before the autumn's cut-off.
    """
    first = place.first_enrolment or dossier.first_enrolment
    if first is None:
        return []
    months = PART_TIME if dossier.full_time is False else FULL_TIME
    until = dossier.defence or planned_end(first, months, dossier.absences)
    found: list[tuple[int, int, date]] = []
    for year in range(academic_year(first, *place.year_starts), until.year + 1):
        begins = first if not found else year_begins(year, *place.year_starts)
        if begins > until or (found and _spared(dossier, place, library, year, until)):
            break
        if not found or not in_gap(dossier, place, year):
            found.append((len(found) + 1, year, begins))
    return found


def _spared(dossier: Dossier, place: Place, library: Library, year: int, until: date) -> bool:
    """Whether the thesis ends before the cut-off of the autumn in which that year begins."""
    for entries in library.asked_of(place):
        rule = entry_on(entries, dossier)
        if rule is not None and rule.check.name == "autumn_cutoff" and rule.scope.binds_at(place):
            return until <= date(year, rule.figures["month"], rule.figures["day"])
    return False


def _rule(dossier: Dossier, entries: tuple[Rule, ...], day: date | None) -> Rule | None:
    """The entry of a rule that holds: by the day of an enrolment where the rule is read so, else as always."""
    if not entries:
        return None
    if day is not None and entries[0].dated_by is DatedBy.ENROLMENT:
        return next((rule for rule in reversed(entries) if rule.in_force(day)), None)
    rule = entry_on(entries, dossier)
    asked = rule is not None and any(rule.scope.covers(place) for place in dossier.places)
    return rule if asked else None


def _demanded(
    step: Step, place: Place, rule: Rule | None, year: int, due: date | None, waits: str
) -> _Demand:
    figures, calendar = step.due.figures if step.due else {}, _calendar(step, place)
    asks = rule is not None and (rule.scope.binds_at(place) or not rule.scope.covers(place))
    if rule is not None and asks:
        source: tuple[str, Source, Certainty] = (
            rule.id,
            rule.source,
            _weaker(rule.certainty, step.certainty),
        )
    else:
        source = (step.plan, step.source or (rule.source if rule else Source(step.plan)), step.certainty)
    return _Demand(step.kind, place, year, due, *source, waits, figures, calendar)


def _weaker(*certainties: Certainty) -> Certainty:
    """The least sure of several: a rule that is sourced does not make sure of a day that a plan alone names."""
    return max(certainties, key=list(Certainty).index)


Groups = Mapping[tuple[str, str, int], Sequence[_Demand]]


def _settled(groups: Groups) -> dict[int, date | None]:
    """The day of each demand by its identity; one that waits for another milestone is counted from its day."""
    days: dict[int, date | None] = {}

    def settle(demand: _Demand, asking: tuple[int, ...] = ()) -> date | None:
        if id(demand) in days or id(demand) in asking:
            return days.get(id(demand))
        awaited = [
            settle(other, (*asking, id(demand)))
            for (kind, _code, _year), group in groups.items()
            if kind == demand.waits
            for other in group
            if other.place.code == demand.place.code
        ]
        known = min((day for day in awaited if day), default=None)
        counted = due_by(known, demand.figures, demand.calendar) if known else demand.due
        days[id(demand)] = counted
        return counted

    for group in groups.values():
        for demand in group:
            settle(demand)
    return days


def _milestone(
    dossier: Dossier, plans: Plans, kind: Kind, group: Sequence[_Demand], days: dict[int, date | None]
) -> Milestone:
    dated = [demand for demand in group if days[id(demand)]]
    first = min(dated, key=lambda demand: days[id(demand)] or date.max, default=group[0])
    asking = tuple(dict.fromkeys(demand.place.code for demand in group))
    places = [demand.place for demand in group]
    says = nearest(plans, places, kind)
    return Milestone(
        kind=kind.code,
        institutions=asking,
        year=group[0].year,
        due=days[id(first)],
        required_by=_asking([first, *group], plans),
        source=first.source,
        certainty=first.certainty,
        signatories=slots_of(dossier, plans, says, places, asking, group[0].year),
        in_turn=says.in_turn,
        document=says.document,
        remind=says.remind,
        condition=kind.condition,
    )


def _asking(group: Iterable[_Demand], plans: Plans) -> tuple[str, ...]:
    """Which rules ask, the one whose day counts first; plans only where no rule does."""
    names = dict.fromkeys(demand.by for demand in group)
    by_plan = {plan.id for plan in plans.plans}
    return tuple(name for name in names if name not in by_plan) or tuple(names)
