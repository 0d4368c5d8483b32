"""The form of a recorded event: the day and the place of each, and what rules ask of its kind."""

from collections.abc import Mapping
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import DataRequired, Optional, ValidationError

from cotutelle.web.fields import Choice, Day, Form, Number, options

PARTS = options([
    ("candidate_request", _l("the candidate’s request")),
    ("director_proposal", _l("the director’s proposal")),
    ("committee_opinion", _l("the committee’s opinion")),
    ("school_opinion", _l("the doctoral school’s opinion")),
    ("head_decision", _l("the decision of the head of the institution")),
])  # fmt: skip
FORMS = options([
    ("", _l("Not known")), ("joint", _l("One joint diploma")), ("two_diplomas", _l("Two diplomas")),
])  # fmt: skip
ANSWERS = options([("", _l("Not known")), ("yes", _l("Yes")), ("no", _l("No"))])

ASKED: Mapping[str, tuple[str, ...]] = {
    "diploma": ("form", "mentions"),
    "extension": ("parts",),
    "grant_application": ("age", "months"),
    "star_record": ("partners",),
}
_EVERY = frozenset(name for names in ASKED.values() for name in names)


class KindForm(Form):
    """Which kind of event: what else is asked depends on it."""

    kind = Choice(_l("What happened"), [DataRequired(_l("Choose what happened."))])


class EventForm(Form):
    """When and where it happened; for some kinds also what a rule asks of it."""

    kind = HiddenField()
    on = Day(_l("On"), [DataRequired(_l("Give the day."))])
    institution = Choice(_l("At"))
    form = Choice(_l("Its form"), choices=FORMS)
    mentions = Choice(_l("Each diploma names the cotutelle"), choices=ANSWERS)
    parts = SelectMultipleField(_l("What is in the file"), [Optional()], choices=PARTS)
    partners = Choice(_l("The record names every partner"), choices=ANSWERS)
    age = Number(_l("Age on that day, in years"), 16, 120)
    months = Number(_l("Months already studied in the country"), 0, 600)

    def only(self, kind: str) -> "EventForm":
        """The same form with what is asked of this kind alone."""
        for name in _EVERY - set(ASKED.get(kind, ())):
            delattr(self, name)
        return self

    def validate_on(self, field: Any) -> None:
        """What has not happened yet is planned, not recorded."""
        if field.data and field.data > g.today:
            raise ValidationError(_("This day has not come yet: record it once it has happened."))

    def answers(self) -> dict[str, Any]:
        """What rules may ask of the event; an empty answer is not one, but a list of boxes always is."""
        given: dict[str, Any] = {"institution": self.institution.data} if self.institution.data else {}
        for field in self:
            if field.name in _EVERY:
                given |= _answer(field)
        return given


def _answer(field: Any) -> dict[str, Any]:
    if isinstance(field, SelectMultipleField):
        return {field.name: list(field.data or [])}
    if field.data is None or field.data == "":
        return {}
    if field.name in ("mentions", "partners"):
        return {field.name: field.data == "yes"}
    return {field.name: field.data}
