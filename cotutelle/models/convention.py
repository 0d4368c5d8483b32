"""Conventions: their terms while they are negotiated, their versions once they are made."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code
from cotutelle.models.institution import Institution


class Convention(Base, Addressed):
    """The convention of a thesis, or an amendment; texts of its terms: field = key of the term.

    `current` is the text being worked on, `holding` the one that stands for the thesis: the same row, but while an
    amendment is being made. `amends_id` names the text that an amendment changes and `amendment` its own number, from
    1, with what it is made for: `triggers`, and texts of owner ``amendment``, field ``reason``. `effective_on` is the
    day from which an amendment counts, None for that of its last signature.
    `agreed` holds the facts as they were when the parties approved the text: from then on, they are the text.
    `text_document_id` is the file that a convention drafted elsewhere consists of; None for one that is drafted here.
    `wordings` says, by clause, which variant of an institution's own words it uses (``variant``, ``number`` of its
    version) and whether somebody chose that (``chosen``; no variant: as shipped). `layout` is how its languages stand.
    `expiry_told` is the last number of days before its end at which the offices were told.
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
        Index(
            "uq_convention_holding",
            "thesis_id",
            unique=True,
            sqlite_where=text("holding"),
            postgresql_where=text("holding"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    current: Mapped[bool] = mapped_column(default=True)
    holding: Mapped[bool] = mapped_column(default=True)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("convention.id"))
    amendment: Mapped[int] = mapped_column(default=0)
    triggers: Mapped[list[str]] = mapped_column(default=list)
    effective_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(Code, default="draft")
    state_since: Mapped[date]
    languages: Mapped[list[str]] = mapped_column(default=list)
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    text_document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    framework_id: Mapped[int | None] = mapped_column(ForeignKey("framework.id"))
    wordings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    layout: Mapped[str] = mapped_column(Code, default="columns")
    agreed: Mapped[dict[str, Any] | None]
    in_force_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    expiry_told: Mapped[int] = mapped_column(default=0)
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


class ClauseMark(Base, Addressed):
    """Where a subject of the catalogue stands in a text drafted elsewhere, and what of it departs from what is usual.

    `state` is one of `domain.convention.elsewhere.Stand`; `place` is its article and page there.
    """

    __tablename__ = "clause_mark"
    __table_args__ = (UniqueConstraint("convention_id", "clause"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id"))
    clause: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(Code)
    place: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class ConventionVersion(Base, Addressed):
    """A text put before the parties, or made: its facts as JSON with their schema, the clause versions it uses.

    `text` is that very text, article by article as `domain.convention.redline` compares it; it stays what it was
    whatever the wordings become. `file_digest` names the bytes once they are made, and is None until then.
    """

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
    text: Mapped[list[Any] | None]
    put_on: Mapped[date | None]
    file_digest: Mapped[str | None] = mapped_column(String(64))
    engines: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ConventionApproval(Base, Addressed):
    """That an institution approved one version of the text, or took its approval back."""

    __tablename__ = "convention_approval"
    __table_args__ = (
        Index(
            "uq_convention_approval_standing",
            "version_id",
            "institution_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("convention_version.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    on: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str] = mapped_column(default="")

    institution: Mapped[Institution] = relationship(viewonly=True)


class ConventionPoint(Base, Addressed):
    """A change that a party asks of the text, at a clause or of the whole, and where the talk about it stands.

    `owner` is the institution that has to say something next; None once the point is settled.
    """

    __tablename__ = "convention_point"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"))
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id"), index=True)
    clause: Mapped[str] = mapped_column(String(12), default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    state: Mapped[str] = mapped_column(Code, default="open")
    proposal: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    asked_by: Mapped[Institution] = relationship(viewonly=True, foreign_keys=[asked_by_id])
    owner: Mapped[Institution | None] = relationship(viewonly=True, foreign_keys=[owner_id])
    answers: Mapped[list["PointAnswer"]] = relationship(order_by="PointAnswer.id", viewonly=True)


class PointAnswer(Base):
    """What an institution said about a point, and where the talk stood from then on."""

    __tablename__ = "point_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("convention_point.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    state: Mapped[str] = mapped_column(Code)
    text: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    institution: Mapped[Institution] = relationship(viewonly=True)


class Acceptance(Base):
    """That the office accepts, once, a drafted wording of a language or confirms a reference to verify."""

    __tablename__ = "acceptance"
    subject: Mapped[str] = mapped_column(Code, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
