"""The states of a convention, apart from those of its thesis."""

from enum import StrEnum

from cotutelle.domain.errors import Reason, Refused


class ConventionState(StrEnum):
    """Where the text stands; an amendment is a convention with the same states."""

    DRAFT = "draft"
    LEGAL_CHECK = "legal_check"
    PARTNER_REVIEW = "partner_review"
    APPROVED = "approved"
    SIGNING = "signing"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ENDED = "ended"
    VOID = "void"


S = ConventionState
_ONWARD: dict[ConventionState, tuple[ConventionState, ...]] = {
    S.DRAFT: (S.LEGAL_CHECK, S.PARTNER_REVIEW),
    S.LEGAL_CHECK: (S.PARTNER_REVIEW,),
    S.PARTNER_REVIEW: (S.APPROVED,),
    S.APPROVED: (S.SIGNING,),
    S.SIGNING: (S.IN_FORCE,),
    S.IN_FORCE: (S.EXPIRED, S.ENDED),
    S.EXPIRED: (S.ENDED,),
}
_BACK: dict[ConventionState, tuple[ConventionState, ...]] = {
    S.LEGAL_CHECK: (S.DRAFT,),
    S.PARTNER_REVIEW: (S.DRAFT, S.LEGAL_CHECK),
    S.APPROVED: (S.PARTNER_REVIEW, S.DRAFT),
}
EDITABLE = frozenset({S.DRAFT, S.LEGAL_CHECK, S.PARTNER_REVIEW})
"""States in which the terms may still change; from `approved` on the text is what everyone agreed."""
UNSIGNED = EDITABLE | {S.APPROVED, S.SIGNING}
"""States in which not everybody has signed."""
FINAL = frozenset({S.APPROVED, S.SIGNING, S.IN_FORCE})
"""States in which a final version of the agreed text may be made."""
_VOIDABLE = (S.APPROVED, S.SIGNING)


def moves(state: ConventionState, *, amendment: bool = False) -> tuple[ConventionState, ...]:
    """Where a convention may go: onward, back (up to approved), or void once it is agreed; an amendment any time before."""
    void = (S.VOID,) if state in _VOIDABLE or (amendment and state in EDITABLE) else ()
    return (*_ONWARD.get(state, ()), *_BACK.get(state, ()), *void)


def needs_reason(state: ConventionState, to: ConventionState) -> bool:
    """Going back, ending and voiding must say why."""
    return to in _BACK.get(state, ()) or to in (S.VOID, S.ENDED)


def check_move(state: ConventionState, to: ConventionState, reason: str, *, amendment: bool = False) -> None:
    """Refuse a move that the states do not know, or one that should say why and does not."""
    if to not in moves(state, amendment=amendment):
        raise Refused(Reason.MOVE_NOT_ALLOWED, "to", state=state, to=to)
    if needs_reason(state, to) and not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")
