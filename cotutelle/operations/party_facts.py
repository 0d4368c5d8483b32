"""What the act says of each party: names, address, who represents it, school, unit, contact, legal references."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.calendar import year_label
from cotutelle.domain.convention.facts import Contact as ContactFacts
from cotutelle.domain.convention.facts import Party
from cotutelle.models import Contact, Institution, ThesisInstitution, Unit, texts_of
from cotutelle.rulebooks.references import references_for


def parties_of(session: Session, rows: Sequence[ThesisInstitution]) -> list[Party]:
    """The parties as the act names them, in their order."""
    institutions = [row.institution for row in rows]
    ids = [institution.id for institution in institutions]
    texts = texts_of(session, "institution", ids)
    schools = texts_of(session, "school", [r.school_id for r in rows if r.school_id], "name")
    units = texts_of(session, "unit", [r.unit_id for r in rows if r.unit_id], "name")
    disciplines = texts_of(session, "thesis_institution", [r.id for r in rows], "discipline")
    contacts = {
        contact.institution_id: contact
        for contact in session.scalars(
            select(Contact).where(Contact.institution_id.in_(ids), Contact.for_conventions)
        )
    }
    roles = texts_of(session, "contact", [c.id for c in contacts.values()], "role")
    return [
        _party(
            row,
            texts[row.institution_id],
            schools,
            units,
            disciplines,
            contacts.get(row.institution_id),
            roles,
        )
        for row in rows
    ]


def _party(
    row: ThesisInstitution,
    texts: Mapping[str, dict[str, str]],
    schools: Mapping[int, Any],
    units: Mapping[int, Any],
    disciplines: Mapping[int, Any],
    contact: Contact | None,
    roles: Mapping[int, Any],
) -> Party:
    institution = row.institution
    address = _address(institution, texts.get("city", {}))
    first = row.first_enrolment
    month, day = institution.year_starts
    started = first.year - (0 if first >= date(first.year, month, day) else 1) if first else None
    return Party(
        code=institution.code,
        position=row.position,
        lead=row.lead,
        awards=row.role == "degree",
        names=dict(texts.get("name", {})),
        short_name=institution.short_name,
        country=institution.country,
        legal_status=dict(texts.get("legal_status", {})),
        address=address,
        city=dict(texts.get("city", {})),
        registration_number=_registration(institution.identifiers),
        head_name=institution.head_name or None,
        head_capacity=institution.head_capacity or None,
        head_gender=institution.head_gender or None,
        may_award_doctorate=institution.may_award_doctorate,
        school=dict(schools[row.school_id]["name"]) if row.school_id else {},
        school_head=(row.school.head_name or None) if row.school else None,
        unit=_unit(row.unit, dict(units[row.unit_id]["name"])) if row.unit and row.unit_id else {},
        unit_head=(row.unit.head_name or None) if row.unit else None,
        discipline=dict(disciplines[row.id]["discipline"]),
        candidate_number=row.number or None,
        first_year=year_label(started, month) if started is not None else None,
        contact=ContactFacts(
            contact.name, dict(roles[contact.id]["role"]), contact.email or None, contact.phone or None
        )
        if contact
        else None,
        references=references_for(institution.country, institution.code),
    )


def _registration(identifiers: Mapping[str, str]) -> str | None:
    """The French numbers of an institution as a convention prints them; None for one that has no SIRET."""
    if not identifiers.get("siret"):
        return None
    naf = f", NAF {identifiers['naf']}" if identifiers.get("naf") else ""
    return f"SIRET {identifiers['siret']}{naf}"


def _address(institution: Institution, city: Mapping[str, str]) -> dict[str, str]:
    """The address with the city as each language names it."""
    if not institution.street:
        return {}
    place = f"{institution.street}, {institution.postcode}".rstrip(", ")
    return {tag: f"{place} {name}" for tag, name in city.items()}


def _unit(unit: Unit, names: Mapping[str, str]) -> dict[str, str]:
    return {tag: f"{name}, {unit.label}" if unit.label else name for tag, name in names.items()}
