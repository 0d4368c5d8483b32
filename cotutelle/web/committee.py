"""The monitoring committee: who sits and how that stands with the rules, its meetings, its report, its interviews."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.check import Group
from cotutelle.domain.committee import Heard
from cotutelle.domain.dossier import Recorded
from cotutelle.domain.errors import Refused, Stale
from cotutelle.domain.evaluation import Finding, evaluate
from cotutelle.domain.finding import Verdict
from cotutelle.models import CommitteeMember, Document, Event, Institution, Milestone, Thesis
from cotutelle.operations import calendar
from cotutelle.operations import committee as acts
from cotutelle.operations import document as documents
from cotutelle.operations.plan import plans as plans_of
from cotutelle.policy import Action, Tie
from cotutelle.web import findings, notice, page, people_fields, signing_page
from cotutelle.web.committee_forms import BRINGS, RECIPIENTS, MeetingForm, MemberForm, NewMemberForm, NoteForm
from cotutelle.web.document import received
from cotutelle.web.fields import Form, options
from cotutelle.web.guards import may
from cotutelle.web.jury import dossier_for
from cotutelle.web.refusals import refusal
from cotutelle.web.thesis import part_of

bp = Blueprint("committee", __name__, url_prefix="/theses/<string:reference>/committee")
TODAY = frozenset(
    {"committee_composed", "committee_has", "committee_independent", "committee_local", "committee_stable"}
)
"""The checks that look at who sits; the others look at what happened."""


@bp.get("")
@may(Action.VIEW_COMMITTEE, on=Thesis)
def show(thesis: Thesis) -> Any:
    """Members with what the rules say of them, the meetings that are due, those that were held."""
    session = db.session()
    parties = page.parties_of(session, thesis)
    listed = session.scalars(
        select(CommitteeMember)
        .where(CommitteeMember.thesis_id == thesis.id)
        .order_by(CommitteeMember.until_on.is_not(None), CommitteeMember.id)
    ).all()
    held = acts.meetings(session, thesis)
    return render_template(
        "committee/show.html",
        thesis=thesis,
        parties={party["code"]: party for party in parties},
        members=[(row, [str(BRINGS[fact]) for fact in BRINGS if getattr(row, fact)]) for row in listed],
        checks=_checks(session, thesis),
        due=_due(session, thesis),
        meetings=[_told(session, thesis, row) for row in held],
        sides=bool(page.own_sides(parties)),
        form=Form(),
    )


def _checks(session: Session, thesis: Thesis) -> list[dict[str, Any]]:
    """What the rules would say if the committee met today as it is; nothing while nobody sits."""
    facts = acts.facts_of(session, thesis, g.today)
    if not facts:
        return []
    shelf, dossier = dossier_for(session, thesis)
    held = tuple(e for e in dossier.events.get(acts.KIND, ()) if "signed" not in e.data)
    meeting = (*held, Recorded(g.today, "", facts))
    found: list[Finding] = [
        each
        for each in evaluate(shelf, replace(dossier, events={**dossier.events, acts.KIND: meeting}))
        if each.rule.check.group is Group.COMMITTEE
        and each.rule.check.name in TODAY
        and each.verdict is not Verdict.NOT_APPLICABLE
    ]
    return findings.groups(shelf, dossier, found)


def _due(session: Session, thesis: Thesis) -> list[dict[str, Any]]:
    """The meetings that the calendar asks for and that have not been held."""
    rows = session.scalars(
        select(Milestone)
        .where(
            Milestone.thesis_id == thesis.id, Milestone.kind == acts.KIND, Milestone.state == calendar.OPEN
        )
        .order_by(Milestone.due_on)
        .limit(3)
    )
    names = plans_of(session).kinds[acts.KIND].names
    return [{"row": row, "name": signing_page.name_of(names, row.year)} for row in rows]


def _told(session: Session, thesis: Thesis, row: Event) -> dict[str, Any]:
    document = session.get(Document, row.document_id) if row.document_id else None
    sent = row.data.get("sent_to") or []
    heard = [
        (each, acts.interview(session, row, each))
        for each in Heard
        if page.allowed(READ[each]) and not _other_side(each)
    ]
    return {
        "row": row,
        "document": document if document is not None and page.document_open(document) else None,
        "report": document is not None,
        "steps": len(row.data.get("steps") or []),
        "sent": [str(RECIPIENTS[each]) for each in RECIPIENTS if each in sent],
        "all_sent": set(sent) >= set(RECIPIENTS),
        "heard": heard,
    }


@bp.route("/members/add", methods=["GET", "POST"])
@may(Action.EDIT_COMMITTEE, on=Thesis)
def add(thesis: Thesis) -> Any:
    """Name somebody to the committee."""
    session, form = db.session(), NewMemberForm()
    form.party.choices = _parties(thesis)
    refusal: Refused | None = None
    if form.validate_on_submit():
        try:
            person = people_fields.chosen_or_added(session, form)
            acts.name_member(
                session, thesis, person, form.facts(_party_id(form.party.data)), form.from_on.data, g.actor,
                g.now, today=g.today,
            )  # fmt: skip
            notice.say(_("%(name)s sits on the committee.", name=person.name))
            return redirect(url_for("committee.show", reference=thesis.reference), 303)
        except Refused as error:
            session.rollback()
            refusal = error
            form.refuse(error)
    doubles = people_fields.asked_about(session, form, refusal)
    people_fields.ask(form, doubles)
    body = render_template("committee/member.html", form=form, thesis=thesis, doubles=doubles, row=None)
    return body, 422 if form.errors else 200


@bp.route("/members/<string:member>", methods=["GET", "POST"])
@may(Action.EDIT_COMMITTEE, on=Thesis)
def member(thesis: Thesis, member: str) -> Any:
    """Change what a member brings, or say since when they sit no longer."""
    session = db.session()
    row: CommitteeMember = part_of(thesis, CommitteeMember, member)
    form = MemberForm(data=None if request.method == "POST" else MemberForm.data_of(thesis, row))
    form.party.choices = _parties(thesis)
    if form.validate_on_submit():
        try:
            acts.change_member(
                session, thesis, row, form.facts(_party_id(form.party.data)), form.until_on.data, form.seen,
                g.actor, g.now, today=g.today,
            )  # fmt: skip
            notice.say(_("Saved."))
            return redirect(url_for("committee.show", reference=thesis.reference), 303)
        except Refused as error:
            session.rollback()
            form.refuse(error)
        except Stale:
            form.overtaken(thesis)
    body = render_template("committee/member.html", form=form, thesis=thesis, doubles=[], row=row)
    return body, 422 if form.errors else 200


@bp.route("/meetings/add", methods=["GET", "POST"])
@may(Action.RECORD_EVENT, on=Thesis)
def meet(thesis: Thesis) -> Any:
    """Record a meeting: its day, its steps, its report."""
    session, form = db.session(), MeetingForm()
    _offer(thesis, form)
    if form.validate_on_submit():
        try:
            acts.record(session, thesis, form.meeting(_report(thesis, form)), g.actor, g.now, today=g.today)
            notice.say(_("The meeting is recorded."))
            return redirect(url_for("committee.show", reference=thesis.reference, _anchor="meetings"), 303)
        except Refused as error:
            session.rollback()
            form.refuse(error)
    return _meeting_page(thesis, form, None)


@bp.route("/meetings/<string:event>", methods=["GET", "POST"])
@may(Action.RECORD_EVENT, on=Thesis)
def correct(thesis: Thesis, event: str) -> Any:
    """Correct what was recorded of a meeting, or add its report."""
    session, row = db.session(), _meeting(thesis, event)
    form = MeetingForm(data=None if request.method == "POST" else MeetingForm.data_of(thesis, row))
    _offer(thesis, form)
    _check_side(thesis, row)
    if form.validate_on_submit():
        try:
            if thesis.version != form.seen:  # asked before a report that comes along raises it
                raise Stale(thesis.version)
            meeting = form.meeting(_report(thesis, form) or row.document_id)
            acts.correct(session, thesis, row, meeting, thesis.version, g.actor, g.now, today=g.today)
            notice.say(_("Saved."))
            return redirect(url_for("committee.show", reference=thesis.reference, _anchor="meetings"), 303)
        except Refused as error:
            session.rollback()
            form.refuse(error)
        except Stale:
            form.overtaken(thesis)
    return _meeting_page(thesis, form, row)


def _meeting_page(thesis: Thesis, form: MeetingForm, row: Event | None) -> Any:
    session = db.session()
    sitting = [each.person.name for each in acts.members(session, thesis, g.today)]
    sat = (row.data.get("members") or []) if row else sitting
    body = render_template("committee/meeting.html", form=form, thesis=thesis, row=row, sat=sat)
    return body, 422 if form.errors else 200


@bp.post("/meetings/<string:event>/send")
@may(Action.EDIT_COMMITTEE, on=Thesis)
def send(thesis: Thesis, event: str) -> Any:
    """Tell the school, the candidate and the directors that the report is there to read."""
    row = _meeting(thesis, event)
    try:
        told = acts.send_report(db.session(), thesis, row, g.actor, g.now, today=g.today)
        notice.say(
            ngettext(
                "%(num)s person is told that the report is there.",
                "%(num)s people are told that the report is there.",
                told,
            )
        )
    except Refused as error:
        notice.say(refusal(error))
    return redirect(url_for("committee.show", reference=thesis.reference, _anchor="meetings"), 303)


READ = {Heard.CANDIDATE: Action.VIEW_CANDIDATE_INTERVIEW, Heard.DIRECTION: Action.VIEW_DIRECTION_INTERVIEW}


@bp.get("/meetings/<string:event>/candidate")
@may(Action.VIEW_CANDIDATE_INTERVIEW, on=Thesis)
def with_candidate(thesis: Thesis, event: str) -> Any:
    """What was said with the candidate alone; whoever directs never reads it, in whatever other capacity."""
    return _interview(thesis, event, Heard.CANDIDATE)


@bp.get("/meetings/<string:event>/direction")
@may(Action.VIEW_DIRECTION_INTERVIEW, on=Thesis)
def with_direction(thesis: Thesis, event: str) -> Any:
    """What was said with the direction alone; the candidate never reads it."""
    return _interview(thesis, event, Heard.DIRECTION)


def _interview(thesis: Thesis, event: str, heard: Heard) -> Any:
    row = _meeting(thesis, event)
    if _other_side(heard):
        abort(404)
    note = acts.interview(db.session(), row, heard)
    body = render_template("committee/interview.html", thesis=thesis, row=row, heard=heard, note=note)
    return body, 200, {"Cache-Control": "no-store"}


@bp.route("/meetings/<string:event>/<any(candidate, direction):heard>/note", methods=["GET", "POST"])
@may(Action.WRITE_INTERVIEW, on=Thesis)
def note(thesis: Thesis, event: str, heard: str) -> Any:
    """Note what was said in an interview."""
    session, row, whom = db.session(), _meeting(thesis, event), Heard(heard)
    if _other_side(whom):
        abort(404)
    kept = acts.interview(session, row, whom)
    kept_data = {"text": kept.text if kept else "", "version": kept.version if kept else 0}
    form = NoteForm(data=None if request.method == "POST" else kept_data)
    if form.validate_on_submit():
        try:
            text = form.text.data or ""
            acts.note_interview(session, thesis, row, whom, text, form.seen, g.actor, g.now, today=g.today)
            notice.say(_("Saved."))
            return redirect(url_for("committee.show", reference=thesis.reference, _anchor="meetings"), 303)
        except Stale:
            session.rollback()
            kept = acts.interview(session, row, whom)
            form.overtaken(kept)
    body = render_template("committee/note.html", form=form, thesis=thesis, row=row, heard=whom)
    return body, 422 if form.errors else 200, {"Cache-Control": "no-store"}


def _other_side(heard: Heard) -> bool:
    """Whether the reader is one of those who were not in the room, whatever else they are."""
    return page.has(Tie.SUPERVISOR if heard is Heard.CANDIDATE else Tie.CANDIDATE)


def _meeting(thesis: Thesis, public_id: str) -> Event:
    row: Event = part_of(thesis, Event, public_id)
    if row.kind != acts.KIND or "signed" in row.data:
        abort(404)
    return row


def _check_side(thesis: Thesis, row: Event) -> None:
    """403 for a partner where the meeting is that of another institution's committee, or of all."""
    code = str(row.data.get("institution", ""))
    here = db.session.scalar(select(Institution.id).where(Institution.code == code))
    page.check_side(here or 0)


def _parties(thesis: Thesis) -> Any:
    parties = page.parties_of(db.session(), thesis)
    return options([("", _("All institutions")), *((p["code"], p["short_name"]) for p in parties)])


def _party_id(code: str) -> int | None:
    return db.session.scalar(select(Institution.id).where(Institution.code == code)) if code else None


def _offer(thesis: Thesis, form: MeetingForm) -> None:
    """The institutions for which the reader may record a meeting; a partner has its own alone."""
    own = page.institution_choices(db.session(), thesis)
    every = [("", _("All institutions"))] if page.allowed(Action.EDIT_THESIS) else []
    form.institution.choices = options([*every, *own])


def _report(thesis: Thesis, form: MeetingForm) -> int | None:
    """The report that came with the form, added to the file for everybody on the thesis; None where none did."""
    if not form.file.data or not getattr(form.file.data, "filename", ""):
        return None
    title = _("Report of the monitoring committee, %(year)s", year=form.on.data.year)
    return documents.add_document(
        db.session(), thesis, "committee_report", title, "recipients", g.actor, g.now, today=g.today,
        **received(form),
    ).id  # fmt: skip
