"""The defence as it went: admitted, admitted with corrections, adjourned, or refused for good."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.defence import NEEDS_REASON, Result
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Event, Thesis
from cotutelle.operations import ending, journal, letter
from cotutelle.operations import thesis as theses
from cotutelle.operations.health import recompute
from cotutelle.operations.notice import tell_circle
from cotutelle.operations.transition import check_day
from cotutelle.operations.version import bump

OPEN = frozenset({ThesisState.RUNNING, ThesisState.PRE_DEFENCE})
"""States in which a defence may be recorded."""


def record(
    session: Session,
    thesis: Thesis,
    result: Result,
    on: date,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    next_on: date | None = None,
) -> None:
    """Record how the defence went, with all that follows from it; everybody who follows the thesis is told.

    After an adjournment the thesis waits for another day, `next_on` where it is known: what was authorised for the
    former day is due again, and signatures that rest on it are out of date.
    """
    if thesis.state not in OPEN:
        raise Refused(Reason.NOT_BEFORE_DEFENCE)
    check_day(session, thesis, "thesis", on, today)
    if result in NEEDS_REASON and not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")
    if next_on is not None and next_on < today:
        raise Refused(Reason.NEW_DAY_PAST, "next_on")
    bump(session, thesis, version)
    seen = thesis.version
    if result is Result.ADJOURNED:
        _adjourn(session, thesis, on, next_on, reason, actor, at, today=today)
    else:
        seen = _held(session, thesis, result, on, reason, actor, at, today=today)
    if result is Result.FAILED:
        thesis.defence_on = on
        ending.end(session, thesis, ThesisState.REFUSED, on, reason, seen, actor, at, today=today)
        return
    tell_circle(
        session, thesis, "defence", lambda language: _values(result, on, next_on, reason, language), actor, at,
        today=today,
    )  # fmt: skip


def _adjourn(
    session: Session,
    thesis: Thesis,
    on: date,
    next_on: date | None,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    _note(session, thesis, "defence_adjourned", on, {"reason": reason.strip()}, actor, at)
    thesis.defence_on = next_on
    thesis.defence_from = thesis.defence_until = None
    recompute(session, thesis, today, at)


def _held(
    session: Session,
    thesis: Thesis,
    result: Result,
    on: date,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> int:
    _note(session, thesis, "defence_held", on, {"result": result}, actor, at)
    if result is Result.CORRECTIONS:
        _note(session, thesis, "corrections_asked", on, {"reason": reason.strip()}, actor, at)
    steps = [] if thesis.state == ThesisState.PRE_DEFENCE else [ThesisState.PRE_DEFENCE]
    if result is not Result.FAILED:
        steps.append(ThesisState.DEFENDED)
    if result is Result.CORRECTIONS:
        steps.append(ThesisState.CORRECTIONS)
    for to in steps:
        if to is not ThesisState.PRE_DEFENCE:
            thesis.defence_on = on  # with the move that says that it was held: what was signed for it stands
        theses.move(session, thesis, to, on, "", thesis.version, actor, at, today=today)
    return thesis.version


def _note(
    session: Session, thesis: Thesis, kind: str, on: date, data: dict[str, str], actor: Actor, at: datetime
) -> None:
    session.add(Event(thesis_id=thesis.id, kind=kind, on=on, data=data, by=actor.account_id))
    journal.record(session, "thesis.event", theses.subject(thesis), actor, at, kind=kind, on=on)
    session.flush()


def _values(result: Result, on: date, next_on: date | None, reason: str, language: str) -> dict[str, str]:
    words = letter.words(language)["defence"]
    said = str(words[result]).replace("{next}", letter.day_in(next_on, language))
    asked = str(words["reason"]).replace("{reason}", reason.strip()) if reason.strip() else ""
    return {"on": letter.day_in(on, language), "result": said, "reason": asked}
