"""What an office is told of a partnership in time: its end, its calls, that nobody is in charge."""

from datetime import date, timedelta

import pytest

from cotutelle.domain.partnership import Concern, Warned, concerns

TODAY = date(2026, 11, 24)


def told(
    until: date | None = None,
    in_charge: bool = True,
    calls: tuple[tuple[str, date | None, date], ...] = (),
    defences: tuple[tuple[str, date | None], ...] = (),
) -> list[Warned]:
    return list(concerns(until, in_charge, calls, defences, TODAY))


def test_one_that_goes_on_and_has_somebody_in_charge_needs_nothing() -> None:
    assert told() == []


@pytest.mark.parametrize(("day", "ends_first"), [(TODAY, False), (TODAY + timedelta(days=1), True)])
def test_its_end_is_told_where_a_defence_comes_after_it_not_on_its_last_day(
    day: date, ends_first: bool
) -> None:
    found = told(until=TODAY, defences=(("LILLE-2026-0001", day), ("LILLE-2026-0002", None)))
    assert found == ([Warned(Concern.ENDS_FIRST, TODAY, "LILLE-2026-0001")] if ends_first else [])


def test_one_that_is_over_says_so_once_and_of_no_thesis() -> None:
    ended = TODAY - timedelta(days=1)
    assert told(until=ended, defences=(("A", date(2027, 1, 1)),)) == [Warned(Concern.OVER, ended)]


@pytest.mark.parametrize(("days", "closes"), [(-1, False), (0, True), (30, True), (31, False)])
def test_a_call_is_told_in_the_thirty_days_before_it_closes(days: int, closes: bool) -> None:
    found = told(calls=(("Mandates", None, TODAY + timedelta(days=days)),))
    assert [each.concern for each in found] == ([Concern.CALL_CLOSES] if closes else [])


def test_a_call_that_is_not_open_yet_is_not_told() -> None:
    opens = TODAY + timedelta(days=1)
    assert told(calls=(("Mandates", opens, opens + timedelta(days=5)),)) == []
    assert told(calls=(("Mandates", TODAY, opens),)) != []


def test_that_nobody_is_in_charge_is_told() -> None:
    assert told(in_charge=False) == [Warned(Concern.NOBODY_IN_CHARGE)]
