"""The only module that asks the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, in UTC, to the microsecond that the databases keep."""
    return datetime.now(UTC)


def today(zone: str = "Europe/Paris") -> date:
    """The date it is now in a named zone."""
    return datetime.now(ZoneInfo(zone)).date()
