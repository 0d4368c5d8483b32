"""How long an answer usually takes: the median of what signatures of a kind took, over the whole installation."""

from collections.abc import Iterable
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.signoff import Proof, State
from cotutelle.models import Milestone, SignOff
from cotutelle.scope import as_system

LATEST, LEAST = 500, 3


def usual_days(session: Session, kinds: Iterable[str]) -> dict[str, int]:
    """Days from asking to signing by kind of milestone; a kind that was signed fewer than three times has none yet.

    It counts over all theses, whoever reads: a median tells of nobody.
    """
    with as_system(session, "usual delays"):
        rows = session.execute(
            select(Milestone.kind, SignOff.asked_at, SignOff.answered_at)
            .join(Milestone, Milestone.id == SignOff.milestone_id)
            .where(
                Milestone.kind.in_(list(kinds)),
                SignOff.state == State.APPROVED,
                SignOff.proof != Proof.PAPER,
                SignOff.asked_at.is_not(None),
                SignOff.answered_at.is_not(None),
            )
            .order_by(SignOff.id.desc())
            .limit(LATEST)
        ).all()
    took: dict[str, list[int]] = {}
    for kind, asked, answered in rows:
        if asked and answered:
            took.setdefault(kind, []).append((answered - asked).days)
    return {kind: max(1, round(median(days))) for kind, days in took.items() if len(days) >= LEAST}
