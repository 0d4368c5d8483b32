"""The forms of a negotiation: an approval and its taking back, a change that is asked, an answer to it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, Optional, ValidationError

from cotutelle.domain.convention.negotiation import PointState
from cotutelle.web.fields import SOMETIMES, Choice, Day, Form, LongText, VersionedForm, breakable, drawable

POINT_STATES = {
    PointState.OPEN: _l("To be settled"),
    PointState.WAITING: _l("Waiting"),
    PointState.BLOCKED: _l("Blocked"),
    PointState.SETTLED: _l("Settled"),
}
POINT_HELP = {
    PointState.OPEN: _l("somebody has to answer"),
    PointState.WAITING: _l("for a legal office, a council, somebody outside"),
    PointState.BLOCKED: _l("the institutions do not agree"),
    PointState.SETTLED: _l("nothing more to say; a text that changes is submitted again"),
}
POINT_KINDS = {"open": "decide", "waiting": "waiting", "blocked": "late", "settled": "done"}


def _from_elsewhere(form: Any, field: Any) -> None:
    """An approval recorded for somebody else says where it comes from."""
    chosen = form.institution.data
    if chosen and chosen not in form.own and not field.data:
        raise ValidationError(_("Say who approved at the institution, and how it reached you."))


class ApproveForm(Form):
    """That an institution approves the version that was shown."""

    number = HiddenField()
    institution = Choice(_l("Approved by"), [DataRequired(_l("Choose the institution."))])
    on = Day(_l("On"), [DataRequired(_l("Give the day of the approval."))])
    note = LongText(
        _l("By whom, and how it reached the office"), [_from_elsewhere, SOMETIMES, breakable], most=1000
    )
    own: frozenset[str] = frozenset()
    """The institutions in whose own name the reader acts; for another one it is said where the approval comes from."""


class WithdrawForm(Form):
    """That an institution takes back its approval of the version that was shown."""

    number = HiddenField()
    institution = Choice(_l("Taken back by"), [DataRequired(_l("Choose the institution."))])
    reason = LongText(_l("Reason, told to all"), [DataRequired(_l("Say why.")), breakable], most=1000)


class AskForm(Form):
    """A change that an institution asks."""

    clause = Choice(_l("Article"))
    asked_by = Choice(_l("Asked by"), [DataRequired(_l("Choose the institution."))])
    proposal = LongText(
        _l("What should be changed, or the words proposed"),
        [DataRequired(_l("Say what should be changed.")), drawable, breakable],
        most=5000,
    )
    reason = LongText(_l("Reason"), [DataRequired(_l("Say why.")), drawable, breakable], most=2000)
    owner = Choice(_l("Who answers next"), [DataRequired(_l("Choose who answers next."))])


class AnswerForm(VersionedForm):
    """What an institution says to it, and where it stands now."""

    institution = Choice(_l("Answered by"), [DataRequired(_l("Choose the institution."))])
    text = LongText(_l("Answer"), [DataRequired(_l("Write the answer.")), drawable, breakable], most=5000)
    state = RadioField(
        _l("Where it stands now"),
        [DataRequired(_l("Choose where it stands."))],
        choices=[
            SelectChoice(str(state), POINT_STATES[state], render_kw={"hint": POINT_HELP[state]})
            for state in PointState
        ],
    )
    owner = Choice(_l("Who answers next"), [Optional(), SOMETIMES])
