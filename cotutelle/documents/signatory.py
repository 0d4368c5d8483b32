"""Who signs an act: the boxes of its signature page, in the order of signing, for each party."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cotutelle.documents.words import words
from cotutelle.domain.convention.facts import Facts, Supervisor
from cotutelle.domain.names import folded


@dataclass(frozen=True, slots=True)
class Signatory:
    """A box of the signature page, in the order of signing; `roles` in each language."""

    number: int
    name: str
    roles: tuple[str, ...]
    role: str = ""


SIGNATURES = "SG"
"""The signature page among the articles of a text: who signs, in order, for which party."""


def signature_page(facts: Facts, number: int) -> dict[str, Any]:
    """The signature page as an article of the text, `number` its place after the annexes."""
    boxes = [(party, box) for party, listed in signatories(facts) for box in listed]
    rows = []
    for party, box in sorted(boxes, key=lambda each: each[1].number):
        role, gender = box.role.split(".")
        who = f"{party.short_name}: {box.name}, " if box.name else f"{party.short_name}: "
        rows.append({tag: f"{who}{words(tag)['role'][role][gender]}" for tag in facts.languages})
    titles = {tag: words(tag)["frame"]["signatures"] for tag in facts.languages}
    return {"clause": SIGNATURES, "annex": True, "number": number, "titles": titles, "rows": rows}


def signatories(facts: Facts) -> list[tuple[Any, list[Signatory]]]:
    """For each party the boxes of those who sign for it; the candidate signs with the lead.

    The order is the customary one: candidate, directors, unit, school, heads of institution; who leaves by an
    amendment signs it too.
    """
    by_party: dict[str, list[tuple[int, str, str]]] = {party.code: [] for party in facts.signing_parties}
    by_party[facts.lead.code].append((1, facts.candidate.name, _role("candidate", facts.candidate.gender)))
    for supervisor, role in _directors(facts):
        by_party[supervisor.party].append((2, supervisor.name, _role(role, supervisor.gender)))
    for party in facts.signing_parties:
        if party.unit:
            by_party[party.code].append((3, party.unit_head or "", _role("unit_head", None)))
        if party.school:
            by_party[party.code].append((4, party.school_head or "", _role("school_head", None)))
        by_party[party.code].append((5, party.head_name or "", _role("head", party.head_gender)))
    ordered = sorted(
        (rank, party.position, index, party.code)
        for party in facts.signing_parties
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
        for party in facts.signing_parties
    ]


def _directors(facts: Facts) -> Iterator[tuple[Supervisor, str]]:
    """Who directs, with their role, and after them who leaves by an amendment: as former directors of a side that stays."""
    for each in facts.supervisors:
        if each.role in {"director", "co_director"}:
            yield each, each.role
    staying = {party.code for party in facts.parties}
    for each in facts.amendment.leaving if facts.amendment else ():
        yield each, "former_director" if each.party in staying else each.role


_BOXES = {
    "candidate": ("candidate",),
    "director": ("director", "co_director"),
    "former_director": ("former_director",),
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


def boxes_of(facts: Facts) -> list[str]:
    """The names of the fields of the signature page, in the order of signing."""
    numbers = sorted(box.number for _party, boxes in signatories(facts) for box in boxes)
    return [f"Signature{number}" for number in numbers]
