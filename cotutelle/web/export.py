"""The list of theses as it is filtered, for a spreadsheet."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from flask import Blueprint, g, send_file
from flask_babel import gettext as _
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.exchange.sheet import Cell, write_csv, write_xlsx
from cotutelle.models import (
    Institution,
    Partnership,
    School,
    Thesis,
    ThesisInstitution,
    ThesisPartnership,
    texts_of,
)
from cotutelle.policy import Action
from cotutelle.web import wording
from cotutelle.web.filters import country
from cotutelle.web.guards import may
from cotutelle.web.theses import LIST, Query, asked_for, filtered, title_of

bp = Blueprint("export", __name__)
BATCH = 500
KEPT_IN_MEMORY = 1_000_000
"""Bytes of a file that are kept in memory; what is longer is written to the disk until it is sent."""


@bp.get("/theses.csv")
@may(Action.LIST_THESES)
def as_csv() -> Any:
    """The theses of the list as CSV."""
    return _sent("csv", "text/csv", write_csv)


@bp.get("/theses.xlsx")
@may(Action.LIST_THESES)
def as_xlsx() -> Any:
    """The theses of the list as a workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _sent("xlsx", kind, lambda out, heads, rows: write_xlsx(out, _("Theses"), heads, rows))


def _sent(
    ending: str, kind: str, write: Callable[[IO[bytes], Sequence[str], Iterator[list[Cell]]], None]
) -> Any:
    out = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115  # closed when it was sent
    write(out, _headings(), _rows(db.session(), asked_for()))
    out.seek(0)
    name = f"{_('theses')}-{g.today.isoformat()}.{ending}"
    response = send_file(out, mimetype=kind, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _headings() -> list[str]:
    return [
        _("Reference"), _("Family name"), _("Given names"), _("Title"), _("Institutions"), _("Countries"),
        _("School"), _("First year"), _("Thesis"), _("since"), _("Convention"), _("since"), _("until"),
        _("Defence planned from"), _("Defence planned until"), _("Day of the defence"), _("Situation"),
        _("Partnerships"),
    ]  # fmt: skip


def _rows(session: Session, asked: Query) -> Iterator[list[Cell]]:
    """One row for each thesis, in the order of candidates, read in batches."""
    statement = filtered(session, asked, LIST).order_by(Thesis.sort_key, Thesis.id)
    for batch in session.execute(statement.execution_options(yield_per=BATCH)).partitions():
        ids = [row.id for row in batch]
        titles = texts_of(session, "thesis", ids, "title")
        parties, under = _parties(session, ids), _partnerships(session, ids)
        for row in batch:
            yield _cells(row, title_of(titles[row.id]), parties.get(row.id, []), under.get(row.id, []))


def _cells(row: Row[Any], title: str, parties: list[tuple[str, str, str]], under: list[str]) -> list[Cell]:
    state, convention = wording.THESIS_STATES[row.state], wording.CONVENTION_STATES[row.convention_state]
    return [
        row.reference, row.family_name, row.given_names, title, ", ".join(name for name, _c, _s in parties),
        ", ".join(dict.fromkeys(country(code) for _n, code, _s in parties)), parties[0][2] if parties else "",
        row.first_year, str(state), row.state_since, str(convention), row.convention_since, row.expires_on,
        row.defence_from, row.defence_until, row.defence_on, str(wording.HEALTH[row.health_reason][1]),
        ", ".join(under),
    ]  # fmt: skip


def _parties(session: Session, ids: list[int]) -> dict[int, list[tuple[str, str, str]]]:
    """For each thesis its institutions, the lead first: short name, country, code of the school."""
    rows = session.execute(
        select(ThesisInstitution.thesis_id, Institution.short_name, Institution.country, School.code)
        .join(Institution, Institution.id == ThesisInstitution.institution_id)
        .outerjoin(School, School.id == ThesisInstitution.school_id)
        .where(ThesisInstitution.thesis_id.in_(ids))
        .order_by(ThesisInstitution.lead.desc(), ThesisInstitution.position)
    )
    found: dict[int, list[tuple[str, str, str]]] = {}
    for thesis_id, name, code, school in rows:
        found.setdefault(thesis_id, []).append((name, code, school or ""))
    return found


def _partnerships(session: Session, ids: list[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(ThesisPartnership.thesis_id, Partnership.short_name)
        .join(Partnership, Partnership.id == ThesisPartnership.partnership_id)
        .where(ThesisPartnership.thesis_id.in_(ids))
        .order_by(Partnership.sort_key)
    )
    found: dict[int, list[str]] = {}
    for thesis_id, name in rows:
        found.setdefault(thesis_id, []).append(name)
    return found
