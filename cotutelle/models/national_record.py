"""What the national registry of theses asks besides the file itself."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cotutelle.models.base import Base, Code


class NationalRecord(Base):
    """One thesis for theses.fr; its abstracts and keywords are texts of the thesis, ``abstract`` and ``keywords``.

    `nnt` is the national number of the thesis, `oai_set` the class of the discipline (three digits of Dewey),
    `rameau` headings of that authority list, `reproduction` the opinion of the jury ("yes", "no", or not known).
    """

    __tablename__ = "national_record"
    thesis_id: Mapped[int] = mapped_column(ForeignKey("thesis.id"), primary_key=True)
    nnt: Mapped[str] = mapped_column(String(12), default="")
    on_works: Mapped[bool | None]
    reproduction: Mapped[str] = mapped_column(Code, default="")
    oai_set: Mapped[str] = mapped_column(String(60), default="")
    rameau: Mapped[list[str]] = mapped_column(default=list)
