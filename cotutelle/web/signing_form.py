"""The form by which somebody answers: sign, send back, say that it is not theirs, or hand on."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import HiddenField
from wtforms.validators import Email, Optional

from cotutelle.domain.actor import Actor
from cotutelle.domain.signoff import Answer
from cotutelle.models import SignOff
from cotutelle.operations import person as people
from cotutelle.operations.asking import Named
from cotutelle.operations.letter import LANGUAGES
from cotutelle.web.fields import Choice, Form, LongText, Text, options


class AnswerForm(Form):
    """One page, one act: which button was pressed says which answer, and so what else is needed."""

    answer = HiddenField()
    digest = HiddenField()
    code = Text(_l("Code from your e-mail"))
    remark = LongText(_l("What has to be changed"))
    why_not = LongText(_l("Why it is not yours to sign"))
    given_names = Text(_l("Given names"))
    family_name = Text(_l("Family name"))
    email = Text(_l("E-mail address"), [Optional(), Email(_l("This is not an e-mail address."))])
    language = Choice(_l("Language of the letter"), choices=options([("fr", "Français"), ("en", "English")]))
    why = LongText(_l("A word for them"))

    @property
    def answered(self) -> Answer:
        """Which answer was given; whatever is not known is no answer but an approval that still lacks its code."""
        known = {str(each): each for each in Answer}
        return known.get(self.answer.data or "", Answer.APPROVE)

    @property
    def reason(self) -> str:
        """What was written for this answer."""
        field = {
            Answer.SEND_BACK: self.remark,
            Answer.DECLINE: self.why_not,
            Answer.DELEGATE: self.why,
        }.get(self.answered)
        return (field.data or "").strip() if field is not None else ""

    def complete(self) -> bool:
        """Whether what this answer needs is there; each refusal stands beside its field."""
        fine: bool = self.validate()
        if self.answered is Answer.SEND_BACK and not self.reason:
            self.remark.errors = [_("Say what has to be changed: whoever asked will read it.")]
        if self.answered is Answer.DELEGATE:
            if not (self.family_name.data or "").strip():
                self.family_name.errors = [_("Give the name of whoever signs in your place.")]
            if not (self.email.data or "").strip():
                self.email.errors = [_("Give an address to which the letter goes.")]
        return fine and not any(field.errors for field in self)

    def delegate(self, session: Session, row: SignOff, actor: Actor, at: Any) -> Named | None:
        """Who signs instead: somebody known by that address, else somebody new."""
        if self.answered is not Answer.DELEGATE:
            return None
        person = people.by_address(
            session, self.given_names.data or "", self.family_name.data, self.email.data, actor, at
        )
        language = self.language.data if self.language.data in LANGUAGES else row.language
        return Named(row.signer, row.side, person, language)
