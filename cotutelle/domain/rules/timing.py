"""Rules about days: something recorded no later, or no earlier, than some other day of the thesis."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from cotutelle.domain.calendar import working_days_from
from cotutelle.domain.check import (
    MAYBE_FLAG,
    OFFSET,
    WHOLE,
    YEARS,
    Figure,
    Figures,
    Group,
    Kind,
    Topic,
    check,
    word,
)
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Outcome, Verdict, aside, met, unknown

ANCHORS = ("first_enrolment", "start", "planned_end", "defence", "signature")
EVENTS = (
    "charter",
    "charter_integrity",
    "training_agreement",
    "ethics_training",
    "dispensation",
    "enrolment_opinions",
    "nonrenewal_notice",
    "second_opinion",
    "extension",
    "stay_confirmed",
    "jury_file",
    "jury_entered",
    "jury_proposed",
    "school_contact",
    "jury_validated",
    "rapporteurs_named",
    "progress_review",
    "faculty_council",
    "first_part",
    "board_appraisals",
    "internal_review",
    "application",
    "draft_thesis",
    "authorisation",
    "reports_sent",
    "abstract",
    "deposit",
    "defence_held",
    "defence_report",
    "oath",
    "corrections_asked",
    "corrected_deposit",
    "diploma",
    "star_record",
    "french_summary",
    "cvec",
    "lodging_plan",
    "diploma_note",
    "grant_application",
)
"""Kinds of recorded events that rules ask for; forms and rulebooks know no other."""

_EVENT = word(*EVENTS, "signature", "start")
_ANCHOR = word(*ANCHORS, *EVENTS)


@check(
    Group.DEFENCE,
    event=_EVENT,
    anchor=_ANCHOR,
    strictly=MAYBE_FLAG,
    months=OFFSET,
    days=OFFSET,
    working_days=OFFSET,
    after=Figure(Kind.WORD, needed=False, choices=EVENTS),
)
def happened_by(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The event happens no later than its anchor moved by months, days or working days (negative: before it).

    With `after` it is asked only once that other event is recorded.
    """
    asked = figures.get("after")
    if asked and day_of(dossier, asked, place) is None:
        return aside("not_yet", anchor=asked)
    return _by(dossier, place, figures)


@check(
    Group.CONVENTION,
    Topic.SIGNATURE_WINDOW,
    event=_EVENT,
    anchor=_ANCHOR,
    months=OFFSET,
    days=OFFSET,
    years_end=YEARS,
)
def signed_by(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The convention is signed, or the cotutelle begun, no later than its anchor moved by that much."""
    return _by(dossier, place, figures)


@check(Group.DEFENCE, Topic.SESSIONS, event=_EVENT, anchor=_ANCHOR, least=WHOLE, most=WHOLE)
def happened_between(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The event happens from `least` to `most` days after its anchor, ends included (two sessions at Ghent)."""
    anchor, on = day_of(dossier, figures["anchor"], place), day_of(dossier, figures["event"], place)
    if anchor is None or on is None:
        missing = [name for name, day in ((figures["anchor"], anchor), (figures["event"], on)) if day is None]
        return unknown(*missing, required=figures)
    days = (on - anchor).days
    return met(figures["least"] <= days <= figures["most"], "count", {"days": days, "on": on}, figures)


@check(Group.DEFENCE, event=_EVENT)
def recorded(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The event is recorded, whenever it was."""
    on = day_of(dossier, figures["event"], place)
    return unknown(figures["event"], required=figures) if on is None else met(True, "on", {"on": on}, figures)


@check(Group.FEES, event=_EVENT, month=WHOLE, day=WHOLE, age=WHOLE, months=WHOLE)
def call_met(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Whoever applies does so by that day of the year, younger than `age`, after `months` of study in the country.

    The recorded event says `age` and `months`; without an application nothing is asked (swissuniversities).
    """
    asked = dossier.event(figures["event"])
    if asked is None:
        return aside("not_asked_for")
    age, months = asked.data.get("age"), asked.data.get("months")
    due = date(asked.on.year, figures["month"], figures["day"])
    required = {**figures, "due": due}
    if asked.on > due:
        return met(False, "late", {"on": asked.on}, required)
    if age is None or months is None:
        return unknown("application_facts", required=required)
    ok = age < figures["age"] and months >= figures["months"]
    return met(ok, "on", {"on": asked.on, "age": age, "months": months}, required)


@check(Group.DIPLOMA, event=_EVENT, before=_EVENT)
def comes_before(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Where corrections were asked, the event comes before the other one (the diploma waits: article 24)."""
    if dossier.event("corrections_asked") is None:
        return aside("not_asked")
    first, second = day_of(dossier, figures["event"], place), day_of(dossier, figures["before"], place)
    if first is None:
        if second is not None:
            return met(False, "missing", {"on": second}, figures)
        return Outcome(Verdict.PENDING, "waiting", {}, figures)
    return met(second is None or first <= second, "on", {"on": first}, figures)


def day_of(dossier: Dossier, name: str, place: Place) -> date | None:
    """A day of the thesis by name: of its own dates, or of the last event recorded for the place or for all.

    The first enrolment is the one at the institution that asks, where its day is known.
    """
    convention = dossier.convention
    match name:
        case "first_enrolment":
            return place.first_enrolment or dossier.first_enrolment
        case "start":
            return dossier.start or dossier.first_enrolment
        case "planned_end":
            return convention.expires_on if convention else None
        case "defence":
            return dossier.defence
        case "signature":
            return dossier.signed_on
        case _:
            found = [e.on for e in dossier.events.get(name, ()) if e.institution in ("", place.code)]
            return found[-1] if found else None


def moved(anchor: date, figures: Figures, country: str = "") -> date:
    """The anchor moved by the figures; working days leave out weekends and the country's public holidays."""
    if "years_end" in figures:  # the end of the n-th year counted from the anchor
        return anchor + relativedelta(years=figures["years_end"]) - timedelta(days=1)
    day = anchor + relativedelta(months=figures.get("months", 0), days=figures.get("days", 0))
    return working_days_from(day, figures.get("working_days", 0), country)


def due_by(anchor: date, figures: Figures, country: str = "") -> date:
    """The last day on which what the figures ask may happen: `strictly` ends the day before."""
    return moved(anchor, figures, country) - timedelta(days=bool(figures.get("strictly")))


def _by(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    anchor, on = day_of(dossier, figures["anchor"], place), day_of(dossier, figures["event"], place)
    if figures["event"] == "start":  # as something done it is never taken for the first enrolment
        on = dossier.start
    if anchor is None:
        if figures["anchor"] in EVENTS and on is None:
            return aside("not_yet", anchor=figures["anchor"])
        return unknown(figures["anchor"], required=figures)
    due = due_by(anchor, figures, place.region or place.country)
    required = {**figures, "due": due}
    if on is not None:
        return met(on <= due, "on", {"on": on}, required)
    if dossier.followed_since and due < dossier.followed_since:
        return aside("before_takeover", due=due)
    if dossier.today is None or due >= dossier.today:
        return Outcome(Verdict.PENDING, "due", {}, required)
    return Outcome(Verdict.NOT_EVALUABLE, "not_recorded", {"facts": (figures["event"],)}, required)
