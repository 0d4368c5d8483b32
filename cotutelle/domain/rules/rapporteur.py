"""Rules on rapporteurs and their reports (order of 25 May 2016, article 17), and on other reviewers."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from cotutelle.domain.check import WHOLE, Figures, Group, Topic, check, word
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Outcome, Verdict, aside, met, unknown
from cotutelle.domain.jury import Seat


@check(Group.JURY, Topic.REVIEWERS, least=WHOLE)
def rapporteurs_number(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least `least` academic rapporteurs are named; a third from outside academia is not one of them."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury", required=figures)
    named = jury.rapporteurs
    return met(len(named) >= figures["least"], "count", {"n": len(named)}, figures, _ids(named))


@check(Group.JURY)
def rapporteurs_qualified(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Every academic rapporteur holds the HDR or is of rank A; an emeritus keeps both."""
    return _each(dossier, lambda seat: _any(seat.accredited, seat.professor(True)), "accredited")


@check(Group.JURY, Topic.REVIEWERS, readings=("external_to",), to=word("own", "all"))
def rapporteurs_external(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Every academic rapporteur comes from outside the institution and its school, or from outside all."""
    if figures["to"] == "all" and dossier.readings.external_to == "own":
        return aside("reading")
    codes = [place.code] if figures["to"] == "own" else [other.code for other in dossier.places]
    return _each(dossier, lambda seat: not any(seat.inside(code) for code in codes), "institution")


@check(Group.JURY)
def rapporteurs_independent(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """No academic rapporteur supervises the thesis or has published with the candidate."""

    def free(seat: Seat) -> bool | None:
        if seat.supervision:
            return False
        return None if seat.copublished is None else not seat.copublished

    return _each(dossier, free, "copublished")


@check(Group.JURY)
def rapporteurs_not_on_committee(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """No academic rapporteur sat on the candidate's monitoring committee."""
    return _each(
        dossier, lambda seat: None if seat.on_committee is None else not seat.on_committee, "on_committee"
    )


@check(Group.JURY, days=WHOLE)
def reports_before(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Every report is there at least `days` days before the defence; exactly that many is in time."""
    jury, defence = dossier.jury, dossier.defence
    if jury is None or not jury.rapporteurs:
        return unknown("rapporteurs", required=figures)
    if defence is None:
        return unknown("defence", required=figures)
    due = defence - timedelta(days=figures["days"])
    required = {**figures, "due": due}
    late = [seat for seat in jury.rapporteurs if seat.report_on and seat.report_on > due]
    if late:
        last = max(seat.report_on for seat in late if seat.report_on)
        observed = {"n": len(late), "days": (defence - last).days, "on": last}
        return Outcome(Verdict.FAIL, "late", observed, required, _ids(late))
    missing = [seat for seat in jury.rapporteurs if seat.report_on is None]
    if missing:
        over = dossier.today is not None and dossier.today > due
        verdict = Verdict.FAIL if over else Verdict.PENDING
        return Outcome(
            verdict, "overdue" if over else "missing", {"n": len(missing)}, required, _ids(missing)
        )
    return Outcome(Verdict.PASS, "in_time", {"n": len(jury.rapporteurs)}, required, _ids(jury.rapporteurs))


@check(Group.JURY, Topic.REVIEWERS, least=WHOLE)
def reviewers_inside(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At least `least` reviewers of the institution itself are recorded, apart from the French rapporteurs."""
    recorded = [e for e in dossier.events.get("internal_review", ()) if e.institution in ("", place.code)]
    if not recorded:
        return unknown("internal_review", required=figures)
    return met(len(recorded) >= figures["least"], "count", {"n": len(recorded)}, figures)


def _each(dossier: Dossier, holds: Callable[[Seat], bool | None], fact: str) -> Outcome:
    """A condition on every academic rapporteur; of nobody nothing can be said."""
    jury = dossier.jury
    if jury is None or not jury.rapporteurs:
        return unknown("rapporteurs")
    answers = {seat.id: holds(seat) for seat in jury.rapporteurs}
    failing = tuple([id_ for id_, answer in answers.items() if answer is False])
    if not failing and None in answers.values():
        return unknown(fact)
    return met(not failing, "count", {"n": len(failing), "of": len(answers)}, {}, failing)


def _any(first: bool | None, second: bool | None) -> bool | None:
    """Either holds; unknown when none does and one is not known."""
    if first or second:
        return True
    return None if first is None or second is None else False


def _ids(seats: Sequence[Seat]) -> tuple[str, ...]:
    return tuple([seat.id for seat in seats])
