"""Legal texts that a convention refers to, by country and by institution, with the certainty of each."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from cotutelle.domain.convention.facts import Reference


@cache
def _read() -> tuple[dict[str, Any], ...]:
    path = Path(__file__).with_name("references.toml")
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["reference"])


def references_for(country: str, institution: str) -> tuple[Reference, ...]:
    """The texts of a country, then those of the institution itself."""
    return tuple(
        Reference(row["id"], dict(row["text"]), row["certainty"])
        for row in _read()
        if row.get("country") == country or institution in row.get("institutions", ())
    )
