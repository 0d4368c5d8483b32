"""The September campaign: the proofs that candidates send each year for every university."""

from enum import StrEnum

from cotutelle.domain.thesis import ThesisState


class Proof(StrEnum):
    """What an office may ask a candidate to send."""

    ENROLMENT = "enrolment"
    FEES = "fees"
    INSURANCE = "insurance"
    CVEC = "cvec"


class ItemState(StrEnum):
    """Where one proof stands: asked of the candidate, sent to the office, sent back, confirmed."""

    ASKED = "asked"
    SENT = "sent"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


MISSING = frozenset({ItemState.ASKED, ItemState.RETURNED})
"""States in which the candidate has something to do."""
TAKES_PART = frozenset({ThesisState.ADMITTED, ThesisState.RUNNING, ThesisState.PRE_DEFENCE})
"""States of a thesis whose candidate enrols anew."""


def asked_at(proof: Proof, country: str) -> bool:
    """Whether a proof is asked for a university of that country: the CVEC is French (Education code, L841-5)."""
    return proof is not Proof.CVEC or country == "FR"
