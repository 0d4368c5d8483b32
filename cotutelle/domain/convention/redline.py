"""What a version of the text says that the one before did not: article by article, line by line, word by word.

A text is a list of articles and annexes as plain values: ``{"clause", "annex", "number", "titles": {language: text},
"rows": [{language: text}]}``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

_WORD = re.compile(r"(?:[\w’'-]+|[^\w\s])\s*|\s+")
_MOST = 120_000
"""Above so many pairs of words a line is shown whole, old and new: comparing takes a time that grows with them."""
_ALIKE = 0.5
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

    @property
    def changed(self) -> bool:
        """Whether anything in it is not as it was."""
        return any(piece.mark is not Mark.SAME for cell in self.cells.values() for piece in cell)


@dataclass(frozen=True, slots=True)
class Changed:
    """An article or annex with its lines that are not as they were; `mark` says when the whole came or went."""

    clause: str
    annex: bool
    number: int
    titles: Mapping[str, str]
    mark: Mark
    lines: tuple[Line, ...]


Article = Mapping[str, Any]
Row = tuple[str, Mapping[str, str]]


def redline(before: Sequence[Article], after: Sequence[Article]) -> list[Changed]:
    """The articles and annexes that differ, in the order of the newer text; what was taken out comes last."""
    old = {article["clause"]: article for article in before}
    kept = {article["clause"] for article in after}
    found = [_article(old.get(article["clause"]), article) for article in after]
    gone = [_article(article, None) for article in before if article["clause"] not in kept]
    return [each for each in (*found, *gone) if each.lines]


def marked(old: Article | None, new: Article) -> list[Line]:
    """Every line of an article, and those taken out of it, with what became of their words."""
    return _lines(_numbered(old), _numbered(new))


def _article(old: Article | None, new: Article | None) -> Changed:
    shown = new or old
    assert shown is not None
    mark = Mark.SAME if old and new else Mark.NEW if new else Mark.GONE
    lines = [line for line in _lines(_numbered(old), _numbered(new)) if line.changed]
    if old and new and (title := _changed(str(new["number"]), old["titles"], new["titles"])).changed:
        lines.insert(0, title)
    return Changed(shown["clause"], shown["annex"], shown["number"], shown["titles"], mark, tuple(lines))


def _numbered(article: Article | None) -> list[Row]:
    rows = article["rows"] if article else []
    number = article["number"] if article else 0
    return [(f"{number}.{index}", row) for index, row in enumerate(rows, start=1)]


def _lines(old: list[Row], new: list[Row]) -> list[Line]:
    before, after = ([tuple(sorted(row.items())) for _number, row in rows] for rows in (old, new))
    found: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [_whole(number, row, Mark.SAME) for number, row in new[c:d]]
        else:
            found += _block(old[a:b], new[c:d])
    return found


def _block(old: list[Row], new: list[Row]) -> list[Line]:
    """Lines that stand where others stood: each beside the one before it that it is most like, in their order."""
    found, next_old = [], 0
    for here, row in new:
        alike = [(_alike(was, row), index) for index, (_n, was) in enumerate(old) if index >= next_old]
        best, index = max(alike, key=lambda each: (each[0], -each[1]), default=(0.0, 0))
        if best < _ALIKE:
            found.append(_whole(here, row, Mark.NEW))
            continue
        found += [_whole(number, was, Mark.GONE) for number, was in old[next_old:index]]
        found.append(_changed(here, old[index][1], row))
        next_old = index + 1
    return found + [_whole(number, was, Mark.GONE) for number, was in old[next_old:]]


def _alike(old: Mapping[str, str], new: Mapping[str, str]) -> float:
    """How much of their words two lines share, in the language in which they share most."""
    pairs = [(_words(old[tag]), _words(new[tag])) for tag in old.keys() & new.keys()]
    return max((SequenceMatcher(None, a, b, autojunk=False).quick_ratio() for a, b in pairs), default=0.0)


def _words(text: str) -> list[str]:
    return [token.strip() for token in _WORD.findall(text) if token[0].isalnum()]


def _changed(number: str, old: Mapping[str, str], new: Mapping[str, str]) -> Line:
    return Line(number, {tag: words(old.get(tag, ""), new.get(tag, "")) for tag in {**new, **old}})


def _whole(number: str, row: Mapping[str, str], mark: Mark) -> Line:
    return Line(number, {tag: (Piece(mark, text),) for tag, text in row.items()})


def words(before: str, after: str) -> tuple[Piece, ...]:
    """One text made into another, word by word; blanks go with the word before them and are not compared."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if before == after:
        return _pieces([(Mark.SAME, after)])
    if len(old) * len(new) > _MOST:
        return _pieces([(Mark.GONE, before), (Mark.NEW, after)])
    bare = [token.strip() for token in old], [token.strip() for token in new]
    found: list[tuple[Mark, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, *bare, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append((Mark.SAME, "".join(new[c:d])))
        else:
            found += [(Mark.GONE, "".join(old[a:b])), (Mark.NEW, "".join(new[c:d]))]
    return _pieces(found)


def _pieces(found: Iterable[tuple[Mark, str]]) -> tuple[Piece, ...]:
    return tuple(Piece(mark, text) for mark, text in found if text)
