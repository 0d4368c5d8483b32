"""The jury before the parties: proposed, approved by each, decided; findings kept with every step."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

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
    schooled = {place.code: place.schools for place in dossier.places}
    return [
        finding
        for finding in evaluate(library, dossier, checks=JURY_CHECKS)
        if finding.verdict is Verdict.FAIL
        and library.binds(finding.rule)
        and (not finding.rule.scope.school or schooled.get(finding.institution))
    ]


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
) -> None:
    """Put the jury before the parties. Refused while a binding rule is broken and no derogation is written."""
    if S(jury.state) not in (S.DRAFT, S.PROPOSED):
        raise Refused(Reason.NOT_THIS_STATE, state=jury.state)
    failing = broken(library, dossier)
    if failing:
        raise Refused(Reason.RULES_BROKEN, rules=", ".join(dict.fromkeys(f.rule.id for f in failing)))
    bump(session, jury, version)
    move(jury, S.PROPOSED, on)
    session.add(Event(thesis_id=thesis.id, kind="jury_proposed", on=on, by=actor.account_id))
    keep(session, thesis, "jury.proposed", library, dossier, at)
    journal.record(session, "jury.proposed", subject(thesis), actor, at, on=on)


def approve(
    session: Session,
    thesis: Thesis,
    jury: Jury,
    institution_id: int,
    on: date,
    note: str,
    library: Library,
    dossier: Dossier,
    actor: Actor,
    at: datetime,
) -> None:
    """Record that an institution approves the jury as it stands. Refused before it is proposed."""
    if S(jury.state) is not S.PROPOSED:
        raise Refused(Reason.NOT_THIS_STATE, state=jury.state)
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
    bump(session, jury, None)
    keep(session, thesis, "jury.approved", library, dossier, at)
    code = party.institution.code
    journal.record(session, "jury.approved", subject(thesis), actor, at, institution=code, on=on)
    settle(session, thesis, jury, on)


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
) -> None:
    """Record that the jury is appointed. Refused until every party approved every seat, and while a rule is broken."""
    if S(jury.state) is not S.APPROVED:
        raise Refused(Reason.NOT_ALL_APPROVED)
    failing = broken(library, dossier)
    if failing:
        raise Refused(Reason.RULES_BROKEN, rules=", ".join(dict.fromkeys(f.rule.id for f in failing)))
    bump(session, jury, version)
    move(jury, S.DECIDED, on)
    session.add(Event(thesis_id=thesis.id, kind="jury_validated", on=on, by=actor.account_id))
    keep(session, thesis, "jury.decided", library, dossier, at)
    journal.record(session, "jury.decided", subject(thesis), actor, at, on=on)


def reopen(
    session: Session, thesis: Thesis, jury: Jury, reason: str, actor: Actor, at: datetime, *, today: date
) -> None:
    """Take the jury back to be changed, with a reason; approvals of seats that stay as they are hold."""
    if S(jury.state) is S.DRAFT:
        raise Refused(Reason.NOT_THIS_STATE, state=jury.state)
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")
    bump(session, jury, None)
    move(jury, S.DRAFT, today)
    journal.record(session, "jury.reopened", subject(thesis), actor, at, reason=reason)


def unapproved(session: Session, thesis: Thesis, jury: Jury) -> dict[int, list[Seat]]:
    """For each institution of the thesis, the seats that it has not approved as they are now."""
    seats, parties = (
        seats_of(session, jury),
        session.scalars(
            select(ThesisInstitution.institution_id).where(ThesisInstitution.thesis_id == thesis.id)
        ).all(),
    )
    approved: dict[int, Mapping[str, str]] = {}
    for row in session.scalars(
        select(JuryApproval).where(JuryApproval.thesis_id == thesis.id).order_by(JuryApproval.id)
    ):
        approved[row.institution_id] = {**approved.get(row.institution_id, {}), **row.seats}
    return {
        party: [seat for seat in seats if approved.get(party, {}).get(seat.public_id) != digest_of(seat)]
        for party in parties
    }


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
    waiting = any(unapproved(session, thesis, jury).values())
    state = S.PROPOSED if waiting else S.APPROVED
    if S(jury.state) is not state:
        move(jury, state, on)


def move(jury: Jury, state: JuryState, on: date) -> None:
    """Set the state with its day."""
    jury.state, jury.state_since = state, on


def seats_of(session: Session, jury: Jury) -> Sequence[Seat]:
    """The seats of a jury, in order."""
    return session.scalars(select(Seat).where(Seat.jury_id == jury.id).order_by(Seat.position, Seat.id)).all()
