"""Keeping beside each thesis what its convention lacks and how it stands."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.enrolment import Fee
from cotutelle.domain.health import Situation, YearAt, judge
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Convention, Enrolment, Institution, Thesis
from cotutelle.operations.facts import facts_of
from cotutelle.scope import as_system


def recompute(session: Session, thesis: Thesis, today: date) -> None:
    """Write what the convention lacks, the worst open point and until when it holds."""
    session.flush()
    with as_system(session, "health"):
        convention = session.scalar(
            select(Convention).where(Convention.thesis_id == thesis.id, Convention.current)
        )
        facts = facts_of(session, thesis, convention)
        years = [
            YearAt(row.year, code, row.enrolled_on is not None, Fee(row.fee), row.proof_id is not None)
            for row, code in session.execute(
                select(Enrolment, Institution.code)
                .join(Institution, Institution.id == Enrolment.institution_id)
                .where(Enrolment.thesis_id == thesis.id)
            )
        ]
    thesis.lacking = len({missing.blank for missing in missing_facts(facts)})
    health = judge(
        Situation(
            state=ThesisState(thesis.state),
            lacking=thesis.lacking,
            convention_state=thesis.convention_state,
            convention_expires=convention.expires_on if convention else None,
            defence_until=thesis.defence_on or thesis.defence_until,
            years=years,
        ),
        today,
    )
    thesis.health, thesis.health_reason, thesis.good_until = health.verdict, health.reason, health.good_until
    session.flush()


def recompute_due(session: Session, today: date, limit: int = 500) -> int:
    """Recompute the theses whose answer is no longer good; returns how many there were."""
    with as_system(session, "daily health"):
        due = session.scalars(
            select(Thesis).where(or_(Thesis.good_until < today)).order_by(Thesis.id).limit(limit)
        ).all()
        for thesis in due:
            recompute(session, thesis, today)
    return len(due)
