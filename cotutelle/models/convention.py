"""Conventions: their terms while they are negotiated, their versions once they are made."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code
from cotutelle.models.institution import Institution


class Convention(Base, Addressed):
    """The convention of a thesis, or an amendment; texts of its terms: field = key of the term.

    `agreed` holds the facts as they were when the parties approved the text: from then on, they are the text.
    """

    __tablename__ = "convention"
    __table_args__ = (
        UniqueConstraint("thesis_id", "number"),
        Index(
            "uq_convention_current",
            "thesis_id",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    current: Mapped[bool] = mapped_column(default=True)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("convention.id"))
    state: Mapped[str] = mapped_column(Code, default="draft")
    state_since: Mapped[date]
    languages: Mapped[list[str]] = mapped_column(default=list)
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    agreed: Mapped[dict[str, Any] | None]
    in_force_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    versions: Mapped[list["ConventionVersion"]] = relationship(
        order_by="ConventionVersion.number.desc()", viewonly=True
    )


class Derogation(Base, Addressed):
    """A rule that the convention sets aside; texts: ``reason`` and ``replacement``."""

    __tablename__ = "derogation"
    __table_args__ = (UniqueConstraint("convention_id", "rule"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id"), index=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    rule: Mapped[str] = mapped_column(String(60))
    article: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))

    asked_by: Mapped[Institution | None] = relationship(viewonly=True)


class ConventionVersion(Base, Addressed):
    """A made text: facts as JSON with their schema, clause versions used, languages, digests, engines."""

    __tablename__ = "convention_version"
    __table_args__ = (UniqueConstraint("convention_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id"))
    number: Mapped[int]
    final: Mapped[bool] = mapped_column(default=False)
    schema: Mapped[int]
    facts: Mapped[dict[str, Any]]
    clauses: Mapped[dict[str, Any]]
    languages: Mapped[list[str]]
    facts_digest: Mapped[str] = mapped_column(String(64))
    file_digest: Mapped[str] = mapped_column(String(64))
    engines: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Acceptance(Base):
    """That the office accepts, once, a drafted wording of a language or confirms a reference to verify."""

    __tablename__ = "acceptance"
    subject: Mapped[str] = mapped_column(Code, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
