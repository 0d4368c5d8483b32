"""Rules on stays: plan and record, minima per institution, what the duration allows, money to live on."""

import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from cotutelle.domain.calendar import Period, merged, months_of_stay
from cotutelle.domain.check import (
    MAYBE_FLAG,
    MAYBE_WHOLE,
    WHOLE,
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

_AT = word("own", "other", "each", "either")


def months_at(
    dossier: Dossier, code: str, *, done: bool | None = None, after_signature: bool = False
) -> Fraction:
    """Months at an institution in merged stays: planned and done together, after the defence those done alone."""
    if done is None and dossier.defence and dossier.today and dossier.today > dossier.defence:
        done = True
    periods = [s.period for s in dossier.stays if s.institution == code and done in (None, s.done)]
    if after_signature:
        signed = dossier.signed_on
        periods = [Period(max(p.begin, signed), p.end) for p in periods if p.end >= signed] if signed else []
    return months_of_stay(periods)


@check(
    Group.STAYS,
    Topic.STAY,
    at=_AT,
    months=MAYBE_WHOLE,
    share=Figure(Kind.SHARE, needed=False),
    most=MAYBE_WHOLE,
    most_share=Figure(Kind.SHARE, needed=False),
    after_signature=MAYBE_FLAG,
)
def stay_minimum(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least so many months, or such a share of the duration, at this institution, the others, each, or either.

    Planned and done stays count together before the defence; nothing is rounded before comparing.
    """
    least, most = _bounds(dossier, figures)
    if least is None:
        return unknown("duration_months", required=figures)
    if not dossier.stays and _end(dossier) is None:
        return unknown("stays", required=figures)
    places = _places(dossier, place, figures["at"])
    later = bool(figures.get("after_signature"))
    found = {p.code: months_at(dossier, p.code, after_signature=later) for p in places}
    enough = {code: months >= least and (most is None or months <= most) for code, months in found.items()}
    ok = any(enough.values()) if figures["at"] == "either" else all(enough.values())
    required = {**figures, "months": least, "institutions": tuple(found)}
    if ok:
        return met(True, "months", {"months": found}, required)
    missing = [least - found[code] for code, fine in enough.items() if not fine]
    if min(missing) <= 0:  # as long as asked, and longer than allowed
        return Outcome(Verdict.FAIL, "too_long", {"months": found}, {**required, "most": most})
    last = _last_start(dossier, min(missing) if figures["at"] == "either" else sum(missing, Fraction(0)))
    if last is not None and dossier.today is not None and dossier.today <= last:
        return Outcome(Verdict.PENDING, "open", {"months": found, "last": last}, required)
    return Outcome(Verdict.FAIL, "months", {"months": found}, required)


def _bounds(dossier: Dossier, figures: Figures) -> tuple[Fraction | None, Fraction | None]:
    most = Fraction(figures["most"]) if "most" in figures else None
    if "share" in figures:
        if dossier.duration_months is None:
            return None, None
        if "most_share" in figures:
            most = figures["most_share"] * dossier.duration_months
        return figures["share"] * dossier.duration_months, most
    return Fraction(figures.get("months", 0)), most


def _places(dossier: Dossier, place: Place, at: str) -> tuple[Place, ...]:
    if at == "own":
        return (place,)
    return dossier.others(place) if at == "other" else dossier.places


def _last_start(dossier: Dossier, missing: Fraction) -> date | None:
    """The last day on which a stay could begin and still make up what is missing before the planned end."""
    end = _end(dossier)
    if end is None:
        return None
    whole = int(missing)
    days = math.ceil((missing - whole) * 30)
    return end + timedelta(days=1) - relativedelta(months=whole, days=days)


def _end(dossier: Dossier) -> date | None:
    return dossier.defence or (dossier.convention.expires_on if dossier.convention else None)


def _still_possible(dossier: Dossier, missing: Fraction) -> bool:
    """Whether so many months can still be spent before the end; while no end is known, they can."""
    last = _last_start(dossier, missing)
    return last is None or (dossier.today is not None and dossier.today <= last)


@check(Group.STAYS)
def stays_planned(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The plan covers every institution, stays inside the thesis, and is nowhere in two places (article 21)."""
    planned = [s for s in dossier.stays if not s.done]
    if not planned:
        return unknown("stays")
    covered = {s.institution for s in dossier.stays}
    lacking = tuple([p.code for p in dossier.places if p.code not in covered])
    if lacking:
        return met(False, "lacking", {"institutions": lacking}, {})
    for first in planned:
        for second in planned:
            if first.institution < second.institution and first.period.overlaps(second.period):
                return met(False, "overlap", {"institutions": (first.institution, second.institution)}, {})
    begin, end = (
        dossier.start or dossier.first_enrolment,
        dossier.convention.expires_on if dossier.convention else None,
    )
    early = [s for s in planned if begin and s.period.begin < begin]
    late = [s for s in planned if end and s.period.end > end]
    return met(not early and not late, "outside" if early or late else "covered", {"n": len(planned)}, {})


@check(Group.STAYS)
def stays_recorded(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """What was planned for the past is recorded as done."""
    if dossier.today is None:
        return unknown("today")
    past = [s for s in dossier.stays if not s.done and s.period.end < dossier.today]
    if not past:
        return aside("none_past")
    done = {
        code: merged(s.period for s in dossier.stays if s.done and s.institution == code)
        for code in {s.institution for s in past}
    }
    open_ = [s for s in past if not any(p.overlaps(s.period) for p in done[s.institution])]
    return met(not open_, "count", {"n": len(open_), "of": len(past)}, {})


@check(Group.STAYS)
def stays_as_agreed(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At each institution the months that the convention promises (clause 14) are planned or done."""
    agreed = dossier.convention.minimum_stays if dossier.convention else {}
    if not agreed:
        return unknown("minimum_stay")
    found = {code: months_at(dossier, code) for code in agreed}
    short = tuple([code for code, least in agreed.items() if found[code] < least])
    if not short:
        return met(True, "each", {"months": found}, {"months": dict(agreed)})
    missing = sum((agreed[code] - found[code] for code in short), Fraction(0))
    verdict = Verdict.PENDING if _still_possible(dossier, missing) else Verdict.FAIL
    return Outcome(verdict, "short", {"months": found, "institutions": short}, {"months": dict(agreed)})


@check(Group.STAYS)
def stays_feasible(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The minima promised to all institutions together fit into the duration."""
    agreed = dossier.convention.minimum_stays if dossier.convention else {}
    if not agreed or dossier.duration_months is None:
        return unknown("minimum_stay" if not agreed else "duration_months")
    total = sum(agreed.values())
    return met(
        total <= dossier.duration_months, "sum", {"months": total}, {"months": dossier.duration_months}
    )


@check(Group.STAYS, Topic.STAY, carrier=WHOLE, partner=WHOLE)
def stay_by_carrier(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Where this institution is the main one, `carrier` months at the others; else `partner` months here (SESAM)."""
    main = (dossier.convention.main_institution if dossier.convention else "") or next(
        (p.code for p in dossier.places if p.lead), ""
    )
    if not main:
        return unknown("main_institution", required=figures)
    if main == place.code:
        months, least = (
            sum((months_at(dossier, p.code) for p in dossier.others(place)), Fraction(0)),
            figures["carrier"],
        )
    else:
        months, least = months_at(dossier, place.code), figures["partner"]
    if months < least and _still_possible(dossier, least - months):
        return Outcome(Verdict.PENDING, "months", {"months": months}, {"months": least})
    return met(months >= least, "months", {"months": months}, {"months": least})


@check(Group.STAYS, Topic.STAY)
def enrolled_uninterrupted(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Enrolment at the institution has no year left out (Laval)."""
    years = sorted({y.year for y in dossier.years if y.institution == place.code and y.on})
    if not years:
        return unknown("first_enrolment")
    holes = tuple([y for y in range(years[0], years[-1]) if y not in years])
    return met(not holes, "holes" if holes else "each", {"years": holes, "n": len(years)}, {})


@check(Group.STAYS, amount=WHOLE)
def stay_money(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """During stays at the institution the candidate has at least that many euros a month."""
    if not any(s.institution == place.code for s in dossier.stays):
        return aside("no_stay")
    if not dossier.monthly_amounts:
        return unknown("monthly_amount", required=figures)
    total = sum(dossier.monthly_amounts, Decimal(0))
    return met(total >= figures["amount"], "amount", {"amount": total}, figures)
