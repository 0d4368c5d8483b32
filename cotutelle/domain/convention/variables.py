"""What a wording that an office owns may name in any clause, beside what its fragment is given."""

import re
from collections.abc import Callable, Mapping

from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.paragraph import day, known, language, plain, settled, short
from cotutelle.domain.convention.values import Giver, Listing, Plain, Value

NAMED = re.compile(r"\{\{([a-z_]+)\}\}")

GENERAL: Mapping[str, Callable[[Facts], Value]] = {
    "candidate": lambda facts: Plain(facts.candidate.name),
    "title": lambda facts: known("title", facts.titles.get(facts.title_original), plain, Giver.CANDIDATE),
    "reference": lambda facts: Plain(facts.reference),
    "lead": lambda facts: short(facts.lead),
    "institutions": lambda facts: Listing(tuple(short(party) for party in facts.parties)),
    "thesis_language": lambda facts: known(
        "thesis_language", facts.thesis_language, language, Giver.LEAD_OFFICE
    ),
    "defence_language": lambda facts: known(
        "defence_language", facts.defence_language, language, Giver.LEAD_OFFICE
    ),
    "start": lambda facts: settled(facts, "start", day),
    "expires_on": lambda facts: settled(facts, "expires_on", day),
}
"""Each variable by its name; a fact that nobody has given is its visible blank, as everywhere."""


def named(text: str) -> frozenset[str]:
    """The variables that a text names."""
    return frozenset(NAMED.findall(text))


def general(facts: Facts, text: str) -> dict[str, Value]:
    """The values of the general variables that a text names."""
    return {name: GENERAL[name](facts) for name in named(text) if name in GENERAL}
