"""Texts in languages: one row for each language of each field of each subject."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cotutelle.models.base import Base, Code


class TextRow(Base):
    """One content in one language; `original` marks the language it was written in."""

    __tablename__ = "text"
    __table_args__ = (Index("ix_text_language", "subject", "field", "language"),)
    subject: Mapped[str] = mapped_column(Code, primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    text: Mapped[str]
    original: Mapped[bool] = mapped_column(default=False)


def texts_of(
    session: Session, subject: str, ids: Collection[int], field: str | None = None
) -> dict[int, dict[str, dict[str, str]]]:
    """The texts of several subjects: ``{id: {field: {language: text}}}``, the original language first."""
    found: dict[int, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    if not ids:
        return found
    statement = select(TextRow).where(TextRow.subject == subject, TextRow.subject_id.in_(ids))
    if field:
        statement = statement.where(TextRow.field == field)
    for row in session.scalars(statement.order_by(TextRow.original.desc(), TextRow.language)):
        found[row.subject_id][row.field][row.language] = row.text
    return found


def write_texts(
    session: Session, subject: str, subject_id: int, field: str, texts: Mapping[str, str], original: str = ""
) -> None:
    """Make these the texts of a field; languages without text are removed."""
    session.execute(
        delete(TextRow).where(
            TextRow.subject == subject, TextRow.subject_id == subject_id, TextRow.field == field
        )
    )
    session.add_all(
        TextRow(
            subject=subject,
            subject_id=subject_id,
            field=field,
            language=language,
            text=text,
            original=language == original,
        )
        for language, text in texts.items()
        if text
    )
    session.flush()
