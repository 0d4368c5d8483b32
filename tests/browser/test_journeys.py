"""Whole journeys in a real browser: by keyboard, on a phone in French, with an old cookie, from two windows."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy import select

from cotutelle.db import transaction
from cotutelle.domain.campaign import Proof
from cotutelle.domain.committee import Heard
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Supervision, Thesis
from cotutelle.operations import campaign, committee
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_approval as approvals
from cotutelle.operations import thesis as theses
from cotutelle.scope import as_system
from tests.browser.conftest import choose, night, sign_in, tab_to, violations, write
from tests.builders import ACTOR, NOW, PASSWORD, TODAY, World, school

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


@pytest.fixture
def running(served: Flask, world: World) -> list[str]:
    """A thesis that runs, with a supervisor, a meeting heard and a campaign; the addresses of what is in it."""
    thesis = f"/theses/{world.thesis}"
    with served.app_context(), transaction() as session, as_system(session, "tests"):
        row = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        for to in (ThesisState.ADMITTED, ThesisState.RUNNING):
            theses.move(session, row, to, TODAY, "", row.version, ACTOR, NOW, today=TODAY)
        meeting = committee.record(session, row, committee.Meeting(TODAY, "lille"), ACTOR, NOW, today=TODAY)
        heard = (session, row, meeting, Heard.CANDIDATE, "Whole evenings.", 0)
        committee.note_interview(*heard, ACTOR, NOW, today=TODAY)
        shs = school(session, "lille", "SHS")
        year = campaign.begin(session, shs, 2026, list(Proof), TODAY, "", ACTOR, NOW, today=TODAY)
        agreement = conventions.current(session, row)
        version = approvals.put(session, row, agreement, None, ACTOR, NOW, today=TODAY).public_id
        leaving = session.scalars(
            select(Supervision.public_id).where(Supervision.thesis_id == row.id)
        ).first()
        return [
            f"{thesis}/defence", f"{thesis}/supervisors/{leaving}/replace", f"/campaigns/{year.public_id}",
            f"{thesis}/convention/versions/{version}/text", f"{thesis}/convention/versions/{version}/changes",
            f"/letters/{shs.public_id}/ask/fr", f"/letters/{shs.public_id}/signature/fr",
            f"{thesis}/committee/meetings/{meeting.public_id}",
            f"{thesis}/committee/meetings/{meeting.public_id}/candidate",
            f"{thesis}/committee/meetings/{meeting.public_id}/candidate/note",
        ]  # fmt: skip


def test_a_phone_in_french_shows_every_screen_whole_and_accessible_by_day_and_by_night(
    window: Window, address: str, world: World, running: list[str]
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
        f"{thesis}/candidate", f"{thesis}/convention", f"{thesis}/convention/terms/stays", f"{thesis}/convention/put",
        f"{thesis}/convention/approve", f"{thesis}/convention/points/add", f"{thesis}/convention/articles/CL-14",
        f"{thesis}/convention/articles/CL-26", f"{thesis}/move",
        "/institutions", "/institutions/lille", "/institutions/lille/edit", "/people", "/help", "/account",
        f"{thesis}/committee", f"{thesis}/committee/members/add", f"{thesis}/committee/meetings/add",
        f"{thesis}/campaign", "/campaigns", "/campaigns/open", "/letters", "/account/absence", "/account/handover",
        "/today", f"{thesis}/calendar", *running,
    ):  # fmt: skip
        opened = page.goto(f"{address}{url}")
        assert opened is not None
        assert opened.status == 200, url
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
