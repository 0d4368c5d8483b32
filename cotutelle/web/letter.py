"""Letters in a school's own words: which there are, how one reads, a test to oneself, back to the shipped words."""

from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms.validators import Optional

from cotutelle.db import db
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import School
from cotutelle.operations import letter
from cotutelle.operations import wording as acts
from cotutelle.policy import Action, Reader, Role
from cotutelle.web import notice
from cotutelle.web.absence import schools_of
from cotutelle.web.fields import SOMETIMES, LongText, Text, VersionedForm
from cotutelle.web.guards import may

bp = Blueprint("letter", __name__, url_prefix="/letters")

KINDS = {
    letter.SIGNATURE: _l("The block under every letter"),
    "ask": _l("A signature is asked"),
    "changed": _l("What is to be signed has changed"),
    "renewed": _l("A new link in place of a dead one"),
    "delegated": _l("A request handed on"),
    "code": _l("A code sent just now"),
    "receipt": _l("Receipt of a signature"),
    "sent_back": _l("Sent back, with its reason"),
    "declined": _l("Not theirs to sign"),
    "complete": _l("Everybody has signed"),
    "no_longer": _l("Nothing to sign any more"),
    "reminder": _l("Reminders of the day"),
    "campaign": _l("Campaign: proofs are asked"),
    "campaign_reminder": _l("Campaign: proofs are missing"),
    "campaign_returned": _l("Campaign: a proof is sent back"),
    "committee_report": _l("Report of the monitoring committee"),
    "supervision": _l("A director leaves or is replaced"),
    "nobody_signs": _l("A milestone without a signatory"),
    "defence": _l("Outcome of the defence"),
    "ended": _l("The thesis has ended"),
    "resumed": _l("The thesis goes on"),
}
LANGUAGES = {"fr": "Français", "en": "English"}


class WordingForm(VersionedForm):
    """Subject and text of a letter."""

    subject = Text(_l("Subject"), [Optional(), SOMETIMES], most=200)
    body = LongText(_l("Text"), [Optional(), SOMETIMES], most=5000)


@bp.get("")
@may(Action.WORD_LETTERS)
def index() -> Any:
    """The kinds of letters in each language, those in the school's own words marked."""
    schools = schools_of(sorted(_administered()))
    wanted = request.args.get("school", "")
    school, name = next((each for each in schools if each[0].public_id == wanted), schools[0])
    return render_template(
        "letter/index.html",
        schools=schools,
        school=school,
        name=name,
        kinds=KINDS,
        tongues=LANGUAGES,
        own=acts.own(db.session(), school),
    )


@bp.route("/<string:school>/<string:kind>/<string:language>", methods=["GET", "POST"])
@may(Action.WORD_LETTERS)
def edit(school: str, kind: str, language: str) -> Any:
    """Word a kind of letter; look at it with invented people before saving it."""
    session, row = db.session(), _school(school, kind, language)
    own = letter.worded(session, row, kind, language)
    form = WordingForm(data=None if request.method == "POST" else _data(row, kind, language))
    shown: tuple[str, str] | None = None
    if form.validate_on_submit():
        told = (kind, form.subject.data or "", form.body.data or "")
        try:
            if request.form.get("act") == "preview":
                acts.check(*told)
                shown = acts.sample(session, row, kind, language, *told[1:])
            else:
                acts.save(session, row, kind, language, *told[1:], form.seen, g.actor, g.now)
                notice.say(_("Saved: letters written from now on use these words."))
                return redirect(url_for("letter.edit", school=school, kind=kind, language=language), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            own = letter.worded(session, row, kind, language)
            form.version.data = str(own.version if own else 0)
            data = _data(row, kind, language)
            shown = acts.sample(session, row, kind, language, data["subject"], data["body"])
            form.form_errors.append(
                _("Somebody changed this meanwhile: look at how it stands, then send this again.")
            )
    if shown is None and not form.errors and not form.form_errors:
        data = _data(row, kind, language)
        shown = acts.sample(session, row, kind, language, data["subject"], data["body"])
    body = render_template(
        "letter/edit.html",
        form=form,
        school=row,
        name=schools_of([row.id])[0][1],
        kind=kind,
        title=KINDS[kind],
        language=language,
        word=LANGUAGES[language],
        own=own,
        variables=acts.variables(kind),
        needed=letter.NEEDED.get(kind, ()),
        shown=shown,
    )
    response = make_response(body, 422 if form.errors or form.form_errors else 200)
    response.no_commit = request.method == "POST"  # type: ignore[attr-defined]  # a preview saves nothing
    return response


def _data(school: School, kind: str, language: str) -> dict[str, Any]:
    own = letter.worded(db.session(), school, kind, language)
    if own is not None:
        return {"subject": own.subject, "body": own.body, "version": own.version}
    if kind == letter.SIGNATURE:
        return {"subject": "", "body": "{{school}}", "version": 0}
    subject, body = letter.shipped(kind, language)
    return {"subject": subject, "body": body, "version": 0}


@bp.post("/<string:school>/<string:kind>/<string:language>/test")
@may(Action.WORD_LETTERS)
def test(school: str, kind: str, language: str) -> Any:
    """Send the letter to oneself, with invented people."""
    row = _school(school, kind, language)
    sent = acts.send_test(db.session(), row, kind, language, current_user.person, g.actor, g.now)
    notice.say(_("A test is on its way to %(address)s.", address=sent.to))
    return redirect(url_for("letter.edit", school=school, kind=kind, language=language), 303)


@bp.post("/<string:school>/<string:kind>/<string:language>/remove")
@may(Action.WORD_LETTERS)
def restore(school: str, kind: str, language: str) -> Any:
    """Go back to the shipped words."""
    row = _school(school, kind, language)
    acts.drop(db.session(), row, kind, language, g.actor, g.now)
    notice.say(_("The letter has its shipped words again."))
    return redirect(url_for("letter.edit", school=school, kind=kind, language=language), 303)


def _administered() -> frozenset[int]:
    reader: Reader = g.reader
    return reader.scopes(Role.ADMINISTRATOR, "school")


def _school(public_id: str, kind: str, language: str) -> School:
    found = next(
        (row for row, _name in schools_of(sorted(_administered())) if row.public_id == public_id), None
    )
    return found if found is not None and kind in KINDS and language in LANGUAGES else abort(404)
