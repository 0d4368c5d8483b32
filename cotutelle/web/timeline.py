"""The thesis in time, as points of a drawing 1180 px wide; the table beside it says the same in words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from flask_babel import gettext as _

from cotutelle.domain.calendar import Period, academic_year, months_of_stay, year_label
from cotutelle.models import Convention, Enrolment, Stay, Thesis
from cotutelle.web.filters import number, short_day

WIDTH, LEFT = 1180, 150


def timeline(
    thesis: Thesis,
    parties: list[dict[str, Any]],
    stays: Sequence[Stay],
    enrolments: Sequence[Enrolment],
    convention: Convention,
    today: date,
) -> dict[str, Any] | None:
    """The drawing's data, or None while no date is known."""
    first = [p["row"].first_enrolment for p in parties if p["row"].first_enrolment]
    dates = [*first, *(s.begin_on for s in stays), *(e.enrolled_on for e in enrolments if e.enrolled_on)]
    if not dates:
        return None
    begin = date(academic_year(min(dates), 9, 1), 9, 1)
    ends = [thesis.defence_on, thesis.defence_until, convention.expires_on, *(s.end_on for s in stays)]
    end = max([d for d in ends if d] or [begin + relativedelta(years=3)]) + relativedelta(months=2)
    end = max(end, begin + relativedelta(months=18))
    days = (end - begin).days

    def x(day: date) -> int:
        return LEFT + round((WIDTH - LEFT) * min(max((day - begin).days, 0), days) / days)

    acts = _acts(thesis, convention, today)
    return {
        "width": WIDTH,
        "years": [
            {"x": x(date(year, 9, 1)), "label": year_label(year, 9)}
            for year in range(begin.year, end.year + 1)
            if begin <= date(year, 9, 1) < end
        ],
        "lanes": [_lane(party, stays, x, end, thesis) for party in parties],
        "acts": [
            {"x": x(day), "label": label, "date": short_day(day), "state": state}
            for day, label, state in acts
        ],
        "today": {"x": x(today), "label": _("Today")} if begin <= today <= end else None,
        "uncovered": _uncovered(thesis, convention, x),
        "table": _table(parties, stays, acts),
    }


def _acts(thesis: Thesis, convention: Convention, today: date) -> list[tuple[date, str, str]]:
    defence = thesis.defence_on or thesis.defence_until
    found = []
    if convention.in_force_on:
        found.append((convention.in_force_on, _("Convention in force"), "done"))
    if convention.expires_on:
        late = defence is not None and convention.expires_on < defence
        found.append((convention.expires_on, _("Convention ends"), "late" if late else "planned"))
    if defence:
        held = thesis.state in {"defended", "corrections", "completed"}
        found.append((defence, _("Defence"), "done" if held else "planned"))
    return sorted(found)


def _lane(party: dict[str, Any], stays: Sequence[Stay], x: Any, end: date, thesis: Thesis) -> dict[str, Any]:
    here = [s for s in stays if s.institution_id == party["id"]]
    first = party["row"].first_enrolment
    start = first or min((s.begin_on for s in here), default=end)
    until = party["row"].left_on or thesis.defence_on or thesis.defence_until or end
    return {
        "position": party["position"],
        "name": party["short_name"],
        "note": "",
        "line_from": x(start),
        "line_to": x(until),
        "blocks": [
            {
                "x": x(s.begin_on),
                "width": max(x(s.end_on) - x(s.begin_on), 3),
                "label": number(months_of_stay([Period(s.begin_on, s.end_on)])),
                "planned": not s.done,
            }
            for s in sorted(here, key=lambda s: (s.done, s.begin_on))
        ],
    }


def _uncovered(thesis: Thesis, convention: Convention, x: Any) -> list[dict[str, int]]:
    defence = thesis.defence_on or thesis.defence_until
    if not defence or not convention.expires_on or convention.expires_on >= defence:
        return []
    start = x(convention.expires_on)
    return [{"x": start, "width": x(defence) - start}]


def _table(
    parties: list[dict[str, Any]], stays: Sequence[Stay], acts: list[tuple[date, str, str]]
) -> list[tuple[str, str, str, str]]:
    names = {p["id"]: p["short_name"] for p in parties}
    rows: list[tuple[date, str, str, str, str]] = []
    for s in stays:
        when = f"{short_day(s.begin_on)} – {short_day(s.end_on)}"
        rows.append(
            (
                s.begin_on,
                when,
                _("Stay"),
                names.get(s.institution_id, ""),
                _("done") if s.done else _("planned"),
            )
        )
    words = {"done": _("done"), "planned": _("planned"), "late": _("too early")}
    rows += [(day, short_day(day), label, _("all institutions"), words[state]) for day, label, state in acts]
    return [row[1:] for row in sorted(rows)]
