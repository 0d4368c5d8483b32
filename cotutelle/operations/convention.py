"""The convention's acts: its terms, its states, its made versions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import SCHEMA, Facts
from cotutelle.domain.convention.state import EDITABLE, FINAL, ConventionState, check_move
from cotutelle.domain.convention.terms import BY_KEY, Kind
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import WITHOUT_DIPLOMA
from cotutelle.models import Convention, ConventionVersion, Thesis, Transition, write_texts
from cotutelle.operations import journal
from cotutelle.operations.facts import facts_of
from cotutelle.operations.health import recompute
from cotutelle.operations.thesis import subject
from cotutelle.operations.transition import check_day
from cotutelle.operations.version import bump


def current(session: Session, thesis: Thesis) -> Convention:
    """The convention of a thesis that stands now."""
    return session.scalars(
        select(Convention).where(Convention.thesis_id == thesis.id, Convention.current)
    ).one()


def text_of(session: Session, thesis: Thesis, convention: Convention) -> Facts:
    """The facts that the convention says: those agreed, once the parties approved it; until then the present ones."""
    if convention.agreed is not None:
        return record.from_json(convention.agreed)
    return facts_of(session, thesis, convention)


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
            terms[key] = _plain(value)
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
    """Choose the languages of the act, in the order of its columns. Stale when it changed meanwhile."""
    if ConventionState(convention.state) not in EDITABLE:
        raise Refused(Reason.MOVE_NOT_ALLOWED, "languages", state=convention.state)
    bump(session, convention, version)
    convention.languages = list(languages)
    recompute(session, thesis, today, at)
    journal.record(session, "convention.edited", subject(thesis), actor, at, languages=list(languages))


def move(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    to: ConventionState,
    on: date,
    reason: str,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Move the convention to another state. Nothing is signed before a complete text is approved."""
    check_move(ConventionState(convention.state), to, reason)
    check_day(session, thesis, "convention", on, today)
    if to in (ConventionState.APPROVED, ConventionState.SIGNING):
        _forbid_blanks(text_of(session, thesis, convention))
    bump(session, convention, version)
    session.add(
        Transition(
            thesis_id=thesis.id,
            machine="convention",
            from_state=convention.state,
            to_state=to,
            on=on,
            at=at,
            by=actor.account_id,
            reason=reason,
        )
    )
    before, convention.state, convention.state_since = convention.state, to, on
    if to is ConventionState.APPROVED:
        convention.agreed = record.to_json(facts_of(session, thesis, convention))
    elif to in EDITABLE:
        convention.agreed = None
    if to is ConventionState.IN_FORCE:
        convention.in_force_on = on
    if to is ConventionState.VOID and thesis.state not in WITHOUT_DIPLOMA:
        _start_anew(session, convention, on)
    thesis.convention_state, thesis.convention_since = current(session, thesis).state, on
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(
        session, "convention.moved", subject(thesis), actor, at, before=before, after=to, on=on, reason=reason
    )


def start_again(session: Session, thesis: Thesis, actor: Actor, at: datetime, *, today: date) -> None:
    """For a thesis that comes back: a convention that ended with it goes on in a new draft, with its terms."""
    row = current(session, thesis)
    if row.state not in (ConventionState.VOID, ConventionState.ENDED):
        return
    _start_anew(session, row, today)
    thesis.convention_state, thesis.convention_since = ConventionState.DRAFT, today
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(
        session, "convention.moved", subject(thesis), actor, at,
        before=row.state, after=ConventionState.DRAFT, on=today, reason="",
    )  # fmt: skip


def _start_anew(session: Session, voided: Convention, on: date) -> None:
    """A voided text stays as it is; its terms go on in a new draft."""
    from cotutelle.models import texts_of

    voided.current = False
    session.flush()
    fresh = Convention(
        thesis_id=voided.thesis_id,
        number=voided.number + 1,
        state_since=on,
        languages=list(voided.languages),
        terms=dict(voided.terms),
        expires_on=voided.expires_on,
    )
    session.add(fresh)
    session.flush()
    for field, texts in texts_of(session, "convention", [voided.id])[voided.id].items():
        write_texts(session, "convention", fresh.id, field, texts)


def next_number(session: Session, thesis: Thesis) -> int:
    """The number of the next version: one row of numbers over all conventions of a thesis, the void ones too."""
    last = (
        select(func.max(ConventionVersion.number))
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .where(Convention.thesis_id == thesis.id)
    )
    return (session.scalar(last) or 0) + 1


def keep_version(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    facts: Facts,
    actor: Actor,
    at: datetime,
    *,
    clauses: Mapping[str, Any],
    file_digest: str,
    engines: Mapping[str, str],
    final: bool,
) -> ConventionVersion:
    """Keep a made text as a version: its facts, clauses, languages and digests.

    A final one is refused while facts are missing or the parties have not approved the text.
    """
    if final:
        _forbid_blanks(facts)
        if ConventionState(convention.state) not in FINAL:
            raise Refused(Reason.NOT_APPROVED)
    version = ConventionVersion(
        convention_id=convention.id,
        number=next_number(session, thesis),
        final=final,
        schema=SCHEMA,
        facts=record.to_json(facts),
        clauses=dict(clauses),
        languages=list(facts.languages),
        facts_digest=record.digest(facts, clauses),
        file_digest=file_digest,
        engines=dict(engines),
        made_at=at,
        made_by=actor.account_id,
    )
    session.add(version)
    session.flush()
    journal.record(
        session,
        "convention.made",
        subject(thesis),
        actor,
        at,
        number=version.number,
        final=final,
        facts=version.facts_digest,
        file=file_digest,
    )
    return version


def _forbid_blanks(facts: Facts) -> None:
    missing = missing_facts(facts)
    if missing:
        raise Refused(Reason.FACTS_MISSING, "to", count=len({m.blank for m in missing}))


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


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
