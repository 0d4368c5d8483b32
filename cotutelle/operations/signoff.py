"""Signing milestones: asked of each side's signatory, answered once, never written over.

One function answers for everybody, whether by account or by link. The thesis is locked first, so that of two last
signatures one sees the other; the answer itself is a conditional UPDATE, so that of many at once one acts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import OPEN, Answer, Proof, State
from cotutelle.models import Milestone, SignOff, Thesis
from cotutelle.operations import (
    calendar,
    convention_round,
    convention_signing,
    journal,
    letter,
    shown,
    signature_level,
    signing_link,
)
from cotutelle.operations.asking import Named, ask_whose_turn_it_is, hand_on
from cotutelle.operations.health import recompute
from cotutelle.operations.notice import (
    tell_complete,
    tell_declined,
    tell_no_longer,
    tell_receipt,
    tell_sent_back,
)
from cotutelle.operations.plan import plans as plans_of
from cotutelle.operations.standing import is_complete, lacking, record_done, standing, withdraw_open
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


@dataclass(frozen=True, slots=True)
class By:
    """Who answers, and what shows that it is they: `link_id` where they came by a link."""

    actor: Actor
    proof: Proof
    link_id: str | None = None


def ask(
    session: Session,
    thesis: Thesis,
    milestone: Milestone,
    named: Sequence[Named],
    document_id: int | None,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> list[SignOff]:
    """Ask people for their signatures.

    Refused when a milestone is signed elsewhere, lacks its document, or somebody has no address to write to.
    """
    _check_asked_here(session, thesis, milestone)
    if convention_round.signs(milestone):
        document_id = convention_signing.check_document(session, milestone, document_id)
    if milestone.document and document_id is None:
        raise Refused(Reason.DOCUMENT_MISSING, "document")
    if not named:
        raise Refused(Reason.NOBODY_NAMED)
    for each in named:
        if not each.person.email:
            raise Refused(Reason.NO_ADDRESS, name=each.person.name)
    bump(session, milestone, version)
    milestone.document_id = document_id
    milestone.round += 1
    slots = list(standing(session, milestone))
    rows = []
    for each in named:
        withdraw_open(session, milestone, at, slot=(each.signer, each.side))
        slot = (each.signer, each.side)
        rows.append(
            SignOff(
                thesis_id=thesis.id,
                milestone_id=milestone.id,
                round=milestone.round,
                position=slots.index(slot) if slot in slots else len(slots),
                signer=each.signer,
                side=each.side,
                person_id=each.person.id,
                language=letter.language_of(session, each.person, each.language),
                state=State.WAITING,
                asked_by=actor.account_id,
                retention="signature",
            )
        )
    session.add_all(rows)
    session.flush()
    journal.record(
        session, "signature.asked", subject(thesis), actor, at,
        kind=milestone.kind, institution=milestone.side, year=milestone.year,
        names=", ".join(each.person.name for each in named), document=document_id is not None,
    )  # fmt: skip
    if convention_round.signs(milestone):
        convention_signing.begin(session, thesis, milestone, today, actor, at, today=today)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    ask_whose_turn_it_is(session, thesis, milestone, at)
    return rows


def answer(
    session: Session,
    row_id: int,
    answered: Answer,
    digest: str,
    by: By,
    at: datetime,
    *,
    today: date,
    reason: str = "",
    delegate: Named | None = None,
) -> SignOff:
    """Approve, send back with a reason, say that it is not theirs, or hand it on: of many at once, one counts.

    `digest` is the version that was shown. Refused when it was answered already, or shows something else by now.
    """
    row = session.get_one(SignOff, row_id)
    thesis = session.scalars(
        select(Thesis)
        .where(Thesis.id == row.thesis_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if answered is Answer.SEND_BACK and not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")
    if answered is Answer.APPROVE and convention_round.signs(row.milestone):
        signature_level.check(session, row.signer, row.side, by.proof)
    if answered is Answer.DELEGATE:
        _check_delegate(session, thesis, row, delegate)
    _settle(session, row, answered, digest, by, at, today, reason.strip())
    entry = journal.record(
        session, f"signature.{answered}", subject(thesis), by.actor, at,
        sign_off=row.public_id, kind=row.milestone.kind, institution=row.side, year=row.milestone.year,
        name=row.person.name, signer=row.signer, digest=row.digest, proof=by.proof, link=by.link_id,
        language=row.language, reason=reason.strip(), to=delegate.person.name if delegate else None,
    )  # fmt: skip
    row.sequence = entry.sequence
    bump(session, row.milestone, None)
    signing_link.revoke(session, None, row.person_id, row.id, at)
    match answered:
        case Answer.APPROVE:
            tell_receipt(session, thesis, row, at)
            _after_approval(session, thesis, row, by.actor, at, today)
        case Answer.SEND_BACK:
            withdraw_open(session, row.milestone, at)
            tell_sent_back(session, thesis, row, at)
        case Answer.DECLINE:
            tell_declined(session, thesis, row, at)
        case Answer.DELEGATE:
            assert delegate is not None
            hand_on(session, thesis, row, delegate, at)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    return row


def record_paper(
    session: Session,
    thesis: Thesis,
    milestone: Milestone,
    named: Named,
    on: date,
    scan_id: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    proof: Proof = Proof.PAPER,
) -> SignOff:
    """Record a signature that exists on paper, with its scan, or one given elsewhere, with what shows it.

    Refused for a day that has not come, and where the institution asks for more than that.
    """
    if on > today:
        raise Refused(Reason.DATE_AHEAD, "on")
    _check_asked_here(session, thesis, milestone)
    if convention_round.signs(milestone):
        convention_signing.check_day(session, milestone, on)
        signature_level.check(session, named.signer, named.side, proof)
        milestone.document_id = convention_signing.check_document(session, milestone, milestone.document_id)
    found = standing(session, milestone)
    slot = (named.signer, named.side)
    open_places = [
        *lacking(session, milestone),
        *(s for s, row in found.items() if row and row.state in OPEN),
    ]
    if slot not in open_places:
        raise Refused(Reason.ALREADY_ANSWERED, "slot")
    if named.signer == Signer.CANDIDATE and named.person.id != thesis.candidate_id:
        raise Refused(Reason.NOT_THE_CANDIDATE, "who")
    plans = plans_of(session)
    withdraw_open(session, milestone, at, slot=(named.signer, named.side))
    slots = list(found)
    row = SignOff(
        thesis_id=thesis.id,
        milestone_id=milestone.id,
        round=milestone.round,
        position=slots.index(slot) if slot in slots else len(slots),
        signer=named.signer,
        side=named.side,
        person_id=named.person.id,
        language=named.language,
        state=State.APPROVED,
        asked_by=actor.account_id,
        account_id=actor.account_id,
        answered_at=at,
        answered_on=on,
        proof=proof,
        document_id=scan_id,
        retention="signature",
    )
    shown.write(row, shown.shown_of(session, thesis, milestone, plans), plans.kinds[milestone.kind].binds)
    session.add(row)
    session.flush()
    entry = journal.record(
        session, f"signature.{proof}", subject(thesis), actor, at,
        sign_off=row.public_id, kind=milestone.kind, institution=milestone.side, year=milestone.year,
        name=named.person.name, on=on, digest=row.digest,
    )  # fmt: skip
    row.sequence = entry.sequence
    bump(session, milestone, None)
    bump(session, thesis, None)
    if convention_round.signs(milestone):
        convention_signing.begin(session, thesis, milestone, on, actor, at, today=today)
    _after_approval(session, thesis, row, actor, at, today)
    recompute(session, thesis, today, at)
    return row


def withdraw(
    session: Session, thesis: Thesis, row: SignOff, reason: str, actor: Actor, at: datetime, *, today: date
) -> None:
    """Ask somebody no longer: their link is dead, and they are told. Refused once they have answered."""
    if row.state not in OPEN:
        raise Refused(Reason.ALREADY_ANSWERED)
    tell_no_longer(session, thesis, row, at)
    withdraw_open(session, row.milestone, at, slot=(row.signer, row.side))
    journal.record(
        session, "signature.withdrawn", subject(thesis), actor, at,
        sign_off=row.public_id, kind=row.milestone.kind, year=row.milestone.year, name=row.person.name,
        reason=reason,
    )  # fmt: skip
    bump(session, row.milestone, None)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)


def _check_asked_here(session: Session, thesis: Thesis, milestone: Milestone) -> None:
    if not plans_of(session).kinds[milestone.kind].declares:
        raise Refused(Reason.NOT_SIGNED_HERE)
    if milestone.state == calendar.DROPPED or calendar.closed(thesis):
        raise Refused(Reason.NOT_ASKED_ANY_MORE)


def _check_delegate(session: Session, thesis: Thesis, row: SignOff, delegate: Named | None) -> None:
    """A delegate has an address, has not handed this on already, and is not the candidate in another's place."""
    if delegate is None or not delegate.person.email:
        raise Refused(Reason.NO_ADDRESS, "email", name=delegate.person.name if delegate else "")
    before = session.scalars(
        select(SignOff.person_id).where(
            SignOff.milestone_id == row.milestone_id,
            SignOff.signer == row.signer,
            SignOff.side == row.side,
            SignOff.state == State.DELEGATED,
        )
    ).all()
    if delegate.person.id in (row.person_id, *before):
        raise Refused(Reason.DELEGATE_ONESELF, "email")
    if delegate.person.id == thesis.candidate_id and row.signer != Signer.CANDIDATE:
        raise Refused(Reason.DELEGATE_CANDIDATE, "email")


