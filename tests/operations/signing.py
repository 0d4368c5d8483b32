"""Asking for signatures and answering, as tests do it again and again."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.signoff import Answer, Proof
from cotutelle.models import (
    Document,
    Institution,
    Milestone,
    Person,
    SignOff,
    Supervision,
    Thesis,
    ThesisInstitution,
)
from cotutelle.operations import document, journal, signoff, standing
from cotutelle.operations.asking import Named
from cotutelle.operations.health import recompute
from tests.builders import ACTOR, NOW, TODAY, person


def dated(session: Session, thesis: Thesis, defence: date | None = date(2028, 12, 11)) -> Thesis:
    """Give the thesis the days from which its calendar is counted."""
    for row in session.scalars(select(ThesisInstitution).where(ThesisInstitution.thesis_id == thesis.id)):
        row.first_enrolment = date(2025, 10, 1)
    thesis.defence_on = defence
    recompute(session, thesis, TODAY, NOW)
    journal.record(session, "thesis.edited", f"thesis:{thesis.reference}", ACTOR, NOW)
    return thesis


def milestone(session: Session, thesis: Thesis, kind: str, side: str = "", year: int = 0) -> Milestone:
    return session.scalars(
        select(Milestone).where(
            Milestone.thesis_id == thesis.id,
            Milestone.kind == kind,
            Milestone.side == side,
            Milestone.year == year,
        )
    ).one()


def paper(session: Session, thesis: Thesis, title: str = "Charte", digest: str = "a" * 64) -> Document:
    return document.add_document(
        session, thesis, "other", title, "everyone", ACTOR, NOW,
        digest=digest, filename=f"{title}.pdf", media_type="application/pdf", size=1234, today=TODAY,
    )  # fmt: skip


def who_signs(
    session: Session, thesis: Thesis, row: Milestone, slots: Sequence[tuple[str, str]]
) -> list[Named]:
    """Somebody for each signature: the candidate, the director of each side, and strangers with an address."""
    named = []
    for signer, side in slots:
        if signer == "candidate":
            who = session.get_one(Person, thesis.candidate_id)
        elif signer == "director":
            here = session.scalars(select(Institution.id).where(Institution.code == side)).one()
            found = session.scalars(
                select(Supervision).where(
                    Supervision.thesis_id == thesis.id, Supervision.institution_id == here
                )
            ).first()
            who = found.person if found else person(session, f"d-{side}", email=f"d.{side}@tests.example")
        else:
            who = person(session, f"{signer}-{side}", "Ana", email=f"{signer}.{side}@tests.example")
        named.append(Named(signer, side, who, "en"))
    return named


def asked(session: Session, thesis: Thesis, row: Milestone, paper_id: int | None = None) -> list[SignOff]:
    """Ask everybody who is missing."""
    named = who_signs(session, thesis, row, standing.lacking(session, row))
    return signoff.ask(session, thesis, row, named, paper_id, None, ACTOR, NOW, today=TODAY)


def say(
    session: Session, row: SignOff, answered: Answer = Answer.APPROVE, at: datetime = NOW, **more: object
) -> SignOff:
    by = signoff.By(Actor(None, "link"), Proof.LINK_CODE)
    return signoff.answer(session, row.id, answered, row.digest, by, at, today=TODAY, **more)  # type: ignore[arg-type]
