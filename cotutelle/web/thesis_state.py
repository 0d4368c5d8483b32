"""The state of a thesis: moving it, and taking back a registration made by mistake."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired, Optional

from cotutelle import clock
from cotutelle.db import db
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.thesis import ThesisState, moves
from cotutelle.models import Thesis
from cotutelle.operations import thesis as acts
from cotutelle.policy import Action
from cotutelle.web import notice, page, wording
from cotutelle.web.fields import SOMETIMES, Day, LongText, VersionedForm, options
from cotutelle.web.guards import may

bp = Blueprint("thesis_state", __name__, url_prefix="/theses")


class MoveForm(VersionedForm):
    """A move to another state."""

    to = RadioField(
        _l("New state"), [DataRequired(_l("Choose where the thesis moves to."))], validate_choice=False
    )
    on = Day(_l("On"), [DataRequired(_l("Give the day of the change."))])
    reason = LongText(_l("Reason"), [Optional(), SOMETIMES], most=1000)


@bp.route("/<string:reference>/move", methods=["GET", "POST"])
@may(Action.MOVE_THESIS, on=Thesis)
def move(thesis: Thesis) -> Any:
    """Move the thesis to another state, with day and reason."""
    session, form = db.session(), MoveForm()
    here = ThesisState(thesis.state)
    form.to.choices = options([(to.value, wording.THESIS_STATES[to]) for to in moves(here)])
    if request.method == "GET":
        form.version.data, form.on.data = thesis.version, g.today
    elif form.validate_on_submit():
        try:
            if form.to.data not in set(ThesisState):
                raise Refused(Reason.MOVE_NOT_ALLOWED, "to")
            to = ThesisState(form.to.data)
            acts.move(
                session,
                thesis,
                to,
                form.on.data,
                form.reason.data or "",
                form.seen,
                g.actor,
                g.now,
                today=g.today,
            )
            notice.say(_("The thesis is now: %(state)s.", state=wording.THESIS_STATES[to]))
            return redirect(url_for("thesis.show", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            form.overtaken(thesis)
    undoable = acts.undoable(session, thesis) and page.allowed(Action.UNDO_THESIS)
    body = render_template("thesis/move.html", form=form, thesis=thesis, undoable=undoable, wording=wording)
    return body, 422 if form.errors else 200


@bp.post("/<string:reference>/undo")
@may(Action.UNDO_THESIS, on=Thesis)
def undo(thesis: Thesis) -> Any:
    """Take back a registration made by mistake."""
    name = thesis.reference
    acts.undo(db.session(), thesis, g.actor, clock.now())
    notice.say(_("The registration of %(reference)s is undone.", reference=name))
    return redirect(url_for("theses.index"), 303)
