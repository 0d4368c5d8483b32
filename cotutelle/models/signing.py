"""What belongs to the signing of a convention beside the signatures: the file lent in turn, and where originals are."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Kept
from cotutelle.models.institution import Institution
from cotutelle.models.milestone import SignOff


class FileLoan(Base, Addressed, Kept):
    """That the file to be signed was lent to one signatory, and the signed file that came back.

    `lent_digest` names the bytes that went out, `file_digest` those that came back with one signature more;
    `signature` is that signature as it was read. Where nobody here knows the issuer of its certificate,
    `accepted_why` says on what whoever took it in relied.
    """

    __tablename__ = "file_loan"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("convention_version.id"), index=True)
    sign_off_id: Mapped[int] = mapped_column(ForeignKey("sign_off.id"), index=True)
    lent_digest: Mapped[str] = mapped_column(String(64))
    lent_at: Mapped[datetime]
    lent_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    given_back_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    file_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    file_size: Mapped[int | None]
    signature: Mapped[dict[str, Any]] = mapped_column(default=dict)
    accepted_why: Mapped[str] = mapped_column(default="")
    taken_in_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    sign_off: Mapped[SignOff] = relationship(viewonly=True)


class Original(Base, Addressed, Kept):
    """One original on paper: in which language, who holds it, when it was sent and received."""

    __tablename__ = "original"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id"))
    number: Mapped[int]
    languages: Mapped[list[str]] = mapped_column(default=list)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    holder: Mapped[str] = mapped_column(default="")
    sent_on: Mapped[date | None]
    received_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    institution: Mapped[Institution | None] = relationship(viewonly=True)
