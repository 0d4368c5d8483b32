"""The enrolment matrix, leaves, funding and the school's notes."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import FieldList, FormField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Optional

from cotutelle.db import db
from cotutelle.domain.calendar import academic_year, year_label
from cotutelle.domain.enrolment import Fee
from cotutelle.domain.errors import Refused, Stale
from cotutelle.domain.leave import LeaveKind
from cotutelle.models import Document, Enrolment, FundingSource, Leave, Partnership, Thesis
from cotutelle.operations import enrolment as acts
from cotutelle.operations.partnership import of_thesis as partnerships_of
from cotutelle.policy import Action
from cotutelle.web import notice, page, wording
from cotutelle.web.fields import (
    NEEDED,
    Choice,
    Day,
    Form,
    LongText,
    Money,
    Text,
    VersionedForm,
    forms_in,
    options,
    whole,
)
from cotutelle.web.guards import may
from cotutelle.web.matrix import years_of
from cotutelle.web.thesis import part_of
from cotutelle.web.two_versions import Rows, side_by_side, status_of

bp = Blueprint("enrolment", __name__, url_prefix="/theses/<string:reference>")
CURRENCIES = ("EUR", "BRL", "CAD", "CHF", "GBP", "PLN", "RON", "SEK", "USD")


class CellRow(PlainForm):
    """One institution in one year."""

    enrolled_on = Day(_l("Enrolled on"))
    fee = Choice(_l("Fees"))
    proof = Choice(_l("Proof"))


class YearForm(VersionedForm):
    """One academic year at every institution."""

    cells = FieldList(FormField(CellRow))


class LeaveForm(Form):
    """A leave or the gap period."""

    kind = Choice(_l("Kind"), [DataRequired(_l("Choose the kind."))])
    begin = Day(_l("First day"), [DataRequired(_l("Give the first day."))])
    end = Day(_l("Last day"), [DataRequired(_l("Give the last day."))])
    note = LongText(_l("Note"), most=1000)


class FundingForm(Form):
    """A source of money."""

    kind = Choice(_l("Kind"), [DataRequired(_l("Choose the kind."))])
    funder = Text(_l("From whom"), [DataRequired(_l("Name the funder or the employer."))], most=200)
    begin = Day(_l("From"), [Optional(), NEEDED])
    end = Day(_l("Until"), [Optional(), NEEDED])
    monthly_amount = Money(_l("Amount a month"), most=100_000)
    total_amount = Money(_l("Amount in all"), most=10_000_000)
    currency = Choice(_l("Currency"))
    partnership = Choice(_l("By a partnership of this thesis"))
    asks = LongText(_l("What it asks"), most=1000)


class NoteForm(Form):
    """A note that only the thesis's schools read."""

    text = LongText(_l("Note"), [DataRequired(_l("Write the note."))], most=4000)


@bp.route("/enrolment", methods=["GET", "POST"])
@may(Action.EDIT_SIDE, on=Thesis)
def edit_year(thesis: Thesis) -> Any:
    """Enrolment and fees of one year, at every institution side by side."""
    session = db.session()
    parties = page.own_sides(page.parties_of(session, thesis))
    rows = session.scalars(select(Enrolment).where(Enrolment.thesis_id == thesis.id)).all()
    years = sorted({*years_of(thesis, rows), academic_year(g.today, 9, 1), max(years_of(thesis, rows)) + 1})
    asked = whole(request.args.get("year", ""))
    year = asked if asked in years else _first_open(years, parties, rows)
    form = YearForm(data=None if request.method == "POST" else _year_data(thesis, parties, rows, year))
    _offer(session, thesis, form)
    conflict: Rows | None = None
    if form.validate_on_submit() and len(form.cells) == len(parties):
        try:
            _save(thesis, parties, form, year)
            notice.say(_("The year %(year)s is recorded.", year=year_label(year, 9)))
            return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="enrolment"), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            now = YearForm(formdata=None, data=_year_data(thesis, parties, rows, year))
            conflict = side_by_side(now, form, lambda f: _offer(session, thesis, f))
            form.version.data = str(thesis.version)
    body = render_template(
        "enrolment/year.html",
        form=form,
        thesis=thesis,
        parties=parties,
        year=year,
        label=year_label(year, 9),
        years=[(y, year_label(y, 9)) for y in years],
        conflict=conflict,
    )
    return body, status_of(form, conflict)


def _first_open(years: list[int], parties: list[dict[str, Any]], rows: Any) -> int:
    recorded = {(r.year, r.institution_id) for r in rows if r.fee != Fee.UNKNOWN}
    now = academic_year(g.today, 9, 1)
    past = [year for year in years if year <= now]
    return next((y for y in past if any((y, p["id"]) not in recorded for p in parties)), now)


def _year_data(thesis: Thesis, parties: list[dict[str, Any]], rows: Any, year: int) -> dict[str, Any]:
    known = {r.institution_id: r for r in rows if r.year == year}
    cells = []
    for party in parties:
        row = known.get(party["id"])
        proof = db.session.get(Document, row.proof_id) if row and row.proof_id else None
        cells.append(
            {
                "enrolled_on": row.enrolled_on if row else None,
                "fee": row.fee if row else "unknown",
                "proof": proof.public_id if proof else "",
            }
        )
    return {"version": thesis.version, "cells": cells}


