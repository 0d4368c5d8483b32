"""Proves the rules about days: the day before, the day, the day after, before takeover, and nothing recorded."""

from datetime import date
from typing import Any

import pytest

from cotutelle.domain.dossier import Dossier
from cotutelle.domain.rules.timing import moved
from tests.domain.rules.dossiers import GHENT, Asked, Case, agreement, ask, dossier, event, on, recorded, say

NOBODY = dossier()
DEFENCE = on("2025-12-12")

within_month = Asked("happened_by", event="defence_report", anchor="defence", months=1)
month_before = Asked("happened_by", event="deposit", anchor="defence", months=-1)
eight_weeks = Asked("happened_by", event="jury_file", anchor="defence", days=-56)
before = Asked("happened_by", event="abstract", anchor="defence", strictly=True)
seven_days = Asked("happened_by", event="board_appraisals", anchor="first_part", working_days=-7)
corrected = Asked(
    "happened_by", event="corrected_deposit", anchor="defence", months=3, after="corrections_asked"
)
planned = Asked("signed_by", event="signature", anchor="planned_end", months=-12)
first_year = Asked("signed_by", event="signature", anchor="first_enrolment", years_end=1)
begun = Asked("signed_by", event="start", anchor="first_enrolment", months=24)
applied_for = Asked("signed_by", event="application", anchor="draft_thesis", months=-12)
from_start = Asked("signed_by", event="signature", anchor="start", months=24)
between = Asked("happened_between", event="first_part", anchor="faculty_council", least=30, most=90)
told = Asked("recorded", event="lodging_plan")
call = Asked("call_met", event="grant_application", month=3, day=31, age=40, months=12)
held_back = Asked("comes_before", event="corrected_deposit", before="diploma")


def signed(day: str | None, **more: Any) -> Dossier:
    return dossier(convention=agreement("in_force", signed_on=day, **more.pop("agreed", {})), **more)


def applied(day: str = "2026-03-31", age: int | None = 39, months: int | None = 12) -> Dossier:
    return recorded(grant_application=event(day, age=age, months=months))


