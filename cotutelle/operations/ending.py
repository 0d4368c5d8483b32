"""A thesis that ends without a diploma, or comes back: its convention, those who were asked, and who is told."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signoff import State
from cotutelle.domain.thesis import PartyRole, ThesisState
from cotutelle.models import Institution, SignOff, Thesis, ThesisInstitution, Transition
from cotutelle.operations import convention as conventions
from cotutelle.operations import letter
from cotutelle.operations import thesis as theses
from cotutelle.operations.notice import circle, tell_circle, tell_no_longer

_ENDS = {
    ConventionState.APPROVED: ConventionState.VOID,
    ConventionState.SIGNING: ConventionState.VOID,
    ConventionState.IN_FORCE: ConventionState.ENDED,
    ConventionState.EXPIRED: ConventionState.ENDED,
}
"""How a convention ends with its thesis; one whose text nobody approved yet stays the draft it is."""


def end(
    session: Session,
    thesis: Thesis,
    to: ThesisState,
    on: date,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    kept_by: str = "",
    with_convention: bool = True,
) -> None:
    """End a thesis without a diploma. Everything still asked is asked no longer, its links are dead, all are told.

    `kept_by` is the code of the institution at which a converted thesis goes on; refused without one, or where it
    awards no degree.
    """
    keeper = _keeper(session, thesis, kept_by) if to is ThesisState.CONVERTED else None
    asked = session.scalars(
        select(SignOff).where(SignOff.thesis_id == thesis.id, SignOff.state == State.ASKED)
    ).all()
    theses.move(session, thesis, to, on, reason, version, actor, at, today=today, institution=keeper)
    tell_circle(
        session, thesis, "ended", lambda language: _ended(thesis, keeper, reason, language), actor, at,
        today=today,
    )  # fmt: skip
    following = {person.id for person, _language in circle(session, thesis, today)}
    for row in asked:
        if row.person_id not in following:
            tell_no_longer(session, thesis, row, at)
    if with_convention:
        _end_convention(session, thesis, reason, actor, at, today=today)


def resume(
    session: Session,
    thesis: Thesis,
    to: ThesisState,
    on: date,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Take an end back: the calendar asks again, a convention that ended goes on in a new draft, all are told."""
    theses.move(session, thesis, to, on, reason, version, actor, at, today=today)
    conventions.start_again(session, thesis, actor, at, today=today)
    tell_circle(
        session, thesis, "resumed", lambda language: _moved(thesis, reason, language), actor, at, today=today
    )


def _keeper(session: Session, thesis: Thesis, code: str) -> Institution:
    if not code:
        raise Refused(Reason.KEEPER_MISSING, "kept_by")
    row = session.scalar(
        select(ThesisInstitution)
        .join(Institution, Institution.id == ThesisInstitution.institution_id)
        .where(
            ThesisInstitution.thesis_id == thesis.id,
            ThesisInstitution.role == PartyRole.DEGREE,
            Institution.code == code,
        )
    )
    if row is None:
        raise Refused(Reason.UNKNOWN_INSTITUTION, "kept_by")
    return row.institution


def _end_convention(
    session: Session, thesis: Thesis, reason: str, actor: Actor, at: datetime, *, today: date
) -> None:
    row = conventions.current(session, thesis)
    to = _ENDS.get(ConventionState(row.state))
    if to is not None:
        conventions.move(session, thesis, row, to, today, reason, None, actor, at, today=today)


def _ended(thesis: Thesis, keeper: Institution | None, reason: str, language: str) -> dict[str, str]:
    words = letter.words(language)["ended"]
    values = _moved(thesis, reason, language)
    values["consequence"] = (
        str(words["converted_to"]).replace("{institution}", keeper.short_name) if keeper else str(words["so"])
    )
    return values


def _moved(thesis: Thesis, reason: str, language: str) -> dict[str, str]:
    return {
        "state": str(letter.words(language)["state"][thesis.state]),
        "on": letter.day_in(thesis.state_since, language),
        "reason": reason.strip() or str(letter.words(language)["no_reason"]),
    }


def kept_by(session: Session, thesis: Thesis) -> Institution | None:
    """The institution at which a converted thesis goes on."""
    if thesis.state != ThesisState.CONVERTED:
        return None
    found = session.scalars(
        select(Transition)
        .where(Transition.thesis_id == thesis.id, Transition.machine == "thesis")
        .order_by(Transition.id.desc())
        .limit(1)
    ).first()
    return session.get(Institution, found.institution_id) if found and found.institution_id else None
