"""The convention as a document: articles in each language side by side, annexes, signature page."""

import html
import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from cotutelle.documents import elsewhere
from cotutelle.documents.act import Sheet, draw
from cotutelle.documents.printing import filled
from cotutelle.documents.signatory import signature_page
from cotutelle.documents.wording import NoWording, worded
from cotutelle.documents.words import languages_with_words, words
from cotutelle.domain.convention.assembly import Article, assemble, clauses_of
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.errors import Reason, Refused

_TAG = re.compile(r"<[^>]*>")
SHORT = 800
"""Letters that eight lines hold over the whole width of the page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the same paragraph in every language, under one number."""

    number: str
    texts: tuple[Markup, ...]

    @property
    def short(self) -> bool:
        """Whether the row stays whole on one page: under eight lines of a column; longer ones may part."""
        return max(len(text) for text in self.texts) < SHORT // len(self.texts)


@dataclass(frozen=True, slots=True)
class Section:
    """An article or an annex with its titles and rows; `part` opens a new group of articles."""

    number: int
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    part: tuple[str, ...] = ()


def clause_versions(facts: Facts) -> dict[str, Any]:
    """Which wording of each of its clauses an act uses, by language.

    Refused when a language lacks some.
    """
    used: dict[str, Any] = {}
    lacking: dict[str, list[str]] = {}
    for clause in clauses_of(facts):
        for language in facts.languages:
            try:
                text = worded(facts, clause.id, language)
            except NoWording:
                lacking.setdefault(language, []).append(clause.id)
                continue
            used[f"{clause.id}.{language}"] = {"version": text.version, "state": text.state}
    for language in facts.languages if clauses_of(facts) else ():
        if language in lacking or language not in languages_with_words():
            clauses = ", ".join(lacking.get(language, ["CL-01"])[:5])
            raise Refused(Reason.NO_WORDING, "languages", language=language, clauses=clauses)
    return used


def drafted_languages(facts: Facts) -> list[str]:
    """The languages of an act in which some wording has not been read by a jurist."""
    return [
        language
        for language in facts.languages
        if any(worded(facts, clause.id, language).state == "drafted" for clause in clauses_of(facts))
    ]


def sections(facts: Facts, languages: tuple[str, ...]) -> tuple[list[Section], list[Section]]:
    """Articles and annexes, worded in these languages of the act."""
    articles, annexes = assemble(facts)
    shown, part = [], ""
    for article in articles:
        opens = article.clause.part.value if article.clause.part.value != part else ""
        part = article.clause.part.value
        titles = tuple(words(tag)["part"][opens] for tag in languages) if opens else ()
        shown.append(section(facts, article, languages, titles))
    return shown, [section(facts, annex, languages) for annex in annexes]


def text_of(facts: Facts) -> list[dict[str, Any]]:
    """The whole text as plain values, article by article, as `domain.convention.redline` compares it."""
    if facts.own_file is not None:
        return elsewhere.text_of(facts, facts.own_file)
    articles, annexes = assemble(facts)
    return [
        {
            "clause": article.clause.id,
            "annex": article in annexes,
            "number": article.number,
            "titles": dict(zip(facts.languages, said.titles, strict=True)),
            "rows": [
                {tag: _as_plain(cell) for tag, cell in zip(facts.languages, row.texts, strict=True)}
                for row in said.rows
            ],
        }
        for article in (*articles, *annexes)
        for said in (section(facts, article, facts.languages),)
    ] + [signature_page(facts, len(annexes) + 1)]


def _as_plain(cell: Markup) -> str:
    """A cell without its markup; its no-break spaces stay."""
    return html.unescape(_TAG.sub("", cell))


def section(
    facts: Facts, article: Article, languages: tuple[str, ...], part: tuple[str, ...] = ()
) -> Section:
    """An article worded in these languages of the act."""
    texts = [worded(facts, article.clause.id, language) for language in languages]
    rows = []
    for index, paragraph in enumerate(article.paragraphs, start=1):
        cells = tuple(
            filled(text.fragments[paragraph.fragment], paragraph.values, text.language) for text in texts
        )
        rows.append(Row(f"{article.number}.{index}", cells))
    return Section(article.number, tuple(text.title for text in texts), tuple(rows), part)


def to_html(facts: Facts, sheet: Sheet) -> str:
    """The whole convention as HTML: its languages side by side, or one after the other."""
    titles = [words(language)["frame"]["title"] for language in facts.languages]
    apart = facts.layout == "parts" and len(facts.languages) > 1
    groups = [(language,) for language in facts.languages] if apart else [facts.languages]
    blocks = []
    for languages in groups:
        articles, annexes = sections(facts, languages)
        frames = [words(language)["frame"] for language in languages]
        blocks.append({"languages": languages, "frames": frames, "articles": articles, "annexes": annexes})
    return draw("documents/convention.html", facts, sheet, titles, blocks=blocks, apart=apart)
