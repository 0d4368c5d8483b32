"""What a convention knows of the framework agreement that it stands under, and until when that runs."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.convention.framework import Framework as FrameworkFacts
from cotutelle.domain.convention.framework import Inherited
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.validity import ends_by_itself, runs_until
from cotutelle.models import Convention, Framework, FrameworkParty, ThesisInstitution, texts_of
from cotutelle.scope import as_system


def framework_of(session: Session, convention: Convention) -> FrameworkFacts | None:
    """The framework that a convention applies; none for one that stands alone."""
    row = session.get(Framework, convention.framework_id) if convention.framework_id else None
    if row is None or convention.terms.get("act_type") != "application":
        return None
    titles = texts_of(session, "framework", [row.id], "title")[row.id]["title"]
    return FrameworkFacts(
        titles=dict(titles),
        signed_on=row.signed_on,
        ends_on=row.denounced_on or (None if row.renewal_months else row.ends_on),
        inherited=tuple(Inherited(each.clause, each.place) for each in row.settled),
    )


def ends_first(session: Session, convention: Convention, today: date) -> date | None:
    """The last day of the framework of a convention, where that ends before the convention; None where it does not.

    One that is renewed tacitly does not end by itself.
    """
    row = session.get(Framework, convention.framework_id) if convention.framework_id else None
    if row is None or convention.expires_on is None:
        return None
    until = ends_by_itself(row, today)
    return until if until is not None and until < convention.expires_on else None


def unbound(session: Session, convention: Convention) -> list[str]:
    """The institutions of a thesis, by their short names, that the framework of its convention does not bind."""
    row = session.get(Framework, convention.framework_id) if convention.framework_id else None
    if row is None:
        return []
    bound = {party.institution_id for party in row.parties}
    return [
        party.institution.short_name
        for party in session.scalars(
            select(ThesisInstitution)
            .where(ThesisInstitution.thesis_id == convention.thesis_id, ThesisInstitution.left_on.is_(None))
            .order_by(ThesisInstitution.position)
        )
        if party.institution_id not in bound
    ]


def conventions_under(session: Session) -> dict[int, int]:
    """How many theses stand under each framework, by its id, by a convention that was not given up."""
    statement = (
        select(Convention.framework_id, func.count(func.distinct(Convention.thesis_id)))
        .where(
            Convention.framework_id.is_not(None), Convention.holding, Convention.state != ConventionState.VOID
        )
        .group_by(Convention.framework_id)
    )
    with as_system(session, "candidates of frameworks"):  # those whom the reader does not see count too
        return {framework: count for framework, count in session.execute(statement) if framework}


def frameworks_for(session: Session, thesis_id: int, today: date) -> list[Framework]:
    """The frameworks in force that bind every institution of a thesis."""
    institutions = set(
        session.scalars(
            select(ThesisInstitution.institution_id).where(
                ThesisInstitution.thesis_id == thesis_id, ThesisInstitution.left_on.is_(None)
            )
        )
    )
    rows = session.scalars(
        select(Framework)
        .join(FrameworkParty, FrameworkParty.framework_id == Framework.id)
        .where(FrameworkParty.institution_id.in_(institutions), Framework.begins_on <= today)
        .distinct()
        .order_by(Framework.id)
    )
    return [
        row
        for row in rows
        if institutions <= {party.institution_id for party in row.parties}
        and ((end := runs_until(row, today)) is None or end >= today)
    ]


def applies(session: Session, convention: Convention, today: date) -> bool:
    """Whether the framework of a convention is in force and binds every institution of its thesis."""
    return convention.framework_id in {row.id for row in frameworks_for(session, convention.thesis_id, today)}
