"""The calendar of a thesis as it is kept, who signs what of it, and addresses that take no mail."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code, Kept
from cotutelle.models.document import Document
from cotutelle.models.person import Person


class Milestone(Base, Addressed):
    """Something to be done for a thesis: required, planned and done dates apart, each with where it comes from.

    `side` is the institution that asks, by its code, empty for an act that all share; `institutions` are all that
    ask. `due_on` is the day that counts today: the planned one where somebody planned one, else the required one.
    `signatories` are pairs of capacity and institution, as the plan has them; `remind_on` is the day of the next
    reminder.
    """

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("thesis_id", "kind", "side", "year"),
        Index("ix_milestone_state_remind_on", "state", "remind_on"),
        Index("ix_milestone_state_due_on", "state", "due_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"))
    kind: Mapped[str] = mapped_column(Code)
    side: Mapped[str] = mapped_column(String(60), default="")
    year: Mapped[int] = mapped_column(default=0)
    institutions: Mapped[list[str]] = mapped_column(default=list)
    required_on: Mapped[date | None]
    required_by: Mapped[list[str]] = mapped_column(default=list)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)
    certainty: Mapped[str] = mapped_column(Code)
    planned_on: Mapped[date | None]
    planned_why: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(Code, default="open")
    signatories: Mapped[list[Any]] = mapped_column(default=list)
    in_turn: Mapped[bool] = mapped_column(default=False)
    document: Mapped[str] = mapped_column(Code, default="")
    condition: Mapped[str] = mapped_column(Code, default="")
    remind: Mapped[list[Any]] = mapped_column(default=list)
    remind_on: Mapped[date | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    round: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    paper: Mapped[Document | None] = relationship(viewonly=True)


class SignOff(Base, Addressed, Kept):
    """One signature that was asked of one person for one milestone, and what became of it.

    What was answered is never written over: a later round, a delegate or a correction is a row of its own. `shown`
    is the canonical JSON of exactly what the person saw, `digest` its SHA-256; `basis` holds the digests of the
    facts on which the declaration rests, so that a change of one of them is seen.
    """

    __tablename__ = "sign_off"
    __table_args__ = (
        Index("ix_sign_off_person_id_state", "person_id", "state"),
        Index("ix_sign_off_milestone_id_round", "milestone_id", "round"),
        Index("ix_sign_off_thesis_id_state", "thesis_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"))
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"))
    round: Mapped[int]
    position: Mapped[int]
    signer: Mapped[str] = mapped_column(Code)
    side: Mapped[str] = mapped_column(String(60), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    language: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(Code)
    declaration: Mapped[str] = mapped_column(default="")
    shown: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    basis: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]
    answered_on: Mapped[date | None]
    proof: Mapped[str] = mapped_column(Code, default="")
    reason: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    link_id: Mapped[str | None] = mapped_column(String(12))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    delegated_from_id: Mapped[int | None] = mapped_column(ForeignKey("sign_off.id"))
    sequence: Mapped[int | None]
    outdated_at: Mapped[datetime | None]
    outdated_by: Mapped[list[str]] = mapped_column(default=list)

    person: Mapped[Person] = relationship(viewonly=True, lazy="joined")
    milestone: Mapped[Milestone] = relationship(viewonly=True)


class Reminder(Base):
    """That somebody is to be told of a milestone, and in which mail of which day they were."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("person_id", "milestone_id", "on"),
        Index(
            "ix_reminder_unsent",
            "person_id",
            sqlite_where=text("message_id IS NULL"),
            postgresql_where=text("message_id IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sign_off_id: Mapped[int | None] = mapped_column(ForeignKey("sign_off.id"))
    tone: Mapped[str] = mapped_column(Code)
    on: Mapped[date]
    sent_on: Mapped[date | None]
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id"))


class Undeliverable(Base, Kept):
    """An address that a mail server refused, or from which a mail came back."""

    __tablename__ = "undeliverable"
    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    since: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="")
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id"))
