"""Proves that an office adds a university's rules on screen, by the guide, and sees them act from their day."""

import re
import textwrap
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle import clock
from cotutelle.db import db
from cotutelle.models import RulebookFile
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


def test_a_file_and_the_same_file_checked_first_are_one(client: Client, world: World, app: Flask) -> None:
    client.sign_in(world.emails["administrator"])
    sent = of_the_guide().replace("\n", "\r\n").encode()
    form = answers(client.get("/rulebooks/upload"))
    data = {**form, "file": (BytesIO(sent), "bologna.toml"), "check": "yes"}
    checked = Page(client.browser.post("/rulebooks/upload", data=data))
    assert checked.status == 200
    assert post(client, answers(checked)["text"]).status == 303
    with app.app_context():
        (row,) = db.session().scalars(select(RulebookFile)).all()
        assert row.text == of_the_guide().strip()


def test_a_text_that_was_typed_is_not_lost_to_a_file(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    form = answers(client.get("/rulebooks/upload"))
    typed = {**form, "text": "# an hour of work", "file": (BytesIO(of_the_guide().encode()), "bologna.toml")}
    page = Page(client.browser.post("/rulebooks/upload", data=typed))
    assert page.status == 422
    assert "There is a text in the field above and a file" in page.text
    assert answers(page)["text"] == "# an hour of work"


def test_what_would_take_the_place_of_a_known_rule_is_said_before_it_does(
    client: Client, world: World
) -> None:
    client.sign_in(world.emails["administrator"])
    assert "takes the place of the known rule" not in post(client, of_the_guide(), check="yes").text
    assert post(client, of_the_guide()).status == 303
    again = post(client, of_the_guide().replace("years_end = 1", "years_end = 2"), check="yes")
    assert again.text.count("takes the place of the known rule") == 3


def test_a_confirmation_is_given_and_taken_back_on_the_page_of_the_rulebook(
    client: Client, world: World
) -> None:
    client.sign_in(world.emails["administrator"])
    for act, said in (("confirm", "binds from now on"), ("unconfirm", "refuses nothing any more")):
        page = client.get("/rulebooks/france")
        (action,) = re.findall(rf'action="(/rulebooks/rules/FR-JURY-EXT-BOTH@\w+/{act})"', page.text)
        assert client.post(action, form="/rulebooks/france").status == 303
        shown = client.get("/rulebooks/france").text
        assert said in shown
        assert ("confirmed by Zed Canary-administrator on " in shown) is (act == "confirm")
    gone = action.replace("EXT-BOTH@", "EXT-BOTH@0")
    assert client.post(gone, form="/rulebooks/france").status == 404


def test_a_reading_is_chosen_with_its_day_and_shown_with_who_chose(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    url = "/rulebooks/readings"
    form = {**answers(client.get(url)), "school": "lille:SHS", "answer": "directors_counted:no"}
    assert Page(client.browser.post(url, data={**form, "school": "kent"})).status == 422
    assert Page(client.browser.post(url, data={**form, "from_on": "2026-09-01"})).status == 303
    shown = client.get(url)
    assert "1 September 2026" in shown.text
    assert "entered by Zed Canary-administrator on " in shown.text
    (remove,) = re.findall(r'action="(/rulebooks/readings/\w+/remove)"', shown.text)
    assert client.post(remove, form=url).status == 303
    assert "taken back" in client.get(url).text
    assert client.post(remove, form=url).status == 404


def test_a_supervisor_changes_no_rulebook(client: Client, world: World) -> None:
    client.sign_in(world.emails["supervisor"])
    assert client.get("/rulebooks/upload").status == 403


def test_mistakes_are_said_in_the_language_of_the_reader(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    client.browser.set_cookie("language", "fr")
    page = post(client, of_the_guide().replace('check = "jury_parity"', 'check = "x"'))
    assert "il n’y a pas de contrôle «\u00a0x\u00a0»" in page.text
