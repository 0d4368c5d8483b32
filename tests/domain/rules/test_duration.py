"""Proves the rules on duration: the last day, the day after, what article 14 adds, and what is not said."""

from typing import Any

import pytest

from cotutelle.domain.dossier import Dossier
from tests.domain.rules.dossiers import Asked, Case, agreement, dossier, event, leave, on, recorded, say

NOBODY = dossier()
PARTS = ["candidate_request", "director_proposal", "committee_opinion", "school_opinion", "head_decision"]

three = Asked("duration_most", months=36, mode="full")
six = Asked("duration_most", months=72, mode="part")
any_mode = Asked("duration_most", months=48, mode="any")
agreed = Asked("duration_agreed", months=48)
whole = Asked("extension_complete")
lasts = Asked("convention_lasts", days=90)
gap = Asked("gap_periods", most=1, months=12)
year_long = Asked("gap_periods", most=1)
added = Asked("leave_added")


def run(until: str, *absences: Any, full: bool | None = True, **events: Any) -> Dossier:
    return recorded(
        first_enrolment=on("2022-10-01"), today=until, full_time=full, absences=tuple(absences), **events
    )


def lasting(today: str | None, end: str | None = "2026-09-30", defence: str | None = None) -> Dossier:
    return dossier(today=today, defence=defence, convention=agreement("in_force", expires_on=end))


CASES = (
    three("the last day of three years is in them", run("2025-09-30"), "pass count", months=36),
    three("the day after is not", run("2025-10-01"), "fail count"),
    three("after the defence nothing more is counted", run("2027-01-01", defence=on("2025-09-30")), "pass count"),
    three("a defence to come is not counted ahead", run("2025-09-30", defence=on("2026-03-01")), "pass count"),
    three("an extension sets it right", run("2025-10-01", extension="2025-07-01"), "pass extended",
          on=on("2025-07-01")),
    three("a gap year is not counted", run("2026-09-30", leave("gap", "2024-10-01", "2025-09-30")), "pass count",
          months=36),
    three("nor a maternity leave", run("2026-01-30", leave("maternity", "2024-10-01", "2025-01-31")), "pass count"),
    three("sick leave of four months is", run("2025-10-01", leave("sick", "2024-10-01", "2025-01-31")), "fail count"),
    three("sick leave of four months and a day is not", run("2026-01-31", leave("sick", "2024-10-01", "2025-02-01")),
          "pass count"),
    three("two months after an accident are not", run("2025-11-30", leave("accident", "2024-10-01", "2024-11-30")),
          "pass count", months=36),
    three("a day less than two months after an accident is",
          run("2025-10-01", leave("accident", "2024-10-01", "2024-11-29")), "fail count"),
    three("of a leave that is not over, what lies behind counts",
          run("2025-10-31", leave("parental", "2025-10-01", "2026-03-31")), "pass count", months=36),
    three("a leave before the first enrolment adds nothing",
          run("2025-10-01", leave("parental", "2022-01-01", "2022-09-30")), "fail count"),
    three("part time is asked by the other rule", run("2027-01-01", full=False), "not_applicable other_mode"),
    three("a mode not said is open", run("2025-09-30", full=None), "not_evaluable unknown"),
    three("without a first enrolment it is open", dossier(full_time=True, today="2025-09-30"), "not_evaluable unknown"),
    three("on the first day a day is counted", run("2022-10-01"), "pass count"),
    three("a leave that begins on the last day takes that day",
          run("2025-10-01", leave("parental", "2025-10-01", "2025-12-31")), "pass count", months=36),
    three("a leave that ends on the first day takes that day",
          run("2025-10-01", leave("parental", "2022-07-01", "2022-10-01")), "pass count", months=36),
    three("before the first enrolment it is open", run("2022-09-30"), "not_evaluable unknown"),
    six("the last day of six years is in them", run("2028-09-30", full=False), "pass count"),
    six("the day after is not", run("2028-10-01", full=False), "fail count"),
    six("full time is asked by the other rule", run("2025-09-30"), "not_applicable other_mode"),
    any_mode("a mode not said is no matter where none is asked", run("2026-09-30", full=None), "pass count"),
    agreed("forty-eight planned are in order", dossier(duration_months=48), "pass planned", months=48),
    agreed("forty-nine are not", dossier(duration_months=49), "fail planned"),
    agreed("what nobody has said is open", NOBODY, "not_evaluable unknown"),
    whole("all five parts are in order", recorded(extension=event("2025-07-01", parts=PARTS)), "pass complete"),
    *[whole(f"without {part} it is not",
            recorded(extension=event("2025-07-01", parts=[each for each in PARTS if each != part])),
            "fail lacking", parts=(part,)) for part in PARTS],
    whole("parts not said are open", recorded(extension="2025-07-01"), "not_evaluable unknown"),
    whole("without an extension nothing is asked", NOBODY, "not_applicable not_asked"),
    lasts("ninety days before its end it is not yet late", lasting("2026-07-02"), "pass on"),
    lasts("eighty-nine days before it is time", lasting("2026-07-03"), "warn soon"),
    lasts("a defence on its last day is reached", lasting("2026-01-01", defence="2026-09-30"), "pass on"),
    lasts("the day after is not", lasting("2026-01-01", defence="2026-10-01"), "fail before_defence",
          defence=on("2026-10-01")),
    lasts("after the defence its end is nobody's concern", lasting("2026-09-01", defence="2026-06-01"), "pass on"),
    lasts("on the day of the defence it is", lasting("2026-09-01", defence="2026-09-01"), "warn soon"),
    lasts("an end not said is open", lasting("2026-09-01", None), "not_evaluable unknown"),
    lasts("without a convention it is open", NOBODY, "not_evaluable unknown"),
    gap("one of a year is in order", run("2026-01-01", leave("gap", "2024-10-01", "2025-09-30")), "pass count", n=1),
    gap("a day more is not", run("2026-01-01", leave("gap", "2024-10-01", "2025-10-01")), "fail count"),
    gap("two are not, however short", run("2026-01-01", leave("gap", "2023-10-01", "2023-12-31"),
        leave("gap", "2024-10-01", "2024-12-31")), "fail count", n=2),
    year_long("a year is the most where the rule says nothing of it",
              run("2026-01-01", leave("gap", "2024-10-01", "2025-09-30")), "pass count"),
    year_long("and not a day more", run("2026-01-01", leave("gap", "2024-10-01", "2025-10-01")), "fail count"),
    gap("none asks for nothing", run("2026-01-01", leave("sick", "2024-10-01", "2025-09-30")), "not_applicable no_gap"),
    added("leaves that the law lists are added up", run("2026-01-01", leave("maternity", "2023-01-01", "2023-04-30"),
          leave("paternity", "2024-01-01", "2024-01-15")), "pass count"),
    added("a short illness is none of them", run("2026-01-01", leave("sick", "2024-10-01", "2024-12-31")),
          "not_applicable no_leave"),
    added("a gap is not a leave", run("2026-01-01", leave("gap", "2024-10-01", "2025-09-30")),
          "not_applicable no_leave"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_a_duration_is_judged_as_its_edges_ask(case: Case) -> None:
    case.holds()
