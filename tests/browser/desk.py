"""The office at its desk: a page, and the hands that use it by keyboard alone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import tab_to, write

SUBMIT = "main form button[type=submit]"


class Desk:
    """A page and the hands that use it: Tab, letters, Space and Enter."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        # Asked for early: else the first key may come too soon.
        page.on("filechooser", lambda _: None)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def follow(self, selector: str, to: str | Callable[[str], bool]) -> None:
        """Reach a link or a button and press Enter."""
        tab_to(self.page, selector)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(to)
        self.page.wait_for_load_state()

    def write(self, **fields: str) -> None:
        for name, text in fields.items():
            write(self.page, f"#{name}", text)

    def day(self, selector: str, day: date) -> None:
        """Type a day as the browser asks for it in English."""
        write(self.page, selector, f"{day:%m%d%Y}")
        assert self.page.input_value(selector) == day.isoformat()

    def tick(self, *selectors: str) -> None:
        for selector in selectors:
            tab_to(self.page, selector)
            if not self.page.is_checked(selector):
                self.page.keyboard.press("Space")
            assert self.page.is_checked(selector), selector

    def attach(self, selector: str, path: Path) -> None:
        tab_to(self.page, selector)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(path)

    def starts(self, thesis: str) -> None:
        """Move a thesis from its draft to where it runs."""
        for state in ("admitted", "running"):
            self.open(f"{thesis}/move")
            tab_to(self.page, "[name=to]")
            self.page.keyboard.press("Space")
            assert self.page.is_checked(f"[value={state}]")
            self.follow(SUBMIT, lambda url: not url.endswith("/move"))

    def reads(self, text: str) -> None:
        said = self.page.locator("main").inner_text()
        assert text in said, said
