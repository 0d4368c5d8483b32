"""Clauses CL-01 to CL-11: who contracts, on which texts, about whom and what, under whose direction."""

from collections.abc import Iterator

from cotutelle.domain.convention.agreed import beside, instead
from cotutelle.domain.convention.facts import Facts, Party, Supervisor
from cotutelle.domain.convention.paragraph import (
    Paragraph,
    choice,
    country,
    day,
    given,
    known,
    plain,
    settled,
    short,
    text,
    worded,
)
from cotutelle.domain.convention.values import Giver, Listing, Localised, Plain, Value, Word

OFFICE, PARTY, CANDIDATE = Giver.LEAD_OFFICE, Giver.PARTY_OFFICE, Giver.CANDIDATE


def head_of(party: Party) -> Value:
    """The capacity of whoever represents a party, as it follows “acting through”."""
    if not party.head_capacity:
        return known("head_capacity", None, plain, PARTY, party)
    return Word(f"head.{party.head_capacity}.{party.head_gender or 'unstated'}")


def parties(facts: Facts) -> Iterator[Paragraph]:
    """CL-01 (order of 25 May 2016, article 21, 1°): the institutions and who represents them."""
    for party in facts.parties:
        yield Paragraph(
            "party_lead" if party.lead else "party",
            {
                "institution": Localised(party.names),
                "legal_status": worded(facts, "legal_status", party.legal_status, PARTY, party),
                "address": known("address", party.address, Localised, PARTY, party),
                "country": country(party.country),
                "head": head_of(party),
                "head_name": known("head_name", party.head_name, plain, PARTY, party),
                "short_name": short(party),
            },
        )
        if party.registration_number:
            yield Paragraph(
                "registration", {"short_name": short(party), "number": Plain(party.registration_number)}
            )
        if party.school:
            yield Paragraph("acting_for", {"short_name": short(party), "school": Localised(party.school)})
    yield Paragraph("agreement", {"candidate": Plain(facts.candidate.name)})


def references(facts: Facts) -> Iterator[Paragraph]:
    """CL-02: the texts that each party refers to."""
    for party in facts.parties:
        texts: tuple[Value, ...] = tuple(Localised(reference.texts) for reference in party.references)
        if given(facts, "references", party):
            texts = (*texts, text(facts, "references", party))
        listing = Listing(texts, long=True) if texts else known("references", None, plain, PARTY, party)
        yield Paragraph("party", {"short_name": short(party), "references": listing})


def act_type(facts: Facts) -> Iterator[Paragraph]:
    """CL-03 (articles 20 and 21): framework and application, or one convention for this thesis."""
    if facts.terms.get("act_type") == "application":
        kept = facts.framework
        framework = (
            worded(facts, "framework_title", kept.titles, OFFICE) if kept else text(facts, "framework")
        )
        yield Paragraph("application", {"framework": framework})
    else:
        yield choice(facts, "act_type")


def recitals(facts: Facts) -> Iterator[Paragraph]:
    """CL-04 (article 20): reciprocity and shared meaning."""
    yield Paragraph("powers")
    yield Paragraph("reciprocity")
    yield Paragraph("definitions", {"lead": short(facts.lead)})
    yield from beside(facts, "definitions", "further_definitions")


def candidate(facts: Facts) -> Iterator[Paragraph]:
    """CL-05 (article 21, 1°): the candidate; the wording agrees with the gender they stated, if they did."""
    person = facts.candidate
    yield Paragraph(
        f"candidate_{person.gender or 'unstated'}",
        {
            "name": Plain(person.name),
            "birth_date": known("birth_date", person.birth_date, day, CANDIDATE),
            "birth_place": known("birth_place", person.birth_place, plain, CANDIDATE),
            "birth_country": known("birth_country", person.birth_country, country, CANDIDATE),
            "nationality": known("nationality", person.nationality, country, CANDIDATE),
        },
    )
    if person.birth_name:
        yield Paragraph("birth_name", {"birth_name": Plain(person.birth_name)})
    if person.email:
        yield Paragraph("email", {"email": Plain(person.email)})
    for party in facts.parties:
        if party.candidate_number:
            yield Paragraph("number", {"short_name": short(party), "number": Plain(party.candidate_number)})


