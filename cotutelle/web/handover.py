"""Handing the administration of a school over to somebody."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.errors import Refused
from cotutelle.operations import handover as acts
from cotutelle.policy import Action, Role
from cotutelle.web import notice, people_fields
from cotutelle.web.absence import schools_of
from cotutelle.web.fields import Choice, Day, LongText, options
from cotutelle.web.guards import may

bp = Blueprint("handover", __name__)


class HandoverForm(people_fields.AddressedForm):
    """Which school, to whom, and until when one keeps one's own right."""

    school = Choice(_l("School"), [DataRequired(_l("Choose the school."))])
    until_on = Day(_l("Last day of your own right"))
    reason = LongText(_l("Reason"), [DataRequired(_l("Say why; the history keeps it."))], most=500)


@bp.route("/account/handover", methods=["GET", "POST"])
@may(Action.HAND_OVER)
def show() -> Any:
    """Give a school that one administers to somebody else, with what was asked in one's own name."""
    session, form = db.session(), HandoverForm()
    schools = schools_of(sorted(g.reader.scopes(Role.ADMINISTRATOR, "school")))
    form.school.choices = options([(school.public_id, name) for school, name in schools])
    refusal: Refused | None = None
    if form.validate_on_submit():
        try:
            school = next(school for school, _name in schools if school.public_id == form.school.data)
            person = people_fields.addressed(session, form)
            days = (form.until_on.data, form.reason.data)
            mine = current_user._get_current_object()
            acts.hand_over(session, mine, school, person, *days, g.actor, g.now, today=g.today)
            notice.say(_("%(name)s administers this school and has been told.", name=person.name))
            return redirect(url_for("account.show"), 303)
        except Refused as error:
            session.rollback()
            refusal = error
            form.refuse(error)
    doubles = people_fields.asked_about(session, form, refusal)
    people_fields.ask(form, doubles)
    return render_template("account/handover.html", form=form, doubles=doubles), 422 if form.errors else 200
