"""Proves the rules on enrolment and fees: each year, one payer, two calendars, and what is not said."""

from dataclasses import replace
from typing import Any

import pytest

from cotutelle.domain.dossier import Dossier, Year
from tests.domain.rules.dossiers import (
    GHENT,
    LILLE,
    UFMG,
    Asked,
    Case,
    agreement,
    dossier,
    event,
    leave,
    on,
    recorded,
    say,
    stay,
    year,
)

NOBODY = dossier()
FIRST = on("2023-10-01")

yearly = Asked("enrolled_yearly")
everywhere = Asked("enrolled_everywhere")
autumn = Asked("autumn_cutoff", month=12, day=31)
access = Asked("access_diploma")
opinions = Asked("enrolment_opinions")
second_opinion = Asked("second_opinion_offered")
once = Asked("fees_once")
proven = Asked("fees_proven")
planned = Asked("fees_planned")
alternate = Asked("fees_alternate")
at_home = Asked("fees_paid_at", at="home")
where_staying = Asked("fees_paid_at", at="stay")
anywhere = Asked("fees_paid_at", at="either")
ticket = Asked("campus_ticket")
thirty = Asked("credits_agreed", least=30, in_convention=True)


def enrolled(*years: Any, today: str = "2025-08-31", **more: Any) -> Dossier:
    return recorded(first_enrolment=FIRST, today=today, years=tuple(years), **more)


def in_force(*years: Any, since: str = "2024-03-01", **more: Any) -> Dossier:
    return enrolled(*years, convention=agreement("in_force", in_force_on=since), **more)


def paying(*years: Any, **more: Any) -> Dossier:
    return dossier(years=tuple(years), **more)


def conventional(state: str = "draft", **more: Any) -> Dossier:
    return dossier(convention=agreement(state, **more))


WAIVED = year(2023, fee="waived")
BLANK = frozenset({"CL-15"})

