"""When a director leaves: what waits for their signature passes to whoever directs for that side now."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import OPEN
from cotutelle.domain.thesis import WITHOUT_DIPLOMA, SupervisionRole
from cotutelle.models import Institution, Milestone, Person, SignOff, Supervision, Thesis
from cotutelle.operations import journal, letter, signing_link, signoff, supervision
from cotutelle.operations.asking import Named
from cotutelle.operations.message import PAGE, plain
from cotutelle.operations.notice import office_of, tell_circle, tell_no_longer
from cotutelle.operations.standing import withdraw_open
from cotutelle.scope import as_system


def leave(
    session: Session,
    thesis: Thesis,
    gone: Supervision,
    on: date,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    successor: Person | None = None,
    position: str = "",
    academic: bool | None = None,
) -> None:
    """Say that somebody supervises until that day, and who does from the next one on; everybody is told.

    Stale when the thesis changed meanwhile.
    """
    if successor is not None and successor.id == gone.person_id:
        raise Refused(Reason.SUPERVISOR_TWICE, "person", name=successor.name)
    supervision.end_supervision(session, thesis, gone, on, version, actor, at, today=today)
    if successor is not None:
        supervision.add_supervisor(
            session, thesis, successor, gone.institution_id, gone.role, actor, at,
            today=today, position=position, academic=academic, from_on=on + timedelta(days=1),
        )  # fmt: skip
    moved = settle(session, thesis, actor, at, today=today)
    _tell(session, thesis, gone, successor, moved, actor, at, today=today)


def settle(
    session: Session, thesis: Thesis, actor: Actor, at: datetime, *, today: date
) -> list[tuple[Milestone, Person | None]]:
    """Ask no longer whoever has left, and ask in their place the one who directs for their side.

    What others signed stands. Returns the milestones that changed hands; with None where nobody could be asked.
    """
    moved: list[tuple[Milestone, Person | None]] = []
    for row in _left(session, thesis, today):
        tell_no_longer(session, thesis, row, at)
        withdraw_open(session, row.milestone, at, slot=(row.signer, row.side))
        journal.record(
            session, "signature.withdrawn", f"thesis:{thesis.reference}", actor, at,
            sign_off=row.public_id, kind=row.milestone.kind, year=row.milestone.year, name=row.person.name,
        )  # fmt: skip
        successor = _successor(session, _directors(session, thesis, row.side, today))
        asked = successor is not None and _ask(session, thesis, row, successor, actor, at, today=today)
        moved.append((row.milestone, successor if asked else None))
    return moved


def _ask(
    session: Session,
    thesis: Thesis,
    row: SignOff,
    successor: Person,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> bool:
    """Ask the successor in somebody's place; False where the milestone cannot be asked of anybody now."""
    named = [Named(row.signer, row.side, successor, row.language)]
    milestone = session.get_one(Milestone, row.milestone_id)
    try:
        signoff.ask(session, thesis, milestone, named, milestone.document_id, None, actor, at, today=today)
    except Refused:
        return False
    return True


def settle_overdue(session: Session, thesis_id: int, actor: Actor, at: datetime, *, today: date) -> None:
    """What waits for somebody whose last day is over passes on; the offices are told of what nobody signs now."""
    with as_system(session, "succession"):
        thesis = session.get_one(Thesis, thesis_id, with_for_update=True, populate_existing=True)
        moved = settle(session, thesis, actor, at, today=today)
        lacking = [milestone for milestone, successor in moved if successor is None]
        if lacking:
            _tell_lacking(session, thesis, lacking, at, today=today)


def _tell_lacking(
    session: Session, thesis: Thesis, lacking: Sequence[Milestone], at: datetime, *, today: date
) -> None:
    for person, language in office_of(session, thesis, today):
        names = [signing_link.name_of(session, row, language) for row in lacking]
        values = {
            **signing_link.of_thesis(session, thesis, language),
            "list": plain("\n".join(f"– {name}" for name in names)),
            "page": PAGE.replace("PATH", f"theses/{thesis.reference}/calendar"),
        }
        letter.post(session, "nobody_signs", person, language, at, values, thesis=thesis)


