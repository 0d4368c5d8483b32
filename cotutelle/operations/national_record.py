"""What the national registry is told of a thesis: noted by an office, gathered from the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.jury import JuryState
from cotutelle.domain.language import best
from cotutelle.domain.national_record import Author, Body, Named, Record
from cotutelle.domain.thesis import HELD, WITHOUT_DIPLOMA, ThesisState
from cotutelle.models import (
    FundingSource,
    Institution,
    Jury,
    NationalRecord,
    Person,
    PersonPrivate,
    Seat,
    Supervision,
    Thesis,
    ThesisInstitution,
    texts_of,
    write_texts,
)
from cotutelle.operations import journal
from cotutelle.operations.jury_approval import seats_of
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump

HERE = "FR"
"""The country whose registry it is."""
DIRECTING = ("director", "co_director")


@dataclass(frozen=True, slots=True)
class Told:
    """What an office notes for the registry; keywords and abstracts by language."""

    abstracts: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rameau: Sequence[str] = ()
    nnt: str = ""
    on_works: bool | None = None
    reproduction: str = ""
    oai_set: str = ""


def told_of(session: Session, thesis: Thesis) -> Told:
    """What was noted so far."""
    row = session.get(NationalRecord, thesis.id)
    texts = texts_of(session, "thesis", [thesis.id])[thesis.id]
    keywords = {tag: _listed(text) for tag, text in texts["keywords"].items()}
    if row is None:
        return Told(dict(texts["abstract"]), keywords)
    return Told(
        dict(texts["abstract"]), keywords, tuple(row.rameau), row.nnt, row.on_works, row.reproduction, row.oai_set
    )  # fmt: skip


def save(session: Session, thesis: Thesis, told: Told, version: int, actor: Actor, at: datetime) -> None:
    """Note what the registry asks. Stale when the thesis changed meanwhile."""
    bump(session, thesis, version)
    row = session.get(NationalRecord, thesis.id)
    if row is None:
        row = NationalRecord(thesis_id=thesis.id)
        session.add(row)
    row.nnt, row.on_works, row.reproduction = told.nnt, told.on_works, told.reproduction
    row.oai_set, row.rameau = told.oai_set, list(told.rameau)
    write_texts(session, "thesis", thesis.id, "abstract", told.abstracts)
    lines = {tag: "\n".join(words) for tag, words in told.keywords.items()}
    write_texts(session, "thesis", thesis.id, "keywords", lines)
    session.flush()
    journal.record(session, "thesis.registry", subject(thesis), actor, at)


def signalled_by(thesis: Thesis) -> ThesisInstitution | None:
    """The institution in France that grants the degree and signals the thesis: the lead where it is one, else the first.

    None where no institution in France grants it.
    """
    there = [
        party
        for party in thesis.parties
        if party.institution.country == HERE and party.role == "degree" and party.left_on is None
    ]
    return min(there, key=lambda party: (not party.lead, party.position), default=None)


def record_of(session: Session, thesis: Thesis) -> Record | None:
    """What the registry is told of a thesis as its file stands; None for one without an institution in France."""
    here = signalled_by(thesis)
    if here is None:
        return None
    told = told_of(session, thesis)
    titles = texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"]
    directors = [row for row in _supervisors(session, thesis) if row.role in DIRECTING]
    jury = _jury(session, thesis)
    rapporteurs = [_named(seat.person) for seat in jury if seat.rapporteur]
    funds = session.scalars(select(FundingSource.kind).where(FundingSource.thesis_id == thesis.id)).all()
    firsts = [party.first_enrolment for party in thesis.parties if party.first_enrolment]
    held, given_up = thesis.state in HELD, thesis.state == ThesisState.WITHDRAWN
    place = session.get(Institution, thesis.defence_institution_id) if thesis.defence_institution_id else None
    return Record(
        reference=thesis.reference,
        titles=dict(titles),
        title_language=next(iter(titles)),
        author=_author(session, thesis),
        grantors=_grantors(session, thesis, here),
        language=thesis.thesis_language or "",
        abstracts=told.abstracts,
        keywords={tag: tuple(words) for tag, words in told.keywords.items()},
        rameau=tuple(told.rameau),
        nnt=told.nnt,
        accepted=thesis.defence_on if held else None,
        discipline=texts_of(session, "thesis_institution", [here.id], "discipline")[here.id]["discipline"],
        first_enrolment=min(firsts, default=None),
        enrolled_here=here.first_enrolment,
        contract=("contract" in funds) if funds else None,
        planned=None
        if held or thesis.state in WITHOUT_DIPLOMA
        else thesis.defence_on or thesis.defence_until,
        planned_hour=thesis.defence_hour,
        planned_place=", ".join(filter(None, (thesis.defence_place, place.short_name if place else ""))),
        abandoned=thesis.state_since if given_up else None,
        on_works=told.on_works,
        reproduction=told.reproduction,
        directors=tuple(_named(row.person) for row in directors),
        president=next((_named(seat.person) for seat in jury if seat.president), None),
        members=tuple(_named(seat.person) for seat in jury if not (seat.president or seat.rapporteur)),
        rapporteurs=tuple(rapporteurs),
        school=_school(session, here),
        units=_units(session, thesis),
        oai_set=told.oai_set,
    )


def _author(session: Session, thesis: Thesis) -> Author:
    private = session.get(PersonPrivate, thesis.candidate_id)
    name = _named(session.get_one(Person, thesis.candidate_id))
    if private is None:
        return Author(name)
    return Author(name, private.birth_name, private.birth_date, private.nationality)


def _grantors(session: Session, thesis: Thesis, here: ThesisInstitution) -> tuple[Body, ...]:
    """Every university that grants the degree, the one that signals first; who only hosts grants none."""
    parties = [party for party in thesis.parties if party.role == "degree" and party.left_on is None]
    ordered = sorted(parties, key=lambda party: (party.id != here.id, party.position))
    names = texts_of(session, "institution", [party.institution_id for party in ordered], "name")
    bodies = []
    for party in ordered:
        known = party.institution.identifiers or {}
        authorities = [("UAI", known.get("uai", "")), ("ROR", known.get("ror", ""))]
        name = best(names[party.institution_id]["name"], "fr")
        bodies.append(Body(name, tuple((source, value) for source, value in authorities if value)))
    return tuple(bodies)


def _school(session: Session, here: ThesisInstitution) -> Body | None:
    if here.school is None:
        return None
    name = best(texts_of(session, "school", [here.school.id], "name")[here.school.id]["name"], "fr")
    return Body(name, (("AFDUR", here.school.number),) if here.school.number else ())


def _units(session: Session, thesis: Thesis) -> tuple[Body, ...]:
    parties = {party.unit.id: party for party in thesis.parties if party.unit is not None}
    names = texts_of(session, "unit", list(parties), "name")
    found = []
    for id_, party in parties.items():
        label = party.unit.label if party.unit and party.institution.country == HERE else ""
        found.append(Body(best(names[id_]["name"], "fr"), (("AFDUR", label),) if label else ()))
    return tuple(found)


def _supervisors(session: Session, thesis: Thesis) -> Sequence[Supervision]:
    """Those who supervise to the end, in the order in which they were entered."""
    rows = select(Supervision).where(Supervision.thesis_id == thesis.id, Supervision.until_on.is_(None))
    return session.scalars(rows.order_by(Supervision.id)).all()


def _jury(session: Session, thesis: Thesis) -> list[Seat]:
    """Who sits, once it is decided: guests and rapporteurs who do not sit are named apart."""
    jury = session.scalar(select(Jury).where(Jury.thesis_id == thesis.id))
    if jury is None or jury.state != JuryState.DECIDED:
        return []
    return [
        seat
        for seat in seats_of(session, jury)
        if seat.role != "invited" and (seat.rapporteur or seat.role != "none")
    ]


def _named(person: Person) -> Named:
    return Named(person.family_name, person.given_names)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (line.strip() for line in text.splitlines())))
