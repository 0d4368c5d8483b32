"""Where a thesis stands today: which milestones are done, late, soon due, ahead, or still without a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.milestone import Milestone
from cotutelle.domain.plan import Plans
from cotutelle.domain.rules.timing import day_of
from cotutelle.domain.thesis import HELD

SOON = timedelta(days=30)


class Standing(StrEnum):
    """How a milestone stands, in the order in which it matters to somebody who has to act."""

    LATE = "late"
    SOON = "soon"
    AHEAD = "ahead"
    NO_DAY = "no_day"
    BEFORE_TAKEOVER = "before_takeover"
    LAPSED = "lapsed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Stands:
    """A milestone, how it stands, and the day on which it was done."""

    milestone: Milestone
    standing: Standing
    done_on: date | None = None


def stand(dossier: Dossier, milestones: Iterable[Milestone], plans: Plans, today: date) -> list[Stands]:
    """How each milestone stands on a day; one that is due that day is not late before the day has ended.

    Once the defence is held nobody waits any more for what comes before it: what was not recorded has lapsed.
    """
    listed = list(milestones)
    return [_stands(dossier, milestone, listed, plans, today) for milestone in listed]


def _stands(
    dossier: Dossier, milestone: Milestone, listed: list[Milestone], plans: Plans, today: date
) -> Stands:
    done = done_on(dossier, milestone, listed, plans)
    if done is not None:
        return Stands(milestone, Standing.DONE, done)
    if dossier.state in HELD and plans.kinds[milestone.kind].order < plans.kinds["defence"].order:
        return Stands(milestone, Standing.LAPSED)
    due, taken = milestone.due, dossier.followed_since
    if due is None:
        return Stands(milestone, Standing.NO_DAY)
    if taken is not None and due < taken:
        return Stands(milestone, Standing.BEFORE_TAKEOVER)
    if due < today:
        return Stands(milestone, Standing.LATE)
    return Stands(milestone, Standing.SOON if due <= today + SOON else Standing.AHEAD)


def done_on(dossier: Dossier, milestone: Milestone, listed: Iterable[Milestone], plans: Plans) -> date | None:
    """The day on which a milestone was done, by what is recorded of the thesis; None while it is not.

    A shared act is done once it is recorded for any of its institutions.
    """
    places = [place for place in dossier.places if place.code in milestone.institutions]
    match milestone.kind:
        case "enrolment":
            days = [_enrolled(dossier, place, milestone.year) for place in places]
        case "defence" if dossier.state in HELD:
            days = [dossier.defence]
        case "reports":
            days = [_reported(dossier)]
        case "duration":
            days = [day_of(dossier, "extension", place) for place in places]
        case "amendment":
            days = [each.signed_on for each in dossier.amendments if each.number == milestone.year]
        case _ if milestone.year:
            days = [_met(dossier, milestone, place, listed, plans) for place in places]
        case _:
            event = plans.kinds[milestone.kind].event
            days = [day_of(dossier, event, place) for place in places] if event else []
    return min((day for day in days if day), default=None)


def _enrolled(dossier: Dossier, place: Place, year: int) -> date | None:
    return next((y.on for y in dossier.years if y.institution == place.code and y.year == year), None)


def _reported(dossier: Dossier) -> date | None:
    """The day of the last report, once every rapporteur has handed one in."""
    seats = [seat for seat in dossier.jury.seats if seat.rapporteur] if dossier.jury else []
    days = [seat.report_on for seat in seats]
    return max(day for day in days if day) if days and all(days) else None


def _met(
    dossier: Dossier, milestone: Milestone, place: Place, listed: Iterable[Milestone], plans: Plans
) -> date | None:
    """The last meeting of the year that ends with this enrolment: after the one before, and no later than it.

    While nobody has enrolled for that year yet, a meeting after the day due is counted too, until the next one is due.
    """
    years = sorted(
        {other.year for other in listed if other.kind == "enrolment" and place.code in other.institutions}
    )
    before = [year for year in years if year < milestone.year]
    after = [year for year in years if year > milestone.year]
    begin = _turn(dossier, place, listed, before[-1]) if before else None
    end = _enrolled(dossier, place, milestone.year) or (
        _turn(dossier, place, listed, after[0]) if after else None
    )
    events = dossier.events.get(plans.kinds[milestone.kind].event, ())
    days = [
        event.on
        for event in events
        if event.institution in ("", place.code)
        and (begin is None or begin < event.on)
        and (end is None or event.on <= end)
    ]
    return max(days, default=None)


def _turn(dossier: Dossier, place: Place, listed: Iterable[Milestone], year: int) -> date | None:
    """The day on which a year began for the candidate: of the enrolment, else by when it was due."""
    due = next(
        (m.due for m in listed if m.kind == "enrolment" and place.code in m.institutions and m.year == year),
        None,
    )
    return _enrolled(dossier, place, year) or due
