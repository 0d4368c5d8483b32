"""Entering and changing a partnership."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, FieldList, FormField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.validators import URL, DataRequired, Email, Optional, Regexp

from cotutelle.db import db
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import Institution, Partnership, texts_of
from cotutelle.operations import partnership as acts
from cotutelle.operations.partnership_facts import takes_part
from cotutelle.policy import Action, Role
from cotutelle.web import notice, page
from cotutelle.web.fields import (
    SOMETIMES,
    Choice,
    Day,
    Number,
    Text,
    Title,
    VersionedForm,
    country_choices,
    forms_in,
    language_choices,
    options,
)
from cotutelle.web.guards import may
from cotutelle.web.wording_partnership import KINDS, LEVELS, ROLES

bp = Blueprint("partnership_form", __name__, url_prefix="/partnerships")
ADDRESS = _l("An address such as https://www.eua.eu.")
MOST_TEXTS, MOST_MEMBERS, MOST_OTHERS, SPARE = 12, 80, 20, 3
"""How many rows a form takes, and how many of them are empty for more."""


class NameRow(PlainForm):
    """The name of a partnership, and what it is for, in one language."""

    language = Choice(_l("Language"), [Optional(), SOMETIMES])
    name = Text(_l("Name"), [Optional(), SOMETIMES], most=250)
    purpose = Title(_l("What it is for"), most=1000)


class MemberRow(PlainForm):
    """An institution that takes part."""

    institution = Choice(_l("Institution"))
    role = Choice(_l("As"))
    from_on = Day(_l("From"))
    until_on = Day(_l("Until"))


class ContactRow(PlainForm):
    """Whom to write to."""

    name = Text(_l("Name"), [Optional(), SOMETIMES], most=160)
    function = Text(_l("Function"), most=160)
    email = Text(
        _l("E-mail"), [Optional(), Email(message=_l("An address such as name@university.eu."))], most=200
    )
    in_charge = BooleanField(_l("in charge here"))


class CallRow(PlainForm):
    """A call for applications."""

    title = Text(_l("Title"), [Optional(), SOMETIMES], most=200)
    opens_on = Day(_l("Opens"))
    closes_on = Day(_l("Closes"), [Optional(), SOMETIMES])
    website = Text(_l("Website"), [Optional(), URL(message=ADDRESS)], most=300)


class PartnershipForm(VersionedForm):
    """A partnership with its members, contacts and calls."""

    code = Text(
        _l("Code"),
        [
            DataRequired(_l("Give a short code, such as inclusu.")),
            Regexp(
                r"^(?!new$)[a-z0-9][a-z0-9-]{1,39}$", message=_l("Small letters, digits and hyphens only.")
            ),
        ],
    )
    kind = Choice(_l("Kind"), [DataRequired(_l("Choose the kind."))])
    short_name = Text(_l("Short name"), [DataRequired(_l("Give the name that lists show."))], most=60)
    texts = FieldList(FormField(NameRow), min_entries=3, max_entries=MOST_TEXTS)
    levels = SelectMultipleField(_l("Levels"))
    website = Text(_l("Website"), [Optional(), URL(message=ADDRESS)], most=300)
    begins_on = Day(_l("Since"))
    ends_on = Day(_l("Until"))
    renewal_months = Number(_l("Renewed tacitly for (months)"), 1, 240)
    denounced_on = Day(_l("Denounced with effect from"))
    countries = SelectMultipleField(_l("Countries it serves"))
    members = FieldList(FormField(MemberRow), min_entries=SPARE, max_entries=MOST_MEMBERS)
    contacts = FieldList(FormField(ContactRow), min_entries=2, max_entries=MOST_OTHERS)
    calls = FieldList(FormField(CallRow), min_entries=2, max_entries=MOST_OTHERS)


@bp.route("/new", methods=["GET", "POST"])
@may(Action.EDIT_DIRECTORY)
def add() -> Any:
    """Enter a partnership."""
    form = _form(None)
    if form.validate_on_submit():
        try:
            row = acts.add_partnership(db.session(), _facts(form), g.actor, g.now)
            notice.say(_("The partnership is entered."))
            return redirect(url_for("partnership.show", partnership=row.code), 303)
        except Refused as error:
            form.refuse(error)
    return render_template("partnership/edit.html", form=form, row=None), 422 if _failed(form) else 200


@bp.route("/<string:partnership>/edit", methods=["GET", "POST"])
@may(Action.EDIT_DIRECTORY)
def edit(partnership: str) -> Any:
    """Change a partnership."""
    row = row_of(partnership)
    check_own(row)
    form = _form(row)
    if form.validate_on_submit():
        try:
            acts.edit_partnership(db.session(), row, _facts(form, row), form.seen, g.actor, g.now)
            notice.say(_("Saved."))
            return redirect(url_for("partnership.show", partnership=row.code), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            form.overtaken(row)
    return render_template("partnership/edit.html", form=form, row=row), 422 if _failed(form) else 200


def row_of(code: str) -> Partnership:
    """The partnership at an address."""
    return db.session.scalar(select(Partnership).where(Partnership.code == code)) or abort(404)


def own(row: Partnership) -> bool:
    """Whether the reader may change it: an institution of theirs takes part, or they hold the directory."""
    members = {member.institution_id for member in row.members if takes_part(member, g.today)}
    return g.reader.holds(Role.DIRECTORY) or bool(members & page.served_institutions())


def check_own(row: Partnership) -> None:
    """Forbidden to whoever works for no member."""
    if not own(row):
        abort(403)


def _failed(form: PartnershipForm) -> bool:
    return bool(form.errors or form.form_errors)


def _form(row: Partnership | None) -> PartnershipForm:
    form = PartnershipForm(data=None if request.method == "POST" else _data(row))
    institutions = db.session.scalars(select(Institution).order_by(Institution.sort_key)).all()
    offered = options([("", _("Choose")), *((each.code, each.short_name) for each in institutions)])
    form.kind.choices = options([("", _("Choose")), *KINDS.items()])
    form.levels.choices = options(LEVELS.items())
    form.countries.choices = country_choices("")[1:]
    for name in forms_in(form.texts):
        name.language.choices = language_choices("fr", "en", blank=_("Choose"))
    for member in forms_in(form.members):
        member.institution.choices, member.role.choices = offered, options(ROLES.items())
    return form


def _data(row: Partnership | None) -> dict[str, Any]:
    if row is None:
        return {"texts": [{"language": tag} for tag in ("fr", "en", "")], "members": [{"role": "member"}] * 4}
    texts = texts_of(db.session(), "partnership", [row.id])[row.id]
    data: dict[str, Any] = {
        name: getattr(row, name) for name in (*acts.FIGURES, "version", "levels", "countries")
    }
    tags = list(dict.fromkeys([*texts["name"], *texts["purpose"]]))
    data["texts"] = _and_spare(
        [
            {"language": tag, "name": texts["name"].get(tag, ""), "purpose": texts["purpose"].get(tag, "")}
            for tag in tags
        ],
        MOST_TEXTS,
    )
    data["members"] = _and_spare(
        [
            {"institution": m.institution.code, "role": m.role, "from_on": m.from_on, "until_on": m.until_on}
            for m in row.members
        ],
        MOST_MEMBERS,
        role="member",
    )
    data["contacts"] = _and_spare(
        [
            {"name": c.name, "function": c.function, "email": c.email, "in_charge": c.in_charge}
            for c in row.contacts
        ],
        MOST_OTHERS,
    )
    data["calls"] = _and_spare(
        [
            {"title": c.title, "website": c.website, "opens_on": c.opens_on, "closes_on": c.closes_on}
            for c in row.calls
        ],
        MOST_OTHERS,
    )
    return data


def _and_spare(rows: list[dict[str, Any]], most: int, **usual: str) -> list[dict[str, Any]]:
    """Rows with some empty ones after them, as long as the form takes them."""
    return (rows + [dict(usual)] * SPARE)[:most]


def _facts(form: PartnershipForm, row: Partnership | None = None) -> acts.PartnershipEntry:
    """What was typed, as an entry; rows in which nothing was said are left out."""
    known = dict(db.session.execute(select(Institution.code, Institution.id)).all())
    names = [each for each in forms_in(form.texts) if each.name.data or each.purpose.data]
    if any(not each.language.data for each in names):
        raise Refused(Reason.LANGUAGE_MISSING)
    if len({each.language.data for each in names}) < len(names):
        raise Refused(Reason.LANGUAGE_TWICE)
    if any(not each.name.data for each in names):
        raise Refused(Reason.TEXT_INCOMPLETE)
    members = [
        acts.Member(known[each.institution.data], each.role.data, each.from_on.data, each.until_on.data)
        for each in forms_in(form.members)
        if each.institution.data
    ]
    if not (
        g.reader.holds(Role.DIRECTORY)
        or page.served_institutions() & {member.institution_id for member in members}
    ):
        raise Refused(Reason.NOT_YOUR_INSTITUTION)
    calls = [each for each in forms_in(form.calls) if each.title.data or each.closes_on.data]
    if any(not (each.title.data and each.closes_on.data) for each in calls):
        raise Refused(Reason.CALL_INCOMPLETE)
    contacts = [
        each for each in forms_in(form.contacts) if each.name.data or each.email.data or each.function.data
    ]
    return acts.PartnershipEntry(
        names={each.language.data: each.name.data for each in names if each.name.data},
        purposes={each.language.data: each.purpose.data for each in names if each.purpose.data},
        members=members,
        levels=form.levels.data or (),
        countries=form.countries.data or (),
        contacts=[
            acts.Contact(
                each.name.data or each.email.data or each.function.data,
                each.function.data or "",
                each.email.data or "",
                each.in_charge.data,
            )
            for each in contacts
        ],
        calls=[
            acts.Call(each.title.data, each.closes_on.data, each.opens_on.data, each.website.data or "")
            for each in calls
        ],
        **{name: getattr(form, name).data for name in acts.FIGURES if name not in ("website", "code")},
        website=form.website.data or "",
        code=row.code if row else form.code.data or "",
    )
