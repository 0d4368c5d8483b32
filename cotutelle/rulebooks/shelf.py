"""The shelf: rulebooks shipped with the application, and those that an installation adds or puts in their place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

from cotutelle.domain.rulebook import Library, Rule, Rulebook
from cotutelle.rulebooks.mistakes import Mistake
from cotutelle.rulebooks.reading import read

_SHIPPED = Path(__file__).with_name("books")
Read = TypeVar("Read")
Reader = Callable[[str, str], tuple[Read | None, list[Mistake]]]
"""Reads a text under the name of its file: what it holds, or nothing and every mistake in it."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that was left out, with what is wrong in it."""

    name: str
    mistakes: tuple[Mistake, ...]


@cache
def shipped() -> tuple[Rulebook, ...]:
    """The rulebooks of the application itself. Raises ValueError for a fault, which no release has."""
    books = []
    for path in sorted(_SHIPPED.glob("*.toml")):
        book, mistakes = read(path.read_text(encoding="utf-8"), path.stem)
        if book is None:
            raise ValueError(f"{path.name}: {mistakes}")
        books.append(book)
    return tuple(books)


@cache
def standard() -> Library:
    """The library of the shipped rulebooks alone, which needs no installation."""
    return Library(shipped())


def read_folder(folder: Path, reader: Reader[Read]) -> tuple[list[Read], list[Rejected]]:
    """An installation's own files, and those left out for their faults; a wrong file stops nothing."""
    books: list[Read] = []
    rejected = []
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            book, mistakes = reader(path.read_text(encoding="utf-8-sig"), path.stem)
        except (OSError, UnicodeDecodeError) as error:
            book, mistakes = None, [Mistake(1, "unreadable", {"why": error})]
        if book is None:
            rejected.append(Rejected(path.name, tuple(mistakes)))
        else:
            books.append(book)
    return books, rejected


def with_own(own: Sequence[Rulebook], confirmed: Iterable[str] = ()) -> tuple[Library, list[Rejected]]:
    """The shipped rulebooks with an installation's own laid over them, in order.

    A rule of the same id takes the older one's place from its own beginning on; what it does not name stays, the
    names of the university too. Left out is a rulebook that replaces a rule of another, or one read by another day.
    """
    books: dict[str, Rulebook] = {book.id: book for book in shipped()}
    rejected = []
    for book in own:
        foreign = _foreign(book, books)
        if foreign:
            rejected.append(Rejected(f"{book.id}.toml", tuple(foreign)))
            continue
        for other in list(books.values()):
            books[other.id] = replace(other, rules=_kept(other.rules, book.rules))
        before = books.get(book.id)
        if before is None:
            books[book.id] = book
        else:
            names = tuple(dict.fromkeys([*before.aliases, *book.aliases]))
            schools = {**before.schools, **book.schools}
            rules = (*before.rules, *book.rules)
            both = f"{before.digest}{book.digest}"
            books[book.id] = replace(before, rules=rules, aliases=names, schools=schools, digest=both)
    return Library(tuple(books.values()), frozenset(confirmed)), rejected


def clashes(book: Rulebook, others: Sequence[Rulebook]) -> list[Mistake]:
    """What a rulebook would replace and may not: a rule of another rulebook, or one that is read by another day."""
    return _foreign(book, {other.id: other for other in others})


def _foreign(book: Rulebook, others: Mapping[str, Rulebook]) -> list[Mistake]:
    places = {rule.id: rule for other in others.values() for rule in other.rules}
    mistakes, before = [], others.get(book.id)
    if before is not None and before.scope != book.scope:
        mistakes.append(Mistake(1, "other_scope", {"id": book.id}))
    for rule in book.rules:
        known = places.get(rule.id)
        if known is not None and known.book != book.id:
            mistakes.append(Mistake(rule.line, "foreign", {"id": rule.id, "book": known.book}))
        elif known is not None and known.dated_by is not rule.dated_by:
            mistakes.append(Mistake(rule.line, "other_day", {"id": rule.id, "dated_by": known.dated_by}))
    return mistakes


def _kept(older: tuple[Rule, ...], newer: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """What stays of older rules beside newer ones: each ends the day before its successor begins."""
    kept = []
    for rule in older:
        begins = [other.begin for other in newer if other.id == rule.id]
        if not begins:
            kept.append(rule)
        elif None not in begins:
            first = min(day for day in begins if day)
            if rule.begin is None or rule.begin < first:
                end = first - timedelta(days=1)
                kept.append(replace(rule, until=min(rule.until, end) if rule.until else end))
    return tuple(kept)
