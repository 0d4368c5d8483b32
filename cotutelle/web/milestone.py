"""One milestone: its three dates, who signs it, whom to ask, and what was signed on paper."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.finding import Source
from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import Proof
from cotutelle.models import Document, Institution, Milestone, Person, SignOff, Thesis
from cotutelle.operations import calendar, signoff, standing
from cotutelle.operations import document as documents
from cotutelle.operations import person as people
from cotutelle.operations.asking import Named
from cotutelle.operations.plan import plans as plans_of
from cotutelle.operations.standing import Slot
from cotutelle.policy import Action
from cotutelle.web import milestone_forms as forms
from cotutelle.web import notice, page, signing_page
from cotutelle.web.calendar import told
from cotutelle.web.document import received
from cotutelle.web.fields import Form, options
from cotutelle.web.findings import CERTAINTIES, source_text
from cotutelle.web.guards import may
from cotutelle.web.thesis import part_of
from cotutelle.web.two_versions import Rows, status_of
from cotutelle.web.wording import DOCUMENT_KINDS

bp = Blueprint("milestone", __name__, url_prefix="/theses/<string:reference>/calendar")


@bp.get("/<string:milestone>")
@may(Action.VIEW_THESIS, on=Thesis)
def show(thesis: Thesis, milestone: str) -> Any:
    """Required, planned and done; who signed, who is waited for, who was never asked."""
    session = db.session()
    row = _row(thesis, milestone)
    parties = {party["code"]: party for party in page.parties_of(session, thesis)}
    kind = plans_of(session).kinds[row.kind]
    version = signing_page.document_version(session, row.document_id)
    return render_template(
        "milestone/show.html",
        thesis=thesis,
        milestone=row,
        name=signing_page.name_of(kind.names, row.year),
        asking=[parties[code] for code in row.institutions if code in parties],
        chain=signing_page.chain(session, row, parties),
        signed_here=bool(kind.declares),
        lacking=own(session, thesis, row, standing.lacking(session, row)) if kind.declares else [],
        source=source_text(Source(**row.source)) if row.source else "",
        certainty="" if row.certainty == "sourced" else CERTAINTIES[row.certainty],
        version=version if version is not None and _may_read(session, row) else None,
        document=session.get(Document, row.document_id) if row.document_id else None,
        papers={each.id: each for each in _scans(session, row)},
        mine=_mine(session, row),
        form=Form(),
        own=own(session, thesis, row, standing.standing(session, row)),
    )


def _row(thesis: Thesis, public_id: str) -> Milestone:
    row = forms.milestone_of(db.session(), thesis, public_id)
    return row if row is not None and told(row.kind) else abort(404)


def _may_read(session: Session, row: Milestone) -> bool:
    document = session.get(Document, row.document_id)
    return document is not None and page.document_open(document)


def _scans(session: Session, row: Milestone) -> list[Document]:
    ids = select(SignOff.document_id).where(SignOff.milestone_id == row.id, SignOff.document_id.is_not(None))
    return [
        each
        for each in session.scalars(select(Document).where(Document.id.in_(ids)))
        if page.document_open(each)
    ]


def _mine(session: Session, row: Milestone) -> SignOff | None:
    """The signature that the reader is asked for here."""
    return session.scalar(
        select(SignOff).where(
            SignOff.milestone_id == row.id, SignOff.person_id == g.reader.person_id, SignOff.state == "asked"
        )
    )


def own(session: Session, thesis: Thesis, row: Milestone, slots: Iterable[Slot]) -> list[Slot]:
    """The places for which the reader acts: all for an office, those of its own side for a partner's.

    The candidate belongs to no side: whoever acts for one that asks may ask the candidate too.
    """
    if not page.allowed(Action.ASK_SIGNATURES):
        return []
    own = {party["code"] for party in page.own_sides(page.parties_of(session, thesis))}
    asks = bool(own if not row.side else row.side in own)
    return [(signer, side) for signer, side in slots if (side in own if side else asks)]


@bp.route("/<string:milestone>/ask", methods=["GET", "POST"])
@may(Action.ASK_SIGNATURES, on=Thesis)
def ask(thesis: Thesis, milestone: str) -> Any:
    """Ask for the signatures that are missing: each person gets a letter with a link of their own."""
    session, row, form = db.session(), _row(thesis, milestone), forms.AskForm()
    slots = own(session, thesis, row, standing.lacking(session, row))
    if not own(session, thesis, row, standing.standing(session, row)):
        abort(403)
    if not form.version.data:
        form.version.data = str(row.version)
    forms.offer(session, thesis, form, slots, row)
    overtaken: Rows | None = None
    if form.validate_on_submit():
        try:
            found = forms.named(session, form, slots)
            if found is not None:
                paper_id = _document(session, thesis, row, form)
                asked = signoff.ask(
                    session, thesis, row, found, paper_id, form.seen, g.actor, g.now, today=g.today
                )
                notice.say(ngettext("%(num)s person is asked.", "%(num)s people are asked.", len(asked)))
                return redirect(_place(thesis, row), 303)
            form.people.errors = [entry.errors for entry in form.people]
            session.rollback()
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            session.refresh(row)
            overtaken = []
            form.version.data = str(row.version)
    row = _row(thesis, milestone)
    parties = {party["code"]: party for party in page.parties_of(session, thesis)}
    body = render_template(
        "milestone/ask.html", form=form, thesis=thesis, milestone=row, conflict=overtaken,
        name=signing_page.name_of(plans_of(session).kinds[row.kind].names, row.year),
        slots=[(signing_page.SIGNERS[Signer(signer)], parties.get(side)) for signer, side in slots],
        declares=plans_of(session).kinds[row.kind].declares,
    )  # fmt: skip
    return body, status_of(form, overtaken)


def _document(session: Session, thesis: Thesis, row: Milestone, form: forms.AskForm) -> int | None:
    """The document that is signed: one of the file, or one that came with the form and joins it."""
    if "file" in form and form.file.data and getattr(form.file.data, "filename", ""):
        kind = row.document if row.document in DOCUMENT_KINDS else "other"
        name = signing_page.name_of(plans_of(session).kinds[row.kind].names, row.year)
        added = documents.add_document(
            session, thesis, kind, name, "everyone", g.actor, g.now, today=g.today, **received(form)
        )
        return added.id
    chosen = {each.public_id: each.id for each in forms.documents(session, thesis)}
    return chosen.get(form.document.data or "")


@bp.route("/<string:milestone>/plan", methods=["GET", "POST"])
@may(Action.PLAN_CALENDAR, on=Thesis)
def plan(thesis: Thesis, milestone: str) -> Any:
    """Plan it for a day of its own, with the reason."""
    session, row = db.session(), _row(thesis, milestone)
    form = forms.PlanForm(data={"on": row.planned_on, "why": row.planned_why, "version": row.version})
    if form.validate_on_submit():
        try:
            calendar.plan_day(
                session,
                thesis,
                row,
                form.on.data,
                form.why.data or "",
                form.seen,
                g.actor,
                g.now,
                today=g.today,
            )
            notice.say(_("Saved."))
            return redirect(_place(thesis, row), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            form.overtaken(_row(thesis, milestone))
    names = plans_of(session).kinds[row.kind].names
    body = render_template(
        "milestone/plan.html",
        form=form,
        thesis=thesis,
        milestone=row,
        name=signing_page.name_of(names, row.year),
    )
    return body, 422 if form.errors else 200


@bp.route("/<string:milestone>/paper", methods=["GET", "POST"])
@may(Action.ASK_SIGNATURES, on=Thesis)
def paper(thesis: Thesis, milestone: str) -> Any:
    """Record a signature that exists on paper or in another tool, with what shows it."""
    session, row, form = db.session(), _row(thesis, milestone), forms.PaperForm()
    slots = own(session, thesis, row, standing.standing(session, row))
    if not slots:
        abort(403)
    names = {party["code"]: party["short_name"] for party in page.parties_of(session, thesis)}
    form.slot.choices = forms.slot_choices(slots, signing_page.SIGNERS, names)
    known = {
        person.public_id: person
        for signer, side in slots
        for person in forms.known_people(session, thesis, signer, side)
    }
    form.who.choices = options(
        [*((id_, person.name) for id_, person in known.items()), (forms.OTHER, _("Somebody else"))]
    )
    if form.validate_on_submit():
        try:
            _record(thesis, row, form, known)
            notice.say(_("The signature is recorded."))
            return redirect(_place(thesis, row), 303)
        except Refused as error:
            form.refuse(error)
    body = render_template(
        "milestone/paper.html", form=form, thesis=thesis, milestone=_row(thesis, milestone),
        name=signing_page.name_of(plans_of(session).kinds[row.kind].names, row.year),
    )  # fmt: skip
    return body, 422 if form.errors else 200


def _record(thesis: Thesis, row: Milestone, form: forms.PaperForm, known: dict[str, Person]) -> None:
    session = db.session()
    signer, _colon, side = form.slot.data.partition(":")
    person = known.get(form.who.data)
    if person is None:
        if not (form.family_name.data or "").strip():
            raise Refused(Reason.NOBODY_NAMED, "family_name")
        facts = people.PersonFacts(form.family_name.data, form.given_names.data or "")
        person = people.add_person(session, facts, g.actor, g.now, doubles_accepted=True)
    scan = documents.add_document(
        session, thesis, "other", _("Signature of %(name)s", name=person.name), "parties",
        g.actor, g.now, today=g.today, **received(form),
    )  # fmt: skip
    language = "fr" if side == "" or _country(session, side) == "FR" else "en"
    who = Named(signer, side, person, language)
    signoff.record_paper(
        session, thesis, row, who, form.on.data, scan.id, g.actor, g.now,
        today=g.today, proof=Proof(form.way.data),
    )  # fmt: skip


def _country(session: Session, side: str) -> str:
    return session.scalar(select(Institution.country).where(Institution.code == side)) or ""


@bp.post("/<string:milestone>/signatures/<string:sign_off>/withdraw")
@may(Action.ASK_SIGNATURES, on=Thesis)
def withdraw(thesis: Thesis, milestone: str, sign_off: str) -> Any:
    """Ask somebody no longer; their link is dead."""
    session, row = db.session(), _row(thesis, milestone)
    asked: SignOff = part_of(thesis, SignOff, sign_off)
    if asked.milestone_id != row.id:
        abort(404)
    if not own(session, thesis, row, [(asked.signer, asked.side)]):
        abort(403)
    signoff.withdraw(session, thesis, asked, "", g.actor, g.now, today=g.today)
    notice.say(_("%(name)s is asked no longer.", name=asked.person.name))
    return redirect(_place(thesis, row), 303)


def _place(thesis: Thesis, row: Milestone) -> str:
    return url_for("milestone.show", reference=thesis.reference, milestone=row.public_id)
