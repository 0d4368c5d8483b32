"""Proves that a failing jury has proposals after which every binding rule holds, or a proof that no jury does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotutelle.domain.change import Change, apply
from cotutelle.domain.dossier import Derogation, Dossier
from cotutelle.domain.evaluation import evaluate
from cotutelle.domain.finding import Verdict
from cotutelle.domain.jury import Jury, Seat
from cotutelle.domain.mending import MOST_PROPOSALS, Mending, mend
from cotutelle.domain.rules import JURY_CHECKS
from cotutelle.rulebooks.shelf import standard
from tests.domain.rules.dossiers import (
    GHENT,
    LAVAL,
    LEUVEN,
    LILLE,
    director,
    jury,
    numbered,
    on,
    rapporteur,
    seat,
)

LIBRARY = standard()
DEFENCE = on("2026-12-12")
SIDES = {"ghent": GHENT, "ku-leuven": LEUVEN, "laval": LAVAL}


def made(*seats: Seat, partner: str = "ghent", **facts: Any) -> Dossier:
    return jury(*seats, places=(LILLE, SIDES[partner]), defence=DEFENCE, **facts)


def broken(dossier: Dossier) -> set[str]:
    """The binding rules that a jury breaks, judged apart from how it was mended."""
    schools = {place.code: place for place in dossier.places}
    return {
        finding.rule.id
        for finding in evaluate(LIBRARY, dossier, checks=JURY_CHECKS)
        if finding.verdict is Verdict.FAIL
        and LIBRARY.binds(finding.rule)
        and finding.rule.scope.binds_at(schools[finding.institution])
    }


def holds(dossier: Dossier, mending: Mending) -> None:
    """Each proposal, followed word by word, leaves no binding rule broken and touches only people who are known."""
    assert dossier.jury
    known = {each.id for each in dossier.jury.seats}
    for proposal in mending.proposals:
        after = dossier
        for change in proposal.changes:
            assert change.kind == "preside" or not change.seat or change.seat in known
            after = apply(after, change)
        assert after == proposal.dossier
        assert broken(after) == set()
        assert after.jury
        ids = [each.id for each in after.jury.seats]
        assert len(ids) == len(set(ids))


def kinds(mending: Mending) -> list[tuple[str, ...]]:
    return [tuple(change.kind for change in proposal.changes) for proposal in mending.proposals]


REPORTED = {"report_on": on("2026-11-01")}
BOTH = (director("lille"), director("ghent"))


def test_a_jury_that_keeps_every_rule_needs_nothing() -> None:
    whole = made(*BOTH, *[rapporteur(**REPORTED)] * 2, *[seat()] * 3)
    assert mend(LIBRARY, whole) == Mending(())


def test_a_jury_of_six_that_france_accepts_is_mended_for_ghent_by_one_more() -> None:
    six = made(*BOTH, *[rapporteur(**REPORTED)] * 2, *[seat()] * 2)
    mending = mend(LIBRARY, six)
    assert mending.broken == ("BE-UG-VOTERS",)
    assert ("add",) in kinds(mending)
    holds(six, mending)


def test_one_rapporteur_too_few_is_somebody_who_sits_already() -> None:
    eight = made(*BOTH, rapporteur(**REPORTED), *[seat(accredited=True)] * 5)
    mending = mend(LIBRARY, eight)
    assert {len(each) for each in kinds(mending)} == {1}
    assert ("name",) in kinds(mending)
    holds(eight, mending)


def test_of_nine_of_whom_seven_report_one_writes_without_sitting() -> None:
    nine = made(*BOTH, *[rapporteur(**REPORTED)] * 7)
    mending = mend(LIBRARY, nine)
    assert ("write",) in kinds(mending)
    assert {len(each) for each in kinds(mending)} == {1}
    holds(nine, mending)


def test_a_report_that_came_late_postpones_the_defence_though_another_is_not_there_yet() -> None:
    late = made(*BOTH, rapporteur(report_on=on("2026-12-01")), rapporteur(), *[seat()] * 3)
    mending = mend(LIBRARY, late)
    assert ("postpone",) in kinds(mending)
    (postponed,) = [p for p in mending.proposals if p.changes[0].kind == "postpone"]
    assert postponed.changes == (Change("postpone", day=on("2026-12-15")),)
    holds(late, mending)


def test_rules_that_silence_and_seat_the_directors_are_said_to_exclude_each_other() -> None:
    for decides in (True, False):
        seats = [director(code, decides=decides) for code in ("lille", "laval")]
        eight = made(
            *seats, *[rapporteur()] * 2, seat(), seat(), seat("lille"), seat("laval"), partner="laval"
        )
        mending = mend(LIBRARY, eight)
        assert {rule.id for rule in mending.excluding} == {"FR-DIR-NOVOTE", "QC-VOTE"}
        assert (mending.proposals, mending.composition) == ((), None)


def test_a_rule_set_aside_excludes_nothing_and_an_absent_director_is_seated() -> None:
    aside = {
        rule: Derogation(rule, "12", "the other law", "instead") for rule in ("FR-DIR-NOVOTE", "QC-VOTE")
    }
    away = director("laval", role="none")
    seven = made(
        director("lille"), away, *[rapporteur(**REPORTED)] * 2, seat(), seat(), seat("lille"), seat("laval"),
        partner="laval", derogations=aside,
    )  # fmt: skip
    mending = mend(LIBRARY, seven)
    assert ("seat",) in kinds(mending)
    holds(seven, mending)


def test_a_director_may_stay_away_before_it_is_said_that_no_jury_exists() -> None:
    places = tuple(
        place for code in ("lille", "ghent", "ku-leuven", "leiden") if (place := LIBRARY.place(code))
    )
    four = [director(place.code) for place in places]
    many = jury(*four, *[seat("lille", "B")] * 6, places=places, defence=DEFENCE)
    mending = mend(LIBRARY, many)
    assert mending.excluding == ()
    if mending.composition is not None:
        assert len(mending.composition.directors) < 4
    assert mending.composition or mending.proposals


people = st.builds(
    lambda kind, institution, rank, report: kind(
        *([institution] if kind is not rapporteur else ["elsewhere"]), rank=rank, **report
    ),
    st.sampled_from([seat, seat, seat, rapporteur]),
    st.sampled_from(["lille", "ghent", "ku-leuven", "laval", "elsewhere"]),
    st.sampled_from(["A", "A", "A", "B"]),
    st.just({}),
)


@pytest.mark.parametrize("partner", SIDES)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_failing_jury_has_a_proposal_or_a_proof(partner: str, data: st.DataObject) -> None:
    others = data.draw(st.lists(people, max_size=8))
    decide = data.draw(st.booleans())
    directing = [director(code, decides=decide) for code in ("lille", partner)]
    about = made(*directing, *others, partner=partner)
    mending = mend(LIBRARY, about)
    assert set(mending.broken) == broken(about)
    if not mending.broken:
        return
    assert mending.proposals or mending.composition or mending.excluding
    assert bool(mending.proposals) + bool(mending.composition) + bool(mending.excluding) == 1
    assert len(mending.proposals) <= MOST_PROPOSALS
    holds(about, mending)


@settings(max_examples=15, deadline=None)
@given(st.lists(people, min_size=2, max_size=7), st.randoms())
def test_in_which_order_the_members_are_named_changes_nothing(others: list[Seat], random: Any) -> None:
    seats = numbered(director("lille"), director("ghent"), *others)
    shuffled = random.sample(seats, len(seats))
    found = [mend(LIBRARY, replace(made(), jury=Jury(tuple(order)))) for order in (seats, shuffled)]
    lengths = [{len(proposal.changes) for proposal in mending.proposals} for mending in found]
    assert lengths[0] == lengths[1]
    assert found[0].broken == found[1].broken
