"""How templates print dates, distances, names and texts."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask, g
from flask_babel import get_locale, gettext

from cotutelle.clock import today as _today
from cotutelle.domain.language import best


def locale() -> str:
    """The interface's language in this request."""
    return str(get_locale() or "en")


def day(value: date | None) -> str:
    """A date in words: 3 March 2027."""
    return _first(value, format_date(value, "d MMMM y", locale=locale())) if value else ""


def _first(value: date, written: str) -> str:
    """French says ``1er mars``, and only for the first."""
    return f"1er{written[1:]}" if value.day == 1 and locale() == "fr" else written


def short_day(value: date | None) -> str:
    """A date for tables: 3 Mar 2027."""
    return _first(value, format_date(value, "d MMM y", locale=locale())) if value else ""


def yearly_day(value: tuple[int, int]) -> str:
    """A day that every year has, as month and day: 1 September."""
    known = date(2023, *value)
    return _first(known, format_date(known, "d MMMM", locale=locale()))


def month(value: date | None) -> str:
    """A month: March 2027."""
    return format_date(value, "MMMM y", locale=locale()) if value else ""


def moment(value: datetime | None, zone: str = "Europe/Paris") -> str:
    """An instant in a named zone: 3 March 2027, 14:05."""
    return format_datetime(value, "d MMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=locale()) if value else ""


def far(value: date | None) -> str:
    """How far a date is from today: in 4 months, 6 days ago."""
    if value is None:
        return ""
    now = g.get("today") or _today()
    if value == now:
        return str(gettext("today"))
    return format_timedelta(
        value - now, granularity="day", threshold=1.2, add_direction=True, locale=locale()
    )


def number(value: int | float | Fraction) -> str:
    """A number as the language writes it; fractions to one decimal."""
    return format_decimal(float(value) if isinstance(value, Fraction) else value, "#,##0.#", locale=locale())


def amount(value: Decimal, currency: str = "") -> str:
    """A sum of money as the language writes it, with its currency where there is one."""
    if currency:
        return format_currency(value, currency, locale=locale())
    return format_decimal(value, "#,##0.00", locale=locale())


def text(texts: Mapping[str, str], *wanted: str) -> str:
    """The text in the reader's language, or the nearest there is."""
    return best(texts, *(wanted or (locale(),)))


def country(code: str) -> str:
    """A country's name."""
    return Locale.parse(locale()).territories.get(code, code) if code else ""


def language(tag: str | None) -> str:
    """A language's name."""
    return Locale.parse(locale()).languages.get(tag, tag) if tag else ""


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def browser(user_agent: str) -> str:
    """A browser by the names that its user knows; what is none of them as it calls itself."""
    named = [
        next((name for sign, name in known if sign in user_agent), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, named)) or user_agent[:60]


def install(app: Flask) -> None:
    """Make the filters known to templates."""
    for filter_ in (
        day,
        short_day,
        yearly_day,
        month,
        moment,
        far,
        number,
        amount,
        text,
        country,
        language,
        browser,
    ):
        app.add_template_filter(filter_)
