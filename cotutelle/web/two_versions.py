"""Two people changed one thing: what was saved meanwhile beside what was typed, field by field."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField

from cotutelle.web.fields import Form
from cotutelle.web.filters import amount, day

# label, what was saved meanwhile, what was typed; empty when neither version holds anything
Rows = list[tuple[str, str, str]]


def side_by_side(theirs: Any, yours: Any, offer: Callable[[Any], None]) -> Rows:
    """Two versions of a form field by field: what was saved meanwhile, and what was typed."""
    offer(theirs)
    return [
        (label, mine_value, your_value)
        for (label, mine_value), (_label, your_value) in zip(_flat(theirs), _flat(yours), strict=False)
        if mine_value or your_value
    ]


def status_of(form: Form, conflict: Rows | None) -> int:
    """The status of a page with a form: 409 beside a newer version, 422 with refusals, else 200."""
    if conflict is not None:
        return 409
    return 422 if form.errors else 200


def _flat(form: Any, prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for field in form:
        if field.type == "FieldList":
            for index, entry in enumerate(field, start=1):
                found += _flat(entry.form, f"{index}. ")
        elif not isinstance(field, HiddenField):
            found.append((f"{prefix}{field.label.text}", _shown(field)))
    return found


def _shown(field: Any) -> str:
    chosen = field.data if isinstance(field.data, list) else [field.data]
    if getattr(field, "choices", None):
        words = {choice.value: str(choice.label) for choice in field.choices}
        return ", ".join(words.get(str(value), str(value)) for value in chosen if value)
    if isinstance(field.data, date):
        return day(field.data)
    if isinstance(field.data, Decimal):
        return amount(field.data)
    if isinstance(field.data, bool):
        return str(_("yes") if field.data else _("no"))
    return str(field.data or "")