CASES = (
    yearly("both of two years are in order", enrolled(year(2023), year(2024)), "pass each", n=2),
    yearly("a year left out is not", enrolled(year(2024)), "fail lacking", years=(2023,)),
    yearly("the running year is awaited", enrolled(year(2023), year(2024), today="2025-10-01"), "pending this_year",
           years=(2025,)),
    yearly("on the last day of a year the next is not owed yet", enrolled(year(2023), year(2024), today="2025-08-31"),
           "pass each"),
    yearly("a year without its day is no enrolment",
           enrolled(year(2023), Year("lille", 2024, None, "paid", False), today="2025-08-31"), "pending this_year",
           years=(2024,)),
    yearly("after the defence nothing is owed", enrolled(year(2023), today="2026-01-01", defence=on("2024-07-01")),
           "pass each", n=1),
    yearly("a gap that covers 1 February stands for its year",
           enrolled(year(2023), absences=(leave("gap", "2024-10-01", "2025-02-01"),)), "pass each"),
    yearly("one that begins on it as well",
           enrolled(year(2023), absences=(leave("gap", "2025-02-01", "2025-09-30"),)), "pass each"),
    yearly("one that ends the day before does not",
           enrolled(year(2023), absences=(leave("gap", "2024-10-01", "2025-01-31"),), today="2025-10-01"),
           "fail lacking", years=(2024, 2025)),
    yearly("before takeover it is never late", enrolled(year(2024), followed_since=on("2024-09-01")), "pass each"),
    yearly("from the year of takeover on it is", enrolled(year(2024), followed_since=on("2024-08-31")),
           "fail lacking", years=(2023,)),
    yearly("without a first enrolment it is open", dossier(today="2025-09-01"), "not_evaluable unknown"),
    everywhere("in both each year is in order", in_force(year(2023), year(2024), year(2023, "ghent"),
               year(2024, "ghent")), "pass each", n=2),
    everywhere("one left out at the partner is not", in_force(year(2023), year(2024), year(2024, "ghent")),
               "fail lacking", years=(2023,), institutions=("ghent",)),
    everywhere("the years before it was in force ask nothing of the partner",
               in_force(year(2023), year(2024), year(2024, "ghent"), since="2024-09-01"), "pass each", n=1),
    everywhere("the running year is awaited", in_force(year(2023), year(2023, "ghent"), today="2024-10-01"),
               "pending this_year", institutions=("ghent", "lille")),
    everywhere("a year by the calendar is the one that holds the same 1 February",
               in_force(year(2023), year(2024), year(2024, "ufmg", day="2024-03-01"),
                        year(2025, "ufmg", day="2025-03-01"), places=(LILLE, UFMG)), "pass each"),
    everywhere("a year by the calendar too early is not",
               in_force(year(2023), year(2024), year(2023, "ufmg", day="2023-03-01"),
                        year(2024, "ufmg", day="2024-03-01"), places=(LILLE, UFMG), today="2026-10-01"),
               "fail lacking", institutions=("lille", "ufmg")),
    everywhere("seen from the calendar year it is the same",
               in_force(year(2023), year(2024), year(2024, "ufmg", day="2024-03-01"),
                        year(2025, "ufmg", day="2025-03-01"), places=(LILLE, UFMG), since="2024-03-01"),
               "pass each", at=UFMG, n=2),
    everywhere("before it is in force nothing is asked", enrolled(year(2023), convention=agreement("signing")),
               "not_applicable not_in_force"),
    everywhere("until the day on which it will be nothing is asked", in_force(year(2023), since="2025-09-02"),
               "not_applicable not_in_force"),
    everywhere("from the day on which it is in force it is asked", in_force(year(2024), since="2025-08-31"),
               "pending this_year", institutions=("ghent",)),
    everywhere("without a first enrolment it is open",
               dossier(today="2025-08-31", convention=agreement("in_force", in_force_on="2024-03-01")),
               "not_evaluable unknown"),
    everywhere("without a convention nothing is asked", enrolled(year(2023)), "not_applicable not_in_force"),
    autumn("a defence on the last day of the autumn asks for nothing", enrolled(defence=on("2025-12-31")), "pass on"),
    autumn("the day after it does", enrolled(defence=on("2026-01-01"), today="2025-12-31"), "fail on"),
    autumn("unless the year is enrolled", enrolled(year(2025), defence=on("2026-01-01")), "pass enrolled"),
    autumn("the year before does not do", enrolled(year(2024), defence=on("2026-01-01"), today="2025-12-31"), "fail on"),
    autumn("without a date of defence nothing is asked", NOBODY, "not_applicable no_defence"),
    access("a dispensation opens it", recorded(dispensation="2023-09-01"), "pass dispensation"),
    access("a diploma in the convention opens it", conventional(), "pass diploma"),
    access("a blank in that clause is open", conventional(lacking=frozenset({"CL-06"})), "not_evaluable unknown"),
    access("without a convention it is open", NOBODY, "not_evaluable unknown"),
    opinions("one for each year is in order",
             enrolled(year(2023), year(2024), enrolment_opinions=(*event("2023-09-15"), *event("2024-09-15"))),
             "pass each", n=2),
    opinions("a year without is open", enrolled(year(2023), year(2024), enrolment_opinions=event("2023-09-15")),
             "not_evaluable lacking", years=(2024,)),
    opinions("those of the partner are not ours", enrolled(year(2023), enrolment_opinions=event("2023-09-15", "ghent")),
             "not_evaluable lacking"),
    opinions("without any enrolment it is open", NOBODY, "not_evaluable unknown"),
    second_opinion("a notice with the offer is in order",
                   recorded(nonrenewal_notice="2025-06-01", second_opinion="2025-06-01"), "pass notice"),
    second_opinion("a notice without it is not", recorded(nonrenewal_notice="2025-06-01"), "fail notice"),
    second_opinion("without a notice nothing is asked", NOBODY, "not_applicable not_planned"),
    once("one payer a year is in order", paying(year(2023), year(2023, "ghent", fee="waived")), "pass once", n=1),
    once("two are one too many", paying(year(2023), year(2023, "ghent")), "fail twice", years=(2023,)),
    once("none because none is due is in order", paying(year(2023, fee="not_due")), "pass once"),
    once("none without a reason is open", paying(WAIVED, year(2023, "ghent", fee="waived")), "not_evaluable unsaid",
         years=(2023,)),
    once("one paid beside one not said is open", paying(year(2023), year(2023, "ghent", fee="unknown")),
         "not_evaluable unsaid"),
    once("twice in one year settles it, whatever is not said in another",
         paying(year(2023), year(2023, "ghent"), year(2024, fee="unknown")), "fail twice"),
    once("one payer after the other is in order", paying(year(2023), year(2024, "ghent")), "pass once", n=2),
    once("two calendars meet by the 1 February that they share",
         paying(year(2023), year(2024, "ufmg", day="2024-03-01"), places=(LILLE, UFMG)), "fail twice", years=(2023,)),
    once("and only there", paying(year(2023), year(2023, "ufmg", day="2023-03-01"), places=(LILLE, UFMG)),
         "pass once", n=2),
    once("a year that begins on 1 February holds that day",
         paying(year(2023), year(2024, "x"), places=(LILLE, replace(UFMG, code="x", year_starts=(2, 1)))),
         "fail twice"),
    once("one that begins the day after holds that of the next",
         paying(year(2023), year(2023, "x"), places=(LILLE, replace(UFMG, code="x", year_starts=(2, 2)))),
         "fail twice"),
    once("without any year it is open", NOBODY, "not_evaluable unknown"),
    proven("a waiver with its proof is in order", paying(year(2023, fee="waived", proven=True)), "pass each", n=1),
    proven("one without is not", paying(WAIVED), "fail lacking", years=(2023,)),
    proven("the partner's waivers are theirs", paying(year(2023, "ghent", fee="waived")), "not_applicable not_waived"),
    proven("the partner is asked for them", paying(year(2023, "ghent", fee="waived")), "fail lacking", at=GHENT),
    planned("a clause without a blank is in order", conventional(), "pass plan"),
    planned("a blank in a draft is awaited", conventional(lacking=BLANK), "pending blank"),
    planned("a blank in what is signed is a fault", conventional("in_force", lacking=BLANK), "fail blank"),
    planned("without a convention nothing is asked", NOBODY, "not_applicable no_convention"),
    alternate("one after the other is in order", paying(year(2023), year(2024, "ghent"), year(2025)),
              "pass alternate", n=3),
    alternate("a year in which nothing is paid stands between no two",
              paying(year(2023), year(2024, fee="waived"), year(2025, "ghent")), "pass alternate", n=2),
    alternate("twice in a row is not", paying(year(2023), year(2024)), "fail repeated"),
    alternate("an institution that was never paid is awaited",
              paying(year(2023), year(2024, "ghent"), places=(LILLE, GHENT, UFMG)), "pending alternate"),
    alternate("one year has nothing to alternate with", paying(year(2023)), "not_evaluable unknown"),
    at_home("paid at home is in order", paying(year(2023), year(2023, "ghent", fee="waived")), "pass table"),
    at_home("home is whoever leads", paying(year(2023), places=(GHENT, LILLE)), "pass table", at=GHENT),
    at_home("paid elsewhere is not", paying(year(2023, "ghent")), "fail lacking", at=GHENT, years=(2023,)),
    at_home("one not said is open", paying(year(2023), year(2024, fee="unknown")), "not_evaluable unknown"),
    at_home("nothing paid is open", paying(WAIVED), "not_evaluable unknown"),
    at_home("without any year it is open", NOBODY, "not_evaluable unknown"),
    where_staying("paid where the candidate stays is in order",
                  paying(year(2023, "ghent"), stays=(stay("ghent", "2024-01-01", "2024-06-30"),)), "pass table"),
    where_staying("paid elsewhere is not",
                  paying(year(2023), stays=(stay("ghent", "2024-01-01", "2024-06-30"),)), "fail lacking"),
    where_staying("a stay that ends on the first day of the year is in it",
                  paying(year(2023), stays=(stay("lille", "2023-03-01", "2023-09-01"),)), "pass table"),
    where_staying("one that ends the day before is not",
                  paying(year(2023), stays=(stay("lille", "2023-03-01", "2023-08-31"),)), "not_evaluable unknown"),
    where_staying("one that begins the day after its last is not",
                  paying(year(2023), stays=(stay("lille", "2024-09-01", "2024-12-31"),)), "not_evaluable unknown"),
    where_staying("one that begins on its last day is in it",
                  paying(year(2023), stays=(stay("lille", "2024-08-31", "2024-12-31"),)), "pass table"),
    where_staying("a year by the calendar has its own days",
                  paying(year(2024, "ufmg"), places=(LILLE, UFMG), stays=(stay("ufmg", "2024-12-31", "2025-03-01"),)),
                  "pass table"),
    where_staying("a year without any stay is open", paying(year(2023)), "not_evaluable unknown"),
    anywhere("one payer a year is enough where either may be paid", paying(year(2023)), "pass once"),
    anywhere("two are not", paying(year(2023), year(2023, "ghent")), "fail twice"),
    anywhere("one not said is open", paying(year(2023, fee="unknown")), "not_evaluable unsaid"),
    ticket("one for each year is in order", enrolled(year(2023), cvec="2023-09-10"), "pass each"),
    ticket("a year without is open", enrolled(year(2023), year(2024), cvec="2023-09-10"), "not_evaluable lacking",
           years=(2024,)),
    ticket("without any enrolment it is open", NOBODY, "not_evaluable unknown"),
    thirty("thirty are in order", conventional(credits=30), "pass count", n=30),
    thirty("twenty-nine are not", conventional(credits=29), "fail count"),
    thirty("what the convention does not say is open", conventional(), "not_evaluable unknown"),
    thirty("without a convention it is open", NOBODY, "not_evaluable unknown"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_enrolments_and_fees_are_judged_as_their_edges_ask(case: Case) -> None:
    case.holds()
