"""Acts on the jury: seats entered and changed, then proposed, approved by each party, decided, or taken back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Institution, Jury, Seat, Thesis
from cotutelle.operations import jury as acts
from cotutelle.operations import jury_approval as approvals
from cotutelle.policy import Action
from cotutelle.web import notice, page, people_fields
from cotutelle.web.fields import VersionedForm, options
from cotutelle.web.guards import may
from cotutelle.web.jury import dossier_for, jury_or_404
from cotutelle.web.jury_forms import (
    ApprovalForm,
    RemoteForm,
    ReopenForm,
    SeatForm,
    StepForm,
    data_of,
    offer,
    supervises,
    values_of,
)
from cotutelle.web.thesis import part_of
from cotutelle.web.two_versions import Rows, side_by_side, status_of

bp = Blueprint("jury_act", __name__, url_prefix="/theses/<string:reference>/jury")


@bp.route("/seats/add", methods=["GET", "POST"])
@may(Action.EDIT_JURY, on=Thesis)
def add(thesis: Thesis) -> Any:
    """Add somebody to the jury."""
    return _seat_form(thesis, jury_or_404(db.session(), thesis), None)


@bp.route("/seats/<string:seat>", methods=["GET", "POST"])
@may(Action.EDIT_JURY, on=Thesis)
def edit(thesis: Thesis, seat: str) -> Any:
    """Change somebody's seat."""
    row: Seat = part_of(thesis, Seat, seat)
    return _seat_form(thesis, jury_or_404(db.session(), thesis), row)


