"""The facts of a made version as JSON, and the fingerprint of the agreed text."""

import dataclasses
import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cotutelle.domain.convention.facts import SCHEMA, Facts
from cotutelle.domain.journal import canonical


def to_json(facts: Facts) -> dict[str, Any]:
    """The facts as plain JSON, with the number of their schema."""
    plain = {field.name: _plain(getattr(facts, field.name)) for field in dataclasses.fields(facts)}
    return {"schema": SCHEMA, **plain}


def upgrade(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Facts kept under an older schema, brought to the present one.

    Raises ValueError for a schema that this version does not know.
    """
    if kept.get("schema") != SCHEMA:
        raise ValueError(f"Facts of schema {kept.get('schema')} are newer than this application.")
    return dict(kept)


def digest(facts: Facts, clauses: Mapping[str, Any]) -> str:
    """The fingerprint of the agreed text: its facts and the versions of its clauses (a file cannot print its own)."""
    return hashlib.sha256(canonical([to_json(facts), dict(clauses)]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
