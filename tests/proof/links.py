"""1,000 links raced by 8 clients each, on both databases: 1,000 acts, 7,000 polite answers, one receipt for each."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from cotutelle import clock, links
from cotutelle.db import db, transaction
from cotutelle.models import JournalEntry, Link, Message, SignOff, Thesis
from cotutelle.operations import supervision
from cotutelle.scope import as_system
from tests import builders
from tests.client import Client
from tests.conftest import TESTING
from tests.operations.signing import asked, dated, milestone, paper
from tests.proof import Outcome
from tests.proof.worlds import world_on

LINKS, RACERS = 1000, 8
KEYS = [str(TESTING["SECRET_KEY"])]


def prove() -> Outcome:
    """Each database in turn: every link is posted by all clients at once."""
    done, faults = 0, list[str]()
    for kind in ("sqlite", "postgresql"):
        with world_on(kind) as app:
            raced, wrong = _race(app)
            print(f"  {kind}: {raced} acts of {LINKS}, {LINKS * RACERS} clicks, {len(wrong)} faults")  # noqa: T201  # a command speaks
            done += raced
            faults += [f"{kind}: {each}" for each in wrong]
    return Outcome(done, 2 * LINKS, tuple(faults))


def _race(app: Flask) -> tuple[int, list[str]]:
    targets = _links(app)
    clients = [Client(app) for _each in range(RACERS)]
    tokens = [client.get("/help").hidden("csrf_token") for client in clients]
    wrong: list[str] = []

    def click(job: tuple[int, dict[str, Any]]) -> int:
        number, target = job
        data = {
            "csrf_token": tokens[number], "act_key": secrets.token_hex(16), "answer": "approved",
            "digest": target["digest"], "code": target["code"],
        }  # fmt: skip
        return clients[number].browser.post(target["url"], data=data).status_code

    with ThreadPoolExecutor(RACERS) as pool:
        for target in targets:
            statuses = list(pool.map(click, [(number, target) for number in range(RACERS)]))
            if not set(statuses) <= {200, 303}:
                wrong.append(f"{target['id']}: {statuses}")
    return _count(app, wrong), wrong


def _links(app: Flask) -> list[dict[str, Any]]:
    """Charters of as many theses as are needed, five signatures each."""
    with app.app_context():
        for number in range(LINKS // 5):
            with transaction() as session, as_system(session, "tests"):
                _one(session, number)
        with transaction() as session:
            for link in session.scalars(select(Link)):
                link.made_at, link.expires_at = clock.now(), clock.now() + timedelta(days=1)
        with as_system(db.session(), "tests"):
            rows = db.session.execute(
                select(Link.id, SignOff.digest).join(SignOff, SignOff.id == Link.sign_off_id)
            ).all()
        db.session.rollback()
    return [
        {
            "id": row.id,
            "digest": row.digest,
            "code": links.code(KEYS, row.id),
            "url": f"/link/sign/{links.sign(KEYS, 'sign', row.id)}",
        }
        for row in rows
    ]


def _one(session: Any, number: int) -> None:
    who = builders.person(session, f"Candidate {number}", "Zed", email=f"candidate{number}@tests.example")
    thesis: Thesis = builders.thesis(session, who)
    for code in ("lille", "ghent"):
        guide = builders.person(
            session, f"Guide {code} {number}", "Ana", email=f"{code}{number}@tests.example"
        )
        here = builders.institution(session, code).id
        supervision.add_supervisor(
            session, thesis, guide, here, "director", builders.ACTOR, builders.NOW, today=builders.TODAY
        )
    dated(session, thesis)
    asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)


def _count(app: Flask, wrong: list[str]) -> int:
    """Acts by what the database holds: one answer, one receipt and one entry of the journal for each link."""
    with app.app_context(), as_system(db.session(), "tests") as session:
        acts = session.scalar(select(func.count()).where(SignOff.state == "approved")) or 0
        receipts = session.scalar(select(func.count()).where(Message.kind == "receipt")) or 0
        entries = session.scalar(select(func.count()).where(JournalEntry.act == "signature.approved")) or 0
        session.rollback()
    if not acts == receipts == entries:
        wrong.append(f"{acts} acts, {receipts} receipts, {entries} entries of the journal")
    return acts
