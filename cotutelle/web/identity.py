"""One's own shared part: how one is named, written to and identified, wherever one's theses say so."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from cotutelle.db import db
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Person
from cotutelle.operations import person as acts
from cotutelle.policy import Action
from cotutelle.web import notice, people_fields
from cotutelle.web.guards import may
from cotutelle.web.person import SharedForm, shared_of
from cotutelle.web.two_versions import Rows, side_by_side, status_of

bp = Blueprint("identity", __name__)


@bp.route("/account/identity", methods=["GET", "POST"])
@may(Action.USE_ACCOUNT)
def edit() -> Any:
    """Change one's own names, e-mail address and ORCID; documents keep what they printed."""
    session = db.session()
    row = session.get_one(Person, g.reader.person_id)
    form = SharedForm(data=None if request.method == "POST" else shared_of(row))
    conflict: Rows | None = None
    if form.validate_on_submit():
        try:
            acts.edit_person(session, row, people_fields.facts(form), form.seen, g.actor, g.now)
            notice.say(_("Saved."))
            return redirect(url_for("account.show"), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            conflict = side_by_side(SharedForm(formdata=None, data=shared_of(row)), form, lambda _form: None)
            form.version.data = str(row.version)
    body = render_template("account/identity.html", form=form, conflict=conflict)
    return body, status_of(form, conflict), {"Cache-Control": "no-store"}
