"""Proves that paging visits each thesis once, in both directions, whatever the order; and that filters filter."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import transaction
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import School
from cotutelle.operations import convention as conventions
from cotutelle.operations import thesis as acts
from cotutelle.scope import as_system
from tests import builders
from tests.builders import ACTOR, NOW, TODAY, party, person
from tests.client import Client, Page
from tests.conftest import running

ME = "administrator@tests.example"
FAMILIES = ("Lefèvre", "de Gaulle", "Ångström", "Nguyễn", "O’Brien", "Łukasz", "%_|", "lefevre", "Ünal")
MANY = 59  # with the one that was there, sixty


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def listed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Sixty theses that the administrator sees, some alike in all that they are ordered by."""
    database = request.getfixturevalue(f"{request.param}_database")
    folder: Path = tmp_path_factory.mktemp("listed")
    for app in running(database, folder, PAGE_SIZE=7):
        with app.app_context(), transaction() as session, as_system(session, "tests"):
            patch = pytest.MonkeyPatch()
            patch.setattr(acts, "recompute", lambda *_: None)  # health is not what the list is ordered by
            for number in range(MANY):
                family = FAMILIES[number % len(FAMILIES)]
                who = person(session, family, "Zoé" if number % 2 else "Ada")
                enrolled = date(2024 + number % 3, 10, 1)
                others = [party(session, "laval"), party(session, "ghent")]
                lead = party(session, "lille", "SHS", lead=True, first_enrolment=enrolled)
                builders.thesis(session, who, [lead, others[number % 2]], title=f"Titre {number}")
            patch.undo()
        client = Client(app)
        client.sign_in(ME)
        yield client


def references(page: Page) -> list[str]:
    return re.findall(r'class="ct-rowlink" href="/theses/([A-Z0-9-]+)"', page.text)


def neighbours(page: Page) -> tuple[str | None, str | None]:
    found = [unescape(url) for url in re.findall(r'href="(/theses\?[^"]*(?:after|before)=[^"]*)"', page.text)]
    return (
        next((url for url in found if "before=" in url), None),
        next((url for url in found if "after=" in url), None),
    )


@pytest.mark.parametrize(
    ("sort", "words"), [("candidate", ""), ("recent", ""), ("year", ""), ("candidate", "zoe")]
)
def test_each_thesis_is_visited_once_forwards_and_backwards(listed: Client, sort: str, words: str) -> None:
    page = listed.get(f"/theses?sort={sort}&q={words}")
    assert neighbours(page)[0] is None
    seen, last = references(page), page
    while (onward := neighbours(last)[1]) is not None:
        last = listed.get(onward)
        seen += references(last)
    assert len(seen) == len(set(seen)) == (60 if not words else MANY // 2)
    back, first = references(last), last
    while (before := neighbours(first)[0]) is not None:
        first = listed.get(before)
        back = references(first) + back
    assert back == seen
    assert references(first) == seen[:7]


def test_sorted_by_candidate_the_particle_does_not_count(listed: Client) -> None:
    page, names = listed.get("/theses"), []
    while True:
        names += [unescape(n) for n in re.findall(r'ct-rowlink"[^>]*>([^<]+)</a>', page.text)]
        if (onward := neighbours(page)[1]) is None:
            break
        page = listed.get(onward)
    order = list(dict.fromkeys(name.split(" ", 1)[1] for name in names))
    assert order.index("Ångström") < order.index("de Gaulle") < order.index("Lefèvre") < order.index("Łukasz")


def test_a_made_up_place_in_the_list_is_no_error(listed: Client) -> None:
    marks = ("x", "|", "|1", "a|b", "a|99999999999999999999", "%27|1", "1|1", "-1|1", "é|1", "a" * 400 + "|1")
    for mark in marks:
        for way, sort in (("after", "candidate"), ("before", "year")):
            assert listed.get(f"/theses?sort={sort}&{way}={mark}").status == 200, mark


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("partner=laval", 30),
        ("partner=ghent", 30),
        ("partner=lille", 60),
        ("partner=nowhere", 0),
        ("year=2025", 20),
        ("year=1999", 0),
        ("year=20x5", 60),
        ("state=draft", 60),
        ("state=running", 0),
        ("state=nonsense", 60),
        ("convention=draft", 60),
        ("convention=signing", 0),
        ("partner=laval&year=2025", 10),
        ("q=titre+58", 1),
        ("q=%25", 60),
        ("sort=nonsense", 60),
        ("school=nonsense", 0),
    ],
)
def test_a_filter_keeps_what_it_names(listed: Client, query: str, count: int) -> None:
    page = listed.get(f"/theses?{query}")
    said = re.search(r'ct-head-sub">\s*(\d+)', page.text)
    assert said
    assert int(said[1]) == count
    assert len(references(page)) == min(count, 7)


