"""The history of a thesis: what was done, when and by whom, as far as the reader may know it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.calendar import year_label
from cotutelle.models import Institution, JournalEntry, JournalValue, Thesis
from cotutelle.policy import Action, Tie
from cotutelle.web import page, wording
from cotutelle.web.fields import whole as number
from cotutelle.web.filters import moment
from cotutelle.web.guards import may

bp = Blueprint("history", __name__, url_prefix="/theses/<string:reference>/history")
LATEST, MOST = 12, 100_000
PLACES = ("stay", "enrolment", "institution")
"""The values of an entry that name an institution by its code."""

Row = tuple[JournalEntry, dict[str, Any] | None]


@bp.get("")
@may(Action.VIEW_HISTORY, on=Thesis, kept=True)
def show(thesis: Thesis) -> Any:
    """The whole history, newest first, page by page."""
    session, size = db.session(), current_app.config["PAGE_SIZE"] * 2
    before, after = number(request.args.get("before", "")), number(request.args.get("after", ""))
    newer = after is not None and before is None
    rows = _read(session, thesis, size + 1, after if newer else before, newer=newer)
    more, rows = len(rows) > size, rows[:size]
    if newer:
        rows.reverse()
    has_newer, has_older = (more, True) if newer else (before is not None, more)
    first, last = (rows[0][0].sequence, rows[-1][0].sequence) if rows else (0, 0)
    return render_template(
        "thesis/history.html",
        thesis=thesis,
        candidate=thesis.candidate,
        entries=_told_in_words(session, thesis, rows),
        newer_url=_address(thesis, after=first) if rows and has_newer else None,
        older_url=_address(thesis, before=last) if rows and has_older else None,
    )


def latest(session: Session, thesis: Thesis) -> dict[str, Any]:
    """The newest entries for the page of the thesis, and whether there are older ones."""
    if not page.allowed(Action.VIEW_HISTORY):
        return {"history": [], "history_more": False}
    rows = _read(session, thesis, LATEST + 1, None)
    return {
        "history": _told_in_words(session, thesis, rows[:LATEST]),
        "history_more": len(rows) > LATEST,
    }


def whole(session: Session, thesis: Thesis) -> list[dict[str, Any]]:
    """Everything that the reader may know, the oldest first."""
    if not page.allowed(Action.VIEW_HISTORY):
        return []
    rows = _read(session, thesis, MOST, None)
    return _told_in_words(session, thesis, rows[::-1])


def tells_reasons() -> bool:
    """Whether the reader may know why something was done: offices and auditors may."""
    return page.allowed(Action.EDIT_THESIS) or page.has(Tie.AUDITOR)


def _address(thesis: Thesis, **mark: Any) -> str:
    return url_for("history.show", reference=thesis.reference, **mark)


def _read(session: Session, thesis: Thesis, most: int, mark: int | None, *, newer: bool = False) -> list[Row]:
    """The entries that the reader may know, at most so many: older than the mark, or the next newer ones."""
    sequence = JournalEntry.sequence
    statement: Select[Any] = (
        select(JournalEntry, JournalValue.values)
        .outerjoin(JournalValue, JournalValue.sequence == sequence)
        .where(JournalEntry.subject == f"thesis:{thesis.reference}")
        .order_by(sequence.asc() if newer else sequence.desc())
    )
    if mark is not None:
        statement = statement.where(sequence > mark if newer else sequence < mark)
    shown = {document.public_id for document in page.documents_of(session, thesis)}
    with session.execute(statement, execution_options={"yield_per": 100}) as result:
        told = ((entry, values) for entry, values in result if _told(entry.act, values or {}, shown))
        return list(islice(told, most))


def _told(act: str, values: dict[str, Any], documents: set[str]) -> bool:
    """Whether the reader may know of an act: notes, leaves and documents have readers of their own."""
    if act == "thesis.noted":
        return page.allowed(Action.USE_NOTES)
    if act.startswith("thesis.leave"):
        return page.allowed(Action.VIEW_LEAVES)
    if act.startswith("jury."):
        return page.allowed(Action.VIEW_JURY)
    if act.startswith("convention.point"):
        return page.allowed(Action.VIEW_NEGOTIATION)
    if act == "document.uploaded":
        return values.get("document") in documents
    return True


def _told_in_words(session: Session, thesis: Thesis, rows: Sequence[Row]) -> list[dict[str, Any]]:
    actors = {entry.actor: _account(entry.actor) for entry, _values in rows}
    names = page.names_of(session, {id_ for id_ in actors.values() if id_ is not None})
    codes = {str(values[key]) for _entry, values in rows if values for key in PLACES if key in values}
    places = dict(
        session.execute(
            select(Institution.code, Institution.short_name).where(Institution.code.in_(codes))
        ).all()
    )
    zone = next((p.institution.time_zone for p in thesis.parties if p.lead), "Europe/Paris")
    reasons = tells_reasons()
    return [
        {
            "when": moment(datetime.fromisoformat(entry.at), zone),
            "who": _who(entry.actor, values or {}, names),
            "text": wording.act(entry.act, _readable(values, places)),
            "detail": (values or {}).get("reason", "") if reasons else "",
        }
        for entry, values in rows
    ]


def _who(actor: str, values: dict[str, Any], names: dict[int | None, str]) -> str:
    """Who did it: the person behind an account, whoever held a link, else the application itself."""
    if actor.startswith("link:"):
        return str(values.get("name") or _("Somebody"))
    account = _account(actor)
    return str(_("Cotutelle") if account is None else names.get(account, _("Somebody")))


def _account(actor: str) -> int | None:
    """The account behind an actor of the journal; None for the application itself."""
    kind, _colon, id_ = actor.partition(":")
    return int(id_) if kind == "account" else None


def _readable(values: dict[str, Any] | None, places: dict[str, str]) -> dict[str, Any]:
    """The values of an entry with institutions and academic years by the names that readers know them by."""
    found = dict(values or {})
    for key, value in found.items():
        if key in PLACES:
            found[key] = places.get(str(value), value)
        elif key == "year" and isinstance(value, int):
            found[key] = year_label(value, 9)
    return found
