"""Rules on the duration of the thesis, its extensions, leaves and gap period (article 14)."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from cotutelle.domain.calendar import Period, merged, months_of_stay
from cotutelle.domain.check import MAYBE_WHOLE, WHOLE, Figures, Group, Topic, check, word
from cotutelle.domain.dossier import Absence, Dossier, Place
from cotutelle.domain.finding import Outcome, Verdict, aside, met, unknown

ADDED = frozenset({"maternity", "paternity", "adoption", "parental", "gap"})


def adds(absence: Absence) -> bool:
    """Whether the absence lengthens the thesis: sick leave of more than four months, after an accident of two."""
    months = months_of_stay([absence.period])
    if absence.kind == "sick":
        return months > 4
    return months >= 2 if absence.kind == "accident" else absence.kind in ADDED


def net_months(dossier: Dossier, until: date) -> Fraction | None:
    """Months from the first enrolment to that day, the end included, without what article 14 adds."""
    if dossier.first_enrolment is None or until < dossier.first_enrolment:
        return None
    whole = months_of_stay([Period(dossier.first_enrolment, until)])
    away = [
        Period(max(a.period.begin, dossier.first_enrolment), min(a.period.end, until))
        for a in dossier.absences
        if adds(a) and a.period.begin <= until and a.period.end >= dossier.first_enrolment
    ]
    return whole - months_of_stay(away)


def planned_end(first: date, months: int, absences: Iterable[Absence]) -> date:
    """The last day of so many months from the first enrolment, the days that article 14 adds put behind.

    Only days of the thesis count: none before it, and none of an absence that begins after its end.
    """
    end = first + relativedelta(months=months) - timedelta(days=1)
    for away in merged(absence.period for absence in absences if adds(absence)):
        begin = max(away.begin, first)
        if begin <= min(end, away.end):
            end += away.end - begin + timedelta(days=1)
    return end


@check(Group.DURATION, Topic.DURATION, months=WHOLE, mode=word("full", "part", "any"))
def duration_most(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Enrolled for at most `months` without leaves and gap, full or part time, or with an extension granted."""
    full = figures["mode"] == "full"
    if figures["mode"] != "any" and dossier.full_time is None:
        return unknown("mode", required=figures)
    if figures["mode"] != "any" and dossier.full_time is not full:
        return aside("other_mode")
    until = min((d for d in (dossier.today, dossier.defence) if d), default=None)
    months = net_months(dossier, until) if until else None
    if months is None:
        return unknown("first_enrolment", required=figures)
    if months <= figures["months"]:
        return met(True, "count", {"months": months}, figures)
    extension = dossier.event("extension")
    if extension is not None:
        return met(True, "extended", {"months": months, "on": extension.on}, figures)
    return met(False, "count", {"months": months}, figures)


@check(Group.DURATION, Topic.DURATION, months=WHOLE)
def duration_agreed(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The duration planned in the convention is at most that many months (Brazil, Delft)."""
    if dossier.duration_months is None:
        return unknown("duration_months", required=figures)
    return met(
        dossier.duration_months <= figures["months"], "planned", {"months": dossier.duration_months}, figures
    )


@check(Group.DURATION)
def extension_complete(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """An extension has the request, the proposal, both opinions and the decision (article 14)."""
    extension = dossier.event("extension")
    if extension is None:
        return aside("not_asked")
    parts = ("candidate_request", "director_proposal", "committee_opinion", "school_opinion", "head_decision")
    given = extension.data.get("parts")
    if given is None:
        return unknown("extension_parts")
    lacking = tuple([part for part in parts if part not in given])
    return met(not lacking, "lacking" if lacking else "complete", {"parts": lacking, "on": extension.on}, {})


@check(Group.DURATION, days=WHOLE)
def convention_lasts(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The convention is extended before it ends, at least `days` days ahead, and reaches the planned defence."""
    agreed = dossier.convention
    if agreed is None or agreed.expires_on is None:
        return unknown("expires_on", required=figures)
    if dossier.defence is not None and dossier.defence > agreed.expires_on:
        return met(False, "before_defence", {"on": agreed.expires_on, "defence": dossier.defence}, figures)
    ends_soon = dossier.today is not None and dossier.today > agreed.expires_on - timedelta(
        days=figures["days"]
    )
    if ends_soon and (dossier.defence is None or dossier.defence >= (dossier.today or dossier.defence)):
        return Outcome(Verdict.WARN, "soon", {"on": agreed.expires_on}, figures)
    return met(True, "on", {"on": agreed.expires_on}, figures)


@check(Group.DURATION, most=WHOLE, months=MAYBE_WHOLE)
def gap_periods(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At most one gap period, unsplit and of at most a year (article 14)."""
    gaps = [a.period for a in dossier.absences if a.kind == "gap"]
    if not gaps:
        return aside("no_gap")
    months = max(months_of_stay([gap]) for gap in gaps)
    ok = len(gaps) <= figures["most"] and months <= figures.get("months", 12)
    return met(ok, "count", {"n": len(gaps), "months": months}, figures)


@check(Group.DURATION)
def leave_added(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Leaves that article 14 lists may be added on request: this says which, and by how much."""
    added = [a.period for a in dossier.absences if a.kind != "gap" and adds(a)]
    if not added:
        return aside("no_leave")
    return met(True, "count", {"months": months_of_stay(added)}, {})
