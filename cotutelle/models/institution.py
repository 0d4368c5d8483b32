"""Institutions, their schools, units, contacts and offices; names per language are text rows."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code, Kept


class Institution(Base):
    """A university or another body that takes part in a cotutelle; texts: ``name``, ``legal_status``, ``city``."""

    __tablename__ = "institution"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    aliases: Mapped[list[str]] = mapped_column(default=list)
    short_name: Mapped[str] = mapped_column(String(60))
    country: Mapped[str] = mapped_column(String(2), index=True)
    street: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="Europe/Paris")
    website: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]] = mapped_column(default=list)
    may_award_doctorate: Mapped[bool | None]
    year_start: Mapped[str] = mapped_column(String(5), default="09-01")
    identifiers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    head_name: Mapped[str] = mapped_column(default="")
    head_capacity: Mapped[str] = mapped_column(Code, default="")
    head_gender: Mapped[str] = mapped_column(Code, default="")
    signature_levels: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    search_key: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="", index=True)
    version: Mapped[int] = mapped_column(default=1)

    schools: Mapped[list["School"]] = relationship(order_by="School.code", viewonly=True)
    units: Mapped[list["Unit"]] = relationship(
        secondary="unit_institution", order_by="Unit.code", viewonly=True
    )
    contacts: Mapped[list["Contact"]] = relationship(order_by="Contact.id", viewonly=True)
    offices: Mapped[list["Office"]] = relationship(order_by="Office.id", viewonly=True)

    @property
    def year_starts(self) -> tuple[int, int]:
        """Month and day on which its academic year begins."""
        month, day = self.year_start.split("-")
        return int(month), int(day)


class School(Base, Addressed):
    """A doctoral school or a faculty of one institution; text: ``name``."""

    __tablename__ = "school"
    __table_args__ = (UniqueConstraint("institution_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    code: Mapped[str] = mapped_column(Code)
    kind: Mapped[str] = mapped_column(Code, default="doctoral_school")
    number: Mapped[str] = mapped_column(String(80), default="")
    head_name: Mapped[str] = mapped_column(default="")

    institution: Mapped[Institution] = relationship(viewonly=True)


class Unit(Base, Addressed):
    """A research unit, of one institution or of several; text: ``name``."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    label: Mapped[str] = mapped_column(String(80), default="")
    partners: Mapped[list[str]] = mapped_column(default=list)
    head_name: Mapped[str] = mapped_column(default="")


class UnitInstitution(Base):
    """That a unit belongs to an institution."""

    __tablename__ = "unit_institution"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), primary_key=True, index=True)


class Contact(Base, Addressed, Kept):
    """Whom to write to at an institution; text: ``role``."""

    __tablename__ = "contact"
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    for_conventions: Mapped[bool] = mapped_column(default=False)


class Office(Base, Addressed):
    """A local office abroad and the region it serves; texts: ``region``, ``purpose``."""

    __tablename__ = "office"
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    city: Mapped[str]
    country: Mapped[str] = mapped_column(String(2))
    email: Mapped[str] = mapped_column(default="")
    opened_on: Mapped[date | None]
