"""Proves that a text acts from its day to its day, read against the day of the thesis that the rule names."""

from datetime import date

import pytest

from cotutelle.domain.dossier import Dossier
from cotutelle.domain.evaluation import Finding, evaluate
from cotutelle.domain.finding import Verdict
from cotutelle.domain.rulebook import DatedBy
from cotutelle.rulebooks.shelf import standard
from tests.domain.rules.dossiers import (
    LILLE,
    agreement,
    director,
    dossier,
    event,
    jury,
    on,
    recorded,
    seat,
    year,
)

LIBRARY = standard()
THREE, FOUR = [seat()] * 3, [seat()] * 4


def finding(rule: str, about: Dossier) -> Finding:
    (found,) = [
        each for each in evaluate(LIBRARY, about) if each.rule.id == rule and each.institution == "lille"
    ]
    return found


def answer(rule: str, about: Dossier) -> str:
    outcome = finding(rule, about).outcome
    return f"{outcome.verdict} {outcome.say}"


def enrolled(first: str, second: str, *, today: str = "2026-01-01", **more: object) -> Dossier:
    years = (year(2021, day=first), year(2022, day=second))
    return recorded(first_enrolment=on(first), today=today, years=years, **more)


SET_ASIDE = "not_applicable not_in_force"


@pytest.mark.parametrize(
    ("rule", "about", "expected"),
    [
        ("FR-JURY-SIZE-2005", jury(*THREE, defence="2016-08-31"), "pass count"),
        ("FR-JURY-SIZE", jury(*THREE, defence="2016-08-31"), SET_ASIDE),
        ("FR-JURY-SIZE-2005", jury(*THREE, defence="2016-09-01"), SET_ASIDE),
        ("FR-JURY-SIZE", jury(*THREE, defence="2016-09-01"), "fail count"),
        ("FR-JURY-SIZE", jury(*FOUR, defence="2016-09-01"), "pass count"),
        ("FR-DIR-NOVOTE", jury(director(decides=True), defence="2016-08-31"), SET_ASIDE),
        ("FR-DIR-NOVOTE", jury(director(decides=True), defence="2016-09-01"), "fail count"),
        ("FR-REMOTE", jury(seat(president=True, remote=True), authorised=True, defence="2016-08-31"), SET_ASIDE),
        ("FR-REMOTE", jury(seat(president=True, remote=True), authorised=True, defence="2020-11-03"),
         "fail president"),
        ("FR-REMOTE", jury(seat(president=True, remote=True), authorised=True, defence="2020-11-04"),
         "pass authorised"),
        ("FR-OATH", recorded(defence=on("2022-12-31"), oath="2022-12-31"), SET_ASIDE),
        ("FR-OATH", recorded(defence=on("2023-01-01"), oath="2023-01-01"), "pass on"),
        ("FR-OATH", recorded(defence=on("2023-01-01"), today="2023-01-02"), "not_evaluable not_recorded"),
        ("FR-DIPLOMA-HOLD", recorded(defence=on("2022-08-31"), corrections_asked="2022-08-31", diploma="2022-09-30"),
         SET_ASIDE),
        ("FR-DIPLOMA-HOLD", recorded(defence=on("2022-09-01"), corrections_asked="2022-09-01", diploma="2022-09-30"),
         "fail missing"),
        ("FR-CHARTER", dossier(first_enrolment="2016-08-31", today="2026-01-01"), SET_ASIDE),
        ("FR-CHARTER", dossier(first_enrolment="2016-09-01", today="2026-01-01"), "not_evaluable not_recorded"),
        ("FR-CHARTER-INTEGRITY", dossier(first_enrolment="2022-12-30", today="2026-01-01"), SET_ASIDE),
        ("FR-CHARTER-INTEGRITY", dossier(first_enrolment="2022-12-31", today="2026-01-01"),
         "not_evaluable not_recorded"),
        ("FR-CSI-BEFORE", enrolled("2021-10-01", "2022-12-30", committee="2021-09-01"), "not_applicable not_due"),
        ("FR-CSI-BEFORE", enrolled("2021-10-01", "2022-12-31", committee="2021-09-01"), "fail lacking"),
        ("FR-CSI-BEFORE", enrolled("2021-10-01", "2022-12-31", committee="2022-12-31"), "pass each"),
        ("FR-CSI-BEFORE", enrolled("2021-10-01", "2022-12-31", committee="2022-12-31", today="2022-12-30"),
         "pass each"),
        ("FR-CSI-COMP", recorded(committee=event("2022-12-30", specialist=False, field_outsider=True)), SET_ASIDE),
        ("FR-CSI-COMP", recorded(committee=event("2022-12-31", specialist=False, field_outsider=True)),
         "fail answer"),
        ("FR-CSI-COMP", recorded(committee=event("2022-12-30", specialist=False), today="2026-01-01"), SET_ASIDE),
        ("FR-CSI-STEPS", recorded(committee=event("2022-12-30", steps=[1])), SET_ASIDE),
        ("FR-CSI-STEPS", recorded(committee=event("2022-12-31", steps=[1])), "fail count"),
        ("FR-CSI-NODIR", recorded(committee=event("2022-12-30", in_direction=True)), "fail answer"),
        ("FR-CSI-NODIR", recorded(committee=event("2016-08-31", in_direction=True)), SET_ASIDE),
    ],
)  # fmt: skip
def test_a_text_acts_from_its_day(rule: str, about: Dossier, expected: str) -> None:
    assert answer(rule, about) == expected


