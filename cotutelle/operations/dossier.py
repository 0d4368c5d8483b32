"""Gathering what rules look at from the rows of a thesis; reads only."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from cotutelle.domain import dossier as plain
from cotutelle.domain.calendar import Period
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.defence import still_standing
from cotutelle.domain.jury import Jury as JuryFile
from cotutelle.domain.jury import Seat as PlainSeat
from cotutelle.domain.jury import SeatRole
from cotutelle.domain.rulebook import Library
from cotutelle.domain.thesis import ENDED
from cotutelle.models import (
    Convention,
    Enrolment,
    Event,
    FundingSource,
    Jury,
    Leave,
    Person,
    Seat,
    Stay,
    Supervision,
    Thesis,
    ThesisInstitution,
)
from cotutelle.operations.agreement import agreement_of, amendments_of, whole
from cotutelle.operations.partnership_facts import codes_of
from cotutelle.operations.reading import readings_of

_RANKS = frozenset({"A", "B", "none"})
GENDERS = {"woman": "F", "man": "M", "unstated": "X"}
"""The gender a person gave, as rules count it."""


def dossier_of(
    session: Session,
    library: Library,
    thesis: Thesis,
    convention: Convention | None,
    facts: Facts,
    today: date,
) -> plain.Dossier:
    """The dossier of a thesis as it stands on a day."""
    rows = session.scalars(
        select(ThesisInstitution)
        .where(ThesisInstitution.thesis_id == thesis.id)
        .order_by(ThesisInstitution.position)
    ).all()
    codes = {row.institution_id: row.institution.code for row in rows}
    under = codes_of(session, thesis.id)
    places = tuple(_place(library, row, under) for row in rows)
    lead = next((place for place in places if place.lead), places[0])
    defence = thesis.defence_on or thesis.defence_until
    firsts = [row.first_enrolment for row in rows if row.first_enrolment]
    readings = readings_of(session, places, defence or today)
    return plain.Dossier(
        places=places,
        today=today,
        first_enrolment=next((row.first_enrolment for row in rows if row.lead), None)
        or min(firsts, default=None),
        defence=defence,
        readings=readings.get(lead.code, plain.Readings()),
        readings_of=readings,
        derogations={
            each.rule: plain.Derogation(
                each.rule, each.article, _any(each.reason), _any(each.replacement), each.asked_by
            )
            for each in facts.derogations
        },
        jury=jury_of(session, thesis, codes),
        full_time=None if thesis.mode is None else thesis.mode == "full",
        start=_day(facts.terms.get("start")),
        duration_months=whole(facts.terms.get("duration_months")),
        followed_since=thesis.followed_since,
        state=thesis.state,
        directors=_directors(session, thesis, codes),
        years=tuple(_years(session, thesis, codes)),
        stays=tuple(_stays(session, thesis, codes)),
        absences=tuple(
            plain.Absence(row.kind, Period(row.begin_on, row.end_on))
            for row in session.scalars(select(Leave).where(Leave.thesis_id == thesis.id))
        ),
        convention=agreement_of(session, thesis, convention, facts),
        diploma_form=thesis.diploma_form,
        thesis_language=thesis.thesis_language,
        defence_language=thesis.defence_language,
        confidential=thesis.confidential,
        monthly_amounts=tuple(
            amount
            for amount in session.scalars(
                select(FundingSource.monthly_amount).where(FundingSource.thesis_id == thesis.id)
            )
            if amount is not None
        ),
        events=_events(session, thesis, codes),
        amendments=tuple(amendments_of(session, thesis, convention)),
    )


def _place(library: Library, row: ThesisInstitution, partnerships: frozenset[str]) -> plain.Place:
    institution = row.institution
    known = library.place(institution.code)
    names = [row.school.code] if row.school else []
    return plain.Place(
        code=known.code if known else institution.code,
        country=institution.country,
        region=known.region if known else "",
        name=institution.short_name,
        lead=row.lead,
        schools=library.schools(institution.code, names),
        may_award=institution.may_award_doctorate,
        year_starts=institution.year_starts,
        first_enrolment=row.first_enrolment,
        partnerships=partnerships,
    )


def jury_of(session: Session, thesis: Thesis, codes: Mapping[int, str]) -> JuryFile | None:
    """The jury file of a thesis as rules see it; None while nobody began one."""
    jury = session.scalar(select(Jury).where(Jury.thesis_id == thesis.id))
    if jury is None:
        return None
    rows = session.scalars(select(Seat).where(Seat.jury_id == jury.id).order_by(Seat.position, Seat.id))
    return JuryFile(tuple(seat_facts(row, codes) for row in rows), jury.remote_mode, jury.remote_authorised)


def seat_facts(row: Seat, codes: Mapping[int, str]) -> PlainSeat:
    """One seat as rules see it; an institution out of the thesis by its name."""
    here = codes.get(row.institution_id or 0)
    return PlainSeat(
        id=row.public_id,
        institution=here or (row.institution.code if row.institution else row.elsewhere or "elsewhere"),
        role=SeatRole(row.role),
        rank=row.rank if row.rank in _RANKS else None,
        emeritus=row.emeritus,
        accredited=row.accredited,
        gender=GENDERS.get(row.gender),
        supervision=row.supervision or None,
        rapporteur=row.rapporteur or None,
        president=row.president,
        decides=row.decides,
        attached=codes.get(row.attached_id or 0),
        copublished=row.copublished,
        on_committee=row.on_committee,
        remote=row.remote,
        report_on=row.report_on,
    )


def _directors(session: Session, thesis: Thesis, codes: Mapping[int, str]) -> tuple[plain.Director, ...]:
    rows = session.execute(
        select(Supervision, Person, Seat.rank)
        .join(Person, Person.id == Supervision.person_id)
        .outerjoin(Seat, (Seat.person_id == Person.id) & (Seat.thesis_id == Supervision.thesis_id))
        .where(Supervision.thesis_id == thesis.id, Supervision.until_on.is_(None))
        .order_by(Supervision.id)
        .options(selectinload(Person.affiliations))
    ).all()
    followed = _followed(session, [person.id for _row, person, _rank in rows])
    found = []
    for row, person, rank in rows:
        here = [a for a in person.affiliations if a.institution_id == row.institution_id]
        accreditation = here[-1].accreditation if here else ""
        accredited = {"hdr": True, "equivalent": True, "none": False}.get(accreditation)
        code = codes.get(row.institution_id, "")
        theses = followed.get(person.id)
        found.append(plain.Director(code, row.role, accredited, rank or None, row.academic, theses))
    return tuple(found)


def _followed(session: Session, people: list[int]) -> dict[int, int]:
    """How many theses that have not ended each of these people directs."""
    rows = session.execute(
        select(Supervision.person_id, func.count())
        .join(Thesis, Thesis.id == Supervision.thesis_id)
        .where(
            Supervision.person_id.in_(people),
            Supervision.role == "director",
            Supervision.until_on.is_(None),
            Thesis.state.not_in(ENDED),
        )
        .group_by(Supervision.person_id)
    )
    return {person: int(n) for person, n in rows}


def _years(session: Session, thesis: Thesis, codes: Mapping[int, str]) -> list[plain.Year]:
    rows = session.scalars(select(Enrolment).where(Enrolment.thesis_id == thesis.id).order_by(Enrolment.year))
    return [
        plain.Year(codes[r.institution_id], r.year, r.enrolled_on, r.fee, r.proof_id is not None)
        for r in rows
        if r.institution_id in codes
    ]


def _stays(session: Session, thesis: Thesis, codes: Mapping[int, str]) -> list[plain.Presence]:
    rows = session.scalars(select(Stay).where(Stay.thesis_id == thesis.id).order_by(Stay.begin_on, Stay.id))
    return [
        plain.Presence(codes[r.institution_id], Period(r.begin_on, r.end_on), r.done)
        for r in rows
        if r.institution_id in codes
    ]


def _events(
    session: Session, thesis: Thesis, codes: Mapping[int, str]
) -> dict[str, tuple[plain.Recorded, ...]]:
    found: dict[str, list[plain.Recorded]] = {}
    for row in session.scalars(
        select(Event).where(Event.thesis_id == thesis.id).order_by(Event.on, Event.id)
    ):
        data = dict(row.data)
        found.setdefault(row.kind, []).append(plain.Recorded(row.on, str(data.pop("institution", "")), data))
    return still_standing({kind: tuple(each) for kind, each in found.items()})


def _any(texts: Mapping[str, str]) -> str:
    return next((text for text in texts.values() if text), "")


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
