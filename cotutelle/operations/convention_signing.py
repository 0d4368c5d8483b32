"""Signing the convention: the bytes that everybody signs are those of the agreed version, and no others.

Whoever signs does so as for any milestone (`signoff`); here stands what is particular to the convention: when it may
be signed, which document that is, and what becomes of the convention when signing begins, ends, or is given up.
"""

from datetime import date, datetime

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from cotutelle.documents.words import words
from cotutelle.domain.actor import Actor
from cotutelle.domain.convention import record
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import (
    Closing,
    Convention,
    ConventionVersion,
    Document,
    DocumentVersion,
    Milestone,
    Thesis,
    Transition,
)
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_round
from cotutelle.operations import convention_version as versions
from cotutelle.operations import document as documents
from cotutelle.operations.convention_round import CLOSE, KIND
from cotutelle.operations.job import queue
from cotutelle.operations.standing import standing

C = ConventionState


def add_document(
    session: Session,
    thesis: Thesis,
    version: ConventionVersion,
    size: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> Document:
    """Enter the bytes of the agreed version among the documents, for everybody who will sign or follow it."""
    assert version.file_digest is not None
    found = document_of(session, version)
    frame = words(version.languages[0])["frame"]
    title = f"{name_of(version)}, {frame['version']} {version.number}"
    return found or documents.add_document(
        session, thesis, KIND, title, "everyone", actor, at,
        digest=version.file_digest, filename=f"{thesis.reference}-v{version.number}.pdf",
        media_type="application/pdf", size=size, today=today,
    )  # fmt: skip


def name_of(version: ConventionVersion) -> str:
    """What a version is, a convention or which amendment of it, in its first language."""
    own, amendment = words(version.languages[0]), record.from_json(version.facts).amendment
    if amendment is None:
        return str(own["frame"]["title"])
    return str(own["amendment"]["title"]).replace("{{number}}", str(amendment.number))


def document_to_sign(session: Session, convention: Convention) -> Document | None:
    """The document that is signed: the bytes of the agreed version; None while there are none."""
    version = versions.agreed_version(session, convention)
    return document_of(session, version) if version is not None else None


def check_document(session: Session, milestone: Milestone, document_id: int | None) -> int:
    """The document that may be signed now.

    Refused before every party approved the text, before its final version is made, and for any other document.
    """
    convention = convention_round.convention_of(session, milestone)
    if convention.state not in (C.APPROVED, C.SIGNING):
        raise Refused(Reason.NOT_APPROVED)
    document = document_to_sign(session, convention)
    if document is None:
        raise Refused(Reason.FINAL_MISSING)
    if document_id not in (None, document.id):
        raise Refused(Reason.NOT_THE_AGREED_TEXT, "document")
    return document.id


def check_day(session: Session, milestone: Milestone, on: date) -> None:
    """Refuse a signature of a day on which the text was not approved yet."""
    convention = convention_round.convention_of(session, milestone)
    approved = session.scalar(
        select(func.max(Transition.on)).where(
            Transition.thesis_id == milestone.thesis_id,
            Transition.machine == conventions.machine_of(convention),
            Transition.to_state == C.APPROVED,
        )
    )
    if approved is not None and on < approved:
        raise Refused(Reason.SIGNED_BEFORE_APPROVAL, "on", day=approved)


def begin(
    session: Session,
    thesis: Thesis,
    milestone: Milestone,
    on: date,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """The convention is being signed as soon as the first person is asked, or the first signature recorded."""
    convention = convention_round.convention_of(session, milestone)
    if convention.state == C.APPROVED:
        begins = max(on, convention.state_since)
        conventions.enter(session, thesis, convention, C.SIGNING, begins, "", actor, at, today=today)


def complete(
    session: Session, thesis: Thesis, milestone: Milestone, actor: Actor, at: datetime, *, today: date
) -> None:
    """With the last signature the convention is in force, from the day of the latest one on."""
    convention = convention_round.convention_of(session, milestone)
    if convention.state != C.SIGNING:
        return
    days = [row.answered_on for row in standing(session, milestone).values() if row and row.answered_on]
    on = max(convention.state_since, *days)
    conventions.enter(session, thesis, convention, C.IN_FORCE, on, "", actor, at, today=today)
    version = versions.agreed_version(session, convention)
    assert version is not None
    queue(session, CLOSE, f"{CLOSE}:{version.public_id}", at)


def holds_agreed_text(session: Session, document: Document) -> bool:
    """Whether a document is the bytes of some final version, or closed one: it is never replaced."""
    closed = select(Closing.file_digest).where(Closing.thesis_id == document.thesis_id)
    records = select(Closing.record_digest).where(Closing.thesis_id == document.thesis_id)
    made = (
        select(ConventionVersion.file_digest)
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .where(Convention.thesis_id == document.thesis_id, ConventionVersion.final)
    )
    held = select(DocumentVersion.id).where(
        DocumentVersion.document_id == document.id,
        DocumentVersion.digest.in_(union(made, closed, records)),
    )
    return session.execute(held.limit(1)).first() is not None


def document_of(session: Session, version: ConventionVersion) -> Document | None:
    """The document that is the bytes of a version; None while they are not made."""
    if version.file_digest is None:
        return None
    thesis_id = select(Convention.thesis_id).where(Convention.id == version.convention_id).scalar_subquery()
    return session.scalars(
        select(Document)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(
            Document.thesis_id == thesis_id,
            Document.kind == KIND,
            DocumentVersion.digest == version.file_digest,
        )
        .order_by(Document.id)
        .limit(1)
    ).first()
