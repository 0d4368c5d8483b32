"""For a list of theses: what comes next for each, and whose signature it waits for."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.signoff import State
from cotutelle.models import Milestone, Person, SignOff
from cotutelle.operations.calendar import OPEN
from cotutelle.operations.plan import plans as plans_of
from cotutelle.policy import Reader
from cotutelle.web import signing_page
from cotutelle.web.calendar import of_no_leave


def next_of(session: Session, ids: list[int], reader: Reader, today: date) -> dict[int, dict[str, Any]]:
    """The open milestone that is due first of each thesis, by its name and day, and whether it is late."""
    turn = func.row_number().over(partition_by=Milestone.thesis_id, order_by=(Milestone.due_on, Milestone.id))
    first = (
        select(Milestone.thesis_id, Milestone.kind, Milestone.year, Milestone.due_on, turn.label("turn"))
        .where(
            Milestone.thesis_id.in_(ids),
            Milestone.state == OPEN,
            Milestone.due_on.is_not(None),
            of_no_leave(reader),
        )
        .subquery()
    )
    kinds = plans_of(session).kinds
    return {
        row.thesis_id: {
            "name": signing_page.name_of(kinds[row.kind].names, row.year),
            "due": row.due_on,
            "late": row.due_on < today,
        }
        for row in session.execute(select(first).where(first.c.turn == 1))
        if row.kind in kinds
    }


def waiting_of(session: Session, ids: list[int]) -> dict[int, dict[str, Any]]:
    """Who was asked first of those whose signature each thesis waits for, since when, and how many others wait."""
    rows = session.execute(
        select(SignOff.thesis_id, Person.given_names, Person.family_name, SignOff.asked_at)
        .join(Person, Person.id == SignOff.person_id)
        .where(SignOff.thesis_id.in_(ids), SignOff.state == State.ASKED, SignOff.asked_at.is_not(None))
        .order_by(SignOff.asked_at, SignOff.id)
    )
    found: dict[int, dict[str, Any]] = {}
    for thesis_id, given, family, asked_at in rows:
        row = found.setdefault(
            thesis_id,
            {
                "name": f"{given} {family}".strip(),
                "since": asked_at.date() if asked_at else None,
                "others": -1,
            },
        )
        row["others"] += 1
    return found
