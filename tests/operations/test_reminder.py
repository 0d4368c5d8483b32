"""Reminders: on their days, to whoever has to act, then further; one mail each, nobody twice, nobody on a day of rest."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cotutelle.cli import remind
from cotutelle.db import db, transaction
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Link, Message, Milestone, Reminder, Thesis
from cotutelle.operations import reminder, signoff
from cotutelle.operations import thesis as theses
from cotutelle.operations.asking import Named
from cotutelle.operations.message import CLOSES, OPENS, of_link
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, TODAY, World, person
from tests.operations.signing import asked, dated, milestone, paper, say


@pytest.fixture
def thesis(session: Session, world: World) -> Thesis:
    found = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
    dated(session, found)
    theses.move(session, found, ThesisState.ADMITTED, TODAY, "", found.version, ACTOR, NOW, today=TODAY)
    session.execute(text("UPDATE milestone SET remind_on = NULL"))
    session.expire_all()
    return found


def due(session: Session, row: Milestone, day: date, reminded: date | None = None) -> Milestone:
    """Have the milestone due on a day, and reminded of on another, this one if nothing is said."""
    row.required_on = row.due_on = day
    row.remind_on = reminded or day
    session.flush()
    return row


def run(session: Session, day: date) -> int:
    mark = None
    while (mark := reminder.write_down(session, day, mark, 2)) is not None:
        pass
    return sum(
        bool(reminder.send(session, person, ACTOR, NOW, today=day))
        for person in reminder.unsent(session, day, 0, 100)
    )


def mails(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.kind == "reminder").order_by(Message.to)))


MONDAY = date(2027, 3, 1)


def test_who_is_asked_to_sign_is_reminded_with_a_link_of_their_own(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    asked(session, thesis, row, paper(session, thesis).id)
    due(session, row, MONDAY)
    assert run(session, MONDAY) == 5
    letter = next(each for each in mails(session) if each.to.startswith("unit_head"))
    link = session.scalars(
        select(Link)
        .where(Link.revoked_at.is_(None), Link.person_id.is_not(None))
        .order_by(Link.made_at.desc())
    ).all()
    assert any(of_link("link", each) in letter.body and of_link("code", each) in letter.body for each in link)
    director = next(each for each in mails(session) if each.to.startswith("supervisor"))
    assert f"{OPENS}link" not in director.body  # they have an account
    assert f"{OPENS}page:{CLOSES}" in director.body


def test_who_has_signed_hears_no_more(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    say(session, rows[3])
    due(session, row, MONDAY)
    run(session, MONDAY)
    assert not [each for each in mails(session) if each.to.startswith("unit_head")]


def test_before_anybody_is_asked_the_candidate_is_told_what_comes(session: Session, thesis: Thesis) -> None:
    due(
        session,
        milestone(session, thesis, "training_agreement", "lille"),
        MONDAY + timedelta(days=30),
        MONDAY,
    )
    assert run(session, MONDAY) == 1
    assert mails(session)[0].to == "candidate@tests.example"
    assert "To be done by 31 March 2027" in mails(session)[0].body


def test_the_other_side_hears_a_week_after_and_the_school_three(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "training_agreement", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    say(session, rows[0])
    due(session, row, MONDAY)
    run(session, MONDAY)
    assert row.remind_on == MONDAY + timedelta(days=7)
    run(session, MONDAY + timedelta(days=7))
    week = {each.to.split("@")[0] for each in mails(session)}
    assert week == {"supervisor", "partner_supervisor"}
    run(session, MONDAY + timedelta(days=21))
    assert "administrator" in {each.to.split("@")[0] for each in mails(session)}
    assert row.remind_on is None


def test_one_person_gets_one_mail_with_all_of_the_day(session: Session, thesis: Thesis) -> None:
    for kind in ("training_agreement", "ethics_training", "school_contact"):
        found = session.scalars(
            select(Milestone).where(Milestone.kind == kind, Milestone.thesis_id == thesis.id)
        ).first()
        if found is not None:
            due(session, found, MONDAY)
    due(session, milestone(session, thesis, "committee", "lille", 2027), MONDAY)
    run(session, MONDAY)
    letters = [each for each in mails(session) if each.to.startswith("candidate")]
    assert len(letters) == 1
    assert letters[0].body.count("thesis of Zed Canary-candidate") >= 3
    assert letters[0].subject.startswith(("3 things", "4 things"))


def test_a_run_that_is_repeated_tells_nobody_twice(session: Session, thesis: Thesis) -> None:
    due(session, milestone(session, thesis, "training_agreement", "lille"), MONDAY)
    assert (run(session, MONDAY), run(session, MONDAY)) == (1, 0)


def test_a_run_that_stopped_halfway_goes_on_where_it_stopped(session: Session, thesis: Thesis) -> None:
    due(session, milestone(session, thesis, "training_agreement", "lille"), MONDAY)
    reminder.write_down(session, MONDAY, None, 100)  # and then the machine stopped
    assert mails(session) == []
    assert run(session, MONDAY + timedelta(days=1)) == 1


def test_nobody_is_written_to_on_a_day_of_rest_but_on_the_next_working_day(
    session: Session, thesis: Thesis
) -> None:
    row = due(session, milestone(session, thesis, "training_agreement", "lille"), date(2027, 7, 14))
    for rest in (date(2027, 7, 14), date(2027, 7, 17), date(2027, 7, 18)):  # a holiday in France, a weekend
        row.remind_on = rest
        assert run(session, rest) == 0
        assert row.remind_on == rest
    assert run(session, date(2027, 7, 19)) == 1


def test_a_thesis_whose_reminders_are_paused_reminds_nobody(session: Session, thesis: Thesis) -> None:
    due(session, milestone(session, thesis, "training_agreement", "lille"), MONDAY)
    reminder.pause(session, thesis, True, "The file is being put in order", ACTOR, NOW)
    assert run(session, MONDAY) == 0
    reminder.pause(session, thesis, False, "", ACTOR, NOW)
    assert run(session, MONDAY) == 1


@pytest.mark.parametrize("state", [ThesisState.DRAFT, ThesisState.ON_HOLD, ThesisState.WITHDRAWN])
def test_a_thesis_that_is_being_prepared_suspended_or_over_reminds_nobody(
    session: Session, thesis: Thesis, state: ThesisState
) -> None:
    due(session, milestone(session, thesis, "training_agreement", "lille"), MONDAY)
    thesis.state = state
    assert run(session, MONDAY) == 0


def test_a_chosen_milestone_is_reminded_of_at_once_and_once_a_day(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "training_agreement", "lille")
    asked(session, thesis, row, paper(session, thesis).id)
    assert (
        reminder.remind_now(session, [row], ACTOR, NOW, today=TODAY) == 4
    )  # late: both directors, the school
    assert reminder.remind_now(session, [row], ACTOR, NOW, today=TODAY) == 0


def test_the_preview_tells_whom_and_changes_nothing(session: Session, thesis: Thesis) -> None:
    row = due(session, milestone(session, thesis, "training_agreement", "lille"), MONDAY)
    told = list(reminder.preview(session, MONDAY))
    assert [(each.person.email, each.tone) for each in told] == [("candidate@tests.example", "prepare")]
    assert row.remind_on == MONDAY
    assert session.scalar(select(func.count()).select_from(Reminder)) == 0


def test_the_daily_run_reads_what_is_due_by_its_index(app: Flask) -> None:
    with app.app_context():
        statement = reminder.due(MONDAY)
        dialect = db.engine.dialect
        compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        if dialect.name == "postgresql":
            db.session.execute(text("SET enable_seqscan = off"))
            plan = db.session.execute(text(f"EXPLAIN {compiled}")).scalars().all()
        else:
            plan = [row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
        db.session.rollback()
    assert any("ix_milestone_state_remind_on" in line for line in plan), plan
    assert not any("SCAN milestone" in line or "Seq Scan on milestone" in line for line in plan), plan


def test_the_command_runs_by_small_transactions_of_its_own(app: Flask, world: World) -> None:
    with app.app_context():
        with transaction() as session, as_system(session, "tests"):
            found = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
            dated(session, found)
            found.state = ThesisState.RUNNING
            due(session, milestone(session, found, "training_agreement", "lille"), MONDAY)
        assert remind.run(MONDAY) >= 1
        assert remind.run(MONDAY) == 0


def test_nobody_has_two_mails_of_reminders_on_one_day_whoever_sends_them(
    session: Session, thesis: Thesis
) -> None:
    first = milestone(session, thesis, "training_agreement", "lille")
    second = milestone(session, thesis, "ethics_training", "lille")
    asked(session, thesis, first, paper(session, thesis).id)
    assert reminder.remind_now(session, [first], ACTOR, NOW, today=TODAY) == 4
    assert reminder.remind_now(session, [second], ACTOR, NOW, today=TODAY) == 0
    due(session, second, TODAY)
    assert run(session, TODAY) == 0
    assert run(session, TODAY + timedelta(days=1)) >= 1  # what was held over goes with the next one


def test_what_was_settled_since_it_was_written_down_is_told_no_more(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    due(session, row, MONDAY)
    reminder.write_down(session, MONDAY, None, 100)
    say(session, rows[3])
    people = reminder.unsent(session, MONDAY, 0, 100)
    assert rows[3].person_id in people
    assert [
        reminder.send(session, one, ACTOR, NOW, today=MONDAY) for one in people if one == rows[3].person_id
    ] == [0]


def test_somebody_asked_in_two_capacities_gets_a_link_for_each(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    who = person(session, "Both", "Ana", email="both@tests.example")
    named = [Named(signer, "lille", who, "en") for signer in ("unit_head", "school")]
    signoff.ask(session, thesis, row, named, paper(session, thesis).id, None, ACTOR, NOW, today=TODAY)
    due(session, row, MONDAY)
    run(session, MONDAY)
    (letter,) = [each for each in mails(session) if each.to == "both@tests.example"]
    assert letter.body.count(f"{OPENS}link:") == 2
