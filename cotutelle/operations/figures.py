"""Exact counts over the theses that a reader sees, narrowed as the list of theses is."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cotutelle.domain.figures import FEWEST, Spread, Step, by_step, course, spread, until_signed
from cotutelle.domain.language import best
from cotutelle.domain.thesis import DEFENCE_OVER
from cotutelle.models import (
    Institution,
    Partnership,
    PersonPrivate,
    Stay,
    TextRow,
    Thesis,
    ThesisInstitution,
    ThesisPartnership,
    Transition,
)

Ids = Select[int]
"""The ids of the theses that are counted."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a table: what is counted, by its key in addresses and its name, and how many theses."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Promised:
    """Days of stays at an institution: planned until a day, and done."""

    code: str
    name: str
    planned: int
    done: int


@dataclass(frozen=True, slots=True)
class Times:
    """How long conventions took: in all, by each institution, and in each state on their way."""

    whole: Spread | None
    by_institution: tuple[tuple[str, str, Spread], ...]
    by_step: tuple[tuple[str, Spread], ...]


def by_column(session: Session, ids: Ids, column: InstrumentedAttribute[Any]) -> dict[str, int]:
    """How many theses for each value of a column of theses."""
    rows = session.execute(select(column, func.count()).where(Thesis.id.in_(ids)).group_by(column))
    return {str(value): count for value, count in rows}


def by_institution(session: Session, ids: Ids) -> list[Counted]:
    """How many theses each institution shares, the most first."""
    rows = session.execute(
        select(Institution.code, Institution.short_name, func.count(ThesisInstitution.thesis_id))
        .join(ThesisInstitution, ThesisInstitution.institution_id == Institution.id)
        .where(ThesisInstitution.thesis_id.in_(ids))
        .group_by(Institution.code, Institution.short_name)
        .order_by(func.count(ThesisInstitution.thesis_id).desc(), Institution.short_name)
    )
    return [Counted(code, name, count) for code, name, count in rows]


def by_country(session: Session, ids: Ids) -> dict[str, int]:
    """How many theses have an institution in each country; a thesis counts once in each of its countries."""
    rows = session.execute(
        select(Institution.country, func.count(func.distinct(ThesisInstitution.thesis_id)))
        .join(ThesisInstitution, ThesisInstitution.institution_id == Institution.id)
        .where(ThesisInstitution.thesis_id.in_(ids))
        .group_by(Institution.country)
    )
    return dict(rows.all())


def countries_of(session: Session, ids: Ids) -> dict[int, set[str]]:
    """The countries of each thesis, so that regions count a thesis once."""
    rows = session.execute(
        select(ThesisInstitution.thesis_id, Institution.country)
        .join(Institution, Institution.id == ThesisInstitution.institution_id)
        .where(ThesisInstitution.thesis_id.in_(ids))
    )
    found: dict[int, set[str]] = defaultdict(set)
    for thesis_id, country in rows:
        found[thesis_id].add(country)
    return found


def by_partnership(session: Session, ids: Ids) -> list[Counted]:
    """How many theses stand under each partnership, the most first."""
    count = func.count(ThesisPartnership.thesis_id)
    rows = session.execute(
        select(Partnership.code, Partnership.short_name, count)
        .join(ThesisPartnership, ThesisPartnership.partnership_id == Partnership.id)
        .where(ThesisPartnership.thesis_id.in_(ids))
        .group_by(Partnership.code, Partnership.short_name)
        .order_by(count.desc(), Partnership.short_name)
    )
    return [Counted(code, name, number) for code, name, number in rows]


