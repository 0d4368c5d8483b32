"""Amendments: begun of a convention in force, with what they are made for, and the text that holds on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.documents.words import languages_with_words
from cotutelle.domain.actor import Actor
from cotutelle.domain.convention import record
from cotutelle.domain.convention.amendment import REASONS
from cotutelle.domain.convention.redline import redline
from cotutelle.domain.convention.state import EDITABLE, UNSIGNED, ConventionState
from cotutelle.domain.convention.terms import BY_KEY, Kind
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, Thesis, write_texts
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_text, journal
from cotutelle.operations.convention_copy import copy_derogations
from cotutelle.operations.convention_terms import plain
from cotutelle.operations.facts import facts_of
from cotutelle.operations.health import recompute
from cotutelle.operations.negotiation import forbid_after_end, hold
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump

AMENDABLE = (ConventionState.IN_FORCE, ConventionState.EXPIRED)
"""States of the text that holds in which an amendment may be begun."""
Texts = Mapping[str, str]


def begin(
    session: Session,
    thesis: Thesis,
    triggers: Sequence[str],
    reason: Texts,
    effective_on: date | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    expires_on: date | None = None,
) -> Convention:
    """Begin an amendment: a text of its own that starts from the one in force, and is negotiated and signed like it.

    Refused while another is being made, before the convention is in force, and where it is made for nothing.
    """
    forbid_after_end(thesis)
    session.execute(select(Thesis.id).where(Thesis.id == thesis.id).with_for_update())
    base = conventions.holding(session, thesis)
    hold(session, base)
    if not base.current:
        raise Refused(Reason.AMENDMENT_OPEN)
    if ConventionState(base.state) not in AMENDABLE:
        raise Refused(Reason.NOT_AMENDABLE, state=base.state)
    kept = _known(triggers)
    _check_days(base, effective_on, expires_on, today)
    if base.agreed is None:  # in force before its text was kept here: what is known of it is what is amended
        base.agreed = record.to_json(facts_of(session, thesis, base))
    base.current = False
    session.flush()
    row = Convention(
        thesis_id=thesis.id,
        number=conventions.last_number(session, thesis.id) + 1,
        holding=False,
        amends_id=base.id,
        amendment=_next_number(session, thesis),
        triggers=kept,
        effective_on=effective_on,
        state_since=today,
        languages=languages_of(base),
        framework_id=base.framework_id,
        layout=base.layout,
        expires_on=expires_on or base.expires_on,
    )
    session.add(row)
    session.flush()
    _carry_over(session, base, row, expires_on)
    write_texts(session, "amendment", row.id, "reason", reason)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(
        session, "convention.amendment_begun", subject(thesis), actor, at,
        amendment=row.amendment, triggers=kept, expires_on=expires_on,
    )  # fmt: skip
    return row


def edit(
    session: Session,
    thesis: Thesis,
    row: Convention,
    triggers: Sequence[str],
    reason: Texts,
    effective_on: date | None,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Change what an amendment is made for, and from when it counts. Stale when somebody changed it meanwhile."""
    if row.amends_id is None or ConventionState(row.state) not in EDITABLE:
        raise Refused(Reason.MOVE_NOT_ALLOWED, "triggers", state=row.state)
    kept = _known(triggers)
    _check_days(session.get_one(Convention, row.amends_id), effective_on, row.expires_on, today)
    bump(session, row, version)
    row.triggers, row.effective_on = kept, effective_on
    write_texts(session, "amendment", row.id, "reason", reason)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(
        session, "convention.amendment_edited", subject(thesis), actor, at,
        amendment=row.amendment, triggers=kept, on=effective_on,
    )  # fmt: skip


def languages_of(base: Convention) -> list[str]:
    """The languages of an amendment: those of its convention that have wordings here, else French and English."""
    return [tag for tag in base.languages if tag in languages_with_words()] or ["fr", "en"]


def _next_number(session: Session, thesis: Thesis) -> int:
    """One row of numbers over all amendments of a thesis; that of one which was given up is free again."""
    last = session.scalar(
        select(func.max(Convention.amendment)).where(
            Convention.thesis_id == thesis.id, Convention.state != ConventionState.VOID
        )
    )
    return (last or 0) + 1


