"""Our draft as a DOCX that goes out, and one that came back: recognised by its number, compared article by article."""

from typing import Any

from flask import Blueprint, current_app, g, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import FileField
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.documents import confined, word
from cotutelle.documents.act import Sheet
from cotutelle.documents.convention import clause_versions
from cotutelle.documents.upload import WrongFile
from cotutelle.documents.words import words
from cotutelle.domain.convention import record
from cotutelle.domain.convention.redline import Changed, Mark, redline
from cotutelle.domain.convention.returned import text_returned
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, ConventionVersion, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_text
from cotutelle.policy import Action
from cotutelle.web.document import REASONS, as_file
from cotutelle.web.fields import Form
from cotutelle.web.guards import may

bp = Blueprint("returned", __name__, url_prefix="/theses/<string:reference>/convention")


class ReturnedForm(Form):
    """A file that came back."""

    file = FileField(_l("The file that came back, DOCX"), [DataRequired(_l("Choose the file."))])


@bp.get("/draft.docx")
@may(Action.VIEW_CONVENTION, on=Thesis)
def draft(thesis: Thesis) -> Any:
    """The text as it stands, to be written into; its number brings it back here."""
    session = db.session()
    facts = conventions.text_of(session, thesis, conventions.current(session, thesis))
    if facts.own_file is not None or facts.amendment is not None:
        raise Refused(Reason.NOT_DRAFTED_HERE)
    fingerprint = record.digest(facts, clause_versions(facts))
    data = word.make(facts, Sheet(fingerprint, g.today))
    return as_file(data, f"{thesis.reference}-draft.docx", word.MEDIA_TYPE)


@bp.route("/returned", methods=["GET", "POST"])
@may(Action.NEGOTIATE, on=Thesis)
def compare(thesis: Thesis) -> Any:
    """What a file that came back says otherwise; nothing is taken over by itself."""
    form, found = ReturnedForm(), None
    if form.validate_on_submit():
        try:
            found = _found(thesis, _read(form.file.data))
        except Refused as error:
            form.refuse(error)
    body = render_template("convention/returned.html", thesis=thesis, form=form, found=found)
    response = make_response(body, 422 if form.errors else 200)
    response.no_commit = request.method == "POST"  # type: ignore[attr-defined]  # it only looks
    return response


def _read(upload: Any) -> dict[str, Any]:
    """What the uploaded file says, read apart from here."""
    data = upload.read() if upload and getattr(upload, "filename", "") else b""
    try:
        if confined.media_type(data, current_app.config["UPLOAD_LIMIT"]) != word.MEDIA_TYPE:
            raise Refused(Reason.NOT_A_DOCX, "file")
        answer = dict(confined.read("returned", data))
        if "why" in answer:
            raise WrongFile(answer["why"])
    except (WrongFile, confined.TooCostly) as error:
        why, what = (error.why, error.what) if isinstance(error, WrongFile) else ("costly", "")
        raise Refused(Reason.FILE_REFUSED, "file", why=str(REASONS[why]) % {"what": what}) from None
    return answer


def _found(thesis: Thesis, said: dict[str, Any]) -> dict[str, Any]:
    """Whose file it is, against which text it is compared, what it says otherwise, what is noted in it."""
    if said["reference"] != thesis.reference:
        return {"whose": said["reference"], "ours": False}
    session = db.session()
    convention = conventions.current(session, thesis)
    version = session.scalars(
        select(ConventionVersion)
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .where(
            Convention.thesis_id == thesis.id, ConventionVersion.facts_digest.startswith(said["fingerprint"])
        )
        .order_by(ConventionVersion.number.desc())
    ).first()
    if version is not None and version.text:
        before, languages = version.text, list(version.languages)
    else:
        facts = conventions.text_of(session, thesis, convention)
        before, languages = convention_text.text_of(session, convention, facts), list(facts.languages)
    rows = [(number, texts) for number, texts in said["rows"]]
    after = text_returned(before, rows, _columns(rows, languages))
    changes = redline(before, after)
    return {
        "ours": True,
        "version": version,
        "changes": changes,
        "proposed": {each.clause: _proposed(each, languages) for each in changes},
        "columns": languages,
        "comments": said["comments"],
    }


def _columns(rows: list[tuple[str, Any]], languages: list[str]) -> list[str]:
    """The languages of the columns, in the order in which their names stand at the head.

    Refused when the numbers are gone, or a language is.
    """
    names = {words(tag)["frame"]["language_name"]: tag for tag in languages}
    head: list[str] = next((texts for number, texts in rows if not number), [])
    found = [names[text] for text in head if text in names]
    if sorted(found) != sorted(languages) or not any(number for number, _texts in rows):
        raise Refused(Reason.COLUMNS_GONE, "file")
    return found


def _proposed(changed: Changed, languages: list[str]) -> str:
    """The paragraphs of an article that differ as a proposal, its languages one after the other."""
    said = []
    for tag in languages:
        lines = [
            "".join(p.text for p in line.cells.get(tag, ()) if p.mark != Mark.GONE) for line in changed.lines
        ]
        said.append("\n".join(line for line in lines if line.strip()))
    return "\n\n".join(text for text in said if text)
