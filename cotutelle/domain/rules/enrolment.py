"""Rules on enrolment, charter, fees and the ticket of campus life (articles 11, 12 and 21)."""

import itertools
from dataclasses import replace
from datetime import date

from dateutil.relativedelta import relativedelta

from cotutelle.domain.calendar import academic_year, year_begins
from cotutelle.domain.check import FLAG, WHOLE, Figures, Group, Topic, check, word
from cotutelle.domain.dossier import Dossier, Place, Year
from cotutelle.domain.finding import Outcome, Verdict, aside, met, unknown
from cotutelle.domain.rules.convention import SIGNING


def years_owed(dossier: Dossier, place: Place) -> list[int]:
    """The academic years, by the year in which they begin, from the first enrolment to today or the defence."""
    if dossier.first_enrolment is None or dossier.today is None:
        return []
    until = min(dossier.today, dossier.defence) if dossier.defence else dossier.today
    first = academic_year(dossier.first_enrolment, *place.year_starts)
    return list(range(first, academic_year(until, *place.year_starts) + 1))


def february(place: Place | None, year: int) -> int:
    """The year of the 1 February in an academic year: by it the years of two calendars are the same one."""
    return year if place and place.year_starts <= (2, 1) else year + 1


def _enrolled(dossier: Dossier, place: Place, asking: Place | None = None) -> set[int]:
    """The years enrolled at a place, by the year in which they begin there, or where another place asks, there."""
    shift = february(asking or place, 0) - february(place, 0)
    return {y.year - shift for y in dossier.years if y.institution == place.code and y.on is not None}


def in_gap(dossier: Dossier, place: Place, year: int) -> bool:
    """Whether a gap period covers the 1 February of that academic year."""
    middle = date(february(place, year), 2, 1)
    return any(a.kind == "gap" and a.period.begin <= middle <= a.period.end for a in dossier.absences)