def test_a_third_enrolment_under_the_older_text_asks_for_a_meeting_as_well() -> None:
    years = tuple(year(n, day=f"{n}-10-01") for n in (2018, 2019, 2020))
    assert answer("FR-CSI-BEFORE", recorded(years=years, committee="2018-11-01")) == "fail lacking"
    assert answer("FR-CSI-BEFORE", recorded(years=years, committee="2020-10-01")) == "pass each"


def test_of_two_texts_the_worse_answer_stands_with_its_own_figures() -> None:
    years = tuple(year(n, day=f"{n}-10-01") for n in (2020, 2021, 2022, 2023))
    late = recorded(years=years, committee=(*event("2021-06-01"), *event("2022-06-01")))  # none before 2023
    assert finding("FR-CSI-BEFORE", late).rule.begin == date(2022, 12, 31)
    assert finding("FR-CSI-BEFORE", late).outcome.observed["ranks"] == (4,)
    early = recorded(years=years, committee=(*event("2021-06-01"), *event("2023-06-01")))  # none before 2022
    assert finding("FR-CSI-BEFORE", early).rule.until == date(2022, 12, 30)
    assert finding("FR-CSI-BEFORE", early).outcome.observed["ranks"] == (3,)


def test_a_day_that_is_not_known_yet_is_taken_as_today_and_without_any_the_newest_text_speaks() -> None:
    remote = jury(seat(president=True, remote=True), authorised=True)
    assert answer("FR-REMOTE", remote) == "pass authorised"
    today = jury(seat(president=True, remote=True), authorised=True, today="2019-05-01")
    assert answer("FR-REMOTE", today) == "fail president"


def test_one_text_at_a_time_holds_for_any_rule_on_any_day() -> None:
    for entries in LIBRARY.rules.values():
        days = {day for rule in entries for day in (rule.begin, rule.until) if day}
        for day in days:
            assert sum(rule.in_force(day) for rule in entries) <= 1, (entries[0].id, day)


def test_no_french_order_of_2016_is_asked_of_an_earlier_defence() -> None:
    before = jury(*FOUR, defence="2016-08-31", today="2016-08-31", first_enrolment="2013-10-01",
                  convention=agreement(), years=tuple(year(n) for n in (2013, 2014, 2015)))  # fmt: skip
    for each in evaluate(LIBRARY, before):
        if "25 mai 2016" in each.rule.source.text and each.institution == LILLE.code:
            assert each.verdict is Verdict.NOT_APPLICABLE, each.rule.id


def test_every_way_of_dating_is_used_by_some_shipped_rule_but_one() -> None:
    used = {rule.dated_by for entries in LIBRARY.rules.values() for rule in entries}
    assert set(DatedBy) - used == {
        DatedBy.SIGNATURE
    }  # kept for universities whose rules follow the convention
