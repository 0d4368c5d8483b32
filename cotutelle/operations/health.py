"""Keeping beside each thesis what its convention lacks and how it stands."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.enrolment import Fee
from cotutelle.domain.health import Situation, YearAt, judge
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Convention, Enrolment, Institution, Thesis, ThesisInstitution
from cotutelle.operations.facts import facts_of
from cotutelle.operations.job import queue
from cotutelle.scope import as_system


def recompute(session: Session, thesis: Thesis, today: date) -> None:
    """Write what the convention lacks, the worst open point and until when it holds."""
    session.flush()
    with as_system(session, "health"):
        convention = session.scalar(
            select(Convention).where(Convention.thesis_id == thesis.id, Convention.current)
        )
        kept = convention.agreed if convention else None
        facts = record.from_json(kept) if kept else facts_of(session, thesis, convention)
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


def reconsider(session: Session, institution_id: int, at: datetime) -> None:
    """What an institution says of itself is part of its theses' conventions: have them judged anew, by a job."""
    parties = select(ThesisInstitution.thesis_id).where(ThesisInstitution.institution_id == institution_id)
    with as_system(session, "institution changed"):
        session.execute(
            update(Thesis).where(Thesis.id.in_(parties)).values(good_until=date(1970, 1, 1)),
            execution_options={"synchronize_session": False},
        )
    queue(session, "health", f"health:{institution_id}:{at.isoformat()}", at)


def recompute_due(session: Session, today: date, limit: int = 500) -> int:
    """Recompute the theses whose answer is no longer good; returns how many there were."""
    with as_system(session, "daily health"):
        due = session.scalars(
            select(Thesis).where(Thesis.good_until < today).order_by(Thesis.id).limit(limit)
        ).all()
        for thesis in due:
            recompute(session, thesis, today)
    return len(due)
