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
from cotutelle.domain.convention import record
from cotutelle.domain.convention.redline import redline
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
MOST_PROPOSED = 5000


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
        .where(Convention.thesis_id == thesis.id, ConventionVersion.facts_digest == said["fingerprint"])
        .order_by(ConventionVersion.number.desc())
    ).first()
    if version is not None and version.text:
        before, languages = version.text, list(version.languages)
    else:
        facts = conventions.text_of(session, thesis, convention)
        before, languages = convention_text.text_of(session, convention, facts), list(facts.languages)
    after = text_returned(before, [(number, texts) for number, texts in said["rows"]], languages)
    changes = redline(before, after)
    proposed = {article["clause"]: _proposed(article) for article in after}
    return {
        "ours": True,
        "version": version,
        "changes": changes,
        "proposed": {each.clause: proposed.get(each.clause, "") for each in changes},
        "columns": languages,
        "comments": said["comments"],
    }


def _proposed(article: dict[str, Any]) -> str:
    """The words of an article as a proposal, its languages one after the other."""
    tags = list(dict.fromkeys(tag for row in article["rows"] for tag in row))
    said = ["\n".join(row.get(tag, "") for row in article["rows"]).strip() for tag in tags]
    return "\n\n".join(said)[:MOST_PROPOSED]
