"""The whole file of a thesis to take away, as far as its reader sees it."""

import tempfile
from typing import Any

from flask import Blueprint, g, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.convention import record
from cotutelle.exchange.dossier import Dossier, Paper, write_zip
from cotutelle.models import Base, Enrolment, Event, Institution, Thesis, Transition
from cotutelle.operations import convention as conventions
from cotutelle.policy import Action
from cotutelle.web import history, page
from cotutelle.web.guards import may
from cotutelle.web.printing import store

bp = Blueprint("dossier", __name__, url_prefix="/theses/<string:reference>")
KEPT_IN_MEMORY = 4_000_000
HIDDEN = frozenset(
    {"id", "public_id", "version", "retention", "archived_at", "search_key", "sort_key", "data"}
)
"""Columns that say nothing of a thesis: keys of rows, what serves searching and keeping, what acts note for themselves."""


@bp.get("/file.zip")
@may(Action.VIEW_DOCUMENTS, on=Thesis)
def take(thesis: Thesis) -> Any:
    """Documents, history and data of a thesis in one archive; what the reader may not see is not in it."""
    session, kept = db.session(), store()
    papers = [
        Paper(document.title, version.number, version.filename, version.digest)
        for document in reversed(page.documents_of(session, thesis))
        for version in reversed(document.versions)
    ]
    whole = Dossier(thesis.reference, _data(session, thesis), history.whole(session, thesis), papers)
    out = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115  # closed when it was sent
    write_zip(out, whole, lambda digest: kept.read(session, digest))
    out.seek(0)
    response = send_file(
        out, mimetype="application/zip", as_attachment=True, download_name=f"{thesis.reference}.zip"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _data(session: Session, thesis: Thesis) -> dict[str, Any]:
    """What is known of a thesis, as its page shows it to this reader."""
    shown = page.of(session, thesis)
    codes = dict(session.execute(select(Institution.id, Institution.code)).all())
    convention = conventions.holding(session, thesis)
    private = shown["private"]
    return {
        "reference": thesis.reference,
        "exported_on": g.today,
        "thesis": _plain(thesis, codes),
        "convention": record.to_json(conventions.text_of(session, thesis, convention)),
        "convention_state": convention.state,
        "candidate": _plain(shown["candidate"], codes) | (_plain(private, codes) if private else {}),
        "supervisors": [
            _plain(each["row"], codes) | {"name": each["person"].name} for each in shown["supervisors"]
        ],
        "enrolments": _rows(session, Enrolment, thesis, codes),
        "stays": [_plain(row, codes) for row in shown["stays"]],
        "fundings": [_plain(row, codes) for row in shown["fundings"]],
        "leaves": [_plain(row, codes) for row in shown["leaves"]],
        "partnerships": [row.code for row in shown["partnerships"]],
        "events": _events(session, thesis, codes),
        "moves": _moves(session, thesis, codes),
    }


def _events(session: Session, thesis: Thesis, codes: dict[int, str]) -> list[dict[str, Any]]:
    """What took place and when; of the jury, for those who may know of it."""
    rows = _rows(session, Event, thesis, codes)
    return [row for row in rows if page.allowed(Action.VIEW_JURY) or not row["kind"].startswith("jury")]


def _moves(session: Session, thesis: Thesis, codes: dict[int, str]) -> list[dict[str, Any]]:
    """Where the thesis and its convention went; why, for those who may know the reasons."""
    if not page.allowed(Action.VIEW_HISTORY):
        return []
    rows = _rows(session, Transition, thesis, codes)
    if not history.tells_reasons():
        rows = [{name: value for name, value in row.items() if name != "reason"} for row in rows]
    return rows


def _rows(session: Session, kind: Any, thesis: Thesis, codes: dict[int, str]) -> list[dict[str, Any]]:
    return [
        _plain(row, codes)
        for row in session.scalars(select(kind).where(kind.thesis_id == thesis.id).order_by(kind.id))
    ]


def _plain(row: Base, codes: dict[int, str]) -> dict[str, Any]:
    """The columns of a row, institutions by their codes, keys of other rows left out."""
    found: dict[str, Any] = {}
    for column in row.__table__.columns:
        if any(key.column.table.name == "institution" for key in column.foreign_keys):
            found[column.name.removesuffix("_id")] = codes.get(getattr(row, column.name))
        elif column.name not in HIDDEN and not column.foreign_keys:
            found[column.name] = getattr(row, column.name)
    return found
