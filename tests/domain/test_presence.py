"""Proves the rules of stays, leaves and fees at their edges: the day itself, the day before, the day after."""

from datetime import date, timedelta

import pytest

from cotutelle.domain.calendar import Period
from cotutelle.domain.enrolment import Fee, check_one_payer
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.leave import LeaveKind, check_leave
from cotutelle.domain.stay import Presence, check_stay

DAY = timedelta(days=1)
JUNE = Period(date(2027, 6, 1), date(2027, 6, 30))


def stay(place: str, begin: date, end: date, done: bool = False) -> Presence:
    return Presence(place, Period(begin, end), done)


LATER = date(2028, 1, 1)
HERE = stay("Lille", JUNE.begin, JUNE.end)


def test_nobody_is_in_two_places_at_once() -> None:
    with pytest.raises(Refused) as refused:
        check_stay(stay("UGent", JUNE.end, JUNE.end + 30 * DAY), [HERE], LATER)
    assert refused.value.reason is Reason.TWO_PLACES_AT_ONCE
    assert refused.value.details == {"institution": "Lille", "begin": JUNE.begin, "end": JUNE.end}
    with pytest.raises(Refused):
        check_stay(stay("UGent", JUNE.begin - 30 * DAY, JUNE.begin), [HERE], LATER)
    with pytest.raises(Refused):
        check_stay(stay("UGent", JUNE.begin + DAY, JUNE.begin + DAY), [HERE], LATER)


def test_one_leaves_one_day_and_arrives_the_next() -> None:
    check_stay(stay("UGent", JUNE.end + DAY, JUNE.end + 30 * DAY), [HERE], LATER)
    check_stay(stay("UGent", JUNE.begin - 30 * DAY, JUNE.begin - DAY), [HERE], LATER)


def test_stays_at_one_institution_may_overlap_and_be_the_same() -> None:
    check_stay(stay("Lille", JUNE.begin, JUNE.end), [HERE], LATER)


def test_what_is_planned_and_what_was_done_are_kept_apart() -> None:
    check_stay(stay("UGent", JUNE.begin, JUNE.end, done=True), [HERE], LATER)
    with pytest.raises(Refused):
        check_stay(
            stay("UGent", JUNE.begin, JUNE.end, done=True),
            [stay("Lille", JUNE.begin, JUNE.end, True)],
            LATER,
        )


def test_a_stay_is_done_from_its_last_day_on_and_not_a_day_before() -> None:
    over = stay("UGent", JUNE.begin, JUNE.end, done=True)
    check_stay(over, [], JUNE.end)
    with pytest.raises(Refused) as refused:
        check_stay(over, [], JUNE.end - DAY)
    assert (refused.value.reason, refused.value.field) == (Reason.STAY_NOT_OVER, "done")
    check_stay(stay("UGent", JUNE.begin, JUNE.end), [], JUNE.end - DAY)


def test_a_stay_of_one_day_is_one_and_a_stay_backwards_is_none() -> None:
    check_stay(stay("UGent", JUNE.begin, JUNE.begin), [], LATER)
    with pytest.raises(Refused) as refused:
        check_stay(stay("UGent", JUNE.begin, JUNE.begin - DAY), [], LATER)
    assert (refused.value.reason, refused.value.field) == (Reason.DATES_OUT_OF_ORDER, "end")


# Leaves


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (date(2026, 9, 1), date(2027, 8, 31)),
        (date(2027, 9, 1), date(2028, 8, 31)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 10, 15), date(2027, 10, 14)),
    ],
)
def test_a_gap_period_lasts_exactly_a_year_and_not_a_day_more(begin: date, end: date) -> None:
    check_leave(LeaveKind.GAP, Period(begin, end), [])
    with pytest.raises(Refused) as refused:
        check_leave(LeaveKind.GAP, Period(begin, end + DAY), [])
    assert (refused.value.reason, refused.value.field) == (Reason.GAP_TOO_LONG, "end")


@pytest.mark.parametrize("kind", [kind for kind in LeaveKind if kind is not LeaveKind.GAP])
def test_any_other_leave_may_last_longer_and_come_again(kind: LeaveKind) -> None:
    check_leave(
        kind,
        Period(date(2026, 9, 1), date(2028, 8, 31)),
        [(kind, JUNE.__class__(date(2020, 1, 1), date(2020, 2, 1)))],
    )


def test_there_is_one_gap_period_however_short() -> None:
    before = [(LeaveKind.GAP, Period(date(2020, 1, 1), date(2020, 1, 1)))]
    with pytest.raises(Refused) as refused:
        check_leave(LeaveKind.GAP, JUNE, before)
    assert (refused.value.reason, refused.value.field) == (Reason.SECOND_GAP, "kind")
    check_leave(LeaveKind.SICK, JUNE, before)


def test_leaves_do_not_share_a_day() -> None:
    others = [(LeaveKind.SICK, JUNE)]
    for period in (Period(JUNE.end, JUNE.end + DAY), Period(JUNE.begin - DAY, JUNE.begin)):
        with pytest.raises(Refused) as refused:
            check_leave(LeaveKind.PARENTAL, period, others)
        assert refused.value.reason is Reason.LEAVE_OVERLAP
        assert refused.value.details == {"begin": JUNE.begin, "end": JUNE.end}
    check_leave(LeaveKind.PARENTAL, Period(JUNE.end + DAY, JUNE.end + DAY), others)
    check_leave(LeaveKind.PARENTAL, Period(JUNE.begin - DAY, JUNE.begin - DAY), others)


def test_a_leave_backwards_is_none() -> None:
    with pytest.raises(Refused) as refused:
        check_leave(LeaveKind.SICK, Period(JUNE.end, JUNE.begin), [])
    assert refused.value.reason is Reason.DATES_OUT_OF_ORDER


# Fees


def test_fees_are_paid_in_one_institution_a_year() -> None:
    with pytest.raises(Refused) as refused:
        check_one_payer(2026, "Lille", Fee.PAID, [(2026, "UGent", Fee.PAID)])
    assert refused.value.reason is Reason.TWO_PAYERS
    assert refused.value.details == {"institution": "UGent"}


@pytest.mark.parametrize(
    "others",
    [
        [],
        [(2025, "UGent", Fee.PAID), (2027, "UGent", Fee.PAID)],
        [(2026, "UGent", Fee.WAIVED), (2026, "ULaval", Fee.NOT_DUE), (2026, "X", Fee.UNKNOWN)],
        [(2026, "Lille", Fee.PAID)],
    ],
)
def test_other_years_other_answers_and_oneself_do_not_count(others: list[tuple[int, str, Fee]]) -> None:
    check_one_payer(2026, "Lille", Fee.PAID, others)


@pytest.mark.parametrize("fee", [Fee.WAIVED, Fee.NOT_DUE, Fee.UNKNOWN])
def test_who_does_not_pay_is_never_the_second_payer(fee: Fee) -> None:
    check_one_payer(2026, "Lille", fee, [(2026, "UGent", Fee.PAID)])
