"""People: whom the reader's theses name, the shared part of each, and a candidate's private part."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.validators import DataRequired, Email, Optional, ValidationError

from cotutelle.db import db
from cotutelle.domain import identifiers
from cotutelle.domain.errors import Refused, Stale
from cotutelle.domain.names import folded
from cotutelle.models import Institution, Person, PersonPrivate, Supervision, Thesis, texts_of
from cotutelle.operations import person as acts
from cotutelle.operations.health import recompute
from cotutelle.operations.version import bump
from cotutelle.policy import Action
from cotutelle.web import notice, page, people_fields, wording
from cotutelle.web.fields import (
    NEEDED,
    SOMETIMES,
    Choice,
    Day,
    Form,
    LongText,
    Text,
    VersionedForm,
    country_choices,
    drawable,
    identifier,
    options,
    whole,
)
from cotutelle.web.guards import may
from cotutelle.web.two_versions import Rows, side_by_side, status_of

bp = Blueprint("person", __name__)
PAGE = 50


class SharedForm(VersionedForm):
    """The shared part of a person."""

    family_name = Text(
        _l("Family name"),
        [DataRequired(_l("Give the family name, or the one name they have.")), drawable],
        most=120,
    )
    given_names = Text(_l("Given names"), [Optional(), drawable], most=120)
    written_name = Text(_l("Name as they write it, in another script"), most=200)
    email = Text(_l("E-mail address"), [Optional(), Email(_l("This is not an e-mail address."))])
    orcid = Text("ORCID", [Optional(), identifier("orcid", identifiers.orcid)])


class AffiliationForm(Form):
    """Where somebody belongs, with rank and accreditation."""

    institution = Choice(_l("Institution"), [Optional(), SOMETIMES])
    elsewhere = Text(_l("Or elsewhere"), [Optional(), SOMETIMES], most=200)
    rank = Text(_l("Rank, as the institution names it"), most=120)
    accreditation = Choice(_l("HDR or equivalent"))
    from_on = Day(_l("From"))
    until_on = Day(_l("Until"))


def _in_the_past(form: Any, field: Any) -> None:
    if field.data and field.data >= g.today:
        raise ValidationError(_("This day has not come yet: check the date."))


class PrivateForm(VersionedForm):
    """What the convention prints of a candidate, and only the lead school sees otherwise."""

    gender = RadioField(_l("How the convention addresses them"), default="")
    birth_name = Text(_l("Birth name, if different"), most=120)
    birth_date = Day(_l("Date of birth"), [Optional(), NEEDED, _in_the_past])
    birth_place = Text(_l("Place of birth"), [Optional(), NEEDED], most=120)
    birth_country = Choice(_l("Country of birth"), [Optional(), NEEDED])
    nationality = Choice(_l("Nationality"), [Optional(), NEEDED])
    address = LongText(_l("Postal address"), most=500)


@bp.get("/people")
@may(Action.VIEW_DIRECTORY)
def index() -> Any:
    """The people whom the reader's theses name."""
    session = db.session()
    words, after = folded(request.args.get("q", ""))[:100], request.args.get("after", "")[:300]
    statement = page.visible_people(select(Person)).order_by(Person.sort_key, Person.id).limit(PAGE + 1)
    for word in words.split():
        statement = statement.where(Person.search_key.contains(word, autoescape=True))
    key, _separator, last = after.rpartition("|")
    if (id_ := whole(last)) is not None:
        beyond = and_(Person.sort_key == key, Person.id > id_)
        statement = statement.where(or_(Person.sort_key > key, beyond))
    rows = list(session.scalars(statement))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    next_url = (
        url_for("person.index", q=request.args.get("q"), after=f"{rows[-1].sort_key}|{rows[-1].id}")
        if more
        else None
    )
    return render_template(
        "person/index.html", rows=rows, next_url=next_url, q=request.args.get("q", "")[:100], after=after
    )


def visible_person(public_id: str) -> Person:
    """Somebody whom the reader's theses name; 404 for anybody else."""
    person = db.session.scalar(page.visible_people(select(Person)).where(Person.public_id == public_id))
    if person is None:
        abort(404)
    assert isinstance(person, Person)
    return person


@bp.get("/people/<string:person>")
@may(Action.VIEW_DIRECTORY)
def show(person: str) -> Any:
    """One person: names, affiliations, and the theses in common."""
    session, row = db.session(), visible_person(person)
    supervised = select(Supervision.thesis_id).where(Supervision.person_id == row.id)
    theses = session.scalars(
        select(Thesis)
        .where(or_(Thesis.candidate_id == row.id, Thesis.id.in_(supervised)))
        .order_by(Thesis.id)
    ).all()
    titles = texts_of(session, "thesis", [t.id for t in theses], "title")
    candidates = {t.id: session.get_one(Person, t.candidate_id) for t in theses}
    return render_template(
        "person/show.html", row=row, theses=theses, titles=titles, candidates=candidates, wording=wording
    )


