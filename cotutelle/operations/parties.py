"""The institutions of a thesis: which they are, what each is there, since when and until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.calendar import academic_year
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import check_parties
from cotutelle.models import (
    Enrolment,
    Institution,
    School,
    Stay,
    Supervision,
    Thesis,
    ThesisInstitution,
    UnitInstitution,
    texts_of,
    write_texts,
)


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """One institution of the thesis as a form gives it."""

    institution: Institution
    lead: bool = False
    role: str = "degree"
    school_id: int | None = None
    unit_id: int | None = None
    discipline: Mapping[str, str] = field(default_factory=dict)
    number: str = ""
    first_enrolment: date | None = None
    joined_on: date | None = None
    left_on: date | None = None

    @property
    def named(self) -> tuple[str, str]:
        """The institution by its code, and by the name that a refusal says."""
        return self.institution.code, self.institution.short_name


def set_parties(session: Session, thesis: Thesis, parties: Sequence[PartyFacts]) -> None:
    """Make these the institutions of the thesis, in order; the lead keeps position 1."""
    check_parties([p.named for p in parties], [p.lead for p in parties])
    for party in parties:
        check_party(session, party)
        check_times(party)
    kept = {p.institution.id for p in parties}
    existing = {
        row.institution_id: row
        for row in session.scalars(select(ThesisInstitution).where(ThesisInstitution.thesis_id == thesis.id))
    }
    for institution_id, row in existing.items():
        row.position += 100
        row.lead = False
        if institution_id not in kept:
            _forbid_if_used(session, thesis, row)
            write_texts(session, "thesis_institution", row.id, "discipline", {})
            session.delete(row)
    session.flush()
    ordered = sorted(parties, key=lambda party: not party.lead)
    for position, party in enumerate(ordered, start=1):
        row = existing.get(party.institution.id) or ThesisInstitution(
            thesis_id=thesis.id, institution_id=party.institution.id, position=position
        )
        session.add(row)
        row.position, row.lead, row.role = position, party.lead, party.role
        row.school_id, row.unit_id, row.number = party.school_id, party.unit_id, party.number
        row.first_enrolment = party.first_enrolment
        row.joined_on, row.left_on = party.joined_on, party.left_on
        session.flush()
        noted = texts_of(session, "thesis_institution", [row.id], "discipline")[row.id]["discipline"]
        others = {tag: text for tag, text in noted.items() if tag not in {"fr", "en"}}  # forms ask these two
        write_texts(session, "thesis_institution", row.id, "discipline", {**others, **party.discipline})
    lead = ordered[0]
    if lead.first_enrolment:
        thesis.first_year = first_year(lead.institution, lead.first_enrolment)
    session.flush()
    session.expire(thesis, ["parties"])


def first_year(lead: Institution, day: date) -> int:
    """The academic year of the lead in which a thesis begins: January belongs to the year before."""
    return academic_year(day, *lead.year_starts)


def check_party(session: Session, party: PartyFacts) -> None:
    """Refuse a school or a unit that is another institution's."""
    name = party.institution.short_name
    if party.school_id is not None:
        school = session.get(School, party.school_id)
        if school is None or school.institution_id != party.institution.id:
            raise Refused(Reason.SCHOOL_OF_ANOTHER, "school", institution=name)
    if party.unit_id is not None:
        tie = session.get(UnitInstitution, (party.unit_id, party.institution.id))
        if tie is None:
            raise Refused(Reason.UNKNOWN_UNIT, "unit", institution=name)


def check_times(party: PartyFacts) -> None:
    """Refuse a departure before the arrival, and a lead that leaves: another must lead first."""
    if party.left_on is None:
        return
    if party.lead:
        raise Refused(Reason.NOT_ONE_LEAD, "parties")
    if party.joined_on and party.left_on < party.joined_on:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "parties", begin=party.joined_on)


def _forbid_if_used(session: Session, thesis: Thesis, row: ThesisInstitution) -> None:
    for table in (Stay, Enrolment, Supervision):
        used = (
            select(func.count())
            .select_from(table)
            .where(table.thesis_id == thesis.id, table.institution_id == row.institution_id)
        )
        if session.scalar(used):
            raise Refused(Reason.NOT_EMPTY, "parties", institution=row.institution.short_name)
