"""Rules on the direction of the thesis and on the power to award the doctorate (articles 16, 20 and 22)."""

from cotutelle.domain.check import WHOLE, Figures, Group, check
from cotutelle.domain.dossier import Director, Dossier, Place
from cotutelle.domain.finding import Outcome, met, unknown


@check(Group.DIRECTION, count=WHOLE)
def directors_count(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Exactly that many directors at the institution."""
    here = _here(dossier, place, "director")
    if here is None:
        return unknown("directors", required=figures)
    return met(len(here) == figures["count"], "count", {"n": len(here)}, figures)


@check(Group.DIRECTION, most=WHOLE, with_outside=WHOLE)
def co_directors_most(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At most `most` co-directors, or `with_outside` when one of them comes from outside academia."""
    if dossier.directors is None:
        return unknown("directors", required=figures)
    co_directors = [d for d in dossier.directors if d.role == "co_director" and d.institution == place.code]
    outside = any(d.academic is False for d in co_directors)
    unsaid = any(d.academic is None for d in co_directors)
    if not outside and unsaid and figures["most"] < len(co_directors) <= figures["with_outside"]:
        return unknown("academic", required=figures)
    most = figures["with_outside"] if outside else figures["most"]
    return met(len(co_directors) <= most, "count", {"n": len(co_directors)}, {"most": most})


@check(Group.DIRECTION)
def director_capacity(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The institution's director is a professor, holds the HDR, or was recognised by the head (article 16)."""
    here = _here(dossier, place, "director")
    if not here:
        return unknown("directors")
    without = [d for d in here if not d.accredited and d.rank != "A"]
    if not without:
        return met(True, "recorded", {}, {})
    if any(d.accredited is not None and d.rank is not None for d in without):
        return met(False, "lacking", {}, {})
    return unknown("accredited", "rank")


@check(Group.DIRECTION, most=WHOLE)
def director_theses(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The institution's director follows at most that many candidates."""
    here = _here(dossier, place, "director")
    numbers = [d.theses for d in here or ()]
    known = [n for n in numbers if n is not None]
    if not known or (max(known) <= figures["most"] and None in numbers):
        return unknown("theses_directed", required=figures)
    return met(max(known) <= figures["most"], "count", {"n": max(known)}, figures)


@check(Group.DIRECTION)
def may_award(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Every other institution may itself award the doctorate (article 20)."""
    without = tuple([p.code for p in dossier.others(place) if p.may_award is False])
    if not without and any(p.may_award is None for p in dossier.others(place)):
        return unknown("may_award")
    return met(not without, "lacking" if without else "each", {"institutions": without}, {})


@check(Group.DIRECTION)
def two_countries(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least one other institution is in another country: within one country it is no cotutelle (article 20)."""
    others = [p.country for p in dossier.others(place)]
    if "" in (*others, place.country):
        return unknown("country")
    return met(any(c != place.country for c in others), "count", {"n": len({*others, place.country})}, {})


def _here(dossier: Dossier, place: Place, role: str) -> list[Director] | None:
    if dossier.directors is None:
        return None
    return [d for d in dossier.directors if d.role == role and d.institution == place.code]
