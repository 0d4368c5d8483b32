"""Signing a milestone: the states of a signature that was asked, whose turn it is, and on what it rests."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cotutelle.domain.journal import canonical


class State(StrEnum):
    """What became of a signature that is needed; only the first two are open, and nothing leaves the others."""

    WAITING = "waiting"  # its turn has not come
    ASKED = "asked"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    DECLINED = "declined"  # not theirs to sign
    DELEGATED = "delegated"
    WITHDRAWN = "withdrawn"  # asked no longer: the round ended, or somebody else was named


OPEN = frozenset({State.WAITING, State.ASKED})


class Answer(StrEnum):
    """What somebody who is asked may answer, and the state to which it leads."""

    APPROVE = "approved"
    SEND_BACK = "sent_back"
    DECLINE = "declined"
    DELEGATE = "delegated"


class Proof(StrEnum):
    """What shows that it was this person; the evidence says exactly that and no more."""

    ACCOUNT = "account"
    LINK_CODE = "link_code"
    FRESH_CODE = "fresh_code"
    PAPER = "paper"
    FILE = "file"  # a signature set into the file with a certificate, in a tool of their own
    RECORDED = "recorded"  # given elsewhere, and recorded here with the document that shows it


class Level(StrEnum):
    """How strong a signature an institution asks for at least, from whoever signs in one capacity."""

    ANY = "any"
    STRONG = "strong"  # in ink, with a certificate, or in a tool of their own; no click
    CERTIFICATE = "certificate"  # with a certificate in the file alone


_ENOUGH: dict[Level, frozenset[Proof]] = {
    Level.ANY: frozenset(Proof),
    Level.STRONG: frozenset({Proof.PAPER, Proof.FILE, Proof.RECORDED}),
    Level.CERTIFICATE: frozenset({Proof.FILE}),
}


def is_enough(level: Level, proof: Proof) -> bool:
    """Whether a signature of that kind reaches a level."""
    return proof in _ENOUGH[level]


class Part(StrEnum):
    """A fact of the thesis on which a signature may rest."""

    DOCUMENT = "document"
    TITLE = "title"
    DEFENCE = "defence"
    JURY = "jury"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class Asked:
    """A place to be signed, as far as turns and completeness go; `state` is None while nobody was asked for it."""

    position: int
    state: State | None
    outdated: bool = False


def digest(value: Any) -> str:
    """The SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def basis(shown: Mapping[str, Any], parts: Iterable[Part]) -> dict[str, str]:
    """The digest of each fact on which a signature rests, out of what was shown."""
    return {str(part): digest(shown.get(part)) for part in parts}


def changed(rests_on: Mapping[str, str], shown: Mapping[str, Any]) -> list[str]:
    """The facts of a signature's basis that are no longer what was signed."""
    return [part for part, was in rests_on.items() if digest(shown.get(part)) != was]


def due_now(round_: Iterable[Asked], *, in_turn: bool) -> set[int]:
    """The positions of those who are to be asked now: all that wait, or the next one in turn.

    Nobody's turn comes while somebody before them has not approved.
    """
    listed = sorted(round_, key=lambda each: each.position)
    if not in_turn:
        return {each.position for each in listed if each.state is State.WAITING}
    first = next((each for each in listed if each.state is not State.APPROVED or each.outdated), None)
    return {first.position} if first is not None and first.state is State.WAITING else set()


def complete(round_: Iterable[Asked]) -> bool:
    """Whether every place is signed, by a signature that still stands."""
    listed = list(round_)
    return bool(listed) and all(each.state is State.APPROVED and not each.outdated for each in listed)
