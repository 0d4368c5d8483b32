"""All that shows how a convention was agreed and signed, as plain values: what its signature record prints."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention import record
from cotutelle.domain.language import best
from cotutelle.domain.signoff import Proof, State
from cotutelle.models import (
    Account,
    Convention,
    ConventionApproval,
    ConventionVersion,
    DocumentVersion,
    JournalEntry,
    Milestone,
    SignOff,
    Thesis,
)
from cotutelle.operations import file_signature, original
from cotutelle.operations.standing import standing

_TOLD = frozenset({State.SENT_BACK, State.DECLINED, State.DELEGATED})
"""What became of signatures that were asked, apart from those that count."""


def of_convention(
    session: Session,
    thesis: Thesis,
    version: ConventionVersion,
    milestone: Milestone,
    number: str,
    at: datetime,
) -> dict[str, Any]:
    """The evidence of one signed version: the text, who approved it, who signed, how, and the head of the journal."""
    facts = record.from_json(version.facts)
    counted = [row for row in standing(session, milestone).values() if row is not None]
    others = session.scalars(
        select(SignOff)
        .where(SignOff.milestone_id == milestone.id, SignOff.state.in_(_TOLD))
        .order_by(SignOff.id)
    )
    head = session.execute(
        select(JournalEntry.sequence, JournalEntry.digest).order_by(JournalEntry.sequence.desc()).limit(1)
    ).one()
    return {
        "number": number,
        "reference": thesis.reference,
        "version": version.number,
        "amendment": facts.amendment.number if facts.amendment else 0,
        "languages": list(version.languages),
        "candidate": facts.candidate.name,
        "title": best(facts.titles, facts.title_original),
        "title_language": facts.title_original,
        "parties": [
            {"code": each.code, "position": each.position, "names": dict(each.names)}
            for each in facts.signing_parties
        ],
        "text": version.facts_digest,
        "made": version.file_digest,
        "approvals": _approvals(session, version),
        "signatures": [_signature(session, row) for row in counted],
        "originals": _originals(session, version),
        "others": [_other(row) for row in others if row.answered_at],
        "closed_at": at.isoformat(timespec="seconds"),
        "journal": {"sequence": head.sequence, "digest": head.digest},
    }


def _approvals(session: Session, version: ConventionVersion) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(ConventionApproval)
        .where(ConventionApproval.version_id == version.id, ConventionApproval.withdrawn_at.is_(None))
        .order_by(ConventionApproval.id)
    )
    return [
        {
            "institution": row.institution.code,
            "on": row.on.isoformat(),
            "by": _who(session, row.by),
            "note": row.note,
        }
        for row in rows
    ]


def _signature(session: Session, row: SignOff) -> dict[str, Any]:
    """One signature that counts, with exactly what shows that it is theirs."""
    assert row.answered_at is not None
    assert row.answered_on is not None
    found: dict[str, Any] = {
        "id": row.public_id,
        "name": row.person.name,
        "signer": row.signer,
        "institution": row.side,
        "on": row.answered_on.isoformat(),
        "at": row.answered_at.isoformat(timespec="seconds"),
        "proof": row.proof,
        "language": row.language,
        "declaration": row.declaration,
        "shown": row.digest,
        "sequence": row.sequence,
        "link": row.link_id,
    }
    loan = file_signature.of_sign_off(session, row)
    if loan is not None:
        found["file"] = loan.file_digest
        found["certificate"] = loan.signature
        found["accepted"] = {"by": _who(session, loan.taken_in_by), "why": loan.accepted_why}
        taker = session.get(Account, loan.taken_in_by) if loan.taken_in_by else None
        found["taken_in_by"] = taker.person.name if taker and taker.person_id != row.person_id else ""
    if row.proof in (Proof.PAPER, Proof.RECORDED):
        found["recorded_by"] = _who(session, row.account_id)
        found["scan"] = _bytes(session, row.document_id)
    return found


def _originals(session: Session, version: ConventionVersion) -> list[dict[str, Any]]:
    rows = original.originals(session, session.get_one(Convention, version.convention_id))
    return [
        {
            "number": row.number,
            "languages": row.languages,
            "holder": ", ".join(
                filter(None, (row.institution.short_name if row.institution else "", row.holder))
            ),
            "sent_on": row.sent_on.isoformat() if row.sent_on else None,
            "received_on": row.received_on.isoformat() if row.received_on else None,
        }
        for row in rows
    ]


def _other(row: SignOff) -> dict[str, Any]:
    assert row.answered_at is not None
    return {
        "name": row.person.name,
        "signer": row.signer,
        "institution": row.side,
        "state": row.state,
        "at": row.answered_at.isoformat(timespec="seconds"),
        "reason": row.reason,
    }


def _who(session: Session, account_id: int | None) -> str:
    account = session.get(Account, account_id) if account_id else None
    return account.person.name if account else ""


def _bytes(session: Session, document_id: int | None) -> str:
    """The digest of the first bytes of a document."""
    found = session.scalar(
        select(DocumentVersion.digest)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number)
        .limit(1)
    )
    return found or ""
