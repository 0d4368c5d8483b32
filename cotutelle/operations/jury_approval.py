"""The jury before the parties: proposed, approved by each, decided; findings kept with every step."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from cotutelle.domain.actor import Actor
from cotutelle.domain.dossier import Dossier
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.evaluation import Finding, evaluate
from cotutelle.domain.finding import Verdict
from cotutelle.domain.journal import canonical
from cotutelle.domain.jury import JuryState
from cotutelle.domain.rulebook import Library
from cotutelle.domain.rules import JURY_CHECKS
from cotutelle.models import Event, FindingsKept, Jury, JuryApproval, Seat, Thesis, ThesisInstitution
from cotutelle.operations import journal
from cotutelle.operations.health import recompute
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump

S = JuryState
APPROVED_PARTS = (
    "person_id", "institution_id", "elsewhere", "attached_id", "grade", "rank", "emeritus", "accredited", "role",
    "supervision", "rapporteur", "president", "decides",
)  # fmt: skip
"""What a party approves of a seat: who, from where, in which capacity; reports and absences come later."""


def broken(library: Library, dossier: Dossier) -> list[Finding]:
    """The findings that refuse a proposal: binding rules on the jury that are broken and not set aside."""
    places = {place.code: place for place in dossier.places}
    return [
        finding
        for finding in evaluate(library, dossier, checks=JURY_CHECKS)
        if finding.verdict is Verdict.FAIL
        and library.binds(finding.rule)
        and finding.rule.scope.binds_at(places[finding.institution])
    ]


def _refuse_broken(library: Library, dossier: Dossier) -> None:
    failing = broken(library, dossier)
    if failing:
        raise Refused(Reason.RULES_BROKEN, rules=", ".join(dict.fromkeys(f.rule.id for f in failing)))


def propose(
    session: Session,
    thesis: Thesis,
    jury: Jury,
    on: date,
    library: Library,
    dossier: Dossier,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Put the jury before the parties. Refused while a binding rule is broken and no derogation is written."""
    if S(jury.state) not in (S.DRAFT, S.PROPOSED):
        raise Refused(Reason.NOT_THIS_STATE, state=jury.state)
    _refuse_broken(library, dossier)
    bump(session, jury, version)
    move(jury, S.PROPOSED, on)
    session.add(Event(thesis_id=thesis.id, kind="jury_proposed", on=on, by=actor.account_id))
    keep(session, thesis, "jury.proposed", library, dossier, at)
    journal.record(session, "jury.proposed", subject(thesis), actor, at, on=on)
    settle(session, thesis, jury, on)
    recompute(session, thesis, today, at)


