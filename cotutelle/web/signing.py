"""Signing by a link from a mail, without an account. Opening changes nothing; only a posted answer with its code acts."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cotutelle import clock, links
from cotutelle.db import db, transaction
from cotutelle.domain.actor import Actor, bearer
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.plan import Kind
from cotutelle.domain.signoff import Proof, State
from cotutelle.models import AccessLog, Link, Person, SignOff, Thesis
from cotutelle.operations import account as accounts
from cotutelle.operations import signing_link, signoff
from cotutelle.operations.plan import plans as plans_of
from cotutelle.operations.signing_link import INBOX, SIGN
from cotutelle.policy import Action
from cotutelle.scope import as_system
from cotutelle.web import guards, notice, signing_page
from cotutelle.web.document import send
from cotutelle.web.fields import Form
from cotutelle.web.guards import may
from cotutelle.web.signing_form import AnswerForm

bp = Blueprint("signing", __name__, url_prefix="/link")
NO_STORE = {"Cache-Control": "no-store"}
LETTERS_AN_HOUR = 5


@bp.route("/sign/<string:token>", methods=["GET", "POST"])
@may(Action.OPEN_PUBLIC, whole=False)
def sign(token: str) -> Any:
    """One person, one act: read it, and answer."""
    session, link = db.session(), link_of(SIGN, token)
    with as_system(session, "by link"):
        row = session.get_one(SignOff, link.sign_off_id)
        return _act(session, link, row, url_for("signing.sign", token=token), token)


@bp.route("/inbox/<string:token>", methods=["GET"])
@may(Action.OPEN_PUBLIC)
def inbox(token: str) -> Any:
    """All that waits for the signature of whoever holds the link."""
    session, link = db.session(), link_of(INBOX, token)
    with as_system(session, "by link"):
        dead = signing_link.why_dead(session, link, clock.now())
        if dead:
            return _dead(session, link, dead, token)
        rows = [
            signing_page.facts_of(session, row, in_list=True) for row in waiting_for(session, link.person_id)
        ]
        page = render_template("signing/inbox.html", rows=rows, token=token, link=link)
    _note(link, "inbox_opened")
    return page, 200, NO_STORE


@bp.route("/inbox/<string:token>/<string:sign_off>", methods=["GET", "POST"])
@may(Action.OPEN_PUBLIC, whole=False)
def sign_from_inbox(token: str, sign_off: str) -> Any:
    """One of the acts that wait, opened from the list."""
    session, link = db.session(), link_of(INBOX, token)
    with as_system(session, "by link"):
        row = own(session, link, sign_off)
        here = url_for("signing.sign_from_inbox", token=token, sign_off=sign_off)
        return _act(session, link, row, here, token)


@bp.post("/<any(sign, inbox):purpose>/<string:token>/renew")
@may(Action.OPEN_PUBLIC)
def renew(purpose: str, token: str) -> Any:
    """Send the holder of a dead link a new one, to the address of the first."""
    session, link = db.session(), link_of(purpose, token)
    with as_system(session, "by link"):
        _reachable(session, link)
        _limit(session, f"letter:{link.person_id}")
        if link.sign_off_id is None:
            _send_inbox(session, link)
        else:
            row = session.get_one(SignOff, link.sign_off_id)
            if row.state != State.ASKED:
                raise Refused(Reason.ALREADY_ANSWERED)
            signing_link.ask_again(session, _thesis(session, row), row, "renewed", g.now)
    notice.say(_("A new link is on its way to your address. This page can be closed."))
    return redirect(url_for(f"signing.{purpose}", token=token), 303)


@bp.post("/<any(sign, inbox):purpose>/<string:token>/inbox")
@may(Action.OPEN_PUBLIC)
def ask_inbox(purpose: str, token: str) -> Any:
    """Send a link, good for thirty minutes, that opens all that waits."""
    session, link = db.session(), link_of(purpose, token)
    with as_system(session, "by link"):
        _reachable(session, link)
        _limit(session, f"letter:{link.person_id}")
        _send_inbox(session, link)
    notice.say(
        _("A link to all that waits for you is on its way to your address. It is good for 30 minutes.")
    )
    return redirect(url_for(f"signing.{purpose}", token=token), 303)


@bp.post("/<any(sign, inbox):purpose>/<string:token>/code")
@may(Action.OPEN_PUBLIC)
def send_code(purpose: str, token: str) -> Any:
    """Send a code for an act that asks for one sent just now."""
    session, link = db.session(), link_of(purpose, token)
    with as_system(session, "by link"):
        row = own(session, link, request.form.get("sign_off", ""))
        if signing_link.why_dead(session, link, g.now) or row.state != State.ASKED:
            raise Refused(Reason.ALREADY_ANSWERED)
        _reachable(session, link)
        _limit(session, f"code:{row.id}")
        signing_link.send_fresh(session, _thesis(session, row), row, g.now)
    notice.say(_("A code is on its way to your address. It is good for ten minutes."))
    return redirect(place(link, token, row), 303)


@bp.get("/<any(sign, inbox):purpose>/<string:token>/document")
@may(Action.OPEN_PUBLIC)
def document(purpose: str, token: str) -> Any:
    """The document that is signed, for whoever was asked to sign it, while the link lives or once they answered."""
    session, link = db.session(), link_of(purpose, token)
    with as_system(session, "by link"):
        row = own(session, link, request.args.get("sign_off", ""))
        alive = not signing_link.why_dead(session, link, clock.now())
        signed = row.state == State.APPROVED and link.expires_at > clock.now()
        if not (signed or (alive and row.state == State.ASKED)):
            abort(410)
        version = signing_page.version_signed(session, row)
        return send(version) if version else abort(404)


def waiting_for(session: Session, person_id: int | None) -> list[SignOff]:
    """What somebody is asked to sign, the earliest due first."""
    rows = session.scalars(
        select(SignOff).where(SignOff.person_id == person_id, SignOff.state == State.ASKED)
    ).all()
    return sorted(rows, key=lambda row: (row.milestone.due_on is None, row.milestone.due_on, row.id))


def link_of(purpose: str, token: str) -> Link:
    """The link behind an address; one that was forged or cut is not there at all."""
    link_id = links.read(_keys(), purpose, token)
    link = db.session.get(Link, link_id) if link_id else None
    if link is None or link.purpose != purpose:
        abort(404)
    g.link_language = _language(link)
    refresh()
    return link


def _language(link: Link) -> str:
    """The language in which its holder was asked."""
    with as_system(db.session(), "language of a letter"):
        asked = select(SignOff.language).order_by(SignOff.id.desc()).limit(1)
        whose = (
            asked.where(SignOff.id == link.sign_off_id)
            if link.sign_off_id
            else asked.where(SignOff.person_id == link.person_id)
        )
        return db.session.scalar(whose) or ""


def own(session: Session, link: Link, public_id: str) -> SignOff:
    """The signature of a link, or for an inbox the named one if it is its holder's."""
    if link.sign_off_id is not None:
        return session.get_one(SignOff, link.sign_off_id)
    row = session.scalar(
        select(SignOff).where(SignOff.public_id == public_id, SignOff.person_id == link.person_id)
    )
    return row if row is not None else abort(404)


