"""A convention being negotiated in the demonstration: two versions, what the partner asked of them, one approval."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.negotiation import PointState
from cotutelle.domain.convention.state import ConventionState
from cotutelle.models import Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_approval as approvals
from cotutelle.operations import convention_terms, negotiation

STAYS, JURY = "CL-14", "CL-26"


def add(session: Session, theses: Sequence[Thesis], actor: Actor, at: datetime, today: date) -> None:
    """Negotiate the first complete draft that two institutions share, of the school that leads most theses."""
    leads = {t.id: next(party.school_id for party in t.parties if party.lead) for t in theses}
    ((school, _count),) = Counter(leads.values()).most_common(1)
    drafts = [t for t in theses if t.convention_state == ConventionState.DRAFT and not t.lacking]
    thesis = next((t for t in drafts if len(t.parties) == 2 and leads[t.id] == school), None)
    if thesis is None:
        return
    convention = conventions.current(session, thesis)
    lead = next(party.institution for party in thesis.parties if party.lead)
    partner = next(party.institution for party in thesis.parties if not party.lead)

    def ago(days: int) -> dict[str, Any]:
        return {"actor": actor, "at": at - timedelta(days=days), "today": today - timedelta(days=days)}

    stays = f"minimum_stay:{partner.code}"
    months = int(convention.terms.get(stays, 6)) + 3
    approvals.put(session, thesis, convention, None, **ago(26))
    asked = negotiation.raise_point(
        session, thesis, convention, STAYS, partner, lead, f"{months} mois au moins chez nous, en deux périodes.",
        "Notre règlement doctoral demande deux semestres sur place.", **ago(21),
    )  # fmt: skip
    convention_terms.edit_terms(session, thesis, convention, {stays: months}, None, **ago(14))
    negotiation.answer_point(
        session, thesis, asked, lead, PointState.SETTLED, None, "D’accord : l’article le dit maintenant.",
        asked.version, **ago(14),
    )  # fmt: skip
    second = approvals.put(session, thesis, convention, None, **ago(14))
    given = (second.number, lead.id, today - timedelta(days=12), "")
    approvals.approve(session, thesis, convention, *given, **ago(12))
    sizes = negotiation.raise_point(
        session, thesis, convention, JURY, partner, partner, "Six membres plutôt que huit au plus.",
        "Notre conseil en décide à sa prochaine séance.", **ago(6),
    )  # fmt: skip
    negotiation.answer_point(
        session, thesis, sizes, partner, PointState.WAITING, partner, "Le conseil se réunit dans trois semaines.",
        sizes.version, **ago(5),
    )  # fmt: skip
