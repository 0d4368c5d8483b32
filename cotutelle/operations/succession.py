"""When a director leaves: what waits for their signature passes to whoever directs for that side now."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import OPEN, State
from cotutelle.domain.thesis import SupervisionRole
from cotutelle.models import Institution, Milestone, Person, SignOff, Supervision, Thesis
from cotutelle.operations import letter, signing_link, signoff, supervision
from cotutelle.operations.asking import Named
from cotutelle.operations.notice import tell_circle, tell_no_longer
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
    """Ask no longer whoever directs no longer, and ask in their place the one who directs for their side.

    What others signed stands. Returns the milestones that changed hands; with None where nobody could be asked.
    """
    directing = _directors(session, thesis, today)
    moved: list[tuple[Milestone, Person | None]] = []
    rows = session.scalars(
        select(SignOff)
        .where(SignOff.thesis_id == thesis.id, SignOff.signer == Signer.DIRECTOR, SignOff.state.in_(OPEN))
        .order_by(SignOff.id)
    ).all()
    for row in rows:
        asked_first = first_asked(session, row)
        if not _directed(session, thesis, asked_first, row.side) or asked_first in directing.get(
            row.side, ()
        ):
            continue
        tell_no_longer(session, thesis, row, at)
        withdraw_open(session, row.milestone, at, slot=(row.signer, row.side))
        successor = _successor(session, directing.get(row.side, ()))
        if successor is not None:
            named = [Named(row.signer, row.side, successor, row.language)]
            milestone = session.get_one(Milestone, row.milestone_id)
            signoff.ask(
                session, thesis, milestone, named, milestone.document_id, None, actor, at, today=today
            )
        moved.append((row.milestone, successor))
    return moved


def first_asked(session: Session, row: SignOff) -> int:
    """The person who was asked first, before anybody handed the request on."""
    while row.delegated_from_id is not None:
        row = session.get_one(SignOff, row.delegated_from_id)
    return row.person_id


def overdue(session: Session, today: date) -> list[Thesis]:
    """The theses in which somebody is still asked who directs no longer since yesterday or before."""
    with as_system(session, "succession"):
        return list(
            session.scalars(
                select(Thesis)
                .join(SignOff, SignOff.thesis_id == Thesis.id)
                .join(
                    Supervision,
                    (Supervision.thesis_id == Thesis.id) & (Supervision.person_id == SignOff.person_id),
                )
                .where(
                    SignOff.signer == Signer.DIRECTOR,
                    SignOff.state.in_([State.WAITING, State.ASKED]),
                    Supervision.until_on < today,
                )
                .distinct()
                .order_by(Thesis.id)
            )
        )


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
        then = words["successor" if successor else "nobody"]
        return {
            "who": gone.person.name,
            "institution": gone.institution.short_name,
            "on": letter.day_in(gone.until_on, language),
            "then": str(then).replace("{name}", successor.name if successor else ""),
            "lacking": str(words["lacking"]).replace("{list}", "; ".join(lacking)) if lacking else "",
        }

    tell_circle(session, thesis, "supervision", values, actor, at, today=today, but=[gone.person_id])
    language = letter.language_of(session, gone.person, "fr")
    said = {**signing_link.of_thesis(session, thesis, language), **values(language)}
    letter.post(session, "supervision", gone.person, language, at, said, thesis=thesis)


def _directors(session: Session, thesis: Thesis, today: date) -> dict[str, list[int]]:
    """Who directs today, by the code of the institution."""
    rows = session.execute(
        select(Institution.code, Supervision.person_id)
        .join(Institution, Institution.id == Supervision.institution_id)
        .where(
            Supervision.thesis_id == thesis.id,
            Supervision.role == SupervisionRole.DIRECTOR,
            Supervision.until_on.is_(None) | (Supervision.until_on >= today),
            Supervision.from_on.is_(None) | (Supervision.from_on <= today),
        )
        .order_by(Supervision.id)
    )
    found: dict[str, list[int]] = {}
    for code, person_id in rows:
        found.setdefault(code, []).append(person_id)
    return found


def _directed(session: Session, thesis: Thesis, person_id: int, side: str) -> bool:
    """Whether somebody was ever named a supervisor for a side: whoever was asked otherwise is not touched."""
    found = (
        select(Supervision.id)
        .join(Institution, Institution.id == Supervision.institution_id)
        .where(
            Supervision.thesis_id == thesis.id,
            Supervision.person_id == person_id,
            Institution.code == side,
        )
    )
    return session.scalar(found.limit(1)) is not None


def _successor(session: Session, people: Sequence[int]) -> Person | None:
    """The one to ask: only where a side has exactly one director, with an address to write to."""
    if len(people) != 1:
        return None
    person = session.get_one(Person, people[0])
    return person if person.email else None
