"""Rules of partners on their boards: Ghent, KU Leuven, Flanders, Québec, Italy, the United Kingdom."""

from cotutelle.domain.check import SHARE, WHOLE, Figure, Figures, Group, Kind, Topic, check, word
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Outcome, aside, met, unknown
from cotutelle.domain.jury import Jury, Seat

COUNTRY = Figure(Kind.TEXT, needed=False)


@check(Group.JURY, Topic.SIZE, min=WHOLE, max=WHOLE)
def voters_between(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """From `min` to `max` members decide; supervisors are no members of the board (Ghent)."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury", required=figures)
    voters, open_ = _voters(jury), len(_undecided(jury))
    ok = figures["min"] <= len(voters) <= len(voters) + open_ <= figures["max"]
    if not ok and len(voters) <= figures["max"] and len(voters) + open_ >= figures["min"] and open_:
        return unknown("decides", required=figures)
    return met(ok, "count", {"n": len(voters)}, figures, _ids(voters))


@check(Group.JURY, Topic.EXTERNAL_SHARE, least=WHOLE)
def voters_outside(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least `least` of those who decide come from outside the institution."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury", required=figures)
    outside = [seat for seat in _voters(jury) if not seat.inside(place.code)]
    open_ = [seat for seat in _undecided(jury) if not seat.inside(place.code)]
    if len(outside) < figures["least"] <= len(outside) + len(open_):
        return unknown("decides", required=figures)
    return met(len(outside) >= figures["least"], "count", {"n": len(outside)}, figures, _ids(outside))


@check(Group.JURY, Topic.EXTERNAL_SHARE, share=SHARE)
def voters_inside(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least `share` of those who decide are appointed at the institution (a form of one Ghent faculty)."""
    jury = dossier.jury
    voters = _voters(jury) if jury else []
    if jury is None or not voters:
        return unknown("voters", required=figures)
    inside, share = [seat for seat in voters if seat.institution == place.code], figures["share"]
    open_ = [seat.institution == place.code for seat in _undecided(jury)]
    surely = len(inside) >= share * (len(voters) + open_.count(False))
    perhaps = len(inside) + open_.count(True) >= share * (len(voters) + open_.count(True))
    if perhaps and not surely:
        return unknown("decides", required=figures)
    observed = {"count": len(inside), "of": len(voters)}
    return met(surely, "count", observed, figures, _ids(inside))


def _sides(dossier: Dossier, place: Place, figures: Figures) -> list[Place]:
    """This institution and the others it is compared with: all, or those of one country."""
    country = figures.get("country")
    return [place, *(other for other in dossier.others(place) if country in (None, other.country))]


def _voters(jury: Jury) -> list[Seat]:
    return [seat for seat in jury.voters if not seat.supervision]


def _undecided(jury: Jury) -> list[Seat]:
    """Those of whom nobody has said whether they decide."""
    return [seat for seat in jury.members if seat.decides is None and not seat.supervision]


@check(
    Group.JURY, Topic.SIZE, readings=("emeritus_rank_a",), least=WHOLE, besides=word("directors", "nobody")
)
def professors_of_each(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least `least` professors of each institution sit, those who supervise counted or left aside."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury", required=figures)
    emeritus, apart = dossier.readings.emeritus_rank_a, figures["besides"] == "directors"
    pool = [seat for seat in jury.members if not (apart and seat.supervision)]
    lacking, unsure = [], False
    for other in dossier.places:
        here = [seat.professor(emeritus) for seat in pool if seat.inside(other.code)]
        if here.count(True) + here.count(None) < figures["least"]:
            lacking.append(other.code)
        elif here.count(True) < figures["least"]:
            unsure = True
    if unsure and not lacking:
        return unknown("rank", required=figures)
    return met(not lacking, "lacking" if lacking else "each", {"institutions": tuple(lacking)}, figures)


@check(Group.JURY, Topic.EXTERNAL_SHARE, country=COUNTRY)
def jury_parity(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """As many members of this institution as of each other one; those from outside stand apart."""
    jury = dossier.jury
    if jury is None or not jury.members:
        return unknown("jury")
    sides = _sides(dossier, place, figures)
    if len(sides) < 2:
        return aside("no_other_side")
    counts = {p.code: sum(seat.inside(p.code) for seat in jury.members) for p in sides}
    even = len(set(counts.values())) == 1
    return met(even, "count", {"counts": counts}, {})


@check(Group.JURY, Topic.SIZE, least=WHOLE, country=COUNTRY)
def director_and_others(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """On each side sit the director and at least `least` other members (France-Québec, 1996)."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury", required=figures)
    lacking, sides = [], _sides(dossier, place, figures)
    if len(sides) < 2:
        return aside("no_other_side")
    for other in sides:
        here = [seat for seat in jury.members if seat.inside(other.code)]
        directing = [seat for seat in here if seat.supervision == "director"]
        if not directing or len(here) - 1 < figures["least"]:
            lacking.append(other.code)
    return met(not lacking, "lacking" if lacking else "each", {"institutions": tuple(lacking)}, figures)


@check(Group.JURY, Topic.VOTES)
def directors_vote(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Every director sits and takes part in the decision (France-Québec, 1996)."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury")
    directing = [seat for seat in jury.seats if seat.supervision == "director"]
    silent = [seat for seat in directing if not seat.sits or seat.decides is False]
    if not directing:
        return unknown("directors")
    if not silent and any(seat.decides is None for seat in directing):
        return unknown("decides")
    return met(not silent, "count", {"n": len(silent)}, {}, _ids(silent))


def _ids(seats: list[Seat]) -> tuple[str, ...]:
    return tuple([seat.id for seat in seats])
