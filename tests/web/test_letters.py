"""Wording letters on their screens: read, tried, saved, tested, taken back; for one's own schools alone."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.models import LetterWording, Message
from tests.builders import World
from tests.client import Client

TEXT = "Hello {{name}},\n\nnothing to sign: {{milestone}}.\n\n{{signature}}"


@pytest.fixture
def office(client: Client, world: World) -> Client:
    client.sign_in(world.emails["administrator"])
    return client


def place(office: Client, kind: str = "no_longer", language: str = "en") -> str:
    found = re.search(rf'href="(/letters/[a-z0-9]{{12}}/{kind}/{language})"', office.get("/letters").text)
    assert found
    return found[1]


def rows(app: Flask) -> list[LetterWording]:
    with app.app_context():
        return list(db.session().scalars(select(LetterWording)))


def test_a_letter_is_looked_at_before_it_is_saved_and_shown_with_invented_people(
    app: Flask, office: Client
) -> None:
    here = place(office)
    assert "Camille Example" in office.get(here).text
    looked = office.post(here, {"subject": "Mine", "body": TEXT, "act": "preview"})
    assert looked.status == 200
    assert "nothing to sign: Doctoral charter." in looked.text
    assert rows(app) == []
    assert office.post(here, {"subject": "Mine", "body": TEXT}).status == 303
    assert [row.subject for row in rows(app)] == ["Mine"]
    assert "own words" in office.get("/letters").text


def test_what_was_typed_stays_beside_what_is_wrong_with_it(office: Client) -> None:
    wrong = office.post(place(office), {"subject": "Mine", "body": "Hello {{nobody}}"})
    assert wrong.status == 422
    assert any("{{nobody}}" in error for error in wrong.errors)
    assert "Hello {{nobody}}" in wrong.text


def test_a_test_goes_to_oneself_and_the_shipped_words_come_back(
    app: Flask, office: Client, world: World
) -> None:
    here = place(office)
    office.post(here, {"subject": "Mine", "body": TEXT})
    assert office.post(f"{here}/test", form=here).status == 303
    with app.app_context():
        sent = db.session().scalars(select(Message).where(Message.kind == "test")).one()
    assert sent.to == world.emails["administrator"]
    assert sent.subject == "[Test] Mine"
    assert office.post(f"{here}/remove", form=here).status == 303
    assert rows(app) == []


def test_another_schools_letters_and_kinds_that_are_none_are_not_found(
    app: Flask, office: Client, world: World
) -> None:
    here = place(office)
    other = Client(app)
    other.sign_in(world.emails["other_administrator"])
    assert other.get(here).status == 404
    assert office.get(here.replace("no_longer", "handover")).status == 404
    assert office.get(f"{here[:-2]}nl").status == 404
