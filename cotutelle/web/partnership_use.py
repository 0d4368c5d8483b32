"""Which partnerships a thesis stands under."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from cotutelle.db import db
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Thesis, texts_of
from cotutelle.operations import partnership as acts
from cotutelle.policy import Action
from cotutelle.web import notice
from cotutelle.web.fields import VersionedForm, options
from cotutelle.web.filters import text
from cotutelle.web.guards import may
from cotutelle.web.wording_partnership import KINDS

bp = Blueprint("partnership_use", __name__, url_prefix="/theses/<string:reference>/partnerships")


class UnderForm(VersionedForm):
    """The partnerships of a thesis."""

    partnerships = SelectMultipleField(_l("This thesis stands under"))


@bp.route("", methods=["GET", "POST"])
@may(Action.EDIT_THESIS, on=Thesis)
def edit(thesis: Thesis) -> Any:
    """Say which partnerships a thesis stands under."""
    session = db.session()
    now = acts.of_thesis(session, thesis)
    rows = {row.code: row for row in (*acts.offered(session, thesis), *now)}
    form = UnderForm(
        data=None
        if request.method == "POST"
        else {"partnerships": [row.code for row in now], "version": thesis.version}
    )
    names = texts_of(session, "partnership", [row.id for row in rows.values()], "name")
    form.partnerships.choices = options(
        (code, f"{row.short_name} · {KINDS[row.kind]} · {text(names[row.id]['name'])}")
        for code, row in rows.items()
    )
    if form.validate_on_submit():
        try:
            chosen = {rows[code].id for code in form.partnerships.data or ()}
            acts.put_under(session, thesis, chosen, form.seen, g.actor, g.now, today=g.today)
            notice.say(_("Saved."))
            return redirect(url_for("thesis.show", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            form.overtaken(thesis)
    failed = form.errors or form.form_errors
    return render_template(
        "partnership/under.html", form=form, thesis=thesis, some=bool(rows)
    ), 422 if failed else 200
