"""A small world for the tests: three universities, their offices, one thesis of each relation."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.demo import world as demo
from cotutelle.domain.actor import system
from cotutelle.models import Institution, Person, School, Thesis, Unit
from cotutelle.operations import account as accounts
from cotutelle.operations import person as people
from cotutelle.operations import supervision
from cotutelle.operations import thesis as theses
from cotutelle.policy import Role

ACTOR = system("tests")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
PASSWORD = "a long enough password"

ROLES = (
    "administrator", "other_administrator", "ghent_administrator", "supervisor", "partner_supervisor", "candidate",
    "partner", "auditor", "reader", "writer", "operator", "directory", "stranger", "disabled",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """Public names of what was built."""

    thesis: str
    other_thesis: str
    emails: dict[str, str]


def institution(session: Session, code: str) -> Institution:
    return session.scalars(select(Institution).where(Institution.code == code)).one()


def school(session: Session, code: str, name: str) -> School:
    return session.scalars(
        select(School).where(School.institution_id == institution(session, code).id, School.code == name)
    ).one()


def person(session: Session, family: str, given: str = "", **more: str) -> Person:
    return people.add_person(
        session, people.PersonFacts(family, given, **more), ACTOR, NOW, doubles_accepted=True
    )


def party(
    session: Session, code: str, name: str | None = None, *, lead: bool = False, **more: object
) -> theses.PartyFacts:
    here = institution(session, code)
    found = school(session, code, name) if name else None
    return theses.PartyFacts(here, lead=lead, school_id=found.id if found else None, **more)  # type: ignore[arg-type]


def thesis(
    session: Session,
    candidate: Person,
    parties: list[theses.PartyFacts] | None = None,
    title: str = "Gouverner les crues",
) -> Thesis:
    listed = parties or [
        party(session, "lille", "SHS", lead=True),
        party(session, "ghent", ghent_school(session)),
    ]
    facts = theses.ThesisFacts(titles={"fr": title}, title_original="fr")
    return theses.register(session, candidate, facts, listed, ACTOR, NOW, today=TODAY)


def ghent_school(session: Session) -> str:
    return institution(session, "ghent").schools[0].code


def unit_of(session: Session, code: str) -> Unit:
    return institution(session, code).units[0]


def build(session: Session) -> World:
    """Everything the sweep needs: two theses in different schools, an account for every role."""
    demo.add_institutions(session, ACTOR, NOW)
    persons = {
        role: person(session, f"Canary-{role}".replace("_", "-"), "Zed", email=f"{role}@tests.example")
        for role in ROLES
    }
    for role, who in persons.items():
        account = accounts.open_account(session, who, who.email, "en", ACTOR, NOW, password=PASSWORD)
        if role == "disabled":
            account.disabled_at = NOW
    mine = thesis(session, persons["candidate"], title="Canary-title-of-mine")
    lonely = person(session, "Canary-unseen", "Ada")
    others = [party(session, "lille", "SMRE", lead=True), party(session, "ku-leuven")]
    other = thesis(session, lonely, others, title="Canary-title-of-other")
    lille, ghent = institution(session, "lille"), institution(session, "ghent")
    for who, home in (("supervisor", lille), ("partner_supervisor", ghent)):
        supervision.add_supervisor(session, mine, persons[who], home.id, "director", ACTOR, NOW, today=TODAY)

    def grant(who: str, role: Role, kind: str, scope: int | None) -> None:
        accounts.grant(session, persons[who], role, kind, scope, date(2020, 1, 1), ACTOR, NOW, reason="tests")

    grant("administrator", Role.ADMINISTRATOR, "school", school(session, "lille", "SHS").id)
    grant("disabled", Role.ADMINISTRATOR, "school", school(session, "lille", "SHS").id)
    grant("other_administrator", Role.ADMINISTRATOR, "school", school(session, "lille", "SMRE").id)
    grant("ghent_administrator", Role.ADMINISTRATOR, "school", ghent.schools[0].id)
    grant("partner", Role.PARTNER, "institution", ghent.id)
    grant("auditor", Role.AUDITOR, "institution", lille.id)
    grant("reader", Role.SHARED_READ, "thesis", mine.id)
    grant("writer", Role.SHARED_WRITE, "thesis", mine.id)
    grant("operator", Role.OPERATOR, "installation", None)
    grant("directory", Role.DIRECTORY, "installation", None)
    return World(mine.reference, other.reference, {role: who.email for role, who in persons.items()})