@check(Group.ENROLMENT)
def enrolled_yearly(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Enrolled at the institution every academic year from the first to the defence, gap periods aside (article 11)."""
    return _yearly(dossier, place, [place])


@check(Group.ENROLMENT)
def enrolled_everywhere(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Once the convention is in force, enrolled in every institution each year (articles 20 to 22)."""
    agreed = dossier.convention
    if agreed is None or agreed.in_force_on is None:
        return aside("not_in_force")
    begins = academic_year(agreed.in_force_on, *place.year_starts)
    if dossier.today is not None and dossier.today < agreed.in_force_on:
        return aside("not_in_force")
    return _yearly(dossier, place, list(dossier.places), begins)


def _yearly(dossier: Dossier, place: Place, places: list[Place], begins: int = 0) -> Outcome:
    owed = [year for year in years_owed(dossier, place) if year >= begins]
    if not owed:
        return unknown("first_enrolment")
    lacking = [
        (year, each.code)
        for year in owed
        for each in places
        if year not in _enrolled(dossier, each, place) and not in_gap(dossier, place, year)
    ]
    if dossier.followed_since:
        taken = academic_year(dossier.followed_since, *place.year_starts)
        lacking = [(year, code) for year, code in lacking if year >= taken]
    late = [entry for entry in lacking if entry[0] < owed[-1]]
    observed = {
        "years": tuple(sorted({y for y, _ in lacking})),
        "institutions": tuple(sorted({c for _, c in lacking})),
    }
    if late:
        return Outcome(Verdict.FAIL, "lacking", observed, {})
    if lacking:
        return Outcome(Verdict.PENDING, "this_year", observed, {})
    return Outcome(Verdict.PASS, "each", {"n": len(owed)}, {})


@check(Group.ENROLMENT, month=WHOLE, day=WHOLE)
def autumn_cutoff(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """A defence after the cut-off of its autumn needs a new enrolment (by 31 December at Lille SMRE)."""
    if dossier.defence is None:
        return aside("no_defence")
    year = academic_year(dossier.defence, *place.year_starts)
    cutoff = date(year, figures["month"], figures["day"])
    required = {**figures, "due": cutoff}
    if year in _enrolled(dossier, place):
        return met(True, "enrolled", {"on": dossier.defence}, required)
    outcome = met(dossier.defence <= cutoff, "on", {"on": dossier.defence}, required)
    begins = year_begins(year, *place.year_starts)
    if outcome.verdict is Verdict.FAIL and dossier.today is not None and dossier.today < begins:
        return replace(outcome, verdict=Verdict.PENDING)  # nobody can enrol yet
    return outcome


@check(Group.ENROLMENT)
def access_diploma(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """A master's grade, or a dispensation with its day, opens the first enrolment (article 11)."""
    if (given := dossier.event("dispensation")) is not None:
        return met(True, "dispensation", {"on": given.on}, {})
    if dossier.convention is None or "CL-06" in dossier.convention.lacking:
        return unknown("access_diploma")
    return met(True, "diploma", {}, {})


@check(Group.ENROLMENT)
def enrolment_opinions(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The opinions that each enrolment asks are recorded: director and unit first, then director (article 11)."""
    given = dossier.events.get("enrolment_opinions", ())
    here = {academic_year(e.on, *place.year_starts) for e in given if e.institution in ("", place.code)}
    owed = sorted(_enrolled(dossier, place))
    if not owed:
        return unknown("first_enrolment")
    lacking = tuple([year for year in owed if year not in here])
    if lacking:
        return Outcome(
            Verdict.NOT_EVALUABLE, "lacking", {"years": lacking, "facts": ("enrolment_opinions",)}, {}
        )
    return met(True, "each", {"n": len(owed)}, {})


@check(Group.ENROLMENT)
def second_opinion_offered(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """A planned refusal to renew has a reasoned notice and the offer of a second opinion (article 11)."""
    notice = dossier.event("nonrenewal_notice")
    if notice is None:
        return aside("not_planned")
    return met(dossier.event("second_opinion") is not None, "notice", {"on": notice.on}, {})


@check(Group.FEES, Topic.FEES)
def fees_once(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """For no year are fees paid in more than one institution, nor in none unless none is due (article 21)."""
    by_year: dict[int, list[str]] = {}
    for year in dossier.years:
        common = february(_place(dossier, year), year.year) - february(place, 0)
        by_year.setdefault(common, []).append(year.fee)
    if not by_year:
        return unknown("fees")
    twice = tuple([y for y, fees in sorted(by_year.items()) if fees.count("paid") > 1])
    if twice:
        return met(False, "twice", {"years": twice}, {})
    unsaid = tuple(
        [y for y, fees in sorted(by_year.items()) if "unknown" in fees or not {"paid", "not_due"} & set(fees)]
    )
    if unsaid:
        return Outcome(Verdict.NOT_EVALUABLE, "unsaid", {"years": unsaid, "facts": ("fees",)}, {})
    return met(True, "once", {"n": len(by_year)}, {})


@check(Group.FEES)
def fees_proven(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Where the institution waives its fees, the proof that another was paid is there."""
    now = (
        academic_year(dossier.today, *place.year_starts) if dossier.today else 9999
    )  # later years are a plan
    waived = [y for y in dossier.years if y.institution == place.code and y.fee == "waived" and y.year <= now]
    if not waived:
        return aside("not_waived")
    lacking = tuple(sorted(y.year for y in waived if not y.proven))
    return met(not lacking, "lacking" if lacking else "each", {"years": lacking, "n": len(waived)}, {})


@check(Group.FEES, Topic.FEES)
def fees_planned(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The plan of fees names one payer for each year of the convention (article 21)."""
    agreed = dossier.convention
    if agreed is None:
        return aside("no_convention")
    if "CL-15" in agreed.lacking:
        return Outcome(Verdict.FAIL if agreed.state in SIGNING else Verdict.PENDING, "blank")
    return met(True, "plan", {}, {})


@check(Group.FEES, Topic.FEES)
def fees_alternate(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Every institution is paid at least once, and none twice in a row (Lille SESAM)."""
    paid = sorted(
        (february(_place(dossier, y), y.year), y.institution) for y in dossier.years if y.fee == "paid"
    )
    if len(paid) < 2:
        return unknown("fees")
    payers = [code for _year, code in paid]
    repeated = any(a == b for a, b in itertools.pairwise(payers))
    if repeated:
        return met(False, "repeated", {"n": len(paid)}, {})
    everybody = set(payers) >= {p.code for p in dossier.places}
    return Outcome(Verdict.PASS if everybody else Verdict.PENDING, "alternate", {"n": len(paid)}, {})


@check(Group.FEES, Topic.FEES, at=word("home", "stay", "either"))
def fees_paid_at(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Where fees are due: at home, or where the candidate stays that year."""
    if figures["at"] == "either":
        return fees_once(dossier, place, figures)
    home = next((p.code for p in dossier.places if p.lead), place.code)
    paid = [y for y in dossier.years if y.fee == "paid"]
    fits = [y.institution == home if figures["at"] == "home" else _stays_in(dossier, y) for y in paid]
    wrong = tuple(sorted(y.year for y, fit in zip(paid, fits, strict=True) if fit is False))
    if wrong:
        return met(False, "lacking", {"years": wrong}, figures)
    if not paid or any(y.fee == "unknown" for y in dossier.years):
        return unknown("fees", required=figures)
    return unknown("stays", required=figures) if None in fits else met(True, "table", {}, figures)


def _stays_in(dossier: Dossier, year: Year) -> bool | None:
    """Whether the candidate stays in that year where its fees are paid; unknown while no stay of it is."""
    place = _place(dossier, year)
    begin = year_begins(year.year, *(place.year_starts if place else (9, 1)))
    end = begin + relativedelta(years=1)
    there = {s.institution for s in dossier.stays if s.period.begin < end and begin <= s.period.end}
    return year.institution in there if there else None


def _place(dossier: Dossier, year: Year) -> Place | None:
    return next((p for p in dossier.places if p.code == year.institution), None)


@check(Group.ENROLMENT)
def campus_ticket(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """For each year enrolled in France the CVEC is paid, or an exemption recorded."""
    owed = sorted(_enrolled(dossier, place))
    if not owed:
        return unknown("first_enrolment")
    given = {academic_year(e.on, *place.year_starts) for e in dossier.events.get("cvec", ())}
    lacking = tuple([year for year in owed if year not in given])
    if lacking:
        return Outcome(Verdict.NOT_EVALUABLE, "lacking", {"years": lacking, "facts": ("cvec",)}, {})
    return met(True, "each", {"n": len(owed)}, {})


@check(Group.ENROLMENT, least=WHOLE, in_convention=FLAG)
def credits_agreed(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The training has at least that many credits, and the convention says so (Lille SESAM)."""
    agreed = dossier.convention
    if agreed is None or agreed.credits is None:
        return unknown("credits", required=figures)
    return met(agreed.credits >= figures["least"], "count", {"n": agreed.credits}, figures)
