"""Gathering what rules look at from the rows of a thesis; reads only."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from cotutelle.domain import dossier as plain
from cotutelle.domain.calendar import Period
from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.elsewhere import absent, unread
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.state import UNSIGNED, ConventionState
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
    Transition,
)
from cotutelle.operations.facts import facts_of
from cotutelle.operations.reading import readings_of
from cotutelle.operations.text_elsewhere import elsewhere_of

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
    places = tuple(_place(library, row) for row in rows)
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
        duration_months=_whole(facts.terms.get("duration_months")),
        followed_since=thesis.followed_since,
        state=thesis.state,
        directors=_directors(session, thesis, codes),
        years=tuple(_years(session, thesis, codes)),
        stays=tuple(_stays(session, thesis, codes)),
        absences=tuple(
            plain.Absence(row.kind, Period(row.begin_on, row.end_on))
            for row in session.scalars(select(Leave).where(Leave.thesis_id == thesis.id))
        ),
        convention=_agreement(session, thesis, convention, facts),
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
        amendments=tuple(_amendments(session, thesis, convention)),
    )


def _place(library: Library, row: ThesisInstitution) -> plain.Place:
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


def _agreement(
    session: Session, thesis: Thesis, convention: Convention | None, facts: Facts
) -> plain.Agreement | None:
    if convention is None:
        return None
    root, state = convention, convention.state
    while root.amends_id is not None:
        unsigned, root = root.state in UNSIGNED, session.get_one(Convention, root.amends_id)
        state = root.state if unsigned else state  # what it would be, were the amendment signed
    moves = session.execute(
        select(Transition.to_state, Transition.on)
        .where(Transition.thesis_id == thesis.id, Transition.machine == "convention")
        .order_by(Transition.id)
    ).all()
    days: dict[str, date] = {row.to_state: row.on for row in moves}
    terms, read = facts.terms, elsewhere_of(session, convention)
    stays = {party.code: _whole(terms.get("minimum_stay", party.code)) for party in facts.parties}
    agreed = [_whole(terms.get("credits", party.code)) for party in facts.parties]
    public = terms.get("public")
    return plain.Agreement(
        state=state,
        act_type=str(terms.get("act_type")),
        lacking=absent(read) if read else frozenset(missing.clause for missing in missing_facts(facts)),
        unread=unread(read) if read else frozenset(),
        languages=tuple(facts.languages),
        approved_on=days.get("approved"),
        signed_on=days.get("in_force"),
        first_signed_on=days.get("signing"),
        in_force_on=root.in_force_on or days.get("in_force"),
        expires_on=convention.expires_on,
        minimum_stays={code: months for code, months in stays.items() if months is not None},
        main_institution=str(terms.get("main_institution") or ""),
        credits=max((n for n in agreed if n is not None), default=None),
        public=public if isinstance(public, bool) else None,
    )


def _amendments(session: Session, thesis: Thesis, convention: Convention | None) -> list[plain.Amending]:
    """The amendments that are made or were signed; not those given up."""
    rows = session.scalars(
        select(Convention)
        .where(
            Convention.thesis_id == thesis.id,
            Convention.amends_id.is_not(None),
            Convention.state != ConventionState.VOID,
        )
        .order_by(Convention.number)
    ).all()
    if not rows or convention is None:
        return []
    signed = session.scalars(
        select(Transition.on)
        .where(
            Transition.thesis_id == thesis.id,
            Transition.machine == "amendment",
            Transition.to_state == ConventionState.IN_FORCE,
        )
        .order_by(Transition.id)
    ).all()
    days = iter(signed)
    found = []
    for row in rows:
        on = None if row.state in UNSIGNED else next(days, row.in_force_on)
        due = convention.expires_on if on is None and "extension" in row.triggers else None
        found.append(plain.Amending(row.amendment, due, on, *_who_signs(session, thesis, row)))
    return found


def _who_signs(
    session: Session, thesis: Thesis, amendment: Convention
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The institutions that conclude an amendment, and those that stay and of which a director leaves by it."""
    facts = record.from_json(amendment.agreed) if amendment.agreed else facts_of(session, thesis, amendment)
    assert facts.amendment is not None
    stay = {party.code for party in facts.parties}
    leaving = {each.party: None for each in facts.amendment.leaving if each.party in stay}
    return tuple(party.code for party in facts.signing_parties), tuple(leaving)


def _any(texts: Mapping[str, str]) -> str:
    return next((text for text in texts.values() if text), "")


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
