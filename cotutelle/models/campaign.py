"""The September campaign of a school: what is asked of whose candidates, and what they sent."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code
from cotutelle.models.document import Document
from cotutelle.models.institution import Institution, School


class Campaign(Base, Addressed):
    """The yearly round of proofs of one school: the academic year by the calendar year in which it begins."""

    __tablename__ = "campaign"
    __table_args__ = (UniqueConstraint("school_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    year: Mapped[int]
    asked: Mapped[list[str]] = mapped_column(default=list)
    deadline: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    school: Mapped[School] = relationship(viewonly=True, lazy="joined")


class CampaignItem(Base, Addressed):
    """One proof asked of one candidate for one university, and what became of it."""

    __tablename__ = "campaign_item"
    __table_args__ = (
        UniqueConstraint("campaign_id", "thesis_id", "institution_id", "proof"),
        Index("ix_campaign_item_thesis_id", "thesis_id"),
        Index("ix_campaign_item_campaign_id_state", "campaign_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    proof: Mapped[str] = mapped_column(Code)
    state: Mapped[str] = mapped_column(Code, default="asked")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    enrolled_on: Mapped[date | None]
    fee: Mapped[str] = mapped_column(Code, default="")
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")
    reminded_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    campaign: Mapped[Campaign] = relationship(viewonly=True)
    institution: Mapped[Institution] = relationship(viewonly=True)
    document: Mapped[Document | None] = relationship(viewonly=True)
