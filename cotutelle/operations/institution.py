"""Institutions and what belongs to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.names import folded
from cotutelle.models import (
    Contact,
    Institution,
    Office,
    School,
    Unit,
    UnitInstitution,
    texts_of,
    write_texts,
)
from cotutelle.operations import journal
from cotutelle.operations.health import reconsider
from cotutelle.operations.version import bump

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InstitutionFacts:
    """An institution as a form gives it; identifiers are already checked and normalised."""

    code: str
    short_name: str
    country: str
    names: Texts
    original_language: str
    legal_status: Texts = field(default_factory=dict)
    city: Texts = field(default_factory=dict)
    street: str = ""
    postcode: str = ""
    time_zone: str = "Europe/Paris"
    website: str = ""
    languages: Sequence[str] = ()
    may_award_doctorate: bool | None = None
    year_start: str = "09-01"
    identifiers: Mapping[str, str] = field(default_factory=dict)
    aliases: Sequence[str] = ()
    head_name: str = ""
    head_capacity: str = ""
    head_gender: str = ""


def add_institution(session: Session, facts: InstitutionFacts, actor: Actor, at: datetime) -> Institution:
    """Enter an institution into the directory. Refused when its code is taken."""
    if session.scalar(select(Institution.id).where(Institution.code == facts.code)):
        raise Refused(Reason.CODE_TAKEN, "code", code=facts.code)
    institution = Institution(code=facts.code, short_name="", country="")
    session.add(institution)
    _fill(session, institution, facts)
    journal.record(
        session, "institution.added", f"institution:{facts.code}", actor, at, name=dict(facts.names)
    )
    return institution


def edit_institution(
    session: Session,
    institution: Institution,
    facts: InstitutionFacts,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Change an institution; its code stays. Stale when somebody else did meanwhile."""
    bump(session, institution, version)
    _fill(session, institution, facts)
    reconsider(session, institution.id, at)
    journal.record(
        session, "institution.edited", f"institution:{institution.code}", actor, at, name=dict(facts.names)
    )


def _fill(session: Session, institution: Institution, facts: InstitutionFacts) -> None:
    for name in (
        "short_name",
        "country",
        "street",
        "postcode",
        "time_zone",
        "website",
        "may_award_doctorate",
        "year_start",
        "head_name",
        "head_capacity",
        "head_gender",
    ):
        setattr(institution, name, getattr(facts, name))
    institution.languages = list(facts.languages)
    institution.identifiers = dict(facts.identifiers)
    institution.aliases = list(facts.aliases) or institution.aliases or []
    words = [facts.code, facts.short_name, *facts.names.values(), *facts.city.values(), *institution.aliases]
    institution.search_key = folded(" ".join(sorted(words)))
    institution.sort_key = folded(facts.short_name)
    session.flush()
    write_texts(session, "institution", institution.id, "name", facts.names, facts.original_language)
    write_texts(session, "institution", institution.id, "legal_status", facts.legal_status)
    write_texts(session, "institution", institution.id, "city", facts.city, facts.original_language)


def add_school(
    session: Session,
    institution: Institution,
    code: str,
    kind: str,
    names: Texts,
    actor: Actor,
    at: datetime,
    *,
    number: str = "",
    head_name: str = "",
) -> School:
    """Enter a doctoral school or a faculty. Refused when the institution has one of that code."""
    taken = select(School.id).where(School.institution_id == institution.id, School.code == code)
    if session.scalar(taken):
        raise Refused(Reason.CODE_TAKEN, "code", code=code)
    school = School(institution_id=institution.id, code=code, kind=kind, number=number, head_name=head_name)
    session.add(school)
    session.flush()
    write_texts(session, "school", school.id, "name", names)
    journal.record(session, "school.added", f"institution:{institution.code}", actor, at, code=code)
    return school


def add_unit(
    session: Session,
    institutions: Sequence[Institution],
    code: str,
    names: Texts,
    actor: Actor,
    at: datetime,
    *,
    label: str = "",
    partners: Sequence[str] = (),
    head_name: str = "",
) -> Unit:
    """Enter a research unit that belongs to one institution or to several. Refused when its code is taken."""
    if session.scalar(select(Unit.id).where(Unit.code == code)):
        raise Refused(Reason.CODE_TAKEN, "code", code=code)
    unit = Unit(code=code, label=label, partners=list(partners), head_name=head_name)
    session.add(unit)
    session.flush()
    session.add_all(UnitInstitution(unit_id=unit.id, institution_id=i.id) for i in institutions)
    write_texts(session, "unit", unit.id, "name", names)
    for institution in institutions:
        journal.record(session, "unit.added", f"institution:{institution.code}", actor, at, code=code)
    return unit


