"""The September campaign on its screens: an office and a candidate with a phone."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle import clock
from cotutelle.db import transaction
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Thesis
from cotutelle.operations import thesis as theses
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, TODAY, World
from tests.client import Client
from tests.files import picture


@pytest.fixture
def office(app: Flask, world: World) -> Client:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        for to in (ThesisState.ADMITTED, ThesisState.RUNNING):
            theses.move(session, thesis, to, TODAY, "", thesis.version, ACTOR, NOW, today=TODAY)
    client = Client(app)
    client.sign_in(world.emails["administrator"])
    return client


def opened(office: Client) -> str:
    """Open a campaign for this year; its address."""
    form = office.get("/campaigns/open").text
    school = re.search(r'name="schools" value="([a-z0-9]{12})"', form)
    assert school
    told = {
        "year": str(clock.today().year), "schools": [school[1]], "asked": ["enrolment", "fees"],
        "deadline": clock.today().isoformat(), "note": "A word.",
    }  # fmt: skip
    page = office.post("/campaigns/open", told)
    assert page.status == 303, page.errors
    return page.location


def test_the_whole_way_from_the_letter_to_the_enrolment(app: Flask, office: Client, world: World) -> None:
    place = opened(office)
    assert office.get("/campaigns").status == 200
    mine = Client(app)
    mine.sign_in(world.emails["candidate"])
    first = mine.get(f"/theses/{world.thesis}/where").text
    assert "Send your proofs for" in first
    page = f"/theses/{world.thesis}/campaign"
    assert "4 proofs are missing." in mine.get(page).text
    item = re.findall(rf'href="({page}/[a-z0-9]{{12}})#', mine.get(page).text)[0]
    empty = mine.post(item, {})
    assert empty.status == 422
    assert "Choose the file, or take a photograph." in empty.errors
    told = {
        "file": (io.BytesIO(picture("JPEG")), "IMG_1.jpg"),
        "enrolled_on": clock.today().isoformat(),
    }
    assert mine.post(item, told, content_type="multipart/form-data").status == 303
    assert "3 proofs are missing." in mine.get(page).text
    table = office.get(f"{place}?list=sent").text
    chosen = re.search(r'name="item" value="([a-z0-9]{12}:\d+)"', table)
    assert chosen
    stale = office.post(f"{place}/several", {"act": "confirm", "item": f"{chosen[1]}9"}, form=place)
    assert stale.status == 303
    assert "another file came meanwhile" in office.get(place).text
    done = office.post(f"{place}/several", {"act": "confirm", "item": chosen[1]}, form=place)
    assert done.status == 303
    assert "confirmed by the school" in mine.get(page).text
    assert 'name="item"' not in office.get(place).text
    reminded = office.post(f"{place}/several", {"act": "remind", "thesis": world.thesis}, form=place)
    assert reminded.status == 303


def test_a_proof_is_sent_back_from_the_table_and_the_candidate_reads_why(
    app: Flask, office: Client, world: World
) -> None:
    place = opened(office)
    page = f"/theses/{world.thesis}/campaign"
    item = re.findall(rf'href="({page}/[a-z0-9]{{12}})#', office.get(page).text)[0]
    told = {"file": (io.BytesIO(picture("PNG")), "a.png"), "enrolled_on": clock.today().isoformat()}
    assert office.post(item, told, content_type="multipart/form-data").status == 303  # for who has no account
    back = re.search(r'href="(/campaigns/items/[a-z0-9]{12}/return)"', office.get(place).text)
    assert back
    assert "Say why." in office.post(back[1], {}).errors
    assert office.post(back[1], {"reason": "Page 2 is missing."}).status == 303
    mine = Client(app)
    mine.sign_in(world.emails["candidate"])
    assert "Page 2 is missing." in mine.get(page).text


def test_a_proof_is_read_by_the_schools_and_the_candidate_alone(
    app: Flask, office: Client, world: World
) -> None:
    opened(office)
    page = f"/theses/{world.thesis}/campaign"
    item = re.findall(rf'href="({page}/[a-z0-9]{{12}})#', office.get(page).text)[0]
    told = {"file": (io.BytesIO(picture("PNG")), "a.png"), "enrolled_on": clock.today().isoformat()}
    assert office.post(item, told, content_type="multipart/form-data").status == 303
    document = re.search(r'href="(/theses/[^"]+/documents/[a-z0-9]{12})"', office.get(page).text)
    assert document
    for who, status in {"candidate": 200, "supervisor": 404, "partner": 404, "reader": 404}.items():
        client = Client(app)
        client.sign_in(world.emails[who])
        assert client.get(document[1]).status == status, who


def test_closed_it_takes_nothing_more_and_can_be_opened_again(
    app: Flask, office: Client, world: World
) -> None:
    place = opened(office)
    page = f"/theses/{world.thesis}/campaign"
    assert office.post(f"{place}/close", form=place).status == 303
    assert "Send it" not in office.get(page).text
    day = clock.today().isoformat()
    assert office.post(f"{place}/deadline", {"deadline": day}, form=place).status == 303
    assert "Send it" in office.get(page).text
    other = Client(app)
    other.sign_in(world.emails["other_administrator"])
    assert other.get(place).status == 404
    assert other.post(f"{place}/close", form="/account").status == 404
