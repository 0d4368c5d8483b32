"""How strong a signature of a convention must be at least, for each institution and each capacity."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import Level, Proof, is_enough
from cotutelle.models import Institution
from cotutelle.operations import journal
from cotutelle.operations.version import bump

STANDARD: Mapping[Signer, Level] = {
    signer: Level.STRONG if signer is Signer.HEAD else Level.ANY
    for signer in Signer
    if signer not in (Signer.CANDIDATE, Signer.FORMER_DIRECTOR)
}
"""Heads sign in ink or with a certificate; everybody else may click. The candidate belongs to no side and may, too."""


def levels_of(institution: Institution) -> dict[Signer, Level]:
    """The level that an institution asks for in each capacity: its own, else the usual one."""
    own = institution.signature_levels
    return {signer: Level(own.get(signer, usual)) for signer, usual in STANDARD.items()}


def level(session: Session, signer: str, side: str) -> Level:
    """The level for one place of a convention; whoever directed before signs like whoever directs now."""
    signer = Signer.DIRECTOR if signer == Signer.FORMER_DIRECTOR else signer
    row = session.scalar(select(Institution).where(Institution.code == side)) if side else None
    return levels_of(row).get(Signer(signer), Level.ANY) if row is not None else Level.ANY


def check(session: Session, signer: str, side: str, proof: Proof) -> None:
    """Refuse a signature of a convention that is weaker than its institution asks for."""
    asked = level(session, signer, side)
    if not is_enough(asked, proof):
        raise Refused(Reason.WAY_TOO_WEAK, level=asked)


def choose(
    session: Session,
    institution: Institution,
    levels: Mapping[Signer, Level],
    version: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Write what an institution asks for; signatures given before stay what they are."""
    bump(session, institution, version)
    institution.signature_levels = {str(signer): str(chosen) for signer, chosen in levels.items()}
    session.flush()
    journal.record(
        session, "institution.signature_levels", f"institution:{institution.code}", actor, at,
        **institution.signature_levels,
    )  # fmt: skip
