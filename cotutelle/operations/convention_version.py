"""The versions of a convention: numbered over all conventions of a thesis, put before the parties, made once for good."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.documents.convention import clause_versions
from cotutelle.domain.actor import Actor
from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import SCHEMA, Facts
from cotutelle.domain.convention.state import FINAL, ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, ConventionVersion, Thesis
from cotutelle.operations import journal
from cotutelle.operations.thesis import subject


def next_number(session: Session, thesis: Thesis) -> int:
    """The number of the next version: one row of numbers over all conventions of a thesis, the void ones too."""
    last = (
        select(func.max(ConventionVersion.number))
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .where(Convention.thesis_id == thesis.id)
    )
    return (session.scalar(last) or 0) + 1


def agreed_version(session: Session, convention: Convention) -> ConventionVersion | None:
    """The version on which the parties agreed; None while they have not, or did so before versions were put to them."""
    if convention.agreed is None:
        return None
    rows = session.scalars(
        select(ConventionVersion)
        .where(
            ConventionVersion.convention_id == convention.id,
            ConventionVersion.put_on.is_not(None) | ConventionVersion.final,
        )
        .order_by(ConventionVersion.number.desc())
    )
    return next((row for row in rows if row.facts == convention.agreed), None)


def latest_put(session: Session, convention: Convention) -> ConventionVersion | None:
    """The version that lies before the parties, or lay before them last."""
    return session.scalars(
        select(ConventionVersion)
        .where(ConventionVersion.convention_id == convention.id, ConventionVersion.put_on.is_not(None))
        .order_by(ConventionVersion.number.desc())
        .limit(1)
    ).first()


def last_put(session: Session, thesis: Thesis, before: int | None = None) -> ConventionVersion | None:
    """The version that lay before the parties last, in whichever convention of the thesis; `before` a numbered one."""
    rows = (
        select(ConventionVersion)
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .where(Convention.thesis_id == thesis.id, ConventionVersion.put_on.is_not(None))
    )
    if before is not None:
        rows = rows.where(ConventionVersion.number < before)
    return session.scalars(rows.order_by(ConventionVersion.number.desc()).limit(1)).first()


def number_to_print(session: Session, thesis: Thesis, convention: Convention) -> int:
    """The number that the final text bears: that of the version which was agreed, else the next one."""
    agreed = agreed_version(session, convention)
    return agreed.number if agreed is not None else next_number(session, thesis)


def add_version(
    session: Session, thesis: Thesis, convention: Convention, facts: Facts, actor: Actor, at: datetime,
    *, clauses: Mapping[str, Any],
) -> ConventionVersion:  # fmt: skip
    """Enter the next version of the text, without bytes yet."""
    version = ConventionVersion(
        convention_id=convention.id,
        number=next_number(session, thesis),
        schema=SCHEMA,
        facts=record.to_json(facts),
        clauses=dict(clauses),
        languages=list(facts.languages),
        facts_digest=record.digest(facts, clauses),
        made_at=at,
        made_by=actor.account_id,
    )
    session.add(version)
    session.flush()
    return version


def keep_final(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    facts: Facts,
    actor: Actor,
    at: datetime,
    *,
    clauses: Mapping[str, Any],
    file_digest: str,
    engines: Mapping[str, str],
) -> ConventionVersion:
    """Keep the bytes of the agreed text, once and for all, with the version that the parties approved.

    Refused while facts are missing or the parties have not approved the text, and when the wordings of its clauses
    are others by now than those that they approved.
    """
    version = agreed_version(session, convention)
    if version is not None and version.file_digest is not None:
        return version
    forbid_blanks(facts)
    if ConventionState(convention.state) not in FINAL:
        raise Refused(Reason.NOT_APPROVED)
    if version is None:
        version = add_version(session, thesis, convention, facts, actor, at, clauses=clauses)
    elif wordings(version.clauses) != wordings(clauses):
        raise Refused(Reason.WORDINGS_CHANGED)
    version.final, version.file_digest, version.engines = True, file_digest, dict(engines)
    session.flush()
    journal.record(
        session, "convention.made", subject(thesis), actor, at,
        number=version.number, final=True, facts=version.facts_digest, file=file_digest,
    )  # fmt: skip
    return version


def wordings(clauses: Mapping[str, Any]) -> dict[str, str]:
    """The version of each wording; whether a jurist has read it meanwhile changes no word of it."""
    return {key: str(used["version"]) for key, used in clauses.items()}


def forbid_other_wordings(session: Session, convention: Convention) -> None:
    """Refuse to go on with a text whose wordings are others by now than those that were approved, and not made yet."""
    version = agreed_version(session, convention)
    if version is None or version.file_digest is not None:
        return
    if wordings(version.clauses) != wordings(clause_versions(record.from_json(version.facts))):
        raise Refused(Reason.WORDINGS_CHANGED)


def forbid_blanks(facts: Facts) -> None:
    """Refuse a text that lacks facts."""
    missing = missing_facts(facts)
    if missing:
        raise Refused(Reason.FACTS_MISSING, "to", count=len({m.blank for m in missing}))
