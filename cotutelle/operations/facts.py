"""Gathering the facts of a convention from the thesis, its people and its terms."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.calendar import year_label
from cotutelle.domain.convention.facts import (
    Candidate,
    Facts,
    FeeYear,
    Funding,
    Party,
    PlannedStay,
    Supervisor,
)
from cotutelle.domain.convention.facts import Contact as ContactFacts
from cotutelle.domain.convention.facts import Derogation as DerogationFacts
from cotutelle.domain.convention.terms import BY_KEY, Kind, Terms
from cotutelle.domain.enrolment import Fee
from cotutelle.models import (
    Contact,
    Convention,
    Derogation,
    Enrolment,
    FundingSource,
    Institution,
    Person,
    PersonPrivate,
    Stay,
    Supervision,
    Thesis,
    ThesisInstitution,
    Unit,
    texts_of,
)
from cotutelle.rulebooks.references import references_for


def facts_of(session: Session, thesis: Thesis, convention: Convention | None) -> Facts:
    """The facts of the convention of a thesis, as they stand now; reads only."""
    rows = session.scalars(
        select(ThesisInstitution)
        .where(ThesisInstitution.thesis_id == thesis.id)
        .order_by(ThesisInstitution.position)
    ).all()
    codes = {row.institution_id: row.institution.code for row in rows}
    titles = texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"]
    return Facts(
        reference=thesis.reference,
        parties=tuple(_parties(session, rows)),
        candidate=_candidate(session, thesis.candidate_id),
        titles=dict(titles),
        title_original=next(iter(titles), ""),
        supervisors=tuple(_supervisors(session, thesis, codes)),
        thesis_language=thesis.thesis_language,
        defence_language=thesis.defence_language,
        diploma_form=thesis.diploma_form,
        full_time=None if thesis.mode is None else thesis.mode == "full",
        confidential=thesis.confidential,
        defence_from=thesis.defence_from,
        defence_until=thesis.defence_until,
        stays=tuple(_stays(session, thesis, codes)),
        fees=tuple(_fees(session, thesis, codes)),
        fundings=tuple(_fundings(session, thesis)),
        derogations=tuple(_derogations(session, convention, codes)),
        languages=tuple(convention.languages if convention else ("fr", "en")),
        terms=_among(terms_of(session, convention), set(codes.values())),
    )


def _derogations(
    session: Session, convention: Convention | None, codes: Mapping[int, str]
) -> list[DerogationFacts]:
    """The rules set aside, in the order in which they were; one asked for by nobody here counts for the lead."""
    if convention is None:
        return []
    rows = session.scalars(
        select(Derogation).where(Derogation.convention_id == convention.id).order_by(Derogation.id)
    ).all()
    texts = texts_of(session, "derogation", [row.id for row in rows])
    lead = next(iter(codes.values()), "")
    return [
        DerogationFacts(
            rule=row.rule,
            article=row.article,
            reason=dict(texts[row.id].get("reason", {})),
            replacement=dict(texts[row.id].get("replacement", {})),
            asked_by=codes.get(row.asked_by_id or 0, lead),
        )
        for row in rows
    ]


def _among(terms: Terms, codes: set[str]) -> Terms:
    """The terms without what names an institution that has left the thesis: it is to be settled anew."""
    kept = {}
    for name, value in terms.values.items():
        key, _separator, party = name.partition(":")
        named = value if BY_KEY[key].kind is Kind.PARTY else party
        if not named or named in codes:
            kept[name] = value
    return Terms(kept)


def terms_of(session: Session, convention: Convention | None) -> Terms:
    """The terms of a convention as typed values: dates as dates, texts by language."""
    if convention is None:
        return Terms({})
    values: dict[str, object] = {key: _typed(key, value) for key, value in convention.terms.items()}
    values.update(texts_of(session, "convention", [convention.id])[convention.id])
    return Terms(values)


def _typed(key: str, value: Any) -> Any:
    kind = BY_KEY[key.partition(":")[0]].kind
    if kind is Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    if kind is Kind.MONEY and value is not None:
        return Decimal(str(value))
    return value


def _parties(session: Session, rows: Any) -> list[Party]:
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
    return f"SIRET {identifiers['siret']}" if identifiers.get("siret") else None


def _address(institution: Institution, city: Mapping[str, str]) -> dict[str, str]:
    """The address with the city as each language names it."""
    if not institution.street:
        return {}
    place = f"{institution.street}, {institution.postcode}".rstrip(", ")
    return {tag: f"{place} {name}" for tag, name in city.items()}


def _unit(unit: Unit, names: Mapping[str, str]) -> dict[str, str]:
    return {tag: f"{name}, {unit.label}" if unit.label else name for tag, name in names.items()}


def _candidate(session: Session, person_id: int) -> Candidate:
    person = session.get_one(Person, person_id)
    private = session.get(PersonPrivate, person_id) or PersonPrivate()
    return Candidate(
        name=person.name,
        gender=private.gender or None,
        birth_name=private.birth_name or None,
        birth_date=private.birth_date,
        birth_place=private.birth_place or None,
        birth_country=private.birth_country or None,
        nationality=private.nationality or None,
        email=person.email or None,
    )


def _supervisors(session: Session, thesis: Thesis, codes: Mapping[int, str]) -> list[Supervisor]:
    rows = session.execute(
        select(Supervision, Person, PersonPrivate)
        .join(Person, Person.id == Supervision.person_id)
        .outerjoin(PersonPrivate, PersonPrivate.person_id == Person.id)
        .where(Supervision.thesis_id == thesis.id, Supervision.until_on.is_(None))
        .order_by(Supervision.id)
    ).all()
    found = []
    for supervision, person, private in rows:
        if supervision.institution_id not in codes:
            continue
        here = [a for a in person.affiliations if a.institution_id == supervision.institution_id]
        affiliation = here[-1] if here else None
        found.append(
            Supervisor(
                name=person.name,
                role=supervision.role,
                party=codes[supervision.institution_id],
                gender=(private.gender or None) if private else None,
                position=supervision.position or (affiliation.rank if affiliation else None) or None,
                accreditation=(affiliation.accreditation or None) if affiliation else None,
            )
        )
    return found


def _stays(session: Session, thesis: Thesis, codes: Mapping[int, str]) -> list[PlannedStay]:
    rows = session.scalars(
        select(Stay).where(Stay.thesis_id == thesis.id, Stay.done.is_(False)).order_by(Stay.begin_on, Stay.id)
    )
    return [
        PlannedStay(codes[r.institution_id], r.begin_on, r.end_on) for r in rows if r.institution_id in codes
    ]


def _fees(session: Session, thesis: Thesis, codes: Mapping[int, str]) -> list[FeeYear]:
    rows = session.scalars(
        select(Enrolment).where(Enrolment.thesis_id == thesis.id).order_by(Enrolment.year)
    ).all()
    years: dict[int, str | None] = {}
    for row in rows:
        paid = codes.get(row.institution_id) if row.fee == Fee.PAID else None
        years[row.year] = paid or years.get(row.year)
    return [FeeYear(year_label(year, 9), payer) for year, payer in sorted(years.items())]


def _fundings(session: Session, thesis: Thesis) -> list[Funding]:
    rows = session.scalars(
        select(FundingSource).where(FundingSource.thesis_id == thesis.id).order_by(FundingSource.id)
    )
    return [
        Funding(r.kind, r.funder, r.begin_on, r.end_on, r.monthly_amount, r.currency or None) for r in rows
    ]
