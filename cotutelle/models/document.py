"""Documents of a thesis, their versions, and stored bytes where no folder is shared."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code, Kept


class Document(Base, Addressed, Kept):
    """A document of a thesis: its kind, who may see it, until when it holds. Its bytes are its versions'."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    kind: Mapped[str] = mapped_column(Code)
    title: Mapped[str]
    audience: Mapped[str] = mapped_column(Code, default="parties")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    expires_on: Mapped[date | None]

    versions: Mapped[list["DocumentVersion"]] = relationship(
        order_by="DocumentVersion.number.desc()", viewonly=True
    )


class DocumentVersion(Base, Addressed, Kept):
    """The bytes of a document as they came, kept by digest and never rewritten."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    filename: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Blob(Base):
    """Stored bytes by digest, for installations whose nodes share no folder."""

    __tablename__ = "blob"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
