"""Conventions that end before their thesis is defended: an amendment is drafted, and the offices are told in time."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import system
from cotutelle.domain.calendar import academic_year, year_begins
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.thesis import HELD, WITHOUT_DIPLOMA
from cotutelle.models import Convention, Thesis
from cotutelle.operations import amendment, journal, letter
from cotutelle.operations import convention as conventions
from cotutelle.operations.message import PAGE
from cotutelle.operations.notice import tell_offices
from cotutelle.operations.thesis import subject

FAR, NEAR = 180, 90
"""The days before the end at which the offices are told (Cnam asks that the convention holds on the day of the defence)."""


def due(session: Session, today: date) -> list[int]:
    """The theses whose offices are to be told today: the convention ends soon, and the defence is not before that."""
    rows = session.execute(
        select(Thesis, Convention)
        .join(Convention, (Convention.thesis_id == Thesis.id) & Convention.holding)
        .where(
            Convention.state == ConventionState.IN_FORCE,
            Convention.expires_on <= today + timedelta(days=FAR),
            Thesis.state.not_in(HELD | WITHOUT_DIPLOMA),
        )
        .order_by(Thesis.id)
    )
    return [thesis.id for thesis, convention in rows if step(thesis, convention, today)]


def step(thesis: Thesis, convention: Convention, today: date) -> int:
    """At which of its days the offices are to be told now; 0 when they were, or need not be."""
    end, defence = convention.expires_on, planned_defence(thesis)
    if end is None or (defence is not None and defence <= end):
        return 0
    left = (end - today).days
    reached = NEAR if left <= NEAR else FAR if left <= FAR else 0
    told = convention.expiry_told
    return reached if reached and (not told or reached < told) else 0


def planned_defence(thesis: Thesis) -> date | None:
    """The last day on which the defence is planned; None while nobody planned it."""
    return thesis.defence_on or thesis.defence_until or thesis.defence_from


def proposed_end(thesis: Thesis, defence: date) -> date:
    """The end of the academic year of the lead in which the defence is planned."""
    lead = next(party.institution for party in thesis.parties if party.lead)
    begins = year_begins(academic_year(defence, *lead.year_starts) + 1, *lead.year_starts)
    return begins - timedelta(days=1)


def warn(session: Session, thesis_id: int, today: date, at: datetime) -> None:
    """Draft the extension, unless an amendment is being made or nobody knows how far, and tell the offices; once a step."""
    thesis = session.get_one(Thesis, thesis_id, with_for_update=True, populate_existing=True)
    row = conventions.holding(session, thesis)
    days, actor, defence = step(thesis, row, today), system("expiry"), planned_defence(thesis)
    if not days:
        return
    open_before = not row.current
    until = proposed_end(thesis, defence) if defence is not None else None
    if until is not None and not open_before:
        amendment.begin(session, thesis, ["extension"], {}, None, actor, at, today=today, expires_on=until)
    row.expiry_told = days
    journal.record(
        session, "convention.expiry_told", subject(thesis), actor, at, days=days, on=row.expires_on
    )

    def values(language: str) -> dict[str, str]:
        words = letter.words(language)["expiry"]
        planned = str(words["defence" if defence else "no_defence"])
        then = str(words["under_way" if open_before else "drafted" if until else "nothing"])
        return {
            "on": letter.day_in(row.expires_on, language),
            "defence": planned.replace("{on}", letter.day_in(defence, language) if defence else ""),
            "then": then.replace("{until}", letter.day_in(until, language) if until else ""),
            "page": PAGE.replace("PATH", f"theses/{thesis.reference}/convention"),
        }

    tell_offices(session, thesis, "convention_ends", values, actor, at, today=today)