def _seat_form(thesis: Thesis, jury: Jury, row: Seat | None) -> Any:
    session = db.session()
    form = SeatForm(data=None if request.method == "POST" else _data(jury, row))
    offer(session, thesis, form)
    doubles = people_fields.visible_doubles(session, form) if request.method == "POST" and row is None else []
    people_fields.ask(form, doubles)
    rows: Rows | None = None
    if form.validate_on_submit():
        try:
            person = row.person if row is not None else people_fields.chosen_or_added(session, form)
            acts.save_seat(
                session,
                thesis,
                jury,
                row,
                person,
                values_of(session, form),
                form.seen if row is not None else None,
                g.actor,
                g.now,
                today=g.today,
            )
            notice.say(_("%(name)s is in the jury.", name=person.name))
            return redirect(url_for("jury.show", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            rows = side_by_side(
                SeatForm(formdata=None, data=_data(jury, row)), form, lambda f: offer(session, thesis, f)
            )
            form.version.data = str(jury.version)
    body = render_template(
        "jury/seat.html",
        form=form,
        thesis=thesis,
        seat=row,
        conflict=rows,
        doubles=doubles,
        plain=VersionedForm(formdata=None, data={"version": jury.version}),
    )
    return body, status_of(form, rows)


def _data(jury: Jury, row: Seat | None) -> dict[str, Any]:
    if row is not None:
        return {"version": jury.version, **data_of(row)}
    asked = {name: request.args[name] for name in ("institution", "capacity", "rank") if name in request.args}
    return {"version": jury.version, **asked, "decides": not supervises(asked.get("capacity"))}


@bp.post("/seats/<string:seat>/remove")
@may(Action.EDIT_JURY, on=Thesis)
def remove(thesis: Thesis, seat: str) -> Any:
    """Take somebody out of the jury."""
    session = db.session()
    row: Seat = part_of(thesis, Seat, seat)
    jury = jury_or_404(session, thesis)
    acts.remove_seat(session, thesis, jury, row, VersionedForm().seen, g.actor, g.now, today=g.today)
    notice.say(_("Removed; the history keeps it."))
    return redirect(url_for("jury.show", reference=thesis.reference), 303)


@bp.route("/remote", methods=["GET", "POST"])
@may(Action.EDIT_JURY, on=Thesis)
def remote(thesis: Thesis) -> Any:
    """Say who takes part from afar, and whether it is authorised."""
    session = db.session()
    jury = jury_or_404(session, thesis)
    known = {True: "yes", False: "no", None: ""}[jury.remote_authorised]
    now = {"version": jury.version, "mode": jury.remote_mode, "authorised": known}
    form = RemoteForm(data=None if request.method == "POST" else now)
    if form.validate_on_submit():
        authorised = {"yes": True, "no": False}.get(form.authorised.data or "")
        mode = form.mode.data
        if _done(form, jury, lambda: acts.set_remote(
            session, thesis, jury, mode, authorised, form.seen, g.actor, g.now, today=g.today
        )):  # fmt: skip
            notice.say(_("Saved."))
            return redirect(url_for("jury.show", reference=thesis.reference), 303)
    return render_template("jury/remote.html", form=form, thesis=thesis), 422 if form.errors else 200


@bp.route("/propose", methods=["GET", "POST"])
@may(Action.EDIT_JURY, on=Thesis)
def propose(thesis: Thesis) -> Any:
    """Put the jury before the parties."""
    return _step(thesis, "propose")


@bp.route("/decide", methods=["GET", "POST"])
@may(Action.DECIDE_JURY, on=Thesis)
def decide(thesis: Thesis) -> Any:
    """Record that the jury is appointed."""
    return _step(thesis, "decide")


def _done(form: VersionedForm, jury: Jury, act: Callable[[], None]) -> bool:
    """Whether the act was done; otherwise its form says why, and holds the version that is saved by now."""
    try:
        act()
        return True
    except Refused as error:
        form.refuse(error)
    except Stale:
        form.overtaken(jury)
    return False


def _step(thesis: Thesis, name: str) -> Any:
    session = db.session()
    jury = jury_or_404(session, thesis)
    form = StepForm(data=None if request.method == "POST" else {"version": jury.version, "on": g.today})
    if form.validate_on_submit():
        shelf, dossier = dossier_for(session, thesis)
        act, day = (approvals.propose if name == "propose" else approvals.decide), form.on.data
        if _done(form, jury, lambda: act(
            session, thesis, jury, day, shelf, dossier, form.seen, g.actor, g.now, today=g.today
        )):  # fmt: skip
            notice.say(_("The jury is proposed.") if name == "propose" else _("The jury is appointed."))
            return redirect(url_for("jury.show", reference=thesis.reference), 303)
    return render_template(
        f"jury/{name}.html", form=form, thesis=thesis, jury=jury
    ), 422 if form.errors else 200


@bp.route("/approve", methods=["GET", "POST"])
@may(Action.DECIDE_JURY, on=Thesis)
def approve(thesis: Thesis) -> Any:
    """Record that an institution approved the jury."""
    session = db.session()
    jury = jury_or_404(session, thesis)
    asked = {"version": jury.version, "on": g.today, "institution": request.args.get("institution", "")}
    form = ApprovalForm(data=None if request.method == "POST" else asked)
    parties = [(party["code"], party["short_name"]) for party in page.parties_of(session, thesis)]
    form.institution.choices = options([("", _("Choose")), *parties])
    if form.validate_on_submit():
        institution = session.scalars(
            select(Institution).where(Institution.code == form.institution.data)
        ).one()
        if _done(form, jury, lambda: _approve(session, thesis, jury, institution, form)):
            return redirect(url_for("jury.show", reference=thesis.reference), 303)
    return render_template(
        "jury/approve.html", form=form, thesis=thesis, jury=jury
    ), 422 if form.errors else 200


def _approve(
    session: Session, thesis: Thesis, jury: Jury, institution: Institution, form: ApprovalForm
) -> None:
    shelf, dossier = dossier_for(session, thesis)
    note = form.note.data or ""
    approvals.approve(
        session, thesis, jury, institution.id, form.on.data, note, shelf, dossier, form.seen, g.actor, g.now,
        today=g.today,
    )  # fmt: skip
    notice.say(_("The approval of %(institution)s is recorded.", institution=institution.short_name))


@bp.route("/reopen", methods=["GET", "POST"])
@may(Action.DECIDE_JURY, on=Thesis)
def reopen(thesis: Thesis) -> Any:
    """Take the jury back to be changed."""
    session = db.session()
    jury = jury_or_404(session, thesis)
    form = ReopenForm(data=None if request.method == "POST" else {"version": jury.version})
    if form.validate_on_submit():
        reason = form.reason.data
        if _done(form, jury, lambda: approvals.reopen(
            session, thesis, jury, reason, form.seen, g.actor, g.now, today=g.today
        )):  # fmt: skip
            notice.say(_("The jury can be changed; approvals of those who stay as they are still hold."))
            return redirect(url_for("jury.show", reference=thesis.reference), 303)
    return render_template(
        "jury/reopen.html", form=form, thesis=thesis, jury=jury
    ), 422 if form.errors else 200
