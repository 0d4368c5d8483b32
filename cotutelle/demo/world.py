"""Filling an empty database with the demonstration world, through the same acts as everybody's."""

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.demo import closed, frameworks, juries, negotiation, partnerships, signatures, theses, yearly
from cotutelle.demo.closed import Tools
from cotutelle.domain import identifiers
from cotutelle.domain.actor import Actor, system
from cotutelle.domain.convention.state import FINAL, ConventionState
from cotutelle.models import Institution, Person, School, Thesis
from cotutelle.operations import acceptance
from cotutelle.operations import account as accounts
from cotutelle.operations import convention as conventions
from cotutelle.operations import institution as directory
from cotutelle.operations import person as people
from cotutelle.operations.health import gathered
from cotutelle.policy import Role

PASSWORD = "cotutelle demo"  # noqa: S105  # the demonstration's, printed at every start
HERE = Path(__file__).parent


@cache
def read(name: str) -> dict[str, Any]:
    """The data of one file of this folder."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def add_institutions(
    session: Session, actor: Actor, at: datetime, heads: dict[str, Any] | None = None
) -> None:
    """The institutions of the first users, with their schools, units and offices; heads only where given."""
    heads = heads or {}
    rows = read("institutions")["institution"]
    unit_heads = heads.get("unit_heads", {})
    for row in rows:
        head = heads.get("heads", {}).get(row["code"], {})
        institution = directory.add_institution(session, _institution(row, head), actor, at)
        session.refresh(institution)
        for school in row.get("school", []):
            directory.add_school(
                session,
                institution,
                school["code"],
                school["kind"],
                school["names"],
                actor,
                at,
                number=school.get("number", ""),
                head_name=heads.get("school_heads", {}).get(f"{row['code']}/{school['code']}", ""),
            )
        for office in row.get("office", []):
            directory.add_office(
                session,
                institution,
                office["city"],
                office["country"],
                office["region"],
                office["purpose"],
                actor,
                at,
            )
    by_code = {i.code: i for i in session.scalars(select(Institution))}
    for row in rows:
        for unit in row.get("unit", []):
            owners = [
                by_code[code] for code in (row["code"], *unit.get("shared_with", [])) if code in by_code
            ]
            directory.add_unit(
                session,
                owners,
                unit["code"],
                unit["names"],
                actor,
                at,
                label=unit.get("label", ""),
                partners=unit.get("partners", []),
                head_name=unit_heads.get(unit["code"], ""),
            )
    session.expire_all()


def _institution(row: dict[str, Any], head: dict[str, Any]) -> directory.InstitutionFacts:
    given = row.get("identifiers", {})
    return directory.InstitutionFacts(
        code=row["code"],
        short_name=row["short_name"],
        country=row["country"],
        names=row["names"],
        original_language=row["original_language"],
        legal_status=row["legal_status"],
        city=row["city"],
        street=row["street"],
        postcode=row["postcode"],
        time_zone=row["time_zone"],
        website=row.get("website", ""),
        languages=row["languages"],
        may_award_doctorate=row["may_award_doctorate"],
        year_start=row["academic_year"]["start"],
        identifiers={kind: identifiers.INSTITUTION[kind](value) for kind, value in given.items() if value},
        aliases=row["aliases"],
        head_name=head.get("name", ""),
        head_capacity=row["head_capacity"],
        head_gender=head.get("gender", ""),
    )


def fill(session: Session, at: datetime, today: date, tools: Tools) -> int:
    """Institutions, people, accounts and theses of the demonstration; returns how many theses."""
    actor, world = system("demo"), read("world")
    add_institutions(session, actor, at, world)
    institutions = {i.code: i for i in session.scalars(select(Institution))}
    for contact in world["contact"]:
        directory.add_contact(
            session,
            institutions[contact["institution"]],
            contact["name"],
            contact["role"],
            actor,
            at,
            email=contact.get("email", ""),
            phone=contact.get("phone", ""),
            for_conventions=contact.get("conventions", False),
        )
        session.expire(institutions[contact["institution"]])
    persons = {row["key"]: _person(session, row, institutions, actor, at) for row in world["person"]}
    _accounts(session, world["account"], persons, institutions, actor, at, today)
    frameworks.add(session, institutions, actor, at)
    proof = tools.store.put(session, theses.proof())
    with gathered(session, today, at):
        made = {
            row["key"]: theses.add_thesis(
                session, row, proof, world["defaults"], persons, institutions, actor, at, today
            )
            for row in world["thesis"]
        }
    juries.add(session, read("juries"), made, persons, institutions, actor, at, today)
    _accept(session, list(made.values()), actor, at)
    office = [persons[row["person"]] for row in world["account"] if row["role"] == Role.ADMINISTRATOR]
    signatures.add(session, made.values(), proof, len(theses.proof()), office, actor, at, today)
    signed = [made[row["key"]] for row in world["thesis"] if row.get("signed")]
    closed.add(session, signed, theses.proof(), tools, actor, at, today)
    negotiation.add(session, list(made.values()), actor, at, today)
    yearly.add(session, list(made.values()), proof, len(theses.proof()), actor, at, today)
    with gathered(session, today, at):
        partnerships.add(session, read("partnerships")["partnership"], made, institutions, actor, at, today)
    return len(made)


def _accept(session: Session, made: list[Thesis], actor: Actor, at: datetime) -> None:
    """The office of the demonstration accepted what its approved conventions say."""
    for thesis in made:
        convention = conventions.current(session, thesis)
        if ConventionState(convention.state) in FINAL:
            facts = conventions.text_of(session, thesis, convention)
            drafted, to_verify = acceptance.to_accept(session, facts)
            acceptance.accept(session, "wording", drafted, actor, at)
            acceptance.accept(session, "reference", to_verify, actor, at)


def _person(
    session: Session, row: dict[str, Any], institutions: dict[str, Institution], actor: Actor, at: datetime
) -> Person:
    facts = people.PersonFacts(
        row["family_name"], row.get("given_names", ""), row.get("written_name", ""), row.get("email", "")
    )
    person = people.add_person(session, facts, actor, at, doubles_accepted=True)
    if row.get("rank") or row.get("institution"):
        people.add_affiliation(
            session,
            person,
            actor,
            at,
            institution=institutions[row["institution"]],
            rank=row.get("rank", ""),
            accreditation=row.get("accreditation", ""),
        )
    birth = row.get("birth", {})
    private = people.PrivateFacts(
        gender=row.get("gender", ""),
        birth_date=date.fromisoformat(birth["date"]) if birth.get("date") else None,
        birth_place=birth.get("place", ""),
        birth_country=birth.get("country", ""),
        nationality=birth.get("nationality", ""),
    )
    people.edit_private(session, person, private, actor, at)
    return person


def _accounts(
    session: Session,
    rows: list[dict[str, Any]],
    persons: dict[str, Person],
    institutions: dict[str, Institution],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    for row in rows:
        person = persons[row["person"]]
        accounts.open_account(
            session, person, person.email, row.get("language", "fr"), actor, at, password=PASSWORD
        )
        if row["role"] in {Role.OPERATOR, Role.DIRECTORY}:
            accounts.grant(
                session, person, row["role"], "installation", None, today, actor, at, reason="demonstration"
            )
        for scope in row.get("scope", []):
            code, _, school = scope.partition("/")
            kind, scope_id = "institution", institutions[code].id
            if school:
                found = select(School.id).where(School.institution_id == scope_id, School.code == school)
                kind, scope_id = "school", session.scalars(found).one()
            accounts.grant(
                session, person, row["role"], kind, scope_id, today, actor, at, reason="demonstration"
            )


def sign_ins() -> list[tuple[str, str]]:
    """The demonstration's sign-ins: role and e-mail address; all share one password."""
    world = read("world")
    emails = {row["key"]: row.get("email", "") for row in world["person"]}
    seen: dict[str, str] = {}
    for row in world["account"]:
        seen.setdefault(row["role"], emails[row["person"]])
    return list(seen.items())
