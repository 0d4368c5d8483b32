"""Forms: what every one carries, fields of our own, and how refusals come to stand beside them."""

import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from babel import Locale
from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, NumberRange, Optional, StopValidation, ValidationError

from cotutelle.db import db
from cotutelle.documents.fonts import without_glyph
from cotutelle.domain.errors import Refused
from cotutelle.domain.identifiers import WrongIdentifier
from cotutelle.web.filters import locale
from cotutelle.web.refusals import refusal
from cotutelle.web.wording import IDENTIFIERS

LANGUAGES = ("fr", "en", "nl", "de", "es", "it", "pt", "pt-BR", "pl", "ro", "lt", "sv", "ca", "el", "ar", "zh")  # fmt: skip
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Signs that no text needs: control characters, and those that turn the words around them."""
_UNSEEN = r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
_EDGES = re.compile(rf"^{_UNSEEN}|{_UNSEEN}$")


LONGEST_WORD = 120


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The base of all forms: an act key, so that a form sent twice acts once."""

    act_key = HiddenField(default=lambda: secrets.token_urlsafe(24))

    def refuse(self, error: Refused) -> None:
        """Undo what the act began, and show its reason beside the field at fault or above the form."""
        db.session.rollback()
        sentence = refusal(error)
        field = self._fields.get(error.field or "")
        if field is None or field.type in {"FieldList", "FormField"}:
            self.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]


class Version(HiddenField):
    """The version that was on the page."""

    data: Any


class VersionedForm(Form):
    """A form that changes something: it carries the version that its author saw."""

    version = Version(default="")

    def overtaken(self, subject: Any) -> None:
        """Undo what the act began, say that somebody saved meanwhile, and hold the version that is saved now."""
        db.session.rollback()
        self.version.data = str(subject.version)
        self.form_errors.append(
            _("Somebody changed this meanwhile: look at how it stands, then send this again.")
        )

    @property
    def seen(self) -> int:
        """The version that was on the page; 0, which no row has, when it is not a number."""
        return whole(str(self.version.data or "")) or 0


def whole(text: str) -> int | None:
    """A whole number of at most nine plain digits; None for anything else that somebody wrote."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Pairs of value and words as the choices of a field."""
    return [SelectChoice(str(value), words) for value, words in pairs]


def forms_in(field: Any) -> list[Any]:
    """The forms in a list of forms."""
    return [entry.form for entry in field]


def tidy(value: Any) -> Any:
    """A text without blanks around it, nor signs that show nothing: one of these alone is no answer."""
    return _EDGES.sub("", value) if isinstance(value, str) else value


def in_one_line(value: Any) -> Any:
    """A text without line ends, and without the blanks beside them."""
    return re.sub(r"\s*[\r\n]+\s*", " ", value) if isinstance(value, str) else value


