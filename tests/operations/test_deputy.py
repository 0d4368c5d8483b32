"""Absences and hand-overs: who signs meanwhile, what comes back, and who administers from then on."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signoff import Answer
from cotutelle.models import Account, Deputy, Grant, Link, Message, Person, SignOff, Thesis
from cotutelle.operations import deputy, handover
from cotutelle.operations.asking import Named
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
    assert deputy.turn(session, TODAY + DAY, NOW) == 1
    assert holder(session, thesis) == ["Canary-supervisor delegated", "Suppléante asked"]
    assert deputy.turn(session, TODAY + 3 * DAY, NOW) == 0
    assert deputy.turn(session, TODAY + 4 * DAY, NOW) == 1
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
    away(session, candidate, by)
    away(session, director(session, world), candidate)
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
    passed = handover.hand_over(session, mine, shs, new, TODAY, until, "Retirement", ACTOR, NOW, today=TODAY)
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
        handover.hand_over(session, mine, shs, new, TODAY, None, " ", ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.REASON_MISSING
    with pytest.raises(Refused) as refused:
        handover.hand_over(session, mine, shs, new, TODAY, TODAY - DAY, "x", ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.ENDS_IN_PAST
