"""The `cotutelle` command (also ``flask --app cotutelle``). Status 0 answered, 1 a check failed, 2 input unreadable."""

import sys
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from cotutelle.cli import (
    convention,
    conventions,
    export,
    findings,
    installation,
    journal,
    milestones,
    people,
    remind,
    rules,
    theses,
    verify,
    work,
)

COMMANDS = (
    convention.convention,
    conventions.conventions,
    export.export,
    findings.findings,
    installation.demo,
    installation.init,
    installation.ready,
    journal.verify_journal,
    people.invite,
    remind.bounce,
    remind.remind,
    theses.theses,
    verify.verify,
    verify.verify_seals,
    work.deliver,
    work.work,
)


PLAIN = (rules.check_jury, rules.reconcile, rules.rulebooks, milestones.schedule)
"""Commands that need no installation: they start without one."""


def install(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (*COMMANDS, *PLAIN):
        app.cli.add_command(command)


def _create() -> Flask:
    from cotutelle import create_app
    from cotutelle.config import WrongSetting

    try:
        return create_app()
    except WrongSetting as error:
        raise click.UsageError(str(error)) from None


def main(arguments: list[str] | None = None) -> Any:
    """Run the command as installed."""
    group = FlaskGroup(
        name="cotutelle",
        create_app=_create,
        add_default_commands=True,
        help="Cotutelle: theses shared by several universities, from registration to the signed convention.",
    )
    for command in PLAIN:
        group.add_command(command)
    sys.argv[0] = "cotutelle"
    try:
        return group.main(args=arguments, prog_name="cotutelle")
    except (DBAPIError, ArgumentError, NoSuchModuleError) as error:
        why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        click.echo(
            f"The database cannot be used: {why}. `cotutelle db upgrade` makes its tables; "
            "COTUTELLE_DATABASE_URL says where it is.",
            err=True,
        )
        sys.exit(1)
