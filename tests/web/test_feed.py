"""A private calendar: its address is its holder's, can be taken back, and its entries keep their identity when they move."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select, update

from cotutelle import clock, links
from cotutelle.db import db, transaction
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Link, Milestone, Thesis
from cotutelle.operations import calendar
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, TODAY, World
from tests.client import Client
from tests.operations.signing import asked, dated, milestone, paper


@pytest.fixture
def thesis(app: Flask, world: World) -> str:
    """A running thesis with a defence in 200 days, whose charter is asked."""
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        found = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        found.mode = "full"
        dated(session, found, clock.today() + timedelta(days=200))
        asked(session, found, milestone(session, found, "charter", "lille"), paper(session, found).id)
        session.execute(update(Thesis).values(state=ThesisState.RUNNING))
        return found.reference


def subscribe(app: Flask, email: str) -> tuple[Client, str]:
    """Somebody's browser, and the address of the calendar that they made."""
    client = Client(app)
    client.sign_in(email)
    assert client.post("/account/feed", form="/account").status == 303
    address = re.findall(r'value="http://localhost(/feed/[^"]+\.ics)"', client.get("/account").text)[0]
    return client, address


def entries(client: Client, address: str) -> dict[str, dict[str, object]]:
    """The entries as a client library reads them, by their names."""
    answer = client.get(address)
    assert (answer.status, answer.response.mimetype) == (200, "text/calendar")
    read = Calendar.from_ical(answer.response.data)
    return {
        str(event["summary"]): {
            "uid": str(event["uid"]), "on": event["dtstart"].dt, "sequence": int(event["sequence"]),
            "status": str(event["status"]), "url": str(event.get("url", "")),
        }
        for event in read.walk("VEVENT")
    }  # fmt: skip


def test_the_candidate_has_the_milestones_of_their_thesis_and_what_they_sign_without_signing_in(
    app: Flask, world: World, thesis: str
) -> None:
    _client, address = subscribe(app, world.emails["candidate"])
    found = entries(Client(app), address)
    deposit = found["Deposit of the thesis, Zed Canary-candidate"]
    assert deposit["on"] == milestone_day(app, "deposit")
    assert any(name.startswith("To sign: Doctoral charter") for name in found)
    assert "/theses/" in str(deposit["url"])


def milestone_day(app: Flask, kind: str) -> date | None:
    with app.app_context(), as_system(db.session(), "tests") as session:
        found = session.scalars(
            select(Milestone.due_on)
            .join(Thesis)
            .where(Milestone.kind == kind, Thesis.reference == "LILLE-2026-0001")
        ).one()
        session.rollback()
        return found


def test_an_entry_that_moves_keeps_its_identity_and_its_number_grows(
    app: Flask, world: World, thesis: str
) -> None:
    client, address = subscribe(app, world.emails["candidate"])
    name = "Deposit of the thesis, Zed Canary-candidate"
    before = entries(client, address)[name]
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        row = session.scalars(select(Thesis).where(Thesis.reference == thesis)).one()
        found = milestone(session, row, "deposit")
        later = clock.today() + timedelta(days=100)
        calendar.plan_day(session, row, found, later, "agreed", found.version, ACTOR, NOW, today=TODAY)
    after = entries(client, address)[name]
    assert (after["uid"], after["on"]) == (before["uid"], later)
    assert int(str(after["sequence"])) > int(str(before["sequence"]))


def test_what_is_asked_no_longer_is_cancelled(app: Flask, world: World, thesis: str) -> None:
    client, address = subscribe(app, world.emails["candidate"])
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        session.execute(update(Milestone).where(Milestone.kind == "deposit").values(state="dropped"))
    assert entries(client, address)["Deposit of the thesis, Zed Canary-candidate"]["status"] == "CANCELLED"


def test_an_address_that_was_taken_back_renewed_cut_or_forged_opens_nothing(
    app: Flask, world: World, thesis: str
) -> None:
    client, first = subscribe(app, world.emails["candidate"])
    client.post("/account/feed", form="/account")
    assert client.get(first).status == 404
    second = re.findall(r'value="http://localhost(/feed/[^"]+\.ics)"', client.get("/account").text)[0]
    assert client.get(second).status == 200
    for wrong in (second.replace(".ics", "x.ics"), second[:-6] + ".ics", "/feed/x.ics"):
        assert client.get(wrong).status == 404, wrong
    assert client.post("/account/feed/end", form="/account").status == 303
    assert client.get(second).status == 404
    with app.app_context():
        other = db.session.scalars(select(Link.id).where(Link.purpose == "sign").limit(1)).one()
        db.session.rollback()
    assert client.get(f"/feed/{links.sign([app.config['SECRET_KEY']], 'feed', other)}.ics").status == 404


@pytest.mark.parametrize(
    ("who", "sees", "leaves"),
    [
        ("administrator", True, True),
        ("supervisor", True, False),
        ("partner", True, False),
        ("other_administrator", False, False),
    ],
)
def test_everybody_has_what_they_may_see_and_no_more(
    app: Flask, world: World, thesis: str, who: str, sees: bool, leaves: bool
) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        soon = clock.today() + timedelta(days=30)
        session.execute(update(Milestone).where(Milestone.kind == "duration").values(due_on=soon))
    client, address = subscribe(app, world.emails[who])
    names = " ".join(entries(client, address))
    assert ("Deposit of the thesis, Zed Canary-candidate" in names) is sees
    assert ("End of the ordinary duration" in names) is leaves


def test_a_letter_that_asks_carries_the_day_as_an_entry(app: Flask, world: World, thesis: str) -> None:
    from cotutelle import mail
    from cotutelle.models import Message

    with app.app_context():
        row = db.session.scalars(select(Message).where(Message.kind == "ask").limit(1)).one()
        (part,) = [part for part in mail.compose(row).walk() if part.get_content_type() == "text/calendar"]
        read = Calendar.from_ical(part.get_content())
        db.session.rollback()
    assert [str(event["summary"]).endswith("Zed Canary-candidate") for event in read.walk("VEVENT")] == [True]
