"""What a signatory is shown of a milestone, and which signatures still rest on what is there now."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain import signoff
from cotutelle.domain.actor import system
from cotutelle.domain.journal import canonical
from cotutelle.domain.plan import Plans
from cotutelle.domain.signoff import Part, State
from cotutelle.domain.thesis import HELD, WITHOUT_DIPLOMA
from cotutelle.models import (
    DocumentVersion,
    Event,
    Institution,
    Jury,
    Milestone,
    Person,
    Seat,
    SignOff,
    Thesis,
    ThesisInstitution,
    texts_of,
)
from cotutelle.operations import journal
from cotutelle.operations.plan import plans as plans_of
from cotutelle.operations.signing_link import ask_again
from cotutelle.operations.standing import is_complete, record_done
from cotutelle.scope import as_system


def shown_of(session: Session, thesis: Thesis, milestone: Milestone, plans: Plans) -> dict[str, Any]:
    """What is signed, as plain values: which milestone of which thesis, and the facts that it rests on."""
    parts = plans.kinds[milestone.kind].binds
    candidate = session.get_one(Person, thesis.candidate_id)
    found: dict[str, Any] = {
        "thesis": thesis.reference,
        "candidate": candidate.name,
        "institutions": [party.institution.code for party in _parties(session, thesis)],
        "milestone": milestone.kind,
        "institution": milestone.side,
        "year": milestone.year,
        "title": texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"],
    }
    if milestone.document_id is not None:
        found[Part.DOCUMENT] = _document(session, milestone.document_id)
    if Part.DEFENCE in parts:
        found[Part.DEFENCE] = _defence(session, thesis)
    if Part.JURY in parts:
        found[Part.JURY] = _jury(session, thesis)
    if Part.COMMITTEE in parts:
        found[Part.COMMITTEE] = _meetings(session, thesis, milestone)
    return found


def review(session: Session, thesis: Thesis, at: datetime) -> None:
    """Compare every signature asked or given with what is there now.

    One that was given and rests on a fact that changed is out of date, for those it touches alone; one that is
    still asked is asked anew, of what is there now, by a new link.
    """
    with as_system(session, "signatures"):
        rows = session.scalars(
            select(SignOff).where(
                SignOff.thesis_id == thesis.id, SignOff.state.in_([State.ASKED, State.APPROVED])
            )
        ).all()
        plans = plans_of(session)
        shown: dict[int, dict[str, Any]] = {}
        again: list[SignOff] = []
        for row in rows:
            now = shown.setdefault(row.milestone_id, shown_of(session, thesis, row.milestone, plans))
            if row.state == State.ASKED:
                _anew(session, thesis, row, now, at)
            elif _outdate(session, thesis, row, now, at) and row.outdated_at is None:
                again.append(row)  # its completion was taken back with it, and holds again
        session.flush()
        for milestone in {row.milestone_id: row.milestone for row in again}.values():
            if is_complete(session, milestone):
                record_done(session, thesis, milestone, at)


def _anew(session: Session, thesis: Thesis, row: SignOff, now: dict[str, Any], at: datetime) -> None:
    if row.digest == signoff.digest(now):
        return
    write(row, now, [Part(part) for part in row.basis])
    if row.person.email:
        ask_again(session, thesis, row, "changed", at)


def write(row: SignOff, shown: dict[str, Any], parts: list[Part] | tuple[Part, ...]) -> None:
    """Put onto a signature that is asked what exactly is put before its signatory."""
    row.shown, row.digest = canonical(shown), signoff.digest(shown)
    row.basis = signoff.basis(shown, parts)


_OF_THE_DEFENCE = frozenset({Part.DEFENCE, Part.JURY})


def _outdate(session: Session, thesis: Thesis, row: SignOff, now: dict[str, Any], at: datetime) -> bool:
    """Write whether a signature is out of date; False when it stands as before.

    Once the defence was held, or the thesis has ended, what was signed for that day and that jury stays as it was.
    """
    over = thesis.state in HELD | WITHOUT_DIPLOMA
    if over and row.outdated_at is not None:
        return False
    rests_on = {part: kept for part, kept in row.basis.items() if not (over and part in _OF_THE_DEFENCE)}
    changed = signoff.changed(rests_on, now)
    if bool(changed) == (row.outdated_at is not None):
        return False
    row.outdated_at, row.outdated_by = (at, changed) if changed else (None, [])
    journal.record(
        session,
        "signature.outdated" if changed else "signature.current",
        f"thesis:{thesis.reference}",
        system("signatures"),
        at,
        sign_off=row.public_id,
        kind=row.milestone.kind,
        name=row.person.name,
        parts=changed,
    )
    if changed:
        recorded = session.scalars(
            select(Event).where(Event.thesis_id == thesis.id, Event.kind == _event(session, row))
        )
        for event in recorded:  # what its completion recorded no longer holds
            if event.data.get("signed") == row.milestone.public_id:
                session.delete(event)
    return True


def _event(session: Session, row: SignOff) -> str:
    return plans_of(session).kinds[row.milestone.kind].event


def _parties(session: Session, thesis: Thesis) -> list[ThesisInstitution]:
    return list(
        session.scalars(
            select(ThesisInstitution)
            .where(ThesisInstitution.thesis_id == thesis.id)
            .order_by(ThesisInstitution.position)
        )
    )


def _document(session: Session, document_id: int) -> dict[str, Any] | None:
    """The newest bytes of the document: what is signed is this version and no other."""
    version = session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    ).first()
    if version is None:
        return None
    return {
        "name": version.filename,
        "sha256": version.digest,
        "size": version.size,
        "number": version.number,
    }


def _defence(session: Session, thesis: Thesis) -> dict[str, Any]:
    place = session.get(Institution, thesis.defence_institution_id) if thesis.defence_institution_id else None
    day = thesis.defence_on
    return {
        "on": day.isoformat() if day else None,
        "from": thesis.defence_from.isoformat() if thesis.defence_from and not day else None,
        "until": thesis.defence_until.isoformat() if thesis.defence_until and not day else None,
        "institution": place.code if place else None,
        "place": thesis.defence_place,
    }


def _jury(session: Session, thesis: Thesis) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Seat, Person, Institution.code)
        .join(Jury, Jury.id == Seat.jury_id)
        .join(Person, Person.id == Seat.person_id)
        .outerjoin(Institution, Institution.id == Seat.institution_id)
        .where(Jury.thesis_id == thesis.id)
        .order_by(Seat.position, Seat.id)
    ).all()
    return [
        {
            "name": person.name,
            "from": code or seat.elsewhere,
            "role": seat.role,
            "rank": seat.rank,
            "rapporteur": seat.rapporteur,
            "president": seat.president,
        }
        for seat, person, code in rows
    ]


_POSTED = frozenset({"sent_to", "sent_on"})
"""Who was told of the report changes nothing of the meeting that is signed for."""


def _meetings(session: Session, thesis: Thesis, milestone: Milestone) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Event)
        .where(Event.thesis_id == thesis.id, Event.kind == "committee")
        .order_by(Event.on, Event.id)
    )
    return [
        {"on": row.on.isoformat(), **{key: value for key, value in row.data.items() if key not in _POSTED}}
        for row in rows
        if "signed" not in row.data
    ][-1:]
