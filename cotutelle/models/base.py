"""What every table shares: the base, named constraints, public ids, retention."""

import secrets
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import JSON, TypeDecorator

_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"


class Instant(TypeDecorator[datetime]):
    """An instant in UTC: naive in the database, aware in Python, on both databases alike."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC without its zone."""
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return value.replace(tzinfo=UTC) if value is not None else None


class Base(DeclarativeBase):
    """The base of all tables; constraints have names, so that migrations can speak of them."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: Instant(),
            dict[str, Any]: JSON(),
            list[str]: JSON(),
            list[Any]: JSON(),
            str: Text(),
        },
    )


def public_id() -> str:
    """A random name for a row, fit for addresses: row ids never leave."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


class Addressed:
    """A row that addresses may name."""

    public_id: Mapped[str] = mapped_column(String(12), default=public_id, unique=True)


class Kept:
    """A row with personal data: its retention class, and since when it is archived."""

    retention: Mapped[str] = mapped_column(String(20), default="thesis")
    archived_at: Mapped[datetime | None]


Code = String(40)
"""The column type of closed lists and short codes."""

__all__ = ["Addressed", "Base", "Code", "Instant", "Kept", "date", "public_id"]
