"""Registering a thesis: who, what, with whom. The rest comes in steps."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, FieldList, FormField
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import ENDED, ThesisState, check_parties
from cotutelle.models import Person, School, Thesis, texts_of
from cotutelle.operations import thesis as acts
from cotutelle.policy import Action, Role
from cotutelle.web import notice, parties, people_fields, wording
from cotutelle.web.fields import Choice, Title, language_choices
from cotutelle.web.filters import text
from cotutelle.web.guards import may
from cotutelle.web.thesis import TITLE_MOST

bp = Blueprint("registration", __name__, url_prefix="/theses")


class RegisterForm(people_fields.PersonForm):
    """The few things that make a file."""

    another = BooleanField(_l("Yes, a second thesis of the same person is meant"))
    title = Title(
        _l("Title of the thesis"),
        [DataRequired(_l("Give the title of the thesis; it may be provisional."))],
        most=TITLE_MOST,
    )
    title_language = Choice(_l("Language of this title"))
    parties = FieldList(FormField(parties.ShortPartyRow), min_entries=4, max_entries=parties.MOST_PARTIES)


@bp.route("/new", methods=["GET", "POST"])
@may(Action.REGISTER_THESIS)
def register() -> Any:
    """Register a thesis; what is saved is a draft file that can be left and taken up again."""
    session, form = db.session(), RegisterForm()
    own = _own_school(session)
    form.title_language.choices = language_choices("fr", "en")
    parties.offer(session, form.parties)
    refusal: Refused | None = None
    if request.method == "GET" and own:
        form.parties[0].institution.data = own.institution.code
        form.parties[0].school.data = own.public_id
    elif form.validate_on_submit():
        try:
            return _register(session, form)
        except Refused as error:
            refusal = error
            form.refuse(error)
    doubles = people_fields.asked_about(session, form, refusal)
    people_fields.ask(form, doubles)
    parties.offer(session, form.parties)
    parties.mark(form.parties)
    body = render_template(
        "registration/register.html",
        form=form,
        doubles=doubles,
        asks_another=bool(form.another.errors or form.another.data),
        others=_others(session, form),
        wording=wording,
    )
    return body, 422 if form.errors else 200


def _register(session: Session, form: RegisterForm) -> Any:
    rows = parties.facts(session, form.parties)
    check_parties([row.named for row in rows], [row.lead for row in rows])
    mine = g.reader.scopes(Role.ADMINISTRATOR, "school")
    if not any(row.school_id in mine for row in rows):
        raise Refused(Reason.NONE_OF_YOURS, "parties")
    titles = {form.title_language.data or "fr": form.title.data}
    facts = acts.ThesisFacts(titles=titles, title_original=form.title_language.data or "fr")
    candidate = people_fields.chosen_or_added(session, form)
    thesis = acts.register(
        session, candidate, facts, rows, g.actor, g.now, today=g.today, another=bool(form.another.data)
    )
    notice.say(
        _(
            "%(reference)s is registered. The steps below complete the file; leave whenever you like.",
            reference=thesis.reference,
        )
    )
    return redirect(url_for("thesis.steps", reference=thesis.reference), 303)


def _own_school(session: Session) -> School | None:
    mine = g.reader.scopes(Role.ADMINISTRATOR, "school")
    return session.scalar(select(School).where(School.id.in_(mine)).order_by(School.id).limit(1))


def _others(session: Session, form: RegisterForm) -> list[dict[str, str]]:
    """The running theses of the person that the form chose, as far as the reader sees them."""
    chosen = select(Person.id).where(Person.public_id == (form.same_person.data or ""))
    rows = session.scalars(
        select(Thesis).where(Thesis.candidate_id.in_(chosen), Thesis.state.not_in(ENDED)).order_by(Thesis.id)
    ).all()
    titles = texts_of(session, "thesis", [row.id for row in rows], "title")
    return [
        {
            "reference": row.reference,
            "title": text(titles[row.id]["title"]),
            "state": str(wording.THESIS_STATES[ThesisState(row.state)]),
        }
        for row in rows
    ]
