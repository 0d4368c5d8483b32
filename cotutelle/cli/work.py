"""``cotutelle work`` and ``deliver``: the worker beside the web server."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from cotutelle import clock, mail
from cotutelle.cli.closing import close_due
from cotutelle.cli.remind import run as run_reminders
from cotutelle.db import db, transaction
from cotutelle.domain.actor import system
from cotutelle.models import AccessLog, ActKey, Job, Limit, SignIn
from cotutelle.operations import deputy, expiry, succession
from cotutelle.operations.clause_choice import take_up
from cotutelle.operations.convention_round import CLOSE
from cotutelle.operations.health import recompute_due
from cotutelle.operations.job import lease, queue
from cotutelle.scope import as_system

EVERY = 2.0
TRIED_AGAIN = frozenset({CLOSE})
"""Jobs that wait for something outside, such as a time stamping service: they are tried until they succeed."""
AGAIN_AFTER = timedelta(minutes=10)


@click.command("deliver")
@click.option("--loop", is_flag=True, help="Go on until stopped.")
@with_appcontext
def deliver(loop: bool) -> None:
    """Send the mail that is due."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's target
    while True:
        sent = mail.deliver(app)
        if sent or not loop:
            click.echo(f"{sent} mails sent.")
        if not loop:
            return
        time.sleep(EVERY)


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
@with_appcontext
def work(once: bool) -> None:
    """Run what is due: jobs, then mail; again and again unless --once."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's target
    while True:
        with transaction() as session:
            queue(session, "daily", f"daily:{clock.today()}", clock.now())
        while job := _next():
            _run(job)
        mail.deliver(app)
        if once:
            return
        time.sleep(EVERY)


def _next() -> tuple[int, str] | None:
    with transaction() as session:
        return lease(session, clock.now())


def _run(job: tuple[int, str]) -> None:
    """One job, in its own transaction; a failure is noted beside it and the worker goes on."""
    id_, kind = job
    values: dict[str, Any] = {"state": "done", "error": ""}
    try:
        KINDS[kind]()
    except Exception as failure:
        current_app.logger.exception("job %s failed", id_)
        values = {"state": "failed", "error": str(failure)[:300]}
        if kind in TRIED_AGAIN:
            values |= {"state": "queued", "due_at": clock.now() + AGAIN_AFTER}
    with transaction() as session:
        session.execute(update(Job).where(Job.id == id_).values(**values, leased_until=None))


def daily() -> None:
    """Once a day: recompute what is no longer good, and let go of what has served its time."""
    now = clock.now()
    health()
    with transaction() as session:
        take_up(session, clock.today(), now)
    who_signs()
    what_ends()
    run_reminders(clock.today())
    with transaction() as session:
        session.execute(delete(SignIn).where(SignIn.expires_at < now))
        session.execute(delete(ActKey).where(ActKey.at < now - timedelta(days=30)))
        session.execute(delete(Limit).where(Limit.window < now - timedelta(days=1)))
        session.execute(delete(AccessLog).where(AccessLog.at < now - timedelta(days=365)))
        session.execute(delete(Job).where(Job.state == "done", Job.due_at < now - timedelta(days=30)))


def who_signs() -> None:
    """Ask whoever signs from today on: deputies of who is away, and successors of directors who have left."""
    today, now = clock.today(), clock.now()
    with as_system(db.session(), "who signs"):
        absences = deputy.due(db.session(), today)
    db.session.rollback()
    for row_id in absences:
        _alone("absence", row_id, partial(deputy.turn, row_id=row_id, today=today, at=now))
    with as_system(db.session(), "who signs"):
        theses = succession.overdue(db.session(), today)  # what has just come back to somebody who left, too
    db.session.rollback()
    for id_ in theses:
        settled = partial(
            succession.settle_overdue, thesis_id=id_, actor=system("succession"), at=now, today=today
        )
        _alone("thesis", id_, settled)


def what_ends() -> None:
    """Draft the amendments without which conventions end before the defence, and tell their offices."""
    today, now = clock.today(), clock.now()
    with as_system(db.session(), "expiry"):
        theses = expiry.due(db.session(), today)
    db.session.rollback()
    for id_ in theses:
        _alone("convention", id_, partial(_warn, thesis_id=id_, today=today, at=now))


def _warn(session: Session, *, thesis_id: int, today: date, at: datetime) -> None:
    with as_system(session, "expiry"):
        expiry.warn(session, thesis_id, today, at)


def _alone(what: str, id_: int, act: Callable[[Session], None]) -> None:
    """One act in its own transaction: what goes wrong with one keeps no other from theirs."""
    try:
        with transaction() as session:
            act(session)
    except Exception:
        current_app.logger.exception("%s %s not settled", what, id_)


def health() -> None:
    """Judge anew the theses whose answer is no longer good."""
    more = 1
    while more:
        with transaction() as session:
            more = recompute_due(session, clock.today(), clock.now(), limit=50)


KINDS = {"daily": daily, "health": health, CLOSE: close_due}
