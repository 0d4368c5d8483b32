"""Proves what a thesis's health says on the day something happens, the day before and the day after."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cotutelle.domain.enrolment import Fee
from cotutelle.domain.health import AHEAD, Situation, YearAt, judge, unchanged_until
from cotutelle.domain.thesis import ENDED, ThesisState

DAY = timedelta(days=1)
EXPIRES = date(2029, 8, 31)
WARNS = EXPIRES - timedelta(days=180)
NOW = Situation(ThesisState.RUNNING, 0, "in_force", EXPIRES, EXPIRES)


def year(*, enrolled: bool = True, fee: Fee = Fee.WAIVED, proven: bool = False) -> YearAt:
    return YearAt(2026, "lille", enrolled, fee, proven)


def verdict(now: Situation, today: date) -> tuple[str, str]:
    health = judge(now, today)
    return health.verdict, health.reason


def test_until_the_day_before_the_last_180_days_all_is_in_order() -> None:
    health = judge(NOW, WARNS - DAY)
    assert (health.verdict, health.reason, health.good_until) == ("pass", "in_order", WARNS - DAY)


def test_from_180_days_before_it_ends_a_convention_warns_up_to_its_last_day() -> None:
    for today in (WARNS, EXPIRES):
        health = judge(NOW, today)
        assert (health.verdict, health.reason, health.good_until) == ("warn", "convention_ends_soon", EXPIRES)


def test_the_day_after_its_last_day_a_convention_has_lapsed() -> None:
    assert verdict(NOW, EXPIRES + DAY) == ("fail", "convention_expired")


def test_a_warning_about_fees_holds_no_longer_than_the_convention() -> None:
    now = replace(NOW, years=[year()])
    health = judge(now, EXPIRES)
    assert (health.reason, health.good_until) == ("waiver_without_proof", EXPIRES)
    assert verdict(now, EXPIRES + DAY) == ("fail", "convention_expired")
    early = judge(replace(NOW, defence_until=EXPIRES + DAY), EXPIRES)
    assert (early.reason, early.good_until) == ("convention_ends_before_defence", EXPIRES)


def test_a_convention_may_end_on_the_day_of_the_defence_and_not_a_day_before() -> None:
    today = WARNS - DAY
    assert verdict(replace(NOW, defence_until=EXPIRES), today) == ("pass", "in_order")
    late = replace(NOW, defence_until=EXPIRES + DAY)
    assert verdict(late, today) == ("fail", "convention_ends_before_defence")
    assert verdict(replace(late, convention_state="draft"), today)[0] == "fail"
    assert verdict(replace(late, convention_expires=None), today) == ("pending", "convention_open")
    assert verdict(replace(NOW, defence_until=None), today) == ("pass", "in_order")


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_ended_thesis_waits_for_nothing(state: ThesisState) -> None:
    assert verdict(replace(NOW, state=state), EXPIRES + DAY) == ("not_applicable", "ended")


@pytest.mark.parametrize("state", ["expired", "ended"])
def test_a_convention_said_to_be_over_is_over(state: str) -> None:
    assert verdict(replace(NOW, convention_state=state), WARNS - DAY) == ("fail", "convention_expired")


@pytest.mark.parametrize("state", ["draft", "legal_check", "partner_review", "approved", "signing"])
def test_what_is_not_yet_in_force_is_never_counted_as_met(state: str) -> None:
    now = replace(NOW, convention_state=state)
    assert verdict(now, WARNS - DAY) == ("pending", "convention_open")
    assert verdict(replace(now, lacking=1), WARNS - DAY) == ("pending", "facts_missing")
    assert verdict(now, EXPIRES + DAY)[0] == "pending"


def test_a_waiver_without_proof_warns() -> None:
    today = WARNS - DAY
    assert verdict(replace(NOW, years=[year()]), today) == ("warn", "waiver_without_proof")
    for harmless in (year(proven=True), year(enrolled=False), year(fee=Fee.PAID), year(fee=Fee.UNKNOWN)):
        assert verdict(replace(NOW, years=[harmless]), today) == ("pass", "in_order")


def test_a_failure_counts_before_a_warning() -> None:
    assert verdict(replace(NOW, years=[year()]), EXPIRES + DAY) == ("fail", "convention_expired")


@pytest.mark.parametrize("lacking", [0, 3])
def test_an_answer_that_a_day_will_change_says_until_when_it_holds(lacking: int) -> None:
    """Whatever is answered on one day is answered on every day up to the last that it names."""
    now, today = replace(NOW, lacking=lacking), WARNS - 3 * DAY
    while today <= EXPIRES + 2 * DAY:
        health = judge(now, today)
        last = health.good_until or EXPIRES + 400 * DAY
        later = today
        while later <= min(last, EXPIRES + 3 * DAY):
            assert judge(now, later) == health
            later += DAY
        today += 30 * DAY


@pytest.mark.parametrize("after", [1, 2, 3, 31, AHEAD.days - 1, AHEAD.days])
def test_an_answer_is_good_until_the_day_before_the_rules_give_another(after: int) -> None:
    changes = EXPIRES + after * DAY
    assert unchanged_until(lambda day: "stays" if day >= changes else "", EXPIRES) == changes - DAY


def test_an_answer_that_does_not_change_is_asked_again_in_time() -> None:
    assert unchanged_until(lambda day: "", EXPIRES) == EXPIRES + AHEAD


def test_a_verdict_is_good_no_longer_than_the_rules_answer_so() -> None:
    soon = WARNS - 30 * DAY
    assert judge(replace(NOW, rules_until=soon), WARNS - 40 * DAY).good_until == soon
    assert judge(replace(NOW, rules_until=EXPIRES), WARNS - DAY).good_until == WARNS - DAY
    open_ = replace(NOW, convention_state="draft", convention_expires=None, rules_until=soon)
    assert judge(open_, WARNS - 40 * DAY).good_until == soon
    assert judge(replace(NOW, state=ThesisState.CANCELLED, rules_until=soon), soon).good_until is None
    broken = judge(replace(NOW, broken="stays", rules_until=soon), WARNS - 40 * DAY)
    assert (broken.reason, broken.good_until) == ("rule_stays", soon)
