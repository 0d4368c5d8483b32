"""What a version of the text says that the one before it did not, as a PDF that can be sent and printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cotutelle.documents.act import frames
from cotutelle.documents.fonts import drawable
from cotutelle.documents.press import Prints
from cotutelle.documents.words import languages_with_words, words
from cotutelle.domain.convention.redline import Changed
from cotutelle.domain.journal import canonical


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a text and what lies between them, in the languages that both have."""

    reference: str
    candidate: str
    before: int
    after: int
    languages: tuple[str, ...]
    changes: Sequence[Changed]


def make(press: Prints, compared: Comparison, on: date) -> bytes:
    """The comparison as a PDF; the same comparison on the same day gives the same bytes.

    Raises press.CannotPrint.
    """
    created = f"{on.isoformat()}T00:00:00+00:00"
    told = {"reference": compared.reference, "before": compared.before, "after": compared.after}
    return press.print_pdf(to_html(compared, created), facts=canonical(told), created=created)


def to_html(compared: Comparison, created: str) -> str:
    """The comparison as HTML."""
    known = [tag if tag in languages_with_words() else "en" for tag in compared.languages]
    return drawable(
        frames()
        .get_template("documents/redline.html")
        .render(
            compared=compared,
            languages=compared.languages,
            own_words=[words(tag) for tag in known],
            wide=len(compared.languages) > 2,
            created=created,
        )
    )
