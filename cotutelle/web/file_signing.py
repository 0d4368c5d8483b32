"""Signing the convention in the file itself: take it, sign it in a tool of one's own, bring it back.

Three doors lead to the same page: a link from a mail, one's own account, and the office that acts for somebody.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from cotutelle.documents.confined import media_type as examined
from cotutelle.documents.upload import WrongFile
from cotutelle.domain.actor import Actor, bearer
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signature import Flaw
from cotutelle.domain.signoff import Proof, State
from cotutelle.models import Link, Milestone, SignOff, Thesis
from cotutelle.operations import account as accounts
from cotutelle.operations import convention_round, signing_link, signoff
from cotutelle.operations import file_signature as acts
from cotutelle.policy import Action
from cotutelle.scope import as_system
from cotutelle.web import guards, milestone, notice, signing, signing_page, waiting
from cotutelle.web.document import REASONS, as_file
from cotutelle.web.fields import Form, LongText
from cotutelle.web.guards import may
from cotutelle.web.printing import store
from cotutelle.web.thesis import part_of

bp = Blueprint("file_signing", __name__)
FILES_AN_HOUR = 20
_FLAWS = {"encrypted": Flaw.ENCRYPTED, "broken": Flaw.BROKEN, "kind": Flaw.NOT_PDF, "large": Flaw.LARGE}


@dataclass(frozen=True, slots=True)
class Door:
    """By which way somebody came: the addresses of this page, of the file and of where they go back to.

    `again` asks once more, in the transaction that writes, whether they may: reading a file takes a while.
    """

    here: str
    file: str
    back: str
    again: Callable[[Session], object]
    office: bool = False


class FileForm(Form):
    """Take the file, give it back, or bring it back signed; `digest` is what was put before whoever signs."""

    do = HiddenField()
    digest = HiddenField()
    file = FileField(_l("The signed file"))
    why = LongText(_l("If the certificate leaves a doubt: on what you rely"), [Optional()], most=500)


@bp.route("/link/<any(sign, inbox):purpose>/<string:token>/file", methods=["GET", "POST"])
@may(Action.OPEN_PUBLIC, whole=False)
def by_link(purpose: str, token: str) -> Any:
    """For whoever was asked by a letter; the certificate shows who they are."""
    session, link = db.session(), signing.link_of(purpose, token)
    with as_system(session, "by link"):
        row = _asked_by_link(session, link)
        back = signing.place(link, token, row)
        if signing_link.why_dead(session, link, clock.now()) or row.state != State.ASKED:
            return redirect(
                back, 303
            )  # that page says how things stand, and sends a new link where one is needed
        where: dict[str, Any] = {"purpose": purpose, "token": token, "sign_off": row.public_id}
        by, link_id = signoff.By(bearer(link.id), Proof.FILE, link.id), link.id
        here, file = url_for("file_signing.by_link", **where), url_for("file_signing.bytes_by_link", **where)
        response = make_response(
            _page(session, row, by, Door(here, file, back, lambda writing: _alive(writing, link_id)))
        )
        response.headers.update(signing.NO_STORE)
        return response


@bp.get("/link/<any(sign, inbox):purpose>/<string:token>/file/download")
@may(Action.OPEN_PUBLIC)
def bytes_by_link(purpose: str, token: str) -> Any:
    """The file, while it is lent to whoever holds the link."""
    session, link = db.session(), signing.link_of(purpose, token)
    with as_system(session, "by link"):
        if signing_link.why_dead(session, link, clock.now()):
            abort(410)
        return _bytes(session, _asked_by_link(session, link))


@bp.route("/waiting/<string:sign_off>/file", methods=["GET", "POST"])
@may(Action.USE_ACCOUNT, whole=False)
def by_account(sign_off: str) -> Any:
    """For whoever has an account and is asked."""
    session = db.session()
    with as_system(session, "the reader's own signature"):
        row = _of_convention(waiting.own(session, sign_off))
        here = url_for("file_signing.by_account", sign_off=sign_off)
        file = url_for("file_signing.bytes_by_account", sign_off=sign_off)
        back = url_for("waiting.act", sign_off=sign_off)
        by = signoff.By(Actor(current_user.id), Proof.FILE)
        return _page(session, row, by, Door(here, file, back, guards.identify))


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
    session, reference = db.session(), thesis.reference
    row = _of_office(session, thesis, sign_off)
    here = url_for("file_signing.by_office", reference=reference, sign_off=sign_off)
    file = url_for("file_signing.bytes_by_office", reference=reference, sign_off=sign_off)
    back = url_for("convention.show", reference=reference, _anchor="signatures")

    def again(writing: Session) -> None:
        _of_office(writing, guards.again(writing, Action.ASK_SIGNATURES, reference), sign_off)

    return _page(session, row, signoff.By(g.actor, Proof.FILE), Door(here, file, back, again, office=True))


@bp.get("/theses/<string:reference>/convention/file/<string:sign_off>/download")
@may(Action.ASK_SIGNATURES, on=Thesis)
def bytes_by_office(thesis: Thesis, sign_off: str) -> Any:
    """The file, while it is lent to whoever is asked."""
    return _bytes(db.session(), _of_office(db.session(), thesis, sign_off))


def _asked_by_link(session: Session, link: Link) -> SignOff:
    return _of_convention(signing.own(session, link, request.values.get("sign_off", "")))


def _alive(writing: Session, link_id: str) -> None:
    if signing_link.why_dead(writing, writing.get_one(Link, link_id), clock.now()):
        raise Refused(Reason.FILE_NOT_LENT)


def _of_office(session: Session, thesis: Thesis, public_id: str) -> SignOff:
    row = _of_convention(part_of(thesis, SignOff, public_id))
    asked = session.get_one(Milestone, row.milestone_id)
    return row if milestone.own(session, thesis, asked, [(row.signer, row.side)]) else abort(403)


def _of_convention(row: SignOff) -> SignOff:
    return row if convention_round.signs(row.milestone) else abort(404)


def _page(session: Session, row: SignOff, by: signoff.By, door: Door) -> Any:
    """The page, or what a posted form led to."""
    form = FileForm()
    form.file.flags.required = True
    if not door.office:
        del form.why
    if row.state == State.ASKED and form.validate_on_submit():
        try:
            return _do(session, row.id, form, by, door)
        except Refused as error:
            session.rollback()
            form.refuse(error)
    row = session.get_one(SignOff, row.id, populate_existing=True)
    version = acts.version_signed(session, row.milestone)
    loan = acts.lent(session, version) if version else None
    mine = loan is not None and loan.sign_off_id == row.id
    page = render_template(
        "signing/file.html",
        form=form,
        door=door,
        loan=loan,
        mine=mine,
        asked=row.state == State.ASKED,
        field_name=acts.expected(session, store(), row).field if mine else "",
        **signing_page.facts_of(session, row),
    )
    return make_response(page, 422 if form.errors else 200)


def _do(session: Session, row_id: int, form: FileForm, by: signoff.By, door: Door) -> Any:
    act = form.do.data
    if act == "return":
        _limit(row_id)
        _return(session, row_id, form, by, door)
        notice.say(_("The signed file is taken in: the signature counts."))
        return redirect(door.back, 303)
    if act not in ("take", "give_back"):
        abort(400)
    with transaction() as writing, as_system(writing, "the file"):
        door.again(writing)
        row = writing.get_one(SignOff, row_id)
        if act == "take":
            acts.lend(writing, row, by, clock.now())
        else:
            acts.give_back(writing, row, by, clock.now())
    return redirect(door.here, 303)


def _return(session: Session, row_id: int, form: FileForm, by: signoff.By, door: Door) -> None:
    """Read the file while nothing is locked; then take it in, if it is still lent to whoever is asked."""
    upload = form.file.data
    if not getattr(upload, "filename", ""):
        raise Refused(Reason.DOCUMENT_MISSING, "file")
    data, why = upload.read(), (form.why.data or "") if door.office else ""
    asked = acts.expected(session, store(), session.get_one(SignOff, row_id))
    session.rollback()
    _check(data)
    instance, since = Path(current_app.instance_path), len(asked.lent)
    with ThreadPoolExecutor(2) as pool:
        reads = [pool.submit(signatures.read_apart, each, instance, since) for each in (asked.lent, data)]
    before, after = (each.result() for each in reads)
    signature = acts.examine(asked, before, after, data, why)
    with transaction() as writing, as_system(writing, "the file"):
        door.again(writing)
        row = writing.get_one(SignOff, row_id, populate_existing=True)
        today = signing_page.today_of(writing, writing.get_one(Thesis, row.thesis_id))
        digest = store().put(writing, data)
        acts.take_in(
            writing, row, signature, asked.lent_digest, digest, len(data), form.digest.data or "", by,
            clock.now(), today=today, accepted_why=why,
        )  # fmt: skip


def _limit(row_id: int) -> None:
    """Reading a stranger's file takes seconds: so many in an hour for one signature and no more."""
    with transaction() as session:
        if accounts.count_try(session, f"file:{row_id}", clock.now(), 60) > FILES_AN_HOUR:
            abort(429)


def _check(data: bytes) -> None:
    """Refuse what no upload may be, in the words of this page."""
    try:
        media_type = examined(data, current_app.config["UPLOAD_LIMIT"])
    except WrongFile as error:
        if error.why in _FLAWS:
            raise Refused(Reason.FILE_UNREADABLE, "file", flaw=_FLAWS[error.why]) from None
        why = str(REASONS[error.why]) % {"what": error.what}
        raise Refused(Reason.FILE_REFUSED, "file", why=why) from None
    if media_type != "application/pdf":
        raise Refused(Reason.FILE_UNREADABLE, "file", flaw=Flaw.NOT_PDF)


def _bytes(session: Session, row: SignOff) -> Any:
    thesis = session.get_one(Thesis, row.thesis_id)
    try:
        asked = acts.expected(session, store(), row)
    except Refused:
        abort(404)
    return as_file(asked.lent, f"{thesis.reference}.pdf", "application/pdf")
