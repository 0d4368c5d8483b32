"""Juries and recorded events of the demonstration, made through the same acts as everybody's."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.models import Institution, Person, Seat, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import event, jury, jury_approval
from cotutelle.operations import person as people
from cotutelle.operations.dossier import dossier_of
from cotutelle.operations.rulebook import library


def add(
    session: Session,
    rows: Mapping[str, Any],
    theses: Mapping[str, Thesis],
    persons: Mapping[str, Person],
    institutions: Mapping[str, Institution],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    """Every jury and every event of the file."""
    for row in rows["event"]:
        on = today.replace(day=1) + relativedelta(months=int(row["on"]))
        for key in row["theses"]:
            event.add(session, theses[key], row["kind"], on, actor, at, today=today, data=row.get("data"))
    for row in rows["jury"]:
        _jury(session, theses[row["thesis"]], row, persons, institutions, actor, at, today)


def _jury(
    session: Session,
    thesis: Thesis,
    row: dict[str, Any],
    persons: Mapping[str, Person],
    institutions: Mapping[str, Institution],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    made = jury.begin(session, thesis, actor, at, today=today)
    ranks = {persons[key].id: rank for key, rank in row["ranks"].items()}
    for seat in session.scalars(select(Seat).where(Seat.jury_id == made.id)).all():
        seat.rank = ranks.get(seat.person_id, "")
    for member in row["members"]:
        facts = people.PersonFacts(member["family"], member.get("given", ""))
        person = people.add_person(session, facts, actor, at, doubles_accepted=True)
        home = institutions.get(member.get("institution", ""))
        values = jury.SeatFacts(
            institution_id=home.id if home else None,
            elsewhere=member.get("elsewhere", ""),
            grade=member["grade"],
            rank=member["rank"],
            gender=member["gender"],
            accredited=True,
            rapporteur=member.get("rapporteur", ""),
            president=member.get("president", False),
            remote=member.get("remote", False),
            copublished=False,
            on_committee=False,
            impartial_on=today if member.get("impartial") else None,
        )
        jury.save_seat(session, thesis, made, None, person, values, None, actor, at, today=today)
    if row.get("proposed"):
        convention = conventions.current(session, thesis)
        shelf = library(session)
        facts_now = conventions.text_of(session, thesis, convention)
        dossier = dossier_of(session, shelf, thesis, convention, facts_now, today)
        jury_approval.propose(
            session, thesis, made, today, shelf, dossier, made.version, actor, at, today=today
        )
        for code in row.get("approved_by", []):
            note = "Courriel de la direction de l’école doctorale"
            jury_approval.approve(
                session, thesis, made, institutions[code].id, today, note, shelf, dossier, made.version,
                actor, at, today=today,
            )  # fmt: skip
