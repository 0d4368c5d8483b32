"""The committee on its screens: named, met, told, and interviews that only those who may read find."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle import clock
from cotutelle.db import db
from cotutelle.models import Event, Grant, Person
from cotutelle.operations import account as accounts
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, World, school
from tests.client import Client
from tests.files import picture

DAY = "2026-09-10"


@pytest.fixture
def office(app: Flask, world: World) -> Client:
    client = Client(app)
    client.sign_in(world.emails["administrator"])
    return client


def met(app: Flask, office: Client, world: World, **more: object) -> str:
    """Record a meeting; its address."""
    place = f"/theses/{world.thesis}/committee"
    told = {"on": DAY, "institution": "lille", "steps": ["1", "2", "3"], **more}
    page = office.post(f"{place}/meetings/add", told, content_type="multipart/form-data")
    assert page.status == 303, page.errors
    with app.app_context(), as_system(db.session(), "tests") as session:
        row = session.scalars(select(Event).where(Event.kind == "committee")).one()
    return f"{place}/meetings/{row.public_id}"


def test_members_are_named_and_the_page_says_how_the_committee_stands_with_the_rules(
    office: Client, world: World
) -> None:
    place = f"/theses/{world.thesis}/committee"
    assert "Nobody sits on the committee yet." in office.get(place).text
    told = {"family_name": "Spécialiste", "brings": ["specialist", "external"], "belongs_to": "SAGE"}
    assert office.post(f"{place}/members/add", told).status == 303
    shown = office.get(place).text
    assert "Spécialiste" in shown
    assert "ct-finding--late" in shown  # nobody from outside the field
    told = {"family_name": "Dehors", "brings": ["field_outsider"]}
    assert office.post(f"{place}/members/add", told).status == 303
    assert "ct-finding--late" not in office.get(place).text
    member = re.search(rf'href="{place}/members/([a-z0-9]{{12}})"', office.get(place).text)
    assert member
    left = {"until_on": clock.today().isoformat(), "brings": ["specialist"]}
    assert office.post(f"{place}/members/{member[1]}", left).status == 303


def test_a_meeting_is_recorded_with_its_report_which_its_three_recipients_are_told_of(
    app: Flask, office: Client, world: World
) -> None:
    place = f"/theses/{world.thesis}/committee"
    meeting = met(app, office, world, file=(io.BytesIO(picture("PNG")), "csi.png"))
    shown = office.get(place).text
    assert "Report of the monitoring committee, 2026" in shown
    assert office.post(f"{meeting}/send", form=place).status == 303
    assert "The report reached all three recipients." in office.get(place).text
    empty = office.post(f"{place}/meetings/add", {"on": "2100-01-01"})
    assert any("This day has not come yet" in error for error in empty.errors)
    fixed = office.post(meeting, {"on": DAY, "institution": "lille", "steps": ["1"]})
    assert fixed.status == 303
    assert "1 of 3 steps" in office.get(place).text
    assert "Report of the monitoring committee, 2026" in office.get(place).text


def test_each_interview_is_read_by_the_schools_and_by_who_was_heard_alone(
    app: Flask, office: Client, world: World
) -> None:
    meeting = met(app, office, world)
    for heard in ("candidate", "direction"):
        text = {"text": f"Said by the {heard}."}
        assert office.post(f"{meeting}/{heard}/note", text).status == 303
    readers = {"candidate": "candidate", "supervisor": "direction", "partner_supervisor": "direction"}
    for who, heard in readers.items():
        client = Client(app)
        client.sign_in(world.emails[who])
        other = "direction" if heard == "candidate" else "candidate"
        assert f"Said by the {heard}." in client.get(f"{meeting}/{heard}").text
        assert client.get(f"{meeting}/{other}").status == 403
        assert f"/{other}" not in client.get(f"/theses/{world.thesis}/committee").text
    for who in ("partner", "auditor", "reader", "writer"):
        client = Client(app)
        client.sign_in(world.emails[who])
        assert {client.get(f"{meeting}/{heard}").status for heard in readers.values()} == {403}


def test_a_director_who_also_administers_the_school_does_not_read_what_the_candidate_said(
    app: Flask, office: Client, world: World
) -> None:
    meeting = met(app, office, world)
    assert office.post(f"{meeting}/candidate/note", {"text": "Said in private."}).status == 303
    with app.app_context(), as_system(db.session(), "tests") as session:
        director = session.scalars(select(Person).where(Person.email == world.emails["supervisor"])).one()
        shs = school(session, "lille", "SHS")
        accounts.grant(
            session, director, "administrator", "school", shs.id, clock.today(), ACTOR, NOW, reason="x"
        )
        assert session.scalars(select(Grant).where(Grant.person_id == director.id)).one()
        session.commit()
    client = Client(app)
    client.sign_in(world.emails["supervisor"])
    assert client.get(f"{meeting}/candidate").status == 404
    assert client.get(f"{meeting}/candidate/note").status == 404
    assert client.get(f"{meeting}/direction").status == 200
    assert "Said in private." not in client.get(f"/theses/{world.thesis}/committee").text


def test_a_partner_takes_back_no_meeting_of_another_committee_nor_what_was_noted_of_one(
    app: Flask, office: Client, world: World
) -> None:
    meeting = met(app, office, world)
    assert office.post(f"{meeting}/candidate/note", {"text": "Said in private."}).status == 303
    partner = Client(app)
    partner.sign_in(world.emails["partner"])
    remove = f"/theses/{world.thesis}/events/{meeting.rsplit('/', 1)[1]}/remove"
    assert partner.post(remove, form="/account").status == 403
    writer = Client(app)
    writer.sign_in(world.emails["writer"])
    assert writer.post(remove, form="/account").status == 403
    assert office.post(remove, form="/account").status == 303
