"""Proves that compositions of juries are all that the rules allow, and that what is called impossible is."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from cotutelle.domain.composition import COUNTING, Composition, Solution, solve
from cotutelle.domain.dossier import Dossier, Place, Readings
from cotutelle.domain.finding import Severity, Verdict
from cotutelle.domain.jury import Jury, Seat
from cotutelle.domain.rulebook import Rule, entry_on
from cotutelle.domain.rules import CHECKS
from cotutelle.rulebooks.shelf import standard
from tests.domain.rules.dossiers import on

LIBRARY = standard()
Asked = tuple[tuple[Rule, Place], ...]
PRUDENT = Readings()
MET = (Verdict.PASS, Verdict.NOT_APPLICABLE)


def places(*codes: str, **schools: str) -> tuple[Place, ...]:
    """Institutions by their codes; a school where one is named."""
    found = [LIBRARY.place(code, lead=n == 0) for n, code in enumerate(codes)]
    return tuple(
        replace(place, schools=frozenset({schools[place.code]} if place.code in schools else ()))
        for place in found
        if place
    )


def asked(here: tuple[Place, ...], *, schools: bool = False) -> Asked:
    """The rules of their juries that are no mere advice; those of unnamed schools in or out."""
    about = Dossier(here, on("2026-10-01"), defence=on("2026-10-01"))
    return tuple(
        (rule, place)
        for place in here
        for entries in LIBRARY.asked_of(place)
        if (rule := entry_on(entries, about)) is not None
        and rule.check.name in COUNTING
        and rule.severity is not Severity.RECOMMENDATION
        and (
            not rule.scope.school
            or (rule.scope.school.casefold() in place.schools if place.schools else schools)
        )
    )


@cache
def solved(*codes: str, schools: bool = False) -> Solution:
    here = places(*codes)
    return solve(Dossier(here, defence=on("2026-10-01")), asked(here, schools=schools))


def meets(
    here: tuple[Place, ...], seats: tuple[Seat, ...], rules: Asked, readings: Readings = PRUDENT
) -> bool:
    about = Dossier(here, defence=on("2026-10-01"), readings=readings, jury=Jury(seats))
    return all(rule.check.predicate(about, place, rule.figures).verdict in MET for rule, place in rules)


def every_jury(here: tuple[Place, ...], most: int) -> Iterator[tuple[Seat, ...]]:
    """Each institution's director, and every choice of others: professors or not, of any institution or of none."""
    codes = [place.code for place in here]
    directors = [Seat(f"d-{code}", code, rank="A", supervision="director", decides=False) for code in codes]
    kinds = list(itertools.product([*codes, "elsewhere"], "AB"))
    for n in range(most - len(codes) + 1):
        for chosen in itertools.combinations_with_replacement(kinds, n):
            others = [Seat(f"m-{i}", code, rank=rank) for i, (code, rank) in enumerate(chosen)]
            yield (*directors, *others)


PAIRS = [("lille", "ghent"), ("lille", "ku-leuven"), ("lille", "laval"), ("lille", "ulb"), ("lille", "bologna"), ("lille", "kent")]  # fmt: skip


@pytest.mark.parametrize(
    ("partner", "sizes"),
    [
        ("ghent", [7, 8]),
        ("ku-leuven", [8]),
        ("laval", [8]),
        ("ulb", [5, 6, 7, 8]),
        ("bologna", [4, 5, 6, 7, 8]),
        ("kent", [4, 5, 6, 7, 8]),
    ],
)
def test_sizes_that_satisfy_lille_and_its_partner(partner: str, sizes: list[int]) -> None:
    assert sorted({c.members for c in solved("lille", partner).feasible}) == sizes


def test_the_smallest_for_lille_and_ghent_is_seven_of_whom_five_vote() -> None:
    smallest = solved("lille", "ghent").smallest
    assert smallest
    assert (smallest.members, smallest.voters, len(smallest.directors)) == (7, 5, 2)
    assert smallest.external >= 4


@pytest.mark.parametrize("partner", ["ku-leuven", "laval"])
def test_with_professors_beside_the_directors_exactly_half_of_eight_come_from_outside(partner: str) -> None:
    for each in solved("lille", partner).feasible:
        assert (each.members, each.external, each.of("lille"), each.of(partner)) == (8, 4, 2, 2)