def first_asked(session: Session, row: SignOff) -> int:
    """The person who was asked first, before anybody handed the request on."""
    while row.delegated_from_id is not None:
        row = session.get_one(SignOff, row.delegated_from_id)
    return row.person_id


def overdue(session: Session, today: date) -> list[int]:
    """The theses in which somebody is still asked whose last day is over, also where they had handed it on."""
    with as_system(session, "succession"):
        ended = select(Supervision.thesis_id).where(Supervision.until_on < today)
        theses = session.scalars(
            select(Thesis)
            .join(SignOff, SignOff.thesis_id == Thesis.id)
            .where(SignOff.signer == Signer.DIRECTOR, SignOff.state.in_(OPEN), Thesis.id.in_(ended))
            .distinct()
            .order_by(Thesis.id)
        ).all()
        return [thesis.id for thesis in theses if _left(session, thesis, today)]


def _left(session: Session, thesis: Thesis, today: date) -> list[SignOff]:
    """What is asked in the place of somebody who supervised a side and does so no longer; nothing once a thesis has ended."""
    if thesis.state in WITHOUT_DIPLOMA:
        return []
    rows = session.scalars(
        select(SignOff)
        .where(SignOff.thesis_id == thesis.id, SignOff.signer == Signer.DIRECTOR, SignOff.state.in_(OPEN))
        .order_by(SignOff.id)
    ).all()
    return [row for row in rows if _has_left(session, thesis, first_asked(session, row), row.side, today)]


def _tell(
    session: Session,
    thesis: Thesis,
    gone: Supervision,
    successor: Person | None,
    moved: Sequence[tuple[Milestone, Person | None]],
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Tell everybody who follows the thesis, the one who leaves too, who supervises in their place and what lacks."""

    def values(language: str) -> dict[str, str]:
        words = letter.words(language)["supervision"]
        lacking = [signing_link.name_of(session, row, language) for row, person in moved if person is None]
        then = str(words["successor" if successor else "nobody"])
        if successor and not lacking:
            then += " " + str(words["passed"])
        return {
            "who": gone.person.name,
            "institution": gone.institution.short_name,
            "on": letter.day_in(gone.until_on, language),
            "then": then.replace("{name}", successor.name if successor else ""),
            "lacking": str(words["lacking"]).replace("{list}", "; ".join(lacking)) if lacking else "",
        }

    tell_circle(session, thesis, "supervision", values, actor, at, today=today, but=[gone.person_id])
    language = letter.language_of(session, gone.person, "fr")
    said = {**signing_link.of_thesis(session, thesis, language), **values(language)}
    letter.post(session, "supervision", gone.person, language, at, said, thesis=thesis)


def _directors(session: Session, thesis: Thesis, side: str, today: date) -> list[int]:
    """Who directs for a side today."""
    return list(
        session.scalars(
            select(Supervision.person_id)
            .join(Institution, Institution.id == Supervision.institution_id)
            .where(
                Supervision.thesis_id == thesis.id,
                Supervision.role == SupervisionRole.DIRECTOR,
                Institution.code == side,
                Supervision.until_on.is_(None) | (Supervision.until_on >= today),
                Supervision.from_on.is_(None) | (Supervision.from_on <= today),
            )
            .order_by(Supervision.id)
        )
    )


def _has_left(session: Session, thesis: Thesis, person_id: int, side: str, today: date) -> bool:
    """Whether somebody supervised for a side, in any role, and does so no longer: whoever never did is not touched."""
    last_days = session.scalars(
        select(Supervision.until_on)
        .join(Institution, Institution.id == Supervision.institution_id)
        .where(
            Supervision.thesis_id == thesis.id,
            Supervision.person_id == person_id,
            Institution.code == side,
        )
    ).all()
    return bool(last_days) and all(day is not None and day < today for day in last_days)


def _successor(session: Session, people: Sequence[int]) -> Person | None:
    """The one to ask: only where a side has exactly one director, with an address to write to."""
    if len(people) != 1:
        return None
    person = session.get_one(Person, people[0])
    return person if person.email else None
