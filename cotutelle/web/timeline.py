"""The thesis in time: what the drawing shows, and the table beside it that says the same in words.

Where each word stands is decided in `timeline_layout` and `timeline_upright`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from flask_babel import gettext as _
from flask_babel import ngettext

from cotutelle.domain.calendar import Period, academic_year, merged, months_of_stay, year_label
from cotutelle.domain.thesis import HELD
from cotutelle.models import Convention, Enrolment, Stay, Thesis
from cotutelle.web.filters import number, short_day
from cotutelle.web.timeline_layout import Act, Block, Lane, Lying, Timeline, Year, room_for_names
from cotutelle.web.timeline_upright import Upright

WIDTH = 1180


def timeline(
    thesis: Thesis,
    parties: list[dict[str, Any]],
    stays: Sequence[Stay],
    enrolments: Sequence[Enrolment],
    convention: Convention,
    today: date,
) -> dict[str, Any] | None:
    """Both drawings and their table, or None while no date is known."""
    first = [p["row"].first_enrolment for p in parties if p["row"].first_enrolment]
    dates = [*first, *(s.begin_on for s in stays), *(e.enrolled_on for e in enrolments if e.enrolled_on)]
    if not dates:
        return None
    begin = date(academic_year(min(dates), 9, 1), 9, 1)
    ends = [thesis.defence_on, thesis.defence_until, convention.expires_on, *(s.end_on for s in stays)]
    end = max([d for d in ends if d] or [begin + relativedelta(years=3)]) + relativedelta(months=2)
    end = max(end, begin + relativedelta(months=18))
    days = (end - begin).days
    left = room_for_names([p["short_name"] for p in parties])

    def x(day: date) -> int:
        return left + round((WIDTH - left) * min(max((day - begin).days, 0), days) / days)

    acts = _acts(thesis, convention, today)
    shown = [Act(x(day), label, short_day(day), state) for day, label, state in acts]
    if begin <= today <= end:
        shown.append(Act(x(today), _("Today"), "", "today"))
    drawn = Timeline(
        width=WIDTH,
        left=left,
        years=tuple(
            Year(x(date(year, 9, 1)), year_label(year, 9))
            for year in range(begin.year, end.year + 1)
            if begin <= date(year, 9, 1) < end
        ),
        lanes=tuple(_lane(party, stays, x, end, thesis, today) for party in parties),
        acts=tuple(shown),
        uncovered=_uncovered(thesis, convention, x),
    )
    return {
        "drawn": drawn,
        "lying": Lying(drawn),
        "upright": Upright(drawn),
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
        held = thesis.state in HELD
        found.append((defence, _("Defence"), "done" if held else "planned"))
    return sorted(found)


def _lane(
    party: dict[str, Any],
    stays: Sequence[Stay],
    x: Callable[[date], int],
    end: date,
    thesis: Thesis,
    today: date,
) -> Lane:
    here = [s for s in stays if s.institution_id == party["id"]]
    start = party["row"].first_enrolment or min((s.begin_on for s in here), default=end)
    until = party["row"].left_on or thesis.defence_on or thesis.defence_until or end
    done = merged(Period(s.begin_on, s.end_on) for s in here if s.done)
    ahead = [*remainders((Period(s.begin_on, s.end_on) for s in here if not s.done), done)]
    blocks = [_block(period, x, today, planned=False) for period in done]
    blocks += [_block(period, x, today, planned=True) for period in ahead]
    return Lane(
        position=party["position"],
        name=party["short_name"],
        line_from=x(start),
        line_to=x(until),
        blocks=tuple(sorted(blocks, key=lambda block: block.x)),
    )


def remainders(planned: Iterable[Period], done: Sequence[Period]) -> list[Period]:
    """What was planned and is not covered by what was done: a plan that came true is drawn once."""
    day, left = timedelta(days=1), merged(planned)
    for known in done:
        pieces: list[Period] = []
        for period in left:
            if not period.overlaps(known):
                pieces.append(period)
                continue
            if period.begin < known.begin:
                pieces.append(Period(period.begin, known.begin - day))
            if period.end > known.end:
                pieces.append(Period(known.end + day, period.end))
        left = pieces
    return left


def _block(period: Period, x: Callable[[date], int], today: date, *, planned: bool) -> Block:
    months = months_of_stay([period])
    several, written = 1 if months == 1 else 2, number(months)
    if planned:
        words = ngettext("%(months)s month planned", "%(months)s months planned", several, months=written)
    else:
        words = ngettext("%(months)s month", "%(months)s months", several, months=written)
    told = not planned or period.end >= today  # a plan that passed by is drawn, and no longer counted
    return Block(
        x=x(period.begin),
        width=max(x(period.end) - x(period.begin), 3),
        planned=planned,
        words=words if told else "",
        number=written if told else "",
    )


def _uncovered(thesis: Thesis, convention: Convention, x: Callable[[date], int]) -> tuple[int, int] | None:
    """From where to where the convention no longer covers the thesis: x and width."""
    defence = thesis.defence_on or thesis.defence_until
    if not defence or not convention.expires_on or convention.expires_on >= defence:
        return None
    start = x(convention.expires_on)
    return start, x(defence) - start


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
