"""The jury of a thesis: who is to sit, what each party approved, and the findings kept with each decision."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code, Kept
from cotutelle.models.institution import Institution
from cotutelle.models.person import Person


class Jury(Base, Addressed):
    """The one jury file of a thesis: its state, and how members take part from afar."""

    __tablename__ = "jury"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), unique=True)
    state: Mapped[str] = mapped_column(Code, default="draft")
    state_since: Mapped[date]
    remote_mode: Mapped[str] = mapped_column(Code, default="none")
    remote_authorised: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)

    seats: Mapped[list["Seat"]] = relationship(order_by="Seat.position", viewonly=True)


class Seat(Base, Addressed, Kept):
    """One person of the jury file, as they are that day: rank and institution may change later elsewhere."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("jury_id", "person_id"), Index("ix_seat_person_id", "person_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    jury_id: Mapped[int] = mapped_column(ForeignKey("jury.id"), index=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    position: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    elsewhere: Mapped[str] = mapped_column(default="")
    attached_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    grade: Mapped[str] = mapped_column(default="")
    rank: Mapped[str] = mapped_column(Code, default="")
    emeritus: Mapped[bool] = mapped_column(default=False)
    accredited: Mapped[bool | None]
    gender: Mapped[str] = mapped_column(Code, default="")
    role: Mapped[str] = mapped_column(Code, default="member")
    supervision: Mapped[str] = mapped_column(Code, default="")
    rapporteur: Mapped[str] = mapped_column(Code, default="")
    president: Mapped[bool] = mapped_column(default=False)
    decides: Mapped[bool] = mapped_column(default=True)
    copublished: Mapped[bool | None]
    on_committee: Mapped[bool | None]
    remote: Mapped[bool] = mapped_column(default=False)
    report_on: Mapped[date | None]
    impartial_on: Mapped[date | None]

    person: Mapped[Person] = relationship(viewonly=True)
    institution: Mapped[Institution | None] = relationship(viewonly=True, foreign_keys=[institution_id])
    attached: Mapped[Institution | None] = relationship(viewonly=True, foreign_keys=[attached_id])


class JuryApproval(Base, Addressed):
    """That an institution approved seats as they were; a seat that changes is asked for again, the others hold."""

    __tablename__ = "jury_approval"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    seats: Mapped[dict[str, Any]]  # public id of each seat -> digest of what was approved
    on: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(default="")

    institution: Mapped[Institution] = relationship(viewonly=True)


class FindingsKept(Base, Addressed):
    """The findings of a day, kept as they were with the act that they accompanied and the rulebooks behind them."""

    __tablename__ = "findings_kept"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    act: Mapped[str] = mapped_column(Code)
    at: Mapped[datetime]
    rulebooks: Mapped[str] = mapped_column(String(64))
    seats: Mapped[list[Any]]
    findings: Mapped[list[Any]]
