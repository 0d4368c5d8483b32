"""Months of stay at each institution against the minimum, as bars with a sentence each."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from cotutelle.domain.calendar import Period, months_of_stay
from cotutelle.domain.convention.facts import Facts
from cotutelle.models import Stay
from cotutelle.web.filters import number


def stays_chart(
    parties: list[dict[str, Any]], stays: Sequence[Stay], facts: Facts, today: date
) -> dict[str, Any]:
    """A row for each institution, and how many months the full width shows."""
    rows = []
    for party in parties:
        here = [s for s in stays if s.institution_id == party["id"]]
        done = months_of_stay(Period(s.begin_on, s.end_on) for s in here if s.done)
        future = [s for s in here if not s.done and s.end_on >= today]
        planned = months_of_stay(Period(max(s.begin_on, today), s.end_on) for s in future)
        minimum = facts.terms.get("minimum_stay", party["code"])
        least = minimum if isinstance(minimum, int) else None
        rows.append(
            {
                "position": party["position"],
                "short_name": party["short_name"],
                "done": _tenths(done),
                "planned": _tenths(planned),
                "minimum": least,
                "sentence": _sentence(done, planned, least),
            }
        )
    widest = max((r["done"] + r["planned"] for r in rows), default=0)
    return {
        "rows": rows,
        "scale": max(12, int(widest) + 6, *(r["minimum"] or 0 for r in rows)) if rows else 12,
    }


def _tenths(value: Fraction) -> float | int:
    rounded = round(float(value), 1)
    return int(rounded) if rounded.is_integer() else rounded


def _sentence(done: Fraction, planned: Fraction, least: int | None) -> str:
    months = {"done": number(done), "planned": number(planned)}
    if least is None:
        return str(_("%(done)s months done, %(planned)s planned", **months))
    return str(
        _("%(done)s months done, %(planned)s planned; at least %(least)s asked", least=least, **months)
    )
