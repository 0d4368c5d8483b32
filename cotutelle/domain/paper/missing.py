"""What a paper still lacks: each fact once, in the order in which it is named."""

from cotutelle.domain.convention.values import Blank, Giver, blanks
from cotutelle.domain.paper.facts import Paper
from cotutelle.domain.paper.paragraphs import BUILDERS, NEEDS_JURY


def lacking(paper: Paper) -> tuple[Blank, ...]:
    """Every missing fact of a paper; one that names the jury lacks its members while there are none."""
    found: dict[Blank, None] = {}
    for paragraph in BUILDERS[paper.kind](paper):
        for value in paragraph.values.values():
            found.update(dict.fromkeys(blanks(value)))
    if paper.kind in NEEDS_JURY and not any(member.sits for member in paper.members):
        found[Blank("jury_members", Giver.LEAD_OFFICE)] = None
    return tuple(found)