def _thesis(session: Session, row: SignOff) -> Thesis:
    return session.get_one(Thesis, row.thesis_id)


def place(link: Link, token: str, row: SignOff) -> str:
    """The address of an act as its link opens it."""
    if link.sign_off_id is not None:
        return url_for("signing.sign", token=token)
    return url_for("signing.sign_from_inbox", token=token, sign_off=row.public_id)


def _act(session: Session, link: Link, row: SignOff, here: str, token: str) -> Any:
    """Show the act, or what became of it; a posted answer is checked and given."""
    form, dead = AnswerForm(), signing_link.why_dead(session, link, clock.now())
    if dead and link.sign_off_id is None:
        return _dead(session, link, dead, token)
    if row.state != State.ASKED:
        return signing_page.done(session, row, link=link, **_places(link, token, row)), 200, NO_STORE
    if dead:
        return _dead(session, link, dead, token)
    if request.method != "POST":
        page = signing_page.render(session, row, form, link=link, **_places(link, token, row))
        _note(link, "link_opened")
        return page, 200, NO_STORE
    if form.complete() and _recognised(session, link, row, form):
        return _answer(link, row, form, here, token)
    page = signing_page.render(session, row, form, link=link, **_places(link, token, row))
    return page, 422, NO_STORE


def _places(link: Link, token: str, row: SignOff) -> dict[str, Any]:
    where: dict[str, Any] = {"purpose": link.purpose, "token": token}
    return {
        "own": _is_own(row),
        "document_url": url_for("signing.document", **where, sign_off=row.public_id),
        "code_url": url_for("signing.send_code", **where),
        "file_url": url_for("file_signing.by_link", **where, sign_off=row.public_id),
        "inbox_url": url_for("signing.ask_inbox", **where) if link.purpose == SIGN else "",
        "back_url": url_for("signing.inbox", token=token) if link.purpose == INBOX else "",
        "others": len(waiting_for(db.session(), row.person_id)) - (row.state == State.ASKED),
    }


def _is_own(row: SignOff) -> bool:
    """Whether the reader is signed in as the very person who is asked: then no code is needed."""
    return bool(current_user.is_authenticated and current_user.person_id == row.person_id)


