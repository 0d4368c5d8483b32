"""The monitoring committee (CSI): who sits, and what was said where the others were not in the room."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code, Kept
from cotutelle.models.institution import Institution
from cotutelle.models.person import Person


class CommitteeMember(Base, Addressed, Kept):
    """Somebody who sits on the committee, from a day to a day, and what they bring to its composition.

    `party_id` is the institution whose committee it is; without one it is the committee of all. Its meetings are
    recorded events of the thesis.
    """

    __tablename__ = "committee_member"
    __table_args__ = (Index("ix_committee_member_thesis_id", "thesis_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    belongs_to: Mapped[str] = mapped_column(default="")
    specialist: Mapped[bool] = mapped_column(default=False)
    field_outsider: Mapped[bool] = mapped_column(default=False)
    external: Mapped[bool] = mapped_column(default=False)
    outside_unit: Mapped[bool] = mapped_column(default=False)
    outside_region: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship(viewonly=True, lazy="joined")
    party: Mapped[Institution | None] = relationship(viewonly=True)


class CommitteeInterview(Base, Addressed, Kept):
    """What the committee noted of one interview: with the candidate alone, or with the direction alone."""

    __tablename__ = "committee_interview"
    __table_args__ = (UniqueConstraint("event_id", "with_whom"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    with_whom: Mapped[str] = mapped_column(Code)
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
