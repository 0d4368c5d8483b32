"""What waits for me: one list for whoever signs, signed one by one or several of a kind at once; the theses I follow."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cotutelle.db import db, transaction
from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signoff import Answer, Proof, State
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import SignOff, Supervision, Thesis, texts_of
from cotutelle.operations import signoff
from cotutelle.policy import Action
from cotutelle.scope import as_system
from cotutelle.web import guards, notice, signing_page
from cotutelle.web.document import send
from cotutelle.web.fields import Form
from cotutelle.web.filters import text
from cotutelle.web.guards import may
from cotutelle.web.page import parties_of
from cotutelle.web.refusals import refusal
from cotutelle.web.signing import give, waiting_for
from cotutelle.web.signing_form import AnswerForm
from cotutelle.web.wording import THESIS_STATES

bp = Blueprint("waiting", __name__, url_prefix="/waiting")


@bp.get("")
@may(Action.USE_ACCOUNT)
def index() -> Any:
    """What I am asked to sign, and a line for each thesis that I follow."""
    session = db.session()
    with as_system(session, "what waits for the reader"):
        rows = [
            signing_page.facts_of(session, row, in_list=True)
            for row in waiting_for(session, g.reader.person_id)
        ]
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        kinds.setdefault(row["kind_name"], []).append(row)
    return render_template(
        "waiting/index.html", groups=kinds, count=len(rows), theses=_mine(session), form=Form()
    )


@bp.route("/<string:sign_off>", methods=["GET", "POST"])
@may(Action.USE_ACCOUNT, whole=False)
def act(sign_off: str) -> Any:
    """One act by account: read it, and answer; the account is the proof."""
    session, form = db.session(), AnswerForm()
    row = own(session, sign_off)
    here = url_for("waiting.act", sign_off=sign_off)
    if request.method == "POST" and row.state == State.ASKED and form.complete():
        by = signoff.By(Actor(current_user.id), Proof.ACCOUNT)
        try:
            return give(row.id, by, form, here)
        except Refused as error:
            form.refuse(error)
            row = own(session, sign_off)
    with as_system(session, "the reader's own signature"):
        if row.state != State.ASKED:
            return signing_page.done(session, row, link=None, back_url=url_for("waiting.index"))
        page = signing_page.render(
            session, row, form, link=None, own=True, back_url=url_for("waiting.index"),
            document_url=url_for("waiting.document", sign_off=sign_off), code_url="", inbox_url="", others=0,
            file_url=url_for("file_signing.by_account", sign_off=sign_off),
        )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.get("/<string:sign_off>/document")
@may(Action.USE_ACCOUNT)
def document(sign_off: str) -> Any:
    """The document of an act that is mine to answer, or that I answered."""
    session = db.session()
    row = own(session, sign_off)
    with as_system(session, "the reader's own signature"):
        version = signing_page.version_signed(session, row)
        open_ = row.state in (State.ASKED, State.APPROVED)
        return send(version) if version and open_ else abort(404)


@bp.post("/several/sign")
@may(Action.USE_ACCOUNT, whole=False)
def several() -> Any:
    """Sign several at once, each on its own: what has changed or was answered meanwhile is left, and named."""
    chosen = request.form.getlist("chosen")[:200]
    by = signoff.By(Actor(current_user.id), Proof.ACCOUNT)
    signed, left = 0, []
    for each in chosen:
        public_id, _colon, digest = each.partition(":")
        try:
            with transaction() as session:
                guards.identify(session)
                with as_system(session, "an answer"):
                    found = session.scalars(select(SignOff).where(SignOff.public_id == public_id)).first()
                    if found is None or found.person_id != g.reader.person_id:
                        raise Refused(Reason.ALREADY_ANSWERED)
                    row = found
                    today = signing_page.today_of(session, session.get_one(Thesis, row.thesis_id))
                    signoff.answer(session, row.id, Answer.APPROVE, digest, by, g.now, today=today)
            signed += 1
        except Refused as error:
            left.append(refusal(error))
    said = ngettext("%(num)s act is signed.", "%(num)s acts are signed.", signed) if signed else ""
    if not chosen:
        said = _("Choose at least one act to sign.")
    notice.say(" ".join(filter(None, [said, *dict.fromkeys(left)])))
    return redirect(url_for("waiting.index"), 303)


def own(session: Session, public_id: str) -> SignOff:
    """A signature that was asked of the reader; anybody else's is not there."""
    with as_system(session, "the reader's own signature"):
        row = session.scalar(
            select(SignOff).where(SignOff.public_id == public_id, SignOff.person_id == g.reader.person_id)
        )
    return row if row is not None and row.state != State.WAITING else abort(404)


def _mine(session: Session) -> list[dict[str, Any]]:
    """The theses that the reader supervises, one line each."""
    supervised = select(Supervision.thesis_id).where(
        Supervision.person_id == g.reader.person_id,
        or_(Supervision.until_on.is_(None), Supervision.until_on >= g.today),
    )
    theses = session.scalars(select(Thesis).where(Thesis.id.in_(supervised)).order_by(Thesis.sort_key)).all()
    titles = texts_of(session, "thesis", [row.id for row in theses], "title")
    return [
        {
            "thesis": row,
            "title": text(titles[row.id]["title"]),
            "parties": parties_of(session, row),
            "state": THESIS_STATES[ThesisState(row.state)],
        }
        for row in theses
    ]