def _recognised(session: Session, link: Link, row: SignOff, form: AnswerForm) -> bool:
    """Whether the code shows that it is they; each try is counted before it is compared, and only tries that fail stay."""
    if _is_own(row):
        return True
    asks_fresh = _kind(session, row).fresh_code
    code_link = signing_link.fresh(session, row, clock.now()) if asks_fresh else link
    if code_link is None:
        form.code.errors = [_("Have a code sent first, then type it here.")]
        return False
    code_id, typed = code_link.id, form.code.data or ""
    with transaction() as writing:
        allowed = signing_link.count_try(writing, writing.get_one(Link, code_id))
    if not allowed:
        form.code.errors = [_("Too many wrong codes: have a new one sent.")]
        return False
    if not links.is_code(_keys(), code_id, typed):
        digits = sum(sign.isdigit() for sign in typed)
        form.code.errors = [
            _("Type the six figures of the code.")
            if digits != 6
            else _("This is not the code of the newest mail.")
        ]
        return False
    with transaction() as writing:
        signing_link.uncount_try(writing, writing.get_one(Link, code_id))
    return True


def _kind(session: Session, row: SignOff) -> Kind:
    return plans_of(session).kinds[row.milestone.kind]


def _answer(link: Link, row: SignOff, form: AnswerForm, here: str, token: str) -> Any:
    """Give the answer; whoever comes second is shown what the first one did."""
    own, row_id, link_id = _is_own(row), row.id, link.id
    proof = Proof.FRESH_CODE if _kind(db.session(), row).fresh_code else Proof.LINK_CODE
    by = signoff.By(
        Actor(current_user.id) if own else bearer(link_id), Proof.ACCOUNT if own else proof, link_id
    )
    try:
        return give(row_id, by, form, here)
    except Refused as error:
        if error.reason in (Reason.ALREADY_ANSWERED, Reason.SHOWN_CHANGED):
            return redirect(here, 303)  # the page says how things stand
        form.refuse(error)
    session = db.session()
    row, link = session.get_one(SignOff, row_id), session.get_one(Link, link_id)
    page = signing_page.render(session, row, form, link=link, **_places(link, token, row))
    return page, 422, NO_STORE


def give(row_id: int, by: signoff.By, form: AnswerForm, here: str) -> Any:
    """Answer in one transaction that reads everything again; the same form sent twice gets its first answer."""
    with transaction() as session, as_system(session, "an answer"):
        now = clock.now()
        claimed, first = guards.claim(session)
        if first is not None:
            return first
        row = session.get_one(SignOff, row_id, populate_existing=True)
        signoff.answer(
            session,
            row_id,
            form.answered,
            form.digest.data or "",
            by,
            now,
            today=signing_page.today_of(session, _thesis(session, row)),
            reason=form.reason,
            delegate=form.delegate(session, row, by.actor, now),
        )
        response = redirect(here, 303)
        if claimed is not None:
            guards.keep_answer(session, claimed, response)  # type: ignore[arg-type]  # werkzeug's own response
    return response


def _dead(session: Session, link: Link, why: str, token: str) -> Any:
    """What to do about a link that opens nothing any more."""
    words = {
        "expired": _("This link has expired."),
        "tried": _("Too many wrong codes were typed with this link."),
        "changed": _("What this link was sent for has changed since."),
        "revoked": _("A newer link has taken this one’s place: it is in a later mail."),
    }
    row = session.get(SignOff, link.sign_off_id) if link.sign_off_id else None
    page = render_template(
        "signing/dead.html",
        why=words.get(why, words["expired"]),
        link=link,
        masked=signing_page.masked(row.person.email) if row else "",
        form=Form(),
        renew_url=url_for("signing.renew", purpose=link.purpose, token=token),
    )
    return page, 410, NO_STORE


def _send_inbox(session: Session, link: Link) -> None:
    person = session.get_one(Person, link.person_id)
    signing_link.send_inbox(session, person, g.link_language or "en", g.now)


def _reachable(session: Session, link: Link) -> None:
    """Refuse to promise a letter to somebody whose address is no longer known."""
    person = session.get_one(Person, link.person_id)
    if not person.email:
        raise Refused(Reason.NO_ADDRESS, name=person.name)


def _limit(session: Session, key: str) -> None:
    """So many letters an hour and no more: nobody's mailbox is filled by a button."""
    if accounts.count_try(session, key, clock.now(), 60) > LETTERS_AN_HOUR:
        raise Refused(Reason.TOO_MANY_LETTERS)


def _note(link: Link, what: str) -> None:
    """That a link was opened, by whatever opens links: technical, short-lived, never the token."""
    entry = AccessLog(
        at=clock.now(),
        what=what,
        subject=f"link:{link.id}",
        address=(request.remote_addr or "")[:60],
        retention="access",
    )
    with suppress(OperationalError), transaction() as session:
        session.add(entry)


def _keys() -> list[str]:
    return [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
