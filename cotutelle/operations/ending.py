"""A thesis that ends without a diploma, or comes back: its convention, those who were asked, and who is told."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.defence import Result
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signoff import State
from cotutelle.domain.thesis import WITHOUT_DIPLOMA, PartyRole, ThesisState
from cotutelle.models import Event, Institution, SignOff, Thesis, ThesisInstitution, Transition
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
    ends = _end_of(session, thesis) if with_convention else None
    tell_circle(
        session, thesis, "ended", lambda language: _ended(thesis, keeper, ends, reason, language), actor, at,
        today=today,
    )  # fmt: skip
    following = {person.id for person, _language in circle(session, thesis, today)}
    for row in asked:
        if row.person_id not in following:
            tell_no_longer(session, thesis, row, at)
    if ends is not None:
        _drop_amendment(session, thesis, reason, actor, at, today)
        kept = conventions.current(session, thesis)
        conventions.move(session, thesis, kept, ends, today, reason, None, actor, at, today=today)


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
    for row in session.scalars(select(Event).where(Event.thesis_id == thesis.id)).all():
        if row.kind == "defence_held" and row.data.get("result") == Result.FAILED:
            session.delete(row)  # recorded with the refusal that is taken back
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
            ThesisInstitution.left_on.is_(None),
            Institution.code == code,
        )
    )
    if row is None:
        raise Refused(Reason.UNKNOWN_INSTITUTION, "kept_by")
    return row.institution


def _end_of(session: Session, thesis: Thesis) -> ConventionState | None:
    """How the convention ends with its thesis; None where it stays as it is."""
    return _ENDS.get(ConventionState(conventions.holding(session, thesis).state))


def _drop_amendment(
    session: Session, thesis: Thesis, reason: str, actor: Actor, at: datetime, today: date
) -> None:
    """An amendment that not everybody has signed ends before the convention that it would have changed."""
    row = conventions.current(session, thesis)
    if not row.holding:
        void, why = ConventionState.VOID, reason.strip() or thesis.reference
        conventions.move(session, thesis, row, void, today, why, None, actor, at, today=today)


def _ended(
    thesis: Thesis, keeper: Institution | None, ends: ConventionState | None, reason: str, language: str
) -> dict[str, str]:
    words = letter.words(language)["ended"]
    first = str(words["converted_to"]) if keeper else str(words["so"])
    what = [first.replace("{institution}", keeper.short_name if keeper else "")]
    if ends is not None:
        what.append(str(words[ends]))
    return {**_moved(thesis, reason, language), "consequence": " ".join(what)}


def _moved(thesis: Thesis, reason: str, language: str) -> dict[str, str]:
    return {
        "state": str(letter.words(language)["state"][thesis.state]),
        "on": letter.day_in(thesis.state_since, language),
        "reason": reason.strip() or str(letter.words(language)["no_reason"]),
    }


def back_from(session: Session, thesis: Thesis) -> ThesisState | None:
    """The state that a thesis which has ended came from."""
    found = _last_move(session, thesis)
    return ThesisState(found.from_state) if found and thesis.state in WITHOUT_DIPLOMA else None


def _last_move(session: Session, thesis: Thesis) -> Transition | None:
    return session.scalars(
        select(Transition)
        .where(Transition.thesis_id == thesis.id, Transition.machine == "thesis")
        .order_by(Transition.id.desc())
        .limit(1)
    ).first()


def kept_by(session: Session, thesis: Thesis) -> Institution | None:
    """The institution at which a converted thesis goes on."""
    if thesis.state != ThesisState.CONVERTED:
        return None
    found = _last_move(session, thesis)
    return session.get(Institution, found.institution_id) if found and found.institution_id else None
