"""Which theses a reader sees: one condition, added to every select of a scoped table.

A select of a scoped table without a reader raises: commands and jobs say `as_system(session, reason)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, event, false, select, true, union
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from cotutelle.models import (
    Convention,
    ConventionVersion,
    Document,
    DocumentVersion,
    Enrolment,
    Event,
    FundingSource,
    Leave,
    Note,
    Stay,
    Supervision,
    Thesis,
    ThesisInstitution,
    Transition,
)
from cotutelle.policy import Reader, Role

OF_A_THESIS = (
    ThesisInstitution,
    Supervision,
    Enrolment,
    Stay,
    Leave,
    FundingSource,
    Transition,
    Event,
    Note,
    Document,
    Convention,
)
"""Tables whose rows belong to one thesis and are seen with it."""
SCOPED = frozenset({Thesis, *OF_A_THESIS, DocumentVersion, ConventionVersion})


class NoReader(RuntimeError):
    """A scoped table was read while nobody was said to read it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The reader of a session and the day on which their rights count; `reason` when it is the system."""

    reader: Reader | None
    today: date | None = None
    reason: str = ""


def read_as(session: Session, reader: Reader, today: date) -> None:
    """From now on this session shows what the reader may see."""
    session.info["scope"] = Scope(reader, today)


@contextmanager
def as_system(session: Session, reason: str) -> Iterator[Session]:
    """Inside, the session sees everything, for a stated reason."""
    before = session.info.get("scope")
    session.info["scope"] = Scope(None, reason=reason)
    try:
        yield session
    finally:
        session.info["scope"] = before


def theses_visible_to(reader: Reader, today: date) -> Select[Any] | None:
    """The ids of the theses a reader sees; None when there can be none."""
    parties = select(ThesisInstitution.thesis_id).where(
        (ThesisInstitution.left_on.is_(None)) | (ThesisInstitution.left_on >= today)
    )
    ways: list[Select[Any]] = []
    schools = reader.scopes(Role.ADMINISTRATOR, "school") | reader.scopes(Role.AUDITOR, "school")
    if schools:
        ways.append(parties.where(ThesisInstitution.school_id.in_(schools)))
    institutions = reader.scopes(Role.PARTNER, "institution") | reader.scopes(Role.AUDITOR, "institution")
    if institutions:
        ways.append(parties.where(ThesisInstitution.institution_id.in_(institutions)))
    shared = reader.scopes(Role.SHARED_READ, "thesis") | reader.scopes(Role.SHARED_WRITE, "thesis")
    if shared:
        ways.append(select(Thesis.id).where(Thesis.id.in_(shared)))
    if reader.person_id is not None:
        ways.append(select(Thesis.id).where(Thesis.candidate_id == reader.person_id))
        current = (Supervision.until_on.is_(None)) | (Supervision.until_on >= today)
        mine = select(Supervision.thesis_id).where(Supervision.person_id == reader.person_id, current)
        ways.append(mine)
    if not ways:
        return None
    return select(union(*ways).subquery().c[0])


def _sees_all(reader: Reader) -> bool:
    return any(right.role is Role.AUDITOR and right.scope_kind == "installation" for right in reader.rights)


def _within(column: Any, scope: Scope) -> ColumnElement[bool]:
    if scope.reader is None or _sees_all(scope.reader):
        return true()
    assert scope.today is not None
    visible = theses_visible_to(scope.reader, scope.today)
    return false() if visible is None else column.in_(visible)


@event.listens_for(Session, "do_orm_execute")
def _add_scope(state: ORMExecuteState) -> None:
    """Add the reader's condition to a select, update or delete that touches a scoped table."""
    if state.is_column_load or state.is_relationship_load:
        return
    touched = SCOPED & {mapper.class_ for mapper in state.all_mappers}
    if not touched:
        return
    scope: Scope | None = state.session.info.get("scope")
    if scope is None:
        raise NoReader(f"No reader for {', '.join(sorted(entity.__name__ for entity in touched))}.")
    if scope.reader is None:
        return
    options: list[Any] = []
    if Thesis in touched:
        options.append(with_loader_criteria(Thesis, _within(Thesis.id, scope)))
    for entity in OF_A_THESIS:
        if entity in touched:
            options.append(with_loader_criteria(entity, _within(entity.thesis_id, scope)))
    if DocumentVersion in touched:
        documents = select(Document.id).where(_within(Document.thesis_id, scope))
        options.append(with_loader_criteria(DocumentVersion, DocumentVersion.document_id.in_(documents)))
    if ConventionVersion in touched:
        conventions = select(Convention.id).where(_within(Convention.thesis_id, scope))
        criteria = ConventionVersion.convention_id.in_(conventions)
        options.append(with_loader_criteria(ConventionVersion, criteria))
    state.statement = state.statement.options(*options)
