"""Which theses a reader sees: one condition, added to every select of a scoped table.

A select of a scoped table without a reader raises: commands and jobs say `as_system(session, reason)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, event, false, or_, select, true, union
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors

from cotutelle.models import (
    CampaignItem,
    ClauseMark,
    Closing,
    CommitteeInterview,
    CommitteeMember,
    Convention,
    ConventionApproval,
    ConventionPoint,
    ConventionVersion,
    Derogation,
    Document,
    DocumentVersion,
    Enrolment,
    Event,
    FileLoan,
    FindingsKept,
    FundingSource,
    Jury,
    JuryApproval,
    Leave,
    Milestone,
    NationalRecord,
    Note,
    Original,
    PointAnswer,
    Reminder,
    Seat,
    SignOff,
    Stay,
    Supervision,
    Thesis,
    ThesisInstitution,
    ThesisPartnership,
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
    Jury,
    Seat,
    JuryApproval,
    FindingsKept,
    Derogation,
    ConventionApproval,
    ConventionPoint,
    PointAnswer,
    Milestone,
    SignOff,
    Reminder,
    CommitteeMember,
    CommitteeInterview,
    CampaignItem,
    ClauseMark,
    Closing,
    FileLoan,
    Original,
    ThesisPartnership,
    NationalRecord,
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
    """The ids of the theses a reader sees; None when there can be none.

    Written over tables and not over classes, so that the condition is not itself given the condition.
    """
    party, thesis, supervision = _table(ThesisInstitution), _table(Thesis), _table(Supervision)
    current = or_(party.c.left_on.is_(None), party.c.left_on >= today)
    parties = select(party.c.thesis_id).where(current)
    ways: list[Select[Any]] = []
    schools = reader.scopes(Role.ADMINISTRATOR, "school") | reader.scopes(Role.AUDITOR, "school")
    if schools:
        ways.append(parties.where(party.c.school_id.in_(schools)))
    institutions = reader.scopes(Role.PARTNER, "institution") | reader.scopes(Role.AUDITOR, "institution")
    if institutions:
        ways.append(parties.where(party.c.institution_id.in_(institutions)))
    shared = reader.scopes(Role.SHARED_READ, "thesis") | reader.scopes(Role.SHARED_WRITE, "thesis")
    if shared:
        ways.append(select(thesis.c.id).where(thesis.c.id.in_(shared)))
    if reader.person_id is not None:
        ways.append(select(thesis.c.id).where(thesis.c.candidate_id == reader.person_id))
        still = or_(supervision.c.until_on.is_(None), supervision.c.until_on >= today)
        mine = supervision.c.person_id == reader.person_id
        ways.append(select(supervision.c.thesis_id).where(mine, still))
    if not ways:
        return None
    return select(union(*ways).subquery().c[0])


def _table(entity: type[Any]) -> Table:
    table = entity.__table__
    assert isinstance(table, Table)
    return table


def _sees_all(reader: Reader) -> bool:
    return any(right.role is Role.AUDITOR and right.scope_kind == "installation" for right in reader.rights)


def _within(column: Any, scope: Scope) -> ColumnElement[bool]:
    if scope.reader is None or _sees_all(scope.reader):
        return true()
    assert scope.today is not None
    visible = theses_visible_to(scope.reader, scope.today)
    return false() if visible is None else column.in_(visible)


def _touched(statement: Any) -> set[type[Any]]:
    """The scoped classes that occur anywhere in a statement, also inside its subqueries."""
    found: set[type[Any]] = set()
    for element in visitors.iterate(statement):
        entity = getattr(element, "_annotations", {}).get("parententity")
        if entity is not None and entity.is_mapper and entity.class_ in SCOPED:
            found.add(entity.class_)
        elif entity is not None and entity.is_aliased_class and entity.mapper.class_ in SCOPED:
            found.add(entity.mapper.class_)
    return found


@event.listens_for(Session, "do_orm_execute")
def _add_scope(state: ORMExecuteState) -> None:
    """Add the reader's condition wherever a statement touches a scoped table."""
    if state.is_column_load or state.is_relationship_load:
        return
    touched = _touched(state.statement)
    if not touched:
        return
    scope: Scope | None = state.session.info.get("scope")
    if scope is None:
        raise NoReader(f"No reader for {', '.join(sorted(entity.__name__ for entity in touched))}.")
    if scope.reader is None:
        return
    state.statement = state.statement.options(*(_criteria(entity, scope) for entity in touched))


def _criteria(entity: type[Any], scope: Scope) -> Any:
    if entity is Thesis:
        condition = _within(Thesis.id, scope)
    elif entity is DocumentVersion:
        document = _table(Document)
        inside = select(document.c.id).where(_within(document.c.thesis_id, scope))
        condition = DocumentVersion.document_id.in_(inside)
    elif entity is ConventionVersion:
        convention = _table(Convention)
        inside = select(convention.c.id).where(_within(convention.c.thesis_id, scope))
        condition = ConventionVersion.convention_id.in_(inside)
    else:
        condition = _within(entity.thesis_id, scope)
    return with_loader_criteria(entity, condition, include_aliases=True)
