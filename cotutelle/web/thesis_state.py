"""The state of a thesis: moving it, and taking back a registration made by mistake."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, Optional

from cotutelle import clock
from cotutelle.db import db
from cotutelle.domain.defence import Result
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.thesis import WITHOUT_DIPLOMA, PartyRole, ThesisState, moves
from cotutelle.models import Thesis
from cotutelle.operations import defence as defences
from cotutelle.operations import ending
from cotutelle.operations import thesis as acts
from cotutelle.policy import Action
from cotutelle.web import notice, page, wording
from cotutelle.web.fields import SOMETIMES, Choice, Day, LongText, VersionedForm, options
from cotutelle.web.guards import may

bp = Blueprint("thesis_state", __name__, url_prefix="/theses")


REFUSED_FROM = {
    ThesisState.PRE_DEFENCE: ThesisState.PRE_DEFENCE,
    ThesisState.DRAFT: ThesisState.DRAFT,
    ThesisState.ADMITTED: ThesisState.DRAFT,
}
"""Where a refusal is taken back to, by the state in which it was given."""
RESULTS = {
    Result.ADMITTED: _l("Admitted, nothing to correct"),
    Result.CORRECTIONS: _l("Admitted, with corrections to deposit"),
    Result.ADJOURNED: _l("Adjourned: another defence will be held"),
    Result.FAILED: _l("Refused for good: no diploma is awarded"),
}


class MoveForm(VersionedForm):
    """A move to another state."""

    to = RadioField(
        _l("New state"), [DataRequired(_l("Choose where the thesis moves to."))], validate_choice=False
    )
    on = Day(_l("On"), [DataRequired(_l("Give the day of the change."))])
    reason = LongText(_l("Reason"), [Optional(), SOMETIMES], most=1000)
    kept_by = Choice(_l("Where a converted thesis goes on"), [Optional(), SOMETIMES])
    with_convention = BooleanField(_l("The convention ends with it"), default=True)

    def only(self, to: Collection[ThesisState]) -> "MoveForm":
        """The same form without what none of these moves asks for."""
        if ThesisState.CONVERTED not in to:
            del self.kept_by
        if WITHOUT_DIPLOMA.isdisjoint(to):
            del self.with_convention
        return self


@bp.route("/<string:reference>/move", methods=["GET", "POST"])
@may(Action.MOVE_THESIS, on=Thesis)
def move(thesis: Thesis) -> Any:
    """Move the thesis to another state, with day and reason."""
    session, here = db.session(), ThesisState(thesis.state)
    offered = _offered(thesis, here)
    form = MoveForm().only(offered)
    form.to.choices = options([(to.value, wording.THESIS_STATES[to]) for to in offered])
    if "kept_by" in form:
        form.kept_by.choices = options([("", _("Choose")), *_degree_parties(thesis)])
    if request.method == "GET":
        form.version.data, form.on.data = thesis.version, g.today
    elif form.validate_on_submit():
        try:
            to = _move(thesis, form)
            notice.say(_("The thesis is now: %(state)s.", state=wording.THESIS_STATES[to]))
            return redirect(url_for("thesis.show", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            form.overtaken(thesis)
    undoable = acts.undoable(session, thesis) and page.allowed(Action.UNDO_THESIS)
    body = render_template("thesis/move.html", form=form, thesis=thesis, undoable=undoable, wording=wording)
    return body, 422 if form.errors else 200


def _move(thesis: Thesis, form: MoveForm) -> ThesisState:
    """An end and what is taken back of it have effects of their own; any other move is one alone."""
    if form.to.data not in _offered(thesis, ThesisState(thesis.state)):
        raise Refused(Reason.MOVE_NOT_ALLOWED, "to")
    to, reason = ThesisState(form.to.data), form.reason.data or ""
    told = (db.session(), thesis, to, form.on.data, reason, form.seen, g.actor, g.now)
    if to in WITHOUT_DIPLOMA:
        ending.end(
            *told,
            today=g.today,
            kept_by=form.kept_by.data if "kept_by" in form else "",
            with_convention="with_convention" not in form or form.with_convention.data,
        )
    elif thesis.state in WITHOUT_DIPLOMA:
        ending.resume(*told, today=g.today)
    else:
        acts.move(*told, today=g.today)
    return to


def _offered(thesis: Thesis, here: ThesisState) -> list[ThesisState]:
    """Where it may be moved here: a defence is recorded on its own page, and a refusal taken back leads where it came from."""
    came_from = ending.back_from(db.session(), thesis)
    return [
        to
        for to in moves(here)
        if not (here is ThesisState.PRE_DEFENCE and to in (ThesisState.DEFENDED, ThesisState.REFUSED))
        and not (
            here is ThesisState.REFUSED and came_from in REFUSED_FROM and to is not REFUSED_FROM[came_from]
        )
    ]


def _degree_parties(thesis: Thesis) -> list[tuple[str, str]]:
    parties = page.parties_of(db.session(), thesis)
    return [(p["code"], p["short_name"]) for p in parties if p["row"].role == PartyRole.DEGREE]


class DefenceForm(VersionedForm):
    """How a defence went."""

    result = RadioField(_l("Outcome"), [DataRequired(_l("Choose the outcome."))])
    on = Day(_l("Day of the defence"), [DataRequired(_l("Give the day of the defence."))])
    reason = LongText(_l("Reason, or what the jury asks"), [Optional(), SOMETIMES], most=2000)
    next_on = Day(_l("New day, if it is known"))


@bp.route("/<string:reference>/defence", methods=["GET", "POST"])
@may(Action.MOVE_THESIS, on=Thesis)
def defence(thesis: Thesis) -> Any:
    """Record how the defence went, with all that follows from it."""
    form = DefenceForm()
    form.result.choices = options([(each.value, RESULTS[each]) for each in Result])
    if request.method == "GET":
        form.version.data = thesis.version
        form.on.data = thesis.defence_on if thesis.defence_on and thesis.defence_on <= g.today else None
    elif form.validate_on_submit():
        try:
            result = Result(form.result.data)
            told = (result, form.on.data, form.reason.data or "", form.seen, g.actor, g.now)
            defences.record(db.session(), thesis, *told, today=g.today, next_on=form.next_on.data)
            notice.say(_("The outcome of the defence is recorded, and everybody concerned is told."))
            return redirect(url_for("thesis.show", reference=thesis.reference), 303)
        except Refused as error:
            db.session().rollback()
            form.refuse(error)
        except Stale:
            db.session().rollback()
            form.overtaken(thesis)
    open_ = thesis.state in defences.OPEN
    body = render_template("thesis/defence.html", form=form, thesis=thesis, open=open_)
    return body, 422 if form.errors else 200


@bp.post("/<string:reference>/undo")
@may(Action.UNDO_THESIS, on=Thesis)
def undo(thesis: Thesis) -> Any:
    """Take back a registration made by mistake."""
    name = thesis.reference
    acts.undo(db.session(), thesis, g.actor, clock.now())
    notice.say(_("The registration of %(reference)s is undone.", reference=name))
    return redirect(url_for("theses.index"), 303)
