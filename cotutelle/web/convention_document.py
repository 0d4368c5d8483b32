"""The convention as a document: drafts drawn on demand, final versions made once and kept."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField

from cotutelle.db import db, transaction
from cotutelle.documents import making, redline
from cotutelle.documents.press import CannotPrint, engines
from cotutelle.documents.seal import CannotSeal
from cotutelle.documents.words import languages_with_words
from cotutelle.domain.convention import record
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.state import FINAL, ConventionState
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import Closing, Convention, ConventionVersion, Thesis
from cotutelle.operations import convention as acts
from cotutelle.operations import convention_signing as signing
from cotutelle.operations import convention_text
from cotutelle.operations import convention_version as versions
from cotutelle.operations.acceptance import accept, to_accept
from cotutelle.policy import Action
from cotutelle.web import guards, notice, wording
from cotutelle.web.convention_approval import compared, version_of
from cotutelle.web.document import as_file
from cotutelle.web.fields import Form
from cotutelle.web.filters import language as language_name
from cotutelle.web.guards import may
from cotutelle.web.missing import missing_shown
from cotutelle.web.pdf import cannot, pdf
from cotutelle.web.printing import final_bytes, previews, store

bp = Blueprint("convention_document", __name__, url_prefix="/theses/<string:reference>/convention")


class FinalForm(Form):
    """What the office accepts before the first final version."""

    wording = BooleanField(_l("Our office accepts the provisional wording in these languages."))
    references = BooleanField(_l("Our office has checked the legal references marked as to be verified."))


@bp.get("/draft.pdf")
@may(Action.VIEW_CONVENTION, on=Thesis)
def draft(thesis: Thesis) -> Any:
    """The text as it stands, with visible blanks; drawn once for the same facts on the same day."""
    session = db.session()
    convention = acts.current(session, thesis)
    asked = tuple(t for t in request.args.get("languages", "").split(",") if t in languages_with_words())
    facts = acts.text_of(session, thesis, convention)
    if "version" in request.args:
        row = _version(thesis, request.args["version"])
        facts, convention = record.from_json(row.facts), session.get_one(Convention, row.convention_id)
    if asked and facts.amendment is None:
        facts = replace(facts, languages=asked[:4])
    if (text := facts.own_file) is not None:
        return as_file(store().read(session, text.digest), text.filename, text.media_type)
    changes = convention_text.changes(session, convention, facts)
    session.rollback()
    try:
        data, _clauses, fingerprint = making.make(previews(), facts, final=False, on=g.today, changes=changes)
    except CannotPrint as error:
        return cannot(thesis, error)
    return pdf(data, f"{thesis.reference}-draft.pdf", fingerprint)


@bp.route("/final", methods=["GET", "POST"])
@may(Action.MAKE_CONVENTION, on=Thesis, whole=False)
def final(thesis: Thesis) -> Any:
    """Make the final version, once the text is complete and approved; its bytes are kept for good."""
    session, form = db.session(), FinalForm()
    convention = acts.current(session, thesis)
    facts = acts.text_of(session, thesis, convention)
    drafted, to_verify = to_accept(session, facts)
    if form.validate_on_submit():
        refused = (drafted and not form.wording.data) or (to_verify and not form.references.data)
        if refused:
            form.refuse(Refused(Reason.WORDING_NOT_ACCEPTED))
        else:
            try:
                return _make_final(thesis, convention, facts, drafted, to_verify)
            except Refused as error:
                form.refuse(error)
            except (CannotPrint, CannotSeal) as error:
                return cannot(thesis, error)
    body = render_template(
        "convention/final.html",
        form=form,
        thesis=thesis,
        convention=convention,
        drafted=[language_name(tag) for tag in drafted],
        to_verify=[r for p in facts.parties for r in p.references if r.id in to_verify],
        missing=missing_shown(facts),
        ready=ConventionState(convention.state) in FINAL,
        wording=wording,
    )
    return body, 422 if form.errors else 200


def _make_final(
    thesis: Thesis, convention: Convention, facts: Facts, drafted: list[str], to_verify: list[str]
) -> Any:
    """Draw first, while nothing is locked; then keep file and row, if the facts are still the same."""
    if ConventionState(convention.state) not in FINAL:
        raise Refused(Reason.NOT_APPROVED)
    session = db.session()
    kept = versions.agreed_version(session, convention)
    if kept is not None and kept.file_digest is not None:
        return redirect(url_for("convention.show", reference=thesis.reference, _anchor="signatures"), 303)
    number = versions.number_to_print(session, thesis, convention)
    reference, today, actor = thesis.reference, g.today, g.actor
    changes = convention_text.changes(session, convention, facts)
    session.rollback()
    data, clauses = final_bytes(facts, number, today, changes)
    with transaction() as writing:
        thesis = guards.again(writing, Action.MAKE_CONVENTION, reference)
        claimed, answer = guards.claim(writing)
        if answer is not None:
            return answer
        convention = acts.current(writing, thesis)
        if acts.text_of(writing, thesis, convention) != facts:
            raise Stale(convention.version)
        accept(writing, "wording", drafted, actor, g.now)
        accept(writing, "reference", to_verify, actor, g.now)
        kept = versions.keep_final(
            writing,
            thesis,
            convention,
            facts,
            actor,
            g.now,
            clauses=clauses,
            file_digest=store().put(db.session(), data),
            engines=engines(),
        )
        signing.add_document(writing, thesis, kept, len(data), actor, g.now, today=today)
        notice.say(_("Version %(number)s is made and kept.", number=kept.number))
        response = make_response(redirect(url_for("convention.show", reference=reference), 303))
        if claimed:
            guards.keep_answer(writing, claimed, response)
    return response


@bp.get("/versions/<string:version>.pdf")
@may(Action.VIEW_CONVENTION, on=Thesis)
def version(thesis: Thesis, version: str) -> Any:
    """The kept bytes of a version; never made again."""
    row = _version(thesis, version)
    if row.file_digest is None:
        abort(404)
    return pdf(
        store().read(db.session(), row.file_digest), f"{thesis.reference}-v{row.number}.pdf", row.facts_digest
    )


@bp.get("/versions/<string:version>/changes.pdf")
@may(Action.VIEW_CONVENTION, on=Thesis)
def changes_pdf(thesis: Thesis, version: str) -> Any:
    """The same as a PDF, to be sent and printed."""
    session = db.session()
    row = version_of(thesis, version)
    before = versions.last_put(session, thesis, before=row.number)
    if before is None:
        abort(404)
    found = compared(before, row.text or [], row.languages)
    comparison = redline.Comparison(
        thesis.reference,
        thesis.candidate.name,
        before.number,
        row.number,
        tuple(found["columns"]),
        found["changes"],
    )
    name = f"{thesis.reference}-{before.number}-{row.number}.pdf"
    session.rollback()
    try:
        return pdf(redline.make(previews(), comparison, g.today), name)
    except CannotPrint as error:
        return cannot(thesis, error)


@bp.get("/closings/<string:closing>.pdf")
@may(Action.VIEW_CONVENTION, on=Thesis)
def closed(thesis: Thesis, closing: str) -> Any:
    """The file with which a convention was closed."""
    row = _closing(thesis, closing)
    return pdf(store().read(db.session(), row.file_digest), f"{row.number}-signed.pdf", row.file_digest)


@bp.get("/closings/<string:closing>/signatures.pdf")
@may(Action.VIEW_CONVENTION, on=Thesis)
def signature_record(thesis: Thesis, closing: str) -> Any:
    """The record of its signatures."""
    row = _closing(thesis, closing)
    return pdf(
        store().read(db.session(), row.record_digest), f"{row.number}-signatures.pdf", row.record_digest
    )


def _closing(thesis: Thesis, public_id: str) -> Closing:
    row = db.session.scalar(
        select(Closing).where(Closing.public_id == public_id, Closing.thesis_id == thesis.id)
    )
    return row if row is not None else abort(404)


def _version(thesis: Thesis, public_id: str) -> ConventionVersion:
    row = db.session.scalar(
        select(ConventionVersion)
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .where(ConventionVersion.public_id == public_id, Convention.thesis_id == thesis.id)
    )
    return row if row is not None else abort(404)
