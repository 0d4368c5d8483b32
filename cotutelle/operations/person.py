"""People: entered once, shared by all who have a thesis with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.names import folded, similar, sort_key
from cotutelle.models import (
    Affiliation,
    Institution,
    Person,
    PersonPrivate,
    PossibleDouble,
    Seat,
    Thesis,
)
from cotutelle.operations import journal, keys, undeliverable
from cotutelle.operations.shown import review
from cotutelle.operations.version import bump
from cotutelle.scope import as_system


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The shared part of a person, as a form gives it; the ORCID is already checked."""

    family_name: str
    given_names: str = ""
    written_name: str = ""
    email: str = ""
    orcid: str | None = None


@dataclass(frozen=True, slots=True)
class PrivateFacts:
    """The private part; every field may stay empty, gender among them."""

    gender: str = ""
    birth_name: str = ""
    birth_date: date | None = None
    birth_place: str = ""
    birth_country: str = ""
    nationality: str = ""
    address: str = ""


def add_person(
    session: Session,
    facts: PersonFacts,
    actor: Actor,
    at: datetime,
    *,
    doubles_accepted: bool = False,
    visible: Sequence[int] | None = None,
) -> Person:
    """Enter a person.

    Refused as a possible double when one with the same name, e-mail or ORCID is among `visible` (None: all)
    and nobody said that these are two people; a double out of the reader's sight is noted for the operator.
    """
    doubles = possible_doubles(session, facts)
    shown = [d for d in doubles if visible is None or d.id in visible]
    holder = next((d for d in doubles if facts.orcid and d.orcid == facts.orcid), None)
    if holder is not None and holder in shown:
        raise Refused(
            Reason.ORCID_TAKEN if doubles_accepted else Reason.POSSIBLE_DOUBLE, "orcid", name=holder.name
        )
    if holder is not None:
        facts = replace(facts, orcid=None)  # the operator settles whether the two are one
    if shown and not doubles_accepted:
        raise Refused(Reason.POSSIBLE_DOUBLE, "family_name", name=shown[0].name, person=shown[0].public_id)
    person = Person(family_name=facts.family_name, retention="person")
    session.add(person)
    _fill(session, person, facts)
    hidden = [d for d in doubles if d not in shown]
    session.add_all(PossibleDouble(person_id=person.id, other_id=d.id, noticed_at=at) for d in hidden)
    journal.record(session, "person.added", f"person:{person.public_id}", actor, at, name=person.name)
    return person


MOST_LETTERS = 300
"""As many of a name are compared: no real one is longer, and a database takes no endless pattern."""


def possible_doubles(session: Session, facts: PersonFacts) -> list[Person]:
    """People who may be this one: same ORCID, same e-mail, or the same words in the name."""
    name = f"{facts.given_names} {facts.family_name}"[:MOST_LETTERS]
    words = folded(name).split()
    address = facts.email.casefold()
    conditions = [and_(*(Person.search_key.contains(w, autoescape=True) for w in words))] if words else []
    if address:
        conditions.append(func.lower(Person.email) == address)
    if facts.orcid:
        conditions.append(Person.orcid == facts.orcid)
    if not conditions:
        return []
    candidates = session.scalars(select(Person).where(or_(*conditions)))
    return [
        person
        for person in candidates
        if similar(person.name, name)
        or (address and person.email.casefold() == address)
        or (facts.orcid and person.orcid == facts.orcid)
    ]


def edit_person(
    session: Session, person: Person, facts: PersonFacts, version: int, actor: Actor, at: datetime
) -> None:
    """Change the shared part. Refused when the ORCID is another person's; Stale when changed meanwhile."""
    other = session.scalar(select(Person).where(Person.orcid == facts.orcid, Person.id != person.id))
    if facts.orcid and other:
        raise Refused(Reason.ORCID_TAKEN, "orcid")
    bump(session, person, version)
    former_name, former_address = person.name, person.email
    _fill(session, person, facts)
    keys.rewrite_for(session, person)
    if former_address and person.email and former_address.casefold() != person.email.casefold():
        undeliverable.clear(session, former_address, person.email, at)
    if former_name != person.name:
        _review(session, person, at)
    journal.record(session, "person.edited", f"person:{person.public_id}", actor, at, name=person.name)


def _review(session: Session, person: Person, at: datetime) -> None:
    """What signatories are shown names people: whoever is still asked is asked anew, under the new name."""
    session.flush()
    with as_system(session, "a name changed"):
        seated = select(Seat.thesis_id).where(Seat.person_id == person.id)
        named = or_(Thesis.candidate_id == person.id, Thesis.id.in_(seated))
        for thesis in session.scalars(select(Thesis).where(named)).all():
            review(session, thesis, at)


def by_address(
    session: Session, given_names: str, family_name: str, email: str, actor: Actor, at: datetime
) -> Person:
    """Whoever has this address, else somebody new by that name: an address is one person's."""
    known = session.scalars(
        select(Person).where(func.lower(Person.email) == email.strip().casefold()).order_by(Person.id)
    ).first()
    facts = PersonFacts(family_name.strip(), given_names.strip(), "", email.strip())
    return known or add_person(session, facts, actor, at, doubles_accepted=True)


def give_address(session: Session, person: Person, email: str, actor: Actor, at: datetime) -> None:
    """Write down the address of somebody who had none."""
    bump(session, person, None)
    person.email = email.strip()
    journal.record(session, "person.edited", f"person:{person.public_id}", actor, at, name=person.name)


def edit_private(session: Session, person: Person, facts: PrivateFacts, actor: Actor, at: datetime) -> None:
    """Change the private part; the journal says that it changed, and keeps the values apart."""
    private = session.get(PersonPrivate, person.id) or PersonPrivate(
        person_id=person.id, retention="person_private"
    )
    changed = {
        name: value
        for name in PrivateFacts.__dataclass_fields__
        if (value := getattr(facts, name)) != getattr(private, name) and (value or getattr(private, name))
    }
    if not changed:
        return
    session.add(private)
    for name in PrivateFacts.__dataclass_fields__:
        setattr(private, name, getattr(facts, name))
    session.flush()
    journal.record(session, "person.private_edited", f"person:{person.public_id}", actor, at, **changed)


def add_affiliation(
    session: Session,
    person: Person,
    actor: Actor,
    at: datetime,
    *,
    institution: Institution | None,
    elsewhere: str = "",
    unit_id: int | None = None,
    rank: str = "",
    accreditation: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
) -> Affiliation:
    """Say where somebody belongs, with rank and accreditation, from a day to a day."""
    if from_on and until_on and until_on < from_on:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "until_on", begin=from_on)
    affiliation = Affiliation(
        person_id=person.id,
        institution_id=institution.id if institution else None,
        elsewhere=elsewhere,
        unit_id=unit_id,
        rank=rank,
        accreditation=accreditation,
        from_on=from_on,
        until_on=until_on,
        retention="person",
    )
    session.add(affiliation)
    session.flush()
    journal.record(
        session,
        "person.affiliation_added",
        f"person:{person.public_id}",
        actor,
        at,
        institution=institution.code if institution else elsewhere,
        rank=rank,
    )
    return affiliation


def _fill(session: Session, person: Person, facts: PersonFacts) -> None:
    person.family_name, person.given_names = facts.family_name, facts.given_names
    person.written_name, person.email, person.orcid = facts.written_name, facts.email, facts.orcid
    person.search_key = folded(f"{facts.given_names} {facts.family_name} {facts.written_name}")
    person.sort_key = sort_key(facts.family_name, facts.given_names)
    session.flush()
