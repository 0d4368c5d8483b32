"""Changing the language loses nothing that was typed: on a form that came back unsaved, the switch asks first."""

import re

import pytest
from flask import Flask

from tests.client import Client, Page

HERE = "/theses/LILLE-2026-0001"
ONE_PRESS = 'class="ct-lang-other"'
TYPED = "Typed with much care"


@pytest.fixture
def client(sqlite_app: Flask) -> Client:
    found = Client(sqlite_app)
    found.sign_in("administrator@tests.example")
    return found


def refused(client: Client) -> Page:
    """A form that came back: the same language twice, and a title that somebody typed."""
    twice = {"translations-0-title": "Two", "translations-0-language": "fr"}
    return client.post(f"{HERE}/edit", {"title": TYPED, "title_language": "fr", **twice})


def test_an_open_form_offers_the_other_language_in_one_press(client: Client) -> None:
    page = client.get(f"{HERE}/edit")
    assert ONE_PRESS in page.text
    assert "is not saved yet" not in page.text
    assert "data-ct-unsaved" not in page.text


def test_a_form_that_came_back_unsaved_asks_before_it_changes_the_language(client: Client) -> None:
    page = refused(client)
    assert page.status == 422
    assert TYPED in page.text
    assert ONE_PRESS not in page.text
    asks = re.findall(r"<details[^>]*ct-lang-ask.*?</details>", page.text, re.DOTALL)
    assert len(asks) == 2, "in the bar and in the menu of a phone"
    for ask in asks:
        assert "send the form first" in ask
        assert "Drop it and go on in French" in ask
    assert "data-ct-unsaved" in page.text, "with a script, leaving by any other way asks too"


def test_whoever_drops_what_they_wrote_goes_on_in_the_other_language(client: Client) -> None:
    page = refused(client)
    answer = client.browser.post(
        "/language",
        data={"csrf_token": page.hidden("csrf_token"), "language": page.hidden("language")},
        headers={"Referer": f"http://localhost{HERE}/edit"},
    )
    assert answer.headers["Location"] == f"{HERE}/edit"
    page = client.get(f"{HERE}/edit")
    assert '<html lang="fr"' in page.text
    assert ONE_PRESS in page.text


def test_a_wrong_password_and_two_editors_ask_as_well(sqlite_app: Flask, client: Client) -> None:
    guest = Client(sqlite_app)
    assert "send the form first" in guest.sign_in("administrator@tests.example", "wrong password").text
    page = client.get(f"{HERE}/edit")
    stale = {name: page.hidden(name) for name in ("csrf_token", "act_key", "version")}
    client.post(f"{HERE}/edit", {"title": "Saved meanwhile", "title_language": "fr"})
    late = Page(client.browser.post(f"{HERE}/edit", data={**stale, "title": TYPED, "title_language": "fr"}))
    assert late.status == 409
    assert "send the form first" in late.text


def test_a_page_that_only_tells_of_an_error_holds_nothing_to_lose(client: Client) -> None:
    token = client.get("/theses").hidden("csrf_token")
    page = Page(client.browser.post(f"{HERE}/undo", data={"csrf_token": token}))
    assert page.status == 400
    assert ONE_PRESS in page.text
