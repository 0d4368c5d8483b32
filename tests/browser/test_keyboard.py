"""What changes in a thesis's life, done by keyboard alone: committee, campaign, letters, absence, hand-over, ends."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy import select

from cotutelle import clock
from cotutelle.db import transaction
from cotutelle.models import Thesis
from cotutelle.scope import as_system
from tests.browser.conftest import choose, sign_in, tab_to
from tests.browser.desk import SUBMIT, Desk
from tests.builders import PASSWORD, World
from tests.files import picture
from tests.operations.complete import completed

pytestmark = pytest.mark.browser
Window = Callable[..., BrowserContext]


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "certificate.jpg"
    path.write_bytes(picture("jpeg"))
    return path


def test_a_committee_is_named_meets_and_is_heard(desk: Desk, world: World) -> None:
    thesis, yesterday = f"/theses/{world.thesis}", clock.today() - timedelta(days=1)
    desk.open(f"{thesis}/committee")
    desk.follow("a[href$='/members/add']", "**/members/add")
    desk.write(family_name="Verhaeghe", given_names="Anneleen", belongs_to="Ghent University")
    desk.tick("#brings-0", "#brings-2")
    desk.follow(SUBMIT, f"**{thesis}/committee*")
    desk.reads("Anneleen Verhaeghe")
    desk.follow("a[href$='/meetings/add']", "**/meetings/add")
    desk.day("#on", yesterday)
    desk.tick("#steps-0", "#steps-1", "#steps-2")
    desk.follow(SUBMIT, f"**{thesis}/committee*")
    desk.reads("three steps")
    desk.follow("a[href$='/candidate/note']", "**/candidate/note")
    desk.write(text="The candidate would like to stay longer in Ghent.")
    desk.follow(SUBMIT, f"**{thesis}/committee*")
    desk.follow("a[href$='/candidate']", "**/candidate")
    desk.reads("The candidate would like to stay longer in Ghent.")


def test_a_campaign_goes_from_its_letter_to_a_confirmed_proof(
    desk: Desk, window: Window, address: str, world: World, proof: Path
) -> None:
    desk.starts(f"/theses/{world.thesis}")
    desk.open("/campaigns")
    desk.follow("a[href$='/campaigns/open']", "**/campaigns/open")
    desk.day("#deadline", clock.today() + timedelta(days=30))
    desk.tick("#schools-0", "#asked-0")
    desk.follow(SUBMIT, lambda url: "/campaigns/" in url and not url.endswith("/open"))
    desk.reads("Canary-candidate")
    table = desk.page.url
    candidate = Desk(window().new_page(), address)
    sign_in(candidate.page, address, world.emails["candidate"], PASSWORD)
    candidate.open(f"/theses/{world.thesis}/campaign")
    candidate.follow("main .ct-button--act", "**/campaign/**")
    candidate.attach("#file", proof)
    if candidate.page.locator("#enrolled_on").count():
        candidate.day("#enrolled_on", clock.today())
    candidate.follow(SUBMIT, f"**/theses/{world.thesis}/campaign*")
    candidate.reads("the school looks at it")
    desk.page.goto(table)
    desk.tick("input[name=item]")
    tab_to(desk.page, "button[value=confirm]")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    assert desk.page.locator("input[name=item]").count() == 0
    desk.page.goto(f"{table}?list=confirmed")
    desk.reads("Canary-candidate")


def test_a_letter_is_worded_looked_at_and_put_back(desk: Desk) -> None:
    desk.open("/letters")
    desk.follow("a[href*='/reminder/en']", "**/reminder/en*")
    desk.write(body="Greetings from the school. ")
    tab_to(desk.page, "button[value=preview]")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("#preview")
    assert "Greetings from the school." in desk.page.locator(".ct-letter").inner_text()
    tab_to(desk.page, "main form button[type=submit]:not([name])")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    desk.open("/letters")
    assert desk.page.locator(".ct-tag:text-is('own words')").count() == 1
    desk.follow("a[href*='/reminder/en']", "**/reminder/en*")
    tab_to(desk.page, "form[action$='/remove'] button")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    desk.open("/letters")
    assert desk.page.locator(".ct-tag:text-is('own words')").count() == 0


def test_somebody_signs_during_an_absence_and_a_school_is_handed_over(desk: Desk) -> None:
    today = clock.today()
    desk.open("/account")
    desk.follow("a[href$='/account/absence']", "**/account/absence")
    desk.day("#from_on", today)
    desk.day("#until_on", today + timedelta(days=9))
    desk.write(family_name="Delattre", given_names="Maud", email="maud.delattre@tests.example")
    desk.follow("main form:not([action$='/withdraw']) button[type=submit]", "**/account/absence*")
    desk.page.wait_for_selector("text=Maud Delattre")
    tab_to(desk.page, "form[action$='/withdraw'] button")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("text=Maud Delattre", state="detached")
    desk.open("/account")
    desk.follow("a[href$='/account/handover']", "**/account/handover")
    choose(desk.page, "#school", "Doctoral School of Humanities")
    desk.write(family_name="Delattre", given_names="Maud", email="maud.delattre@tests.example")
    desk.write(reason="Maud takes over in December.")
    desk.follow(SUBMIT, lambda url: "handover" not in url)


def test_a_supervisor_is_succeeded_and_a_defence_recorded(desk: Desk, world: World) -> None:
    thesis = f"/theses/{world.thesis}"
    desk.open(thesis)
    desk.follow("a[href*='/supervisors/']:not([href$='/add'])", "**/supervisors/**")
    desk.follow("a[href$='/replace']", "**/replace")
    desk.day("#on", clock.today())
    desk.write(family_name="Hallez", given_names="Odile", email="odile.hallez@tests.example")
    desk.follow(SUBMIT, f"**{thesis}*")
    desk.reads("Odile Hallez")
    desk.starts(thesis)
    desk.open(f"{thesis}/defence")
    tab_to(desk.page, "#result-0")
    desk.page.keyboard.press("Space")
    desk.day("#on", clock.today())
    desk.follow(SUBMIT, lambda url: not url.endswith("/defence"))


@pytest.fixture
def complete(served: Flask, world: World) -> str:
    """The address of a convention that lacks nothing."""
    with served.app_context(), transaction() as session, as_system(session, "tests"):
        completed(session, session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one())
    return f"/theses/{world.thesis}/convention"


def test_a_convention_is_submitted_argued_about_and_approved_by_both_sides(
    desk: Desk, window: Window, address: str, world: World, complete: str
) -> None:
    ghent = Desk(window().new_page(), address)
    sign_in(ghent.page, address, world.emails["ghent_administrator"], PASSWORD)
    desk.open(complete)
    desk.follow("a[href$='/convention/put']", "**/put")
    desk.follow(SUBMIT, f"**{complete}")
    ghent.open(complete)
    ghent.follow("a[href$='/points/add']", "**/points/add")
    choose(ghent.page, "#clause", "Article 14")
    ghent.write(proposal="Eight months in Ghent.", reason="Our council asks it.")
    choose(ghent.page, "#owner", "Lille")
    ghent.follow(SUBMIT, f"**{complete}#points")
    desk.open(complete)
    desk.follow("a[href*='/convention/points/']:not([href$='/add'])", "**/points/**")
    desk.write(text="Agreed for the next version.")
    tab_to(desk.page, "[name=state]")
    for _ in range(3):
        desk.page.keyboard.press("ArrowDown")
    assert desk.page.is_checked("[value=settled]")
    with desk.page.expect_navigation():
        tab_to(desk.page, SUBMIT)
        desk.page.keyboard.press("Enter")
    desk.reads("Settled")
    for each, code in ((ghent, "ghent"), (desk, "lille")):
        each.open(complete)
        each.follow(f"a[href$='/convention/approve?institution={code}']", "**/approve?**")
        each.follow(SUBMIT, f"**{complete}")
    desk.reads("Every institution approved version 1.")
