"""The thesis and everything that hangs on it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code, Kept
from cotutelle.models.institution import Institution, School, Unit
from cotutelle.models.person import Person


class Thesis(Base, Kept):
    """A thesis shared by two or more institutions; text: ``title``. Which institutions: `ThesisInstitution` alone."""

    __tablename__ = "thesis"
    __table_args__ = (
        Index("ix_thesis_sort_key_id", "sort_key", "id"),
        Index("ix_thesis_state_sort_key", "state", "sort_key"),
        CheckConstraint("defence_from IS NULL OR defence_until >= defence_from", name="defence_window"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(60), unique=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(Code, default="draft")
    state_since: Mapped[date]
    convention_state: Mapped[str] = mapped_column(Code, default="draft")
    convention_since: Mapped[date | None]
    mode: Mapped[str | None] = mapped_column(Code)
    thesis_language: Mapped[str | None] = mapped_column(String(12))
    defence_language: Mapped[str | None] = mapped_column(String(12))
    defence_from: Mapped[date | None]
    defence_until: Mapped[date | None]
    defence_on: Mapped[date | None]
    defence_hour: Mapped[str] = mapped_column(String(5), default="")
    defence_institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    defence_place: Mapped[str] = mapped_column(default="")
    diploma_form: Mapped[str | None] = mapped_column(Code)
    confidential: Mapped[bool] = mapped_column(default=False)
    first_year: Mapped[int] = mapped_column(index=True)
    followed_since: Mapped[date | None]
    registered_at: Mapped[datetime]
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lacking: Mapped[int] = mapped_column(default=0)
    health: Mapped[str] = mapped_column(Code, default="pending")
    health_reason: Mapped[str] = mapped_column(Code, default="")
    good_until: Mapped[date | None]
    calendar_changes: Mapped[int] = mapped_column(default=0)
    reminders_paused: Mapped[bool] = mapped_column(default=False)
    search_key: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    candidate: Mapped[Person] = relationship(viewonly=True)
    parties: Mapped[list["ThesisInstitution"]] = relationship(
        order_by="ThesisInstitution.position", viewonly=True
    )


class ThesisInstitution(Base, Addressed):
    """The only tie between a thesis and a university: what it is there, since when, and under which number."""

    __tablename__ = "thesis_institution"
    __table_args__ = (
        UniqueConstraint("thesis_id", "institution_id"),
        UniqueConstraint("thesis_id", "position"),
        Index(
            "uq_thesis_institution_lead",
            "thesis_id",
            unique=True,
            sqlite_where=text("lead"),
            postgresql_where=text("lead"),
        ),
        Index("ix_thesis_institution_institution_id_thesis_id", "institution_id", "thesis_id"),
        Index("ix_thesis_institution_school_id_thesis_id", "school_id", "thesis_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    position: Mapped[int]
    lead: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str] = mapped_column(Code, default="degree")
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    number: Mapped[str] = mapped_column(String(60), default="")
    first_enrolment: Mapped[date | None]
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]

    institution: Mapped[Institution] = relationship(viewonly=True, lazy="joined")
    school: Mapped[School | None] = relationship(viewonly=True, lazy="joined")
    unit: Mapped[Unit | None] = relationship(viewonly=True, lazy="joined")


class Supervision(Base, Addressed, Kept):
    """Somebody who supervises the thesis for one party, in a capacity, from a day to a day."""

    __tablename__ = "supervision"
    __table_args__ = (Index("ix_supervision_person_id_thesis_id", "person_id", "thesis_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    role: Mapped[str] = mapped_column(Code)
    position: Mapped[str] = mapped_column(default="")
    academic: Mapped[bool | None]
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship(viewonly=True, lazy="joined")
    institution: Mapped[Institution] = relationship(viewonly=True, lazy="joined")


class Enrolment(Base, Addressed):
    """One year at one institution: enrolled or not, what becomes of the fees, and the proof."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("thesis_id", "institution_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    year: Mapped[int]
    enrolled_on: Mapped[date | None]
    fee: Mapped[str] = mapped_column(Code, default="unknown")
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    note: Mapped[str] = mapped_column(default="")


class Stay(Base, Addressed):
    """A period at an institution, planned or done; what was planned is never overwritten by what was done."""

    __tablename__ = "stay"
    __table_args__ = (CheckConstraint("end_on >= begin_on", name="order"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    begin_on: Mapped[date]
    end_on: Mapped[date]
    done: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")

    institution: Mapped[Institution] = relationship(viewonly=True)


class Leave(Base, Addressed, Kept):
    """A leave or the gap period; the kind is sensitive and shown to few."""

    __tablename__ = "leave"
    __table_args__ = (CheckConstraint("end_on >= begin_on", name="order"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    kind: Mapped[str] = mapped_column(Code)
    begin_on: Mapped[date]
    end_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")


class FundingSource(Base, Addressed):
    """A source of money for the candidate: so much a month, or in all; `asks` is what it asks in return.

    It may be the money of a partnership that the thesis stands under.
    """

    __tablename__ = "funding"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    kind: Mapped[str] = mapped_column(Code)
    funder: Mapped[str]
    begin_on: Mapped[date | None]
    end_on: Mapped[date | None]
    monthly_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    total_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    asks: Mapped[str] = mapped_column(default="")
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), index=True)


class Transition(Base):
    """A move of the thesis or of its convention: from, to, on which day, by whom, why.

    `institution_id` is where a thesis goes on that one institution alone keeps.
    """

    __tablename__ = "transition"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    machine: Mapped[str] = mapped_column(Code)
    from_state: Mapped[str] = mapped_column(Code)
    to_state: Mapped[str] = mapped_column(Code)
    on: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))


class Event(Base, Addressed):
    """A recorded fact of the thesis that has no screen of its own yet: kind, day, document, by whom."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    kind: Mapped[str] = mapped_column(Code)
    on: Mapped[date]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Note(Base, Addressed, Kept):
    """A note for the school alone."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
