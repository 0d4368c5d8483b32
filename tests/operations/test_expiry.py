"""Conventions that end too soon: who is told when, what is drafted, and that nobody is told twice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Convention, Message, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import expiry
from cotutelle.operations.standing import standing
from tests.builders import NOW
from tests.operations.in_force import milestone

END = date(2029, 6, 30)


@pytest.fixture
def thesis(session: Session, with_one_in_force: None) -> Thesis:
    """A running thesis whose convention ends on 30 June 2029, and whose defence is planned for that autumn."""
    found = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
    row = conventions.holding(session, found)
    row.expires_on = END
    found.state, found.defence_from, found.defence_until = ThesisState.RUNNING, None, date(2029, 12, 31)
    session.flush()
    return found


def letters(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.kind == "convention_ends")))


def amendments(session: Session, thesis: Thesis) -> list[Convention]:
    rows = select(Convention).where(Convention.thesis_id == thesis.id, Convention.amends_id.is_not(None))
    return list(session.scalars(rows))


@pytest.mark.parametrize(("before", "told"), [(181, False), (180, True), (91, True), (90, True), (-1, True)])
def test_the_offices_are_told_from_180_days_before_the_end_on(
    session: Session, thesis: Thesis, before: int, told: bool
) -> None:
    assert expiry.due(session, END - timedelta(days=before)) == ([thesis.id] if told else [])


def test_a_convention_that_covers_the_defence_needs_nothing(session: Session, thesis: Thesis) -> None:
    thesis.defence_until = END
    session.flush()
    assert expiry.due(session, END) == []
    thesis.defence_until = END + timedelta(days=1)
    session.flush()
    assert expiry.due(session, END) == [thesis.id]


@pytest.mark.parametrize("state", [ThesisState.DEFENDED, ThesisState.WITHDRAWN, ThesisState.COMPLETED])
def test_a_thesis_that_was_defended_or_has_ended_needs_nothing(
    session: Session, thesis: Thesis, state: ThesisState
) -> None:
    thesis.state = state
    session.flush()
    assert expiry.due(session, END) == []


def test_an_extension_to_the_end_of_the_academic_year_is_drafted_and_told(
    session: Session, thesis: Thesis
) -> None:
    day = END - timedelta(days=180)
    expiry.warn(session, thesis.id, day, NOW)
    (row,) = amendments(session, thesis)
    assert (row.state, row.triggers, row.expires_on) == (
        ConventionState.DRAFT, ["extension"], date(2030, 8, 31),
    )  # fmt: skip
    assert milestone(session, thesis).due_on == END
    assert set(standing(session, milestone(session, thesis)).values()) == {None}
    first = letters(session)
    assert first
    assert any("31 août 2030" in each.body or "31 August 2030" in each.body for each in first)


def test_nobody_is_told_twice_of_one_step_and_no_second_draft_is_made(
    session: Session, thesis: Thesis
) -> None:
    expiry.warn(session, thesis.id, END - timedelta(days=180), NOW)
    told = len(letters(session))
    for before in (179, 91):
        assert expiry.due(session, END - timedelta(days=before)) == []
        expiry.warn(session, thesis.id, END - timedelta(days=before), NOW)
    assert len(letters(session)) == told
    expiry.warn(session, thesis.id, END - timedelta(days=90), NOW)
    assert len(letters(session)) == 2 * told
    assert len(amendments(session, thesis)) == 1
    assert expiry.due(session, END) == []


def test_without_a_planned_defence_the_offices_are_told_and_nothing_is_drafted(
    session: Session, thesis: Thesis
) -> None:
    thesis.defence_on = thesis.defence_until = thesis.defence_from = None
    session.flush()
    expiry.warn(session, thesis.id, END - timedelta(days=90), NOW)
    assert letters(session)
    assert amendments(session, thesis) == []
