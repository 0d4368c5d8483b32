"""Frameworks, own clauses, papers and returned drafts: by keyboard alone, and whole on a phone in French."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import choose, night, sign_in, tab_to, violations
from tests.browser.desk import SUBMIT, Desk
from tests.builders import PASSWORD, World

pytestmark = pytest.mark.browser
Window = Callable[..., BrowserContext]


def test_a_clause_is_worded_looked_at_and_printed_by_keyboard_alone(desk: Desk, world: World) -> None:
    desk.open("/rulebooks")
    desk.follow("main a[href='/clauses']", "**/clauses")
    desk.follow("a[href='/clauses/CL-22']", "**/clauses/CL-22*")
    desk.follow("a[href$='/CL-22/new']", "**/CL-22/new")
    desk.write(name="Ours")
    desk.follow(SUBMIT, "**/clauses/variants/**")
    desk.write(fr__added="Dépôt chez {{lead}}.", en__added="Deposited at {{lead}}.")
    choose(desk.page, "#thesis", world.thesis)
    tab_to(desk.page, "button[value=preview]")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("#preview")
    desk.reads("Deposited at Lille.")
    desk.follow(SUBMIT, lambda _url: True)
    desk.page.wait_for_selector("text=version 1")
    desk.open(f"/theses/{world.thesis}/convention/articles/CL-22")
    desk.reads("Deposited at Lille.")


def test_a_framework_is_entered_by_keyboard_alone(desk: Desk, world: World) -> None:
    desk.open("/frameworks")
    desk.follow("a[href='/frameworks/new']", "**/frameworks/new")
    choose(desk.page, "#texts-0-language", "English")
    desk.write(**{"texts-0-title": "Lille and Ghent agreement"})
    for name in ("Lille", "UGent"):
        box = desk.page.get_by_label(name, exact=True).get_attribute("id")
        desk.tick(f"#{box}")
    desk.day("#begins_on", date(2025, 1, 1))
    desk.follow(SUBMIT, lambda url: not url.endswith("/new"))
    desk.reads("Lille and Ghent agreement")


def test_on_a_phone_in_french_these_screens_are_whole_and_accessible_by_day_and_by_night(
    window: Window, address: str, world: World, desk: Desk
) -> None:
    desk.open("/clauses/CL-22/new")
    desk.write(name="Ours")
    desk.follow(SUBMIT, "**/clauses/variants/**")
    own = desk.page.url.removeprefix(address).partition("?")[0]
    page = window(360, "fr", color_scheme="light").new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    thesis = f"/theses/{world.thesis}"
    for url in (
        "/frameworks", "/frameworks/new", "/clauses", "/clauses/CL-22", "/clauses/CL-22/new", own, f"{thesis}/papers",
        f"{thesis}/convention/basis", f"{thesis}/convention/returned",
    ):  # fmt: skip
        opened = page.goto(f"{address}{url}")
        assert opened is not None
        assert opened.status == 200, url
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url
        assert not violations(page), url
        assert not night(page), url
