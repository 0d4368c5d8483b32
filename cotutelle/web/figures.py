"""Figures over the theses that a reader sees: as tables with bars, each number leading to its list, each as CSV."""

import io
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, make_response, render_template
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.region import region_of
from cotutelle.domain.thesis import ENDED
from cotutelle.exchange.sheet import write_csv
from cotutelle.models import Thesis
from cotutelle.operations import figures as acts
from cotutelle.policy import Action
from cotutelle.web import wording
from cotutelle.web.filters import country, locale
from cotutelle.web.guards import may
from cotutelle.web.theses import TOO_SHORT, Query, asked_for, chips_of, choices_of, filtered
from cotutelle.web.wording_partnership import REGION_WORDS

bp = Blueprint("figures", __name__, url_prefix="/figures")
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its words, its number, the list that it counts, and these figures for it alone.

    For a year, `since` are these figures from it on.
    """

    name: str
    count: int
    url: str = ""
    closer: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the key of its address, its title, its lines."""

    key: str
    title: str
    rows: tuple[Row, ...]

    @property
    def most(self) -> int:
        """The longest bar."""
        return max((row.count for row in self.rows), default=1) or 1


@bp.get("")
@may(Action.VIEW_FIGURES)
def show() -> Any:
    """Every figure at a glance, for all theses or for those that the address asks for."""
    session, asked = db.session(), asked_for()
    ids = _ids(session, asked)
    states = acts.by_column(session, ids, Thesis.state)
    reasons = acts.by_column(session, ids, Thesis.health_reason)
    return render_template(
        "figures/show.html",
        asked=asked,
        address=lambda **changes: asked.address("figures.show", **changes),
        csv=lambda key: asked.address("figures.table", name=key),
        chips=chips_of(asked, choices_of(session, asked), "figures.show"),
        total=sum(states.values()),
        going=sum(count for state, count in states.items() if state not in ENDED),
        in_force=acts.by_column(session, ids, Thesis.convention_state).get("in_force", 0),
        short=sum(reasons.get(reason, 0) for reason in TOO_SHORT),
        times=acts.times(session, ids),
        tables={key: made(session, ids, asked) for key, made in TABLES.items()},
        stays=acts.stays(session, ids, g.today),
        # a narrowed share would tell of somebody
        genders=acts.genders(session, ids) if asked == Query() else {},
        wording=wording,
        most_rows=MOST_ROWS,
    )


@bp.get("/<string:name>.csv")
@may(Action.VIEW_FIGURES)
def table(name: str) -> Any:
    """One table as CSV, for all theses or for those that the address asks for."""
    session, asked = db.session(), asked_for()
    if name not in TABLES:
        abort(404)
    made = TABLES[name](session, _ids(session, asked), asked)
    out = io.BytesIO()
    write_csv(out, [made.title, _("Theses")], ((row.name, row.count) for row in made.rows))
    response = make_response(out.getvalue())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _ids(session: Session, asked: Query) -> acts.Ids:
    return filtered(session, asked, select(Thesis.id))


def _counted(
    asked: Query, counts: Iterable[tuple[str, str, int]], answer: str, *, closer: bool = True
) -> tuple[Row, ...]:
    """Lines of a table whose keys are answers to one of the questions of the list."""
    return tuple(
        Row(
            name,
            count,
            asked.address(**{answer: asked.narrowed(answer, key)}),
            asked.address("figures.show", **{answer: asked.narrowed(answer, key)}) if closer else "",
        )
        for key, name, count in counts
    )


def _states(session: Session, ids: acts.Ids, asked: Query) -> Table:
    found = acts.by_column(session, ids, Thesis.state)
    rows = [
        (state, str(word), found[state]) for state, word in wording.THESIS_STATES.items() if found.get(state)
    ]
    return Table("states", _("State of the thesis"), _counted(asked, rows, "state"))


def _conventions(session: Session, ids: acts.Ids, asked: Query) -> Table:
    found = acts.by_column(session, ids, Thesis.convention_state)
    rows = [(key, str(word), found[key]) for key, word in wording.CONVENTION_STATES.items() if found.get(key)]
    return Table("conventions", _("State of the convention"), _counted(asked, rows, "convention"))


def _years(session: Session, ids: acts.Ids, asked: Query) -> Table:
    found = sorted(acts.by_column(session, ids, Thesis.first_year).items(), reverse=True)
    narrowed = {"since": "", "year": ""}
    rows = tuple(
        Row(
            year,
            count,
            asked.address(year=year),
            asked.address("figures.show", **{**narrowed, "year": year}),
            asked.address("figures.show", **{**narrowed, "since": year}),
        )
        for year, count in found
    )
    return Table("years", _("First year"), rows)


def _institutions(session: Session, ids: acts.Ids, asked: Query) -> Table:
    rows = [(each.key, each.name, each.count) for each in acts.by_institution(session, ids)]
    return Table("institutions", _("Institution"), _counted(asked, rows, "partner"))


def _partnerships(session: Session, ids: acts.Ids, asked: Query) -> Table:
    rows = [(each.key, each.name, each.count) for each in acts.by_partnership(session, ids)]
    return Table("partnerships", _("Partnership"), _counted(asked, rows, "partnership"))


def _countries(session: Session, ids: acts.Ids, asked: Query) -> Table:
    found = acts.by_country(session, ids)
    rows = sorted(
        ((code, country(code), count) for code, count in found.items()), key=lambda row: (-row[2], row[1])
    )
    return Table("countries", _("Country"), _counted(asked, rows, "country"))


def _regions(session: Session, ids: acts.Ids, asked: Query) -> Table:
    countries = acts.countries_of(session, ids)
    found = Counter(region for there in countries.values() for region in {region_of(code) for code in there})
    rows = [(key, str(REGION_WORDS[key]), count) for key, count in found.most_common() if key]
    return Table("regions", _("Region"), _counted(asked, rows, "region"))


def _disciplines(session: Session, ids: acts.Ids, asked: Query) -> Table:
    rows = tuple(Row(each.name, each.count) for each in acts.by_discipline(session, ids, locale()))
    return Table("disciplines", _("Discipline, at the lead"), rows)


def _defences(session: Session, ids: acts.Ids, asked: Query) -> Table:
    rows = [(str(year), str(year), count) for year, count in acts.defences(session, ids, g.today)]
    return Table("defences", _("Defences to come"), _counted(asked, rows, "defence", closer=False))


TABLES: dict[str, Callable[[Session, acts.Ids, Query], Table]] = {
    "regions": _regions,
    "countries": _countries,
    "institutions": _institutions,
    "partnerships": _partnerships,
    "years": _years,
    "states": _states,
    "conventions": _conventions,
    "disciplines": _disciplines,
    "defences": _defences,
}
