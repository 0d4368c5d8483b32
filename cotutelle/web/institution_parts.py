"""What belongs to an institution: its schools, units, contacts and local offices, added and changed in one form each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import Email, Optional

from cotutelle.db import db
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Contact, Institution, Office, School, Unit, UnitInstitution, texts_of
from cotutelle.operations import institution as acts
from cotutelle.policy import Action
from cotutelle.web import notice, wording
from cotutelle.web.fields import Choice, Text, VersionedForm, country_choices, options
from cotutelle.web.guards import may
from cotutelle.web.institution import editable, find
from cotutelle.web.two_versions import Rows, side_by_side, status_of

bp = Blueprint("institution_part", __name__, url_prefix="/institutions/<string:code>")


class PartForm(VersionedForm):
    """A school, unit, contact or office: which fields are shown depends on which it is."""

    code = Text(_l("Code"), most=40)
    kind = Choice(_l("Kind"))
    number = Text(_l("Number or label"), most=80)
    name_fr = Text(_l("Name in French"), most=250)
    name_en = Text(_l("Name in English"), most=250)
    head_name = Text(_l("Person in charge, by name"), most=160)
    shared_with = SelectMultipleField(_l("Shared with other institutions"))
    name = Text(_l("Name"), most=160)
    role_fr = Text(_l("Role in French"), most=160)
    role_en = Text(_l("Role in English"), most=160)
    email = Text(_l("E-mail address"), [Optional(), Email(_l("This is not an e-mail address."))])
    phone = Text(_l("Telephone"), most=40)
    for_conventions = BooleanField(_l("Print this contact in conventions"), default=True)
    city = Text(_l("City"), most=120)
    country = Choice(_l("Country"))
    purpose_fr = Text(_l("What it does, in French"), most=300)
    purpose_en = Text(_l("What it does, in English"), most=300)

    def only(self, names: Sequence[str]) -> "PartForm":
        """The same form with the fields of one kind of part alone."""
        for field in list(self):
            if field.name not in {*names, "version", "act_key", "csrf_token"}:
                delattr(self, field.name)
        return self


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of part: its table, its words, the fields of its form, its texts.

    `needed` without which it is not saved, `printed` without which no convention that names it is complete.
    """

    table: type[Any]
    adding: LazyString
    changing: LazyString
    fields: tuple[str, ...]
    needed: tuple[str, ...]
    texts: Mapping[str, str]
    printed: tuple[str, ...] = ()


PARTS: dict[str, Part] = {
    "school": Part(
        School,
        _l("Add a doctoral school or a faculty"),
        _l("Change a doctoral school or a faculty"),
        ("kind", "code", "number", "name_fr", "name_en", "head_name"),
        ("code", "name_en"),
        {"name": "name"},
        ("name_fr",),
    ),
    "unit": Part(
        Unit,
        _l("Add a research unit"),
        _l("Change a research unit"),
        ("code", "number", "name_fr", "name_en", "head_name", "shared_with"),
        ("code", "name_en"),
        {"name": "name"},
    ),
    "contact": Part(
        Contact,
        _l("Add a contact"),
        _l("Change a contact"),
        ("name", "role_fr", "role_en", "email", "phone", "for_conventions"),
        ("name", "role_en"),
        {"role": "role"},
        ("role_fr", "email"),
    ),
    "office": Part(
        Office,
        _l("Add a local office"),
        _l("Change a local office"),
        ("city", "country", "name_fr", "name_en", "purpose_fr", "purpose_en", "email"),
        ("city", "country", "name_en"),
        {"name": "region", "purpose": "purpose"},
    ),
}


@bp.route("/add/<string:part>", methods=["GET", "POST"])
@may(Action.VIEW_DIRECTORY)
def add(code: str, part: str) -> Any:
    """Add a school, a unit, a contact or an office."""
    return _form(find(code), _kind(part), None)


@bp.route("/<string:part>/<string:public_id>/edit", methods=["GET", "POST"])
@may(Action.VIEW_DIRECTORY)
def edit(code: str, part: str, public_id: str) -> Any:
    """Change one of them."""
    institution, kind = find(code), _kind(part)
    return _form(institution, kind, _row(institution, kind, public_id))


@bp.post("/contact/<string:contact>/remove")
@may(Action.VIEW_DIRECTORY)
def remove_contact(code: str, contact: str) -> Any:
    """Take a contact out."""
    institution = find(code)
    if not editable(institution):
        abort(403)
    acts.remove_contact(
        db.session(), institution, _row(institution, PARTS["contact"], contact), g.actor, g.now
    )
    notice.say(_("Removed."))
    return redirect(url_for("institution.show", code=code), 303)


