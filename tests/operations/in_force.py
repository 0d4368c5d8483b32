"""Signing a convention of the small world, step by step or as a whole."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents.convention import clause_versions
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.signoff import Answer, Proof
from cotutelle.models import Document, Milestone, SignOff, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_round, convention_signing, signoff
from cotutelle.operations import convention_version as versions
from cotutelle.operations.asking import Named
from cotutelle.operations.standing import standing
from tests.builders import ACTOR, NOW, TODAY, person
from tests.operations.complete import approved, completed, put


def milestone(session: Session, thesis: Thesis) -> Milestone:
    found = convention_round.milestone_of(session, conventions.current(session, thesis))
    assert found is not None
    return found


def made(session: Session, thesis: Thesis, digest: str = "ab" * 32) -> Document:
    """The final version of the agreed text, as bytes that everybody will sign."""
    row = conventions.current(session, thesis)
    facts = conventions.text_of(session, thesis, row)
    clauses = clause_versions(facts)
    kept = versions.keep_final(
        session, thesis, row, facts, ACTOR, NOW, clauses=clauses, file_digest=digest, engines={}
    )
    return convention_signing.add_document(session, thesis, kept, 9, ACTOR, NOW, today=TODAY)


def everybody(session: Session, thesis: Thesis) -> list[Named]:
    """One person for each place that the convention needs signed."""
    named = []
    for number, (signer, side) in enumerate(standing(session, milestone(session, thesis))):
        who = (
            thesis.candidate
            if signer == "candidate"
            else person(session, f"Signer {number}", email=f"s{number}@x.example")
        )
        named.append(Named(signer, side, who, "en"))
    return named


def ask(session: Session, thesis: Thesis, document_id: int | None = None) -> list[SignOff]:
    row = milestone(session, thesis)
    return signoff.ask(
        session, thesis, row, everybody(session, thesis), document_id, None, ACTOR, NOW, today=TODAY
    )


def sign(session: Session, row: SignOff) -> None:
    """Sign as the usual levels ask: heads with a certificate, everybody else by a code."""
    by = signoff.By(ACTOR, Proof.FILE if row.signer == "head" else Proof.FRESH_CODE)
    signoff.answer(session, row.id, Answer.APPROVE, row.digest, by, NOW, today=TODAY)


def signed(session: Session, thesis: Thesis, digest: str) -> None:
    """Have the text that lies before the parties approved, made and signed by everybody."""
    approved(session, thesis)
    document = made(session, thesis, digest)
    for row in ask(session, thesis, document.id):
        session.refresh(row)
        sign(session, row)


def in_force(session: Session) -> Thesis:
    """The first thesis with a convention that lacks nothing, was approved and made, and that everybody signed."""
    thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
    completed(session, thesis)
    put(session, thesis)
    signed(session, thesis, "ab" * 32)
    assert thesis.convention_state == ConventionState.IN_FORCE
    return thesis
