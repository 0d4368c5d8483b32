"""Beginning an installation: a real one, or the demonstration; the two never mix."""

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_migrate import upgrade
from sqlalchemy import func, select

from cotutelle import clock
from cotutelle.cli.address import Address
from cotutelle.config import place
from cotutelle.db import check_durable, db, transaction
from cotutelle.demo import world
from cotutelle.demo.closed import Tools
from cotutelle.documents import authority
from cotutelle.documents.trust import LOCAL
from cotutelle.domain.actor import system
from cotutelle.domain.errors import Refused
from cotutelle.models import Account, Institution, Link, Message, Person
from cotutelle.models import Installation as InstallationFact
from cotutelle.operations import account as accounts
from cotutelle.operations import person as people
from cotutelle.policy import Role
from cotutelle.scope import as_system
from cotutelle.web.printing import final_bytes, press, public_page, seal, store, trust
from cotutelle.web.refusals import refusal


def _kind() -> str | None:
    return db.session.scalar(select(InstallationFact.value).where(InstallationFact.name == "kind"))


@click.command("init")
@click.option("--institution", "code", required=True, help="Code of the institution, such as lille.")
@click.option(
    "--admin", "email", type=Address(), required=True, help="E-mail address of the first administrator."
)
@click.option("--name", default="", help="Name of that person; default: the part before the @.")
@click.option("--school", "schools", multiple=True, help="Codes of schools they administer; default: all.")
@with_appcontext
def init(code: str, email: str, name: str, schools: tuple[str, ...]) -> None:
    """Begin a real installation, its tables included, and print a one-time address for its first administrator."""
    upgrade(directory=str(place("migrations")))
    if _kind() == "demo":
        raise click.UsageError(
            "This database holds the demonstration; a real installation begins in an empty one."
        )
    actor, now = system("init"), clock.now()
    with transaction() as session, as_system(session, "init"):
        if not session.scalar(select(func.count(Institution.id))):
            world.add_institutions(session, actor, now)
        institution = session.scalar(select(Institution).where(Institution.code == code.lower()))
        if institution is None:
            known = ", ".join(session.scalars(select(Institution.code).order_by(Institution.code)))
            raise click.UsageError(f"There is no institution {code}. Known: {known}.")
        _note(session, "kind", "real")
        _note(session, "name", institution.short_name)
        facts = people.PersonFacts(name or email.split("@", maxsplit=1)[0], "", "", email)
        try:
            person = people.add_person(session, facts, actor, now)
            account = accounts.open_account(session, person, email, "fr", actor, now)
        except Refused as error:
            with force_locale("en"):
                raise click.UsageError(refusal(error)) from None
        for school in institution.schools:
            if not schools or school.code in schools:
                accounts.grant(
                    session,
                    person,
                    Role.ADMINISTRATOR,
                    "school",
                    school.id,
                    clock.today(),
                    actor,
                    now,
                    reason="init",
                )
        accounts.grant(
            session, person, Role.DIRECTORY, "installation", None, clock.today(), actor, now, reason="init"
        )
        link = accounts.make_link(session, account, "invitation", now, 24 * accounts.INVITATION_DAYS)
        address = _address(link)
    click.echo(
        f"Open this address once to choose a password (valid {accounts.INVITATION_DAYS} days):\n{address}"
    )


def _address(link: Link) -> str:
    from cotutelle import links

    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return f"{current_app.config['BASE_URL']}/link/{link.purpose}/{links.sign(keys, link.purpose, link.id)}"


def _note(session: object, name: str, value: str) -> None:
    from sqlalchemy.orm import Session

    assert isinstance(session, Session)
    row = session.get(InstallationFact, name) or InstallationFact(name=name)
    row.value = value
    session.add(row)


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds data.")
@with_appcontext
def demo(if_empty: bool) -> None:
    """Fill an empty database with the demonstration world."""
    if db.session.scalar(select(func.count(Person.id))):
        if if_empty:
            click.echo("The database holds data: nothing is filled in.")
            return
        raise click.UsageError("The demonstration goes into an empty database only.")
    made = authority.settle(Path(current_app.instance_path) / LOCAL, "Cotutelle, démonstration")
    tools = Tools(press(), seal(), made, trust(), store(), final_bytes, public_page)
    with transaction() as session, as_system(session, "demo"):
        count = world.fill(session, clock.now(), clock.today(), tools)
        _note(session, "kind", "demo")
        _note(session, "name", "Cotutelle, démonstration")
    click.echo(f"{count} theses, every person invented.")


@click.command("ready")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_appcontext
def ready(as_json: bool) -> None:
    """What the installation stands on; status 1 when something needed is missing."""
    from cotutelle.web.status import checks

    check_durable(db.engine)
    found = checks()
    db.session.rollback()
    waiting = db.session.scalar(select(func.count()).select_from(Message).where(Message.state == "queued"))
    accounts_ = db.session.scalar(select(func.count(Account.id)))
    if as_json:
        click.echo(json.dumps({"checks": found, "mail_waiting": waiting, "accounts": accounts_}))
    else:
        for name, item in found.items():
            click.echo(f"{'ok ' if item['ok'] else 'NO '} {name:<12} {item['detail']}")
    if not all(item["ok"] for item in found.values() if item["needed"]):
        sys.exit(1)