def add_contact(
    session: Session,
    institution: Institution,
    name: str,
    role: Texts,
    actor: Actor,
    at: datetime,
    *,
    email: str = "",
    phone: str = "",
    for_conventions: bool = False,
) -> Contact:
    """Enter somebody to write to; at most one is printed in conventions, the last one named so."""
    if for_conventions:
        for other in institution.contacts:
            other.for_conventions = False
    contact = Contact(
        institution_id=institution.id,
        name=name,
        email=email,
        phone=phone,
        for_conventions=for_conventions,
        retention="directory",
    )
    session.add(contact)
    session.flush()
    write_texts(session, "contact", contact.id, "role", role)
    journal.record(session, "contact.added", f"institution:{institution.code}", actor, at, name=name)
    return contact


def save_part(
    session: Session,
    table: type[School] | type[Contact] | type[Office],
    row: Any,
    institution: Institution,
    values: Mapping[str, Any],
    texts: Mapping[str, Texts],
    actor: Actor,
    at: datetime,
    *,
    version: int | None,
) -> None:
    """Add or change a school, a contact or an office. Refused when another school has that code.

    Stale when one that is changed belongs to an institution that was changed meanwhile.

    Texts in languages that the caller does not name are kept. Of contacts, one is printed in conventions.
    """
    if table is School:
        same = select(School.id).where(School.institution_id == institution.id, School.code == values["code"])
        if session.scalar(same.where(School.id != (row.id if row else 0))):
            raise Refused(Reason.CODE_TAKEN, "code", code=values["code"])
    if table is Contact and values["for_conventions"]:
        for other in session.scalars(select(Contact).where(Contact.institution_id == institution.id)):
            other.for_conventions = False
    act = "edited" if row is not None else "added"
    bump(session, institution, version if row is not None else None)
    if row is None:
        row = table(institution_id=institution.id)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    kind = table.__tablename__
    for name, given in texts.items():
        kept = texts_of(session, kind, [row.id], name)[row.id][name]
        others = {tag: text for tag, text in kept.items() if tag not in {"fr", "en"}}
        write_texts(session, kind, row.id, name, {**others, **given})
    reconsider(session, institution.id, at)
    journal.record(session, f"{kind}.{act}", f"institution:{institution.code}", actor, at, **values)


def save_unit(
    session: Session,
    unit: Unit | None,
    owners: Sequence[Institution],
    names: Texts,
    actor: Actor,
    at: datetime,
    *,
    code: str,
    version: int | None,
    label: str = "",
    head_name: str = "",
) -> None:
    """Add or change a research unit and the institutions that share it, the first of which was on the page.

    Refused when another unit has that code; Stale when that institution was changed meanwhile.
    """
    for owner in owners:
        bump(session, owner, version if unit is not None and owner is owners[0] else None)
    if unit is None:
        add_unit(session, owners, code, names, actor, at, label=label, head_name=head_name)
        return
    if session.scalar(select(Unit.id).where(Unit.code == code, Unit.id != unit.id)):
        raise Refused(Reason.CODE_TAKEN, "code", code=code)
    unit.code, unit.label, unit.head_name = code, label, head_name
    session.execute(delete(UnitInstitution).where(UnitInstitution.unit_id == unit.id))
    session.add_all(UnitInstitution(unit_id=unit.id, institution_id=owner.id) for owner in owners)
    kept = texts_of(session, "unit", [unit.id], "name")[unit.id]["name"]
    others = {tag: text for tag, text in kept.items() if tag not in {"fr", "en"}}
    write_texts(session, "unit", unit.id, "name", {**others, **names})
    for owner in owners:
        reconsider(session, owner.id, at)
        journal.record(session, "unit.edited", f"institution:{owner.code}", actor, at, code=code)


def remove_contact(
    session: Session, institution: Institution, contact: Contact, actor: Actor, at: datetime
) -> None:
    """Take a contact out of the directory."""
    write_texts(session, "contact", contact.id, "role", {})
    session.delete(contact)
    reconsider(session, institution.id, at)
    journal.record(
        session, "contact.removed", f"institution:{institution.code}", actor, at, name=contact.name
    )


def add_office(
    session: Session,
    institution: Institution,
    city: str,
    country: str,
    region: Texts,
    purpose: Texts,
    actor: Actor,
    at: datetime,
    *,
    email: str = "",
) -> Office:
    """Enter a local office abroad, with the region that it serves."""
    office = Office(institution_id=institution.id, city=city, country=country, email=email)
    session.add(office)
    session.flush()
    write_texts(session, "office", office.id, "region", region)
    write_texts(session, "office", office.id, "purpose", purpose)
    journal.record(session, "office.added", f"institution:{institution.code}", actor, at, city=city)
    return office
