"""An amendment as a document: its own articles, and among them those of the convention that read otherwise, old and new."""

from collections.abc import Sequence
from dataclasses import dataclass

from cotutelle.documents.act import Sheet, draw
from cotutelle.documents.convention import section
from cotutelle.documents.signatory import SIGNATURES
from cotutelle.documents.words import words
from cotutelle.domain.convention.assembly import assemble_amendment
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.redline import Changed, Line, Mark, Piece


@dataclass(frozen=True, slots=True)
class Reworded:
    """A paragraph of the convention, or the heading of an article: as it was and as it is now, in each language.

    `was` is empty where it is added, `now` where it is taken out. `labels` are the keys of the words before each.
    """

    number: str
    was: tuple[tuple[Piece, ...], ...]
    now: tuple[tuple[Piece, ...], ...]
    labels: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An article or annex of the convention with its paragraphs that read otherwise."""

    headings: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[Reworded, ...]


def titles_of(facts: Facts) -> list[str]:
    """The title of an amendment in each of its languages."""
    assert facts.amendment is not None
    number = str(facts.amendment.number)
    return [words(tag)["amendment"]["title"].replace("{{number}}", number) for tag in facts.languages]


def to_html(facts: Facts, changes: Sequence[Changed], sheet: Sheet) -> str:
    """The whole amendment as HTML."""
    own = assemble_amendment(facts)
    at = next(index for index, article in enumerate(own, start=1) if article.clause.id == "AM-3")
    sections = [section(facts, article, facts.languages) for article in own]
    return draw(
        "documents/amendment.html",
        facts,
        sheet,
        titles_of(facts),
        before=sections[:at],
        after=sections[at:],
        rewritten=[rewritten(each, facts.languages) for each in changes if each.clause != SIGNATURES],
        labels=[words(tag)["amendment"] for tag in facts.languages],
    )


def rewritten(change: Changed, languages: tuple[str, ...]) -> Rewritten:
    """What a change makes of an article, ready to be printed."""
    kind, number = ("annex" if change.annex else "article"), str(change.number)
    return Rewritten(
        tuple(words(tag)["amendment"][kind].replace("{{number}}", number) for tag in languages),
        tuple(change.titles.get(tag, "") for tag in languages),
        tuple(_reworded(line, number, languages) for line in change.lines),
    )


def _reworded(line: Line, article: str, languages: tuple[str, ...]) -> Reworded:
    cells = [line.cells.get(tag, ()) for tag in languages]
    was = tuple(tuple(piece for piece in cell if piece.mark is not Mark.NEW) for cell in cells)
    now = tuple(tuple(piece for piece in cell if piece.mark is not Mark.GONE) for cell in cells)
    if line.number == article:
        return Reworded("", was, now, ("heading_was", "heading_now"))
    if not any(was):
        return Reworded(line.number, (), now, ("was", "added"))
    if not any(now):
        return Reworded(line.number, was, (), ("removed", "now"))
    return Reworded(line.number, was, now, ("was", "now"))
