"""The terms of a convention and the languages of its text, while they are negotiated."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.convention.terms import BY_KEY, Kind
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, Thesis, write_texts
from cotutelle.operations import journal
from cotutelle.operations.health import recompute
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


def edit_terms(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    changes: Mapping[str, object],
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Settle terms, by key or ``key:party``; None leaves one undecided again.

    Refused once the text is approved; Stale when somebody else changed the convention meanwhile.
    """
    if ConventionState(convention.state) not in EDITABLE:
        raise Refused(Reason.MOVE_NOT_ALLOWED, "terms", state=convention.state)
    _check_order(convention, changes)
    bump(session, convention, version)
    terms = dict(convention.terms)
    for key, value in changes.items():
        if BY_KEY[key.partition(":")[0]].kind is Kind.TEXT:
            texts = value if isinstance(value, Mapping) else {}
            write_texts(session, "convention", convention.id, key, texts)
        elif value is None or value == "":
            terms.pop(key, None)
        else:
            terms[key] = plain(value)
    convention.terms = terms
    expires = changes.get("expires_on", convention.expires_on)
    convention.expires_on = expires if isinstance(expires, date) else None
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, "convention.edited", subject(thesis), actor, at, terms=sorted(changes))


def set_languages(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    languages: Sequence[str],
    actor: Actor,
    at: datetime,
    *,
    today: date,
    version: int | None = None,
) -> None:
    """Choose the languages of the act, in the order of its columns; an amendment has those of its convention.

    Stale when it changed meanwhile.
    """
    if ConventionState(convention.state) not in EDITABLE or convention.amends_id is not None:
        raise Refused(Reason.MOVE_NOT_ALLOWED, "languages", state=convention.state)
    bump(session, convention, version)
    convention.languages = list(languages)
    recompute(session, thesis, today, at)
    journal.record(session, "convention.edited", subject(thesis), actor, at, languages=list(languages))


def set_layout(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    layout: str,
    version: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Choose how the languages stand: side by side, or one after the other. Stale when it changed meanwhile."""
    if ConventionState(convention.state) not in EDITABLE or convention.amends_id is not None:
        raise Refused(Reason.MOVE_NOT_ALLOWED, "layout", state=convention.state)
    bump(session, convention, version)
    convention.layout = layout
    session.flush()
    journal.record(session, "convention.edited", subject(thesis), actor, at, layout=layout)


def _check_order(convention: Convention, changes: Mapping[str, object]) -> None:
    def value(key: str) -> object:
        kept = convention.terms.get(key)
        return changes[key] if key in changes else (date.fromisoformat(kept) if kept else None)

    start, expires, effective = value("start"), value("expires_on"), value("effective_on")
    for begin in (start, effective):
        if isinstance(begin, date) and isinstance(expires, date) and expires <= begin:
            raise Refused(Reason.DATES_OUT_OF_ORDER, "expires_on", begin=begin)
    for least, most in (("jury_min", "jury_max"), ("duration_months", "maximum_months")):
        low = changes.get(least, convention.terms.get(least, BY_KEY[least].default))
        high = changes.get(most, convention.terms.get(most, BY_KEY[most].default))
        if isinstance(low, int) and isinstance(high, int) and high < low:
            raise Refused(Reason.DATES_OUT_OF_ORDER, most, begin=low)


def plain(value: object) -> Any:
    """A value as the terms of a convention keep it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