def test_filters_stay_when_one_turns_the_page(listed: Client) -> None:
    onward = neighbours(listed.get("/theses?partner=laval&sort=year&q=titre"))[1]
    assert onward is not None
    for part in ("partner=laval", "sort=year", "q=titre", "after="):
        assert part in onward


def test_another_reader_pages_through_nothing(listed: Client) -> None:
    stranger = Client(listed.browser.application)
    stranger.sign_in("stranger@tests.example")
    page = stranger.get("/theses?after=|1")
    assert references(page) == []


# What every page says


PAGES = [
    "/theses",
    "/theses/new",
    "/theses/LILLE-2026-0001",
    "/theses/LILLE-2026-0001/history",
    "/theses/LILLE-2026-0001/steps",
    "/theses/LILLE-2026-0001/edit",
    "/theses/LILLE-2026-0001/institutions",
    "/theses/LILLE-2026-0001/move",
    "/theses/LILLE-2026-0001/convention",
    "/theses/LILLE-2026-0001/convention/move",
    "/theses/LILLE-2026-0001/convention/final",
    "/theses/LILLE-2026-0001/documents/add",
    "/institutions",
    "/institutions/lille",
    "/people",
    "/account",
    "/help",
    "/nowhere",
    *(
        f"/theses/LILLE-2026-0001/convention/terms/{chapter}"
        for chapter in ("frame", "stays", "means", "results", "jury", "validity")
    ),
]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_shows_a_sentence_with_a_hole(sqlite_app: Flask, language: str) -> None:
    client = Client(sqlite_app)
    client.sign_in(ME)
    client.browser.set_cookie("language", language)
    for path in PAGES:
        page = client.get(path)
        assert page.status == (404 if path == "/nowhere" else 200), path
        assert f'<html lang="{language}"' in page.text, path
        for hole in ("%(", "%s", "{{", "}}", "None</", ">None<", "Undefined"):
            assert hole not in page.text, (path, hole)


def test_the_two_languages_differ(sqlite_app: Flask) -> None:
    client = Client(sqlite_app)
    client.sign_in(ME)
    for path in ("/theses", "/theses/LILLE-2026-0001", "/help"):
        texts = []
        for language in ("fr", "en"):
            client.browser.set_cookie("language", language)
            texts.append(re.sub(r"<[^>]+>", " ", client.get(path).text))
        assert texts[0] != texts[1]


def test_a_notice_is_shown_on_the_next_page_and_never_again(app: Flask) -> None:
    client = Client(app)
    client.sign_in(ME)
    here = "/theses/LILLE-2026-0001"
    form = f"{here}/edit"
    answer = client.post(form, {"title": "Another title", "title_language": "fr"})
    assert answer.status == 303, answer.errors
    first, second = client.get(here), client.get(here)
    assert "Saved." in first.text
    assert "Saved." not in second.text
    assert "Another title" in second.text


def test_a_forged_notice_is_not_shown(sqlite_app: Flask) -> None:
    client = Client(sqlite_app)
    client.browser.set_cookie("notice", "IllvdSB3b24i.forged")
    assert "You won" not in client.get("/sign-in").text


def test_the_same_form_sent_twice_acts_once_and_answers_twice(app: Flask) -> None:
    client = Client(app)
    client.sign_in(ME)
    page = client.get("/theses/LILLE-2026-0001/edit")
    data: dict[str, Any] = {n: page.hidden(n) for n in ("csrf_token", "act_key", "version")}
    data |= {"title": "Once", "title_language": "fr"}
    answers = [client.browser.post("/theses/LILLE-2026-0001/edit", data=data) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    again = client.get("/theses/LILLE-2026-0001/edit")
    assert int(again.hidden("version")) == int(data["version"]) + 1


def test_states_are_filtered_by_where_they_stand_now(app: Flask) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = builders.thesis(session, person(session, "Moved"))
        acts.move(session, thesis, ThesisState.ADMITTED, TODAY, "", thesis.version, ACTOR, NOW, today=TODAY)
        convention = conventions.current(session, thesis)
        conventions.move(
            session, thesis, convention, ConventionState.LEGAL_CHECK, TODAY, "", None, ACTOR, NOW, today=TODAY
        )
        school = session.scalars(select(School).where(School.code == "SHS")).one().public_id
        reference = thesis.reference
    client = Client(app)
    client.sign_in(ME)
    for query in ("state=admitted", "convention=legal_check", f"state=admitted&school={school}"):
        assert references(client.get(f"/theses?{query}")) == [reference]
    assert reference not in references(client.get("/theses?state=draft"))
