"""10,000 mails through a server that fails at random, by two workers at once: none lost, doubles only where they must be.

The server refuses for now, knows some addresses not at all, restarts every few seconds, and now and then
takes a mail and breaks off before it says so: only such a mail may arrive twice. Times are moved up between rounds,
so that the programme does not wait as long as a worker would.
"""

import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select, update

from cotutelle import clock, mail
from cotutelle.db import db, transaction
from cotutelle.models import Message
from cotutelle.operations import message as outbox
from tests.proof import Outcome
from tests.proof.worlds import world_on

MAILS, SEED, ROUNDS = 10_000, 20261125, 60
FOR_NOW, UNSAID = 0.10, 0.02
UP_SECONDS, DOWN_SECONDS = 6.0, 0.2


class Hostile:
    """A post office that fails at random and keeps count of what it took, and of which answers were lost."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)  # a die, not a secret
        self.taken: Counter[str] = Counter()
        self.unsaid: Counter[str] = Counter()
        self.refused: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if address.startswith("nobody"):
            self.refused.add(address)
            return "550 5.1.1 no such address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        roll = self.chance.random()
        if roll < FOR_NOW:
            return "451 4.3.0 try again later"
        id_ = envelope.content.partition(b"Message-ID: <")[2].partition(b"@")[0].decode()
        self.taken[id_] += 1
        if roll < FOR_NOW + UNSAID:
            self.unsaid[id_] += 1
            server.transport.abort()
        return "250 OK"


def prove() -> Outcome:
    """Queue, deliver round by round while the server fails and restarts, then count every mail."""
    with world_on("sqlite") as app:
        expected, lost_addresses = _queue(app)
        office, port = Hostile(), _free_port()
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        rounds = 0
        while _left(app) and rounds < ROUNDS:
            rounds += 1
            with restarting(office, port):
                _round(app)
        faults = _faults(app, office, expected, lost_addresses)
    doubles = sum(count - 1 for count in office.taken.values() if count > 1)
    print(  # noqa: T201  # a command speaks
        f"  {len(expected)} mails, {rounds} rounds, {sum(office.unsaid.values())} answers lost, "
        f"{doubles} doubles, {len(lost_addresses)} addresses refused"
    )
    return Outcome(len(office.taken.keys() & expected), len(expected), tuple(faults))


def _queue(app: Flask) -> tuple[set[str], set[str]]:
    """So many mails; one in a hundred to an address that the server does not know."""
    good, bad = set(), set()
    with app.app_context():
        for start in range(0, MAILS + MAILS // 100, 500):
            with transaction() as session:
                for number in range(start, min(start + 500, MAILS + MAILS // 100)):
                    unknown = number % 101 == 100
                    to = f"{'nobody' if unknown else 'reader'}{number}@tests.example"
                    row = outbox.queue(
                        session, "test", to, "fr", f"Numéro {number}", "Bonjour,\n", clock.now()
                    )
                    (bad if unknown else good).add(row.id)
    return good, bad


@contextmanager
def restarting(office: Hostile, port: int) -> Iterator[None]:
    """The server, which goes away every few seconds and comes back a moment later."""
    over = threading.Event()

    def keep() -> None:
        while not over.is_set():
            controller = Controller(office, hostname="127.0.0.1", port=port)
            controller.start()
            over.wait(UP_SECONDS)
            controller.stop(no_assert=True)
            over.wait(DOWN_SECONDS)

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _round(app: Flask) -> None:
    """Two workers at once, until nothing is due; then the times of what waits are moved up."""
    workers = [threading.Thread(target=mail.deliver, args=(app, MAILS * 2)) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with app.app_context(), transaction() as session:
        waiting = update(Message).where(Message.state == "queued")
        session.execute(waiting.values(due_at=clock.now(), leased_until=None, tries=0))


def _left(app: Flask) -> int:
    with app.app_context():
        count = select(func.count()).where(Message.state == "queued", Message.kind == "test")
        found = db.session.scalar(count) or 0
        db.session.rollback()
        return found


def _faults(app: Flask, office: Hostile, good: set[str], bad: set[str]) -> list[str]:
    found = [f"{id_} never arrived" for id_ in sorted(good - office.taken.keys())[:20]]
    for id_, count in office.taken.items():
        if count > 1 + office.unsaid[id_]:
            found.append(f"{id_} arrived {count} times, {office.unsaid[id_]} answers were lost")
        if count > 5:
            found.append(f"{id_} arrived {count} times, more than five")
    with app.app_context():
        states = dict(db.session.execute(select(Message.id, Message.state)).all())
        db.session.rollback()
    found += [f"{id_} arrived and is {states[id_]}" for id_ in good if states[id_] != "sent"][:20]
    found += [f"{id_} was refused and is {states[id_]}" for id_ in bad if states[id_] != "refused"][:20]
    return found


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
