"""The convention as its amendments have changed it, on a day, as a PDF for reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cotutelle.documents.act import frames
from cotutelle.documents.fonts import drawable
from cotutelle.documents.press import Prints
from cotutelle.documents.printing import printed
from cotutelle.documents.words import languages_with_words, words
from cotutelle.domain.convention.values import Day
from cotutelle.domain.journal import canonical


@dataclass(frozen=True, slots=True)
class Consolidation:
    """A text on a day: its articles, what it is made of (number, 0 for the convention, and day), who changed what last."""

    reference: str
    candidate: str
    on: date
    languages: tuple[str, ...]
    made_of: tuple[tuple[int, date], ...]
    text: Sequence[Mapping[str, Any]]
    changed_by: Mapping[str, int]


def make(press: Prints, asked: Consolidation, on: date) -> bytes:
    """The PDF; the same text asked on the same day gives the same bytes.

    Raises press.CannotPrint.
    """
    created = f"{on.isoformat()}T00:00:00+00:00"
    told = {"reference": asked.reference, "on": asked.on.isoformat()}
    return press.print_pdf(to_html(asked, created), facts=canonical(told), created=created)


def to_html(asked: Consolidation, created: str) -> str:
    """The consolidated text as HTML."""
    tags = [tag if tag in languages_with_words() else "en" for tag in asked.languages]
    return drawable(
        frames()
        .get_template("documents/consolidated.html")
        .render(
            asked=asked,
            languages=asked.languages,
            own_words=[words(tag) for tag in tags],
            frames=[words(tag)["frame"] for tag in tags],
            said=[_said(asked, tag) for tag in tags],
            prevailing=[],
            created=created,
        )
    )


def _said(asked: Consolidation, tag: str) -> dict[str, Any]:
    """What stands above the text, in a language."""
    own = words(tag)["consolidated"]

    def dated(key: str, day: date, number: int = 0) -> str:
        with_day = str(own[key]).replace("{{day}}", printed(Day(day), tag))
        return with_day.replace("{{number}}", str(number))

    return {
        "title": dated("title", asked.on),
        "note": own["note"],
        "made_of": own["made_of"],
        "listed": [
            dated("amendment" if number else "convention", day, number) for number, day in asked.made_of
        ],
        "changed_by": {
            clause: str(own["changed_by"]).replace("{{number}}", str(number))
            for clause, number in asked.changed_by.items()
        },
    }
