"""What the parties word themselves: in place of a standard sentence, or beside what is standard."""

from collections.abc import Iterator

from cotutelle.domain.convention.facts import Facts, Party
from cotutelle.domain.convention.paragraph import Paragraph, given, short, text


def instead(facts: Facts, key: str, standard: str) -> Paragraph:
    """The fragment that prints what the parties wrote, named ``<standard>_agreed``, else the standard one."""
    if given(facts, key):
        return Paragraph(f"{standard}_agreed", {key: text(facts, key)})
    return Paragraph(standard)


def beside(facts: Facts, key: str, fragment: str, party: Party | None = None) -> Iterator[Paragraph]:
    """The fragment that prints what the parties, or this one, wrote; nothing when they wrote nothing."""
    if given(facts, key, party):
        named = {} if party is None else {"short_name": short(party)}
        yield Paragraph(fragment, {**named, key: text(facts, key, party)})