def _settle(
    session: Session,
    row: SignOff,
    answered: Answer,
    digest: str,
    by: By,
    at: datetime,
    today: date,
    reason: str,
) -> None:
    """The one write of an answer: it counts only while nobody answered, and for the version that was shown."""
    settled = session.execute(
        update(SignOff)
        .where(SignOff.id == row.id, SignOff.state == State.ASKED, SignOff.digest == digest)
        .values(
            state=answered,
            answered_at=at,
            answered_on=today,
            proof=by.proof,
            reason=reason,
            account_id=by.actor.account_id,
            link_id=by.link_id,
        )
        .returning(SignOff.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    session.refresh(row)
    if settled is None:
        raise Refused(Reason.SHOWN_CHANGED if row.state == State.ASKED else Reason.ALREADY_ANSWERED)


def _after_approval(
    session: Session, thesis: Thesis, row: SignOff, actor: Actor, at: datetime, today: date
) -> None:
    """The next in turn is asked; once nobody is missing, what was signed is recorded as having happened."""
    milestone = session.get_one(Milestone, row.milestone_id)
    if not is_complete(session, milestone):
        ask_whose_turn_it_is(session, thesis, milestone, at)
        return
    signed = [each for each in standing(session, milestone).values() if each is not None]
    tell_complete(session, thesis, milestone, signed, at)
    record_done(session, thesis, milestone, at)
    if convention_round.signs(milestone):
        convention_signing.complete(session, thesis, milestone, actor, at, today=today)
