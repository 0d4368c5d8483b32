"""Periods and months, counted without rounding."""

from datetime import date
from fractions import Fraction

import pytest

from cotutelle.domain.calendar import Period, academic_year, merged, months_of_stay, year_begins, year_label


def test_a_half_year_by_anniversary_is_six_months() -> None:
    assert months_of_stay([Period(date(2026, 1, 15), date(2026, 7, 14))]) == 6


def test_the_day_more_is_a_thirtieth() -> None:
    assert months_of_stay([Period(date(2026, 1, 15), date(2026, 7, 15))]) == 6 + Fraction(1, 30)


def test_the_day_less_is_not_rounded_up() -> None:
    assert months_of_stay([Period(date(2026, 1, 15), date(2026, 7, 13))]) < 6


def test_touching_stays_count_as_one() -> None:
    stays = [Period(date(2026, 2, 1), date(2026, 4, 30)), Period(date(2026, 5, 1), date(2026, 7, 31))]
    assert months_of_stay(stays) == 6
    assert merged(stays) == [Period(date(2026, 2, 1), date(2026, 7, 31))]


def test_overlapping_stays_are_not_counted_twice() -> None:
    assert (
        months_of_stay(
            [Period(date(2026, 2, 1), date(2026, 4, 30)), Period(date(2026, 3, 1), date(2026, 4, 30))]
        )
        == 3
    )


def test_a_month_from_the_31st_ends_with_february() -> None:
    assert months_of_stay([Period(date(2026, 1, 31), date(2026, 2, 27))]) == 1


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2027, 2, 1), 2026)]
)
def test_an_academic_year_begins_on_its_day(day: date, year: int) -> None:
    assert academic_year(day, 9, 1) == year


def test_a_year_that_begins_in_march_is_named_by_the_calendar() -> None:
    assert (year_label(2026, 3), year_label(2026, 9), year_label(1999, 9)) == ("2026", "2026–27", "1999–00")


def test_a_year_that_begins_on_29_february_begins_every_year() -> None:
    assert year_begins(2027, 2, 29) == date(2027, 2, 28)
    assert year_begins(2027, 9, 1) == date(2027, 9, 1)
