"""Proves that a recorded event asks what rules need of its kind, keeps what was typed, and answers the rule."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.models import Event
from cotutelle.scope import as_system
from tests.builders import World
from tests.client import Client, Page
from tests.web.test_edits import answers


def record(client: Client, world: World, kind: str, **more: Any) -> Page:
    url = f"/theses/{world.thesis}/events/add?kind={kind}"
    return Page(
        client.browser.post(url, data={**answers(client.get(url)), "on": "2026-11-02", "kind": kind, **more})
    )


def kept(app: Flask) -> dict[str, Any]:
    with app.app_context(), as_system(db.session(), "tests"):
        return dict(db.session().scalars(select(Event).order_by(Event.id.desc())).first().data)  # type: ignore[union-attr]


def test_what_happened_is_asked_first_and_nothing_is_refused_before_the_day_is(
    client: Client, world: World
) -> None:
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}/events/add"
    form = answers(client.get(url))
    assert Page(client.browser.post(url, data={**form, "kind": ""})).errors
    assert Page(client.browser.post(url, data={**form, "kind": "coronation"})).status == 422
    chosen = Page(client.browser.post(url, data={**form, "kind": "star_record"}))
    assert chosen.status == 303
    page = client.get(chosen.location)
    assert "The record names every partner" in page.text
    assert not page.errors


@pytest.mark.parametrize(
    ("kind", "sent", "expected"),
    [
        ("star_record", {"partners": "no"}, {"partners": False}),
        ("star_record", {"partners": ""}, {}),
        ("diploma", {"form": "two_diplomas", "mentions": "yes"}, {"form": "two_diplomas", "mentions": True}),
        (
            "extension",
            {"parts": ["candidate_request", "head_decision"]},
            {"parts": ["candidate_request", "head_decision"]},
        ),
        ("grant_application", {"age": "31", "months": "0"}, {"age": 31, "months": 0}),
        ("charter", {"partners": "yes"}, {}),
    ],
)
def test_an_event_keeps_what_rules_ask_of_its_kind_and_nothing_else(
    client: Client, world: World, app: Flask, kind: str, sent: dict[str, Any], expected: dict[str, Any]
) -> None:
    client.sign_in(world.emails["administrator"])
    page = record(client, world, kind, **sent)
    assert page.status == 303, page.errors
    assert kept(app) == expected


def test_a_day_to_come_and_a_wrong_number_are_refused_and_what_was_typed_stays(
    client: Client, world: World
) -> None:
    client.sign_in(world.emails["administrator"])
    page = record(client, world, "grant_application", on="2027-01-01", age="thirty", months="12")
    assert page.status == 422
    assert any("This day has not come yet" in error for error in page.errors)
    assert answers(page)["age"] == "thirty"
    assert answers(page)["months"] == "12"


def test_a_day_that_is_none_is_named_as_such_and_stays(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    page = record(client, world, "oath", on="31/31/2020")
    assert page.status == 422
    assert any("This is not a date" in error for error in page.errors)
    assert not any("Give the day" in error for error in page.errors)
    assert answers(page)["on"] == "31/31/2020"
    assert any("Give the day" in error for error in record(client, world, "oath", on="").errors)


def test_a_fact_that_a_rule_lacks_leads_to_where_it_is_given(
    client: Client, world: World, app: Flask
) -> None:
    client.sign_in(world.emails["administrator"])
    page = f"/theses/{world.thesis}/findings"
    links = set(re.findall(r'href="(/theses/[^"]+)">Give it<', client.get(page).text))
    assert len(links) > 3
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status == 200, link
    candidate = Client(app)
    candidate.sign_in(world.emails["candidate"])
    assert ">Give it<" not in candidate.get(page).text
