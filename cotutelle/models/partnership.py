"""Partnerships: what institutions do together beyond one thesis, and the theses that stand under it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code, Instant, Kept
from cotutelle.models.institution import Institution


class Partnership(Base):
    """A consortium, network, programme, fund, project, agreement, laboratory or office abroad; texts: ``name``, ``purpose``.

    `levels` are the levels of study that it is for. It runs from `begins_on` (None: not known) to `ends_on` (None:
    without end) and, where `renewal_months` says so, tacitly so many months longer each time, until it is denounced.
    `countries` are those that a local office serves. What it asks of a cotutelle is the rulebook whose scope names its
    `code`.
    """

    __tablename__ = "partnership"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    kind: Mapped[str] = mapped_column(Code, index=True)
    short_name: Mapped[str] = mapped_column(String(60))
    levels: Mapped[list[str]] = mapped_column(default=list)
    website: Mapped[str] = mapped_column(default="")
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    renewal_months: Mapped[int | None]
    denounced_on: Mapped[date | None]
    countries: Mapped[list[str]] = mapped_column(default=list)
    sort_key: Mapped[str] = mapped_column(default="", index=True)
    version: Mapped[int] = mapped_column(default=1)

    members: Mapped[list["PartnershipMember"]] = relationship(order_by="PartnershipMember.id", viewonly=True)
    contacts: Mapped[list["PartnershipContact"]] = relationship(
        order_by="PartnershipContact.id", viewonly=True
    )
    calls: Mapped[list["PartnershipCall"]] = relationship(order_by="PartnershipCall.closes_on", viewonly=True)
    documents: Mapped[list["PartnershipDocument"]] = relationship(
        order_by="PartnershipDocument.id", viewonly=True
    )


class PartnershipMember(Base):
    """An institution that takes part, from a day to a day (None: not known, or still)."""

    __tablename__ = "partnership_member"
    __table_args__ = (UniqueConstraint("partnership_id", "institution_id", "from_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    role: Mapped[str] = mapped_column(Code)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    institution: Mapped[Institution] = relationship(viewonly=True)


class PartnershipContact(Base, Kept):
    """Whom to write to about a partnership; who is `in_charge` answers for it here."""

    __tablename__ = "partnership_contact"
    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    name: Mapped[str]
    function: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    in_charge: Mapped[bool] = mapped_column(default=False)


class PartnershipCall(Base):
    """A call for applications with its days."""

    __tablename__ = "partnership_call"
    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    title: Mapped[str]
    website: Mapped[str] = mapped_column(default="")
    opens_on: Mapped[date | None]
    closes_on: Mapped[date]


class PartnershipDocument(Base, Addressed):
    """A file of a partnership, in the store by its digest."""

    __tablename__ = "partnership_document"
    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    title: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str]
    media_type: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)


class ThesisPartnership(Base):
    """That a thesis stands under a partnership."""

    __tablename__ = "thesis_partnership"
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True, index=True)