def _check_days(base: Convention, effective_on: date | None, expires_on: date | None, today: date) -> None:
    """An amendment counts no earlier than what it changes, and what it extends ends later than it counts from."""
    begins = base.in_force_on
    if effective_on is not None and begins is not None and effective_on < begins:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "effective_on", begin=begins)
    counts = effective_on or begins or today
    if expires_on is not None and expires_on <= counts:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "expires_on", begin=counts)


def _known(triggers: Sequence[str]) -> list[str]:
    """What it is made for, in the order in which amendments name it. Refused where that is nothing."""
    kept = [each for each in REASONS if each in triggers]
    if not kept:
        raise Refused(Reason.AMENDS_NOTHING, "triggers")
    return kept


def _carry_over(session: Session, base: Convention, row: Convention, expires_on: date | None) -> None:
    """An amendment starts with the terms and derogations of the text that it changes."""
    assert base.agreed is not None
    terms: dict[str, Any] = {}
    for name, value in record.from_json(base.agreed).terms.values.items():
        if BY_KEY[name.partition(":")[0]].kind is Kind.TEXT:
            write_texts(session, "convention", row.id, name, value if isinstance(value, dict) else {})
        else:
            terms[name] = plain(value)
    if expires_on is not None:
        terms["expires_on"] = plain(expires_on)
    row.terms = terms
    copy_derogations(session, base, row)


@dataclass(frozen=True, slots=True)
class Instrument:
    """The convention, or one of its amendments."""

    row: Convention

    @property
    def signed(self) -> bool:
        """Whether everybody has signed it."""
        return ConventionState(self.row.state) not in UNSIGNED


def instruments(session: Session, thesis: Thesis) -> list[Instrument]:
    """The convention that holds and its amendments in their order, the one that is being made among them."""
    found: list[Instrument] = []
    row: Convention | None = conventions.current(session, thesis)
    while row is not None:
        found.insert(0, Instrument(row))
        row = session.get_one(Convention, row.amends_id) if row.amends_id is not None else None
    return found


@dataclass(frozen=True, slots=True)
class Consolidated:
    """The text that holds on a day: article by article, what made it, and by which amendment each article reads so."""

    on: date
    text: Sequence[Mapping[str, Any]]
    languages: list[str]
    made_of: list[Instrument]
    changed_by: Mapping[str, int]


def consolidated(session: Session, thesis: Thesis, on: date) -> Consolidated | None:
    """The text that holds on a day; None where none does: before the first counts, and once the last has ended."""
    counting = [
        Instrument(row)
        for row in _chain(session, thesis, on)
        if row.in_force_on is not None and row.in_force_on <= on
    ]
    if not counting or _over(counting[-1].row, on) or counting[0].row.amends_id is not None:
        return None
    changed: dict[str, int] = {}
    texts = [convention_text.agreed(session, each.row) for each in counting]
    for old, new, each in zip(texts, texts[1:], counting[1:], strict=False):
        changed |= {change.clause: each.row.amendment for change in redline(old, new)}
    return Consolidated(on, texts[-1], list(counting[-1].row.languages), counting, changed)


def _chain(session: Session, thesis: Thesis, on: date) -> list[Convention]:
    """The last convention of a thesis that counted by a day, and its amendments, as far as their texts are kept."""
    rows = session.scalars(
        select(Convention)
        .where(
            Convention.thesis_id == thesis.id,
            Convention.agreed.is_not(None),
            Convention.state.not_in([*UNSIGNED, ConventionState.VOID]),
        )
        .order_by(Convention.number)
    ).all()
    found: list[Convention] = []
    for row in rows:
        if row.amends_id is not None:
            found.append(row)
        elif row.in_force_on is not None and row.in_force_on <= on:
            found = [row]
    return found


def _over(row: Convention, on: date) -> bool:
    """Whether a text has ended by a day: its own last day is over, or it was ended before."""
    expired = row.expires_on is not None and row.expires_on < on
    return expired or (row.state == ConventionState.ENDED and row.state_since <= on)
