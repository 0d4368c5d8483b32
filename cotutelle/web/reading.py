"""Readings: how institutions and schools read what the texts leave open, who chose, from when."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.errors import Refused
from cotutelle.models import Institution, Reading, School, Thesis, ThesisInstitution
from cotutelle.operations import reading as acts
from cotutelle.operations.health import reconsider
from cotutelle.policy import Action
from cotutelle.web import notice, page
from cotutelle.web.fields import Choice, Day, Form, LongText, options
from cotutelle.web.guards import may

bp = Blueprint("reading", __name__, url_prefix="/rulebooks/readings")

QUESTIONS = {
    "directors_counted": _l("Are directors who sit counted in shares?"),
    "emeritus_rank_a": _l("Do emeriti count as rank A, and may they preside?"),
    "external_to": _l("External to whom?"),
    "balance_tolerance": _l("By how much may the numbers of two institutions differ?"),
    "gender_least": _l("How many of each gender at least?"),
}
ANSWERS = {
    "yes": _l("Yes"), "no": _l("No"), "all": _l("To all institutions of the cotutelle"),
    "own": _l("To the institution itself"), "0": _l("0"), "1": _l("1"), "2": _l("2"),
}  # fmt: skip


class ReadingForm(Form):
    """How an institution or school reads a question that the texts leave open."""

    school = Choice(_l("For"), [DataRequired(_l("Choose for whom."))])
    answer = Choice(_l("Question and answer"), [DataRequired(_l("Choose an answer."))])
    from_on = Day(_l("From"), [DataRequired(_l("Give the day."))])
    reason = LongText(_l("Decided by whom, and where it is written"), most=1000)


@bp.route("", methods=["GET", "POST"])
@may(Action.EDIT_RULEBOOKS)
def show() -> Any:
    """How institutions and schools read what the texts leave open: who chose, from when."""
    session = db.session()
    form = ReadingForm(data=None if request.method == "POST" else {"from_on": g.today})
    places = _places(session)
    form.school.choices = options([("", _("Choose")), *((key, label) for key, label, _i, _s in places)])
    form.answer.choices = options([("", _("Choose")), *(
        (f"{key}:{value}", f"{QUESTIONS[key]} {ANSWERS[value]}") for key, values in acts.CHOICES.items() for value in values
    )])  # fmt: skip
    if form.validate_on_submit():
        institution, school = next((i, s) for key, _label, i, s in places if key == form.school.data)
        question, _separator, value = str(form.answer.data).partition(":")
        try:
            acts.choose(
                session, institution, school, question, value, form.from_on.data, g.actor, g.now, reason=form.reason.data or ""
            )  # fmt: skip
            reconsider(session, None, g.now)
            notice.say(_("The reading is chosen."))
            return redirect(url_for("reading.show"), 303)
        except Refused as error:
            form.refuse(error)
    rows = session.execute(
        select(Reading, Institution, School)
        .join(Institution, Institution.id == Reading.institution_id)
        .outerjoin(School, School.id == Reading.school_id)
        .order_by(Reading.id.desc())
    ).all()
    body = render_template(
        "rulebook/readings.html",
        form=form,
        rows=rows,
        who=page.names_of(session, {reading.by for reading, _institution, _school in rows}),
        questions=QUESTIONS,
        answers=ANSWERS,
        plain=Form(),
    )
    return body, 422 if form.errors else 200


@bp.post("/<string:reading>/remove")
@may(Action.EDIT_RULEBOOKS)
def take_back(reading: str) -> Any:
    """Take a reading back: the one before it holds again, or none."""
    session = db.session()
    row = session.scalar(select(Reading).where(Reading.public_id == reading, Reading.withdrawn_at.is_(None)))
    if row is None:
        abort(404)
    acts.take_back(session, row, g.actor, g.now)
    reconsider(session, None, g.now)
    notice.say(_("The reading is taken back; what was chosen before it holds again."))
    return redirect(url_for("reading.show"), 303)


def _places(session: Session) -> list[tuple[str, str, Institution, School | None]]:
    """The institutions of the reader's theses and their schools, as choices."""
    ids = select(ThesisInstitution.institution_id).where(ThesisInstitution.thesis_id.in_(select(Thesis.id)))
    found: list[tuple[str, str, Institution, School | None]] = []
    for institution in session.scalars(
        select(Institution).where(Institution.id.in_(ids)).order_by(Institution.sort_key)
    ):
        found.append((institution.code, institution.short_name, institution, None))
        found += [
            (
                f"{institution.code}:{school.code}",
                f"{institution.short_name} · {school.code}",
                institution,
                school,
            )
            for school in institution.schools
        ]
    return found
