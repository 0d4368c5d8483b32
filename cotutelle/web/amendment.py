"""Amending a convention: what for, why and from when; its text is then negotiated and signed as any other."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import DataRequired, Optional

from cotutelle.db import db
from cotutelle.documents.words import words
from cotutelle.domain.convention.amendment import REASONS
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Thesis, texts_of
from cotutelle.operations import amendment as acts
from cotutelle.operations import convention as conventions
from cotutelle.policy import Action
from cotutelle.web import notice
from cotutelle.web.fields import Day, LongText, VersionedForm, options
from cotutelle.web.filters import language as language_name
from cotutelle.web.filters import locale
from cotutelle.web.guards import may

bp = Blueprint("amendment", __name__, url_prefix="/theses/<string:reference>/convention")


class AmendmentForm(VersionedForm):
    """What an amendment is made for and from when it counts; the reason in each language of the act beside it."""

    triggers = SelectMultipleField(
        _l("What it is made for"),
        [DataRequired(_l("Choose what the amendment is made for."))],
        validate_choice=False,
    )
    expires_on = Day(_l("New end of the convention"))
    effective_on = Day(_l("Takes effect on"))


def _form(languages: Sequence[str], data: Mapping[str, Any] | None) -> Any:
    """The form with a field for the reason in each language of the act."""
    reasons = {
        f"reason_{tag}": LongText(
            _l("Why, in %(language)s", language=language_name(tag)), [Optional()], most=1000
        )
        for tag in languages
    }
    form = type("AmendmentForm", (AmendmentForm,), reasons)(data=data)
    form.triggers.choices = options([(key, trigger(key)) for key in REASONS])
    return form


def trigger(key: str) -> str:
    """What an amendment may be made for, in the reader's language, as a heading begins."""
    said = str(words(locale())["trigger"][key])
    return said[:1].upper() + said[1:]


def _reason(form: Any, languages: Sequence[str]) -> dict[str, str]:
    return {tag: form[f"reason_{tag}"].data or "" for tag in languages}


@bp.route("/amend", methods=["GET", "POST"])
@may(Action.MAKE_CONVENTION, on=Thesis)
def begin(thesis: Thesis) -> Any:
    """Begin an amendment of the convention in force."""
    session = db.session()
    held = conventions.holding(session, thesis)
    languages = acts.languages_of(held)
    form = _form(languages, None if request.method == "POST" else {"expires_on": held.expires_on})
    if form.validate_on_submit():
        until = form.expires_on.data
        try:
            acts.begin(
                session, thesis, form.triggers.data, _reason(form, languages), form.effective_on.data, g.actor, g.now,
                today=g.today, expires_on=until if until != held.expires_on else None,
            )  # fmt: skip
            notice.say(
                _("The amendment is begun: settle what it changes, then submit it to the institutions.")
            )
            return redirect(url_for("convention.show", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
    body = render_template(
        "convention/amend.html",
        form=form,
        thesis=thesis,
        convention=held,
        row=None,
        reasons=[(tag, f"reason_{tag}") for tag in languages],
        open=not held.current,
        amendable=ConventionState(held.state) in acts.AMENDABLE and held.current,
    )
    return body, 422 if form.errors else 200


@bp.route("/amendment", methods=["GET", "POST"])
@may(Action.MAKE_CONVENTION, on=Thesis)
def edit(thesis: Thesis) -> Any:
    """Change what the amendment that is being made is for, why, and from when it counts."""
    session = db.session()
    row = conventions.current(session, thesis)
    if row.amends_id is None or ConventionState(row.state) not in EDITABLE:
        return redirect(url_for("convention.show", reference=thesis.reference))
    known = texts_of(session, "amendment", [row.id], "reason")[row.id]["reason"]
    data = {
        "version": row.version,
        "triggers": row.triggers,
        "effective_on": row.effective_on,
        **{f"reason_{tag}": known.get(tag, "") for tag in row.languages},
    }
    form = _form(row.languages, None if request.method == "POST" else data)
    del form.expires_on  # a term like any other by now
    if form.validate_on_submit():
        said = (form.triggers.data, _reason(form, row.languages), form.effective_on.data, form.seen)
        try:
            acts.edit(session, thesis, row, *said, g.actor, g.now, today=g.today)
            notice.say(_("Saved."))
            return redirect(url_for("convention.show", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            form.overtaken(row)
    body = render_template(
        "convention/amend.html",
        form=form,
        thesis=thesis,
        convention=row,
        row=row,
        reasons=[(tag, f"reason_{tag}") for tag in row.languages],
        open=False,
        amendable=True,
    )
    return body, 422 if form.errors else 200
