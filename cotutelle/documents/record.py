"""The record of the signatures of a closed convention: who approved, who signed and how, in each language of the act."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from cotutelle.documents.act import code_of, frames
from cotutelle.documents.fonts import drawable
from cotutelle.documents.press import Prints
from cotutelle.documents.printing import printed
from cotutelle.documents.words import languages_with_words, words
from cotutelle.domain.convention.values import Day
from cotutelle.domain.journal import canonical
from cotutelle.domain.language import best


@dataclass(frozen=True, slots=True)
class Seals:
    """By whom the file and the record are sealed, empty for nobody; `local`: by a seal that proves nothing to others."""

    file: str
    record: str
    local: bool = False


def make(press: Prints, evidence: dict[str, Any], file: bytes, seals: Seals, page: str) -> bytes:
    """The record as a PDF that carries the same evidence as JSON; `page` is the public address of the number.

    Raises press.CannotPrint.
    """
    told = {**evidence, "file": {"sha256": hashlib.sha256(file).hexdigest(), "size": len(file)}}
    told["sealed_by"] = {"file": seals.file, "record": seals.record}
    drawn = to_html(told, seals, page)
    return press.print_pdf(drawn, facts=canonical(told), created=evidence["closed_at"])


def to_html(told: dict[str, Any], seals: Seals, page: str) -> str:
    """The record as HTML, once in each language of the act that has words for it."""
    tags = [tag for tag in told["languages"] if tag in languages_with_words()] or ["en"]
    return (
        frames()
        .get_template("documents/record.html")
        .render(
            told=_drawable(told),
            seals=seals,
            page=page,
            code=code_of(page, words(tags[0])["frame"]["verify"]),
            editions=[(tag, words(tag)) for tag in tags],
            name_of=lambda code, tag: _name_of(told, code, tag),
            day=lambda value, tag: printed(Day(date.fromisoformat(value)), tag),
            moment=_moment,
            grouped=lambda digest: Markup("<wbr>").join(digest[i : i + 8] for i in range(0, len(digest), 8)),
        )
    )


def _name_of(told: dict[str, Any], code: str, tag: str) -> str:
    names: dict[str, str] = next((party["names"] for party in told["parties"] if party["code"] == code), {})
    return best(names, tag) or code


def _moment(value: str, tag: str) -> str:
    """An instant to the second, in UTC, which every party reads alike."""
    when = datetime.fromisoformat(value)
    return f"{printed(Day(when.date()), tag)}, {when:%H:%M:%S} UTC"


def _drawable(value: Any) -> Any:
    """The same values with a box for each sign that the typefaces cannot draw: what is signed is never refused for it."""
    if isinstance(value, dict):
        return {key: _drawable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_drawable(item) for item in value]
    return drawable(value) if isinstance(value, str) else value
