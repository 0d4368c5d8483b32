"""Deputies: named for an absence; what waits is handed over when it begins, and given back when it is over."""

from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor, system
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signoff import State
from cotutelle.models import Deputy, Person, School, SignOff, Thesis, ThesisInstitution
from cotutelle.operations import absence, journal, letter
from cotutelle.operations.asking import pass_on
from cotutelle.operations.version import bump
from cotutelle.scope import as_system


def name(
    session: Session,
    person: Person,
    stand_in: Person,
    from_on: date,
    until_on: date,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    school_id: int | None = None,
) -> Deputy:
    """Say who signs in somebody's place while they are away; an office says it for its own school's theses.

    Refused for oneself, for somebody without an address, for days that are over, or that another absence has.
    """
    _check(session, person, stand_in, from_on, until_on, school_id, today)
    if from_on <= today:
        _lock(session, person.id)
    row = Deputy(
        person_id=person.id,
        deputy_id=stand_in.id,
        school_id=school_id,
        from_on=from_on,
        until_on=until_on,
        reason=reason.strip(),
        given_by=actor.account_id,
        retention="signature",
    )
    session.add(row)
    session.flush()
    journal.record(
        session, "deputy.named", f"person:{person.public_id}", actor, at,
        name=person.name, deputy=stand_in.name, begin=from_on, end=until_on, reason=row.reason,
    )  # fmt: skip
    _tell(session, row, at)
    if from_on <= today:
        begin(session, row, at)
    return row


def end(session: Session, row: Deputy, actor: Actor, at: datetime) -> None:
    """End an absence now: what still waits for the deputy is given back."""
    if row.ended_at is not None:
        return
    _lock(session, row.deputy_id)
    journal.record(
        session, "deputy.ended", f"person:{row.person.public_id}", actor, at,
        name=row.person.name, deputy=row.deputy.name,
    )  # fmt: skip
    give_back(session, row, at)


def begin(session: Session, row: Deputy, at: datetime) -> None:
    """Hand over to the deputy whatever waits for the person now."""
    row.begun_at = at
    for asked, thesis in _waiting(session, row, row.person_id):
        found = absence.of(session, thesis, asked, row.from_on)
        if found is not None and found.id == row.id:
            pass_on(session, thesis, asked, row.deputy, partial(absence.said, row), at)
            bump(session, thesis, None)
    session.flush()


def give_back(session: Session, row: Deputy, at: datetime) -> None:
    """Give back to the person what their deputy has not answered."""
    row.ended_at = at
    for asked, thesis in _waiting(session, row, row.deputy_id):
        before = session.get(SignOff, asked.delegated_from_id) if asked.delegated_from_id else None
        if before is not None and before.person_id == row.person_id and before.answered_at is None:
            pass_on(session, thesis, asked, row.person, _back, at)
            bump(session, thesis, None)
    session.flush()


def due(session: Session, today: date) -> list[int]:
    """The absences that begin today or began, and those that are over, by their row."""
    begins = Deputy.begun_at.is_(None) & (Deputy.from_on <= today) & (Deputy.until_on >= today)
    return list(
        session.scalars(
            select(Deputy.id)
            .where(Deputy.ended_at.is_(None), begins | (Deputy.until_on < today))
            .order_by(Deputy.id)
        )
    )


def turn(session: Session, row_id: int, today: date, at: datetime) -> None:
    """Hand over what waits for somebody whose absence has begun, or give back what waits for the deputy of one that is over."""
    row = session.get_one(Deputy, row_id)
    with as_system(session, "deputies"):
        if row.until_on >= today:
            _lock(session, row.person_id)
            begin(session, row, at)
            return
        _lock(session, row.deputy_id)
        journal.record(
            session, "deputy.over", f"person:{row.person.public_id}", system("deputies"), at,
            name=row.person.name, deputy=row.deputy.name,
        )  # fmt: skip
        give_back(session, row, at)


def _back(language: str) -> str:
    return str(letter.words(language)["back"])


def _lock(session: Session, person_id: int) -> None:
    """Wait for whoever signs at this moment, before anything is written: an answer given meanwhile stands."""
    asked = select(SignOff.thesis_id).where(SignOff.person_id == person_id, SignOff.state == State.ASKED)
    with as_system(session, "deputies"):
        session.scalars(
            select(Thesis)
            .where(Thesis.id.in_(asked))
            .order_by(Thesis.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()


def current(session: Session, person: Person, today: date) -> list[Deputy]:
    """The absences of somebody that are not over."""
    return list(
        session.scalars(
            select(Deputy)
            .where(Deputy.person_id == person.id, Deputy.ended_at.is_(None), Deputy.until_on >= today)
            .order_by(Deputy.from_on, Deputy.id)
        )
    )


def _check(
    session: Session,
    person: Person,
    stand_in: Person,
    from_on: date,
    until_on: date,
    school_id: int | None,
    today: date,
) -> None:
    if stand_in.id == person.id:
        raise Refused(Reason.DEPUTY_ONESELF, "family_name")
    if not stand_in.email:
        raise Refused(Reason.NO_ADDRESS, "email", name=stand_in.name)
    if until_on < from_on:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "until_on", begin=from_on)
    if until_on < today:
        raise Refused(Reason.ENDS_IN_PAST, "until_on")
    for other in current(session, stand_in, today):
        if other.from_on <= until_on and from_on <= other.until_on:
            raise Refused(Reason.DEPUTY_AWAY, "from_on", name=stand_in.name)
    for other in current(session, person, today):
        if other.school_id == school_id and other.from_on <= until_on and from_on <= other.until_on:
            raise Refused(Reason.DEPUTY_TWICE, "from_on", name=other.deputy.name)


def _waiting(session: Session, row: Deputy, person_id: int) -> list[tuple[SignOff, Thesis]]:
    """What is asked of somebody now, in the theses for which the absence holds."""
    statement = (
        select(SignOff, Thesis)
        .join(Thesis, Thesis.id == SignOff.thesis_id)
        .where(SignOff.person_id == person_id, SignOff.state == State.ASKED)
        .order_by(SignOff.id)
        .execution_options(populate_existing=True)
    )
    if row.school_id is not None:
        schools = select(ThesisInstitution.thesis_id).where(ThesisInstitution.school_id == row.school_id)
        statement = statement.where(Thesis.id.in_(schools))
    with as_system(session, "deputies"):
        return [(asked, thesis) for asked, thesis in session.execute(statement)]


def _tell(session: Session, row: Deputy, at: datetime) -> None:
    """Tell the deputy, and the person where somebody else said so for them."""
    for person in (row.deputy, row.person):
        language = letter.language_of(session, person, "fr")
        values = {
            "who": row.person.name,
            "deputy": row.deputy.name,
            "from": letter.day_in(row.from_on, language),
            "until": letter.day_in(row.until_on, language),
            "reason": row.reason or str(letter.words(language)["no_reason"]),
        }
        school = session.get(School, row.school_id) if row.school_id else None
        letter.post(session, "deputy", person, language, at, values, school=school, reply_to=row.person.email)
