"""What an office accepts once before a final text is made: provisional wordings, references still to verify."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents.convention import drafted_languages
from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.facts import Facts
from cotutelle.models import Acceptance
from cotutelle.operations import journal


def accepted(session: Session, kind: str, keys: Sequence[str]) -> set[str]:
    """Which of these drafted wordings (`wording`) or references to verify (`reference`) the office accepted."""
    found = session.scalars(
        select(Acceptance.key).where(Acceptance.subject == kind, Acceptance.key.in_(keys))
    )
    return set(found)


def accept(session: Session, kind: str, keys: Sequence[str], actor: Actor, at: datetime) -> None:
    """Accept, once for the installation, a drafted wording of a language or a reference to verify."""
    for key in set(keys) - accepted(session, kind, keys):
        session.add(Acceptance(subject=kind, key=key, at=at, by=actor.account_id))
        session.flush()
        journal.record(session, f"{kind}.accepted", f"{kind}:{key}", actor, at)


def to_accept(session: Session, facts: Facts) -> tuple[list[str], list[str]]:
    """The drafted languages and the references to verify of a text that the office has not accepted yet."""
    drafted = drafted_languages(facts)
    references = [r.id for party in facts.parties for r in party.references if r.certainty != "sourced"]
    wordings, read = accepted(session, "wording", drafted), accepted(session, "reference", references)
    return [t for t in drafted if t not in wordings], [r for r in references if r not in read]
