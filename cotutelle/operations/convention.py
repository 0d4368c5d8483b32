"""The convention's acts: its terms, its languages, its states."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention import record
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.negotiation import UNSETTLED
from cotutelle.domain.convention.state import EDITABLE, ConventionState, check_move
from cotutelle.domain.convention.terms import BY_KEY, Kind
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import WITHOUT_DIPLOMA
from cotutelle.models import (
    Convention,
    ConventionApproval,
    ConventionPoint,
    ConventionVersion,
    Thesis,
    Transition,
    write_texts,
)
from cotutelle.operations import convention_round, journal
from cotutelle.operations.convention_version import forbid_blanks, forbid_other_wordings
from cotutelle.operations.facts import facts_of
from cotutelle.operations.health import recompute
from cotutelle.operations.message import PAGE
from cotutelle.operations.notice import tell_offices
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
    """Move the convention to another state; it is approved by its parties alone, and not by a move.

    Going back from an approved text takes every approval of it back.
    """
    before = ConventionState(convention.state)
    check_move(before, to, reason)
    if to is ConventionState.APPROVED:
        raise Refused(Reason.BY_APPROVALS, "to")
    if to is ConventionState.PARTNER_REVIEW and before is not ConventionState.APPROVED:
        raise Refused(Reason.BY_SUBMITTING, "to")
    check_day(session, thesis, "convention", on, today)
    if to is ConventionState.SIGNING:
        forbid_blanks(text_of(session, thesis, convention))
        forbid_other_wordings(session, convention)
    if to is ConventionState.IN_FORCE and convention_round.is_open(session, thesis):
        raise Refused(Reason.SIGNATURES_OPEN, "to")
    bump(session, convention, version)
    if before is ConventionState.APPROVED and to in EDITABLE:
        _take_approvals_back(session, thesis, convention, reason, actor, at, today)
    enter(session, thesis, convention, to, on, reason, actor, at, today=today)


def enter(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    to: ConventionState,
    on: date,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Write that the convention is in another state, with all that follows from it; whether it may is asked before."""
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
    if to in EDITABLE:
        convention.agreed = None
    if to is ConventionState.IN_FORCE:
        convention.in_force_on = on
    if to is ConventionState.VOID:
        convention_round.give_up(session, thesis, at)
    if to is ConventionState.VOID and thesis.state not in WITHOUT_DIPLOMA:
        _start_anew(session, convention, on)
    thesis.convention_state, thesis.convention_since = current(session, thesis).state, on
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(
        session, "convention.moved", subject(thesis), actor, at, before=before, after=to, on=on, reason=reason
    )


def _take_approvals_back(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    reason: str,
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    """Every approval of the text is taken back, and the offices that gave or heard of them are told why."""
    of_it = select(ConventionVersion.id).where(ConventionVersion.convention_id == convention.id)
    taken = session.scalars(
        select(ConventionApproval)
        .where(ConventionApproval.version_id.in_(of_it), ConventionApproval.withdrawn_at.is_(None))
        .order_by(ConventionApproval.id)
    ).all()
    for each in taken:
        each.withdrawn_at, each.withdrawn_why = at, reason
    if taken:
        names = ", ".join(each.institution.short_name for each in taken)
        journal.record(
            session, "convention.reopened", subject(thesis), actor, at, institutions=names, reason=reason
        )
        page = PAGE.replace("PATH", f"theses/{thesis.reference}/convention")
        said = {"reason": reason, "page": page}
        tell_offices(session, thesis, "text_reopened", lambda _language: said, actor, at, today=today)


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
    session.execute(  # what is still to be said is said of the new draft
        update(ConventionPoint)
        .where(ConventionPoint.convention_id == voided.id, ConventionPoint.state.in_(UNSETTLED))
        .values(convention_id=fresh.id),
        execution_options={"synchronize_session": "fetch"},
    )


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