def admission(facts: Facts) -> Iterator[Paragraph]:
    """CL-06 (article 11): the diploma that gives access, or the dispensation."""
    yield Paragraph("diploma", {"access_diploma": text(facts, "access_diploma")})
    if given(facts, "dispensation_date"):
        yield Paragraph("dispensation", {"dispensation_date": settled(facts, "dispensation_date", day)})
    yield Paragraph("both")


def thesis(facts: Facts) -> Iterator[Paragraph]:
    """CL-07 (article 21, 1°): the provisional title, its translations, the discipline at each party, the abstract."""
    yield Paragraph(
        "title", {"title": known("title", facts.titles.get(facts.title_original), plain, CANDIDATE)}
    )
    others = tuple(
        Plain(title)
        for tag, title in facts.titles.items()
        if tag != facts.title_original and tag in facts.languages
    )
    if others:
        yield Paragraph("translations", {"titles": Listing(others)})
    for party in facts.parties:
        discipline = worded(facts, "discipline", party.discipline, PARTY, party)
        yield Paragraph("discipline", {"short_name": short(party), "discipline": discipline})
        yield from beside(facts, "speciality", "speciality", party)
    yield from beside(facts, "abstract", "abstract")
    if facts.confidential:
        yield Paragraph("confidential")


def _supervisor(facts: Facts, supervisor: Supervisor) -> Paragraph:
    party = facts.party(supervisor.party)
    values = {
        "name": Plain(supervisor.name),
        "position": known("position", supervisor.position, plain, PARTY, party),
        "institution": Localised(party.names),
    }
    return Paragraph(supervisor.role, values)


def _accredited(facts: Facts, accreditation: str, fragment: str) -> Iterator[Paragraph]:
    names = [
        Plain(s.name)
        for s in facts.supervisors
        if s.role != "co_supervisor" and s.accreditation == accreditation
    ]
    if names:
        yield Paragraph(fragment, {"names": Listing(tuple(names))})


def direction(facts: Facts) -> Iterator[Paragraph]:
    """CL-08 (articles 16 and 22): one director in each institution, who share the whole responsibility."""
    for party in facts.parties:
        directors = [s for s in facts.supervisors if s.role == "director" and s.party == party.code]
        if not directors:
            blank = known("director", None, plain, PARTY, party)
            yield Paragraph("director_missing", {"institution": Localised(party.names), "director": blank})
        for supervisor in directors:
            yield _supervisor(facts, supervisor)
    for supervisor in facts.supervisors:
        if supervisor.role != "director":
            yield _supervisor(facts, supervisor)
    yield from _accredited(facts, "hdr", "hdr")
    yield from _accredited(facts, "equivalent", "hdr_equivalent")
    yield Paragraph("responsibility")
    yield instead(facts, "change_procedure", "change")


def places(facts: Facts) -> Iterator[Paragraph]:
    """CL-09 (articles 1 and 21): the school or faculty and the research unit at each party."""
    for party in facts.parties:
        yield Paragraph(
            "party",
            {
                "short_name": short(party),
                "school": worded(facts, "school", party.school, PARTY, party),
                "unit": known("unit", party.unit, Localised, PARTY, party),
            },
        )
        yield from beside(facts, "team", "team", party)


def contacts(facts: Facts) -> Iterator[Paragraph]:
    """CL-10: whom to write to at each party."""
    for party in facts.parties:
        contact = party.contact
        values = {
            "short_name": short(party),
            "name": known("contact", contact and contact.name, plain, PARTY, party),
            "role": worded(facts, "contact_role", contact.role if contact else {}, PARTY, party),
            "email": known("contact_email", contact and contact.email, plain, PARTY, party),
        }
        if contact and contact.phone:
            yield Paragraph("party_with_phone", {**values, "phone": Plain(contact.phone)})
        else:
            yield Paragraph("party", values)


def main_institution(facts: Facts) -> Iterator[Paragraph]:
    """CL-11: a main institution where a party's rules need one; otherwise only administrative lead."""
    if given(facts, "main_institution"):
        main = facts.party(str(facts.terms.get("main_institution")))
        yield Paragraph("main", {"institution": Localised(main.names)})
    else:
        yield Paragraph("none", {"lead": short(facts.lead)})
