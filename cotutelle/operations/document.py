"""Documents of a thesis: uploaded once checked, replaced by new versions, never rewritten."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.models import Document, DocumentVersion, Thesis
from cotutelle.operations import journal
from cotutelle.operations.health import recompute
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


def add_document(
    session: Session,
    thesis: Thesis,
    kind: str,
    title: str,
    audience: str,
    actor: Actor,
    at: datetime,
    *,
    digest: str,
    filename: str,
    media_type: str,
    size: int,
    today: date,
    institution_id: int | None = None,
    expires_on: date | None = None,
) -> Document:
    """Enter a document whose bytes the store already holds under `digest`."""
    document = Document(
        thesis_id=thesis.id,
        kind=kind,
        title=title,
        audience=audience,
        institution_id=institution_id,
        expires_on=expires_on,
        retention="document",
    )
    session.add(document)
    session.flush()
    add_version(
        session,
        thesis,
        document,
        actor,
        at,
        digest=digest,
        filename=filename,
        media_type=media_type,
        size=size,
        today=today,
    )
    return document


def add_version(
    session: Session,
    thesis: Thesis,
    document: Document,
    actor: Actor,
    at: datetime,
    *,
    digest: str,
    filename: str,
    media_type: str,
    size: int,
    today: date,
) -> DocumentVersion:
    """Enter newer bytes of a document; the older ones stay, and whoever signed those is seen to have."""
    last = select(func.max(DocumentVersion.number)).where(DocumentVersion.document_id == document.id)
    version = DocumentVersion(
        document_id=document.id,
        number=(session.scalar(last) or 0) + 1,
        digest=digest,
        filename=filename,
        media_type=media_type,
        size=size,
        at=at,
        by=actor.account_id,
        retention="document",
    )
    session.add(version)
    bump(session, thesis, None)
    journal.record(
        session,
        "document.uploaded",
        subject(thesis),
        actor,
        at,
        document=document.public_id,
        kind=document.kind,
        digest=digest,
        filename=filename,
    )
    recompute(session, thesis, today, at)
    return version
