"""Who signs in somebody's place on a day, while they are away."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.plan import Signer
from cotutelle.models import Deputy, SignOff, Thesis, ThesisInstitution
from cotutelle.operations import letter


def of(session: Session, thesis: Thesis, row: SignOff, today: date) -> Deputy | None:
    """The absence because of which somebody else is asked; None where the person asked is there.

    A candidate signs for themselves, and nobody for their own thesis in another's place; one without an address
    cannot be written to.
    """
    if row.signer == Signer.CANDIDATE:
        return None
    schools = select(ThesisInstitution.school_id).where(
        ThesisInstitution.thesis_id == thesis.id,
        ThesisInstitution.left_on.is_(None) | (ThesisInstitution.left_on >= today),
    )
    found = session.scalars(
        select(Deputy)
        .where(
            Deputy.person_id == row.person_id,
            Deputy.from_on <= today,
            Deputy.until_on >= today,
            Deputy.ended_at.is_(None),
            Deputy.school_id.is_(None) | Deputy.school_id.in_(schools),
        )
        .order_by(Deputy.school_id.is_not(None), Deputy.id.desc())
    )
    return next((each for each in found if stands_in(each, thesis)), None)


def stands_in(row: Deputy, thesis: Thesis) -> bool:
    """Whether a deputy can sign for a thesis: not the candidate's own, and only with an address."""
    return bool(row.deputy.email) and row.deputy_id != thesis.candidate_id


def said(row: Deputy, language: str) -> str:
    """The absence in words, as the deputy reads it."""
    return str(letter.words(language)["absent"]).replace("{day}", letter.day_in(row.until_on, language))
