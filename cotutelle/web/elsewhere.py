"""A convention drafted elsewhere: its file taken in, its subjects found in it; or one that was signed elsewhere, recorded."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import FileField, SelectMultipleField
from wtforms.validators import DataRequired, Optional

from cotutelle.db import db
from cotutelle.documents.fields import is_signed, with_fields
from cotutelle.documents.seal import CannotSeal
from cotutelle.documents.signatory import boxes_of
from cotutelle.documents.wording import wording as clause_wording
from cotutelle.documents.words import languages_with_words
from cotutelle.domain.convention.catalogue import ANNEXES, CLAUSES, Clause
from cotutelle.domain.convention.elsewhere import Stand
from cotutelle.domain.convention.facts import Subject
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import Convention, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import elsewhere as acts
from cotutelle.operations.text_elsewhere import file_of, subjects_of
from cotutelle.policy import Action
from cotutelle.web import notice
from cotutelle.web.document import received
from cotutelle.web.fields import SOMETIMES, Choice, Day, LongText, Text, VersionedForm, options
from cotutelle.web.filters import language as language_name
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.printing import store

bp = Blueprint("elsewhere", __name__, url_prefix="/theses/<string:reference>/convention")

LANGUAGES = (
    "fr", "en", "nl", "de", "es", "it", "pt", "ca", "pl", "ro", "cs", "el", "sv", "fi", "da", "hu", "tr", "ar",
)  # fmt: skip
"""Languages in which a partner's text may be written, those with wordings of ours first."""
STANDS = {
    Stand.THERE: _l("stands in the text"),
    Stand.DEPARTS: _l("stands in the text, and departs from what is usual"),
    Stand.ABSENT: _l("the text says nothing to it"),
}


class TextForm(VersionedForm):
    """A file that is the text, and its languages."""

    file = FileField(_l("File, PDF or DOCX"), [DataRequired(_l("Choose the file."))])
    languages = SelectMultipleField(
        _l("Languages of the text"), [DataRequired(_l("Choose the languages of the text."))]
    )


class SignedForm(VersionedForm):
    """What is recorded of a text signed elsewhere."""

    file = FileField(_l("The signed file, PDF"), [DataRequired(_l("Choose the file."))])
    languages = SelectMultipleField(
        _l("Languages of the text"), [DataRequired(_l("Choose the languages of the text."))]
    )
    signed_on = Day(_l("Last signature on"), [DataRequired(_l("Give the day of the last signature."))])
    effective_on = Day(_l("Takes effect on"))
    expires_on = Day(_l("Ends on"))
    signatories = LongText(
        _l("Who signed"), [DataRequired(_l("Say who signed, a line for each."))], most=2000
    )


def _languages(form: Any, convention: Convention) -> None:
    form.languages.choices = options([(tag, language_name(tag)) for tag in LANGUAGES])
    if request.method == "GET":
        form.languages.data = list(convention.languages)


def _check_signable(session: Session, given: dict[str, Any], boxes: list[str]) -> None:
    """Refuse a PDF in which nobody could sign, before anybody has discussed it."""
    if given["media_type"] != acts.PDF:
        return
    data = store().read(session, given["digest"])
    if is_signed(data):
        raise Refused(Reason.TEXT_SIGNED, "file")
    try:
        with_fields(data, boxes)
    except CannotSeal:
        raise Refused(Reason.TEXT_NOT_SIGNABLE, "file") from None


def _back(thesis: Thesis) -> Any:
    return redirect(url_for("convention.show", reference=thesis.reference), 303)