def _kind(part: str) -> Part:
    return PARTS[part] if part in PARTS else abort(404)


def _row(institution: Institution, kind: Part, public_id: str) -> Any:
    statement = select(kind.table).where(kind.table.public_id == public_id)
    if kind.table is Unit:
        own = select(UnitInstitution.unit_id).where(UnitInstitution.institution_id == institution.id)
        statement = statement.where(Unit.id.in_(own))
    else:
        statement = statement.where(kind.table.institution_id == institution.id)
    row = db.session.scalar(statement)
    return row if row is not None else abort(404)


def _form(institution: Institution, kind: Part, row: Any) -> Any:
    if not editable(institution):
        abort(403)
    session = db.session()
    saved = None if request.method == "POST" else _data(session, institution, kind, row)
    form = PartForm(data=saved).only(kind.fields)
    _offer(session, institution, form)
    rows: Rows | None = None
    if form.validate_on_submit():
        for name in kind.needed:
            if not form[name].data:
                form[name].errors = [_("This is needed.")]
        if not form.errors:
            try:
                _save(session, institution, kind, row, form)
                notice.say(_("Saved."))
                return redirect(url_for("institution.show", code=institution.code), 303)
            except Refused as error:
                form.refuse(error)
            except Stale:
                session.rollback()
                now = PartForm(formdata=None, data=_data(session, institution, kind, row)).only(kind.fields)
                rows = side_by_side(now, form, lambda f: _offer(session, institution, f))
                form.version.data = str(institution.version)
    for name in kind.fields:
        form[name].flags.required = name in kind.needed
        form[name].flags.needed = name in kind.printed
    title = kind.adding if row is None else kind.changing
    body = render_template(
        "institution/part.html", form=form, row=institution, title=title, names=kind.fields, conflict=rows
    )
    return body, status_of(form, rows)


def _offer(session: Session, institution: Institution, form: PartForm) -> None:
    if "kind" in form:
        form.kind.choices = options(wording.choices(wording.SCHOOL_KINDS))
    if "country" in form:
        form.country.choices = country_choices(_("Choose"))
    if "shared_with" in form:
        others = session.scalars(
            select(Institution).where(Institution.id != institution.id).order_by(Institution.sort_key)
        )
        form.shared_with.choices = options([(i.code, i.short_name) for i in others])


def _data(session: Session, institution: Institution, kind: Part, row: Any) -> dict[str, Any]:
    if row is None:
        return {"version": institution.version}
    data: dict[str, Any] = {name: getattr(row, name) for name in kind.fields if hasattr(row, name)}
    texts = texts_of(session, kind.table.__tablename__, [row.id])[row.id]
    for stem, field in kind.texts.items():
        data.update({f"{stem}_{tag}": texts.get(field, {}).get(tag, "") for tag in ("fr", "en")})
    if kind.table is Unit:
        data["number"] = row.label
        owners = _owners(session, row)
        data["shared_with"] = [owner.code for owner in owners if owner.id != institution.id]
    return {"version": institution.version, **data}


def _owners(session: Session, unit: Unit | None) -> Sequence[Institution]:
    """The institutions that share a unit; none of one that is not entered yet."""
    sharing = select(UnitInstitution.institution_id).where(
        UnitInstitution.unit_id == (unit.id if unit else 0)
    )
    return session.scalars(select(Institution).where(Institution.id.in_(sharing))).all()


def _save(session: Session, institution: Institution, kind: Part, row: Any, form: PartForm) -> None:
    values = {name: form[name].data or "" for name in kind.fields if not name.endswith(("_fr", "_en"))}
    texts = {
        field: {tag: form[f"{stem}_{tag}"].data for tag in ("fr", "en") if form[f"{stem}_{tag}"].data}
        for stem, field in kind.texts.items()
    }
    if kind.table is Unit:
        codes = [institution.code, *(form.shared_with.data or [])]
        # who answers for one owner does not take the unit from another
        kept = [owner.code for owner in _owners(session, row) if not editable(owner)]
        found = session.scalars(select(Institution).where(Institution.code.in_([*codes, *kept])))
        owners = sorted(found, key=lambda owner: owner.id != institution.id)
        label = values.pop("number")
        values.pop("shared_with")
        acts.save_unit(
            session, row, owners, texts["name"], g.actor, g.now, version=form.seen, label=label, **values
        )
    else:
        if kind.table is Contact:
            values["for_conventions"] = bool(form.for_conventions.data)
        acts.save_part(
            session, kind.table, row, institution, values, texts, g.actor, g.now, version=form.seen
        )
