"""The wording of clauses: closed Markdown with ``{{variables}}``, one file for each clause and language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from cotutelle.documents.words import folder, words
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.own import ADDED
from cotutelle.domain.convention.variables import NAMED
from cotutelle.domain.errors import Reason, Refused

VARIABLE = NAMED


class NoWording(Refused):
    """A clause has no text in a language."""

    def __init__(self, clause: str, language: str) -> None:
        super().__init__(Reason.NO_WORDING, "languages", language=language, clauses=clause)
        self.clause, self.language = clause, language


@dataclass(frozen=True, slots=True)
class Wording:
    """One clause in one language: its title, its fragments by key, its state and version."""

    clause: str
    language: str
    title: str
    fragments: Mapping[str, str]
    state: str
    version: str


@cache
def wording(clause: str, language: str) -> Wording:
    """The wording of a clause.

    Raises NoWording.
    """
    path = folder() / "clauses" / f"{clause}.{language}.md"
    if not path.is_file():
        raise NoWording(clause, language)
    return parse(clause, language, path.read_text(encoding="utf-8"))


def worded(facts: Facts, clause: str, language: str) -> Wording:
    """The wording of a clause as this act has it: an office's own words before those that are shipped.

    Raises NoWording, also where the office words the clause itself but not in this language.
    """
    shipped, owned = wording(clause, language), facts.own_wordings(clause)
    if owned and language not in owned:
        raise NoWording(clause, language)
    fragments = {**shipped.fragments, "inherited": str(words(language)["framework"]["inherited"])}
    if not owned:
        return replace(shipped, fragments=fragments)
    own = owned[language]
    fragments |= own.fragments
    fragments |= {f"{ADDED}{number}": text for number, text in enumerate(own.added, start=1)}
    version = f"{own.variant}.{own.version}"
    return Wording(clause, language, own.title or shipped.title, fragments, own.state, version)


def parse(clause: str, language: str, source: str) -> Wording:
    """Read a wording file: front matter, a ``#`` title, and a ``##`` heading before each fragment."""
    _, front, body = source.split("---\n", 2)
    facts = dict(line.split(": ", 1) for line in front.strip().splitlines())
    head, *rest = re.split(r"^## ", body.strip(), flags=re.MULTILINE)
    fragments = {}
    for part in rest:
        key, _, text = part.partition("\n")
        # only plain spaces fold: French holds its colons and quotation marks with U+00A0
        fragments[key.strip()] = re.sub(r"[ \n\t]+", " ", text).strip(" ")
    return Wording(
        clause, language, head.removeprefix("#").strip(), fragments, facts["state"], facts["version"]
    )


def languages_of(clause: str) -> list[str]:
    """The languages that have a wording of this clause."""
    return sorted(path.name.split(".")[1] for path in (folder() / "clauses").glob(f"{clause}.*.md"))
