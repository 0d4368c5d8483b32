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
    """The tables of ``words.<language>.toml``, those of the other papers under ``paper``; English where there are none."""
    path = folder() / f"words.{language}.toml"
    if not path.is_file():
        return words("en")
    papers = folder() / "papers" / f"words.{language}.toml"
    paper = _read(papers) if papers.is_file() else words("en")["paper"]
    return {**_read(path), "paper": paper}


def fact_name(language: str, fact: str) -> str:
    """What a fact is called that is to be given."""
    own = words(language)
    return str(own["fact"].get(fact) or own["paper"]["fact"].get(fact, fact))


def _read(path: Any) -> dict[str, Any]:
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


def languages_of_papers() -> tuple[str, ...]:
    """The languages that papers beside the convention are made in, side by side."""
    return ("fr", "en")
