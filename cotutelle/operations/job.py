"""Jobs: queued once for each key, leased by one worker at a time."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from cotutelle.models import Job

LEASE = timedelta(minutes=10)


def queue(session: Session, kind: str, unique_key: str, at: datetime) -> None:
    """Queue a job, unless one of that key was queued before."""
    if session.scalar(select(Job.id).where(Job.unique_key == unique_key)) is None:
        session.add(Job(kind=kind, unique_key=unique_key, due_at=at))
        session.flush()


def lease(session: Session, at: datetime) -> tuple[int, str] | None:
    """Take the next due job for a while: its id and kind; None when there is none."""
    open_ = or_(Job.state == "queued", (Job.state == "running") & (Job.leased_until < at))
    due = select(Job.id).where(open_, Job.due_at <= at).order_by(Job.due_at, Job.id).limit(1)
    row = session.execute(
        update(Job)
        .where(Job.id == due.scalar_subquery(), open_)
        .values(state="running", leased_until=at + LEASE)
        .returning(Job.id, Job.kind),
        execution_options={"synchronize_session": False},
    ).first()
    return (row.id, row.kind) if row else None
