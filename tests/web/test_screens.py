"""Screens with little in them say what is missing and what to do; names are those that readers know."""

import pytest
from flask import Flask

from cotutelle.db import transaction
from cotutelle.scope import as_system
from cotutelle.web.filters import browser, yearly_day
from tests import builders
from tests.builders import ACTOR, NOW, World
from tests.client import Client

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox, Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15": "Safari, macOS",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36": "Chrome, Linux",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0": "Edge, Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile Safari/604.1": "Safari, iOS",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36": "Chrome, Android",
    "curl/8.14": "curl/8.14",
    "": "",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_browser_is_called_by_the_names_that_its_user_knows(agent: str) -> None:
    assert browser(agent) == AGENTS[agent]


def test_the_account_lists_browsers_by_those_names(sqlite_app: Flask, world: World) -> None:
    client = Client(sqlite_app)
    agent = {"User-Agent": next(iter(AGENTS))}
    client.post(
        "/sign-in", {"email": world.emails["administrator"], "password": builders.PASSWORD}, headers=agent
    )
    page = client.get("/account")
    assert "Firefox, Windows" in page.text
    assert "Mozilla/5.0" not in page.text


def test_a_day_of_every_year_is_written_in_words(sqlite_app: Flask) -> None:
    for language, written in (("en", "1 September"), ("fr", "1er septembre")):
        with sqlite_app.test_request_context(headers={"Accept-Language": language}):
            assert yearly_day((9, 1)) == written


def test_an_institution_of_which_little_is_known_says_what_is_missing_and_why(
    sqlite_app: Flask, world: World
) -> None:
    from cotutelle.operations import institution as directory

    facts = directory.InstitutionFacts("new-one", "New", "FR", {"en": "A new university"}, "en")
    with sqlite_app.app_context(), transaction() as session, as_system(session, "tests"):
        directory.add_institution(session, facts, ACTOR, NOW)
    client = Client(sqlite_app)
    client.sign_in(world.emails["directory"])
    page = client.get("/institutions/new-one").text
    for sentence in (
        "names the school or faculty",
        "names the research unit",
        "prints whom to write to",
        "None recorded.",
    ):
        assert sentence in page


def test_a_search_that_finds_nobody_differs_from_a_directory_without_anybody(
    sqlite_app: Flask, world: World
) -> None:
    client = Client(sqlite_app)
    client.sign_in(world.emails["administrator"])
    page = client.get("/people?q=nobody+of+that+name").text
    assert "Nobody matches this search." in page
    assert 'href="/people"' in page.partition("Nobody matches")[2]
    client = Client(sqlite_app)
    client.sign_in(world.emails["directory"])
    assert "Nobody is here yet." in client.get("/people").text


def test_whoever_asks_for_a_password_finds_the_way_back(sqlite_app: Flask) -> None:
    assert 'href="/sign-in"' in Client(sqlite_app).get("/forgotten").text
