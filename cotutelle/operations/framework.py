"""Framework agreements: entering and changing them, and putting conventions under them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.catalogue import INHERITABLE
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, Framework, FrameworkClause, FrameworkParty, Thesis, write_texts
from cotutelle.operations import journal
from cotutelle.operations.framework_facts import conventions_under, frameworks_for
from cotutelle.operations.health import recompute, reconsider_under
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump

FIGURES = (
    "signed_on", "begins_on", "ends_on", "renewal_months", "notice_months", "denounced_on", "most_theses",
)  # fmt: skip
"""What an entry and a row have in common, beside texts, institutions and clauses."""


@dataclass(frozen=True, slots=True)
class FrameworkEntry:
    """A framework agreement as a form gives it: `settled` are the articles that settle a clause, by its id."""

    titles: Mapping[str, str]
    scope: Mapping[str, str]
    institutions: Sequence[int]
    begins_on: date
    signed_on: date | None = None
    ends_on: date | None = None
    renewal_months: int | None = None
    notice_months: int | None = None
    denounced_on: date | None = None
    most_theses: int | None = None
    settled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """A file that the store already holds."""

    digest: str
    filename: str
    media_type: str


def add_framework(session: Session, facts: FrameworkEntry, actor: Actor, at: datetime) -> Framework:
    """Enter a framework agreement. Refused when it binds fewer than two institutions, or ends before it begins."""
    row = Framework(begins_on=facts.begins_on)
    _check(facts)
    session.add(row)
    session.flush()
    _fill(session, row, facts)
    _note(session, "framework.added", row, facts, actor, at)
    return row


def edit_framework(
    session: Session, row: Framework, facts: FrameworkEntry, version: int, actor: Actor, at: datetime
) -> None:
    """Change a framework; texts that are agreed keep what they refer to. Stale when somebody else did meanwhile."""
    _check(facts)
    bump(session, row, version)
    _fill(session, row, facts)
    reconsider_under(session, row.id, at)
    _note(session, "framework.edited", row, facts, actor, at)


def keep_file(session: Session, row: Framework, file: File, version: int, actor: Actor, at: datetime) -> None:
    """Keep the signed text of a framework. Stale when somebody else changed it meanwhile."""
    bump(session, row, version)
    row.file_digest, row.filename, row.media_type = file.digest, file.filename, file.media_type
    session.flush()
    journal.record(session, "framework.filed", f"framework:{row.public_id}", actor, at, digest=file.digest)


def put_under(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    framework: Framework | None,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Make a convention one that applies a framework, or let it stand alone again.

    Refused once the text is approved, when the framework does not bind every institution of the thesis or is over, and
    when it allows no further candidate. Stale when the convention changed meanwhile.
    """
    if ConventionState(convention.state) not in EDITABLE or convention.amends_id is not None:
        raise Refused(Reason.MOVE_NOT_ALLOWED, "framework", state=convention.state)
    if framework is not None and framework.id != convention.framework_id:
        if framework not in frameworks_for(session, thesis.id, today):
            raise Refused(Reason.NOT_UNDER_FRAMEWORK, "framework")
        session.execute(select(Framework.id).where(Framework.id == framework.id).with_for_update())
        if (
            framework.most_theses is not None
            and conventions_under(session).get(framework.id, 0) >= framework.most_theses
        ):
            raise Refused(Reason.FRAMEWORK_FULL, "framework", most=framework.most_theses)
    bump(session, convention, version)
    convention.framework_id = framework.id if framework else None
    act_type = "application" if framework else "individual"
    convention.terms = {**convention.terms, "act_type": act_type}
    journal.record(
        session,
        "convention.framed",
        subject(thesis),
        actor,
        at,
        framework=framework.public_id if framework else "",
    )
    bump(session, thesis, None)
    recompute(session, thesis, today, at)


def _check(facts: FrameworkEntry) -> None:
    if not any(facts.titles.values()):
        raise Refused(Reason.TEXT_INCOMPLETE, "title")
    if len(set(facts.institutions)) < 2:
        raise Refused(Reason.PARTIES_TOO_FEW, "institutions")
    for name in ("ends_on", "denounced_on"):
        day = getattr(facts, name)
        if day is not None and day < facts.begins_on:
            raise Refused(Reason.DATES_OUT_OF_ORDER, name, begin=facts.begins_on)
    for clause in facts.settled:
        if clause not in INHERITABLE:
            raise Refused(Reason.CLAUSE_NOT_INHERITED, clause)


def _fill(session: Session, row: Framework, facts: FrameworkEntry) -> None:
    for name in FIGURES:
        setattr(row, name, getattr(facts, name))
    write_texts(session, "framework", row.id, "title", facts.titles, next(iter(facts.titles), ""))
    write_texts(session, "framework", row.id, "scope", facts.scope, next(iter(facts.scope), ""))
    session.execute(delete(FrameworkParty).where(FrameworkParty.framework_id == row.id))
    session.execute(delete(FrameworkClause).where(FrameworkClause.framework_id == row.id))
    session.add_all(
        FrameworkParty(framework_id=row.id, institution_id=id_) for id_ in dict.fromkeys(facts.institutions)
    )
    session.add_all(
        FrameworkClause(framework_id=row.id, clause=clause, place=place.strip())
        for clause, place in facts.settled.items()
        if place.strip()
    )
    session.flush()
    session.expire(row, ["parties", "settled"])


def _note(
    session: Session, act: str, row: Framework, facts: FrameworkEntry, actor: Actor, at: datetime
) -> None:
    title = next(iter(facts.titles.values()), "")
    journal.record(session, act, f"framework:{row.public_id}", actor, at, title=title)
