"""Two windows on one part: whoever saves second sees both versions, and nothing is lost unseen."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.models import Convention, School, Supervision
from cotutelle.scope import as_system
from tests.builders import World
from tests.client import Client, Page
from tests.web.test_edits import answers


@pytest.fixture
def office(client: Client, world: World) -> Client:
    client.sign_in(world.emails["administrator"])
    return client


def saved(app: Flask, statement: Any) -> Any:
    with app.app_context(), as_system(db.session(), "tests") as session:
        return session.scalars(statement).all()


def both(office: Client, url: str, first: dict[str, str], second: dict[str, str]) -> Page:
    """The answer to the second window, opened before the first was saved."""
    windows = [answers(office.get(url)) for _ in range(2)]
    assert Page(office.browser.post(url, data={**windows[0], **first})).status == 303
    return Page(office.browser.post(url, data={**windows[1], **second}))


def test_the_rank_of_a_supervisor(app: Flask, office: Client, world: World) -> None:
    page = f"/theses/{world.thesis}"
    url = re.findall(rf'href="({page}/supervisors/\w{{12}})"', office.get(page).text)[0]
    late = both(office, url, {"position": "Rank one"}, {"position": "Rank two", "academic": "no"})
    assert late.status == 409
    assert "Rank one" in late.text
    assert answers(late)["position"] == "Rank two"
    assert "Rank one" in saved(app, select(Supervision.position))
    assert Page(office.browser.post(url, data=answers(late))).status == 303
    assert "Rank two" in saved(app, select(Supervision.position))
    assert False in saved(app, select(Supervision.academic))


def test_a_school_of_an_institution(app: Flask, office: Client) -> None:
    url = re.findall(r'href="(/institutions/lille/school/\w+/edit)"', office.get("/institutions/lille").text)[
        0
    ]
    late = both(office, url, {"head_name": "First Head"}, {"head_name": "Second Head"})
    assert late.status == 409
    assert "First Head" in late.text
    assert answers(late)["head_name"] == "Second Head"
    assert "First Head" in saved(app, select(School.head_name))


def test_a_unit_that_two_institutions_share(office: Client) -> None:
    url = re.findall(r'href="(/institutions/lille/unit/\w+/edit)"', office.get("/institutions/lille").text)[0]
    late = both(office, url, {"head_name": "First Head"}, {"head_name": "Second Head"})
    assert late.status == 409
    assert answers(late)["head_name"] == "Second Head"


def test_the_languages_of_the_act(app: Flask, office: Client, world: World) -> None:
    page = f"/theses/{world.thesis}/convention"
    windows = [answers(office.get(page)) for _ in range(2)]
    for window, language, status in ((windows[0], "en", 303), (windows[1], "fr", 409)):
        data = {**window, "languages": [language]}
        assert Page(office.browser.post(f"{page}/languages", data=data)).status == status
    assert ["en"] in saved(app, select(Convention.languages))
