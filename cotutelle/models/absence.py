"""Absences: who signs in somebody's place, from a day to a day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Kept
from cotutelle.models.person import Person


class Deputy(Base, Addressed, Kept):
    """That somebody signs in another's place while they are away.

    `school_id` is the school whose office said so, and it holds for that school's theses alone; without one the
    person said so themselves. `begun_at` and `ended_at` are when what waited was handed over, and given back.
    """

    __tablename__ = "deputy"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="order"),
        Index("ix_deputy_person_id_until_on", "person_id", "until_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    given_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(viewonly=True, foreign_keys=[person_id])
    deputy: Mapped[Person] = relationship(viewonly=True, foreign_keys=[deputy_id])
