"""The fields by which a form names somebody: known already, or entered now."""

from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.validators import DataRequired, Email, Optional

from cotutelle.domain import identifiers
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Account, Person
from cotutelle.operations import person as people
from cotutelle.web import page
from cotutelle.web.fields import Form, Text, drawable, identifier, options


class PersonForm(Form):
    """Somebody by name, with the question that arises when they may be known already."""

    family_name = Text(
        _l("Family name"),
        [DataRequired(_l("Give the family name, or the one name they have.")), drawable],
        most=120,
    )
    given_names = Text(_l("Given names"), [Optional(), drawable], most=120)
    written_name = Text(_l("Name as they write it, in another script"), most=200)
    email = Text(_l("E-mail address"), [Optional(), Email(_l("This is not an e-mail address."))])
    orcid = Text("ORCID", [Optional(), identifier("orcid", identifiers.orcid)])
    same_person = RadioField(_l("Is it the same person?"), validate_choice=False)


class AddressedForm(PersonForm):
    """Somebody who is written to."""

    email = Text(
        _l("E-mail address"),
        [DataRequired(_l("Give the e-mail address.")), Email(_l("This is not an e-mail address."))],
    )


def facts(form: Any) -> people.PersonFacts:
    """The shared part of a person as the form gives it."""
    return people.PersonFacts(
        family_name=form.family_name.data,
        given_names=form.given_names.data or "",
        written_name=form.written_name.data or "",
        email=(form.email.data or "").casefold(),
        orcid=form.orcid.data or None,
    )


def visible_doubles(session: Session, form: Any) -> list[Person]:
    """People within the reader's sight who may be the one the form names."""
    return [d for d in people.possible_doubles(session, facts(form)) if page.person_visible(session, d)]


def chosen_or_added(session: Session, form: Any) -> Person:
    """The known person the form chose, or a new one. Refused as a possible double when nobody said which."""
    choice, doubles = form.same_person.data, visible_doubles(session, form)
    if choice and choice != "new":
        person = session.scalar(
            select(Person).where(Person.public_id == choice, Person.id.in_([d.id for d in doubles]))
        )
        if person is None:
            raise Refused(Reason.UNKNOWN_PERSON, "family_name")
        return person
    return people.add_person(
        session,
        facts(form),
        g.actor,
        g.now,
        doubles_accepted=choice == "new",
        visible=[d.id for d in doubles],
    )


def addressed(session: Session, form: Any) -> Person:
    """Whoever has the account of the address given, else as `chosen_or_added`: nobody is entered beside their account."""
    address = (form.email.data or "").strip().casefold()
    account = session.scalar(select(Account).where(Account.email == address, Account.disabled_at.is_(None)))
    return account.person if account is not None else chosen_or_added(session, form)


def asked_about(session: Session, form: Any, refusal: Refused | None) -> list[Person]:
    """The known people about whom the form must ask whether it is the same.

    Once asked the question stays, whatever else is to be mended, and with it the answer that was given.
    """
    asked = form.same_person.data or (refusal is not None and refusal.reason is Reason.POSSIBLE_DOUBLE)
    return visible_doubles(session, form) if asked and form.family_name.data else []


def ask(form: Any, doubles: list[Person]) -> None:
    """Put the question with its answers."""
    form.same_person.flags.required = True
    form.same_person.choices = options(
        [
            *((d.public_id, f"{d.name}{', ' + d.email if d.email else ''}") for d in doubles),
            ("new", _("No, this is somebody else")),
        ]
    )
