"""The papers beside the convention: certificates, proposals, invitations, notices, minutes and reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from markupsafe import Markup

from cotutelle.documents.act import check_signs, frames
from cotutelle.documents.press import Prints
from cotutelle.documents.printing import filled, printed
from cotutelle.documents.signatory import signatories
from cotutelle.documents.wording import Wording, parse
from cotutelle.documents.words import folder, words
from cotutelle.domain.convention.values import Day
from cotutelle.domain.journal import canonical
from cotutelle.domain.language import best
from cotutelle.domain.paper.facts import Paper, PaperKind
from cotutelle.domain.paper.paragraphs import BUILDERS

WITH_JURY = frozenset({PaperKind.PROPOSAL, PaperKind.NOTICE, PaperKind.MINUTES, PaperKind.REPORT})
"""Papers that list the jury."""
SIGNED_BY_JURY = frozenset({PaperKind.MINUTES, PaperKind.REPORT})
"""Forms that the members of the jury sign on the day."""


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph in each language."""

    texts: tuple[Markup, ...]


@cache
def wording(kind: str, language: str) -> Wording:
    """The wording of a kind of paper in a language."""
    path = folder() / "papers" / f"{kind}.{language}.md"
    return parse(kind, language, path.read_text(encoding="utf-8"))


def title(kind: PaperKind, language: str) -> str:
    """What a kind of paper is called."""
    return wording(kind.value, language).title


def make(press: Prints, paper: Paper, *, final: bool, on: date) -> bytes:
    """A paper as a PDF; the same facts on the same day give the same bytes.

    Refused when a sign cannot be drawn; raises press.CannotPrint.
    """
    drawn = to_html(paper, final=final, on=on)
    check_signs(drawn)
    told = canonical({"kind": paper.kind.value, "reference": paper.act.reference, "on": on.isoformat()})
    return press.print_pdf(drawn, facts=told, created=f"{on.isoformat()}T00:00:00+00:00")


def to_html(paper: Paper, *, final: bool, on: date) -> str:
    """A paper as HTML, its languages side by side."""
    texts = [wording(paper.kind.value, tag) for tag in paper.languages]
    lines = [
        Line(tuple(filled(text.fragments[said.fragment], said.values, text.language) for text in texts))
        for said in BUILDERS[paper.kind](paper)
    ]
    own = [words(tag)["paper"]["frame"] for tag in paper.languages]
    return (
        frames()
        .get_template("documents/paper.html")
        .render(
            paper=paper,
            kind=paper.kind.value,
            titles=[text.title for text in texts],
            lines=lines,
            languages=paper.languages,
            frames=[words(tag)["frame"] for tag in paper.languages],
            own=own,
            label=lambda key: " / ".join(dict.fromkeys(frame[key] for frame in own)),
            parties=[(party.position, _names(party.names, paper.languages)) for party in paper.act.parties],
            issuer=_names(paper.issuer.names, paper.languages),
            city=best(paper.issuer.city, paper.languages[0]),
            day=" / ".join(dict.fromkeys(printed(Day(on), tag) for tag in paper.languages)),
            members=_members(paper) if paper.kind in WITH_JURY else [],
            jury_signs=paper.kind in SIGNED_BY_JURY,
            consents=_consents(paper) if paper.kind is PaperKind.PROPOSAL else [],
            final=final,
            created=f"{on.isoformat()}T00:00:00+00:00",
        )
    )


def _members(paper: Paper) -> list[dict[str, Any]]:
    """The jury as a table: who, in which capacity, from where; on forms to be signed, only who sits."""
    return [
        {
            "name": member.name,
            "grade": member.grade,
            "capacity": " / ".join(
                dict.fromkeys(
                    words(tag)["paper"]["seat"][member.capacity][member.gender or "unstated"]
                    for tag in paper.languages
                )
            ),
            "place": _names(dict(member.place), paper.languages),
        }
        for member in paper.members
        if member.sits or (member.invited and paper.kind not in SIGNED_BY_JURY)
    ]


def _consents(paper: Paper) -> list[dict[str, Any]]:
    """Who signs a proposal: directors, schools and heads, each for an institution."""
    return [
        {"name": box.name, "roles": " / ".join(box.roles), "place": party.short_name}
        for party, boxes in signatories(paper.act)
        for box in boxes
        if box.role.partition(".")[0] in {"director", "co_director", "school_head", "head"}
    ]


def _names(names: dict[str, str], languages: Sequence[str]) -> str:
    return " · ".join(dict.fromkeys(best(names, tag) for tag in languages))
