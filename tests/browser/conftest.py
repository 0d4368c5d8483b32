"""A real server and a real Chromium; without Chromium these tests are skipped with one loud line."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from cotutelle import create_app
from cotutelle.db import db
from tests import databases
from tests.builders import PASSWORD, World
from tests.conftest import TESTING

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one file of tests: it runs an event loop in this thread, which no later test should meet."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("NO CHROMIUM HERE: the browser tests did not run (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def served(sqlite_database: databases.Sqlite, tmp_path: Path) -> Iterator[Flask]:
    """An application of this test's own, with its server."""
    url = sqlite_database.copy()
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    base = f"http://127.0.0.1:{server.port}"
    app = create_app({**TESTING, "DATABASE_URL": url, "BASE_URL": base}, instance=tmp_path / "instance")
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["cotutelle.press"].stop()
    with app.app_context():
        db.engine.dispose()
    sqlite_database.drop(url)


@pytest.fixture
def address(served: Flask) -> str:
    """Where the application is served."""
    return str(served.config["BASE_URL"])


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browser windows: width, language, and nothing on the console but silence."""
    opened: list[BrowserContext] = []
    noise: list[str] = []

    def open_(width: int = 1440, language: str = "en", **more: Any) -> BrowserContext:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale=language, **more)
        context.add_cookies([{"name": "language", "value": language, "url": address}])
        context.on("console", lambda message: noise.append(message.text))
        opened.append(context)
        return context

    yield open_
    for context in opened:
        context.close()
    refused = [line for line in noise if "Content Security Policy" in line or "Refused" in line]
    assert not refused, refused


@pytest.fixture
def desk(window: Callable[..., BrowserContext], address: str, world: World) -> Any:
    """The office at its desk, signed in."""
    from tests.browser.desk import Desk  # which is built on the hands below

    page = window().new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    return Desk(page, address)


def sign_in(page: Page, address: str, email: str, password: str) -> None:
    """Sign in with the keyboard, as everybody can."""
    page.goto(f"{address}/sign-in")
    page.focus("#email")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def tab_to(page: Page, selector: str, most: int = 150) -> None:
    """Press Tab until the element has the focus: reachable by keyboard, or the test fails."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by keyboard")


def write(page: Page, selector: str, text: str) -> None:
    """Reach a field and type."""
    tab_to(page, selector)
    page.keyboard.type(text)


def choose(page: Page, selector: str, text: str) -> None:
    """Reach a list and choose by typing the beginning of the answer."""
    tab_to(page, selector)
    page.keyboard.type(text, delay=5)
    chosen = page.eval_on_selector(selector, "e => e.options[e.selectedIndex].text")
    assert chosen.startswith(text), f"{selector} says {chosen!r}"


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    from importlib import resources

    folder = resources.files("axe_playwright_python")
    source = next(Path(str(folder)).rglob("axe.min.js")).read_text(encoding="utf-8")
    page.evaluate(source)
    return _found(page, "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}")


def night(page: Page) -> list[str]:
    """What axe finds of the same page in the dark, where only the colours are others; asked after `violations`."""
    page.emulate_media(color_scheme="dark")
    page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
    found = _found(page, "{runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}}")
    page.emulate_media(color_scheme="light")
    return found


def _found(page: Page, options: str) -> list[str]:
    found = page.evaluate(f"axe.run({options})")
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]