def approve(
    session: Session,
    thesis: Thesis,
    jury: Jury,
    institution_id: int,
    on: date,
    note: str,
    library: Library,
    dossier: Dossier,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Record that an institution approves the jury as it stands. Refused before it is proposed."""
    if S(jury.state) is not S.PROPOSED:
        raise Refused(Reason.NOT_THIS_STATE, state=jury.state)
    _after_the_last_step(jury, on)
    party = session.scalar(
        select(ThesisInstitution).where(
            ThesisInstitution.thesis_id == thesis.id, ThesisInstitution.institution_id == institution_id
        )
    )
    if party is None:
        raise Refused(Reason.UNKNOWN_INSTITUTION, "institution")
    seats = seats_of(session, jury)
    if not seats:
        raise Refused(Reason.NOTHING_TO_APPROVE)
    bump(session, jury, version)
    session.add(
        JuryApproval(
            thesis_id=thesis.id,
            institution_id=institution_id,
            seats={seat.public_id: digest_of(seat) for seat in seats},
            on=on,
            at=at,
            by=actor.account_id,
            note=note,
        )
    )
    keep(session, thesis, "jury.approved", library, dossier, at)
    code = party.institution.code
    journal.record(session, "jury.approved", subject(thesis), actor, at, institution=code, on=on)
    session.flush()
    last = session.scalar(select(func.max(JuryApproval.on)).where(JuryApproval.thesis_id == thesis.id))
    settle(session, thesis, jury, last or on)
    recompute(session, thesis, today, at)


def decide(
    session: Session,
    thesis: Thesis,
    jury: Jury,
    on: date,
    library: Library,
    dossier: Dossier,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Record that the jury is appointed. Refused until every party approved every seat, and while a rule is broken."""
    if S(jury.state) is not S.APPROVED:
        raise Refused(Reason.NOT_ALL_APPROVED)
    _after_the_last_step(jury, on)
    _refuse_broken(library, dossier)
    bump(session, jury, version)
    move(jury, S.DECIDED, on)
    session.add(Event(thesis_id=thesis.id, kind="jury_validated", on=on, by=actor.account_id))
    keep(session, thesis, "jury.decided", library, dossier, at)
    journal.record(session, "jury.decided", subject(thesis), actor, at, on=on)
    recompute(session, thesis, today, at)


def _after_the_last_step(jury: Jury, on: date) -> None:
    if on < jury.state_since:
        raise Refused(Reason.BEFORE_LAST_STEP, "on", day=jury.state_since)


def reopen(
    session: Session,
    thesis: Thesis,
    jury: Jury,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Take the jury back to be changed, with a reason; approvals of seats that stay as they are hold."""
    if S(jury.state) is S.DRAFT:
        raise Refused(Reason.NOT_THIS_STATE, state=jury.state)
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")
    bump(session, jury, version)
    move(jury, S.DRAFT, today)
    journal.record(session, "jury.reopened", subject(thesis), actor, at, reason=reason)
    recompute(session, thesis, today, at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an institution has still to approve: seats as they are now, or that somebody whom it approved left.

    `last` is its latest approval, which stands for the others.
    """

    last: JuryApproval | None = None
    seats: tuple[Seat, ...] = ()
    somebody_left: bool = False

    def __bool__(self) -> bool:
        return bool(self.seats) or self.somebody_left


def waiting_for(session: Session, thesis: Thesis, jury: Jury) -> dict[int, Waiting]:
    """For each institution of the thesis, what its last approval does not cover of the jury as it is now."""
    seats = seats_of(session, jury)
    parties = session.scalars(
        select(ThesisInstitution.institution_id).where(ThesisInstitution.thesis_id == thesis.id)
    ).all()
    rows = session.scalars(
        select(JuryApproval).where(JuryApproval.thesis_id == thesis.id).order_by(JuryApproval.id)
    )
    last = {row.institution_id: row for row in rows}
    return {party: _waiting(last.get(party), seats) for party in parties}


def _waiting(last: JuryApproval | None, seats: Sequence[Seat]) -> Waiting:
    approved = last.seats if last else {}
    changed = tuple(seat for seat in seats if approved.get(seat.public_id) != digest_of(seat))
    return Waiting(last, changed, not approved.keys() <= {seat.public_id for seat in seats})


def digest_of(seat: Seat) -> str:
    """What a party approved of a seat, as a digest; it changes when that does."""
    parts = {name: getattr(seat, name) for name in APPROVED_PARTS}
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def keep(
    session: Session, thesis: Thesis, act: str, library: Library, dossier: Dossier, at: datetime
) -> None:
    """Keep the findings of the day with an act, the seats they were about, and the digest of the rulebooks."""
    findings = evaluate(library, dossier, checks=JURY_CHECKS)
    seats = dossier.jury.seats if dossier.jury else ()
    session.add(
        FindingsKept(
            thesis_id=thesis.id,
            act=act,
            at=at,
            rulebooks=library.digest,
            seats=[seat.id for seat in seats],
            findings=[
                {
                    "rule": f.rule.id,
                    "institution": f.institution,
                    "verdict": str(f.verdict),
                    "clause": f.clause,
                }
                for f in findings
            ],
        )
    )


def settle(session: Session, thesis: Thesis, jury: Jury, on: date) -> None:
    """A jury before the parties is approved as soon as every seat is, and no longer when one is not."""
    if S(jury.state) not in (S.PROPOSED, S.APPROVED):
        return
    session.flush()
    waiting = any(waiting_for(session, thesis, jury).values())
    state = S.APPROVED if seats_of(session, jury) and not waiting else S.PROPOSED
    if S(jury.state) is not state:
        move(jury, state, on)


def move(jury: Jury, state: JuryState, on: date) -> None:
    """Set the state with its day."""
    jury.state, jury.state_since = state, on


def seats_of(session: Session, jury: Jury) -> Sequence[Seat]:
    """The seats of a jury, in order, each with its person and institutions."""
    whole = (joinedload(Seat.person), joinedload(Seat.institution), joinedload(Seat.attached))
    rows = select(Seat).where(Seat.jury_id == jury.id).order_by(Seat.position, Seat.id)
    return session.scalars(rows.options(*whole)).all()
