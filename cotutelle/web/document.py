"""Documents of a thesis: added, replaced by newer versions, opened by those they are for."""

import re
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.utils import secure_filename
from wtforms import FileField
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.documents.confined import media_type as examined
from cotutelle.documents.upload import WrongFile
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Document, DocumentVersion, Thesis
from cotutelle.operations import document as acts
from cotutelle.policy import Action
from cotutelle.web import notice, page, wording
from cotutelle.web.fields import Choice, Day, Form, Text, options
from cotutelle.web.guards import may
from cotutelle.web.printing import store
from cotutelle.web.thesis import part_of

bp = Blueprint("document", __name__, url_prefix="/theses/<string:reference>/documents")

REASONS = {
    "empty": _l("it is empty."),
    "large": _l("it is too large."),
    "kind": _l("it is neither PDF, PNG, JPEG nor DOCX."),
    "broken": _l("it cannot be read: it is damaged."),
    "encrypted": _l("it is protected by a password."),
    "active": _l("it holds a program or an attached file (%(what)s), which may do harm to who opens it."),
    "pages": _l("it has too many pages."),
    "costly": _l("reading it takes more time or memory than any document should."),
}


ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


class DocumentForm(Form):
    """A file, what it is, whom it is for."""

    kind = Choice(_l("What it is"), [DataRequired(_l("Choose what it is."))])
    title = Text(_l("Title"), [DataRequired(_l("Give it a title."))], most=200)
    audience = Choice(_l("Who may see it"), [DataRequired(_l("Choose who may see it."))])
    expires_on = Day(_l("Valid until"))
    file = FileField(_l("File"), [DataRequired(_l("Choose the file."))])


class VersionForm(Form):
    """Newer bytes of a document."""

    file = FileField(_l("File"), [DataRequired(_l("Choose the file."))])


@bp.route("/add", methods=["GET", "POST"])
@may(Action.ADD_DOCUMENT, on=Thesis)
def add(thesis: Thesis) -> Any:
    """Add a document."""
    form = DocumentForm()
    form.kind.choices = options([("", _("Choose")), *wording.choices(wording.DOCUMENT_KINDS)])
    form.audience.choices = options(_audiences())
    if form.validate_on_submit():
        try:
            document = acts.add_document(
                db.session(),
                thesis,
                form.kind.data,
                form.title.data,
                form.audience.data,
                g.actor,
                g.now,
                today=g.today,
                **received(form),
                expires_on=form.expires_on.data,
            )
            notice.say(_("“%(title)s” is added.", title=document.title))
            return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="documents"), 303)
        except Refused as error:
            form.refuse(error)
    body = render_template("document/add.html", form=form, thesis=thesis)
    return body, 422 if form.errors else 200


def _audiences() -> list[tuple[str, str]]:
    """Nobody gives a document to an audience of which they are not part themselves."""
    return [
        (key, str(word))
        for key, word in wording.AUDIENCES.items()
        if page.document_open(Document(audience=key))
    ]


def received(form: Any) -> dict[str, Any]:
    """Check the uploaded file and put it into the store; what the operation needs to know of it."""
    upload = form.file.data
    data = upload.read() if upload and getattr(upload, "filename", "") else b""
    try:
        media_type = examined(data, current_app.config["UPLOAD_LIMIT"])
    except WrongFile as error:
        raise Refused(
            Reason.FILE_REFUSED, "file", why=str(REASONS[error.why]) % {"what": error.what}
        ) from None
    return {
        "digest": store().put(db.session(), data),
        "filename": _name(upload.filename, media_type),
        "media_type": media_type,
        "size": len(data),
    }


@bp.route("/<string:document>", methods=["GET"])
@may(Action.VIEW_DOCUMENTS, on=Thesis)
def show(thesis: Thesis, document: str) -> Any:
    """The newest bytes of a document, as a file to keep."""
    return send(_open(thesis, document).versions[0])


@bp.route("/<string:document>/versions/<string:version>", methods=["GET"])
@may(Action.VIEW_DOCUMENTS, on=Thesis)
def show_version(thesis: Thesis, document: str, version: str) -> Any:
    """The bytes of an older version."""
    row = db.session.scalar(
        select(DocumentVersion).where(
            DocumentVersion.public_id == version, DocumentVersion.document_id == _open(thesis, document).id
        )
    )
    return send(row) if row else abort(404)


@bp.route("/<string:document>/replace", methods=["GET", "POST"])
@may(Action.ADD_DOCUMENT, on=Thesis)
def replace(thesis: Thesis, document: str) -> Any:
    """Add a newer version; the older ones stay."""
    row, form = _open(thesis, document), VersionForm()
    if not page.replaceable(row):
        abort(403)
    if form.validate_on_submit():
        try:
            acts.add_version(db.session(), thesis, row, g.actor, g.now, today=g.today, **received(form))
            notice.say(_("The new version is added."))
            return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="documents"), 303)
        except Refused as error:
            form.refuse(error)
    body = render_template("document/replace.html", form=form, thesis=thesis, document=row)
    return body, 422 if form.errors else 200


def _open(thesis: Thesis, public_id: str) -> Document:
    document: Document = part_of(thesis, Document, public_id)
    if not page.document_open(document):
        abort(404)
    return document


def _name(given: str, media_type: str) -> str:
    """The name of a file as it came, without folders and signs that mislead; what it is settles how it ends."""
    name = re.split(r"[/\\]", given)[-1]
    stem = "".join(c for c in (name.rpartition(".")[0] if "." in name else name) if c.isprintable()).strip(
        " ."
    )
    return f"{stem[:100] or 'document'}.{ENDINGS[media_type]}"


def send(version: DocumentVersion) -> Any:
    """The bytes of a version as a file to keep, whatever they are: they open nothing here."""
    return as_file(store().read(db.session(), version.digest), version.filename, version.media_type)


def as_file(data: bytes, name: str, media_type: str) -> Any:
    """Bytes as a file to keep, under a name."""
    response = make_response(data)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    plain = secure_filename(name)
    if not plain.rpartition(".")[0]:
        plain = f"document.{ENDINGS[media_type]}"
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
