"""Changes on the way, as an office makes them on its screens: ends, defences, successors, absences, hand-overs."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Account, Deputy, Grant, Person, Supervision, Thesis
from cotutelle.operations import thesis as theses
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, TODAY, World
from tests.client import Client
from tests.operations.signing import dated


@pytest.fixture
def office(app: Flask, world: World) -> Client:
    """The lead's office, with a thesis that is running."""
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = dated(
            session, session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one(), None
        )
        for to in (ThesisState.ADMITTED, ThesisState.RUNNING):
            theses.move(session, thesis, to, TODAY, "", thesis.version, ACTOR, NOW, today=TODAY)
    client = Client(app)
    client.sign_in(world.emails["administrator"])
    return client


def one(app: Flask, statement: object) -> object:
    with app.app_context(), as_system(db.session(), "tests") as session:
        return session.scalars(statement).first()  # type: ignore[call-overload]


def test_a_conversion_asks_where_the_thesis_goes_on_and_the_page_says_it(
    office: Client, world: World
) -> None:
    place = f"/theses/{world.thesis}/move"
    told = {"to": "converted", "on": TODAY.isoformat(), "reason": "Ghent stops.", "with_convention": "y"}
    refused = office.post(place, told)
    assert refused.status == 422
    assert "Choose the institution at which the thesis goes on." in refused.errors
    assert office.post(place, {**told, "kept_by": "lille"}).status == 303
    shown = office.get(f"/theses/{world.thesis}").text
    assert "goes on at" in shown
    assert "Record the defence" not in shown
    back = office.post(place, {"to": "running", "on": TODAY.isoformat(), "reason": "A mistake."})
    assert back.status == 303
    assert "goes on at" not in office.get(f"/theses/{world.thesis}").text


def test_a_defence_is_recorded_with_its_outcome_and_once(app: Flask, office: Client, world: World) -> None:
    place = f"/theses/{world.thesis}/defence"
    day = clock.today().isoformat()
    refused = office.post(place, {"result": "adjourned", "on": day})
    assert refused.status == 422
    assert refused.errors
    assert office.post(place, {"result": "corrections", "on": day, "reason": "Figure 3"}).status == 303
    assert one(app, select(Thesis.state).where(Thesis.reference == world.thesis)) == "corrections"
    again = office.get(place).text
    assert "No defence can be recorded now." in again
    assert 'name="result"' not in again


def test_a_successor_is_named_from_the_page_of_whoever_leaves(
    app: Flask, office: Client, world: World
) -> None:
    shown = office.get(f"/theses/{world.thesis}/supervisors/add").text
    row = re.search(r"/supervisors/([a-z0-9]{12})", shown)
    assert row
    place = f"/theses/{world.thesis}/supervisors/{row[1]}/replace"
    assert place.rsplit("/", 1)[0] in shown
    empty = office.post(place, {})
    assert {"Give the last day.", "Give the family name, or the one name they have."} <= set(empty.errors)
    told = {
        "on": (clock.today() - timedelta(days=1)).isoformat(),
        "family_name": "Nouvelle",
        "given_names": "Ana",
        "email": "n@tests.example",
    }
    assert office.post(place, told).status == 303
    new = one(app, select(Supervision).join(Person).where(Person.family_name == "Nouvelle"))
    assert isinstance(new, Supervision)
    assert office.get(place).status == 404  # whoever has left is replaced no more


def test_one_names_a_deputy_oneself_and_takes_it_back(app: Flask, world: World) -> None:
    client = Client(app)
    client.sign_in(world.emails["supervisor"])
    day = clock.today().isoformat()
    told = {
        "from_on": day,
        "until_on": day,
        "family_name": "Suppléante",
        "email": "d@tests.example",
        "reason": "Mission",
    }
    assert client.post("/account/absence", told).status == 303
    shown = client.get("/account/absence").text
    assert "Suppléante" in shown
    row = one(app, select(Deputy))
    assert isinstance(row, Deputy)
    assert row.school_id is None
    end = f"/absences/{row.public_id}/withdraw"
    stranger = Client(app)
    stranger.sign_in(world.emails["stranger"])
    assert stranger.post(end, form="/account").status == 404
    assert client.post(end, form="/account").status == 303
    assert "Suppléante" not in client.get("/account/absence").text


def test_an_office_names_a_deputy_for_its_own_school(app: Flask, office: Client, world: World) -> None:
    who = one(app, select(Person).where(Person.email == world.emails["supervisor"]))
    assert isinstance(who, Person)
    day = clock.today().isoformat()
    place = f"/people/{who.public_id}/absence"
    told = {"from_on": day, "until_on": day, "family_name": "Suppléante", "email": "d@tests.example"}
    shown = office.get(place).text
    school = re.search(r'<option[^>]*value="([a-z0-9]{12})"', shown)
    assert school
    assert office.post(place, {**told, "school": school[1]}).status == 303
    row = one(app, select(Deputy))
    assert isinstance(row, Deputy)
    assert row.school_id is not None


def test_a_school_is_handed_over_and_the_successor_administers_it(
    app: Flask, office: Client, world: World
) -> None:
    school = re.search(r'<option[^>]*value="([a-z0-9]{12})"', office.get("/account/handover").text)
    assert school
    day = clock.today().isoformat()
    told = {
        "school": school[1],
        "family_name": "Successeur",
        "email": "s@tests.example",
        "until_on": day,
        "reason": "I retire.",
    }
    assert office.post("/account/handover", {**told, "reason": ""}).status == 422
    assert office.post("/account/handover", told).status == 303
    account = one(app, select(Account).where(Account.email == "s@tests.example"))
    assert isinstance(account, Account)
    right = one(app, select(Grant).where(Grant.person_id == account.person_id))
    assert isinstance(right, Grant)
    assert right.role == "administrator"


def test_a_colleague_who_has_an_account_is_found_by_its_address(
    app: Flask, office: Client, world: World
) -> None:
    school = re.search(r'<option[^>]*value="([a-z0-9]{12})"', office.get("/account/handover").text)
    assert school
    told = {
        "school": school[1], "family_name": "Other", "email": world.emails["other_administrator"],
        "reason": "We share the work.",
    }  # fmt: skip
    assert office.post("/account/handover", told).status == 303
    other = Client(app)
    other.sign_in(world.emails["other_administrator"])
    assert other.get(f"/theses/{world.thesis}").status == 200


def test_a_last_day_to_come_can_be_put_right(app: Flask, office: Client, world: World) -> None:
    shown = office.get(f"/theses/{world.thesis}/supervisors/add").text
    row = re.search(r"/supervisors/([a-z0-9]{12})", shown)
    assert row
    place = f"/theses/{world.thesis}/supervisors/{row[1]}/edit"
    place = place if office.get(place).status == 200 else place.removesuffix("/edit")
    assert office.post(place, {"on": "2099-12-31"}).status == 303
    assert "2099-12-31" in office.get(place).text
    assert office.post(place, {"on": "2098-12-31"}).status == 303
    assert "2098-12-31" in office.get(place).text