@pytest.mark.parametrize("codes", PAIRS, ids="-".join)
def test_every_composition_said_to_be_possible_passes_every_rule(codes: tuple[str, ...]) -> None:
    here, found = places(*codes), solved(*codes)
    assert found.feasible
    for each in found.feasible:
        assert meets(here, each.seats(), found.rules)
        assert each.members == len(each.seats())
        assert each.rank_a == sum(seat.rank == "A" for seat in each.seats())
        assert each.external == sum(seat.institution == "elsewhere" for seat in each.seats())


@pytest.mark.parametrize("codes", PAIRS, ids="-".join)
def test_no_jury_that_passes_is_of_a_size_called_impossible(codes: tuple[str, ...]) -> None:
    here, found = places(*codes), solved(*codes)
    sizes = {len(seats) for seats in every_jury(here, 8) if meets(here, seats, found.rules)}
    assert sizes == {each.members for each in found.feasible}


EXCLUDING = [
    (places("lille", "ghent", ghent="di"), {"FR-JURY-EXT-BOTH", "BE-UG-HALF"}),
    (places("lille", "ghent", "laval"), {"FR-JURY-SIZE", "FR-JURY-EXT-BOTH", "QC-PROF"}),
    (places("lille", "ghent", "ku-leuven"), {"FR-JURY-SIZE", "FR-JURY-EXT-BOTH", "BE-KUL-PROF"}),
    (places("lille", "ghent", "ku-leuven", "laval"), {"FR-JURY-SIZE", "BE-UG-VOTERS"}),
]


@pytest.mark.parametrize(("here", "ids"), EXCLUDING, ids=["DI", "Laval", "Leuven", "all"])
def test_rules_that_exclude_each_other_are_named_exactly(here: tuple[Place, ...], ids: set[str]) -> None:
    found = solve(Dossier(here, defence=on("2026-10-01")), asked(here))
    assert found.smallest is None
    assert {rule.id for rule in found.excluding} == ids


@pytest.mark.parametrize(("here", "ids"), EXCLUDING[:2], ids=["DI", "Laval"])
def test_rules_said_to_exclude_each_other_do_and_none_of_them_could_be_left_out(
    here: tuple[Place, ...], ids: set[str]
) -> None:
    rules = tuple((rule, place) for rule, place in asked(here) if rule.id in ids)
    assert not any(meets(here, seats, rules) for seats in every_jury(here, 9))
    for left in ids:
        fewer = tuple((rule, place) for rule, place in rules if rule.id != left)
        assert any(meets(here, seats, fewer) for seats in every_jury(here, 10)), left


def test_ghent_s_faculty_and_the_literal_reading_can_be_met_together() -> None:
    here = places("lille", "ghent", ghent="di")
    literal = Dossier(here, defence=on("2026-10-01"), readings=Readings(external_to="own"))
    found = solve(literal, asked(here))
    assert found.smallest
    assert found.excluding == ()
    assert meets(here, found.smallest.seats(), found.rules, literal.readings)


def test_each_institution_reads_its_own_rules_as_it_chose() -> None:
    here = places("ghent", "lille", ghent="di")
    prudent = Dossier(here, defence=on("2026-10-01"))
    literal = replace(prudent, readings_of={"lille": Readings(external_to="own")})
    other = replace(prudent, readings_of={"ghent": Readings(external_to="own")})
    assert solve(literal, asked(here)).smallest
    assert solve(other, asked(here)).smallest is None
    assert solve(prudent, asked(here)).smallest is None


def test_a_faculty_that_nobody_named_is_asked_only_where_schools_are() -> None:
    assert solved("lille", "ghent").feasible
    assert not solved("lille", "ghent", schools=True).feasible


def test_no_more_seats_are_tried_than_asked_for_nor_than_any_rule_of_size_allows() -> None:
    here = places("lille", "ghent")
    few = solve(Dossier(here, defence=on("2026-10-01")), asked(here), most=7)
    assert {c.members for c in few.feasible} == {7}
    assert max(c.members for c, _mask in solved("lille", "ghent").tried) == 8
    assert max(c.members for c, _mask in solve(Dossier(here), ()).tried) == 9


def test_without_rules_every_composition_is_possible() -> None:
    found = solve(Dossier(places("lille", "ghent")), ())
    assert len(found.feasible) == len(found.tried)
    assert found.smallest == Composition(
        ("lille", "ghent"), (("lille", 0), ("ghent", 0), ("", 0)), (("", 0),)
    )


def test_checks_that_count_are_checks_of_juries() -> None:
    assert CHECKS.keys() >= COUNTING
