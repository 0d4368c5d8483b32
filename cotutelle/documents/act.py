"""What every act has that is signed: its head and its parties, the page of signatures, its number, how to check it."""

from collections.abc import Mapping, Sequence
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
from cotutelle.documents.signatory import signatories
from cotutelle.documents.words import words
from cotutelle.domain.convention import record
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.journal import canonical
from cotutelle.domain.language import best
from cotutelle.domain.signature import public_number


@cache
def frames() -> Environment:
    """Where the frames of documents are taken from."""
    return Environment(
        loader=FileSystemLoader(place("templates")), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one making of an act bears beside its text; `address` is the public page of a final version's number."""

    fingerprint: str
    on: date
    number: int | None = None
    address: str = ""
    final: bool = False

    @property
    def created(self) -> str:
        """The moment that the file names as that of its making."""
        return f"{self.on.isoformat()}T00:00:00+00:00"

    @property
    def short(self) -> str:
        """The fingerprint as it is printed."""
        return " ".join(self.fingerprint[at : at + 4] for at in range(0, 16, 4))


def draw(template: str, facts: Facts, sheet: Sheet, titles: Sequence[str], **more: Any) -> str:
    """An act as HTML; `titles` in each of its languages, `more` what only its own template asks for."""
    own_words = [words(language)["frame"] for language in facts.languages]
    chains = signatories(facts)
    return (
        frames()
        .get_template(template)
        .render(
            facts=facts,
            titles=titles,
            title=best(facts.titles, facts.title_original),
            parties=[
                {"position": party.position, "names": _names(party.names, facts.languages)}
                for party in facts.parties
            ],
            signatories=chains,
            tallest=min(max(len(boxes) for _party, boxes in chains), 7),
            frames=own_words,
            prevailing=_prevailing(facts),
            party_names={party.code: _names(party.names, facts.languages) for party in facts.signing_parties},
            verify_texts=[_verify(frame, facts, sheet) for frame in own_words],
            code=code_of(sheet.address, own_words[0]["verify"]) if sheet.address else "",
            languages=facts.languages,
            number=sheet.number,
            final=sheet.final,
            created=sheet.created,
            fingerprint=sheet.short,
            **more,
        )
    )


def _verify(frame: Mapping[str, str], facts: Facts, sheet: Sheet) -> str:
    return (
        frame["verify_number" if sheet.address else "verify_text"]
        .replace("{{reference}}", facts.reference)
        .replace("{{number}}", public_number(facts.reference, sheet.number) if sheet.number else "")
        .replace("{{address}}", sheet.address)
        .replace("{{fingerprint}}", sheet.short)
    )


def print_act(press: Prints, facts: Facts, sheet: Sheet, clauses: Mapping[str, Any], drawn: str) -> bytes:
    """The PDF of an act, with its facts attached. Refused when a sign cannot be drawn; raises press.CannotPrint."""
    check_signs(drawn)
    attached = canonical({"reference": facts.reference, "clauses": clauses, "facts": record.to_json(facts)})
    return press.print_pdf(drawn, facts=attached, created=sheet.created)


def check_signs(drawn: str) -> None:
    """Refuse HTML with a sign that the typefaces cannot draw."""
    text = Markup(drawn).striptags()  # noqa: S704  # only to look at its letters
    unknown = without_glyph(text)
    if unknown:
        at = min(text.index(sign) for sign in unknown)
        near = " ".join(text[max(at - 40, 0) : at + 40].split())
        raise Refused(Reason.MISSING_GLYPH, "languages", characters=" ".join(unknown[:12]), near=near)


def _prevailing(facts: Facts) -> list[str]:
    asked = facts.terms.get("authoritative")
    return (
        [t for t in asked if t in facts.languages]
        if isinstance(asked, list) and asked
        else list(facts.languages)
    )


def _names(names: dict[str, str], languages: tuple[str, ...]) -> str:
    return " · ".join(dict.fromkeys(best(names, tag) for tag in languages))


def code_of(address: str, title: str) -> Markup:
    """A square code that leads to an address, as a drawing with its title."""
    code = segno.make(address, micro=False, error="m")
    return Markup(code.svg_inline(border=0, omitsize=True, title=title))  # noqa: S704  # drawn here, the title escaped
