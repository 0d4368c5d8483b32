"""The thesis: its states and how it moves between them, and what holds its parties together."""

from collections.abc import Sequence
from enum import StrEnum

from cotutelle.domain.errors import Reason, Refused


class ThesisState(StrEnum):
    """Where the thesis itself stands, apart from its convention."""

    DRAFT = "draft"
    ADMITTED = "admitted"
    RUNNING = "running"
    ON_HOLD = "on_hold"
    PRE_DEFENCE = "pre_defence"
    DEFENDED = "defended"
    CORRECTIONS = "corrections"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    CONVERTED = "converted"
    CANCELLED = "cancelled"


class PartyRole(StrEnum):
    """What an institution does in the cotutelle."""

    DEGREE = "degree"
    HOST = "host"


class SupervisionRole(StrEnum):
    """The capacity in which somebody supervises; co-directors are not directors (article 22)."""

    DIRECTOR = "director"
    CO_DIRECTOR = "co_director"
    CO_SUPERVISOR = "co_supervisor"


class DiplomaForm(StrEnum):
    """What the institutions award (article 23)."""

    JOINT = "joint"
    TWO_DIPLOMAS = "two_diplomas"


class Mode(StrEnum):
    """Full or part time (article 14)."""

    FULL = "full"
    PART = "part"


S = ThesisState
_ONWARD: dict[ThesisState, tuple[ThesisState, ...]] = {
    S.DRAFT: (S.ADMITTED, S.REFUSED),
    S.ADMITTED: (S.RUNNING, S.REFUSED),
    S.RUNNING: (S.ON_HOLD, S.PRE_DEFENCE, S.CONVERTED),
    S.ON_HOLD: (S.RUNNING, S.CONVERTED),
    S.PRE_DEFENCE: (S.DEFENDED, S.REFUSED),
    S.DEFENDED: (S.CORRECTIONS, S.COMPLETED),
    S.CORRECTIONS: (S.COMPLETED,),
}
_BACK: dict[ThesisState, tuple[ThesisState, ...]] = {
    S.ADMITTED: (S.DRAFT,),
    S.RUNNING: (S.ADMITTED,),
    S.PRE_DEFENCE: (S.RUNNING,),
    S.DEFENDED: (S.PRE_DEFENCE,),
    S.CORRECTIONS: (S.DEFENDED,),
    S.COMPLETED: (S.CORRECTIONS, S.DEFENDED),
    S.WITHDRAWN: (S.RUNNING,),
    S.REFUSED: (S.DRAFT, S.PRE_DEFENCE),
    S.CONVERTED: (S.RUNNING,),
    S.CANCELLED: (S.DRAFT,),
}
_EXITS = (S.WITHDRAWN, S.CANCELLED)
HELD = frozenset({S.DEFENDED, S.CORRECTIONS, S.COMPLETED})
"""States after a defence that was held."""
ENDED = frozenset({S.COMPLETED, S.WITHDRAWN, S.REFUSED, S.CONVERTED, S.CANCELLED})
"""States in which nobody waits for anything more."""
DEFENCE_OVER = ENDED | HELD
"""States in which no defence is to come."""
WITHOUT_DIPLOMA = ENDED - {S.COMPLETED}
"""Ends that are no diploma: withdrawn, refused, converted to one institution, cancelled."""


def moves(state: ThesisState) -> tuple[ThesisState, ...]:
    """Where a thesis in this state may go: onward first, then back, then out."""
    exits = () if state in ENDED else _EXITS
    return (*_ONWARD.get(state, ()), *_BACK.get(state, ()), *exits)


def needs_reason(state: ThesisState, to: ThesisState) -> bool:
    """Going back, and every exit, must say why."""
    return to in _BACK.get(state, ()) or to in WITHOUT_DIPLOMA or to is S.ON_HOLD


def check_move(state: ThesisState, to: ThesisState, reason: str) -> None:
    """Refuse a move that the states do not know, or one that should say why and does not."""
    if to not in moves(state):
        raise Refused(Reason.MOVE_NOT_ALLOWED, "to", state=state, to=to)
    if needs_reason(state, to) and not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")


def check_parties(parties: Sequence[tuple[str, str]], leads: Sequence[bool]) -> None:
    """Refuse fewer than two institutions (code and name of each), one named twice, or not exactly one lead."""
    if len(parties) < 2:
        raise Refused(Reason.FEWER_THAN_TWO_INSTITUTIONS, "parties")
    doubles = [party for party in parties if list(parties).count(party) > 1]
    if doubles:
        raise Refused(Reason.INSTITUTION_TWICE, "parties", institution=min(doubles)[1])
    if sum(leads) != 1:
        raise Refused(Reason.NOT_ONE_LEAD, "parties")


def reference(lead: str, year: int, number: int) -> str:
    """The public name of a thesis: ``LILLE-2026-0007``."""
    return f"{lead.upper()}-{year}-{number:04d}"
