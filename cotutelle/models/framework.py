"""Framework agreements: what institutions settled for all the theses that they share, once and for some years."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base
from cotutelle.models.institution import Institution


class Framework(Base, Addressed):
    """A framework agreement; texts: ``title`` and ``scope``.

    It runs from `begins_on` to `ends_on` (None: without end) and, where `renewal_months` says so, tacitly so many
    months longer each time, until it is denounced, `denounced_on` with effect. `most_theses` is how many candidates it
    allows, None without limit. `file_digest` names its signed text in the store.
    """

    __tablename__ = "framework"
    id: Mapped[int] = mapped_column(primary_key=True)
    signed_on: Mapped[date | None]
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    renewal_months: Mapped[int | None]
    notice_months: Mapped[int | None]
    denounced_on: Mapped[date | None]
    most_theses: Mapped[int | None]
    file_digest: Mapped[str | None] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(default="")
    media_type: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    parties: Mapped[list["FrameworkParty"]] = relationship(order_by="FrameworkParty.id", viewonly=True)
    settled: Mapped[list["FrameworkClause"]] = relationship(order_by="FrameworkClause.clause", viewonly=True)


class FrameworkParty(Base):
    """An institution that is bound by a framework agreement."""

    __tablename__ = "framework_party"
    __table_args__ = (UniqueConstraint("framework_id", "institution_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)

    institution: Mapped[Institution] = relationship(viewonly=True)


class FrameworkClause(Base):
    """A subject of the catalogue that a framework agreement settles, and in which of its articles."""

    __tablename__ = "framework_clause"
    __table_args__ = (UniqueConstraint("framework_id", "clause"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    clause: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(120))
