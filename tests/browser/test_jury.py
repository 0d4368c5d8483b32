"""A jury of six that France accepts and Ghent does not, seen while it is typed, mended as proposed, and proposed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import night, sign_in, violations
from tests.builders import PASSWORD, World

pytestmark = pytest.mark.browser
Window = Callable[..., BrowserContext]
MEMBERS = (("Nuala", "Chatháin", "rapporteur"), ("Jean", "Œuvrard", "rapporteur"), ("Ági", "Kőszegi", "member"),
           ("Paolo", "Neri", "member"))  # fmt: skip


def fill(page: Page, given: str, family: str, capacity: str) -> None:
    """Type a professor from elsewhere into the line that adds a member."""
    line = page.locator("form[action$='/jury/seats/add']")
    line.locator("[name=given_names]").fill(given)
    line.locator("[name=family_name]").fill(family)
    line.locator("[name=elsewhere]").fill("Universität Wien")
    line.locator("[name=capacity]").select_option(capacity)
    line.locator("[name=rank]").select_option("A")


def jury_of_six(page: Page, jury: str) -> None:
    page.goto(jury)
    page.get_by_role("button", name="Begin the jury").click()
    for name in ("Canary-supervisor", "Canary-partner-supervisor"):
        page.get_by_role("link", name=f"Zed {name}", exact=True).click()
        page.locator("[name=rank]").select_option("A")
        page.get_by_role("button", name="Save").click()
    for given, family, capacity in MEMBERS:
        fill(page, given, family, capacity)
        page.get_by_role("button", name="Add to the jury").click()
        expect(page.get_by_role("link", name=f"{given} {family}")).to_be_visible()


def test_a_jury_that_ghent_refuses_is_mended_as_proposed(window: Window, address: str, world: World) -> None:
    page = window().new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    page.wait_for_load_state()
    jury = f"{address}/theses/{world.thesis}/jury"
    jury_of_six(page, jury)
    rules = page.locator("#rules")
    expect(rules).to_contain_text("The jury has 6 members; 4 to 8 members are required")
    expect(rules).to_contain_text("4 members vote, supervisors not counted; 5 to 8 members vote")
    expect(rules.locator(".ct-finding--late")).to_have_count(1)
    # what the rules would say is shown while somebody is typed, and nothing is saved
    fill(page, "Ada", "Nobody-yet", "member")
    expect(rules.locator(".ct-finding--late")).to_have_count(0)
    page.goto(jury)
    expect(rules.locator(".ct-finding--late")).to_have_count(1)
    # the proposal, tried: every binding rule of both holds, with five voters for Ghent
    proposal = page.locator(".ct-mend li").first
    expect(proposal).to_contain_text("Add a professor from outside all the institutions.")
    proposal.get_by_role("link").click()
    expect(page.locator("#rules .ct-finding--late")).to_have_count(0)
    expect(page.locator("#rules")).to_contain_text("5 members vote, supervisors not counted")
    assert violations(page) == []
    page.get_by_role("link", name="Back to the jury as it is").click()
    # followed with a real person, and proposed
    fill(page, "Ada", "Somebody", "member")
    page.get_by_role("button", name="Add to the jury").click()
    expect(page.locator("#rules .ct-finding--late")).to_have_count(0)
    page.get_by_role("link", name="Propose the jury").click()
    page.get_by_role("button", name="Propose").click()
    expect(page.locator("main")).to_contain_text("Jury proposed")


def test_without_a_script_the_same_is_checked_by_a_button(window: Window, address: str, world: World) -> None:
    page = window(java_script_enabled=False).new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    page.wait_for_load_state()
    jury = f"{address}/theses/{world.thesis}/jury"
    jury_of_six(page, jury)
    fill(page, "Ada", "Nobody-yet", "member")
    page.get_by_role("button", name="Check without saving").click()
    expect(page.locator("#rules .ct-finding--late")).to_have_count(0)
    assert page.locator("form[action$='/jury/seats/add'] [name=family_name]").input_value() == "Nobody-yet"
    page.goto(jury)
    expect(page.locator("#rules .ct-finding--late")).to_have_count(1)
    expect(page.get_by_text("Nobody-yet")).to_have_count(0)


def test_the_pages_of_rules_are_whole_and_accessible_on_a_phone_in_french_by_day_and_by_night(
    window: Window, address: str, world: World
) -> None:
    page = window(360, "fr", color_scheme="light").new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    page.wait_for_load_state()
    page.goto(f"{address}/theses/{world.thesis}/jury")
    page.get_by_role("button", name="Commencer le jury").click()
    thesis = f"/theses/{world.thesis}"
    for path in (
        f"{thesis}/jury", f"{thesis}/jury/seats/add", f"{thesis}/jury/propose", f"{thesis}/jury/remote",
        f"{thesis}/findings", f"{thesis}/events/add", f"{thesis}/reconcile", f"{thesis}/convention/derogations",
        f"{thesis}/convention/derogations/add", "/rulebooks", "/rulebooks/france", "/rulebooks/upload",
        "/rulebooks/readings",
    ):  # fmt: skip
        page.goto(f"{address}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
        assert violations(page) == [], path
        assert night(page) == [], path
