"""Periods, months and academic years, counted as DECISIONS of the field ask: ends included, no rounding."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

import holidays
from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From one day to another, both included."""

    begin: date
    end: date

    def overlaps(self, other: "Period") -> bool:
        """Whether a day belongs to both."""
        return self.begin <= other.end and other.begin <= self.end


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same days as fewer periods: overlapping and touching ones become one."""
    result: list[Period] = []
    for period in sorted(periods):
        if result and period.begin <= result[-1].end + timedelta(days=1):
            result[-1] = Period(result[-1].begin, max(result[-1].end, period.end))
        else:
            result.append(period)
    return result


def months_of_stay(periods: Iterable[Period]) -> Fraction:
    """The months spent in merged periods: whole months by anniversary from each first day, the rest in thirtieths.

    15 January to 14 July is 6; nothing is rounded.
    """
    return sum((_months(period) for period in merged(periods)), Fraction(0))


def _months(period: Period) -> Fraction:
    after = period.end + timedelta(days=1)
    span = relativedelta(after, period.begin)
    whole = span.years * 12 + span.months
    rest = (after - (period.begin + relativedelta(months=whole))).days
    return whole + Fraction(rest, 30)


def academic_year(day: date, start_month: int, start_day: int) -> int:
    """The calendar year in which the academic year containing `day` began."""
    return day.year if day >= year_begins(day.year, start_month, start_day) else day.year - 1


def year_begins(year: int, start_month: int, start_day: int) -> date:
    """The first day of an academic year; one that begins on 29 February begins on the 28th."""
    return date(year, start_month, min(start_day, 28) if start_month == 2 else start_day)


def year_label(year: int, start_month: int) -> str:
    """The usual label: ``2026–27``, or ``2026`` where the year is the calendar's (start before April)."""
    return str(year) if start_month < 4 else f"{year}–{(year + 1) % 100:02d}"


def is_year(number: int) -> bool:
    """Whether it is an academic year by the calendar year of its beginning, and not the number of an amendment."""
    return number >= 1000


def at_rest(day: date, country: str = "") -> bool:
    """Whether nobody works on that day: Saturday, Sunday, or a public holiday of the country.

    A country is named by its two letters, a region of it as in ``CA-QC``; where none is known, only weekends rest.
    """
    return day.weekday() >= 5 or day in _holidays(country, day.year)


def working_days_from(day: date, count: int, country: str = "") -> date:
    """The day that lies so many working days after (or, negative, before) another, which is itself not counted."""
    step = timedelta(days=1 if count > 0 else -1)
    for _each in range(abs(count)):
        day += step
        while at_rest(day, country):
            day += step
    return day


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    state, _separator, region = country.partition("-")
    known = holidays.list_supported_countries()
    if state not in known:
        return frozenset()
    part = region if region in known[state] else None
    return frozenset(holidays.country_holidays(state, subdiv=part, years=year))
