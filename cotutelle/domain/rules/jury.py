"""Rules on the jury as the French order of 25 May 2016 frames it (articles 18 and 22), and local ones like them."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from cotutelle.domain.check import FLAG, MAYBE_FLAG, SHARE, WHOLE, Figures, Group, Topic, check, word
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Outcome, Verdict, aside, met, unknown
from cotutelle.domain.jury import Seat

_DIRECTORS, _EMERITI, _EXTERNAL = "directors_counted", "emeritus_rank_a", "external_to"


@check(Group.JURY, Topic.SIZE, min=WHOLE, max=WHOLE)
def jury_size(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """From `min` to `max` members sit; directors who sit are counted, guests are not."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury", required=figures)
    n = len(jury.members)
    return met(figures["min"] <= n <= figures["max"], "count", {"n": n}, figures, _ids(jury.members))


@check(Group.JURY, Topic.EXTERNAL_SHARE, readings=(_DIRECTORS, _EXTERNAL), to=word("own", "all"), share=SHARE)
def jury_external(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least `share` of the members come from outside the institution (`own`) or all institutions (`all`)."""
    if figures["to"] == "all" and dossier.readings.external_to == "own":
        return aside("reading")
    codes = [place.code] if figures["to"] == "own" else [other.code for other in dossier.places]
    return _share(dossier, figures["share"], lambda seat: not any(seat.inside(code) for code in codes))


@check(Group.JURY, readings=(_DIRECTORS, _EMERITI), share=SHARE)
def jury_rank(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least `share` of the members are professors or of equivalent rank."""
    emeritus = dossier.readings.emeritus_rank_a
    return _share(dossier, figures["share"], lambda seat: seat.professor(emeritus))


def _share(dossier: Dossier, share: Fraction, counts: Callable[[Seat], bool | None]) -> Outcome:
    """A share of the counted members; exactly half is half, and nobody is no share at all."""
    jury = dossier.jury
    if jury is None or not jury.members:
        return unknown("jury", required={"share": share})
    pool = jury.counted(dossier.readings.directors_counted)
    sure = [seat for seat in pool if counts(seat)]
    observed = {"count": len(sure), "of": len(pool)}
    if not pool:
        return unknown("jury", required={"share": share})
    if len(sure) < share * len(pool):
        open_ = [seat for seat in pool if counts(seat) is None]
        if open_ and len(sure) + len(open_) >= share * len(pool):
            return Outcome(
                Verdict.NOT_EVALUABLE, "open", {**observed, "open": len(open_)}, {"share": share}, _ids(sure)
            )
        return Outcome(Verdict.FAIL, "count", observed, {"share": share}, _ids(sure))
    return Outcome(Verdict.PASS, "count", observed, {"share": share}, _ids(sure))


@check(Group.JURY, readings=("gender_least",), least=WHOLE)
def jury_gender(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least `least` women and `least` men sit; a gender that is not said is never inferred."""
    jury, least = dossier.jury, figures["least"]
    if dossier.readings.gender_least is not None:
        least = dossier.readings.gender_least
    if jury is None or not jury.members:
        return unknown("jury", required={"least": least})
    women = sum(seat.gender == "F" for seat in jury.members)
    men = sum(seat.gender == "M" for seat in jury.members)
    unsaid = sum(seat.gender is None for seat in jury.members)
    observed = {"women": women, "men": men, "unsaid": unsaid}
    lacking = max(0, least - women) + max(0, least - men)
    if lacking and lacking <= unsaid:
        return Outcome(Verdict.NOT_EVALUABLE, "unsaid", observed, {"least": least})
    return met(not lacking, "count", observed, {"least": least})


@check(Group.JURY, Topic.PRESIDENT, readings=(_EMERITI,), emeritus=MAYBE_FLAG)
def president_eligible(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The president is one member of rank A who does not supervise; while none is named, somebody could be."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury")
    emeritus = figures.get("emeritus", dossier.readings.emeritus_rank_a)
    if not jury.presidents:
        able = [seat for seat in jury.members if _may_preside(seat, emeritus)]
        if not able and any(_may_preside(seat, emeritus) is None for seat in jury.members):
            return unknown("rank")
        return met(bool(able), "able" if able else "nobody", {"n": len(able)}, {}, _ids(able))
    if len(jury.presidents) > 1:
        return met(False, "several", {"n": len(jury.presidents)}, {}, _ids(jury.presidents))
    president = jury.presidents[0]
    fit = _may_preside(president, emeritus)
    if fit is None:
        return unknown("rank")
    return met(fit and president.sits, "named", {"person": president.id}, {}, (president.id,))


def _may_preside(seat: Seat, emeritus: bool) -> bool | None:
    return False if seat.supervision else seat.professor(emeritus)


@check(Group.JURY, Topic.PRESIDENT, emeritus=FLAG)
def president_in_post(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The president, once named, is of rank A, and emeritus only where the school says so (Lille SHS)."""
    jury = dossier.jury
    if jury is None or not jury.presidents:
        return aside("nobody_named")
    fits = [seat.professor(figures["emeritus"]) for seat in jury.presidents]
    if None in fits and False not in fits:
        return unknown("rank")
    return met(all(fits), "named", {"person": jury.presidents[0].id}, {}, _ids(jury.presidents))


@check(Group.JURY, Topic.VOTES)
def directors_silent(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """No director or co-director takes part in the decision (article 18, since 1 September 2016)."""
    return _silent(dossier, [seat for seat in dossier.jury.seats if seat.directs] if dossier.jury else None)


@check(Group.JURY, Topic.VOTES)
def supervisors_silent(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Nobody who supervises, in whatever capacity, takes part in the decision."""
    return _silent(
        dossier, [seat for seat in dossier.jury.seats if seat.supervision] if dossier.jury else None
    )


def _silent(dossier: Dossier, seats: list[Seat] | None) -> Outcome:
    if seats is None:
        return unknown("jury")
    deciding = [seat for seat in seats if seat.decides]
    if not deciding and any(seat.decides is None for seat in seats):
        return unknown("decides")
    return met(not deciding, "count", {"n": len(deciding)}, {"n": 0}, _ids(deciding))


@check(Group.DIRECTION)
def directors_each_side(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Each institution has its thesis director (article 22); a co-director is none."""
    sides = _director_sides(dossier)
    if sides is None:
        return unknown("directors")
    lacking = tuple([other.code for other in dossier.places if other.code not in sides])
    return met(not lacking, "lacking" if lacking else "each", {"institutions": lacking}, {})


def _director_sides(dossier: Dossier) -> set[str] | None:
    """Codes of the institutions that have a director: from the jury file, else from the thesis."""
    if dossier.directors is not None:
        return {person.institution for person in dossier.directors if person.role == "director"}
    if dossier.jury is None:
        return None
    seats = [seat for seat in dossier.jury.seats if seat.supervision == "director"]
    return {code for seat in seats for code in (seat.institution, seat.attached) if code}


@check(Group.JURY, readings=("balance_tolerance",))
def jury_balance(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Each institution has members, in numbers that differ by no more than the reading tolerates (2005, article 7)."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury")
    counts = {p.code: sum(seat.inside(p.code) for seat in jury.members) for p in dossier.places}
    most = dossier.readings.balance_tolerance
    even = min(counts.values()) >= 1 and max(counts.values()) - min(counts.values()) <= most
    return met(even, "count", {"counts": counts}, {"most": most})


@check(Group.JURY, Topic.EXTERNAL_SHARE, least=WHOLE)
def jury_outsiders(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least `least` members are external to every institution of the cotutelle."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury", required=figures)
    codes = [p.code for p in dossier.places]
    outside = [seat for seat in jury.members if not any(seat.inside(code) for code in codes)]
    return met(len(outside) >= figures["least"], "count", {"n": len(outside)}, figures, _ids(outside))


@check(Group.JURY, readings=(_DIRECTORS,), share=SHARE)
def emeriti_share(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Emeriti are at most `share` of the members."""
    jury = dossier.jury
    if jury is None or not jury.members:
        return unknown("jury", required=figures)
    pool = jury.counted(dossier.readings.directors_counted)
    if not pool:
        return unknown("jury", required=figures)
    emeriti = [seat for seat in pool if seat.emeritus]
    observed = {"count": len(emeriti), "of": len(pool)}
    return met(len(emeriti) <= figures["share"] * len(pool), "count", observed, figures, _ids(emeriti))


@check(Group.JURY)
def voters_majority(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """More than half of the members decide (advice of Aix-Marseille)."""
    jury = dossier.jury
    if jury is None or not jury.members:
        return unknown("jury")
    observed = {"count": len(jury.voters), "of": len(jury.members)}
    open_ = sum(seat.decides is None for seat in jury.members)
    if 2 * len(jury.voters) <= len(jury.members) < 2 * (len(jury.voters) + open_):
        return unknown("decides")
    return met(2 * len(jury.voters) > len(jury.members), "count", observed, {}, _ids(jury.voters))


def _ids(seats: Sequence[Seat]) -> tuple[str, ...]:
    return tuple([seat.id for seat in seats])
