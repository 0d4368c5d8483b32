"""What a new text takes over from the one before it, beside its terms: derogations, its file, where its subjects stand."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.models import ClauseMark, Convention, Derogation, texts_of, write_texts


def copy_derogations(session: Session, old: Convention, new: Convention) -> None:
    """The rules that were set aside, with their reasons and what holds instead."""
    rows = session.scalars(
        select(Derogation).where(Derogation.convention_id == old.id).order_by(Derogation.id)
    ).all()
    texts = texts_of(session, "derogation", [row.id for row in rows])
    for row in rows:
        copied = Derogation(
            convention_id=new.id, thesis_id=new.thesis_id, rule=row.rule, article=row.article,
            asked_by_id=row.asked_by_id,
        )  # fmt: skip
        session.add(copied)
        session.flush()
        for field, known in texts[row.id].items():
            write_texts(session, "derogation", copied.id, field, known)


def copy_file(session: Session, old: Convention, new: Convention) -> None:
    """The file of a text drafted elsewhere, and where its subjects stand in it."""
    new.text_document_id = old.text_document_id
    for row in session.scalars(select(ClauseMark).where(ClauseMark.convention_id == old.id)).all():
        session.add(
            ClauseMark(
                thesis_id=new.thesis_id, convention_id=new.id, clause=row.clause, state=row.state,
                place=row.place, note=row.note,
            )
        )  # fmt: skip
    session.flush()