@bp.route("/people/<string:person>/edit", methods=["GET", "POST"])
@may(Action.EDIT_PERSON)
def edit(person: str) -> Any:
    """Change the shared part."""
    row = visible_person(person)
    return change_shared(row, "person/edit.html", url_for("person.show", person=row.public_id))


def change_shared(row: Person, template: str, back: str) -> Any:
    """The form of somebody's shared part, whoever changes it."""
    session = db.session()
    form = SharedForm(data=None if request.method == "POST" else _shared(row))
    conflict: Rows | None = None
    if form.validate_on_submit():
        try:
            acts.edit_person(session, row, people_fields.facts(form), form.seen, g.actor, g.now)
            notice.say(_("Saved."))
            return redirect(back, 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            conflict = side_by_side(SharedForm(formdata=None, data=_shared(row)), form, lambda _form: None)
            form.version.data = str(row.version)
    return render_template(template, form=form, row=row, conflict=conflict), status_of(form, conflict)


def _shared(row: Person) -> dict[str, Any]:
    return {
        name: getattr(row, name)
        for name in ("version", "family_name", "given_names", "written_name", "email", "orcid")
    }


@bp.route("/people/<string:person>/affiliations/add", methods=["GET", "POST"])
@may(Action.EDIT_PERSON)
def affiliation(person: str) -> Any:
    """Say where somebody belongs."""
    session, row, form = db.session(), visible_person(person), AffiliationForm()
    listed = session.execute(
        select(Institution.code, Institution.short_name).order_by(Institution.sort_key)
    ).all()
    form.institution.choices = options([("", _("Elsewhere")), *((code, name) for code, name in listed)])
    form.accreditation.choices = options(wording.choices(wording.ACCREDITATIONS))
    if form.validate_on_submit():
        try:
            if not form.institution.data and not form.elsewhere.data:
                form.elsewhere.errors = [_("Choose an institution, or write where.")]
            else:
                found = session.scalar(select(Institution).where(Institution.code == form.institution.data))
                acts.add_affiliation(
                    session,
                    row,
                    g.actor,
                    g.now,
                    institution=found,
                    elsewhere="" if found else form.elsewhere.data or "",
                    rank=form.rank.data or "",
                    accreditation=form.accreditation.data or "",
                    from_on=form.from_on.data,
                    until_on=form.until_on.data,
                )
                notice.say(_("Added."))
                return redirect(url_for("person.show", person=row.public_id), 303)
        except Refused as error:
            form.refuse(error)
    return render_template("person/affiliation.html", form=form, row=row), 422 if form.errors else 200


@bp.route("/theses/<string:reference>/candidate", methods=["GET", "POST"])
@may(Action.EDIT_PRIVATE, on=Thesis)
def candidate(thesis: Thesis) -> Any:
    """The candidate's identity, as the convention prints it; every answer may wait, gender may stay unsaid."""
    session = db.session()
    person = session.get_one(Person, thesis.candidate_id)
    form = PrivateForm(data=None if request.method == "POST" else _private(session, person))
    _offer_private(form)
    conflict: Rows | None = None
    if form.validate_on_submit():
        try:
            bump(session, person, form.seen)
            acts.edit_private(session, person, _private_facts(form), g.actor, g.now)
            recompute(session, thesis, g.today, g.now)
            notice.say(_("Saved."))
            return redirect(url_for("thesis.steps", reference=thesis.reference), 303)
        except Stale:
            session.rollback()
            theirs = PrivateForm(formdata=None, data=_private(session, person))
            conflict = side_by_side(theirs, form, _offer_private)
            form.version.data = str(person.version)
    body = render_template(
        "person/candidate.html", form=form, thesis=thesis, person=person, conflict=conflict
    )
    return body, status_of(form, conflict), {"Cache-Control": "no-store"}


def _offer_private(form: Any) -> None:
    form.gender.choices = options(wording.choices(wording.GENDERS))
    for field in (form.birth_country, form.nationality):
        field.choices = country_choices(_("Not yet known"))


def _private_facts(form: PrivateForm) -> acts.PrivateFacts:
    return acts.PrivateFacts(
        gender=form.gender.data or "",
        birth_name=form.birth_name.data or "",
        birth_date=form.birth_date.data,
        birth_place=form.birth_place.data or "",
        birth_country=form.birth_country.data or "",
        nationality=form.nationality.data or "",
        address=form.address.data or "",
    )


def _private(session: Session, person: Person) -> dict[str, Any]:
    row = session.get(PersonPrivate, person.id)
    if row is None:
        return {"version": person.version}
    return {
        "version": person.version,
        **{name: getattr(row, name) for name in acts.PrivateFacts.__dataclass_fields__},
    }
