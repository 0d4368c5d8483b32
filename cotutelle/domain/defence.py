"""How a defence ends, and what an adjournment makes void."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from cotutelle.domain.dossier import Recorded


class Result(StrEnum):
    """What the jury decides after its deliberation: admission or adjournment (article 19), or a final refusal."""

    ADMITTED = "admitted"
    CORRECTIONS = "corrections"
    ADJOURNED = "adjourned"
    FAILED = "failed"


NEEDS_REASON = frozenset({Result.ADJOURNED, Result.FAILED})
"""Results after which the candidate has to know why."""
OF_ONE_DEFENCE = frozenset({"authorisation", "reports_sent", "abstract", "first_part"})
"""Recorded events that hold for one day of defence: after an adjournment they are due again."""


def still_standing(events: Mapping[str, tuple[Recorded, ...]]) -> dict[str, tuple[Recorded, ...]]:
    """The recorded events without those that belonged to a defence which was adjourned since."""
    last = max((each.on for each in events.get("defence_adjourned", ())), default=date.min)
    kept = {
        kind: tuple(each for each in found if kind not in OF_ONE_DEFENCE or each.on > last)
        for kind, found in events.items()
    }
    return {kind: found for kind, found in kept.items() if found}
