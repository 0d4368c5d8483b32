"""The forms of the monitoring committee: a member, a meeting, what was said in an interview."""

from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectMultipleField
from wtforms.validators import DataRequired, Optional, ValidationError

from cotutelle.models import CommitteeMember, Event, Thesis
from cotutelle.operations.committee import Meeting, MemberFacts
from cotutelle.web import people_fields
from cotutelle.web.fields import Choice, Day, Form, LongText, Text, VersionedForm, options

BRINGS = {
    "specialist": _l("specialist of the discipline, or linked to the field"),
    "field_outsider": _l("from outside the field of the thesis"),
    "external": _l("from outside the institution"),
    "outside_unit": _l("may supervise theses (HDR) and comes from outside the research unit"),
    "outside_region": _l("from outside the region"),
}
"""What a member brings, in the words of article 13 and of the schools."""
STEPS = options([
    ("1", _l("presentation of the progress and discussion")),
    ("2", _l("interview with the candidate, without the direction")),
    ("3", _l("interview with the direction, without the candidate")),
])  # fmt: skip
RECIPIENTS = {
    "school": _l("the direction of the doctoral school"),
    "candidate": _l("the candidate"),
    "director": _l("the thesis directors"),
}


class _BringsForm(Form):
    """What somebody brings to the committee."""

    party = Choice(_l("On the committee of"))
    belongs_to = Text(_l("Institution and unit"), most=200)
    brings = SelectMultipleField(_l("This person is"), [Optional()], choices=options(BRINGS.items()))

    def facts(self, party_id: int | None) -> MemberFacts:
        """The member as the form describes them."""
        chosen = set(self.brings.data or [])
        return MemberFacts(
            party_id=party_id,
            belongs_to=self.belongs_to.data or "",
            **{fact: fact in chosen for fact in BRINGS},
        )


class NewMemberForm(people_fields.PersonForm, _BringsForm):
    """Somebody who sits from a day on."""

    from_on = Day(_l("Since"))


class MemberForm(VersionedForm, _BringsForm):
    """Somebody who sits, and their last day once there is one."""

    until_on = Day(_l("Last day, if they sit no longer"))

    @staticmethod
    def data_of(thesis: Thesis, row: CommitteeMember) -> dict[str, Any]:
        """A member as the form shows them."""
        return {
            "version": thesis.version,
            "party": row.party.code if row.party else "",
            "belongs_to": row.belongs_to,
            "brings": [fact for fact in BRINGS if getattr(row, fact)],
            "until_on": row.until_on,
        }


class MeetingForm(VersionedForm):
    """A meeting as it went."""

    on = Day(_l("Day of the meeting"), [DataRequired(_l("Give the day."))])
    institution = Choice(_l("Committee of"))
    steps = SelectMultipleField(
        _l("Steps that took place, apart from one another"), [Optional()], choices=STEPS
    )
    consulted_on = Day(_l("The candidate was consulted on the composition on"))
    file = FileField(_l("Report with recommendations"), [Optional()])
    sent_to = SelectMultipleField(
        _l("The report has already reached"),
        [Optional()],
        choices=options(RECIPIENTS.items()),
    )
    why_changed = LongText(_l("Why the committee changed, if it did"), most=500)

    def validate_on(self, field: Any) -> None:
        """What has not happened yet is planned, not recorded."""
        if field.data and field.data > g.today:
            raise ValidationError(_("This day has not come yet: record it once it has happened."))

    def meeting(self, document_id: int | None) -> Meeting:
        """The meeting as the form gives it."""
        assert self.on.data is not None
        return Meeting(
            on=self.on.data,
            institution=self.institution.data or "",
            steps=tuple(int(step) for step in self.steps.data or []),
            document_id=document_id,
            sent_to=tuple(self.sent_to.data or []),
            consulted_on=self.consulted_on.data,
            why_changed=self.why_changed.data or "",
        )

    @staticmethod
    def data_of(thesis: Thesis, row: Event) -> dict[str, Any]:
        """A recorded meeting as the form shows it."""
        consulted = row.data.get("consulted_on")
        return {
            "version": thesis.version,
            "on": row.on,
            "institution": row.data.get("institution", ""),
            "steps": [str(step) for step in row.data.get("steps") or []],
            "consulted_on": date.fromisoformat(consulted) if consulted else None,
            "sent_to": row.data.get("sent_to") or [],
            "why_changed": row.data.get("why_changed", ""),
        }


class NoteForm(VersionedForm):
    """What was said."""

    text = LongText(_l("What was said"), [Optional()], most=10000)
