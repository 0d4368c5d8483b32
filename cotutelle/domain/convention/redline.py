"""What a version of the text says that the one before did not: article by article, line by line, word by word.

A text is a list of articles and annexes as plain values: ``{"clause", "annex", "number", "titles": {language: text},
"rows": [{language: text}]}``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

_WORD = re.compile(r"[\w’'-]+|\s+|[^\w\s]")
_MOST_WORDS = 3000
"""Above this a line is shown whole, old and new: comparing words takes a time that grows with their square."""
_ALIKE = 0.4
"""Lines that share less than this of their words are two lines and not one that changed."""


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words and what became of them."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A numbered line of the text in each language; `number` is its place in the newer text, or in the older when gone."""

    number: str
    cells: Mapping[str, tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class Changed:
    """An article or annex with its lines that are not as they were; `mark` says when the whole came or went."""

    clause: str
    annex: bool
    number: int
    titles: Mapping[str, str]
    mark: Mark
    lines: tuple[Line, ...]


def redline(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Changed]:
    """The articles and annexes that differ, in the order of the newer text; what was taken out comes last."""
    old = {article["clause"]: article for article in before}
    kept = {article["clause"] for article in after}
    found = [_article(old.get(article["clause"]), article) for article in after]
    gone = [_article(article, None) for article in before if article["clause"] not in kept]
    return [each for each in (*found, *gone) if each.lines]


def _article(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Changed:
    shown = new or old
    assert shown is not None
    mark = Mark.SAME if old and new else Mark.NEW if new else Mark.GONE
    lines = tuple(_lines(_numbered(old), _numbered(new)))
    return Changed(shown["clause"], shown["annex"], shown["number"], shown["titles"], mark, lines)


_Row = tuple[str, Mapping[str, str]]


def _numbered(article: Mapping[str, Any] | None) -> list[_Row]:
    rows = article["rows"] if article else []
    number = article["number"] if article else 0
    return [(f"{number}.{index}", row) for index, row in enumerate(rows, start=1)]


def _lines(old: list[_Row], new: list[_Row]) -> list[Line]:
    before, after = ([tuple(sorted(row.items())) for _number, row in rows] for rows in (old, new))
    found: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            found += _block(old[a:b], new[c:d])
    return found


def _block(old: list[_Row], new: list[_Row]) -> list[Line]:
    """Lines that stand where others stood: each beside the one it was, as far as they are alike."""
    found = []
    for (number, was), (here, row) in zip(old, new, strict=False):
        if _alike(was, row):
            found.append(
                Line(here, {tag: words(was.get(tag, ""), row.get(tag, "")) for tag in {**row, **was}})
            )
        else:
            found += [_whole(number, was, Mark.GONE), _whole(here, row, Mark.NEW)]
    found += [_whole(number, row, Mark.GONE) for number, row in old[len(new) :]]
    return found + [_whole(number, row, Mark.NEW) for number, row in new[len(old) :]]


def _alike(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    shared = old.keys() & new.keys()
    pairs = [(_WORD.findall(old[tag]), _WORD.findall(new[tag])) for tag in shared]
    return any(SequenceMatcher(None, a, b, autojunk=False).quick_ratio() >= _ALIKE for a, b in pairs)


def _whole(number: str, row: Mapping[str, str], mark: Mark) -> Line:
    return Line(number, {tag: (Piece(mark, text),) for tag, text in row.items()})


def words(before: str, after: str) -> tuple[Piece, ...]:
    """One text made into another, word by word; spaces and punctuation count as words of their own."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return tuple(p for p in (Piece(Mark.GONE, before), Piece(Mark.NEW, after)) if p.text)
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece(Mark.SAME, "".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece(Mark.GONE, "".join(old[a:b])))
        if d > c:
            found.append(Piece(Mark.NEW, "".join(new[c:d])))
    return tuple(found)
