"""A browser without a screen: reads the tokens of a page and posts its forms as a person would."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import PASSWORD


@dataclass
class Page:
    """An answer with what a reader finds in it."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def said(self) -> str:
        """The text, or of a DOCX what all its parts say."""
        data = self.response.data
        if not data.startswith(b"PK"):
            return self.text
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    @property
    def errors(self) -> list[str]:
        found = re.findall(r'<p class="ct-error"[^>]*>.*?</span>(.*?)</p>', self.text, flags=re.DOTALL)
        summary = re.search(r"ct-error-summary.*?</ul>", self.text, flags=re.DOTALL)
        listed = re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", summary[0]) if summary else []
        return [*found, *listed]

    def hidden(self, name: str) -> str:
        match = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return match[1] if match else ""


class Client:
    """One person's browser."""

    def __init__(self, app: Flask) -> None:
        self.browser: FlaskClient = app.test_client()

    def get(self, url: str, **more: Any) -> Page:
        return Page(self.browser.get(url, **more))

    def post(
        self, url: str, data: dict[str, Any] | None = None, *, form: str | None = None, **more: Any
    ) -> Page:
        """Open the form's page, then post its hidden fields with these answers."""
        page = self.get(form or url)
        hidden = {
            name: page.hidden(name) for name in ("csrf_token", "act_key", "version") if page.hidden(name)
        }
        return Page(self.browser.post(url, data={**hidden, **(data or {})}, **more))

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        return self.post("/sign-in", {"email": email, "password": password})
