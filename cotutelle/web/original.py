"""The originals of a convention on paper: a list, and one form for each."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import SelectMultipleField
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.documents.words import languages_with_words
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Convention, Institution, Original, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import original as acts
from cotutelle.policy import Action
from cotutelle.web import notice, page
from cotutelle.web.fields import Choice, Day, LongText, Text, VersionedForm, options
from cotutelle.web.filters import language as language_name
from cotutelle.web.guards import may
from cotutelle.web.thesis import part_of

bp = Blueprint("original", __name__, url_prefix="/theses/<string:reference>/convention/originals")


class OriginalForm(VersionedForm):
    """Which languages an original is in, who holds it, when it was sent and received."""

    languages = SelectMultipleField(_l("Languages"), [DataRequired(_l("Choose at least one language."))])
    institution = Choice(_l("Held by"))
    holder = Text(_l("Name of the holder"), most=160)
    sent_on = Day(_l("Sent on"))
    received_on = Day(_l("Received on"))
    note = LongText(_l("Note"), most=500)


@bp.route("/add", methods=["GET", "POST"])
@may(Action.ASK_SIGNATURES, on=Thesis)
def add(thesis: Thesis) -> Any:
    """Enter an original."""
    return _form(thesis, None)


@bp.route("/<string:original>", methods=["GET", "POST"])
@may(Action.ASK_SIGNATURES, on=Thesis)
def edit(thesis: Thesis, original: str) -> Any:
    """Change where an original is."""
    row: Original = part_of(thesis, Original, original)
    return _form(thesis, row)


def _signed_text(session: Session, thesis: Thesis) -> Convention:
    """The text of which there are originals: the one being signed, and not an amendment that is still a draft."""
    row = conventions.current(session, thesis)
    drafted = ConventionState(row.state) in EDITABLE and not row.holding
    return conventions.holding(session, thesis) if drafted else row


def _form(thesis: Thesis, row: Original | None) -> Any:
    session = db.session()
    convention = _signed_text(session, thesis)
    form = OriginalForm(data=_given(row) if row else {"languages": list(convention.languages)})
    spoken = dict.fromkeys([*convention.languages, *languages_with_words()])
    form.languages.choices = options([(tag, language_name(tag)) for tag in spoken])
    parties = page.parties_of(session, thesis)
    form.institution.choices = options(
        [("", _("Somebody else")), *((party["code"], party["short_name"]) for party in parties)]
    )
    if form.validate_on_submit():
        try:
            acts.save(
                session, thesis, convention, row, _facts(form), form.seen, g.actor, g.now, today=g.today
            )
            notice.say(_("Saved."))
            return redirect(url_for("convention.show", reference=thesis.reference, _anchor="originals"), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            form.overtaken(part_of(thesis, Original, row.public_id) if row else None)
    body = render_template("convention/original.html", form=form, thesis=thesis, row=row)
    return body, 422 if form.errors else 200


def _given(row: Original) -> dict[str, Any]:
    return {
        "languages": row.languages,
        "institution": row.institution.code if row.institution else "",
        "holder": row.holder,
        "sent_on": row.sent_on,
        "received_on": row.received_on,
        "note": row.note,
        "version": row.version,
    }


def _facts(form: OriginalForm) -> acts.OriginalFacts:
    code = form.institution.data
    here = db.session.scalar(select(Institution.id).where(Institution.code == code)) if code else None
    return acts.OriginalFacts(
        languages=form.languages.data or (),
        institution_id=here,
        holder=form.holder.data or "",
        sent_on=form.sent_on.data,
        received_on=form.received_on.data,
        note=form.note.data or "",
    )
