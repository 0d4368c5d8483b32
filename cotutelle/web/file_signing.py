"""Signing the convention in the file itself: take it, sign it in a tool of one's own, bring it back.

Three doors lead to the same page: a link from a mail, one's own account, and the office that acts for somebody.
"""

from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import FileField, HiddenField
from wtforms.validators import Optional

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.documents import signatures
from cotutelle.documents.upload import WrongFile, check_upload
from cotutelle.domain.actor import Actor, bearer
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signature import Flaw
from cotutelle.domain.signoff import Proof, State
from cotutelle.models import Link, Milestone, SignOff, Thesis
from cotutelle.operations import file_signature as acts
from cotutelle.operations import signing_link, signoff
from cotutelle.operations.convention_round import KIND
from cotutelle.policy import Action
from cotutelle.scope import as_system
from cotutelle.web import milestone, notice, signing, signing_page, waiting
from cotutelle.web.document import REASONS, as_file
from cotutelle.web.fields import Form, LongText
from cotutelle.web.guards import may
from cotutelle.web.printing import store
from cotutelle.web.thesis import part_of

bp = Blueprint("file_signing", __name__)
_FLAWS = {"encrypted": Flaw.ENCRYPTED, "broken": Flaw.BROKEN, "kind": Flaw.NOT_PDF, "large": Flaw.LARGE}


class FileForm(Form):
    """Take the file, give it back, or bring it back signed."""

    do = HiddenField()
    file = FileField(_l("The signed file"))
    why = LongText(_l("If nobody here knows the issuer: on what you rely"), [Optional()], most=500)


@bp.route("/link/<any(sign, inbox):purpose>/<string:token>/file", methods=["GET", "POST"])
@may(Action.OPEN_PUBLIC, whole=False)
def by_link(purpose: str, token: str) -> Any:
    """For whoever was asked by a letter; the certificate shows who they are."""
    session, link = db.session(), signing.link_of(purpose, token)
    with as_system(session, "by link"):
        row = _asked_by_link(session, link)
        where: dict[str, Any] = {"purpose": purpose, "token": token, "sign_off": row.public_id}
        by = signoff.By(bearer(link.id), Proof.FILE, link.id)
        places: dict[str, Any] = {
            "bytes_url": url_for("file_signing.bytes_by_link", **where),
            "here": url_for("file_signing.by_link", **where),
            "back_url": signing.place(link, token, row),
        }
        response = make_response(_page(session, row, by, **places))
        response.headers.update(signing.NO_STORE)
        return response


@bp.get("/link/<any(sign, inbox):purpose>/<string:token>/file/download")
@may(Action.OPEN_PUBLIC)
def bytes_by_link(purpose: str, token: str) -> Any:
    """The file, while it is lent to whoever holds the link."""
    session, link = db.session(), signing.link_of(purpose, token)
    with as_system(session, "by link"):
        return _bytes(session, _asked_by_link(session, link))


@bp.route("/waiting/<string:sign_off>/file", methods=["GET", "POST"])
@may(Action.USE_ACCOUNT, whole=False)
def by_account(sign_off: str) -> Any:
    """For whoever has an account and is asked."""
    session = db.session()
    with as_system(session, "the reader's own signature"):
        row = _of_convention(waiting.own(session, sign_off))
        by = signoff.By(Actor(current_user.id), Proof.FILE)
        places: dict[str, Any] = {
            "bytes_url": url_for("file_signing.bytes_by_account", sign_off=sign_off),
            "here": url_for("file_signing.by_account", sign_off=sign_off),
            "back_url": url_for("waiting.act", sign_off=sign_off),
        }
        return _page(session, row, by, **places)


@bp.get("/waiting/<string:sign_off>/file/download")
@may(Action.USE_ACCOUNT)
def bytes_by_account(sign_off: str) -> Any:
    """The file, while it is lent to the reader."""
    session = db.session()
    with as_system(session, "the reader's own signature"):
        return _bytes(session, _of_convention(waiting.own(session, sign_off)))


@bp.route("/theses/<string:reference>/convention/file/<string:sign_off>", methods=["GET", "POST"])
@may(Action.ASK_SIGNATURES, on=Thesis, whole=False)
def by_office(thesis: Thesis, sign_off: str) -> Any:
    """For an office that hands the file on to somebody who is asked, and takes it in for them."""
    session = db.session()
    row = _of_office(session, thesis, sign_off)
    places = {
        "bytes_url": url_for("file_signing.bytes_by_office", reference=thesis.reference, sign_off=sign_off),
        "here": url_for("file_signing.by_office", reference=thesis.reference, sign_off=sign_off),
        "back_url": url_for("convention.show", reference=thesis.reference, _anchor="signatures"),
    }
    return _page(session, row, signoff.By(g.actor, Proof.FILE), office=True, **places)


