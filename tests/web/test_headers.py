"""Proves that every kind of answer carries the headers, and that no unsafe route takes a post without its token."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from cotutelle.db import db
from tests.client import Client
from tests.test_house import digests
from tests.web.conftest import HTTPS

ME = "administrator@tests.example"
HERE = "/theses/LILLE-2026-0001"


@pytest.fixture
def me(sqlite_app: Flask) -> Client:
    client = Client(sqlite_app)
    client.sign_in(ME)
    return client


def asset_of(text: str) -> str:
    found = re.search(r'href="(/assets/[^"]+theme\.css)"', text)
    assert found
    return found[1]


def answers(app: Flask, me: Client, monkeypatch: pytest.MonkeyPatch) -> dict[str, TestResponse]:
    """One answer of each kind."""
    anybody = Client(app).browser
    page = me.get("/theses")
    steps = me.get(f"{HERE}/edit")
    hidden = {name: steps.hidden(name) for name in ("csrf_token", "act_key")}
    edited = {**hidden, "title": "Another", "title_language": "fr", "version": "999"}
    app.config["FORM_LIMIT"] = 3000
    large = me.browser.post(f"{HERE}/edit", data={**hidden, "title": "x" * 4000})
    app.config["FORM_LIMIT"] = 4 * 1024 * 1024
    found = {
        "200": page.response,
        "200 to nobody": anybody.get("/sign-in"),
        "asset": anybody.get(asset_of(page.text)),
        "302": anybody.get("/theses"),
        "304": me.browser.get("/theses", headers={"If-None-Match": page.response.headers["ETag"]}),
        "303": me.browser.post("/language", data={**hidden, "language": "en"}),
        "400": me.browser.post(f"{HERE}/edit", data={"title": "x"}),
        "401": anybody.get(f"{HERE}/edit"),
        "404": me.browser.get("/nowhere"),
        "404 asset": anybody.get("/assets/x/none.css"),
        "405": me.browser.get("/sign-out"),
        "409": me.browser.post(f"{HERE}/edit", data=edited),
        "413": large,
        "422": me.post(f"{HERE}/edit", {"title": ""}).response,
        "health": anybody.get("/healthz"),
    }
    with monkeypatch.context() as patch:
        patch.setattr("cotutelle.web.theses.asked_for", lambda: 1 / 0)
        found["500"] = me.browser.get("/theses?q=a")
    return found


def test_every_answer_forbids_what_no_page_needs(
    sqlite_app: Flask, me: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = answers(sqlite_app, me, monkeypatch)
    for kind, answer in found.items():
        expected = kind.split()[0]
        if expected.isdigit() and expected != "401":
            assert answer.status_code == int(expected), kind
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, kind
        for part in (
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "form-action 'self'",
        ):
            assert part in policy, (kind, part)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", kind
        assert "camera=()" in answer.headers["Permissions-Policy"], kind
        assert "Strict-Transport-Security" not in answer.headers, kind


def test_personal_answers_are_kept_by_nobody_else(
    sqlite_app: Flask, me: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = answers(sqlite_app, me, monkeypatch)
    for kind in ("200", "302", "303", "404", "409", "422", "500", "413"):
        assert re.search(r"private|no-store", found[kind].headers["Cache-Control"]), kind
    assert "Cookie" in found["200"].headers["Vary"]
    assert found["health"].headers["Cache-Control"] == "no-store"
    assert me.get("/account").response.headers["Cache-Control"] == "no-store"
    assert found["asset"].headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_behind_https_browsers_are_told_to_stay_there_for_a_year(https_app: Flask) -> None:
    for path in ("/healthz", "/sign-in", "/nowhere", "/theses"):
        answer = https_app.test_client().get(path, base_url=HTTPS)
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_an_error_says_nothing_of_its_cause(
    sqlite_app: Flask, me: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> None:
        raise RuntimeError("a canary in the cause")

    monkeypatch.setattr("cotutelle.web.theses.asked_for", fails)
    page = me.get("/theses")
    assert page.status == 500
    assert "canary" not in page.text
    assert "Traceback" not in page.text
    reference = re.search(r"\b[0-9a-f]{8}\b", re.sub(r"/assets/\S+", "", page.text))
    assert reference
    assert reference[0] in caplog.text


def unsafe_routes(app: Flask) -> list[str]:
    found = []
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            known = {
                "reference": "LILLE-2026-0001",
                "chapter": "frame",
                "code": "lille",
                "heard": "candidate",
            }
            known["purpose"] = "password" if "password" in rule.rule else "sign"
            values = {name: known.get(name, "aaaaaaaaaaaa") for name in rule.arguments}
            found.append(app.url_map.bind("localhost").build(rule.endpoint, values, method="POST"))
    return found


def test_no_unsafe_route_takes_a_post_without_its_token(sqlite_app: Flask, me: Client) -> None:
    with sqlite_app.app_context():
        before = digests(db.session())
        db.session.rollback()
    stranger = Client(sqlite_app)
    foreign = stranger.get("/sign-in").hidden("csrf_token")
    routes = unsafe_routes(sqlite_app)
    assert len(routes) > 25
    for url in routes:
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": foreign}):
            answer = me.browser.post(url, data=token)
            assert answer.status_code == 400, (url, token)
    with sqlite_app.app_context():
        after = digests(db.session())
    assert after == before


def test_no_route_is_written_by_put_patch_or_delete(sqlite_app: Flask) -> None:
    methods = set().union(*(rule.methods or set() for rule in sqlite_app.url_map.iter_rules()))
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_behind_https_a_post_from_another_site_is_refused(https_app: Flask) -> None:
    client = Client(https_app)
    token = client.get("/sign-in", base_url=HTTPS).hidden("csrf_token")
    data = {"csrf_token": token, "email": ME, "password": "x"}
    for headers in ({}, {"Referer": "https://evil.example/"}, {"Referer": f"{HTTPS}.evil.example/"}):
        answer = client.browser.post("/sign-in", data=data, headers=headers, base_url=HTTPS)
        assert answer.status_code == 400


def test_a_nul_is_nowhere(sqlite_app: Flask) -> None:
    for path in ("/theses%00", "/theses?q=%00", "/%00", "/theses/LILLE%00"):
        assert sqlite_app.test_client().get(path).status_code == 404, path


def test_a_file_too_large_names_the_limits(sqlite_app: Flask, me: Client) -> None:
    sqlite_app.config["MAX_CONTENT_LENGTH"] = 100_000
    page = me.get(f"{HERE}/documents/add")
    data = {"csrf_token": page.hidden("csrf_token"), "file": (io.BytesIO(b"x" * 200_000), "a.pdf")}
    answer = me.browser.post(f"{HERE}/documents/add", data=data)
    assert answer.status_code == 413
    assert "25 MB" in answer.text
    assert not list((Path(sqlite_app.instance_path) / "store").glob("*/*"))
