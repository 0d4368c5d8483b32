"""Rules that the convention sets aside, each with article, reason, the text that holds instead, and who asked."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, Derogation, Thesis, write_texts
from cotutelle.operations import journal
from cotutelle.operations.health import recompute
from cotutelle.operations.rulebook import library
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


def save(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    row: Derogation | None,
    rule: str,
    article: str,
    asked_by_id: int | None,
    reason: Mapping[str, str],
    replacement: Mapping[str, str],
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> Derogation:
    """Set a rule aside, or change how. Refused for a rule that no rulebook has, twice, and once the text is approved."""
    _editable(convention)
    if rule not in library(session).rules:
        raise Refused(Reason.UNKNOWN_RULE, "rule", rule=rule)
    twice = select(Derogation.id).where(Derogation.convention_id == convention.id, Derogation.rule == rule)
    if session.scalar(twice.where(Derogation.id != (row.id if row else 0))):
        raise Refused(Reason.DEROGATION_TWICE, "rule", rule=rule)
    bump(session, convention, version)
    row = row or Derogation(convention_id=convention.id, thesis_id=thesis.id)
    session.add(row)
    row.rule, row.article, row.asked_by_id = rule, article, asked_by_id
    session.flush()
    write_texts(session, "derogation", row.id, "reason", reason)
    write_texts(session, "derogation", row.id, "replacement", replacement)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, "convention.derogation", subject(thesis), actor, at, rule=rule, article=article)
    return row


def remove(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    row: Derogation,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Let the rule hold again."""
    _editable(convention)
    for field in ("reason", "replacement"):
        write_texts(session, "derogation", row.id, field, {})
    rule = row.rule
    session.delete(row)
    bump(session, convention, None)
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, "convention.derogation_removed", subject(thesis), actor, at, rule=rule)


def _editable(convention: Convention) -> None:
    if ConventionState(convention.state) not in EDITABLE:
        raise Refused(Reason.MOVE_NOT_ALLOWED, "rule", state=convention.state)
