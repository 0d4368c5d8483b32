"""Letters in an office's own words."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cotutelle.models.base import Base, Code


class LetterWording(Base):
    """How a school words a kind of letter in a language; kind ``signature`` is the block under all of them."""

    __tablename__ = "letter_wording"
    __table_args__ = (UniqueConstraint("school_id", "kind", "language"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    kind: Mapped[str] = mapped_column(Code)
    language: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
