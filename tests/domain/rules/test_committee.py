"""Proves the rules on the monitoring committee: when it meets, who sits, what it leaves, and what is not said."""

from typing import Any

import pytest

from cotutelle.domain.dossier import Dossier
from tests.domain.rules.dossiers import GHENT, Asked, Case, dossier, event, on, recorded, say, year

NOBODY = dossier()
YEARS = (year(2023), year(2024), year(2025))

second = Asked("committee_before", rank=2)
third = Asked("committee_before", rank=3)
outsider = Asked("committee_has", wanted="external")
composed = Asked("committee_composed")
independent = Asked("committee_independent")
steps = Asked("committee_steps")
reported = Asked("committee_reported")
stable = Asked("committee_stable")
local = Asked("committee_local", outside_unit=2, outside_region=1, month=10, day=15)


def met_on(*days: str, years: tuple[Any, ...] = YEARS, **more: Any) -> Dossier:
    return recorded(committee=tuple(meeting for day in days for meeting in event(day)), years=years, **more)


def meeting(day: str = "2025-06-12", **data: Any) -> Dossier:
    return recorded(committee=event(day, **data))


def meetings(*members: list[str] | None) -> Dossier:
    data = [{} if each is None else {"members": each} for each in members]
    return recorded(committee=tuple(e for n, each in enumerate(data) for e in event(f"202{n}-06-01", **each)))


CASES = (
    second("a meeting before each is in order", met_on("2024-06-01", "2025-06-01"), "pass each"),
    second("on the day of the enrolment is before it", met_on("2024-10-01", "2025-10-01"), "pass each"),
    second("the day after is not", met_on("2024-10-02", "2025-10-01"), "fail lacking", ranks=(2,)),
    second("on the day of the one before is not since then", met_on("2023-10-01", "2025-06-01"), "fail lacking",
           ranks=(2,)),
    second("one meeting does not serve two years", met_on("2024-06-01"), "fail lacking", ranks=(3,)),
    second("none recorded at all is open", met_on(), "not_evaluable lacking", ranks=(2, 3)),
    second("in the first year nothing is due", met_on(years=(year(2025),)), "not_applicable not_due"),
    second("without any enrolment it is open", NOBODY, "not_evaluable unknown"),
    second("enrolments elsewhere ask for nothing here", met_on(years=(year(2024, "ghent"), year(2025, "ghent"))),
           "not_evaluable unknown"),
    second("before takeover it is never late", met_on(followed_since=on("2025-10-02")),
           "not_applicable before_takeover"),
    second("from takeover on it is", met_on("2024-06-01", followed_since=on("2025-10-01")), "fail lacking",
           ranks=(3,)),
    second("the partner's panel is not this committee",
           recorded(committee=event("2024-06-01", "ghent"), years=YEARS[:2]), "not_evaluable lacking"),
    second("it is the partner's own", recorded(committee=event("2024-06-01", "ghent"),
           years=(year(2023, "ghent"), year(2024, "ghent"))), "pass each", at=GHENT),
    third("the second enrolment does not ask where the third is the first to", met_on("2025-06-01"), "pass each"),
    third("two enrolments are not three", met_on(years=YEARS[:2]), "not_applicable not_due"),
    outsider("one who comes from outside is in order", meeting(external=True), "pass answer"),
    outsider("none is not", meeting(external=False), "fail answer"),
    outsider("what is not said is open", meeting(), "not_evaluable unknown", facts=("external",)),
    outsider("without a meeting nothing is asked", NOBODY, "not_applicable no_meeting"),
    composed("a specialist and somebody else are in order", meeting(specialist=True, field_outsider=True),
             "pass answer"),
    composed("without a specialist it is not", meeting(specialist=False, field_outsider=True), "fail answer"),
    composed("without somebody else it is not", meeting(specialist=True, field_outsider=False), "fail answer"),
    composed("one lacking is worse than one not said", meeting(field_outsider=False), "fail answer"),
    composed("one not said is open", meeting(specialist=True), "not_evaluable unknown", facts=("field_outsider",)),
    composed("without a meeting nothing is asked", NOBODY, "not_applicable no_meeting"),
    independent("nobody of the direction is in order", meeting(in_direction=False), "pass answer"),
    independent("somebody of it is not", meeting(in_direction=True), "fail answer"),
    independent("what is not said is open", meeting(), "not_evaluable unknown"),
    independent("without a meeting nothing is asked", NOBODY, "not_applicable no_meeting"),
    steps("three are three", meeting(steps=[1, 2, 3]), "pass count", n=3),
    steps("two are not", meeting(steps=[1, 3]), "fail count", n=2),
    steps("nor the last two", meeting(steps=[2, 3]), "fail count", n=2),
    steps("one of them twice is one", meeting(steps=[1, 2, 2]), "fail count", n=2),
    steps("none is none", meeting(steps=[]), "fail count", n=0),
    steps("what is not said is open", meeting(), "not_evaluable unknown"),
    steps("the last meeting counts",
          recorded(committee=(*event("2024-06-01", steps=[1]), *event("2025-06-01", steps=[1, 2, 3]))), "pass count"),
    steps("without a meeting nothing is asked", NOBODY, "not_applicable no_meeting"),
    reported("all three are in order", meeting(sent_to=["school", "candidate", "director"]), "pass sent"),
    reported("one left out is not", meeting(sent_to=["school", "director"]), "fail lacking", readers=("candidate",)),
    reported("nobody is not", meeting(sent_to=[]), "fail lacking", readers=("candidate", "director", "school")),
    reported("what is not said is open", meeting(), "not_evaluable unknown"),
    reported("without a meeting nothing is asked", NOBODY, "not_applicable no_meeting"),
    stable("the same members are in order, in whatever order", meetings(["a", "b"], ["b", "a"]), "pass count", n=0),
    stable("one in another's place are two changes", meetings(["a", "b"], ["a", "c"]), "fail count", n=2),
    stable("the last two meetings count", meetings(["z"], ["a"], ["a"]), "pass count"),
    stable("members not said leave it open", meetings(["a"], None), "not_evaluable unknown"),
    stable("one meeting has nothing to differ from", meetings(["a"]), "not_applicable one_meeting"),
    local("two outside the unit, one outside the region, by 15 October, are in order",
          meeting("2025-10-15", outside_unit=2, outside_region=1), "pass count"),
    local("a day later is not", meeting("2025-10-16", outside_unit=2, outside_region=1), "fail count"),
    local("one outside the unit is not", meeting(outside_unit=1, outside_region=1), "fail count", unit=1),
    local("none outside the region is not", meeting(outside_unit=2, outside_region=0), "fail count", region=0),
    local("what is not said is open", meeting(outside_unit=2), "not_evaluable unknown"),
    local("without a meeting nothing is asked", NOBODY, "not_applicable no_meeting"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_a_committee_is_judged_as_its_edges_ask(case: Case) -> None:
    case.holds()
