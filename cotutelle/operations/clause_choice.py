"""Choosing how a convention words a clause, and telling open texts that there are new wordings."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import ClauseVariant, ClauseVersion, Convention, Institution, Thesis, ThesisInstitution
from cotutelle.operations import journal
from cotutelle.operations.clause import in_force
from cotutelle.operations.clause_fit import OPEN, fitting, settle
from cotutelle.operations.health import recompute
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump
from cotutelle.scope import as_system

LATELY = 7
"""Days for which a version that has begun to count is looked for: a machine may have been off."""


def choose(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    clause: str,
    variant: ClauseVariant | None,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Word a clause of a convention by one of the variants that fit it, or as it is shipped.

    Refused once the text is approved, for a variant that does not fit, and for one that lacks a language of the act.
    Stale when it changed meanwhile.
    """
    if ConventionState(convention.state) not in EDITABLE or convention.amends_id is not None:
        raise Refused(Reason.MOVE_NOT_ALLOWED, "variant", state=convention.state)
    use = {"variant": "", "number": 0, "chosen": True}
    if variant is not None:
        use |= {"variant": variant.public_id, "number": _usable(session, convention, clause, variant, today)}
    bump(session, convention, version)
    convention.wordings = {**convention.wordings, clause: use}
    journal.record(
        session,
        "convention.worded",
        subject(thesis),
        actor,
        at,
        clause=clause,
        variant=variant.name if variant else "",
    )
    recompute(session, thesis, today, at)


def _usable(
    session: Session, convention: Convention, clause: str, variant: ClauseVariant, today: date
) -> int:
    """The number of the version of a variant that a convention can use."""
    row = in_force(variant, today)
    if row is None or variant.clause != clause or variant not in fitting(session, convention):
        raise Refused(Reason.VARIANT_NOT_FITTING, "variant")
    for language in convention.languages:
        if language not in row.texts:
            raise Refused(Reason.NO_WORDING, "variant", language=language, clauses=clause)
    return row.number


def resettle(session: Session, institution: Institution, today: date, at: datetime) -> None:
    """After an institution changed its wordings: every open text that it leads takes up what fits it now."""
    statement = (
        select(Convention, Thesis)
        .join(Thesis, Thesis.id == Convention.thesis_id)
        .join(ThesisInstitution, ThesisInstitution.thesis_id == Thesis.id)
        .where(
            ThesisInstitution.institution_id == institution.id,
            ThesisInstitution.lead,
            Convention.current,
            Convention.state.in_([state.value for state in OPEN]),
        )
    )
    with as_system(session, "an institution's wordings changed"):
        for convention, thesis in session.execute(statement).all():
            before = convention.wordings
            settle(session, convention, today)
            if convention.wordings != before:
                recompute(session, thesis, today, at)


def take_up(session: Session, today: date, at: datetime) -> None:
    """Once a day: open texts take up the versions that count from these days."""
    lately = today - timedelta(days=LATELY)
    begun = (
        select(ClauseVariant.institution_id)
        .join(ClauseVersion, ClauseVersion.variant_id == ClauseVariant.id)
        .where(ClauseVersion.from_on.between(lately, today))
    )
    statement = select(Institution).where(Institution.id.in_(begun))
    for institution in session.scalars(statement).all():
        resettle(session, institution, today, at)
