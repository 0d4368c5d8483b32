"""Until when something agreed runs: its end, its tacit renewals, its denunciation."""

from datetime import date
from typing import Protocol

from dateutil.relativedelta import relativedelta


class Agreed(Protocol):
    """What runs for some time: an end (None: without), months of tacit renewal, a day of denunciation."""

    ends_on: date | None
    renewal_months: int | None
    denounced_on: date | None


def runs_until(agreed: Agreed, today: date) -> date | None:
    """The last day on which it counts as things stand: its denunciation, else its end, tacit renewals included.

    None where it runs without end.
    """
    if agreed.denounced_on is not None:
        if agreed.renewal_months:
            return agreed.denounced_on
        return min(agreed.denounced_on, agreed.ends_on or date.max)
    if agreed.ends_on is None or not agreed.renewal_months or agreed.ends_on >= today:
        return agreed.ends_on
    between = relativedelta(today, agreed.ends_on)
    terms = (between.years * 12 + between.months) // agreed.renewal_months
    ends = (agreed.ends_on + relativedelta(months=agreed.renewal_months * n) for n in (terms, terms + 1))
    return next(end for end in ends if end >= today)  # counted from the first end: 31 January stays the 31st


def ends_by_itself(agreed: Agreed, today: date) -> date | None:
    """The last day where one is certain: what is renewed tacitly does not end by itself."""
    renewed = agreed.renewal_months and agreed.denounced_on is None
    return None if renewed else runs_until(agreed, today)
