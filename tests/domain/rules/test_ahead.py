"""Proves that what nobody can have done yet waits, and is late only once it is."""

from datetime import date, timedelta
from typing import Any

import pytest

from cotutelle.domain.calendar import Period
from cotutelle.domain.check import CHECKS
from cotutelle.domain.dossier import Agreement, Dossier, Place, Presence, Year
from cotutelle.domain.finding import Verdict
from cotutelle.domain.rules import MODULES

DAY = timedelta(days=1)
LILLE, GHENT = Place("lille", "FR", lead=True), Place("ghent", "BE")
BEGINS = date(2027, 9, 1)  # the academic year of the defence
END = date(2028, 1, 31)


def verdict(name: str, today: date, figures: dict[str, Any] | None = None, **more: Any) -> Verdict:
    assert MODULES
    dossier = Dossier((LILLE, GHENT), today=today, **more)
    return CHECKS[name].predicate(dossier, LILLE, figures or {}).verdict


@pytest.mark.parametrize(("today", "answer"), [(BEGINS - DAY, "pending"), (BEGINS, "fail")])
def test_an_enrolment_for_a_year_that_has_not_begun_is_not_missing(today: date, answer: str) -> None:
    assert verdict("autumn_cutoff", today, {"month": 12, "day": 31}, defence=END) == answer


@pytest.mark.parametrize(("today", "answer"), [(BEGINS - DAY, "not_applicable"), (BEGINS, "fail")])
def test_the_proof_of_a_year_that_is_only_planned_is_not_missing(today: date, answer: str) -> None:
    assert verdict("fees_proven", today, years=(Year("lille", 2027, None, "waived", False),)) == answer


@pytest.mark.parametrize("name", ["stays_as_agreed", "stay_by_carrier"])
def test_months_that_can_still_be_spent_are_not_missing(name: str) -> None:
    agreed = Agreement(
        "in_force", "individual", frozenset(), ("fr",), expires_on=END, minimum_stays={"ghent": 6}
    )
    stays = (Presence("ghent", Period(date(2026, 1, 1), date(2026, 3, 31)), True),)
    figures = {"carrier": 6, "partner": 3} if name == "stay_by_carrier" else {}
    last = date(2027, 11, 1)  # three months before the end
    for today, answer in ((last, "pending"), (last + DAY, "fail")):
        assert verdict(name, today, figures, convention=agreed, stays=stays) == answer
    assert verdict(name, last + DAY, figures, convention=None if name != "stays_as_agreed" else agreed, stays=stays) in (
        Verdict.PENDING, Verdict.FAIL,
    )  # fmt: skip
