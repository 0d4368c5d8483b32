"""The convention as a document: articles in each language side by side, annexes, signature page."""

import html
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from cotutelle.config import place
from cotutelle.documents.fonts import without_glyph
from cotutelle.documents.press import Prints
from cotutelle.documents.printing import filled
from cotutelle.documents.wording import NoWording, Wording, wording
from cotutelle.documents.words import languages_with_words, words
from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import Article, assemble
from cotutelle.domain.convention.catalogue import ANNEXES, CLAUSES
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.journal import canonical
from cotutelle.domain.language import best
from cotutelle.domain.names import folded
from cotutelle.domain.signature import public_number


@cache
def frames() -> Environment:
    """Where the frames of documents are taken from."""
    return Environment(
        loader=FileSystemLoader(place("templates")), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


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


@dataclass(frozen=True, slots=True)
class Signatory:
    """A box of the signature page, in the order of signing; `roles` in each language."""

    number: int
    name: str
    roles: tuple[str, ...]
    role: str = ""


def clause_versions(languages: tuple[str, ...]) -> dict[str, Any]:
    """Which wording of each clause a version uses, by language.

    Refused when a language lacks some.
    """
    used: dict[str, Any] = {}
    lacking: dict[str, list[str]] = {}
    for clause in (*CLAUSES, *ANNEXES):
        for language in languages:
            try:
                text = wording(clause.id, language)
            except NoWording:
                lacking.setdefault(language, []).append(clause.id)
                continue
            used[f"{clause.id}.{language}"] = {"version": text.version, "state": text.state}
    for language in languages:
        if language in lacking or language not in languages_with_words():
            clauses = ", ".join(lacking.get(language, ["CL-01"])[:5])
            raise Refused(Reason.NO_WORDING, "languages", language=language, clauses=clauses)
    return used


def drafted_languages(languages: tuple[str, ...]) -> list[str]:
    """The languages of which some wording has not been read by a jurist."""
    return [
        language
        for language in languages
        if any(wording(clause.id, language).state == "drafted" for clause in (*CLAUSES, *ANNEXES))
    ]


def sections(facts: Facts) -> tuple[list[Section], list[Section]]:
    """Articles and annexes, worded in every language of the act."""
    articles, annexes = assemble(facts)
    shown, part = [], ""
    for article in articles:
        opens = article.clause.part.value if article.clause.part.value != part else ""
        part = article.clause.part.value
        titles = tuple(words(tag)["part"][opens] for tag in facts.languages) if opens else ()
        shown.append(_section(article, facts.languages, titles))
    return shown, [_section(annex, facts.languages, ()) for annex in annexes]


def text_of(facts: Facts) -> list[dict[str, Any]]:
    """The whole text as plain values, article by article, as `domain.convention.redline` compares it."""
    articles, annexes = assemble(facts)
    return [
        {
            "clause": article.clause.id,
            "annex": article in annexes,
            "number": article.number,
            "titles": dict(zip(facts.languages, section.titles, strict=True)),
            "rows": [
                {tag: _as_plain(cell) for tag, cell in zip(facts.languages, row.texts, strict=True)}
                for row in section.rows
            ],
        }
        for article in (*articles, *annexes)
        for section in (_section(article, facts.languages, ()),)
    ] + [_signature_page(facts, len(annexes) + 1)]


SIGNATURES = "SG"
"""The signature page among the articles of a text: who signs, in order, for which party."""


def _signature_page(facts: Facts, number: int) -> dict[str, Any]:
    boxes = [(party, box) for party, listed in signatories(facts) for box in listed]
    rows = []
    for party, box in sorted(boxes, key=lambda each: each[1].number):
        role, gender = box.role.split(".")
        who = f"{party.short_name}: {box.name}, " if box.name else f"{party.short_name}: "
        rows.append({tag: f"{who}{words(tag)['role'][role][gender]}" for tag in facts.languages})
    titles = {tag: words(tag)["frame"]["signatures"] for tag in facts.languages}
    return {"clause": SIGNATURES, "annex": True, "number": number, "titles": titles, "rows": rows}


def _as_plain(cell: Markup) -> str:
    """A cell without its markup; its no-break spaces stay."""
    return html.unescape(_TAG.sub("", cell))


def _section(article: Article, languages: tuple[str, ...], part: tuple[str, ...]) -> Section:
    texts: list[Wording] = [wording(article.clause.id, language) for language in languages]
    rows = []
    for index, paragraph in enumerate(article.paragraphs, start=1):
        cells = tuple(
            filled(text.fragments[paragraph.fragment], paragraph.values, text.language) for text in texts
        )
        rows.append(Row(f"{article.number}.{index}", cells))
    return Section(article.number, tuple(text.title for text in texts), tuple(rows), part)


def signatories(facts: Facts) -> list[tuple[Any, list[Signatory]]]:
    """For each party the boxes of those who sign for it; the candidate signs with the lead.

    The order is the customary one: candidate, directors, unit, school, heads of institution.
    """
    by_party: dict[str, list[tuple[int, str, str]]] = {party.code: [] for party in facts.parties}
    by_party[facts.lead.code].append((1, facts.candidate.name, _role("candidate", facts.candidate.gender)))
    for supervisor in facts.supervisors:
        if supervisor.role in {"director", "co_director"}:
            by_party[supervisor.party].append((2, supervisor.name, _role(supervisor.role, supervisor.gender)))
    for party in facts.parties:
        if party.unit:
            by_party[party.code].append((3, party.unit_head or "", _role("unit_head", None)))
        if party.school:
            by_party[party.code].append((4, party.school_head or "", _role("school_head", None)))
        by_party[party.code].append((5, party.head_name or "", _role("head", party.head_gender)))
    ordered = sorted(
        (rank, party.position, index, party.code)
        for party in facts.parties
        for index, (rank, _name, _key) in enumerate(by_party[party.code])
    )
    numbers = {(code, index): n for n, (_rank, _position, index, code) in enumerate(ordered, start=1)}
    return [
        (
            party,
            [
                Signatory(numbers[party.code, index], name, _roles(facts, key), key)
                for index, (_rank, name, key) in enumerate(by_party[party.code])
            ],
        )
        for party in facts.parties
    ]


_BOXES = {
    "candidate": ("candidate",),
    "director": ("director", "co_director"),
    "unit_head": ("unit_head",),
    "school": ("school_head",),
    "head": ("head",),
}


def field_of(facts: Facts, signer: str, side: str, name: str) -> str:
    """The field of the signature page that is somebody's: by capacity and side, among several by name; empty for none."""
    fitting = [
        box
        for party, boxes in signatories(facts)
        for box in boxes
        if box.role.partition(".")[0] in _BOXES[signer] and (signer == "candidate" or party.code == side)
    ]
    named = [box for box in fitting if folded(box.name) == folded(name)] or fitting
    return f"Signature{named[0].number}" if named else ""


def _role(key: str, gender: str | None) -> str:
    return f"{key}.{gender or 'unstated'}"


def _roles(facts: Facts, key: str) -> tuple[str, ...]:
    role, gender = key.split(".")
    return tuple(dict.fromkeys(words(tag)["role"][role][gender] for tag in facts.languages))


def to_html(
    facts: Facts, *, number: int | None, final: bool, created: str, fingerprint: str, address: str = ""
) -> str:
    """The whole document as HTML; `address` is the public page of a final version's number."""
    articles, annexes = sections(facts)
    parties = [
        {"position": party.position, "names": _names(party.names, facts.languages)} for party in facts.parties
    ]
    title = best(facts.titles, facts.title_original)
    own_words = [words(language)["frame"] for language in facts.languages]
    chains = signatories(facts)
    return (
        frames()
        .get_template("documents/convention.html")
        .render(
            facts=facts,
            title=title,
            parties=parties,
            articles=articles,
            annexes=annexes,
            signatories=chains,
            tallest=min(max(len(boxes) for _party, boxes in chains), 7),
            frames=own_words,
            prevailing=_prevailing(facts),
            party_names={party.code: _names(party.names, facts.languages) for party in facts.parties},
            verify_texts=[
                frame["verify_number" if address else "verify_text"]
                .replace("{{reference}}", facts.reference)
                .replace("{{number}}", public_number(facts.reference, number) if number else "")
                .replace("{{address}}", address)
                .replace("{{fingerprint}}", _grouped(fingerprint[:16]))
                for frame in own_words
            ],
            code=code_of(address, own_words[0]["verify"]) if address else "",
            languages=facts.languages,
            number=number,
            final=final,
            created=created,
            fingerprint=_grouped(fingerprint[:16]),
        )
    )


def _prevailing(facts: Facts) -> list[str]:
    asked = facts.terms.get("authoritative")
    return (
        [t for t in asked if t in facts.languages]
        if isinstance(asked, list) and asked
        else list(facts.languages)
    )


def _names(names: dict[str, str], languages: tuple[str, ...]) -> str:
    return " · ".join(dict.fromkeys(best(names, tag) for tag in languages))


def _grouped(text: str) -> str:
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def code_of(address: str, title: str) -> Markup:
    """A square code that leads to an address, as a drawing with its title."""
    code = segno.make(address, micro=False, error="m")
    return Markup(code.svg_inline(border=0, omitsize=True, title=title))  # noqa: S704  # drawn here, the title escaped


def make(
    press: Prints, facts: Facts, *, number: int | None = None, final: bool, on: date, address: str = ""
) -> tuple[bytes, dict[str, Any], str]:
    """The PDF, the clause versions it used, and the fingerprint of its text; a draft bears no number and no `address`.

    The same facts on the same day give the same bytes. Refused when a language lacks wordings or a sign
    cannot be drawn; raises press.CannotPrint.
    """
    clauses = clause_versions(facts.languages)
    fingerprint = record.digest(facts, clauses)
    created = f"{on.isoformat()}T00:00:00+00:00"
    drawn = to_html(
        facts, number=number, final=final, created=created, fingerprint=fingerprint, address=address
    )
    text = Markup(drawn).striptags()  # noqa: S704  # only to look at its letters
    unknown = without_glyph(text)
    if unknown:
        at = min(text.index(sign) for sign in unknown)
        near = " ".join(text[max(at - 40, 0) : at + 40].split())
        raise Refused(Reason.MISSING_GLYPH, "languages", characters=" ".join(unknown[:12]), near=near)
    attached = canonical({"reference": facts.reference, "clauses": clauses, "facts": record.to_json(facts)})
    return press.print_pdf(drawn, facts=attached, created=created), clauses, fingerprint
