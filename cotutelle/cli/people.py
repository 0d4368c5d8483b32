"""``cotutelle invite``: give somebody an account and a right, until the screens for it exist."""

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle import clock
from cotutelle.cli.address import Address
from cotutelle.db import transaction
from cotutelle.domain.actor import system
from cotutelle.domain.errors import Refused
from cotutelle.models import Account, Institution, Person, School, Thesis
from cotutelle.operations import account as accounts
from cotutelle.operations import person as people
from cotutelle.policy import Role
from cotutelle.scope import as_system
from cotutelle.web.account import send_link
from cotutelle.web.fields import tidy
from cotutelle.web.refusals import refusal

SCOPED = {
    Role.ADMINISTRATOR: "school",
    Role.PARTNER: "institution",
    Role.AUDITOR: "institution",
    Role.SHARED_READ: "thesis",
    Role.SHARED_WRITE: "thesis",
    Role.OPERATOR: "installation",
    Role.DIRECTORY: "installation",
}


@click.command("invite")
@click.argument("email", type=Address())
@click.option("--family-name", required=True)
@click.option("--given-names", default="")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    help="A right to give; none for candidates and supervisors.",
)
@click.option(
    "--scope", "scopes", multiple=True, help="lille/SHS, ghent, or LILLE-2026-0001, as the role asks."
)
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr")
@click.option("--reason", default="invited from the command line")
@with_appcontext
def invite(
    email: str,
    family_name: str,
    given_names: str,
    role: str | None,
    scopes: tuple[str, ...],
    language: str,
    reason: str,
) -> None:
    """Open an account for EMAIL and send the link by which its password is chosen."""
    if not tidy(family_name):
        raise click.UsageError("Give a family name, or the one name that the person has.")
    if scopes and role is None:
        raise click.UsageError("A --scope is of a --role: say which.")
    actor, now = system("invite"), clock.now()
    with transaction() as session, as_system(session, "invite"):
        person = session.scalar(select(Person).where(Person.email == email).limit(1))
        if person is None:
            facts = people.PersonFacts(tidy(family_name), tidy(given_names), "", email)
            person = people.add_person(session, facts, actor, now, doubles_accepted=True)
        account = session.scalar(select(Account).where(Account.email == email))
        if account is None:
            account = accounts.open_account(session, person, email, language, actor, now)
        try:
            for kind, scope_id in _scopes(session, role, scopes):
                accounts.grant(
                    session, person, str(role), kind, scope_id, clock.today(), actor, now, reason=reason
                )
        except Refused as error:
            with force_locale("en"):
                raise click.UsageError(refusal(error)) from None
        session.refresh(account)
        send_link(session, account, "invitation", 24 * accounts.INVITATION_DAYS)
    click.echo(f"{person.name} is invited; the mail leaves with the worker.")


def _scopes(session: Session, role: str | None, scopes: tuple[str, ...]) -> list[tuple[str, int | None]]:
    """The scopes of a right by kind and id; raises a usage error that names what is unknown."""
    if role is None:
        return []
    kind = SCOPED[Role(role)]
    if kind == "installation":
        return [(kind, None)]
    if not scopes:
        raise click.UsageError(f"The role {role} needs a --scope.")
    found: list[tuple[str, int | None]] = []
    for scope in scopes:
        code, _, school = scope.partition("/")
        by_school = (
            select(School.id)
            .join(Institution, Institution.id == School.institution_id)
            .where(Institution.code == code.lower(), School.code == school)
        )
        id_ = session.scalar(
            {
                "school": by_school,
                "institution": select(Institution.id).where(Institution.code == code.lower()),
                "thesis": select(Thesis.id).where(Thesis.reference == scope.upper()),
            }[kind]
        )
        if id_ is None:
            raise click.UsageError(f"There is no {kind} {scope}.")
        found.append((kind, id_))
    return found
