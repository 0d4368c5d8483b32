"""Rules that an installation adds, and how its offices read what the texts leave open."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cotutelle.models.base import Addressed, Base, Code


class RulebookFile(Base, Addressed):
    """A rulebook uploaded on screen: its text as it came, and the day from which its rules act."""

    __tablename__ = "rulebook_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code, index=True)
    text: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    from_on: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]


class Reading(Base, Addressed):
    """How an institution, or one of its schools, reads a question that the texts leave open, from a day on."""

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_institution_id_key", "institution_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"))
    key: Mapped[str] = mapped_column(Code)
    value: Mapped[str] = mapped_column(Code)
    from_on: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None]
