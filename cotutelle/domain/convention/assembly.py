"""From facts to articles: what the document prints, and what it cannot print yet."""

from dataclasses import dataclass

from cotutelle.domain.convention.catalogue import ANNEXES, CLAUSES, Clause
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.paragraph import Paragraph
from cotutelle.domain.convention.values import Blank, blanks


@dataclass(frozen=True, slots=True)
class Article:
    """A clause with its number in the act and its paragraphs; annexes are numbered apart."""

    number: int
    clause: Clause
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that a clause needs and nobody has given."""

    clause: str
    article: int | None
    blank: Blank


def assemble(facts: Facts) -> tuple[tuple[Article, ...], tuple[Article, ...]]:
    """The articles and the annexes of the act, numbered from 1 each."""
    return (_number(CLAUSES, facts), _number(ANNEXES, facts))


def missing_facts(facts: Facts) -> tuple[Missing, ...]:
    """Every blank of the act, once for each clause that needs it, in the order of the articles."""
    articles, annexes = assemble(facts)
    found: dict[tuple[str, Blank], Missing] = {}
    for article in (*articles, *annexes):
        number = None if article in annexes else article.number
        for paragraph in article.paragraphs:
            for value in paragraph.values.values():
                for blank in blanks(value):
                    key = (article.clause.id, blank)
                    found.setdefault(key, Missing(article.clause.id, number, blank))
    return tuple(found.values())


def _number(clauses: tuple[Clause, ...], facts: Facts) -> tuple[Article, ...]:
    return tuple(
        Article(number, clause, tuple(clause.build(facts))) for number, clause in enumerate(clauses, start=1)
    )
