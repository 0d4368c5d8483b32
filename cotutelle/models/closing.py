"""How a signed text was closed: the file that counts from then on, and the record of its signatures."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Kept
from cotutelle.models.convention import ConventionVersion


class Closing(Base, Addressed, Kept):
    """A version of a convention that everybody has signed, closed once and for all.

    `number` is what the text bears and its public page is named by. `seal_digest` is the SHA-256 of the certificate
    whose seal the file bears, empty where it bears none; `stamped` says that a clock dated it. `record_sealed` says
    the same of the record: a text may have been made before the installation had a certificate, and closed after.
    """

    __tablename__ = "closing"
    id: Mapped[int] = mapped_column(primary_key=True)
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("convention_version.id"), unique=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    file_digest: Mapped[str] = mapped_column(String(64), index=True)
    record_digest: Mapped[str] = mapped_column(String(64), index=True)
    seal_name: Mapped[str] = mapped_column(default="")
    seal_digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    stamped: Mapped[bool] = mapped_column(default=False)
    record_sealed: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime]

    version: Mapped[ConventionVersion] = relationship(viewonly=True)

    @property
    def sealed(self) -> bool:
        """Whether the file bears a seal."""
        return bool(self.seal_digest)
