"""The calendar as it is kept: filled in at once, moved only after it was seen, never where somebody signed."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.leave import LeaveKind
from cotutelle.domain.reschedule import Change, Difference
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import JournalEntry, JournalValue, Milestone, Thesis
from cotutelle.operations import calendar, convention, enrolment, event, standing, stay
from cotutelle.operations import thesis as theses
from cotutelle.operations.dossier import dossier_of
from cotutelle.operations.facts import facts_of
from cotutelle.operations.health import recompute
from cotutelle.operations.plan import plans
from cotutelle.operations.rulebook import library
from tests.builders import ACTOR, NOW, TODAY, World, institution, party
from tests.operations.signing import asked, dated, milestone, paper, say


@pytest.fixture
def thesis(session: Session, world: World) -> Thesis:
    return session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()


def facts(session: Session, thesis: Thesis):  # type: ignore[no-untyped-def]  # a pair that only these tests pass on
    shelf, current = library(session), convention.current(session, thesis)
    return shelf, dossier_of(session, shelf, thesis, current, facts_of(session, thesis, current), TODAY)


def waiting(session: Session, thesis: Thesis) -> list[Difference]:
    shelf, dossier = facts(session, thesis)
    found = calendar.differences(session, thesis, calendar.made_anew(dossier, plans(session), shelf))
    return [each for each in found if each.change is not Change.KEPT]


def apply(session: Session, thesis: Thesis, seen: str | None = None) -> list[Difference]:
    shelf, dossier = facts(session, thesis)
    given = calendar.fingerprint(waiting(session, thesis)) if seen is None else seen
    return calendar.apply(session, thesis, dossier, shelf, given, ACTOR, NOW, today=TODAY)


def move_defence(session: Session, thesis: Thesis, day: date) -> None:
    theses.edit(
        session,
        thesis,
        theses.ThesisFacts({"fr": "Canary-title-of-mine"}, "fr", mode="full", defence_on=day),
        thesis.version,
        ACTOR,
        NOW,
        today=TODAY,
    )


def test_a_thesis_has_its_calendar_from_its_registration_on(session: Session, thesis: Thesis) -> None:
    kinds = set(session.scalars(select(Milestone.kind).where(Milestone.thesis_id == thesis.id)))
    assert {"charter", "convention", "deposit", "defence", "diploma"} <= kinds
    assert thesis.calendar_changes == 0


def test_days_that_nobody_was_told_are_filled_in_at_once(session: Session, thesis: Thesis) -> None:
    assert milestone(session, thesis, "deposit").required_on is None
    dated(session, thesis)
    assert milestone(session, thesis, "deposit").required_on == date(2028, 11, 11)
    assert thesis.calendar_changes == 0


def test_a_moved_defence_moves_nothing_before_it_was_seen_and_applied(
    session: Session, thesis: Thesis
) -> None:
    dated(session, thesis)
    move_defence(session, thesis, date(2029, 1, 15))
    assert milestone(session, thesis, "deposit").required_on == date(2028, 11, 11)
    assert thesis.calendar_changes == len(waiting(session, thesis)) > 5
    changes = {each.key.kind: each for each in apply(session, thesis)}
    assert (changes["deposit"].before, changes["deposit"].after) == (date(2028, 11, 11), date(2028, 12, 15))
    assert milestone(session, thesis, "deposit").required_on == date(2028, 12, 15)
    assert thesis.calendar_changes == 0


def test_what_was_applied_stays_in_the_history_day_by_day(session: Session, thesis: Thesis) -> None:
    dated(session, thesis)
    move_defence(session, thesis, date(2029, 1, 15))
    apply(session, thesis)
    told = session.scalars(
        select(JournalValue.values)
        .join(JournalEntry, JournalEntry.sequence == JournalValue.sequence)
        .where(JournalEntry.act == "calendar.rescheduled")
    ).one()
    assert told is not None
    deposit = next(each for each in told["changes"] if each["kind"] == "deposit")
    assert (deposit["change"], deposit["before"], deposit["after"]) == ("moved", "2028-11-11", "2028-12-15")


def test_what_is_applied_is_what_was_shown(session: Session, thesis: Thesis) -> None:
    dated(session, thesis)
    move_defence(session, thesis, date(2029, 1, 15))
    seen = calendar.fingerprint(waiting(session, thesis))
    move_defence(session, thesis, date(2029, 2, 20))
    with pytest.raises(Refused) as refused:
        apply(session, thesis, seen)
    assert refused.value.reason is Reason.CALENDAR_MOVED_ON


def test_what_everybody_signed_keeps_its_day_and_what_some_signed_moves_with_the_rest(
    session: Session, thesis: Thesis
) -> None:
    dated(session, thesis)
    done, half = milestone(session, thesis, "reports_sent"), milestone(session, thesis, "deposit")
    for each in asked(session, thesis, done):
        say(session, each)
    say(session, asked(session, thesis, half, paper(session, thesis).id)[0])
    move_defence(session, thesis, date(2029, 1, 15))
    apply(session, thesis)
    assert milestone(session, thesis, "reports_sent").required_on == date(2028, 12, 10)
    assert milestone(session, thesis, "deposit").required_on == date(2028, 12, 15)


def test_an_institution_that_leaves_takes_its_places_with_it(session: Session, thesis: Thesis) -> None:
    two = [
        party(session, "lille", "SHS", lead=True, first_enrolment=date(2025, 10, 1)),
        party(session, "ghent", first_enrolment=date(2025, 10, 1)),
    ]
    three = [*two, party(session, "ku-leuven", first_enrolment=date(2025, 10, 1))]
    theses.edit_parties(session, thesis, three, thesis.version, ACTOR, NOW, today=TODAY)
    dated(session, thesis)
    row = milestone(session, thesis, "rapporteurs")
    rows = asked(session, thesis, row)
    theses.edit_parties(session, thesis, two, thesis.version, ACTOR, NOW, today=TODAY)
    if thesis.calendar_changes:
        apply(session, thesis)
    for each in rows:
        session.refresh(each)
    assert [each.state for each in rows if each.side == "ku-leuven"] == ["withdrawn"]
    assert ("director", "ku-leuven") not in standing.standing(session, row)


def test_a_milestone_that_comes_back_is_reminded_of_again(session: Session, thesis: Thesis) -> None:
    dated(session, thesis)
    row = milestone(session, thesis, "deposit")
    before = row.remind_on
    for to in (ThesisState.ADMITTED, ThesisState.RUNNING, ThesisState.WITHDRAWN, ThesisState.RUNNING):
        theses.move(session, thesis, to, TODAY, "moved", thesis.version, ACTOR, NOW, today=TODAY)
    session.refresh(row)
    assert (row.state, row.remind_on) == ("open", before)


def test_nothing_is_applied_where_nothing_would_change_or_the_thesis_is_over(
    session: Session, thesis: Thesis
) -> None:
    dated(session, thesis)
    with pytest.raises(Refused):
        apply(session, thesis)
    for to in (ThesisState.ADMITTED, ThesisState.RUNNING, ThesisState.WITHDRAWN):
        theses.move(session, thesis, to, TODAY, "left", thesis.version, ACTOR, NOW, today=TODAY)
    with pytest.raises(Refused) as refused:
        apply(session, thesis)
    assert refused.value.reason is Reason.NOT_ASKED_ANY_MORE


def test_a_suspension_shifts_what_comes_after_it(session: Session, thesis: Thesis) -> None:
    thesis.mode = "full"
    dated(session, thesis, defence=None)
    before = milestone(session, thesis, "duration", "lille").required_on
    begin, end = date(2027, 9, 1), date(2028, 8, 31)
    enrolment.add_leave(session, thesis, LeaveKind.GAP, begin, end, ACTOR, NOW, today=TODAY)
    assert thesis.calendar_changes
    apply(session, thesis)
    after = milestone(session, thesis, "duration", "lille").required_on
    assert before is not None
    assert after is not None
    assert (after - before).days in (365, 366)


def test_a_day_planned_stands_beside_the_day_required_with_its_reason(
    session: Session, thesis: Thesis
) -> None:
    dated(session, thesis)
    row = milestone(session, thesis, "committee", "lille", 2027)
    with pytest.raises(Refused):
        calendar.plan_day(session, thesis, row, date(2027, 6, 1), " ", row.version, ACTOR, NOW, today=TODAY)
    calendar.plan_day(
        session, thesis, row, date(2027, 6, 1), "Ghent is free", row.version, ACTOR, NOW, today=TODAY
    )
    assert (row.required_on, row.planned_on, row.due_on) == (
        date(2027, 9, 1),
        date(2027, 6, 1),
        date(2027, 6, 1),
    )
    recompute(session, thesis, TODAY, NOW)
    assert row.due_on == date(2027, 6, 1)
    calendar.plan_day(session, thesis, row, None, "", row.version, ACTOR, NOW, today=TODAY)
    assert row.due_on == date(2027, 9, 1)


def test_what_is_recorded_is_done_and_what_is_taken_back_is_not(session: Session, thesis: Thesis) -> None:
    dated(session, thesis)
    row = milestone(session, thesis, "charter", "lille")
    data = {"institution": "lille"}
    met = event.add(session, thesis, "charter", date(2025, 10, 20), ACTOR, NOW, today=TODAY, data=data)
    assert (row.state, row.done_on, row.remind_on) == ("done", date(2025, 10, 20), None)
    event.remove(session, thesis, met, ACTOR, NOW, today=TODAY)
    assert (row.state, row.done_on) == ("open", None)


def test_a_thesis_that_ends_without_a_diploma_asks_for_nothing_more(session: Session, thesis: Thesis) -> None:
    dated(session, thesis)
    for to in (ThesisState.ADMITTED, ThesisState.RUNNING, ThesisState.WITHDRAWN):
        theses.move(session, thesis, to, TODAY, "left", thesis.version, ACTOR, NOW, today=TODAY)
    left = select(func.count()).where(Milestone.thesis_id == thesis.id, Milestone.state == "open")
    assert session.scalar(left) == 0


def test_once_the_defence_is_held_nobody_waits_for_what_came_before_it(
    session: Session, thesis: Thesis
) -> None:
    dated(session, thesis, defence=date(2026, 11, 20))
    for to in (ThesisState.ADMITTED, ThesisState.RUNNING, ThesisState.PRE_DEFENCE, ThesisState.DEFENDED):
        theses.move(session, thesis, to, TODAY, "", thesis.version, ACTOR, NOW, today=TODAY)
    assert milestone(session, thesis, "charter", "lille").state == "lapsed"
    assert milestone(session, thesis, "defence").state == "done"
    assert milestone(session, thesis, "defence_report").state == "open"


def test_what_was_due_before_a_thesis_was_taken_over_is_never_late(session: Session, thesis: Thesis) -> None:
    thesis.followed_since = date(2026, 11, 1)
    dated(session, thesis)
    row = milestone(session, thesis, "charter", "lille")
    assert (row.state, row.remind_on) == ("before", None)


def test_a_change_that_moves_no_day_leaves_the_calendar_and_its_reminders_alone(
    session: Session, thesis: Thesis
) -> None:
    dated(session, thesis)
    before = {row.id: (row.due_on, row.remind_on) for row in calendar.rows_of(session, thesis).values()}
    here = institution(session, "lille").id
    stay.save_stay(
        session, thesis, None, here, date(2027, 1, 1), date(2027, 6, 30), False, ACTOR, NOW, today=TODAY
    )
    assert {r.id: (r.due_on, r.remind_on) for r in calendar.rows_of(session, thesis).values()} == before
