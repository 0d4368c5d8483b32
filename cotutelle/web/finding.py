"""What every rule says of a thesis today, and the recorded events on which rules build."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.domain.check import Group
from cotutelle.domain.evaluation import Finding, evaluate
from cotutelle.domain.finding import Verdict
from cotutelle.domain.rules import JURY_CHECKS
from cotutelle.domain.rules.timing import EVENTS
from cotutelle.models import Event, Institution, Person, Seat, Thesis
from cotutelle.operations import committee
from cotutelle.operations import event as acts
from cotutelle.operations import jury as juries
from cotutelle.policy import Action
from cotutelle.rulebooks.sentences import Speaker
from cotutelle.web import findings, notice, page, where
from cotutelle.web.event_form import ASKED, EventForm, KindForm
from cotutelle.web.fields import Form, options
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.jury import dossier_for
from cotutelle.web.thesis import part_of

bp = Blueprint("finding", __name__, url_prefix="/theses/<string:reference>")

GROUPS = {
    Group.CONVENTION: _l("Convention"),
    Group.DIRECTION: _l("Supervision"),
    Group.COMMITTEE: _l("Monitoring committee"),
    Group.ENROLMENT: _l("Enrolment"),
    Group.FEES: _l("Fees"),
    Group.STAYS: _l("Stays"),
    Group.DURATION: _l("Duration"),
    Group.LANGUAGE: _l("Languages"),
    Group.JURY: _l("Jury"),
    Group.DEFENCE: _l("Defence"),
    Group.DEPOSIT: _l("Deposit"),
    Group.DIPLOMA: _l("Diploma"),
}
_OF_LEAVES = frozenset({"leave_added", "gap_periods"})


@bp.get("/findings")
@may(Action.VIEW_FINDINGS, on=Thesis)
def show(thesis: Thesis) -> Any:
    """Every rule of every party over this thesis, by what it looks at, the broken first."""
    session = db.session()
    shelf, dossier = dossier_for(session, thesis)
    found = [f for f in evaluate(shelf, dossier, both_readings=True) if _told(thesis, f)]
    sitting = select(Seat.public_id, Person).join(Person, Person.id == Seat.person_id)
    rows = session.execute(sitting.where(Seat.thesis_id == thesis.id)).all()
    people = {seat: person.name for seat, person in rows}
    parts = []
    for group, label in GROUPS.items():
        here = [f for f in found if f.rule.check.group is group]
        if any(f.verdict is not Verdict.NOT_APPLICABLE for f in here):
            parts.append({"id": str(group), "label": label, "groups": findings.groups(shelf, dossier, here, people),
                          "tally": _tally(here)})  # fmt: skip
    events = session.scalars(
        select(Event).where(Event.thesis_id == thesis.id).order_by(Event.on.desc(), Event.id.desc())
    ).all()
    return render_template(
        "finding/show.html",
        thesis=thesis,
        parts=parts,
        tally=_tally(found),
        events=events,
        speaker=findings.speaker(findings.names_of(shelf, dossier)),
        parties=page.parties_of(session, thesis),
        plain=Form(),
        give=partial(where.to_give, thesis.reference),
    )


def _tally(found: list[Finding]) -> dict[str, int]:
    return {
        "broken": sum(f.verdict is Verdict.FAIL for f in found),
        "open": sum(f.verdict in findings.OPEN for f in found),
        "met": sum(f.verdict is Verdict.PASS for f in found),
    }


def _told(thesis: Thesis, finding: Finding) -> bool:
    """Leaves have readers of their own; a jury is shown to the candidate once it is appointed."""
    if finding.rule.check.name in _OF_LEAVES:
        return page.allowed(Action.VIEW_LEAVES)
    if finding.rule.check.name in JURY_CHECKS and not page.allowed(Action.VIEW_JURY):
        jury = juries.current(db.session(), thesis)
        return jury is not None and jury.state == "decided"
    return True


@bp.route("/events/add", methods=["GET", "POST"])
@may(Action.RECORD_EVENT, on=Thesis)
def add(thesis: Thesis) -> Any:
    """Record that something happened: first what, then the day and what rules ask of it."""
    words = Speaker(locale())
    kinds = {kind: words.word(kind) for kind in (committee.KIND, *EVENTS)}
    kind = request.values.get("kind", "")
    if kind == committee.KIND:  # has a screen of its own
        return redirect(url_for("committee.meet", reference=thesis.reference), 303)
    if kind not in kinds:
        return _which(thesis, kinds)
    if request.method == "POST" and "on" not in request.form:
        return redirect(url_for("finding.add", reference=thesis.reference, kind=kind), 303)
    session = db.session()
    form = EventForm(data=None if request.method == "POST" else {"kind": kind, "on": g.today}).only(kind)
    form.institution.choices = options(
        [("", _("All institutions")), *page.institution_choices(session, thesis)]
    )
    if form.validate_on_submit():
        acts.add(session, thesis, kind, form.on.data, g.actor, g.now, today=g.today, data=form.answers())
        notice.say(_("Recorded."))
        return redirect(url_for("finding.show", reference=thesis.reference, _anchor="events"), 303)
    page_shown = render_template(
        "finding/event.html", form=form, thesis=thesis, kind=kinds[kind], asked=ASKED.get(kind, ())
    )
    return page_shown, 422 if form.errors else 200


def _which(thesis: Thesis, kinds: dict[str, str]) -> Any:
    form = KindForm(formdata=request.values if request.method == "POST" else None)
    ordered = sorted(kinds.items(), key=lambda pair: pair[1].casefold())
    form.kind.choices = options([("", _("Choose")), *ordered])
    form.validate_on_submit()
    return render_template("finding/which_event.html", form=form, thesis=thesis), 422 if form.errors else 200


@bp.post("/events/<string:event>/remove")
@may(Action.RECORD_EVENT, on=Thesis)
def remove(thesis: Thesis, event: str) -> Any:
    """Take a record back."""
    row: Event = part_of(thesis, Event, event)
    if row.by != g.actor.account_id:  # what one recorded oneself, one takes back
        code = str(row.data.get("institution", ""))
        page.check_side(db.session.scalar(select(Institution.id).where(Institution.code == code)) or 0)
    if committee.has_notes(db.session(), row) and not page.allowed(Action.WRITE_INTERVIEW):
        abort(403)
    acts.remove(db.session(), thesis, row, g.actor, g.now, today=g.today)
    notice.say(_("Removed; the history keeps it."))
    return redirect(url_for("finding.show", reference=thesis.reference, _anchor="events"), 303)
