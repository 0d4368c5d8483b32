"""Proves the rules on stays at their edges: the last day that is enough, planned and done, and what may still come."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from cotutelle.domain.dossier import Dossier
from tests.domain.rules.dossiers import (
    GHENT,
    LAVAL,
    LILLE,
    Asked,
    Case,
    agreement,
    dossier,
    on,
    say,
    stay,
    year,
)

NOBODY = dossier()
HALF_YEAR = stay("ghent", "2024-02-01", "2024-07-31")
TOO_SHORT = stay("ghent", "2024-02-01", "2024-07-29")
YEAR_HERE = stay("lille", "2024-09-01", "2025-08-31")
THIRD = stay("laval", "2025-09-01", "2026-02-28")

own = Asked("stay_minimum", at="own", months=6)
other = Asked("stay_minimum", at="other", months=6)
each = Asked("stay_minimum", at="each", months=6)
either = Asked("stay_minimum", at="either", months=6)
quarter = Asked("stay_minimum", at="each", share="1/4")
between = Asked("stay_minimum", at="other", months=6, most=18)
about_half = Asked("stay_minimum", at="each", share="2/5", most_share="3/5")
signed_first = Asked("stay_minimum", at="own", months=6, after_signature=True)
planned = Asked("stays_planned")
recorded = Asked("stays_recorded")
promised = Asked("stays_as_agreed")
feasible = Asked("stays_feasible")
carrier = Asked("stay_by_carrier", carrier=6, partner=3)
unbroken = Asked("enrolled_uninterrupted")
money = Asked("stay_money", amount=760)


def staying(*stays: Any, end: str | None = None, **more: Any) -> Dossier:
    return dossier(stays=tuple(stays), defence=end, **more)


def promising(*stays: Any, **months: int) -> Dossier:
    return over(*stays, convention=agreement(minimum_stays=months))


def over(*stays: Any, **more: Any) -> Dossier:
    """Stays of a thesis that has no day left for another."""
    return dossier(stays=tuple(stays), defence="2025-12-31", today="2025-12-31", **more)


def lasting(months: int, **least: int) -> Dossier:
    return dossier(duration_months=months, convention=agreement(minimum_stays=least))


CASES = (
    own("1 February to 31 July is six months", staying(HALF_YEAR), "pass months", at=GHENT, months={"ghent": 6}),
    own("to 30 July as well, for months are filled by thirtieths", staying(stay("ghent", "2024-02-01", "2024-07-30")),
        "pass months", at=GHENT, months={"ghent": 6}),
    own("to 29 July is not", staying(TOO_SHORT), "fail months", at=GHENT),
    own("two stays that touch are one",
        staying(stay("ghent", "2024-01-15", "2024-04-14"), stay("ghent", "2024-04-15", "2024-07-14")), "pass months",
        at=GHENT, months={"ghent": 6}),
    own("a stay planned and done counts once", staying(TOO_SHORT, stay("ghent", "2024-02-01", "2024-04-30", done=True)),
        "fail months", at=GHENT),
    own("planned and done add up before the defence", staying(stay("ghent", "2024-02-01", "2024-04-30", done=True),
        stay("ghent", "2025-02-01", "2025-04-30"), end="2025-12-12", today="2025-12-12"), "pass months", at=GHENT),
    own("after it only what was done counts", staying(stay("ghent", "2024-02-01", "2024-04-30", done=True),
        stay("ghent", "2025-02-01", "2025-06-30"), end="2025-12-12", today="2025-12-13"), "fail months", at=GHENT,
        months={"ghent": 3}),
    own("what is missing may come until its last day", staying(YEAR_HERE, end="2026-12-31", today="2026-07-01"),
        "pending open", at=GHENT, last=on("2026-07-01")),
    own("not a day later", staying(YEAR_HERE, end="2026-12-31", today="2026-07-02"), "fail months", at=GHENT),
    own("with no stay at all it may come as well", staying(end="2026-12-31", today="2026-07-01"), "pending open",
        at=GHENT),
    own("the end of the convention is the end while no defence is planned",
        dossier(today="2026-07-02", stays=(YEAR_HERE,), convention=agreement(expires_on="2026-12-31")),
        "fail months", at=GHENT),
    own("no stay and no end are no answer", NOBODY, "not_evaluable unknown", at=GHENT),
    other("a stay at the partner is enough", staying(HALF_YEAR), "pass months", months={"ghent": 6}),
    other("of two partners each is asked", staying(HALF_YEAR, places=(LILLE, GHENT, LAVAL)), "fail months",
          months={"ghent": 6, "laval": 0}),
    each("both are asked", staying(HALF_YEAR), "fail months", months={"lille": 0, "ghent": 6}),
    each("and both are enough", staying(HALF_YEAR, YEAR_HERE), "pass months"),
    each("what is missing at two places takes the time of both",
         staying(end="2026-12-31", today="2026-01-01"), "pending open", last=on("2026-01-01")),
    each("nobody makes it up in two places at once", staying(end="2026-12-31", today="2026-01-02"), "fail months"),
    either("one is enough", staying(HALF_YEAR), "pass months"),
    either("three months at each are not", staying(stay("ghent", "2024-02-01", "2024-04-30"),
           stay("lille", "2024-05-01", "2024-07-31")), "fail months"),
    either("what is missing may come where least is missing",
           staying(stay("ghent", "2024-02-01", "2024-04-30"), end="2026-12-31", today="2026-10-01"), "pending open",
           last=on("2026-10-01")),
    quarter("a quarter of thirty-six months is nine", staying(stay("ghent", "2024-01-01", "2024-09-30"), YEAR_HERE,
            duration_months=36), "pass months"),
    quarter("a day less is not", staying(stay("ghent", "2024-01-01", "2024-09-29"), YEAR_HERE, duration_months=36),
            "fail months"),
    quarter("of a duration not said nothing is a quarter", staying(HALF_YEAR, YEAR_HERE), "not_evaluable unknown"),
    between("eighteen months are not too long", staying(stay("ghent", "2024-01-01", "2025-06-30")), "pass months"),
    between("a day more is", staying(stay("ghent", "2024-01-01", "2025-07-01")), "fail too_long"),
    between("and no time to come makes it right",
            staying(stay("ghent", "2024-01-01", "2025-07-01"), end="2027-12-31", today="2026-01-01"),
            "fail too_long"),
    about_half("two fifths and three fifths are about half",
               staying(stay("ghent", "2024-01-01", "2024-04-30"), stay("lille", "2024-05-01", "2024-10-31"),
                       duration_months=10), "pass months"),
    about_half("seven of ten months are more",
               staying(stay("ghent", "2024-01-01", "2024-04-30"), stay("lille", "2024-05-01", "2024-11-30"),
                       duration_months=10), "fail too_long"),
    signed_first("from the day of the signature on they count",
                 staying(HALF_YEAR, convention=agreement("in_force", signed_on="2024-02-01")), "pass months",
                 at=GHENT),
    signed_first("what lies before it does not",
                 staying(HALF_YEAR, convention=agreement("in_force", signed_on="2024-02-03")), "fail months",
                 at=GHENT),
    signed_first("on its very day a day counts",
                 staying(HALF_YEAR, convention=agreement("in_force", signed_on="2024-07-31")), "fail months",
                 at=GHENT, months={"ghent": Fraction(1, 30)}),
    signed_first("a stay that was over adds nothing",
                 staying(HALF_YEAR, stay("ghent", "2025-01-01", "2025-06-30"),
                         convention=agreement("in_force", signed_on="2024-08-01")), "pass months", at=GHENT,
                 months={"ghent": 6}),
    signed_first("without a signature nothing counts", staying(HALF_YEAR), "fail months", at=GHENT,
                 months={"ghent": 0}),
    planned("a plan for every institution is in order", staying(HALF_YEAR, YEAR_HERE), "pass covered", n=2),
    planned("an institution left out is not", staying(HALF_YEAR), "fail lacking", institutions=("lille",)),
    planned("a stay already done covers its institution",
            staying(stay("ghent", "2024-02-01", "2024-07-31", done=True), YEAR_HERE), "pass covered"),
    planned("two places on one day are not", staying(HALF_YEAR, stay("lille", "2024-07-31", "2025-07-31")),
            "fail overlap", institutions=("ghent", "lille")),
    planned("one after the other are", staying(HALF_YEAR, stay("lille", "2024-08-01", "2025-07-31")), "pass covered"),
    planned("from the first day on is inside", staying(HALF_YEAR, YEAR_HERE, start="2024-02-01"), "pass covered"),
    planned("the day before it is not", staying(HALF_YEAR, YEAR_HERE, start="2024-02-02"), "fail outside"),
    planned("what was done before it is no part of the plan",
            staying(HALF_YEAR, YEAR_HERE, stay("lille", "2023-01-01", "2023-02-01", done=True), start="2024-02-01"),
            "pass covered", n=2),
    planned("until the last day is inside",
            staying(HALF_YEAR, YEAR_HERE, convention=agreement(expires_on="2025-08-31")), "pass covered"),
    planned("the day after it is not",
            staying(HALF_YEAR, YEAR_HERE, convention=agreement(expires_on="2025-08-30")), "fail outside"),
    planned("no plan is no answer", NOBODY, "not_evaluable unknown"),
    recorded("a stay of the past that was done is in order",
             staying(HALF_YEAR, stay("ghent", "2024-02-05", "2024-07-01", done=True), today="2024-09-01"),
             "pass count", n=0, of=1),
    recorded("one that nobody recorded is not", staying(HALF_YEAR, today="2024-08-01"), "fail count", n=1),
    recorded("on its last day it is not past", staying(HALF_YEAR, today="2024-07-31"), "not_applicable none_past"),
    recorded("one done elsewhere does not stand for it",
             staying(HALF_YEAR, stay("lille", "2024-02-05", "2024-07-01", done=True), today="2024-09-01"),
             "fail count"),
    recorded("while nobody says which day it is it is open", staying(HALF_YEAR), "not_evaluable unknown"),
    promised("as many as promised are in order", promising(HALF_YEAR, ghent=6), "pass each"),
    promised("two days fewer are not", promising(stay("ghent", "2024-02-01", "2024-07-28"), ghent=6), "fail short", institutions=("ghent",)),
    promised("a place without a stay is short", promising(HALF_YEAR, ghent=6, lille=1), "fail short",
             institutions=("lille",)),
    promised("where nothing is promised it is open", promising(HALF_YEAR), "not_evaluable unknown"),
    promised("without a convention it is open", staying(HALF_YEAR), "not_evaluable unknown"),
    feasible("twelve and twenty-four fit into thirty-six", lasting(36, lille=12, ghent=24), "pass sum", months=36),
    feasible("not into thirty-five", lasting(35, lille=12, ghent=24), "fail sum"),
    feasible("a duration not said is open", promising(ghent=6), "not_evaluable unknown", facts=("duration_months",)),
    feasible("where nothing is promised it is open", dossier(duration_months=36), "not_evaluable unknown",
             facts=("minimum_stay",)),
    carrier("whoever carries the thesis asks for six months at the others", staying(HALF_YEAR), "pass months"),
    carrier("those at all the others together", staying(stay("ghent", "2024-02-01", "2024-04-30"),
            stay("laval", "2024-05-01", "2024-07-31"), places=(LILLE, GHENT, LAVAL)), "pass months"),
    carrier("five are not enough", over(stay("ghent", "2024-02-01", "2024-06-30")), "fail months"),
    carrier("whoever does not carries asks for three here",
            staying(stay("lille", "2024-02-01", "2024-04-30"), convention=agreement(main_institution="ghent")),
            "pass months"),
    carrier("two days less are not", over(stay("lille", "2024-02-01", "2024-04-28"),
            convention=agreement(main_institution="ghent")), "fail months"),
    carrier("while nobody leads it is open", staying(HALF_YEAR, places=(GHENT, LAVAL)), "not_evaluable unknown"),
    unbroken("year after year is in order", dossier(years=(year(2023, "laval"), year(2024, "laval")),
             places=(LILLE, LAVAL)), "pass each", at=LAVAL, n=2),
    unbroken("a year left out is not", dossier(years=(year(2023, "laval"), year(2025, "laval")),
             places=(LILLE, LAVAL)), "fail holes", at=LAVAL, years=(2024,)),
    unbroken("our own years do not fill it", dossier(years=(year(2023, "laval"), year(2024), year(2025, "laval")),
             places=(LILLE, LAVAL)), "fail holes", at=LAVAL),
    unbroken("without any enrolment it is open", NOBODY, "not_evaluable unknown", at=LAVAL),
    money("the sum of all that is paid counts", staying(YEAR_HERE, monthly_amounts=(Decimal(500), Decimal(260))),
          "pass amount", amount=Decimal(760)),
    money("a cent less is not enough", staying(YEAR_HERE, monthly_amounts=(Decimal("759.99"),)), "fail amount"),
    money("a stay elsewhere asks for nothing here", staying(HALF_YEAR, monthly_amounts=(Decimal(1),)),
          "not_applicable no_stay"),
    money("an amount not said is open", staying(YEAR_HERE), "not_evaluable unknown"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_stays_are_judged_as_their_edges_ask(case: Case) -> None:
    case.holds()


def test_the_last_day_for_what_is_missing_is_never_too_late() -> None:
    outcome = own("", staying(TOO_SHORT, end="2026-12-31", today="2026-01-01"), "", at=GHENT).outcome
    assert outcome.observed["last"] == date(2026, 12, 31)
    assert outcome.required["months"] == 6
