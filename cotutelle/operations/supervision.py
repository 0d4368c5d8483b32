"""Who supervises: one director in each institution, co-directors and co-supervisors beside them."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Person, Supervision, Thesis, ThesisInstitution
from cotutelle.operations import journal, keys
from cotutelle.operations.health import recompute
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


def add_supervisor(
    session: Session,
    thesis: Thesis,
    person: Person,
    institution_id: int,
    role: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    position: str = "",
    academic: bool | None = None,
    from_on: date | None = None,
) -> Supervision:
    """Name a supervisor for a party. Refused for the candidate, or for somebody who already supervises it."""
    if person.id == thesis.candidate_id:
        raise Refused(Reason.OWN_DIRECTOR, "person")
    check_party(session, thesis, institution_id)
    already = select(Supervision.id).where(
        Supervision.thesis_id == thesis.id, Supervision.person_id == person.id, Supervision.until_on.is_(None)
    )
    if session.scalar(already):
        raise Refused(Reason.SUPERVISOR_TWICE, "person", name=person.name)
    supervision = Supervision(
        thesis_id=thesis.id,
        person_id=person.id,
        institution_id=institution_id,
        role=role,
        position=position,
        academic=academic,
        from_on=from_on,
    )
    session.add(supervision)
    bump(session, thesis, None)
    keys.rewrite(session, thesis)
    recompute(session, thesis, today, at)
    journal.record(
        session, "thesis.supervision", subject(thesis), actor, at, supervisor=person.name, role=role
    )
    return supervision


def edit_supervisor(
    session: Session,
    thesis: Thesis,
    supervision: Supervision,
    position: str,
    academic: bool | None,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Say under which rank or position the convention names a supervisor, and whether academia employs them.

    Stale when the thesis changed meanwhile.
    """
    bump(session, thesis, version)
    supervision.position, supervision.academic = position, academic
    recompute(session, thesis, today, at)
    name = supervision.person.name
    journal.record(
        session,
        "thesis.supervision",
        subject(thesis),
        actor,
        at,
        supervisor=name,
        position=position,
        academic=academic,
    )


def end_supervision(
    session: Session,
    thesis: Thesis,
    supervision: Supervision,
    on: date,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Say that somebody no longer supervises; the row stays, with its last day. Stale when the thesis changed."""
    if supervision.from_on and on < supervision.from_on:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "on", begin=supervision.from_on)
    bump(session, thesis, version)
    supervision.until_on = on
    recompute(session, thesis, today, at)
    name = supervision.person.name
    journal.record(session, "thesis.supervision_ended", subject(thesis), actor, at, supervisor=name, until=on)


def check_party(session: Session, thesis: Thesis, institution_id: int) -> ThesisInstitution:
    """The party of that institution; refused when the thesis has none."""
    row = session.scalar(
        select(ThesisInstitution).where(
            ThesisInstitution.thesis_id == thesis.id, ThesisInstitution.institution_id == institution_id
        )
    )
    if row is None:
        raise Refused(Reason.UNKNOWN_INSTITUTION, "institution")
    return row
