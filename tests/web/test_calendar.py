"""Proves the calendar's page: what is late stands first with who signs it, and each reader sees what is theirs."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db, transaction
from cotutelle.domain.leave import LeaveKind
from cotutelle.models import Thesis, ThesisInstitution
from cotutelle.operations import enrolment
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, TODAY, World
from tests.client import Client


@pytest.fixture
def dated(app: Flask, world: World) -> World:
    """The thesis with a first enrolment two years ago, a planned defence and a leave."""
    with app.app_context():
        with transaction() as session, as_system(session, "tests"):
            thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
            thesis.mode, thesis.defence_on = "full", date(2027, 12, 10)
            for row in session.scalars(
                select(ThesisInstitution).where(ThesisInstitution.thesis_id == thesis.id)
            ):
                row.first_enrolment = date(2024, 10, 1)
            leave = LeaveKind.PARENTAL
            enrolment.add_leave(
                session, thesis, leave, date(2025, 1, 1), date(2025, 3, 31), ACTOR, NOW, today=TODAY
            )
        db.session.remove()
    return world


def section(text: str, id_: str) -> str:
    match = re.search(rf'id="{id_}".*?</section>', text, flags=re.DOTALL)
    return plain(match[0]) if match else ""


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("&nbsp;", " ")


def test_what_is_late_stands_first_and_names_who_signs(client: Client, dated: World) -> None:
    client.sign_in(dated.emails["administrator"])
    page = client.get(f"/theses/{dated.thesis}/calendar")
    assert page.status == 200
    late = section(page.text, "late")
    assert "Doctoral charter" in late
    assert "Zed Canary-supervisor" in late
    assert "Zed Canary-partner-supervisor" in late
    assert "Enrolment 2025–26" in late
    assert "Deposit of the thesis" in section(page.text, "ahead")
    assert "10 November 2027" in section(page.text, "ahead")


def test_a_milestone_leads_to_the_form_that_records_it_and_then_is_done(client: Client, dated: World) -> None:
    client.sign_in(dated.emails["administrator"])
    url = f"/theses/{dated.thesis}/calendar"
    assert f"/theses/{dated.thesis}/events/add?kind=charter" in client.get(url).text
    form = f"/theses/{dated.thesis}/events/add?kind=charter"
    assert client.post(form, {"kind": "charter", "on": "2024-11-04"}).status == 303
    assert "Doctoral charter" not in section(client.get(url).text, "late")
    assert "Doctoral charter" in section(client.get(url).text, "done")


def test_the_end_of_the_duration_moves_with_a_leave_and_only_those_who_may_know_of_it_read_it(
    client: Client, app: Flask, dated: World
) -> None:
    told = {}
    for role in ("administrator", "candidate", "supervisor", "partner"):
        reader = Client(app)
        reader.sign_in(dated.emails[role])
        text = plain(reader.get(f"/theses/{dated.thesis}/calendar").text)
        told[role] = "End of the ordinary duration" in text
        assert ("29 December 2027" in text) is told[role]
    assert told == {"administrator": True, "candidate": True, "supervisor": False, "partner": False}


def test_who_may_not_record_is_offered_nothing_to_record(client: Client, dated: World) -> None:
    client.sign_in(dated.emails["candidate"])
    page = client.get(f"/theses/{dated.thesis}/calendar")
    assert "Doctoral charter" in page.text
    assert "events/add" not in page.text


def test_without_any_date_the_page_says_which_dates_it_needs(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    page = client.get(f"/theses/{world.thesis}/calendar")
    assert "No date is known yet." in page.text
    assert "Without a day yet" in page.text
    assert f"/theses/{world.thesis}/steps" in page.text


def test_it_is_french_for_a_french_reader(client: Client, dated: World) -> None:
    client.sign_in(dated.emails["administrator"])
    client.browser.set_cookie("language", "fr")
    text = client.get(f"/theses/{dated.thesis}/calendar").text
    assert "Charte du doctorat" in text
    assert "devait être fait" in text


def test_the_page_of_the_thesis_leads_to_its_calendar(client: Client, world: World) -> None:
    client.sign_in(world.emails["candidate"])
    assert f"/theses/{world.thesis}/calendar" in client.get(f"/theses/{world.thesis}").text
