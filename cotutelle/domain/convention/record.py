"""The facts of a made version as JSON, and the fingerprint of the agreed text."""

import dataclasses
import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from cotutelle.domain.convention.facts import SCHEMA, Facts
from cotutelle.domain.convention.terms import BY_KEY, Kind, Terms
from cotutelle.domain.journal import canonical


def to_json(facts: Facts) -> dict[str, Any]:
    """The facts as plain JSON, with the number of their schema.

    What few acts have (an amendment, a text from elsewhere, a framework, an office's own words) is there only then.
    """
    plain = {field.name: _plain(getattr(facts, field.name)) for field in dataclasses.fields(facts)}
    plain = {name: kept for name, kept in plain.items() if kept not in RARE.get(name, ())}
    return {"schema": SCHEMA, **plain}


def upgrade(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Facts kept under an older schema, brought to the present one.

    Raises ValueError for a schema that this version does not know.
    """
    facts = dict(kept)
    while facts.get("schema") != SCHEMA:
        if facts.get("schema") not in _UPGRADES:
            raise ValueError(f"Facts of schema {kept.get('schema')} are newer than this application.")
        facts = _UPGRADES[facts["schema"]](facts)
    return facts


def _from_1(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A supervisor's unit was never filled; the party's own is what the act prints."""
    supervisors = [{k: v for k, v in s.items() if k != "unit"} for s in facts["supervisors"]]
    return {**facts, "schema": 2, "supervisors": supervisors}


_UPGRADES = {1: _from_1}
RARE: Mapping[str, tuple[Any, ...]] = {
    "amendment": (None,),
    "elsewhere": (None,),
    "framework": (None,),
    "wordings": ([],),
    "layout": ("columns",),
}
"""What is left out of the JSON where it is as it is for most."""


def from_json(kept: Mapping[str, Any]) -> Facts:
    """Facts as `to_json` kept them.

    Raises ValueError for a schema that this version does not know.
    """
    plain = upgrade(kept)
    del plain["schema"]
    terms = plain.pop("terms")["values"]
    values = {key: _term(key, value) for key, value in terms.items()}
    hints = get_type_hints(Facts)
    return Facts(**{name: _read(hints[name], value) for name, value in plain.items()}, terms=Terms(values))


def _read(kind: Any, value: Any) -> Any:
    """A value of a field's type from its JSON."""
    if value is None:
        return None
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _read(next(a for a in arguments if a is not NoneType), value)
    if origin is tuple:
        return tuple(_read(arguments[0], item) for item in value)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _read(hints[name], item) for name, item in value.items()})  # type: ignore[operator]  # a class
    if kind is date:
        return date.fromisoformat(value)
    if kind is Decimal:
        return Decimal(value)
    return value


def _term(key: str, value: Any) -> Any:
    kind = BY_KEY[key.partition(":")[0]].kind
    if kind is Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return Decimal(value) if kind is Kind.MONEY and isinstance(value, str) else value


def digest(facts: Facts, clauses: Mapping[str, Any]) -> str:
    """The fingerprint of the agreed text: its facts and the versions of its clauses (a file cannot print its own).

    That a jurist has read an office's own words meanwhile changes none of them.
    """
    words = tuple(dataclasses.replace(own, state="") for own in facts.wordings)
    own = {f"{each.clause}.{each.language}" for each in words}
    used = {key: {**said, "state": ""} if key in own else said for key, said in clauses.items()}
    kept = to_json(dataclasses.replace(facts, wordings=words))
    return hashlib.sha256(canonical([kept, used]).encode()).hexdigest()


def fingerprint(kept: Mapping[str, Any]) -> str:
    """The fingerprint of kept facts alone: by it an amendment names the text that it changes."""
    return hashlib.sha256(canonical(dict(kept)).encode()).hexdigest()


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
