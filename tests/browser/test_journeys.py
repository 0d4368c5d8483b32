"""Whole journeys in a real browser: by keyboard, on a phone in French, with an old cookie, from two windows."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import choose, night, sign_in, tab_to, violations, write
from tests.builders import PASSWORD, World

pytestmark = pytest.mark.browser
Window = Callable[..., BrowserContext]


def test_a_thesis_of_three_institutions_is_registered_and_printed_by_keyboard_alone(
    window: Window, address: str, world: World, tmp_path: Path
) -> None:
    page = window().new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    page.wait_for_load_state()
    tab_to(page, "a[href='/theses/new']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/theses/new")
    write(page, "#family_name", "Nguyễn-Đỗ")
    write(page, "#given_names", "Hồng Hạnh")
    write(page, "#title", "Rivers of the Escaut, the Lys and the Rio Doce")
    choose(page, "#title_language", "English")
    choose(page, "#parties-1-institution", "UGent")
    choose(page, "#parties-1-school", "UGent")
    choose(page, "#parties-2-institution", "UFMG")
    choose(page, "#parties-2-school", "UFMG")
    tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/steps")
    assert page.locator("h1").inner_text() == "Complete the file"
    tab_to(page, "a[href$='/convention/terms/frame']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/frame")
    write(page, "#access_diploma__fr", "master d’histoire")
    write(page, "#access_diploma__en", "master’s degree in history")
    write(page, "#duration_months", "36")
    tab_to(page, "main form button[type=submit]:not([name])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/convention")
    tab_to(page, "a[href$='/draft.pdf']")
    with page.expect_response(lambda answer: answer.url.endswith("/draft.pdf"), timeout=60_000) as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 200
    assert answer.value.headers["content-type"] == "application/pdf"
    document = page.context.request.get(answer.value.url).body()
    text = " ".join(words_of(document, tmp_path).replace("-\n", "").split())
    for expected in (
        "Nguyễn-Đỗ",
        "Federal University of Minas Gerais",
        "Ghent University",
        "Université de Lille",
    ):
        assert expected in text
    assert "master d’histoire" in text
    assert "master’s degree in history" in text


def words_of(document: bytes, folder: Path) -> str:
    path = folder / "draft.pdf"
    path.write_bytes(io.BytesIO(document).read())
    done = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True
    )
    return done.stdout.decode()


def test_a_phone_in_french_shows_every_screen_whole_and_accessible_by_day_and_by_night(
    window: Window, address: str, world: World
) -> None:
    page = window(360, "fr", color_scheme="light").new_page()
    page.goto(f"{address}/sign-in")
    assert page.locator("h1").inner_text() == "Se connecter"
    assert not violations(page)
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    thesis = f"/theses/{world.thesis}"
    for url in (
        "/theses", "/theses/new", thesis, f"{thesis}/history", f"{thesis}/steps", f"{thesis}/edit", f"{thesis}/institutions",
        f"{thesis}/supervisors/add", f"{thesis}/stays/add", f"{thesis}/enrolment", f"{thesis}/documents/add",
        f"{thesis}/candidate", f"{thesis}/convention", f"{thesis}/convention/terms/stays", f"{thesis}/move",
        "/institutions", "/institutions/lille", "/institutions/lille/edit", "/people", "/help", "/account",
        f"{thesis}/committee", f"{thesis}/committee/members/add", f"{thesis}/committee/meetings/add",
        f"{thesis}/campaign", "/campaigns", "/campaigns/open", "/letters", "/account/absence", "/account/handover",
        "/today", f"{thesis}/calendar",
    ):  # fmt: skip
        page.goto(f"{address}{url}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{url} scrolls sideways: {width} px"
        assert not violations(page), url
        assert not night(page), url
        assert page.evaluate("document.documentElement.lang") == "fr"


def test_a_cookie_kept_from_before_signing_out_opens_nothing(
    window: Window, address: str, world: World
) -> None:
    context = window()
    page = context.new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    page.wait_for_load_state()
    kept = [cookie for cookie in context.cookies() if cookie["name"] == "session"]
    page.locator("details.ct-me > summary").click()
    page.locator("details.ct-me button").click()
    page.wait_for_url("**/sign-in")
    context.add_cookies([{**kept[0], "url": address, "domain": None, "path": None}])  # type: ignore[typeddict-item]
    page.goto(f"{address}/theses/{world.thesis}")
    assert "/sign-in" in page.url


def test_two_windows_edit_one_thesis_and_nothing_is_lost(window: Window, address: str, world: World) -> None:
    first, second = window().new_page(), window().new_page()
    url = f"{address}/theses/{world.thesis}/edit"
    for page in (first, second):
        sign_in(page, address, world.emails["administrator"], PASSWORD)
        page.goto(url)
    first.fill("#title", "The title of the first window")
    first.locator("main form button[type=submit]").click()
    first.wait_for_url(f"**/theses/{world.thesis}")
    second.fill("#title", "The title of the second window")
    second.locator("main form button[type=submit]").click()
    second.wait_for_selector(".ct-conflict")
    assert "The title of the first window" in second.locator(".ct-conflict").inner_text()
    assert second.input_value("#title") == "The title of the second window"
    second.locator("main form button[type=submit]").click()
    second.wait_for_url(f"**/theses/{world.thesis}")
    assert "The title of the second window" in second.locator("h1").inner_text()


def test_errors_take_the_focus_and_lead_to_their_fields(window: Window, address: str, world: World) -> None:
    page = window().new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    page.goto(f"{address}/theses/new")
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("[data-ct-focus]")
    assert page.evaluate("document.activeElement.className").startswith("ct-error-summary")
    page.locator(".ct-error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "family_name"
