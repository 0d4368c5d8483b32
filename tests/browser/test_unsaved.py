"""With a script, leaving a form that came back refused asks first, and the switch of languages asks once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page

from tests.browser.conftest import sign_in
from tests.builders import PASSWORD, World

pytestmark = pytest.mark.browser


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def page(window: Callable[..., BrowserContext], address: str, world: World, asked: list[str]) -> Page:
    """A registration without its title that came back; every question of the browser's is noted and confirmed."""

    def confirm(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page = window(1440, "en").new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    page.goto(f"{address}/theses/new")
    page.fill("#family_name", "Typed with much care")
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("[data-ct-focus]")
    page.on("dialog", confirm)
    return page


def test_leaving_a_refused_form_asks(page: Page, asked: list[str]) -> None:
    page.locator(".ct-nav a").first.click()
    page.wait_for_url("**/today")
    assert asked == ["beforeunload"]


def test_the_switch_of_languages_on_a_refused_form_asks_once_in_words(page: Page, asked: list[str]) -> None:
    page.locator(".ct-top-end .ct-lang-ask > summary").click()
    assert page.locator(".ct-top-end .ct-lang-ask p").is_visible()
    assert page.input_value("#family_name") == "Typed with much care"
    page.locator(".ct-top-end .ct-lang-ask button").click()
    page.wait_for_function("document.documentElement.lang === 'fr'")
    assert asked == []
