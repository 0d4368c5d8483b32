"""Proves which rules are asked of whom, by which name and on which day."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cotutelle.domain.check import CHECKS
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Certainty, Severity, Source
from cotutelle.domain.rulebook import DatedBy, Library, Rule, Rulebook, Scope, entry_on, squashed
from cotutelle.rulebooks.shelf import standard
from tests.domain.rules.dossiers import GHENT, LILLE, agreement, dossier, event, on, recorded

LIBRARY = standard()
BELGIUM, FLANDERS, SOMEWHERE = Scope("BE"), Scope("BE", "BE-VLG"), Scope("BE", "BE-VLG", "ghent")


def rule(begin: str = "", until: str = "", dated_by: DatedBy = DatedBy.TODAY) -> Rule:
    return Rule(
        "A", "book", BELGIUM, CHECKS["jury_size"], {}, Severity.LEGAL, Certainty.SOURCED, Source("x"),
        on(begin) if begin else None, on(until) if until else None, dated_by,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("begin", "until", "day", "holds"),
    [
        ("", "", "1900-01-01", True),
        ("2016-09-01", "", "2016-08-31", False),
        ("2016-09-01", "", "2016-09-01", True),
        ("", "2016-08-31", "2016-08-31", True),
        ("", "2016-08-31", "2016-09-01", False),
        ("2016-09-01", "2016-09-01", "2016-09-01", True),
    ],
)
def test_a_rule_holds_from_its_first_day_to_its_last(begin: str, until: str, day: str, holds: bool) -> None:
    assert rule(begin, until).in_force(on(day)) is holds


@pytest.mark.parametrize(
    ("dated_by", "about", "day"),
    [
        (DatedBy.FIRST_ENROLMENT, dossier(first_enrolment="2020-01-01", today="2026-01-01"), "2020-01-01"),
        (DatedBy.FIRST_ENROLMENT, dossier(today="2026-01-01"), "2026-01-01"),
        (DatedBy.DEFENCE, dossier(defence="2021-01-01", today="2026-01-01"), "2021-01-01"),
        (DatedBy.DEFENCE, dossier(today="2026-01-01"), "2026-01-01"),
        (DatedBy.SIGNATURE, dossier(convention=agreement(signed_on="2022-01-01"), today="2026-01-01"), "2022-01-01"),
        (DatedBy.SIGNATURE, dossier(convention=agreement(), today="2026-01-01"), "2026-01-01"),
        (DatedBy.COMMITTEE, recorded(committee=(*event("2022-01-01"), *event("2023-01-01")), today="2026-01-01"),
         "2023-01-01"),
        (DatedBy.COMMITTEE, dossier(today="2026-01-01"), "2026-01-01"),
        (DatedBy.TODAY, dossier(defence="2021-01-01", today="2026-01-01"), "2026-01-01"),
        (DatedBy.TODAY, dossier(defence="2021-01-01"), "2021-01-01"),
    ],
)  # fmt: skip
def test_a_text_is_chosen_by_the_day_that_the_rule_names(dated_by: DatedBy, about: Dossier, day: str) -> None:
    entry = rule(day, day, dated_by)
    assert entry_on((rule("", "1950-01-01", dated_by), entry), about) is entry


def test_without_any_day_the_newest_text_is_taken_and_between_two_texts_none() -> None:
    old, new = rule("", "2000-01-01"), rule("2010-01-01")
    assert entry_on((old, new), dossier()) is new
    assert entry_on((old, new), dossier(today="2005-01-01")) is None


@pytest.mark.parametrize(
    ("severity", "certainty", "binds", "confirmed"),
    [
        (Severity.LEGAL, Certainty.SOURCED, True, True),
        (Severity.INSTITUTIONAL, Certainty.SOURCED, True, True),
        (Severity.RECOMMENDATION, Certainty.SOURCED, False, False),
        (Severity.LEGAL, Certainty.INTERPRETATION, False, True),
        (Severity.INSTITUTIONAL, Certainty.TO_VERIFY, False, True),
        (Severity.RECOMMENDATION, Certainty.TO_VERIFY, False, False),
    ],
)
def test_only_what_was_read_in_its_source_or_confirmed_may_refuse(
    severity: Severity, certainty: Certainty, binds: bool, confirmed: bool
) -> None:
    given = replace(rule(), severity=severity, certainty=certainty)
    assert given.binding is binds
    assert Library(()).binds(given) is binds
    assert Library((), frozenset({given.key})).binds(given) is confirmed


@pytest.mark.parametrize(
    "change",
    [
        {"figures": {"least": 2}},
        {"source": Source("another text")},
        {"begin": date(2030, 1, 1)},
        {"scope": Scope("FR")},
        {"severity": Severity.INSTITUTIONAL},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_confirmation_is_of_the_rule_as_it_stood_not_of_what_takes_its_name(change: dict[str, Any]) -> None:
    given = replace(rule(), severity=Severity.LEGAL, certainty=Certainty.INTERPRETATION)
    library = Library((), frozenset({given.key}))
    assert library.binds(given)
    assert library.binds(replace(given, until=date(2030, 1, 1))), "it binds to its last day"
    assert not library.binds(replace(given, **change))


@pytest.mark.parametrize(
    ("scope", "covered"),
    [(BELGIUM, True), (FLANDERS, True), (SOMEWHERE, True), (Scope("FR"), False), (Scope("BE", "BE-WBR"), False),
     (Scope("BE", "BE-VLG", "vub"), False), (Scope("BE", "BE-VLG", "ghent", "DI"), True)],
)  # fmt: skip
def test_an_institution_stands_under_its_country_its_region_and_itself(scope: Scope, covered: bool) -> None:
    assert scope.covers(GHENT) is covered


def test_each_institution_is_asked_by_its_own_laws_alone() -> None:
    ghent = {entries[0].id for entries in LIBRARY.asked_of(GHENT)}
    assert {"BE-UG-VOTERS", "BE-FL-BOTH"} <= ghent
    assert not {id_ for id_ in ghent if id_.startswith(("FR-", "LILLE-", "BE-KUL-", "BE-WB-"))}
    lille = {entries[0].id for entries in LIBRARY.asked_of(LILLE)}
    assert {"FR-JURY-SIZE", "LILLE-SHS-PRES"} <= lille
    assert "FR-SAC-STAY" not in lille
    assert LIBRARY.asked_of(Place("nowhere")) == ()


@pytest.mark.parametrize("name", ["lille", "ULILLE", "Univ_Lille", "univ-lille", "U LILLE"])
def test_an_institution_is_known_by_all_its_names(name: str) -> None:
    assert LIBRARY.code(name) == "lille"
    place = LIBRARY.place(name, lead=True)
    assert place
    assert (place.code, place.country, place.name, place.lead) == ("lille", "FR", "Lille", True)


def test_a_name_that_no_rulebook_knows_stays_itself_and_is_no_institution() -> None:
    assert LIBRARY.code("Sorbonne_U") == "sorbonneu"
    assert LIBRARY.place("Sorbonne_U") is None


def test_schools_are_known_by_their_codes_and_other_names() -> None:
    assert LIBRARY.schools("ghent", ["Veterinary Medicine", "LW", "XY"]) == {"di", "lw", "xy"}
    assert LIBRARY.schools("nowhere", ["DI"]) == {"di"}
    assert LIBRARY.schools("ghent", []) == frozenset()


def test_codes_are_compared_without_case_hyphen_underscore_and_blank() -> None:
    assert squashed("KU-Leuven") == squashed("ku_leuven") == squashed("KU LEUVEN") == "kuleuven"


def test_every_rule_of_a_book_is_found_by_its_id_the_oldest_entry_first() -> None:
    assert sum(len(entries) for entries in LIBRARY.rules.values()) == sum(
        len(book.rules) for book in LIBRARY.books
    )
    assert [entry.begin for entry in LIBRARY.rules["FR-REMOTE"]] == [date(2016, 9, 1), date(2020, 11, 4)]


def test_of_two_books_with_one_name_the_first_keeps_it() -> None:
    first = Rulebook("a", {}, Scope("FR", institution="here"), None, (), ("X",))
    second = Rulebook("b", {}, Scope("FR", institution="there"), None, (), ("X",))
    assert Library((first, second)).code("x") == "here"
