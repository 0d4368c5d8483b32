"""Names as keys: how names and titles are folded for search, and ordered for lists."""

import unicodedata

_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ħ": "h"}
)
_PARTICLES = (
    "de la ",
    "d'",
    "de ",
    "du ",
    "van den ",
    "van der ",
    "van de ",
    "van ",
    "von ",
    "le ",
    "da ",
    "dos ",
)


def folded(text: str) -> str:
    """The text without case, accents or punctuation, words parted by one space: what search compares."""
    lowered = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    kept = "".join(c if c.isalnum() else " " for c in lowered if not unicodedata.combining(c))
    return " ".join(kept.split())


def sort_key(family_name: str, given_names: str) -> str:
    """The key by which people are listed: family name without its particle, then given names."""
    family = family_name.casefold().replace("’", "'")
    for particle in _PARTICLES:
        if family.startswith(particle):
            family = f"{family[len(particle) :]} {particle.strip()}"
            break
    return f"{folded(family)}  {folded(given_names)}"


def similar(first: str, second: str) -> bool:
    """Whether two names may be the same person's: same words, in whatever order, accents aside."""
    return bool(first.strip()) and sorted(folded(first).split()) == sorted(folded(second).split())
