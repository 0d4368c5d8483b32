"""From facts to articles: what the document prints, and what it cannot print yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cotutelle.domain.convention.catalogue import AMENDING, ANNEXES, CLAUSES, Clause
from cotutelle.domain.convention.elsewhere import still_to_read
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.own import ADDED, OwnWording
from cotutelle.domain.convention.paragraph import Paragraph, worded
from cotutelle.domain.convention.values import Blank, Giver, Plain, blanks
from cotutelle.domain.convention.variables import general


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


def assemble_amendment(facts: Facts) -> tuple[Article, ...]:
    """The articles of an amendment, numbered from 1; one that has nothing to say is left out."""
    built = [(clause, tuple(clause.build(facts))) for clause in AMENDING]
    said = [(clause, paragraphs) for clause, paragraphs in built if paragraphs]
    return tuple(Article(number, *each) for number, each in enumerate(said, start=1))


def clauses_of(facts: Facts) -> tuple[Clause, ...]:
    """The clauses that an act words: all, or of an amendment its own and those that read otherwise through it.

    None of a text that was drafted elsewhere.
    """
    if facts.amendment is None:
        return (*CLAUSES, *ANNEXES) if facts.own_file is None else ()
    changed = tuple(clause for clause in (*CLAUSES, *ANNEXES) if clause.id in facts.amendment.clauses)
    return (*AMENDING, *changed)


def missing_facts(facts: Facts) -> tuple[Missing, ...]:
    """Every blank of the act, once for each clause that needs it, in the order of the articles.

    An amendment lacks only what it says itself, and what the clauses need that read otherwise through it; a text
    drafted elsewhere lacks the subjects that the law asks for and nobody has found in it.
    """
    articles, annexes = assemble(facts)
    own: tuple[Article, ...] = ()
    if facts.amendment is not None:
        own, asked = assemble_amendment(facts), facts.amendment.clauses
        articles = tuple(each for each in articles if each.clause.id in asked)
        annexes = tuple(each for each in annexes if each.clause.id in asked)
    elif facts.own_file is not None:
        asked_for = Blank("subject", Giver.LEAD_OFFICE)
        return tuple(Missing(id_, number, asked_for) for number, id_ in still_to_read(facts.own_file))
    found: dict[tuple[str, Blank], Missing] = {}
    for article in (*articles, *annexes, *own):
        number = article.number if article in articles else None
        for paragraph in article.paragraphs:
            for value in paragraph.values.values():
                for blank in blanks(value):
                    key = (article.clause.id, blank)
                    found.setdefault(key, Missing(article.clause.id, number, blank))
    return tuple(found.values())


def _number(clauses: tuple[Clause, ...], facts: Facts) -> tuple[Article, ...]:
    return tuple(
        Article(number, clause, tuple(_paragraphs(clause, facts)))
        for number, clause in enumerate(clauses, start=1)
    )


def _paragraphs(clause: Clause, facts: Facts) -> Iterator[Paragraph]:
    """What a clause says: a reference to the framework that settles it, or its own, as shipped or as an office words it."""
    inherited = facts.framework.settles(clause.id) if facts.framework else None
    own = list(facts.own_wordings(clause.id).values())
    if facts.framework and inherited:
        titles = worded(facts, "framework_title", facts.framework.titles, Giver.LEAD_OFFICE)
        yield Paragraph("inherited", {"framework": titles, "place": Plain(inherited.place)})
    elif not own:
        yield from clause.build(facts)
    else:
        yield from _in_own_words(clause, facts, own)


def _in_own_words(clause: Clause, facts: Facts, own: Sequence[OwnWording]) -> Iterator[Paragraph]:
    for paragraph in clause.build(facts):
        if paragraph.fragment not in own[0].without:
            texts = " ".join(each.fragments.get(paragraph.fragment, "") for each in own)
            yield Paragraph(paragraph.fragment, {**general(facts, texts), **paragraph.values})
    for number in range(1, len(own[0].added) + 1):
        texts = " ".join(each.added[number - 1] for each in own)
        yield Paragraph(f"{ADDED}{number}", general(facts, texts))
