"""Paragraphs: a fragment of a clause chosen by the domain, with the values that it prints."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cotutelle.domain.convention.facts import Facts, Party
from cotutelle.domain.convention.terms import BY_KEY
from cotutelle.domain.convention.values import (
    Amount,
    Blank,
    Country,
    Day,
    Giver,
    LanguageName,
    Listing,
    Localised,
    Months,
    MonthYear,
    Number,
    Plain,
    Value,
    Word,
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One numbered paragraph: the fragment's key in the clause's wording, and its values by name."""

    fragment: str
    values: Mapping[str, Value] = field(default_factory=dict)


Builder = Callable[[Facts], Iterator[Paragraph]]
"""What a clause is: from the facts to its paragraphs, in order."""


def known(
    fact: str, value: Any, wrap: Callable[[Any], Value], giver: Giver, party: Party | None = None
) -> Value:
    """The wrapped value, or the visible blank that says who can give it."""
    if value is None or value in ("", {}):  # a mapping has no hash
        return Blank(fact, giver, party.code if party else None)
    return wrap(value)


def settled(facts: Facts, key: str, wrap: Callable[[Any], Value], party: Party | None = None) -> Value:
    """A term as a value, or its blank."""
    value = facts.terms.get(key, party.code if party else None)
    return known(key, value, wrap, BY_KEY[key].giver, party)


def text(facts: Facts, key: str, party: Party | None = None) -> Value:
    """A term written in words: complete only when it stands in every language of the act."""
    value = facts.terms.get(key, party.code if party else None)
    if not isinstance(value, Mapping):
        return settled(facts, key, Localised, party)
    missing = [tag for tag in facts.languages if not value.get(tag)]
    return (
        settled(facts, key, Localised, party) if not missing else Blank(key, BY_KEY[key].giver, _code(party))
    )


def worded(
    facts: Facts, fact: str, texts: Mapping[str, str], giver: Giver, party: Party | None = None
) -> Value:
    """Texts that must stand in every language of the act; otherwise the blank that asks for the others."""
    if any(not texts.get(tag) for tag in facts.languages):
        return Blank(fact, giver, _code(party))
    return Localised(texts)


def given(facts: Facts, key: str, party: Party | None = None) -> bool:
    """Whether an optional term was settled, so that its paragraph is printed."""
    value = facts.terms.get(key, party.code if party else None)
    return value is not None and value is not False and value not in ("", {}, [])


def choice(facts: Facts, key: str, undecided: str = "undecided") -> Paragraph:
    """The fragment named by a choice, or the one that shows the blank."""
    value = facts.terms.get(key)
    if value is None:
        return Paragraph(undecided, {"choice": Blank(key, BY_KEY[key].giver)})
    return Paragraph(str(value))


def short(party: Party) -> Value:
    """A party by the name that the convention gives it."""
    return Plain(party.short_name)


def day(value: date) -> Value:
    """A date in full."""
    return Day(value)


def month(value: date) -> Value:
    """A month."""
    return MonthYear(value)


def months(value: int) -> Value:
    """A whole number of months."""
    return Months(Fraction(value))


def number(value: int) -> Value:
    """A whole number."""
    return Number(value)


def plain(value: str) -> Value:
    """A text that no language changes."""
    return Plain(value)


def country(value: str) -> Value:
    """A country's name."""
    return Country(value)


def language(value: str) -> Value:
    """A language's name."""
    return LanguageName(value)


def languages(value: list[str] | tuple[str, ...]) -> Value:
    """An enumeration of languages."""
    return Listing(tuple(LanguageName(tag) for tag in value))


def money(value: Decimal, currency: str) -> Value:
    """A sum."""
    return Amount(value, currency)


def word(prefix: str) -> Callable[[str], Value]:
    """A wrapper for words of one closed list, such as ``cover``: ``cover.student``."""
    return lambda key: Word(f"{prefix}.{key}")


def _code(party: Party | None) -> str | None:
    return party.code if party else None
