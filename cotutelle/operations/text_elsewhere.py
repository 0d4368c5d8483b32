"""A text drafted elsewhere as facts: its newest file, and where the office found each subject in it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention.facts import Elsewhere, Subject
from cotutelle.models import ClauseMark, Convention, Document, DocumentVersion


def file_of(session: Session, convention: Convention) -> DocumentVersion | None:
    """The newest file of a convention drafted elsewhere; None for one that is drafted here."""
    return session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.document_id == convention.text_document_id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    ).first()


def subjects_of(session: Session, convention: Convention) -> tuple[Subject, ...]:
    """Where each subject stands, in the order of the catalogue."""
    rows = session.scalars(
        select(ClauseMark).where(ClauseMark.convention_id == convention.id).order_by(ClauseMark.clause.desc())
    )
    marks = [Subject(row.clause, row.state, row.place, row.note) for row in rows]
    return tuple(sorted(marks, key=lambda each: (each.clause.startswith("AX"), each.clause)))


def elsewhere_of(session: Session, convention: Convention) -> Elsewhere | None:
    """What is known of a text drafted elsewhere; None for one that is drafted here."""
    file = file_of(session, convention) if convention.text_document_id is not None else None
    if file is None:
        return None
    return Elsewhere(file.digest, file.filename, file.media_type, subjects_of(session, convention))


def is_a_text(session: Session, document: Document) -> bool:
    """Whether a document is the text of some convention: its newer versions are taken in as such."""
    texts = select(Convention.id).where(Convention.text_document_id == document.id)
    return session.execute(texts.limit(1)).first() is not None
