"""What a clause prints: typed values, so that each language formats them in its own way.

A missing fact is a value too (`Blank`): what a draft shows as a visible blank and what the list of missing
facts says are therefore one thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Giver(StrEnum):
    """Who can give a missing fact."""

    LEAD_OFFICE = "lead_office"
    PARTY_OFFICE = "party_office"
    CANDIDATE = "candidate"
    DIRECTORS = "directors"


@dataclass(frozen=True, slots=True)
class Plain:
    """A proper name, a number of a file, an address: printed as it is in every language."""

    text: str


@dataclass(frozen=True, slots=True)
class Localised:
    """The same content written in several languages, keyed by language tag."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the closed list that each language keeps (``words.fr.toml``), by key."""

    key: str


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date, printed in full."""

    day: date


@dataclass(frozen=True, slots=True)
class MonthYear:
    """A month of a year."""

    day: date


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number without unit."""

    number: int


@dataclass(frozen=True, slots=True)
class Months:
    """A length in months; a fraction keeps its thirtieths."""

    months: Fraction


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in a currency named by its ISO 4217 code."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO 3166-1 alpha-2 code, printed by its name."""

    code: str


@dataclass(frozen=True, slots=True)
class LanguageName:
    """A language by its tag, printed by its name."""

    tag: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Several values, printed as an enumeration; long ones, which hold commas, are parted by semicolons."""

    items: tuple["Value", ...]
    long: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """A fact that nobody has given yet.

    `fact` names it (its sentence stands in the interface's wording), `giver` can give it, `party` is the
    code of the institution it concerns when it concerns one.
    """

    fact: str
    giver: Giver
    party: str | None = None


Value = (
    Plain
    | Localised
    | Word
    | Day
    | MonthYear
    | Number
    | Months
    | Amount
    | Country
    | LanguageName
    | Listing
    | Blank
)


def blanks(value: Value) -> tuple[Blank, ...]:
    """Every missing fact inside a value."""
    if isinstance(value, Blank):
        return (value,)
    if isinstance(value, Listing):
        return tuple(blank for item in value.items for blank in blanks(item))
    return ()
