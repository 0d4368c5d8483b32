"""Proves what holds for every jury: order never matters, what is unsaid never decides, and only writing sets aside."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cotutelle.domain.dossier import Derogation, Dossier
from cotutelle.domain.evaluation import answer, by_rule, evaluate, worst_first
from cotutelle.domain.finding import Severity, Verdict, badness, worst
from cotutelle.domain.jury import Jury, Seat, SeatRole
from cotutelle.domain.rulebook import Library, Rule
from cotutelle.domain.rules import JURY_CHECKS
from cotutelle.rulebooks.shelf import standard
from tests.domain.rules.dossiers import (
    GHENT,
    LAVAL,
    LEUVEN,
    LILLE,
    director,
    dossier,
    jury,
    numbered,
    on,
    read,
    seat,
)

LIBRARY = standard()
PLACES = (LILLE, GHENT, LEUVEN, LAVAL)
DAY = on("2026-01-15")
OPEN: dict[str, tuple[Any, ...]] = {
    "rank": ("A", "B", "none"),
    "decides": (True, False),
    "accredited": (True, False),
    "gender": ("F", "M"),
    "copublished": (True, False),
    "on_committee": (True, False),
}
"""What a file may leave unsaid of a person, and what it could have said."""

seats = st.builds(
    Seat,
    st.just(""),
    st.sampled_from(["lille", "ghent", "ku-leuven", "laval", "elsewhere", "cnrs"]),
    st.sampled_from([SeatRole.MEMBER] * 8 + [SeatRole.INVITED, SeatRole.NONE]),
    emeritus=st.booleans(),
    supervision=st.sampled_from([None] * 7 + ["director", "co_director", "co_supervisor"]),
    rapporteur=st.sampled_from([None, None, "academic", "socio_economic"]),
    president=st.sampled_from([False, False, False, True]),
    attached=st.sampled_from([None, None, "lille"]),
    remote=st.booleans(),
    report_on=st.sampled_from([None, on("2026-01-01"), on("2026-01-02")]),
    **{name: st.sampled_from([None, *values[:1] * 4, *values[1:]]) for name, values in OPEN.items()},
)
readings = st.builds(
    read,
    directors_counted=st.booleans(),
    emeritus_rank_a=st.booleans(),
    external_to=st.sampled_from(["all", "own"]),
    balance_tolerance=st.integers(0, 2),
    gender_least=st.sampled_from([None, 1, 2]),
)


@st.composite
def juries(draw: st.DrawFn) -> Dossier:
    """Any jury of two to four universities."""
    places = PLACES[: draw(st.integers(2, 4))]
    file = Jury(
        numbered(*draw(st.lists(seats, min_size=draw(st.sampled_from([0, 4, 7])), max_size=10))),
        draw(st.sampled_from(["none", "partial", "full"])),
        draw(st.sampled_from([None, True, False])),
    )
    return Dossier(places, defence=DAY, readings=draw(readings), jury=file)


def having(about: Dossier, members: tuple[Seat, ...]) -> Dossier:
    assert about.jury
    return replace(about, jury=about.jury.having(members))


def members(about: Dossier) -> tuple[Seat, ...]:
    assert about.jury
    return about.jury.seats


def asked(about: Dossier, *checks: str) -> list[tuple[Rule, Any]]:
    found = evaluate(LIBRARY, about, checks=frozenset(checks) or JURY_CHECKS)
    return [(f.rule, next(p for p in about.places if p.code == f.institution)) for f in found]


@settings(max_examples=150, deadline=None)
@given(juries())
def test_one_more_professor_from_outside_never_makes_a_share_from_outside_worse(about: Dossier) -> None:
    more = having(about, numbered(*members(about), seat()))
    for rule, place in asked(about, "jury_external", "jury_outsiders", "voters_outside", "jury_rank"):
        before, after = (rule.check.predicate(each, place, rule.figures) for each in (about, more))
        assert before.verdict is not Verdict.PASS or after.verdict is Verdict.PASS
        if before.verdict is Verdict.NOT_EVALUABLE:
            continue  # what was open may be settled either way
        assert badness(after.verdict) >= badness(before.verdict), rule.id


@settings(max_examples=150, deadline=None)
@given(juries(), st.randoms(use_true_random=False))
def test_the_order_of_members_never_matters(about: Dossier, random: Any) -> None:
    mixed = list(members(about))
    random.shuffle(mixed)
    there, back = (
        evaluate(LIBRARY, each, checks=JURY_CHECKS) for each in (about, having(about, tuple(mixed)))
    )
    for one, other in zip(there, back, strict=True):
        assert (one.rule.id, one.outcome.verdict, one.outcome.say) == (
            other.rule.id,
            other.outcome.verdict,
            other.outcome.say,
        )
        assert set(one.outcome.members) == set(other.outcome.members)


@settings(max_examples=150, deadline=None)
@given(juries(), st.data())
def test_what_is_decided_while_something_is_unsaid_stays_so_once_it_is_said(
    about: Dossier, data: st.DataObject
) -> None:
    told = []
    for each in members(about):
        said = {
            name: data.draw(st.sampled_from(values))
            for name, values in OPEN.items()
            if getattr(each, name) is None
        }
        told.append(replace(each, **said))
    complete = having(about, tuple(told))
    if about.jury and about.jury.remote_authorised is None:
        assert complete.jury
        complete = replace(complete, jury=replace(complete.jury, remote_authorised=data.draw(st.booleans())))
    for rule, place in asked(about):
        before, after = (rule.check.predicate(each, place, rule.figures) for each in (about, complete))
        if before.verdict in (Verdict.PASS, Verdict.FAIL):
            assert after.verdict is before.verdict, (rule.id, place.code, before, after)


@settings(max_examples=60, deadline=None)
@given(juries(), st.permutations(range(len(LIBRARY.books))))
def test_the_order_of_books_on_the_shelf_never_matters(about: Dossier, order: list[int]) -> None:
    mixed = Library(tuple(LIBRARY.books[n] for n in order))
    assert by_rule(evaluate(mixed, about)) == by_rule(evaluate(LIBRARY, about))


words = st.sampled_from(["", "", "something"])
derogations = st.dictionaries(
    st.sampled_from(
        ["FR-JURY-EXT-BOTH", "FR-DIR-NOVOTE", "FR-JURY-SIZE", "FR-JURY-GENDER", "BE-UG-VOTERS", "XX"]
    ),
    st.tuples(words, words, words),
)


@settings(max_examples=150, deadline=None)
@given(juries(), derogations)
def test_a_rule_is_derogated_only_where_it_fails_and_the_derogation_is_written_in_full(
    about: Dossier, given_: dict[str, tuple[str, str, str]]
) -> None:
    written = {id_: Derogation(id_, *parts) for id_, parts in given_.items()}
    plain, set_aside = (evaluate(LIBRARY, each) for each in (about, replace(about, derogations=written)))
    for before, after in zip(plain, set_aside, strict=True):
        if after.verdict is Verdict.DEROGATED:
            assert all(given_[after.rule.id])
            assert before.verdict is Verdict.FAIL
            assert after.clause == "something"
        elif after.rule.check.name not in ("derogations_documented", "divergences_written"):
            assert after.verdict is before.verdict
            assert not after.clause
            assert not (before.verdict is Verdict.FAIL and all(given_.get(before.rule.id, ("",))))


@settings(max_examples=100, deadline=None)
@given(juries())
def test_advice_never_fails_and_whatever_is_observed_can_be_counted(about: Dossier) -> None:
    for finding in evaluate(LIBRARY, about, checks=JURY_CHECKS):
        assert finding.rule.severity is not Severity.RECOMMENDATION or finding.verdict is not Verdict.FAIL
        count, of = finding.outcome.observed.get("count"), finding.outcome.observed.get("of")
        assert count is None or 0 <= count <= of
        names = {each.id for each in members(about)}
        assert set(finding.outcome.members) <= names


@settings(max_examples=80, deadline=None)
@given(juries())
def test_another_reading_is_shown_only_where_it_changes_the_answer_and_nobody_has_chosen(
    about: Dossier,
) -> None:
    assume(members(about))
    for finding in evaluate(LIBRARY, about, checks=JURY_CHECKS, both_readings=True):
        for other in finding.readings:
            assert other.outcome.verdict is not finding.verdict or finding.clause
            assert other.reading in finding.rule.check.readings
    chosen = replace(about, readings=replace(about.readings, chosen=frozenset({
        "directors_counted", "emeritus_rank_a", "external_to", "balance_tolerance"})))  # fmt: skip
    assert not any(f.readings for f in evaluate(LIBRARY, chosen, both_readings=True))


def test_the_other_reading_of_a_borderline_jury_is_told() -> None:
    about = jury(director(), director("ghent"), seat("ghent"), seat(), seat(), defence="2026-01-15")
    (found,) = [f for f in evaluate(LIBRARY, about, both_readings=True) if f.rule.id == "FR-JURY-EXT-BOTH"]
    assert found.verdict is Verdict.FAIL
    assert {(o.reading, o.value, str(o.outcome.verdict)) for o in found.readings} == {
        ("directors_counted", "false", "pass"),
        ("external_to", "own", "not_applicable"),
    }


def test_a_rule_of_another_school_is_set_aside_and_one_of_an_unnamed_school_is_asked() -> None:
    about = jury(seat(emeritus=True, president=True), defence="2026-01-15")
    for schools, verdict in (
        ((), "fail"),
        (("shs",), "fail"),
        (("smre",), "not_applicable"),
        (("smre", "shs"), "fail"),
    ):
        here = replace(about, places=(replace(LILLE, schools=frozenset(schools)), GHENT))
        assert by_rule(evaluate(LIBRARY, here))["LILLE-SHS-PRES"] == verdict


def test_each_institution_in_a_country_is_asked_by_its_law() -> None:
    paris = replace(LILLE, code="paris-13", lead=False)
    about = dossier(places=(LILLE, GHENT, paris), today="2026-01-15")
    asking = [f.institution for f in evaluate(LIBRARY, about) if f.rule.id == "FR-JURY-SIZE"]
    assert asking == ["lille", "paris-13"]
    assert [f.institution for f in evaluate(LIBRARY, about) if f.rule.id == "STAY-BUDGET"] == ["paris-13"]


def test_only_the_checks_asked_for_are_answered() -> None:
    about = dossier(today="2026-01-15")
    assert {f.rule.check.name for f in evaluate(LIBRARY, about, checks=frozenset({"jury_size"}))} == {
        "jury_size"
    }
    assert len(evaluate(LIBRARY, about)) > 100


def test_under_one_id_the_worst_verdict_stands_and_ids_that_nobody_is_asked_are_not_applicable() -> None:
    assert by_rule([], ["A"]) == {"A": Verdict.NOT_APPLICABLE}
    about = jury(director(), director("ghent"), defence="2026-01-15", places=(LILLE, GHENT, LEUVEN))
    found = [f for f in evaluate(LIBRARY, about) if f.rule.id == "BE-FL-STAY"]
    assert by_rule(found, ["BE-FL-STAY"]) == {"BE-FL-STAY": worst(f.verdict for f in found)}


ORDER = ["fail", "pending", "not_evaluable", "warn", "derogated", "pass", "not_applicable"]


def test_verdicts_stand_from_worst_to_best() -> None:
    assert [str(verdict) for verdict in Verdict] == ORDER
    for one, other in itertools.combinations(Verdict, 2):
        assert worst([other, one]) is one
        assert badness(one) < badness(other)
    assert worst([]) is Verdict.NOT_APPLICABLE


def test_findings_are_read_worst_first_then_law_before_advice() -> None:
    about = jury(*[seat("lille", gender="M")] * 3, defence="2026-01-15", today="2026-01-15")
    found = worst_first(evaluate(LIBRARY, about))
    weights = list(Severity)
    keys = [(badness(f.verdict), weights.index(f.rule.severity), f.rule.id) for f in found]
    assert keys == sorted(keys)


@pytest.mark.parametrize("severity", list(Severity))
def test_advice_that_is_not_followed_warns(severity: Severity) -> None:
    (rule,) = LIBRARY.rules["FR-JURY-SIZE"]
    outcome = answer(replace(rule, severity=severity), jury(seat()), LILLE)
    assert outcome.verdict is (Verdict.WARN if severity is Severity.RECOMMENDATION else Verdict.FAIL)
