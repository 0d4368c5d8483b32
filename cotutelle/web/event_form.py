"""The form of a recorded event: the day and the place of each, and what rules ask of its kind."""

from collections.abc import Mapping
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import DataRequired, Optional, ValidationError

from cotutelle.web.fields import Choice, Day, Form, LongText, Number, options

MEMBERS = options([
    ("specialist", _l("a specialist of the field")),
    ("field_outsider", _l("somebody from outside the field")),
    ("external", _l("somebody from outside the institution")),
    ("in_direction", _l("somebody who takes part in the direction")),
])  # fmt: skip
STEPS = options([
    ("1", _l("1: presentation and discussion")),
    ("2", _l("2: candidate alone")),
    ("3", _l("3: direction alone")),
])  # fmt: skip
READERS = options([
    ("school", _l("the school")), ("candidate", _l("the candidate")), ("director", _l("the director")),
])  # fmt: skip
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
    "committee": ("among", "members", "outside_unit", "outside_region", "steps", "sent_to"),
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
    among = SelectMultipleField(_l("Among the members"), [Optional()], choices=MEMBERS)
    members = LongText(_l("Names of the members, one per line"))
    outside_unit = Number(_l("How many may supervise theses and come from outside the research unit"), 0, 50)
    outside_region = Number(_l("How many come from outside the region"), 0, 50)
    steps = SelectMultipleField(_l("Steps that took place"), [Optional()], choices=STEPS)
    sent_to = SelectMultipleField(_l("The report reached"), [Optional()], choices=READERS)
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
            if field.name in _EVERY and field.name != "among":
                given |= _answer(field)
        if "among" in self:
            chosen = set(self.among.data or [])
            given |= {str(choice.value): choice.value in chosen for choice in MEMBERS}
        return given


def _answer(field: Any) -> dict[str, Any]:
    if isinstance(field, SelectMultipleField):
        chosen = list(field.data or [])
        return {field.name: [int(step) for step in chosen] if field.name == "steps" else chosen}
    if field.data is None or field.data == "":
        return {}
    if field.name == "members":
        return {"members": sorted({line.strip() for line in field.data.splitlines() if line.strip()})}
    if field.name in ("mentions", "partners"):
        return {field.name: field.data == "yes"}
    return {field.name: field.data}
