"""Who signs while somebody is away: said by themselves, or by an office for its own school's theses."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.errors import Refused
from cotutelle.models import Deputy, Person, School, texts_of
from cotutelle.operations import deputy as acts
from cotutelle.policy import Action, Role
from cotutelle.web import notice, people_fields
from cotutelle.web.fields import Choice, Day, Text, options
from cotutelle.web.filters import text
from cotutelle.web.guards import may
from cotutelle.web.person import visible_person

bp = Blueprint("absence", __name__)


class AbsenceForm(people_fields.AddressedForm):
    """From when to when, and who signs meanwhile."""

    school = Choice(_l("For the theses of"))
    from_on = Day(_l("First day of the absence"), [DataRequired(_l("Give the first day."))])
    until_on = Day(_l("Last day of the absence"), [DataRequired(_l("Give the last day."))])
    reason = Text(_l("Reason, as the deputy reads it"), most=200)


@bp.route("/account/absence", methods=["GET", "POST"])
@may(Action.USE_ACCOUNT)
def own() -> Any:
    """Say who signs in one's place while one is away."""
    form = AbsenceForm()
    del form.school
    me = db.session().get_one(Person, g.reader.person_id)
    return _page(me, form, None, url_for("absence.own"))


@bp.route("/people/<string:person>/absence", methods=["GET", "POST"])
@may(Action.NAME_DEPUTY)
def of_person(person: str) -> Any:
    """Say who signs in somebody's place, for the theses of a school that one administers."""
    row, form = visible_person(person), AbsenceForm()
    schools = _schools()
    form.school.choices = options([(school.public_id, name) for school, name in schools])
    chosen = next((school for school, _name in schools if school.public_id == form.school.data), None)
    return _page(
        row,
        form,
        chosen.id if chosen else schools[0][0].id,
        url_for("absence.of_person", person=row.public_id),
    )


def _page(person: Person, form: AbsenceForm, school_id: int | None, back: str) -> Any:
    session = db.session()
    refusal: Refused | None = None
    if form.validate_on_submit():
        try:
            stand_in = people_fields.addressed(session, form)
            days = (form.from_on.data, form.until_on.data, form.reason.data or "")
            acts.name(session, person, stand_in, *days, g.actor, g.now, today=g.today, school_id=school_id)
            notice.say(_("%(name)s signs meanwhile, and has been told.", name=stand_in.name))
            return redirect(back, 303)
        except Refused as error:
            session.rollback()
            refusal = error
            form.refuse(error)
    doubles = people_fields.asked_about(session, form, refusal)
    people_fields.ask(form, doubles)
    body = render_template(
        "absence/form.html",
        form=form,
        doubles=doubles,
        row=person,
        own=person.id == g.reader.person_id,
        rows=[each for each in acts.current(session, person, g.today) if _theirs(each)],
    )
    return body, 422 if form.errors else 200


@bp.post("/absences/<string:deputy>/withdraw")
@may(Action.USE_ACCOUNT)
def end(deputy: str) -> Any:
    """End an absence now; what still waits goes back."""
    session = db.session()
    row = session.scalar(select(Deputy).where(Deputy.public_id == deputy))
    if row is None or not _theirs(row):
        abort(404)
    acts.end(session, row, g.actor, g.now)
    notice.say(
        _("The absence has ended; what was not signed waits for %(name)s again.", name=row.person.name)
    )
    mine = row.person_id == g.reader.person_id
    back = url_for("absence.own") if mine else url_for("absence.of_person", person=row.person.public_id)
    return redirect(back, 303)


def _theirs(row: Deputy) -> bool:
    """Whether the reader said so or may take it back: for themselves, or for a school that they administer."""
    return row.person_id == g.reader.person_id or row.school_id in g.reader.scopes(
        Role.ADMINISTRATOR, "school"
    )


def _schools() -> list[tuple[School, str]]:
    """The schools that the reader administers, by name."""
    return schools_of(sorted(g.reader.scopes(Role.ADMINISTRATOR, "school")))


def schools_of(ids: list[int]) -> list[tuple[School, str]]:
    """Schools with their names and institutions, in the reader's language."""
    session = db.session()
    rows = session.scalars(select(School).where(School.id.in_(ids)).order_by(School.id)).all()
    names = texts_of(session, "school", [row.id for row in rows], "name")
    return [(row, f"{text(names[row.id]['name']) or row.code}, {row.institution.short_name}") for row in rows]