class _Mark:
    """What the label of a field says of an empty answer; it checks nothing."""

    def __init__(self, name: str) -> None:
        self.field_flags = {name: True}

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing to check."""


NEEDED = _Mark("needed")
"""May stay empty while drafting; the final text of the convention needs it."""
SOMETIMES = _Mark("sometimes")
"""Whether it may stay empty depends on other answers; its hint, or its refusal, says when."""


class _Bounded:
    """Refuses what a database cannot keep, and gives back what may be typed, or the first ten thousand characters."""

    data: Any
    render_kw: Any
    most: int

    def pre_validate(self, form: Any) -> None:
        """Refuse control characters, which no name or text needs."""
        if isinstance(self.data, str) and _UNPRINTABLE.search(self.data):
            raise ValidationError(_("This holds a control character that cannot be kept: type it again."))

    def _value(self) -> str:
        limit = max(self.most, int(current_app.config["FIELD_LIMIT"]))
        return _UNPRINTABLE.sub("", str(self.data or ""))[:limit]


class Text(_Bounded, StringField):
    """One line of text, at most `most` characters."""

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), *, most: int = 250, **more: Any
    ) -> None:
        self.most = most
        super().__init__(label, [*(validators or [Optional()]), _at_most(most)], filters=[tidy], **more)


class LongText(_Bounded, TextAreaField):
    """Several lines of text, at most `most` characters."""

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), *, most: int = 4000, **more: Any
    ) -> None:
        self.most = most
        super().__init__(label, [*(validators or [Optional()]), _at_most(most)], filters=[tidy], **more)


class Title(LongText):
    """One paragraph shown in as many lines as it needs: what is typed or pasted in lines becomes one."""

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), *, most: int = 500, **more: Any
    ) -> None:
        more["render_kw"] = {"rows": "2", **more.get("render_kw", {})}
        super().__init__(label, [*(validators or [Optional()]), breakable], most=most, **more)
        self.filters = [*self.filters, in_one_line]


class Secret(PasswordField):
    """A password."""

    data: Any


class Day(DateField):
    """A date within the years that a thesis can touch; typed in either language's order, or picked."""

    data: Any

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **more: Any) -> None:
        formats = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]
        super().__init__(label, [*(validators or [Optional()]), _plausible], format=formats, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; an impossible one is named as such, and what was typed stays in the field."""
        try:
            super().process_formdata([value.strip() for value in valuelist if value.strip()])
        except ValueError:
            raise ValueError(_("This is not a date: write it like 31/03/2027.")) from None

    def pre_validate(self, form: Any) -> None:
        """Leave it at that sentence: whoever wrote a date that is none was not silent."""
        if self.process_errors:
            raise StopValidation


class Number(IntegerField):
    """A whole number from `low` to `high`."""

    data: Any

    def __init__(self, label: Any, low: int, high: int, **more: Any) -> None:
        self.sentence = _("A whole number from %(low)s to %(high)s.", low=low, high=high)
        super().__init__(label, [Optional(), NumberRange(low, high, self.sentence)], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; what is none, or has more digits than any bound, stays in the field with its sentence."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = whole(typed)
        if typed and self.data is None:
            raise ValueError(self.sentence)


class Money(DecimalField):
    """A sum of money: a comma or a point before the cents, blanks between thousands."""

    data: Any

    def __init__(self, label: Any = None, *, most: int = 1_000_000, **more: Any) -> None:
        bounds = NumberRange(0, most, _l("An amount between 0 and %(max)s."))
        super().__init__(label, [Optional(), bounds], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the sum; what is no number is named as such, and stays in the field."""
        plain = [re.sub(r"[\s\u00a0\u202f']", "", value).replace(",", ".") for value in valuelist]
        if plain and plain[0] and not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", plain[0]):
            self.data = None
            raise ValueError(_("This is not an amount: write it like 1500.50."))
        super().process_formdata(plain if plain and plain[0] else [])

    def _value(self) -> str:
        """What was typed, or the sum with the sign that the language puts before the cents."""
        written = str(super()._value())  # type: ignore[misc]  # missing in its stubs
        return written if self.raw_data or locale() != "fr" else written.replace(".", ",")


class Choice(SelectField):
    """A choice; an empty answer means that nobody decided yet."""

    data: Any

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **more: Any) -> None:
        more.setdefault("coerce", str)
        super().__init__(label, list(validators) or [Optional()], **more)

    def pre_validate(self, form: Any) -> None:
        """Refuse an answer that was not offered."""
        if self.data in (None, "", "None"):
            self.data = ""
            return
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(_("Choose one of the answers offered.")) from None


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("At most %(max)d characters; this has more."))


def _plausible(form: Any, field: Any) -> None:
    if isinstance(field.data, date) and not 1900 <= field.data.year <= 2100:
        raise ValidationError(_("This year is out of range: check the date."))


def drawable(form: Any, field: Any) -> None:
    """Refuse letters that a document could not print; names in another script have a field of their own."""
    unknown = without_glyph(field.data or "")
    if unknown:
        shown = " ".join(unknown[:8])
        raise ValidationError(
            _("Documents cannot print: %(letters)s. Write Latin letters here.", letters=shown)
        )


def breakable(form: Any, field: Any) -> None:
    """Refuse a word so long that no line of a document holds it."""
    longest = max((field.data or "").split(), key=len, default="")
    if len(longest) > LONGEST_WORD:
        raise ValidationError(
            _("A word here has %(n)s characters: no line holds it, put spaces into it.", n=len(longest))
        )


def identifier(kind: str, check: Any) -> Any:
    """A validator that keeps an identifier in its normal form, or says what one looks like."""

    def validate(form: Any, field: Any) -> None:
        if not field.data:
            return
        try:
            field.data = check(field.data)
        except WrongIdentifier:
            raise ValidationError(str(IDENTIFIERS[kind][1])) from None

    return validate


def language_choices(*first: str, blank: str = "") -> list[SelectChoice]:
    """Languages by name, some of them first."""
    names = Locale.parse(locale()).languages
    ordered = [*first, *(tag for tag in LANGUAGES if tag not in first)]
    listed = [(tag, names.get(tag.replace("-", "_"), names.get(tag.split("-")[0], tag))) for tag in ordered]
    return options([("", blank), *listed] if blank else listed)


def country_choices(blank: str) -> list[SelectChoice]:
    """Countries by name."""
    territories = Locale.parse(locale()).territories
    listed = [
        (c, n)
        for c, n in territories.items()
        if len(c) == 2 and c.isalpha() and c not in {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    ]
    return options([("", blank), *sorted(listed, key=lambda pair: pair[1])])
