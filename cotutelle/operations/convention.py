"""The convention of a thesis: which text is worked on, which one holds, and its states."""

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.negotiation import UNSETTLED
from cotutelle.domain.convention.state import EDITABLE, ConventionState, check_move
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
from cotutelle.operations.convention_copy import copy_derogations, copy_file
from cotutelle.operations.convention_version import forbid_blanks, forbid_other_wordings
from cotutelle.operations.facts import agreed_of, facts_of
from cotutelle.operations.health import recompute
from cotutelle.operations.message import PAGE
from cotutelle.operations.notice import tell_offices
from cotutelle.operations.thesis import subject
from cotutelle.operations.transition import check_day
from cotutelle.operations.version import bump


def current(session: Session, thesis: Thesis) -> Convention:
    """The text that is worked on: the convention of a thesis, or the amendment that is being made."""
    return session.scalars(
        select(Convention).where(Convention.thesis_id == thesis.id, Convention.current)
    ).one()


def holding(session: Session, thesis: Thesis) -> Convention:
    """The text that stands for the thesis: the same, but while an amendment is made the one that it will change."""
    return session.scalars(
        select(Convention).where(Convention.thesis_id == thesis.id, Convention.holding)
    ).one()


def last_number(session: Session, thesis_id: int) -> int:
    """The number of the last text of a thesis, conventions and amendments counted together."""
    found = session.scalar(select(func.max(Convention.number)).where(Convention.thesis_id == thesis_id))
    return found or 0


def machine_of(convention: Convention) -> str:
    """Under which name the moves of a text are kept: those of amendments apart from those of the convention."""
    return "convention" if convention.amends_id is None else "amendment"


def text_of(session: Session, thesis: Thesis, convention: Convention) -> Facts:
    """The facts that the convention says: those agreed, once the parties approved it; until then the present ones."""
    if convention.agreed is not None:
        return agreed_of(session, convention)
    return facts_of(session, thesis, convention)


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
    check_move(before, to, reason, amendment=convention.amends_id is not None)
    if to is ConventionState.APPROVED:
        raise Refused(Reason.BY_APPROVALS, "to")
    if to is ConventionState.PARTNER_REVIEW and before is not ConventionState.APPROVED:
        raise Refused(Reason.BY_SUBMITTING, "to")
    check_day(session, thesis, machine_of(convention), on, today)
    if to is ConventionState.SIGNING:
        forbid_blanks(text_of(session, thesis, convention))
        forbid_other_wordings(session, convention)
    if to is ConventionState.IN_FORCE and convention_round.is_open(session, convention):
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
            machine=machine_of(convention),
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
        _take_hold(session, thesis, convention, on)
    if to in (ConventionState.EXPIRED, ConventionState.ENDED):
        _end_with(session, convention, on)
    if to is ConventionState.VOID:
        convention_round.give_up(session, convention, at)
        if convention.amends_id is not None:
            _give_way(session, thesis, convention)
        elif thesis.state not in WITHOUT_DIPLOMA:
            _start_anew(session, convention, on)
    held = holding(session, thesis)
    if convention.amends_id is None or thesis.convention_state != held.state:
        thesis.convention_state, thesis.convention_since = held.state, on
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(
        session, "convention.moved", subject(thesis), actor, at,
        before=before, after=to, on=on, reason=reason, **numbered(convention),
    )  # fmt: skip


def numbered(convention: Convention) -> dict[str, int]:
    """What the journal says of an act on an amendment beside what it says of any."""
    return {} if convention.amends_id is None else {"amendment": convention.amendment}


def _take_hold(session: Session, thesis: Thesis, convention: Convention, on: date) -> None:
    """From the last signature on this text stands for the thesis; an amendment counts from its own day."""
    term = convention.terms.get("effective_on") if convention.amends_id is None else None
    convention.in_force_on = convention.effective_on or (date.fromisoformat(term) if term else on)
    if convention.amends_id is not None:
        before = session.get_one(Convention, convention.amends_id).in_force_on
        convention.in_force_on = max(convention.in_force_on, before or convention.in_force_on)
        holding(session, thesis).holding = False
        session.flush()
        convention.holding = True
        session.flush()


def _end_with(session: Session, convention: Convention, on: date) -> None:
    """What an amendment changed ends with it."""
    row = convention
    while row.amends_id is not None:
        row = session.get_one(Convention, row.amends_id)
        row.state, row.state_since = convention.state, on


def _give_way(session: Session, thesis: Thesis, amendment: Convention) -> None:
    """A voided amendment changes nothing: what it would have changed goes on as it is."""
    amendment.current = False
    session.flush()
    holding(session, thesis).current = True
    session.flush()


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

    voided.current = voided.holding = False
    session.flush()
    fresh = Convention(
        thesis_id=voided.thesis_id,
        number=last_number(session, voided.thesis_id) + 1,
        state_since=on,
        languages=list(voided.languages),
        terms=dict(voided.terms),
        framework_id=voided.framework_id,
        wordings=dict(voided.wordings),
        layout=voided.layout,
        expires_on=voided.expires_on,
    )
    session.add(fresh)
    session.flush()
    for field, texts in texts_of(session, "convention", [voided.id])[voided.id].items():
        write_texts(session, "convention", fresh.id, field, texts)
    copy_derogations(session, voided, fresh)
    copy_file(session, voided, fresh)
    session.execute(  # what is still to be said is said of the new draft
        update(ConventionPoint)
        .where(ConventionPoint.convention_id == voided.id, ConventionPoint.state.in_(UNSETTLED))
        .values(convention_id=fresh.id),
        execution_options={"synchronize_session": "fetch"},
    )
