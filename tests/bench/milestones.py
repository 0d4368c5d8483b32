"""The office's day, the candidate's page and the daily run, with 1,000 theses and with 100,000 beside them.

The office under test has the same 200 theses in both; what grows is everybody else's. Figures are CPU time of this
process, best of five, as the ratio of the large installation to the small one; reminders are found beside a scan.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Milestone, Thesis, ThesisInstitution
from cotutelle.operations import reminder
from cotutelle.scope import as_system
from tests.builders import School, school
from tests.client import Client
from tests.proof.worlds import world_on

SMALL, LARGE, OWN, EACH = 1_000, 100_000, 200, 12
Measured = tuple[str, float, str, bool]


def measured() -> Iterator[Measured]:
    """Each page at both sizes, then the run of one day."""
    small, large = figures(SMALL), figures(LARGE)
    for name in ("today", "candidate's page"):
        ratio = large[name] / small[name]
        yield f"{name}, {LARGE:,} theses to {SMALL:,}", ratio, "x (aim 1.3)", ratio <= 1.3
    ratio = large["due"] / large["scan"]
    yield "finding what is due, to a scan", ratio, "x (aim 0.35)", ratio <= 0.35


def figures(count: int) -> dict[str, float]:
    """CPU milliseconds of each, in an installation of so many theses."""
    with world_on("sqlite") as app:
        reference = fill(app, count)
        office, candidate = Client(app), Client(app)
        office.sign_in("administrator@tests.example")
        candidate.sign_in("candidate@tests.example")
        found = {
            "today": best(lambda: office.get("/today")),
            "candidate's page": best(lambda: candidate.get(f"/theses/{reference}/where")),
        }
        with app.app_context(), as_system(db.session(), "bench"):
            today = clock.today()
            found["due"] = best(lambda: db.session.execute(reminder.due(today)).all())
            found["scan"] = best(
                lambda: [
                    row
                    for row in db.session.execute(select(Milestone.id, Milestone.state, Milestone.remind_on))
                    if row.state == "open" and row.remind_on and row.remind_on <= today
                ],
                times=2,
            )
            db.session.rollback()
    return found


def best(act: Callable[[], object], times: int = 5) -> float:
    """CPU milliseconds of this process, best of several."""
    act()
    taken = []
    for _each in range(times):
        before = time.process_time()
        act()
        taken.append(time.process_time() - before)
    return min(taken) * 1000


def fill(app: Flask, count: int) -> str:
    """So many theses with twelve milestones each: the first 200 of the office under test, the others of another."""
    with app.app_context(), transaction() as session, as_system(session, "bench"):
        model = session.scalars(select(Thesis).order_by(Thesis.id)).first()
        assert model is not None
        session.execute(update(Thesis).where(Thesis.id == model.id).values(state=ThesisState.RUNNING))
        first = (session.scalar(text("SELECT max(id) FROM thesis")) or 0) + 1
        _theses(
            session, model, first, count, school(session, "lille", "SHS"), school(session, "lille", "SMRE")
        )
        _milestones(session, first, count)
        session.execute(text("ANALYZE"))
        return model.reference


def _theses(session: Session, model: Thesis, first: int, count: int, own: School, other: School) -> None:
    numbers = f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {first + count - 1}) "
    given = {
        "id": "i",
        "reference": "'B-' || i",
        "sort_key": "'b ' || i",
        "candidate_id": "(SELECT candidate_id FROM thesis WHERE id = 2)",
    }
    columns = [column.name for column in Thesis.__table__.columns]
    values = ", ".join(given.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    session.execute(
        text(
            f"INSERT INTO thesis ({names}) {numbers} SELECT {values} FROM n, thesis t WHERE t.id = {model.id}"
        )
    )
    parties = [column.name for column in ThesisInstitution.__table__.columns if column.name != "id"]
    changed = {
        "thesis_id": "i",
        "public_id": "substr('000000000000' || i, -11) || p.position",
        "school_id": f"CASE WHEN p.lead THEN CASE WHEN i < {first + OWN} THEN {own.id} ELSE {other.id} END ELSE p.school_id END",
    }
    values = ", ".join(changed.get(name, f'p."{name}"') for name in parties)
    names = ", ".join(f'"{name}"' for name in parties)
    session.execute(
        text(
            f"INSERT INTO thesis_institution ({names}) {numbers} SELECT {values} FROM n, thesis_institution p "
            f"WHERE p.thesis_id = {model.id}"
        )
    )


def _milestones(session: Session, first: int, count: int) -> None:
    """Four of twelve lie behind and three of these are done; one in 400 of the open ones is reminded of today."""
    today = clock.today()
    kinds = ("charter", "training_agreement", "committee", "ethics_training", "rapporteurs", "deposit", "reports",
             "authorisation", "reports_sent", "abstract", "defence_report", "diploma")  # fmt: skip
    rows = []
    for number in range(first, first + count):
        for place, kind in enumerate(kinds):
            due = today + timedelta(days=(place - 4) * 90 + number % 90)
            done = place < 3 or (due < today and number % 7 != 0)
            soon = not done and (number * EACH + place) % 400 == 0
            rows.append(
                {
                    "thesis_id": number, "public_id": f"{number:08d}{place:04d}", "kind": kind, "side": "",
                    "institutions": ["lille"], "certainty": "sourced", "required_on": due, "due_on": due,
                    "state": "done" if done else "open", "done_on": due if done else None,
                    "remind_on": None if done else today if soon else today + timedelta(days=30),
                    "remind": [-30, 0, 7], "signatories": [["candidate", ""]],
                }
            )  # fmt: skip
        if len(rows) >= 12_000:
            session.execute(Milestone.__table__.insert(), rows)  # type: ignore[attr-defined]  # a table
            rows.clear()
    if rows:
        session.execute(Milestone.__table__.insert(), rows)  # type: ignore[attr-defined]  # a table