CASES = (
    within_month("a month later to the day is in time", recorded(defence=DEFENCE, defence_report="2026-01-12"),
                 "pass on"),
    within_month("a day more is late", recorded(defence=DEFENCE, defence_report="2026-01-13"), "fail on"),
    within_month("on its last day it is still due", recorded(defence=DEFENCE, today=on("2026-01-12")), "pending due"),
    within_month("a day later, not recorded, it is open", recorded(defence=DEFENCE, today=on("2026-01-13")),
                 "not_evaluable not_recorded"),
    within_month("while nobody says which day it is it is due", recorded(defence=DEFENCE), "pending due"),
    within_month("what was due before takeover is never late",
                 recorded(defence=DEFENCE, today=on("2027-01-01"), followed_since=on("2026-01-13")),
                 "not_applicable before_takeover"),
    within_month("what was due on the day of takeover is",
                 recorded(defence=DEFENCE, today=on("2027-01-01"), followed_since=on("2026-01-12")),
                 "not_evaluable not_recorded"),
    within_month("without a date of defence it is open", recorded(defence_report="2026-01-12"),
                 "not_evaluable unknown"),
    within_month("of another institution it is not ours",
                 recorded(defence=DEFENCE, defence_report=event("2026-01-12", "ghent"), today=on("2026-01-13")),
                 "not_evaluable not_recorded"),
    within_month("of another institution it is theirs",
                 recorded(defence=DEFENCE, defence_report=event("2026-01-12", "ghent")), "pass on", at=GHENT),
    month_before("a month before to the day is in time", recorded(defence=DEFENCE, deposit="2025-11-12"), "pass on"),
    month_before("a day less is late", recorded(defence=DEFENCE, deposit="2025-11-13"), "fail on"),
    month_before("a month before 31 March is the end of February",
                 recorded(defence=on("2025-03-31"), deposit="2025-02-28"), "pass on"),
    month_before("not a day later", recorded(defence=on("2025-03-31"), deposit="2025-03-01"), "fail on"),
    eight_weeks("fifty-six days before is in time", recorded(defence=DEFENCE, jury_file="2025-10-17"), "pass on"),
    eight_weeks("fifty-five are not", recorded(defence=DEFENCE, jury_file="2025-10-18"), "fail on"),
    before("the day before is before", recorded(defence=DEFENCE, abstract="2025-12-11"), "pass on"),
    before("the day itself is not", recorded(defence=DEFENCE, abstract="2025-12-12"), "fail on"),
    before("on the day itself it is no longer due", recorded(defence=DEFENCE, today=DEFENCE),
           "not_evaluable not_recorded"),
    before("the day before it is", recorded(defence=DEFENCE, today=on("2025-12-11")), "pending due"),
    seven_days("seven working days before a Friday are a Wednesday",
               recorded(first_part="2025-12-12", board_appraisals="2025-12-03"), "pass on"),
    seven_days("not a Thursday", recorded(first_part="2025-12-12", board_appraisals="2025-12-04"), "fail on"),
    seven_days("what follows from nothing yet is not asked yet", NOBODY, "not_applicable not_yet"),
    seven_days("what is there before its anchor is recorded is open", recorded(board_appraisals="2025-12-03"),
               "not_evaluable unknown"),
    corrected("three months later to the day are in time",
              recorded(defence=on("2025-11-30"), corrections_asked="2025-12-05", corrected_deposit="2026-02-28"), "pass on"),
    corrected("not a day more, whenever the corrections were written down",
              recorded(defence=on("2025-11-30"), corrections_asked="2025-12-05", corrected_deposit="2026-03-01"), "fail on"),
    corrected("where no corrections were asked nothing is", recorded(defence=on("2025-11-30")), "not_applicable not_yet"),
    planned("twelve months before the planned end are in time",
            signed("2025-09-30", agreed={"expires_on": "2026-09-30"}), "pass on"),
    planned("a day later is not", signed("2025-10-01", agreed={"expires_on": "2026-09-30"}), "fail on"),
    planned("without a planned end it is open", signed("2025-10-01"), "not_evaluable unknown"),
    planned("without a convention it is open", NOBODY, "not_evaluable unknown"),
    first_year("the last day of the first year is in it", signed("2026-09-30", first_enrolment="2025-10-01"),
               "pass on"),
    first_year("the first of the second is not", signed("2026-10-01", first_enrolment="2025-10-01"), "fail on"),
    first_year("within the year it is due", signed(None, first_enrolment="2025-10-01", today="2026-09-30"),
               "pending due"),
    first_year("after it, not signed, it is open", signed(None, first_enrolment="2025-10-01", today="2026-10-01"),
               "not_evaluable not_recorded"),
    first_year("what was due before takeover is never late",
               signed(None, first_enrolment="2025-10-01", today="2027-01-01", followed_since="2026-10-01"),
               "not_applicable before_takeover"),
    begun("a beginning two years later is in time", dossier(first_enrolment="2025-10-01", start="2027-10-01"),
          "pass on"),
    begun("a day more is not", dossier(first_enrolment="2025-10-01", start="2027-10-02"), "fail on"),
    begun("a beginning that nobody has said is no beginning on the first day",
          dossier(first_enrolment="2025-10-01", today="2025-10-02"), "pending due"),
    applied_for("a year before the draft is in time", recorded(application="2024-11-01", draft_thesis="2025-11-01"),
                "pass on"),
    applied_for("before there is a draft nothing can be counted", NOBODY, "not_applicable not_yet"),
    from_start("counted from a beginning not said, the first enrolment stands for it",
               signed("2027-10-01", first_enrolment="2025-10-01"), "pass on"),
    from_start("a beginning that is said comes first",
               signed("2027-10-01", first_enrolment="2025-10-01", start="2025-09-30"), "fail on"),
    between("thirty days after is not too early", recorded(faculty_council="2025-10-01", first_part="2025-10-31"),
            "pass count", days=30),
    between("twenty-nine is", recorded(faculty_council="2025-10-01", first_part="2025-10-30"), "fail count", days=29),
    between("ninety days after is not too late", recorded(faculty_council="2025-10-01", first_part="2025-12-30"),
            "pass count", days=90),
    between("ninety-one is", recorded(faculty_council="2025-10-01", first_part="2025-12-31"), "fail count", days=91),
    between("one of the two not recorded is open", recorded(first_part="2025-10-31"), "not_evaluable unknown",
            facts=("faculty_council",)),
    between("both not recorded are open", NOBODY, "not_evaluable unknown", facts=("faculty_council", "first_part")),
    told("whenever it was it is in order", recorded(lodging_plan="2025-10-01"), "pass on"),
    told("not recorded is open", NOBODY, "not_evaluable unknown", facts=("lodging_plan",)),
    call("on its closing day, at thirty-nine, after a year in the country, is in order", applied(), "pass on"),
    call("the day after is late", applied("2026-04-01"), "fail late"),
    call("forty is not under forty", applied(age=40), "fail on"),
    call("eleven months are not a year", applied(months=11), "fail on"),
    call("an age not said is open", applied(age=None), "not_evaluable unknown"),
    call("months not said are open", applied(months=None), "not_evaluable unknown"),
    call("whoever does not apply is asked nothing", NOBODY, "not_applicable not_asked_for"),
    held_back("a corrected version before the diploma is in order",
              recorded(corrections_asked="2025-12-12", corrected_deposit="2026-01-10", diploma="2026-02-01"),
              "pass on"),
    held_back("on the same day as well",
              recorded(corrections_asked="2025-12-12", corrected_deposit="2026-02-01", diploma="2026-02-01"),
              "pass on"),
    held_back("after it is not",
              recorded(corrections_asked="2025-12-12", corrected_deposit="2026-02-02", diploma="2026-02-01"),
              "fail on"),
    held_back("a diploma without it is not", recorded(corrections_asked="2025-12-12", diploma="2026-02-01"),
              "fail missing"),
    held_back("without a diploma it is in order", recorded(corrections_asked="2025-12-12",
              corrected_deposit="2026-01-10"), "pass on"),
    held_back("while neither is there it waits", recorded(corrections_asked="2025-12-12"), "pending waiting"),
    held_back("where no corrections were asked nothing waits", recorded(diploma="2026-02-01"),
              "not_applicable not_asked"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_days_are_judged_as_their_edges_ask(case: Case) -> None:
    case.holds()


@pytest.mark.parametrize(
    ("day", "figures", "then"),
    [
        ("2025-12-12", {}, "2025-12-12"),
        ("2025-12-12", {"working_days": 1}, "2025-12-15"),
        ("2025-12-14", {"working_days": -1}, "2025-12-12"),
        ("2024-02-29", {"months": 12}, "2025-02-28"),
        ("2024-02-29", {"years_end": 1}, "2025-02-27"),
        ("2025-10-01", {"years_end": 2}, "2027-09-30"),
        ("2025-10-01", {"months": 1, "days": -1}, "2025-10-31"),
    ],
)
def test_an_anchor_moves_by_the_calendar(day: str, figures: dict[str, int], then: str) -> None:
    assert moved(date.fromisoformat(day), figures) == date.fromisoformat(then)


def test_the_day_due_of_what_must_come_before_is_the_last_on_which_it_may() -> None:
    outcome = ask(
        "happened_by", dossier(defence="2025-12-12"), event="abstract", anchor="defence", strictly=True
    )
    assert outcome.required["due"] == date(2025, 12, 11)