def _offer(session: Any, thesis: Thesis, form: YearForm) -> None:
    proofs = [(d.public_id, d.title) for d in page.documents_of(session, thesis)]
    for cell in forms_in(form.cells):
        cell.fee.choices = options(wording.choices(wording.FEES))
        cell.proof.choices = options([("", _("No proof yet")), *proofs])


def _save(thesis: Thesis, parties: list[dict[str, Any]], form: YearForm, year: int) -> None:
    session = db.session()
    version: int | None = form.seen
    paying_last = sorted(zip(parties, form.cells, strict=True), key=lambda pair: pair[1].fee.data == "paid")
    for party, cell in paying_last:
        proof = part_of(thesis, Document, cell.proof.data) if cell.proof.data else None
        acts.save_enrolment(
            session,
            thesis,
            party["id"],
            year,
            cell.enrolled_on.data,
            Fee(cell.fee.data or "unknown"),
            g.actor,
            g.now,
            today=g.today,
            proof=proof,
            version=version,
        )
        version = None


@bp.route("/leaves", methods=["GET", "POST"])
@may(Action.EDIT_THESIS, on=Thesis)
def leave(thesis: Thesis) -> Any:
    """Record a leave or the gap period; both lengthen the thesis by as much."""
    session, form = db.session(), LeaveForm()
    form.kind.choices = options([("", _("Choose")), *wording.choices(wording.LEAVES)])
    if form.validate_on_submit():
        try:
            acts.add_leave(
                session,
                thesis,
                LeaveKind(form.kind.data),
                form.begin.data,
                form.end.data,
                g.actor,
                g.now,
                today=g.today,
                note=form.note.data or "",
            )
            notice.say(_("The leave is recorded."))
            return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="stays"), 303)
        except Refused as error:
            form.refuse(error)
    kept = select(Leave).where(Leave.thesis_id == thesis.id).order_by(Leave.begin_on)
    rows = session.scalars(kept).all() if page.allowed(Action.VIEW_LEAVES) else []
    body = render_template(
        "enrolment/leave.html", form=form, thesis=thesis, rows=rows, plain=Form(), wording=wording
    )
    return body, 422 if form.errors else 200


@bp.post("/leaves/<string:leave>/remove")
@may(Action.EDIT_THESIS, on=Thesis)
def remove_leave(thesis: Thesis, leave: str) -> Any:
    """Take a leave out."""
    acts.remove_leave(db.session(), thesis, part_of(thesis, Leave, leave), g.actor, g.now, today=g.today)
    notice.say(_("Removed; the history keeps it."))
    return redirect(url_for("enrolment.leave", reference=thesis.reference), 303)


@bp.route("/funding", methods=["GET", "POST"])
@may(Action.EDIT_THESIS, on=Thesis)
def funding(thesis: Thesis) -> Any:
    """Record a source of money."""
    session, form = db.session(), FundingForm()
    form.kind.choices = options([("", _("Choose")), *wording.choices(wording.FUNDING)])
    form.currency.choices = options([(c, c) for c in CURRENCIES])
    under = {row.code: row for row in partnerships_of(session, thesis)}
    form.partnership.choices = options([("", _("none")), *((c, row.short_name) for c, row in under.items())])
    if form.validate_on_submit():
        try:
            acts.add_funding(
                session,
                thesis,
                form.kind.data,
                form.funder.data,
                g.actor,
                g.now,
                today=g.today,
                begin=form.begin.data,
                end=form.end.data,
                monthly_amount=form.monthly_amount.data,
                currency=form.currency.data or "EUR",
                total_amount=form.total_amount.data,
                asks=form.asks.data or "",
                partnership=under.get(form.partnership.data or ""),
            )
            notice.say(_("The funding is recorded."))
            return redirect(url_for("enrolment.funding", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
    rows = session.scalars(select(FundingSource).where(FundingSource.thesis_id == thesis.id)).all()
    whose = {row.partnership_id for row in rows}
    names = session.execute(
        select(Partnership.id, Partnership.short_name).where(Partnership.id.in_(whose))
    ).all()
    body = render_template(
        "enrolment/funding.html",
        form=form,
        thesis=thesis,
        rows=rows,
        plain=Form(),
        wording=wording,
        by=dict(names),
    )
    return body, 422 if form.errors else 200


@bp.post("/funding/<string:funding>/remove")
@may(Action.EDIT_THESIS, on=Thesis)
def remove_funding(thesis: Thesis, funding: str) -> Any:
    """Take a source of money out."""
    source = part_of(thesis, FundingSource, funding)
    acts.remove_funding(db.session(), thesis, source, g.actor, g.now, today=g.today)
    notice.say(_("Removed; the history keeps it."))
    return redirect(url_for("enrolment.funding", reference=thesis.reference), 303)


@bp.route("/notes", methods=["GET", "POST"])
@may(Action.USE_NOTES, on=Thesis)
def note(thesis: Thesis) -> Any:
    """Write a note for the schools of this thesis alone."""
    form = NoteForm()
    if form.validate_on_submit():
        acts.add_note(db.session(), thesis, form.text.data, g.actor, g.now)
        notice.say(_("The note is kept."))
        return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="notes"), 303)
    if not page.allowed(Action.USE_NOTES):
        abort(403)
    return render_template("enrolment/note.html", form=form, thesis=thesis), 422 if form.errors else 200
