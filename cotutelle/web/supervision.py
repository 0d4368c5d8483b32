"""Naming who supervises, and saying when somebody no longer does."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.validators import DataRequired, Optional

from cotutelle.db import db
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Institution, Supervision, Thesis
from cotutelle.operations import person as people
from cotutelle.operations import succession
from cotutelle.operations import supervision as acts
from cotutelle.policy import Action
from cotutelle.web import notice, page, people_fields, wording
from cotutelle.web.fields import NEEDED, Choice, Day, Text, VersionedForm, options
from cotutelle.web.guards import may
from cotutelle.web.thesis import part_of
from cotutelle.web.two_versions import Rows, side_by_side, status_of

bp = Blueprint("supervision", __name__, url_prefix="/theses/<string:reference>/supervisors")


WORLDS = options([
    ("", _l("Not known")),
    ("yes", _l("In the academic world")),
    ("no", _l("Outside the academic world")),
])  # fmt: skip


class SupervisorForm(people_fields.PersonForm):
    """Somebody, at one of the institutions, in a capacity."""

    institution = Choice(_l("Supervises for"), [DataRequired(_l("Choose the institution."))])
    role = Choice(_l("Role"), [DataRequired(_l("Choose the role."))])
    position = Text(_l("Rank or position, as the convention prints it"), [Optional(), NEEDED], most=120)
    accreditation = Choice(_l("HDR or equivalent"))
    academic = Choice(_l("Works"), choices=WORLDS)
    from_on = Day(_l("Since"))


class EditForm(VersionedForm):
    """What the convention prints of a supervisor, and the last day once there is one."""

    position = Text(_l("Rank or position, as the convention prints it"), [Optional(), NEEDED], most=120)
    academic = Choice(_l("Works"), choices=WORLDS)
    on = Day(_l("Last day, if the supervision has ended"))


@bp.route("/add", methods=["GET", "POST"])
@may(Action.EDIT_THESIS, on=Thesis)
def add(thesis: Thesis) -> Any:
    """Name a supervisor."""
    session, form = db.session(), SupervisorForm()
    form.institution.choices = options([("", _("Choose")), *page.institution_choices(session, thesis)])
    form.role.choices = options(wording.choices(wording.ROLES))
    form.accreditation.choices = options(wording.choices(wording.ACCREDITATIONS))
    refusal: Refused | None = None
    if form.validate_on_submit():
        try:
            return _add(thesis, form)
        except Refused as error:
            refusal = error
            if error.field == "person":
                error.field = "family_name"
            form.refuse(error)
    doubles = people_fields.asked_about(session, form, refusal)
    people_fields.ask(form, doubles)
    rows = page.of(session, thesis)["supervisors"]
    body = render_template("supervision/add.html", form=form, thesis=thesis, doubles=doubles, rows=rows)
    return body, 422 if form.errors else 200


def _add(thesis: Thesis, form: SupervisorForm) -> Any:
    session = db.session()
    institution = session.scalars(select(Institution).where(Institution.code == form.institution.data)).one()
    person = people_fields.chosen_or_added(session, form)
    if form.position.data or form.accreditation.data:
        people.add_affiliation(
            session,
            person,
            g.actor,
            g.now,
            institution=institution,
            rank=form.position.data or "",
            accreditation=form.accreditation.data or "",
            from_on=form.from_on.data,
        )
    acts.add_supervisor(
        session,
        thesis,
        person,
        institution.id,
        form.role.data,
        g.actor,
        g.now,
        today=g.today,
        position=form.position.data or "",
        academic=_world(form),
        from_on=form.from_on.data,
    )
    notice.say(
        _(
            "%(name)s supervises this thesis for %(institution)s.",
            name=person.name,
            institution=institution.short_name,
        )
    )
    return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="people"), 303)


@bp.route("/<string:supervision>", methods=["GET", "POST"])
@may(Action.EDIT_THESIS, on=Thesis)
def edit(thesis: Thesis, supervision: str) -> Any:
    """Change the rank that the convention prints and where they work, or say when somebody stopped supervising."""
    session = db.session()
    row: Supervision = part_of(thesis, Supervision, supervision)
    if _over(row):
        abort(404)
    form = EditForm(data=None if request.method == "POST" else _data(thesis, row))
    rows: Rows | None = None
    if form.validate_on_submit():
        try:
            new, version = (form.position.data or "", _world(form)), form.seen
            acts.edit_supervisor(session, thesis, row, *new, version, g.actor, g.now, today=g.today)
            if form.on.data and form.on.data != row.until_on:
                succession.leave(session, thesis, row, form.on.data, None, g.actor, g.now, today=g.today)
            notice.say(_("Saved."))
            return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="people"), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            now = EditForm(formdata=None, data=_data(thesis, row))
            rows = side_by_side(now, form, lambda _form: None)
            form.version.data = str(thesis.version)
    body = render_template("supervision/edit.html", form=form, thesis=thesis, row=row, conflict=rows)
    return body, status_of(form, rows)


class SuccessorForm(people_fields.PersonForm, VersionedForm):
    """Who supervises from the next day on, for the same institution and in the same role."""

    on = Day(_l("Last day of the former"), [DataRequired(_l("Give the last day."))])
    position = Text(_l("Rank or position, as the convention prints it"), [Optional(), NEEDED], most=120)
    accreditation = Choice(_l("HDR or equivalent"))
    academic = Choice(_l("Works"), choices=WORLDS)


@bp.route("/<string:supervision>/replace", methods=["GET", "POST"])
@may(Action.EDIT_THESIS, on=Thesis)
def replace(thesis: Thesis, supervision: str) -> Any:
    """Name who takes over; what waits for the former one's signature passes on."""
    session = db.session()
    row: Supervision = part_of(thesis, Supervision, supervision)
    if _over(row):
        abort(404)
    form = SuccessorForm()
    form.accreditation.choices = options(wording.choices(wording.ACCREDITATIONS))
    if request.method == "GET":
        form.version.data = thesis.version
    refusal: Refused | None = None
    if form.validate_on_submit():
        try:
            return _replace(thesis, row, form)
        except Refused as error:
            session.rollback()
            refusal = error
            if error.field == "person":
                error.field = "family_name"
            form.refuse(error)
        except Stale:
            session.rollback()
            form.overtaken(thesis)
    doubles = people_fields.asked_about(session, form, refusal)
    people_fields.ask(form, doubles)
    body = render_template("supervision/replace.html", form=form, thesis=thesis, row=row, doubles=doubles)
    return body, 422 if form.errors else 200


def _replace(thesis: Thesis, row: Supervision, form: SuccessorForm) -> Any:
    session = db.session()
    person = people_fields.chosen_or_added(session, form)
    if form.position.data or form.accreditation.data:
        people.add_affiliation(
            session, person, g.actor, g.now, institution=row.institution,
            rank=form.position.data or "", accreditation=form.accreditation.data or "",
        )  # fmt: skip
    succession.leave(
        session, thesis, row, form.on.data, form.seen, g.actor, g.now,
        today=g.today, successor=person, position=form.position.data or "", academic=_world(form),
    )  # fmt: skip
    notice.say(_("%(name)s takes over, and everybody concerned is told.", name=person.name))
    return redirect(url_for("thesis.show", reference=thesis.reference, _anchor="people"), 303)


def _over(row: Supervision) -> bool:
    """Whether the last day has ended; one that is still to come can be put right."""
    return row.until_on is not None and row.until_on < g.today


def _data(thesis: Thesis, row: Supervision) -> dict[str, Any]:
    world = "" if row.academic is None else "yes" if row.academic else "no"
    return {"version": thesis.version, "position": row.position, "academic": world, "on": row.until_on}


def _world(form: Any) -> bool | None:
    return {"yes": True, "no": False}.get(form.academic.data)
