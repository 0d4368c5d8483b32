"""Registering a thesis: nothing happens silently, and no answer is asked for twice."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db, transaction
from cotutelle.models import Person, Thesis
from cotutelle.operations import thesis as theses
from cotutelle.scope import as_system
from tests import builders
from tests.builders import ACTOR, NOW, TODAY, World
from tests.client import Client, Page

PARTIES = {"parties-0-institution": "lille", "parties-1-institution": "ghent"}


@pytest.fixture
def office(app: Flask, world: World) -> Client:
    client = Client(app)
    client.sign_in(world.emails["administrator"])
    return client


def answers(app: Flask, family: str, given: str = "Zed", **more: str) -> dict[str, str]:
    """The answers of a registration for somebody, in the school of the office."""
    with app.app_context(), as_system(db.session(), "tests"):
        own = builders.school(db.session(), "lille", "SHS").public_id
        db.session.rollback()
    who = {"family_name": family, "given_names": given, "title": "T", "title_language": "en"}
    return {**who, **PARTIES, "parties-0-school": own, **more}


def known(page: Page) -> str:
    """The known person whom the form asks about."""
    found = re.search(r'name="same_person" value="([a-z0-9]{12})"', page.text)
    return found[1] if found else ""


def count(app: Flask) -> int:
    with app.app_context(), as_system(db.session(), "tests"):
        found = len(db.session.scalars(select(Thesis.id)).all())
        db.session.rollback()
    return found


def test_a_second_running_thesis_is_asked_about_naming_the_first(
    app: Flask, office: Client, world: World
) -> None:
    given = answers(app, "Canary-candidate")
    asked = office.post("/theses/new", given)
    same = {"same_person": known(asked)}
    assert same["same_person"]
    page = office.post("/theses/new", {**given, **same})
    assert page.status == 422
    sentence = "Zed Canary-candidate already prepares a thesis that has not ended: say whether a second one is meant."
    assert page.errors.count(sentence) == 2, "beside the field and in the summary"
    assert f'href="/theses/{world.thesis}"' in page.text
    assert "Canary-title-of-mine" in page.text
    assert known(page) == same["same_person"], "the first question keeps its answer"
    assert re.search(rf'value="{same["same_person"]}" checked', page.text)
    assert count(app) == 2
    done = office.post("/theses/new", {**given, **same, "another": "y"})
    assert done.status == 303, done.errors
    assert count(app) == 3


def test_the_confirmation_stays_while_something_else_is_mended(app: Flask, office: Client) -> None:
    given = answers(app, "Canary-candidate")
    same = {"same_person": known(office.post("/theses/new", given))}
    page = office.post("/theses/new", {**given, **same, "another": "y", "title": ""})
    assert page.status == 422
    assert re.search(r'<input[^>]*checked[^>]*id="another"', page.text)
    assert re.search(rf'value="{same["same_person"]}" checked', page.text)


def test_a_running_thesis_out_of_sight_is_asked_about_and_not_named(app: Flask, office: Client) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        supervisor = session.scalars(select(Person).where(Person.family_name == "Canary-supervisor")).one()
        parties = [builders.party(session, "lille", "SMRE", lead=True), builders.party(session, "laval")]
        facts = theses.ThesisFacts(titles={"fr": "Canary-out-of-sight"}, title_original="fr")
        hidden = theses.register(session, supervisor, facts, parties, ACTOR, NOW, today=TODAY).reference
    given = answers(app, "Canary-supervisor")
    same = {"same_person": known(office.post("/theses/new", given))}
    page = office.post("/theses/new", {**given, **same})
    assert page.status == 422
    assert "The other thesis is not shared with you." in page.text
    assert hidden not in page.text
    assert "Canary-out-of-sight" not in page.text


def test_somebody_without_a_thesis_is_asked_nothing(app: Flask, office: Client) -> None:
    assert 'id="another"' not in office.get("/theses/new").text
    assert office.post("/theses/new", answers(app, "Newcomer", "Ada")).status == 303


def test_the_question_who_it_is_stays_while_a_supervisors_form_is_mended(
    office: Client, world: World
) -> None:
    path = f"/theses/{world.thesis}/supervisors/add"
    given = {
        "family_name": "Canary-candidate",
        "given_names": "Zed",
        "institution": "lille",
        "role": "director",
    }
    same = {"same_person": known(office.post(path, given))}
    page = office.post(path, {**given, **same, "institution": ""})
    assert page.status == 422
    assert re.search(rf'value="{same["same_person"]}" checked', page.text)
