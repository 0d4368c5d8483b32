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
    "von der ",
    "von dem ",
    "von ",
    "zu ",
    "le ",
    "da ",
    "das ",
    "do ",
    "dos ",
    "di ",
    "della ",
)


def folded(text: str) -> str:
    """The text without case, accents or punctuation, words parted by one space: what search compares."""
    bare = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    lowered = "".join(bare).translate(_LETTERS)
    kept = "".join(c if c.isalnum() else " " for c in lowered)
    return " ".join(kept.split())


def sort_key(family_name: str, given_names: str) -> str:
    """The key by which people are listed: family name without its particle, then given names; at most 200 signs."""
    family = family_name.casefold().replace("’", "'")
    for particle in _PARTICLES:
        if family.startswith(particle):
            family = f"{family[len(particle) :]} {particle.strip()}"
            break
    return f"{folded(family)[:120]}  {folded(given_names)}"[:200]


def similar(first: str, second: str) -> bool:
    """Whether two names may be the same person's: same words, in whatever order, accents aside."""
    return bool(first.strip()) and sorted(folded(first).split()) == sorted(folded(second).split())
