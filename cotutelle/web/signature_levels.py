"""How strong the signatures of a convention must be for an institution: one choice for each capacity."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cotutelle.db import db
from cotutelle.domain.errors import Stale
from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import Level
from cotutelle.operations import signature_level as acts
from cotutelle.policy import Action
from cotutelle.web import notice
from cotutelle.web.fields import Choice, VersionedForm, options
from cotutelle.web.guards import may
from cotutelle.web.institution import editable, find
from cotutelle.web.signature_words import LEVELS

bp = Blueprint("signature_levels", __name__, url_prefix="/institutions/<string:code>/signatures")


class LevelsForm(VersionedForm):
    """The least that counts, in each capacity."""

    director = Choice(_l("Thesis director"))
    unit_head = Choice(_l("Head of the research unit"))
    school = Choice(_l("Doctoral school or faculty"))
    head = Choice(_l("Head of the institution"))


@bp.route("", methods=["GET", "POST"])
@may(Action.VIEW_DIRECTORY)
def edit(code: str) -> Any:
    """Choose the least that counts as a signature for this institution."""
    session, row = db.session(), find(code)
    if not editable(row):
        abort(403)
    now = acts.levels_of(row)
    form = LevelsForm(
        data={**{str(signer): str(level) for signer, level in now.items()}, "version": row.version}
    )
    for signer in now:
        form[signer].choices = options(list(LEVELS.items()))
    if form.validate_on_submit():
        try:
            chosen = {Signer(signer): Level(form[signer].data) for signer in now}
            acts.choose(session, row, chosen, form.seen, g.actor, g.now)
            notice.say(_("Saved."))
            return redirect(url_for("institution.show", code=code), 303)
        except Stale:
            session.rollback()
            form.overtaken(find(code))
    body = render_template("institution/signatures.html", form=form, row=row, levels=now)
    return body, 422 if form.errors else 200
