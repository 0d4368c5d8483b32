"""The closed words of each language: capacities, covers, names of facts, the frame of a document."""

import tomllib
from functools import cache
from typing import Any

from cotutelle.config import place


def folder() -> Any:
    """Where the wordings of documents are."""
    return place("templates") / "documents"


@cache
def words(language: str) -> dict[str, Any]:
    """The tables of ``words.<language>.toml``; English where a language has none."""
    path = folder() / f"words.{language}.toml"
    if not path.is_file():
        return words("en")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def word(language: str, key: str) -> str:
    """One word by its dotted key, such as ``head.president.woman``.

    Raises KeyError when the language does not have it.
    """
    found: Any = words(language)
    for part in key.split("."):
        found = found[part]
    return str(found)


def languages_with_words() -> list[str]:
    """The languages that documents can be made in."""
    return sorted(path.name.split(".")[1] for path in folder().glob("words.*.toml"))
