"""Clauses in an institution's own words: variants, each with its dated versions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base
from cotutelle.models.institution import Institution


class ClauseVariant(Base, Addressed):
    """How an institution words a clause in the conventions that it leads: always, or under one condition.

    At most one of `with_institution_id`, `with_country` and `framework_id` says when: with that institution, with one
    of that country, under that framework agreement. A retired variant serves no convention any more that is not agreed.
    """

    __tablename__ = "clause_variant"
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    clause: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    with_institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    with_country: Mapped[str] = mapped_column(String(2), default="")
    framework_id: Mapped[int | None] = mapped_column(ForeignKey("framework.id"))
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    institution: Mapped[Institution] = relationship(viewonly=True, foreign_keys=[institution_id])
    with_institution: Mapped[Institution | None] = relationship(
        viewonly=True, foreign_keys=[with_institution_id]
    )
    versions: Mapped[list["ClauseVersion"]] = relationship(
        order_by="ClauseVersion.number.desc()", viewonly=True
    )


class ClauseVersion(Base):
    """One version of a variant, in force from a day until the next is; it never changes once it is written.

    `texts` holds, by language, ``title``, ``fragments`` by key, ``added`` paragraphs and ``state``; `without` the
    fragments that it leaves out. Only the state changes later, when a jurist has read a language.
    """

    __tablename__ = "clause_version"
    __table_args__ = (UniqueConstraint("variant_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("clause_variant.id"))
    number: Mapped[int]
    from_on: Mapped[date]
    texts: Mapped[dict[str, Any]]
    without: Mapped[list[str]] = mapped_column(default=list)
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
