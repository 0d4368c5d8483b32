"""Approving the convention: a version lies before the parties, and each approves that very text.

Whoever approves locks the convention first, so that of two at once one sees the other, and a version that was
replaced meanwhile is approved by nobody.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents.convention import clause_versions
from cotutelle.domain.actor import Actor
from cotutelle.domain.convention import record
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.negotiation import still_to_approve
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, ConventionApproval, ConventionVersion, Institution, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_text, journal
from cotutelle.operations import convention_version as versions
from cotutelle.operations.facts import facts_of
from cotutelle.operations.framework_facts import applies
from cotutelle.operations.message import PAGE
from cotutelle.operations.negotiation import forbid_after_end, hold, unsettled
from cotutelle.operations.notice import tell_offices
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump

C = ConventionState


def put(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> ConventionVersion:
    """Put the text as it stands now before the parties, as a version that stays that very text.

    A text that lay before them already keeps its number and its approvals. Refused once the text is approved, when
    the same text lies there now, or when a language lacks wordings; Stale when somebody changed it meanwhile.
    """
    forbid_after_end(thesis)
    if C(convention.state) not in EDITABLE:
        raise Refused(Reason.MOVE_NOT_ALLOWED, "to", state=convention.state)
    facts = facts_of(session, thesis, convention)
    if facts.amendment is not None and not facts.amendment.clauses:
        raise Refused(Reason.AMENDS_NOTHING)
    if len(facts.parties) < 2:
        raise Refused(Reason.FEWER_THAN_TWO_INSTITUTIONS)
    if facts.framework is not None and not applies(session, convention, today):
        raise Refused(Reason.NOT_UNDER_FRAMEWORK)
    clauses = clause_versions(facts)
    row = versions.latest_put(session, convention)
    same = row is not None and not differs(row, facts)
    if same and convention.state == C.PARTNER_REVIEW:
        raise Refused(Reason.TEXT_UNCHANGED)
    bump(session, convention, version)
    if row is None or not same:
        row = versions.add_version(session, thesis, convention, facts, actor, at, clauses=clauses)
        row.text, row.put_on = convention_text.text_of(session, convention, facts), today
    journal.record(session, "convention.put", subject(thesis), actor, at, number=row.number)
    if convention.state != C.PARTNER_REVIEW:
        conventions.enter(session, thesis, convention, C.PARTNER_REVIEW, today, "", actor, at, today=today)
    _tell(session, thesis, "text_put", {"number": str(row.number)}, actor, at, today)
    return row


def differs(row: ConventionVersion, facts: Facts) -> bool:
    """Whether the text as it stands is another one than a version that was put before the parties."""
    try:
        return row.facts_digest != record.digest(facts, clause_versions(facts))
    except Refused:  # a language without all its wordings cannot be what lies there
        return True


def approve(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    number: int,
    institution_id: int,
    on: date,
    note: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> ConventionApproval:
    """Record that a party approves a version; with the last party the text is agreed.

    Refused when another version lies before the parties by now, while it lacks facts, or while points are open.
    """
    hold(session, convention)
    forbid_after_end(thesis)
    row = versions.latest_put(session, convention)
    if convention.state != C.PARTNER_REVIEW or row is None or row.put_on is None:
        raise Refused(Reason.NOT_BEFORE_PARTIES)
    if row.number != number:
        raise Refused(Reason.TEXT_REPLACED, number=row.number)
    facts = record.from_json(row.facts)
    institution = session.get(Institution, institution_id)
    if institution is None or institution.code not in [party.code for party in facts.signing_parties]:
        raise Refused(Reason.UNKNOWN_INSTITUTION, "institution")
    if on > today:
        raise Refused(Reason.DATE_AHEAD, "on")
    if on < row.put_on:
        raise Refused(Reason.BEFORE_PUT, "on", day=row.put_on)
    versions.forbid_blanks(facts)
    waiting = unsettled(session, convention)
    if waiting:
        raise Refused(Reason.POINTS_OPEN, count=len(waiting))
    if institution.code in approved_by(session, row):
        raise Refused(Reason.APPROVED_ALREADY, "institution")
    given = ConventionApproval(
        thesis_id=thesis.id, version_id=row.id, institution_id=institution_id, on=on, at=at,
        by=actor.account_id, note=note,
    )  # fmt: skip
    session.add(given)
    session.flush()
    journal.record(
        session, "convention.approved", subject(thesis), actor, at,
        number=row.number, institution=institution.code, on=on, digest=row.facts_digest, note=note,
    )  # fmt: skip
    _settle(session, thesis, convention, row, actor, at, today)
    return given


def take_back(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    number: int,
    institution_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Take the approval that a party gave to a version back, with a reason; the others hold.

    Refused once the text is being signed, and when another version lies before the parties by now.
    """
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")
    hold(session, convention)
    row = versions.latest_put(session, convention)
    if row is None or C(convention.state) not in (*EDITABLE, C.APPROVED):
        raise Refused(Reason.MOVE_NOT_ALLOWED, state=convention.state)
    if row.number != number:
        raise Refused(Reason.TEXT_REPLACED, number=row.number)
    given = next((a for a in approvals(session, row) if a.institution_id == institution_id), None)
    if given is None:
        raise Refused(Reason.NOT_APPROVED_BY_THEM, "institution")
    given.withdrawn_at, given.withdrawn_why = at, reason.strip()
    session.flush()
    journal.record(
        session, "convention.approval_withdrawn", subject(thesis), actor, at,
        number=row.number, institution=given.institution.code, reason=reason.strip(),
    )  # fmt: skip
    if convention.state == C.APPROVED:
        conventions.enter(
            session, thesis, convention, C.PARTNER_REVIEW, today, reason.strip(), actor, at, today=today
        )
    said = {"number": str(row.number), "who": given.institution.short_name, "reason": reason.strip()}
    _tell(session, thesis, "text_withdrawn", said, actor, at, today)


def _settle(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    row: ConventionVersion,
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    """Agree the text once every party has approved the version before them: from then on, that is the text."""
    if waiting_for(session, row):
        return
    last = max(convention.state_since, *(given.on for given in approvals(session, row)))
    convention.agreed = row.facts
    conventions.enter(session, thesis, convention, C.APPROVED, last, "", actor, at, today=today)
    _tell(session, thesis, "text_agreed", {"number": str(row.number)}, actor, at, today)


def approvals(session: Session, row: ConventionVersion) -> Sequence[ConventionApproval]:
    """The approvals of a version that stand, in the order in which they came."""
    return session.scalars(
        select(ConventionApproval)
        .where(ConventionApproval.version_id == row.id, ConventionApproval.withdrawn_at.is_(None))
        .order_by(ConventionApproval.id)
    ).all()


def approved_by(session: Session, row: ConventionVersion) -> set[str]:
    """The parties by their codes that approved a version."""
    return {given.institution.code for given in approvals(session, row)}


def waiting_for(session: Session, row: ConventionVersion) -> list[str]:
    """The parties of a version by their codes that have not approved it."""
    parties = [party.code for party in record.from_json(row.facts).signing_parties]
    return still_to_approve(parties, approved_by(session, row))


def _tell(
    session: Session,
    thesis: Thesis,
    kind: str,
    values: dict[str, str],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    page = PAGE.replace("PATH", f"theses/{thesis.reference}/convention")
    said = {**values, "page": page}
    tell_offices(session, thesis, kind, lambda _language: said, actor, at, today=today)