def by_discipline(session: Session, ids: Ids, language: str) -> list[Counted]:
    """How many theses for each discipline of the lead, as it is named in a language or else in its first one."""
    rows = session.execute(
        select(ThesisInstitution.thesis_id, TextRow.language, TextRow.text)
        .join(TextRow, TextRow.subject_id == ThesisInstitution.id)
        .where(
            TextRow.subject == "thesis_institution",
            TextRow.field == "discipline",
            ThesisInstitution.lead,
            ThesisInstitution.thesis_id.in_(ids),
        )
        .order_by(TextRow.original.desc(), TextRow.language)
    )
    named: dict[int, dict[str, str]] = defaultdict(dict)
    for thesis_id, tag, name in rows:
        named[thesis_id][tag] = name
    counts = Counter(best(names, language) for names in named.values())
    return [
        Counted("", name, count)
        for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def times(session: Session, ids: Ids) -> Times:
    """How long conventions took from the request to the last signature, and where they waited."""
    began = dict(session.execute(select(Thesis.id, Thesis.registered_at).where(Thesis.id.in_(ids))).all())
    courses = {id_: course(began[id_].date(), steps) for id_, steps in _courses(session, ids).items()}
    took = {id_: days for id_, steps in courses.items() if (days := until_signed(steps)) is not None}
    with_whom: dict[tuple[str, str], list[int]] = defaultdict(list)
    parties = session.execute(
        select(ThesisInstitution.thesis_id, Institution.code, Institution.short_name)
        .join(Institution, Institution.id == ThesisInstitution.institution_id)
        .where(ThesisInstitution.thesis_id.in_(ids))
    )
    for thesis_id, code, name in parties:
        if thesis_id in took:
            with_whom[code, name].append(took[thesis_id])
    by_whom = [
        (code, name, found) for (code, name), days in with_whom.items() if (found := spread(days)) is not None
    ]
    return Times(
        spread(list(took.values())),
        tuple(sorted(by_whom, key=lambda row: (-row[2].median, row[1]))),
        tuple(by_step(courses.values()).items()),
    )


def _courses(session: Session, ids: Ids) -> dict[int, list[Step]]:
    """The moves of each convention in their order, without those of its amendments."""
    rows = session.execute(
        select(Transition.thesis_id, Transition.to_state, Transition.on)
        .where(Transition.thesis_id.in_(ids), Transition.machine == "convention")
        .order_by(Transition.thesis_id, Transition.id)
    )
    found: dict[int, list[Step]] = defaultdict(list)
    for thesis_id, entered, on in rows:
        found[thesis_id].append(Step(entered, on))
    return found


def stays(session: Session, ids: Ids, today: date) -> list[Promised]:
    """Days at each institution: planned until today, and done, whatever was planned."""
    rows = session.execute(
        select(Institution.code, Institution.short_name, Stay.begin_on, Stay.end_on, Stay.done)
        .join(Institution, Institution.id == Stay.institution_id)
        .where(Stay.thesis_id.in_(ids), Stay.begin_on <= today)
    )
    days: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for code, name, begin, end, done in rows:
        days[code, name][bool(done)] += (min(end, today) - begin).days + 1
    found = [Promised(code, name, planned, done) for (code, name), (planned, done) in days.items()]
    return sorted(found, key=lambda row: (-row.planned - row.done, row.name))


def genders(session: Session, ids: Ids) -> dict[str, int]:
    """The share of women and of men in percent, of those who gave one; empty where either are too few to tell of nobody."""
    rows = session.execute(
        select(PersonPrivate.gender, func.count(func.distinct(PersonPrivate.person_id)))
        .join(Thesis, Thesis.candidate_id == PersonPrivate.person_id)
        .where(Thesis.id.in_(ids), PersonPrivate.gender.in_(("woman", "man")))
        .group_by(PersonPrivate.gender)
    ).all()
    given = sum(count for _gender, count in rows)
    if len(rows) < 2 or min(count for _gender, count in rows) < FEWEST:
        return {}
    return {gender: round(100 * count / given) for gender, count in rows}


def defences(session: Session, ids: Ids, today: date) -> Sequence[tuple[int, int]]:
    """How many defences are to come in each year: on their day, or by the end of the period planned for them."""
    planned = func.coalesce(Thesis.defence_on, Thesis.defence_until)
    rows = session.scalars(
        select(planned).where(Thesis.id.in_(ids), planned >= today, Thesis.state.not_in(DEFENCE_OVER))
    )
    found: dict[int, int] = defaultdict(int)
    for day in rows:
        found[day.year if isinstance(day, date) else int(str(day)[:4])] += 1
    return sorted(found.items())