@bp.get("/theses/<string:reference>/convention/file/<string:sign_off>/download")
@may(Action.ASK_SIGNATURES, on=Thesis)
def bytes_by_office(thesis: Thesis, sign_off: str) -> Any:
    """The file, while it is lent to whoever is asked."""
    return _bytes(db.session(), _of_office(db.session(), thesis, sign_off))


def _asked_by_link(session: Session, link: Link) -> SignOff:
    row = signing.own(session, link, request.values.get("sign_off", ""))
    if signing_link.why_dead(session, link, clock.now()):
        abort(410)
    return _of_convention(row)


def _of_office(session: Session, thesis: Thesis, public_id: str) -> SignOff:
    row = _of_convention(part_of(thesis, SignOff, public_id))
    if not milestone.own(
        session, thesis, session.get_one(Milestone, row.milestone_id), [(row.signer, row.side)]
    ):
        abort(403)
    return row


def _of_convention(row: SignOff) -> SignOff:
    return row if row.milestone.kind == KIND else abort(404)


def _page(
    session: Session, row: SignOff, by: signoff.By, *, here: str, office: bool = False, **places: str
) -> Any:
    """The page, or what a posted form led to."""
    form = FileForm()
    form.file.flags.required = True
    if not office:
        del form.why
    if row.state == State.ASKED and form.validate_on_submit():
        try:
            return _do(session, row.id, form, by, here, places["back_url"], office=office)
        except Refused as error:
            session.rollback()
            form.refuse(error)
    row = session.get_one(SignOff, row.id, populate_existing=True)
    thesis = session.get_one(Thesis, row.thesis_id)
    version = acts.version_signed(session, thesis)
    page = render_template(
        "signing/file.html",
        form=form,
        office=office,
        loan=acts.lent(session, version) if version else None,
        asked=row.state == State.ASKED,
        here=here,
        **signing_page.facts_of(session, row),
        **places,
    )
    return make_response(page, 422 if form.errors else 200)


def _do(
    session: Session, row_id: int, form: FileForm, by: signoff.By, here: str, back: str, *, office: bool
) -> Any:
    act = form.do.data
    if act == "return":
        _return(session, row_id, form, by, office=office)
        notice.say(_("The signed file is taken in: the signature counts."))
        return redirect(back, 303)
    with transaction() as writing, as_system(writing, "the file"):
        row = writing.get_one(SignOff, row_id)
        if act == "take":
            acts.lend(writing, row, by, clock.now())
        else:
            acts.give_back(writing, row, by, clock.now())
    return redirect(here, 303)


def _return(session: Session, row_id: int, form: FileForm, by: signoff.By, *, office: bool) -> None:
    """Read the file while nothing is locked; then take it in, if it is still lent to whoever is asked."""
    upload = form.file.data
    data = upload.read() if upload and getattr(upload, "filename", "") else b""
    why = (form.why.data or "") if office else ""
    row = session.get_one(SignOff, row_id)
    version = acts.version_signed(session, session.get_one(Thesis, row.thesis_id))
    loan = acts.lent(session, version) if version else None
    if loan is None or loan.sign_off_id != row_id:
        raise Refused(Reason.FILE_NOT_LENT)
    lent_digest = loan.lent_digest
    lent = store().read(session, lent_digest)
    session.rollback()
    _check(data)
    before, after = (signatures.read_apart(each, Path(current_app.instance_path)) for each in (lent, data))
    signature = acts.examine(before, after, lent, data, why)
    with transaction() as writing, as_system(writing, "the file"):
        row = writing.get_one(SignOff, row_id, populate_existing=True)
        today = signing_page.today_of(writing, writing.get_one(Thesis, row.thesis_id))
        digest = store().put(writing, data)
        acts.take_in(
            writing, row, signature, lent_digest, digest, len(data), by, clock.now(),
            today=today, accepted_why=why,
        )  # fmt: skip


def _check(data: bytes) -> None:
    """Refuse what no upload may be, in the words of this page."""
    try:
        media_type = check_upload(data, current_app.config["UPLOAD_LIMIT"])
    except WrongFile as error:
        if error.why in _FLAWS:
            raise Refused(Reason.FILE_UNREADABLE, "file", flaw=_FLAWS[error.why]) from None
        why = str(REASONS[error.why]) % {"what": error.what}
        raise Refused(Reason.FILE_REFUSED, "file", why=why) from None
    if media_type != "application/pdf":
        raise Refused(Reason.FILE_UNREADABLE, "file", flaw=Flaw.NOT_PDF)


def _bytes(session: Session, row: SignOff) -> Any:
    version = acts.version_signed(session, session.get_one(Thesis, row.thesis_id))
    loan = acts.lent(session, version) if version else None
    if loan is None or version is None or loan.sign_off_id != row.id:
        abort(404)
    thesis = session.get_one(Thesis, row.thesis_id)
    name = f"{thesis.reference}-{version.number}.pdf"
    return as_file(store().read(session, loan.lent_digest), name, "application/pdf")
