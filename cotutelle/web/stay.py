"""Stays, planned and done apart."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import RadioField
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Institution, Stay, Thesis
from cotutelle.operations import stay as acts
from cotutelle.policy import Action
from cotutelle.web import notice, page
from cotutelle.web.fields import Choice, Day, Form, LongText, VersionedForm, options
from cotutelle.web.guards import may
from cotutelle.web.thesis import part_of
from cotutelle.web.two_versions import Rows, side_by_side, status_of

bp = Blueprint("stay", __name__, url_prefix="/theses/<string:reference>/stays")


class StayForm(VersionedForm):
    """A period at one of the institutions."""

    institution = Choice(_l("At"), [DataRequired(_l("Choose the institution of the stay."))])
    done = RadioField(
        _l("This stay is"),
        choices=options([("planned", _l("planned")), ("done", _l("done"))]),
        default="planned",
    )
    begin = Day(_l("First day"), [DataRequired(_l("Give the first day."))])
    end = Day(_l("Last day"), [DataRequired(_l("Give the last day."))])
    note = LongText(_l("Note"), most=1000)


@bp.route("/add", methods=["GET", "POST"])
@may(Action.EDIT_SIDE, on=Thesis)
def add(thesis: Thesis) -> Any:
    """Record a stay."""
    return _form(thesis, None)


@bp.route("/<string:stay>", methods=["GET", "POST"])
@may(Action.EDIT_SIDE, on=Thesis)
def edit(thesis: Thesis, stay: str) -> Any:
    """Change a stay."""
    row: Stay = part_of(thesis, Stay, stay)
    page.check_side(row.institution_id)
    return _form(thesis, row)


@bp.post("/<string:stay>/remove")
@may(Action.EDIT_SIDE, on=Thesis)
def remove(thesis: Thesis, stay: str) -> Any:
    """Take a stay out."""
    row: Stay = part_of(thesis, Stay, stay)
    page.check_side(row.institution_id)
    acts.remove_stay(db.session(), thesis, row, g.actor, g.now, today=g.today)
    notice.say(_("The stay is removed; the history keeps it."))
    return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="stays"), 303)


def _form(thesis: Thesis, stay: Stay | None) -> Any:
    session = db.session()
    form = StayForm(data=None if request.method == "POST" else _data(thesis, stay))
    form.institution.choices = options([("", _("Choose")), *page.institution_choices(session, thesis)])
    rows: Rows | None = None
    if form.validate_on_submit():
        try:
            institution = session.scalars(
                select(Institution).where(Institution.code == form.institution.data)
            ).one()
            acts.save_stay(
                session,
                thesis,
                stay,
                institution.id,
                form.begin.data,
                form.end.data,
                form.done.data == "done",
                g.actor,
                g.now,
                today=g.today,
                note=form.note.data or "",
                version=form.seen if stay is not None else None,
            )
            notice.say(_("The stay is recorded."))
            return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="stays"), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            rows = side_by_side(
                StayForm(formdata=None, data=_data(thesis, stay)),
                form,
                lambda f: setattr(f.institution, "choices", form.institution.choices),
            )
            form.version.data = str(thesis.version)
    status = status_of(form, rows)
    body = render_template("stay/form.html", form=form, thesis=thesis, stay=stay, conflict=rows, plain=Form())
    return body, status


def _data(thesis: Thesis, stay: Stay | None) -> dict[str, Any]:
    if stay is None:
        return {"version": thesis.version, "institution": request.args.get("at", "")}
    return {
        "version": thesis.version,
        "institution": stay.institution.code,
        "done": "done" if stay.done else "planned",
        "begin": stay.begin_on,
        "end": stay.end_on,
        "note": stay.note,
    }
