"""Evidence and traffic: the journal, act keys, mail, jobs, counters, limits, access log."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cotutelle.models.base import Base, Code, Kept


class JournalEntry(Base):
    """One act, chained to the one before; append-only by trigger on both databases."""

    __tablename__ = "journal"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(Code)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    payload: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64))


class JournalValue(Base, Kept):
    """The values of an entry and their salt, apart from the chain so that retention may empty them."""

    __tablename__ = "journal_value"
    sequence: Mapped[int] = mapped_column(ForeignKey("journal.sequence"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    values: Mapped[dict[str, Any] | None]


class ActKey(Base):
    """The key of a form that was posted, and the answer that a second post gets."""

    __tablename__ = "act_key"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    endpoint: Mapped[str] = mapped_column(String(80))
    request_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    location: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)


class Message(Base, Kept):
    """A mail in the outbox, written once when queued; its links and codes are put in when it is sent.

    `event` is the iCalendar text attached to it, if any.
    """

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_state_due_at", "state", "due_at"),)
    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    to: Mapped[str]
    language: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(Code)
    subject: Mapped[str]
    body: Mapped[str]
    reply_to: Mapped[str] = mapped_column(default="")
    event: Mapped[str] = mapped_column(default="")
    link_id: Mapped[str | None] = mapped_column(ForeignKey("link.id"))
    thesis_id: Mapped[int | None] = mapped_column(ForeignKey("thesis.id"))
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Code, default="queued")
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")


class Job(Base):
    """Work for the worker: one row each, leased while it runs."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_due_at", "state", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    subject: Mapped[str] = mapped_column(String(80), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unique_key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(Code, default="queued")
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(default="")


class Counter(Base):
    """A number kept beside what it counts; `operations.counter` alone writes it."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("name", "scope"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Code)
    scope: Mapped[str] = mapped_column(String(120), default="")
    value: Mapped[int] = mapped_column(default=0)


class Limit(Base):
    """Tries against one key within a window, shared by all processes."""

    __tablename__ = "limit"
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window: Mapped[datetime] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)


class AccessLog(Base, Kept):
    """Sign-ins and reads of sensitive fields: technical, apart from the file's history, short-lived."""

    __tablename__ = "access_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    what: Mapped[str] = mapped_column(Code)
    subject: Mapped[str] = mapped_column(String(80), default="")
    address: Mapped[str] = mapped_column(String(60), default="")


class Installation(Base):
    """What this database is: ``demo`` or ``real``, and other facts of the installation, by name."""

    __tablename__ = "installation"
    name: Mapped[str] = mapped_column(Code, primary_key=True)
    value: Mapped[str]
