"""``cotutelle remind`` and ``bounce``: who is told today, and mail that came back."""

import sys
from datetime import date
from email import policy as email_policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.domain.actor import system
from cotutelle.operations import reminder, undeliverable
from cotutelle.scope import as_system

BATCH = 200


@click.command("remind")
@click.option("--dry-run", is_flag=True, help="Only say who would be told of what.")
@with_appcontext
def remind(dry_run: bool) -> None:
    """Tell everybody what waits for them today: one mail each."""
    today = clock.today()
    if dry_run:
        with as_system(db.session(), "preview of reminders"):
            count = 0
            for told in reminder.preview(db.session(), today):
                count += 1
                click.echo(
                    f"{told.milestone.due_on}  {told.tone:10}  {told.milestone.kind:20}  {told.person.name} <{told.person.email}>"
                )
            click.echo(f"{count} reminders would be sent.")
        return
    click.echo(f"{run(today)} people are told.")


def run(today: date) -> int:
    """Write down what is due, then one mail for each person; small transactions, so that nothing is held for long."""
    after, more = None, True
    while more:
        with transaction() as session, as_system(session, "reminders"):
            after = reminder.write_down(session, today, after, BATCH)
        more = after is not None
    told, last, people = 0, 0, [0]
    while people:
        with as_system(db.session(), "reminders"):
            people = reminder.unsent(db.session(), today, last, BATCH)
        db.session.rollback()
        for person_id in people:
            told, last = told + _tell(person_id, today), person_id
        db.session.expunge_all()
    return told


def _tell(person_id: int, today: date) -> bool:
    """One person's mail in its own transaction; what goes wrong with one keeps nobody else from theirs."""
    try:
        with transaction() as session, as_system(session, "reminders"):
            return bool(reminder.send(session, person_id, system("reminders"), clock.now(), today=today))
    except Exception:
        current_app.logger.exception("reminders of person %s not sent", person_id)
        return False


@click.command("bounce")
@click.argument("file", type=click.File("rb"), default="-")
@with_appcontext
def bounce(file: BinaryIO) -> None:
    """Read a mail that came back (a file, or standard input) and mark its address."""
    mail: EmailMessage = BytesParser(policy=email_policy.default).parsebytes(file.read())
    with transaction() as session:
        found = undeliverable.returned(session, mail, clock.now())
        said = f"{found.to} is marked: {found.error}" if found else ""
    if not said:
        click.echo("This mail is not one of ours that came back.", err=True)
        sys.exit(1)
    click.echo(said)