@bp.route("/elsewhere", methods=["GET", "POST"])
@may(Action.MAKE_CONVENTION, on=Thesis)
def text(thesis: Thesis) -> Any:
    """Take a file in as the text, or as its next version."""
    session = db.session()
    convention = conventions.current(session, thesis)
    form = TextForm(data=None if request.method == "POST" else {"version": convention.version})
    _languages(form, convention)
    if form.validate_on_submit():
        try:
            given = received(form)
            _check_signable(session, given, boxes_of(conventions.text_of(session, thesis, convention)))
            acts.take_text(
                session, thesis, convention, _("Convention, text of a partner"), form.languages.data or (), form.seen,
                g.actor, g.now, today=g.today, file=given,
            )  # fmt: skip
            notice.say(_("The file is the text now: say where each subject stands in it."))
            return redirect(url_for("elsewhere.subjects", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            form.overtaken(convention)
    body = render_template(
        "convention/take_text.html",
        form=form,
        thesis=thesis,
        convention=convention,
        file=file_of(session, convention),
        open=ConventionState(convention.state) in EDITABLE and convention.amends_id is None,
    )
    return body, 422 if form.errors else 200


@bp.post("/here")
@may(Action.MAKE_CONVENTION, on=Thesis)
def here(thesis: Thesis) -> Any:
    """Let the text be drafted here after all."""
    session = db.session()
    convention = conventions.current(session, thesis)
    known = [tag for tag in convention.languages if tag in languages_with_words()]
    acts.draft_here(
        session,
        thesis,
        convention,
        known or ["fr", "en"],
        VersionedForm().seen,
        g.actor,
        g.now,
        today=g.today,
    )
    notice.say(_("The text is drafted here; the file stays among the documents."))
    return _back(thesis)


def _subjects_form(listed: list[Clause], data: Any) -> Any:
    """A choice, a place and a note for each subject."""
    fields: dict[str, Any] = {}
    for clause in listed:
        fields[f"state_{clause.id}"] = Choice(_l("What the text says"), [Optional(), SOMETIMES])
        fields[f"place_{clause.id}"] = Text(_l("Where it stands"), [Optional(), SOMETIMES], most=200)
        fields[f"note_{clause.id}"] = LongText(
            _l("What departs, or why it is absent"), [Optional(), SOMETIMES], most=1000
        )
    form = type("SubjectsForm", (VersionedForm,), fields)(data=data)
    for clause in listed:
        form[f"state_{clause.id}"].choices = options(
            [("", _("not read yet")), *((key.value, word) for key, word in STANDS.items())]
        )
    return form


@bp.route("/subjects", methods=["GET", "POST"])
@may(Action.EDIT_CONVENTION, on=Thesis)
def subjects(thesis: Thesis) -> Any:
    """Say, subject by subject of the catalogue, where it stands in the text."""
    session = db.session()
    convention = conventions.current(session, thesis)
    while convention.text_document_id is None and convention.amends_id is not None:
        convention = session.get_one(Convention, convention.amends_id)
    if convention.text_document_id is None:
        return redirect(url_for("convention.show", reference=thesis.reference))
    listed = [*CLAUSES, *ANNEXES]
    known: dict[str, Any] = {"version": convention.version}
    for each in subjects_of(session, convention):
        known |= {
            f"state_{each.clause}": each.state,
            f"place_{each.clause}": each.place,
            f"note_{each.clause}": each.note,
        }
    form = _subjects_form(listed, None if request.method == "POST" else known)
    if form.validate_on_submit():
        said = [
            Subject(
                clause.id,
                form[f"state_{clause.id}"].data,
                form[f"place_{clause.id}"].data or "",
                form[f"note_{clause.id}"].data or "",
            )
            for clause in listed
            if form[f"state_{clause.id}"].data
        ]
        try:
            acts.mark(session, thesis, convention, said, form.seen, g.actor, g.now, today=g.today)
            notice.say(_("Saved."))
            return _back(thesis)
        except Refused as error:
            form.refuse(error)
        except Stale:
            form.overtaken(convention)
    body = render_template(
        "convention/subjects.html",
        form=form,
        thesis=thesis,
        file=file_of(session, convention),
        listed=[
            (clause, clause_wording(clause.id, locale()).title, number)
            for part in (CLAUSES, ANNEXES)
            for number, clause in enumerate(part, start=1)
        ],
    )
    return body, 422 if form.errors else 200


@bp.route("/signed", methods=["GET", "POST"])
@may(Action.MAKE_CONVENTION, on=Thesis)
def signed(thesis: Thesis) -> Any:
    """Record in one act what everybody signed elsewhere."""
    session = db.session()
    convention = conventions.current(session, thesis)
    data = {
        "version": convention.version,
        "expires_on": convention.expires_on,
        "effective_on": convention.effective_on,
    }
    form = SignedForm(data=None if request.method == "POST" else data)
    _languages(form, convention)
    if convention.amends_id is not None:
        del form.languages
    if form.validate_on_submit():
        names = [line.strip() for line in form.signatories.data.splitlines() if line.strip()]
        chosen = (form.languages.data or ()) if "languages" in form else ()
        facts = acts.SignedElsewhere(
            form.signed_on.data, form.expires_on.data, names, chosen, form.effective_on.data
        )
        title = _("Amendment, signed") if convention.amends_id is not None else _("Convention, signed")
        try:
            acts.record_signed(
                session, thesis, convention, title, facts, form.seen, g.actor, g.now, today=g.today,
                file=received(form),
            )  # fmt: skip
            notice.say(_("It is recorded, and in force."))
            return _back(thesis)
        except Refused as error:
            form.refuse(error)
        except Stale:
            form.overtaken(convention)
    body = render_template(
        "convention/signed.html",
        form=form,
        thesis=thesis,
        convention=convention,
        open=ConventionState(convention.state) in (*EDITABLE, ConventionState.APPROVED),
    )
    return body, 422 if form.errors else 200
