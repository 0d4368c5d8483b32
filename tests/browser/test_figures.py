"""The rector's question on a Friday, answered in three clicks; and the new screens on a phone in French."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext

from cotutelle.db import transaction
from cotutelle.operations import partnership
from cotutelle.scope import as_system
from tests.browser.conftest import night, sign_in, violations
from tests.browser.desk import Desk
from tests.builders import ACTOR, NOW, PASSWORD, World, institution

pytestmark = pytest.mark.browser
Window = Callable[..., BrowserContext]


def test_how_many_theses_with_a_region_since_a_year_with_whom_and_how_long_takes_three_clicks(
    desk: Desk,
) -> None:
    desk.open("/theses")
    desk.follow("a[href='/figures']", "**/figures")
    desk.follow(
        "#regions a[href*='region=western_europe'][href^='/figures']", "**/figures?region=western_europe*"
    )
    desk.follow("#years a[href*='since=2026']", "**since=2026*")
    for text in ("thesis, 1 of them going on", "UGent", "How long conventions took"):
        desk.reads(text)
    desk.follow("a.ct-chip", lambda url: "western_europe" not in url)


@pytest.fixture
def entered(served: Flask) -> str:
    """A partnership with a long name, of both institutions."""
    with served.app_context(), transaction() as session, as_system(session, "tests"):
        members = [partnership.Member(institution(session, code).id) for code in ("lille", "ghent")]
        names = {"fr": "Mandats doctoraux conjoints du fonds spécial de recherche", "en": "Joint mandates"}
        facts = partnership.PartnershipEntry("bof-ghent-lille", "funding_frame", "BOF", names, members, {})
        return partnership.add_partnership(session, facts, ACTOR, NOW).code


def test_on_a_phone_in_french_figures_and_partnerships_are_whole_and_accessible_by_day_and_by_night(
    window: Window, address: str, world: World, entered: str
) -> None:
    page = window(360, "fr", color_scheme="light").new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    thesis = f"/theses/{world.thesis}"
    for url in (
        "/figures", "/figures?region=latin_america", "/partnerships", "/partnerships/new", f"/partnerships/{entered}",
        f"/partnerships/{entered}/edit", f"{thesis}/partnerships", f"{thesis}/registry", f"{thesis}/funding",
        "/institutions/ghent",
    ):  # fmt: skip
        opened = page.goto(f"{address}{url}")
        assert opened is not None
        assert opened.status == 200, url
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url
        assert not violations(page), url
        assert not night(page), url
