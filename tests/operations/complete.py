"""A thesis of the small world brought to where its convention lacks nothing."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention import record
from cotutelle.domain.enrolment import Fee
from cotutelle.models import ConventionVersion, Person, Supervision, Thesis, Unit, UnitInstitution
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_approval as approvals
from cotutelle.operations import convention_terms, enrolment, stay
from cotutelle.operations import convention_version as versions
from cotutelle.operations import institution as directory
from cotutelle.operations import person as people
from cotutelle.operations import thesis as acts
from tests.builders import ACTOR, NOW, TODAY, ghent_school, institution, party
from tests.documents.samples import complete_terms

CODES = ("lille", "ghent")


def unit(session: Session, code: str) -> Unit:
    here = institution(session, code)
    found = session.scalar(
        select(Unit).join(UnitInstitution).where(UnitInstitution.institution_id == here.id).limit(1)
    )
    return found or directory.add_unit(
        session, [here], f"{code}-unit", {"en": "Unit", "fr": "Unité"}, ACTOR, NOW
    )


def completed(session: Session, thesis: Thesis) -> Thesis:
    """Give everything that the convention asks for."""
    listed = []
    for code, school in zip(CODES, ("SHS", ghent_school(session)), strict=True):
        here = institution(session, code)
        here.head_name, here.head_capacity, here.head_gender = "Ada Lovelace", "rector", "woman"
        role = {"fr": "bureau", "en": "office"}
        directory.add_contact(
            session, here, "Bureau", role, ACTOR, NOW, email="b@univ.example", for_conventions=True
        )
        listed.append(
            replace(
                party(session, code, school, lead=code == "lille"),
                unit_id=unit(session, code).id,
                discipline={"fr": "Hydrologie", "en": "Hydrology"},
                first_enrolment=date(2026, 10, 1),
            )
        )
    facts = acts.ThesisFacts(
        {"fr": "Gouverner les crues", "en": "Governing floods"},
        "fr",
        mode="full",
        thesis_language="fr",
        defence_language="fr",
        defence_from=date(2029, 9, 1),
        defence_until=date(2029, 12, 31),
        diploma_form="two_diplomas",
    )
    acts.edit(session, thesis, facts, thesis.version, ACTOR, NOW, today=TODAY)
    acts.edit_parties(session, thesis, listed, thesis.version, ACTOR, NOW, today=TODAY)
    who = session.get_one(Person, thesis.candidate_id)
    born = people.PrivateFacts("woman", "", date(1999, 3, 1), "Arras", "FR", "FR")
    people.edit_private(session, who, born, ACTOR, NOW)
    for row in session.scalars(select(Supervision).where(Supervision.thesis_id == thesis.id)):
        row.position = "professeure"
    lille = institution(session, "lille").id
    stay.save_stay(
        session, thesis, None, lille, date(2027, 1, 1), date(2027, 6, 30), False, ACTOR, NOW, today=TODAY
    )
    enrolment.save_enrolment(session, thesis, lille, 2026, TODAY, Fee.PAID, ACTOR, NOW, today=TODAY)
    convention = conventions.current(session, thesis)
    terms = complete_terms(CODES, tuple(convention.languages)).values
    convention_terms.edit_terms(session, thesis, convention, terms, None, ACTOR, NOW, today=TODAY)
    return thesis


def put(session: Session, thesis: Thesis) -> ConventionVersion:
    """Put the convention before the parties as it stands."""
    row = conventions.current(session, thesis)
    return approvals.put(session, thesis, row, None, ACTOR, NOW, today=TODAY)


def approved(session: Session, thesis: Thesis, *codes: str) -> None:
    """Have these parties approve the version that lies before them, or all of them."""
    row = conventions.current(session, thesis)
    version = versions.latest_put(session, row)
    assert version is not None
    for code in codes or [p.code for p in record.from_json(version.facts).parties]:
        given = (version.number, institution(session, code).id, TODAY, "")
        approvals.approve(session, thesis, row, *given, ACTOR, NOW, today=TODAY)
