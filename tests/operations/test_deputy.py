"""Absences and hand-overs: who signs meanwhile, what comes back, and who administers from then on."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle import clock
from cotutelle.cli.work import who_signs
from cotutelle.db import db, transaction
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signoff import Answer
from cotutelle.models import Account, Deputy, Grant, Link, Message, Person, SignOff, Thesis
from cotutelle.operations import deputy, handover
from cotutelle.operations.asking import Named, pass_on
from cotutelle.operations.standing import withdraw_open
from cotutelle.scope import as_system
from tests import builders
from tests.builders import ACTOR, NOW, TODAY, World, person
from tests.operations.signing import asked, dated, milestone, paper, say

DAY = timedelta(days=1)


@pytest.fixture
def thesis(session: Session, world: World) -> Thesis:
    return dated(session, session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one())


def director(session: Session, world: World) -> Person:
    return session.scalars(select(Person).where(Person.email == world.emails["supervisor"])).one()


def away(
    session: Session, who: Person, by: Person, begin: date = TODAY, end: date = TODAY + 7 * DAY, **more: int
) -> Deputy:
    return deputy.name(session, who, by, begin, end, "Mission", ACTOR, NOW, today=TODAY, **more)


def turned(session: Session, today: date) -> int:
    """What the daily run of a day does about absences; how many there were."""
    rows = deputy.due(session, today)
    for row_id in rows:
        deputy.turn(session, row_id, today, NOW)
    return len(rows)


def holder(session: Session, thesis: Thesis) -> list[str]:
    rows = session.scalars(
        select(SignOff)
        .where(SignOff.thesis_id == thesis.id, SignOff.signer == "director", SignOff.side == "lille")
        .order_by(SignOff.id)
    )
    return [f"{row.person.family_name} {row.state}" for row in rows]


@pytest.fixture
def rows(session: Session, thesis: Thesis) -> list[SignOff]:
    return asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)


def test_what_waits_is_handed_over_when_an_absence_begins_and_given_back_when_it_is_over(
    session: Session, thesis: Thesis, world: World, rows: list[SignOff]
) -> None:
    who, by = director(session, world), person(session, "Suppléante", email="deputy@tests.example")
    row = away(session, who, by, TODAY + DAY, TODAY + 3 * DAY)
    assert holder(session, thesis) == ["Canary-supervisor asked"]
    assert turned(session, TODAY + DAY) == 1
    assert holder(session, thesis) == ["Canary-supervisor delegated", "Suppléante asked"]
    assert turned(session, TODAY + 3 * DAY) == 0
    assert turned(session, TODAY + 4 * DAY) == 1
    assert holder(session, thesis)[-2:] == ["Suppléante delegated", "Canary-supervisor asked"]
    assert row.ended_at is not None
    alive = session.scalars(select(Link).where(Link.revoked_at.is_(None), Link.purpose == "sign")).all()
    assert by.id not in {link.person_id for link in alive}


def test_who_is_away_is_not_asked_but_their_deputy(session: Session, thesis: Thesis, world: World) -> None:
    who, by = director(session, world), person(session, "Suppléante", email="deputy@tests.example")
    away(session, who, by)
    asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    assert holder(session, thesis) == ["Canary-supervisor delegated", "Suppléante asked"]
    letters = session.scalars(select(Message).where(Message.to == by.email, Message.kind == "delegated"))
    assert "Canary-supervisor" in letters.one().body
    assert not session.scalars(
        select(Message).where(Message.to == who.email, Message.kind.in_(["ask", "delegated"]))
    ).all()


def test_what_a_deputy_signed_stays_theirs_at_the_end(
    session: Session, thesis: Thesis, world: World, rows: list[SignOff]
) -> None:
    who, by = director(session, world), person(session, "Suppléante", email="deputy@tests.example")
    row = away(session, who, by)
    signed = session.scalars(select(SignOff).where(SignOff.person_id == by.id)).one()
    say(session, signed)
    deputy.end(session, row, ACTOR, NOW)
    assert holder(session, thesis) == ["Canary-supervisor delegated", "Suppléante approved"]


def test_what_somebody_handed_on_themselves_does_not_come_back_with_an_absence(
    session: Session, thesis: Thesis, world: World, rows: list[SignOff]
) -> None:
    who, by = director(session, world), person(session, "Suppléante", email="deputy@tests.example")
    say(session, rows[1], Answer.DELEGATE, delegate=Named("director", "lille", by, "fr"))
    row = away(session, who, by)
    deputy.end(session, row, ACTOR, NOW)
    assert holder(session, thesis) == ["Canary-supervisor delegated", "Suppléante asked"]


def test_an_office_names_deputies_for_the_theses_of_its_school_alone(
    session: Session, thesis: Thesis, world: World, rows: list[SignOff]
) -> None:
    who, by = director(session, world), person(session, "Suppléante", email="deputy@tests.example")
    elsewhere = builders.school(session, "lille", "SMRE")
    away(session, who, by, school_id=elsewhere.id)
    assert holder(session, thesis) == ["Canary-supervisor asked"]
    away(session, who, by, school_id=builders.school(session, "lille", "SHS").id)
    assert holder(session, thesis)[-1] == "Suppléante asked"


def test_a_candidate_signs_for_themselves_and_for_nobody_in_their_own_thesis(
    session: Session, thesis: Thesis, world: World, rows: list[SignOff]
) -> None:
    candidate, by = thesis.candidate, person(session, "Suppléante", email="deputy@tests.example")
    away(session, director(session, world), candidate)
    away(session, candidate, by)
    for row in rows:
        session.refresh(row)
    assert {row.state for row in rows} == {"asked"}


@pytest.mark.parametrize(
    ("begin", "end", "why"),
    [
        (TODAY, TODAY - DAY, Reason.DATES_OUT_OF_ORDER),
        (TODAY - 9 * DAY, TODAY - DAY, Reason.ENDS_IN_PAST),
    ],
)
def test_an_absence_has_days_in_order_that_are_not_over(
    session: Session, world: World, begin: date, end: date, why: Reason
) -> None:
    by = person(session, "Suppléante", email="deputy@tests.example")
    with pytest.raises(Refused) as refused:
        away(session, director(session, world), by, begin, end)
    assert refused.value.reason is why


def test_nobody_is_their_own_deputy_and_no_day_has_two(session: Session, world: World) -> None:
    who, by = director(session, world), person(session, "Suppléante", email="deputy@tests.example")
    with pytest.raises(Refused) as refused:
        away(session, who, who)
    assert refused.value.reason is Reason.DEPUTY_ONESELF
    with pytest.raises(Refused) as refused:
        away(session, who, person(session, "Mute"))
    assert refused.value.reason is Reason.NO_ADDRESS
    away(session, who, by, TODAY, TODAY + 3 * DAY)
    with pytest.raises(Refused) as refused:
        away(session, who, by, TODAY + 3 * DAY, TODAY + 5 * DAY)
    assert refused.value.reason is Reason.DEPUTY_TWICE
    away(session, who, by, TODAY + 4 * DAY, TODAY + 5 * DAY)


def test_a_school_is_handed_over_with_what_was_asked_and_an_invitation(
    session: Session, thesis: Thesis, world: World, rows: list[SignOff]
) -> None:
    mine = session.scalars(select(Account).where(Account.email == world.emails["administrator"])).one()
    for row in rows:
        row.asked_by = mine.id
    session.flush()
    new = person(session, "Successeur", email="next@tests.example")
    shs, until = builders.school(session, "lille", "SHS"), TODAY + 30 * DAY
    passed = handover.hand_over(session, mine, shs, new, until, "Retirement", ACTOR, NOW, today=TODAY)
    assert passed == len(rows)
    account = session.scalars(select(Account).where(Account.person_id == new.id)).one()
    session.expire_all()
    assert {row.asked_by for row in rows} == {account.id}
    right = session.scalars(select(Grant).where(Grant.person_id == new.id)).one()
    assert (right.role, right.scope_kind, right.scope_id, right.from_on) == (
        "administrator", "school", shs.id, TODAY,
    )  # fmt: skip
    ended = session.scalars(
        select(Grant).where(Grant.person_id == mine.person_id, Grant.role == "administrator")
    )
    assert [each.until_on for each in ended] == [until]
    letter = session.scalars(select(Message).where(Message.kind == "handover")).one()
    assert letter.to == "next@tests.example"
    assert letter.link_id


def test_a_hand_over_says_why_and_goes_to_somebody_else(session: Session, world: World) -> None:
    mine = session.scalars(select(Account).where(Account.email == world.emails["administrator"])).one()
    shs, new = builders.school(session, "lille", "SHS"), person(session, "Successeur", email="n@t.example")
    with pytest.raises(Refused) as refused:
        handover.hand_over(session, mine, shs, new, None, " ", ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.REASON_MISSING
    with pytest.raises(Refused) as refused:
        handover.hand_over(session, mine, shs, new, TODAY - DAY, "x", ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.ENDS_IN_PAST


def test_a_school_is_not_handed_twice_to_the_same_and_who_never_opened_the_account_is_invited_again(
    session: Session, world: World
) -> None:
    mine = session.scalars(select(Account).where(Account.email == world.emails["administrator"])).one()
    shs, new = builders.school(session, "lille", "SHS"), person(session, "Successeur", email="n@t.example")
    handover.hand_over(session, mine, shs, new, None, "x", ACTOR, NOW, today=TODAY)
    with pytest.raises(Refused) as refused:
        handover.hand_over(session, mine, shs, new, None, "x", ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.ALREADY_ADMINISTERS
    smre = builders.school(session, "lille", "SMRE")
    handover.hand_over(session, mine, smre, new, None, "x", ACTOR, NOW, today=TODAY)
    letters = session.scalars(select(Message).where(Message.kind == "handover")).all()
    assert [bool(letter.link_id) for letter in letters] == [True, True]
    assert {letter.reply_to for letter in letters} == {mine.person.email}


def test_a_deputy_is_there_on_those_days_and_one_who_is_away_later_passes_it_on_but_never_back(
    session: Session, thesis: Thesis, world: World, rows: list[SignOff]
) -> None:
    who, by = director(session, world), person(session, "Suppléante", email="deputy@tests.example")
    third = person(session, "Troisième", email="third@tests.example")
    away(session, who, by)
    with pytest.raises(Refused) as refused:
        away(session, by, who)
    assert refused.value.reason is Reason.DEPUTY_AWAY
    away(session, by, third)
    assert holder(session, thesis)[-1] == "Troisième asked"
    say(session, rows[0])
    again = asked(
        session, thesis, milestone(session, thesis, "training_agreement", "lille"), paper(session, thesis).id
    )
    assert [row.person.family_name for row in again if row.signer == "director"] == ["Canary-supervisor"]
    assert holder(session, thesis)[-1] == "Troisième asked"


def test_the_reason_of_an_absence_is_read_in_the_deputys_language(
    session: Session, thesis: Thesis, world: World, rows: list[SignOff]
) -> None:
    by = person(session, "Suppléante", email="deputy@tests.example")
    session.add(Account(person_id=by.id, email=by.email, language="fr", created_at=NOW, retention="account"))
    session.flush()
    away(session, director(session, world), by)
    letter = session.scalars(select(Message).where(Message.kind == "delegated")).one()
    assert "absence jusqu’au" in letter.body
    assert "away until" not in letter.body


def test_what_was_signed_a_moment_ago_is_neither_passed_on_nor_withdrawn(
    session: Session, thesis: Thesis, rows: list[SignOff]
) -> None:
    by = person(session, "Suppléante", email="deputy@tests.example")
    say(session, rows[1])
    pass_on(session, thesis, rows[1], by, lambda _language: "", NOW)
    withdraw_open(session, rows[1].milestone, NOW)
    assert holder(session, thesis) == ["Canary-supervisor approved"]


def test_the_daily_run_hands_over_what_waits_for_whoever_is_away_since_today(
    app: Flask, world: World
) -> None:
    today = clock.today()
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        dated(session, thesis)
        asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
        by = person(session, "Suppléante", email="deputy@tests.example")
        who = director(session, world)
        before = today - DAY
        deputy.name(session, who, by, today, today + DAY, "Mission", ACTOR, NOW, today=before)
    with app.app_context():
        who_signs()
        who_signs()
    with app.app_context(), as_system(db.session(), "tests") as session:
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        assert holder(session, thesis) == ["Canary-supervisor delegated", "Suppléante asked"]
