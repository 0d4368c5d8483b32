"""Proves that an office adds a university's rules on screen, by the guide, and sees them act from their day."""

import re
import textwrap
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from cotutelle import clock
from cotutelle.db import db
from cotutelle.operations import rulebook as acts
from cotutelle.operations.institution import InstitutionFacts, add_institution
from cotutelle.scope import as_system
from tests import builders
from tests.builders import World
from tests.client import Client, Page
from tests.web.test_edits import answers

GUIDE = Path(__file__).parents[2] / "docs" / "administrators.md"
BEGINS = date(2027, 9, 1)


def of_the_guide() -> str:
    """The rulebook of the administrators' guide, letter by letter."""
    (found,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return textwrap.dedent("   " + found.lstrip())


def post(client: Client, text: str, **more: str) -> Page:
    form = {**answers(client.get("/rulebooks/upload")), "text": text, "from_on": BEGINS.isoformat(), **more}
    return Page(client.browser.post("/rulebooks/upload", data=form))


def test_bologna_is_added_as_the_guide_says_and_acts_from_its_day(
    client: Client, world: World, app: Flask
) -> None:
    client.sign_in(world.emails["administrator"])
    checked = post(client, of_the_guide(), check="yes")
    assert checked.status == 200
    assert "The file is in order. It says:" in checked.text
    assert "UB-BOARD" in checked.text
    with app.app_context():
        assert "UB-START" not in acts.library(db.session()).rules, "a check saves nothing"
    saved = post(client, of_the_guide())
    assert saved.status == 303, saved.errors
    shown = client.get(saved.location).text
    for rule in ("UB-START", "UB-BOARD", "UB-DIPLOMA"):
        assert rule in shown
    with app.app_context():
        shelf = acts.library(db.session())
        for rule in ("UB-START", "UB-BOARD", "UB-DIPLOMA"):
            (entry,) = shelf.rules[rule]
            assert entry.begin == BEGINS
            assert entry.scope.institution == "bologna"


def test_it_shows_on_the_findings_of_a_thesis_with_bologna_from_that_day(
    client: Client, world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(world.emails["administrator"])
    assert post(client, of_the_guide()).status == 303
    with app.app_context(), as_system(db.session(), "tests") as session:
        bologna = InstitutionFacts("bologna", "UNIBO", "IT", {"en": "University of Bologna"}, "it")
        add_institution(session, bologna, builders.ACTOR, builders.NOW)
        parties = [builders.party(session, "lille", "SHS", lead=True), builders.party(session, "bologna")]
        made = builders.thesis(session, builders.person(session, "Dall’Olio"), parties).reference
        session.commit()
    shown = {}
    for day in (BEGINS - timedelta(days=1), BEGINS):
        monkeypatch.setattr(clock, "today", lambda zone="", day=day: day)
        shown[day] = client.get(f"/theses/{made}/findings").text
    assert "rule-UB-BOARD" not in shown[BEGINS - timedelta(days=1)]
    assert "rule-UB-BOARD" in shown[BEGINS]
    assert "rule-UB-DIPLOMA" in shown[BEGINS]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('check = "jury_parity"', 'check = "jury_paritee"', "line 18"),
        ("years_end = 1", 'years_end = "one"', "line 11"),
        ("[rulebook]", "[rulebook", "line 1"),
    ],
)
def test_a_wrong_file_is_told_by_its_lines_and_stays_in_the_field(
    client: Client, world: World, before: str, after: str, line: str
) -> None:
    client.sign_in(world.emails["administrator"])
    page = post(client, of_the_guide().replace(before, after))
    assert page.status == 422
    assert line in page.text
    assert "Convenzioni di cotutela" in answers(page)["text"]


def test_a_file_that_is_no_text_or_too_long_is_refused_in_words(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    page = post(client, "")
    assert page.status == 422
    page = post(client, "#" * 45_000 + "\nthe last line")
    assert page.status == 422
    assert "line 2" in page.text
    assert answers(page)["text"].endswith("the last line")
    assert post(client, "#" * 50_001).errors
    data = {
        **answers(client.get("/rulebooks/upload")),
        "text": "",
        "file": (BytesIO(b"\xff\x00PNG"), "a.toml"),
    }
    page = Page(client.browser.post("/rulebooks/upload", data=data))
    assert page.status == 422
    assert "line 1" in page.text


def test_a_reading_is_chosen_with_its_day_and_shown_with_who_chose(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    url = "/rulebooks/readings"
    form = {**answers(client.get(url)), "school": "lille:SHS", "answer": "directors_counted:no"}
    assert Page(client.browser.post(url, data={**form, "school": "kent"})).status == 422
    assert Page(client.browser.post(url, data={**form, "from_on": "2026-09-01"})).status == 303
    shown = client.get(url).text
    assert "1 September 2026" in shown
    assert "Canary-administrator" in shown


def test_a_supervisor_changes_no_rulebook(client: Client, world: World) -> None:
    client.sign_in(world.emails["supervisor"])
    assert client.get("/rulebooks/upload").status == 403
