"""Proves that a document is opened by those it is for, downloaded as it came, and replaced without being lost."""

import io
import re
from datetime import date
from urllib.parse import unquote

import pytest
from flask import Flask

from cotutelle.demo.theses import proof
from cotutelle.documents.press import Limits, Press
from tests.client import Client, Page
from tests.files import picture

HERE = "/theses/LILLE-2026-0001"
OFFICE, PARTNER, CANDIDATE, SUPERVISOR = (
    f"{role}@tests.example" for role in ("administrator", "partner", "candidate", "supervisor")
)


def signed_in(app: Flask, email: str) -> Client:
    client = Client(app)
    client.sign_in(email)
    return client


def upload(
    client: Client, data: bytes, name: str = "reçu.pdf", audience: str = "parties", **more: str
) -> Page:
    fields = {"kind": "fees", "title": "Receipt", "audience": audience, **more}
    return client.post(f"{HERE}/documents/add", {**fields, "file": (io.BytesIO(data), name)})


def addresses(client: Client) -> list[str]:
    return list(dict.fromkeys(re.findall(rf"{HERE}/documents/[a-z0-9]{{12}}", client.get(HERE).text)))


def test_a_document_is_downloaded_as_it_came_and_opened_by_nothing(app: Flask) -> None:
    office = signed_in(app, OFFICE)
    data = proof()
    assert upload(office, data).status == 303
    (address,) = addresses(office)
    answer = office.browser.get(address)
    assert answer.get_data() == data
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"recu.pdf\"; filename*=UTF-8''re%C3%A7u.pdf"
    )
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    'a"; filename="b.exe': "b.pdf",
    "a; Set-Cookie: x=y.pdf": "a; Set-Cookie: x=y.pdf",
    "é" * 300 + ".pdf": "é" * 100 + ".pdf",
    "治水": "治水.pdf",
    "مرحبا.pdf": "مرحبا.pdf",
    "con.pdf": "con.pdf",
    "a\u202efdp.exe": "afdp.pdf",
    ".pdf": "document.pdf",
}


def test_a_hostile_file_name_stays_a_name(sqlite_app: Flask) -> None:
    office, known = signed_in(sqlite_app, OFFICE), set[str]()
    for name, kept in NAMES.items():
        assert upload(office, proof(), name).status == 303
        (address,) = set(addresses(office)) - known
        known.add(address)
        headers = office.browser.get(address).headers
        found = re.fullmatch(
            r"attachment; filename=\"([A-Za-z0-9_.-]{1,120})\.pdf\"; filename\*=UTF-8''([A-Za-z0-9_.%~-]+)",
            headers["Content-Disposition"],
        )
        assert found, name
        assert unquote(found[2]) == kept
        assert "Set-Cookie: x=y" not in str(headers)


AUDIENCES = {
    "offices": {OFFICE},
    "parties": {OFFICE, PARTNER},
    "everyone": {OFFICE, PARTNER, CANDIDATE, SUPERVISOR},
}


def test_a_document_is_seen_and_opened_by_its_audience_alone(sqlite_app: Flask) -> None:
    office, given = signed_in(sqlite_app, OFFICE), dict[str, str]()
    for audience in AUDIENCES:
        assert upload(office, proof(), audience=audience).status == 303
        (given[audience],) = set(addresses(office)) - set(given.values())
    for email in (OFFICE, PARTNER, CANDIDATE, SUPERVISOR):
        reader = office if email == OFFICE else signed_in(sqlite_app, email)
        seen = addresses(reader)
        for audience, opened in AUDIENCES.items():
            address = given[audience]
            assert (reader.get(address).status == 200) is (email in opened), (email, audience)
            assert (address in seen) is (email in opened), (email, audience)
    for nobody in ("stranger@tests.example", "other_administrator@tests.example"):
        reader = signed_in(sqlite_app, nobody)
        assert {reader.get(address).status for address in given.values()} == {404}
    assert {Client(sqlite_app).get(address).status for address in given.values()} == {302}


def test_nobody_gives_a_document_to_an_audience_without_themselves(sqlite_app: Flask) -> None:
    candidate = signed_in(sqlite_app, CANDIDATE)
    for audience in ("offices", "parties"):
        assert upload(candidate, proof(), audience=audience).status == 422
    assert upload(candidate, proof(), audience="everyone").status == 303


def test_a_newer_version_is_the_one_that_opens_and_the_older_stays(app: Flask) -> None:
    office = signed_in(app, OFFICE)
    assert upload(office, proof()).status == 303
    (address,) = addresses(office)
    image = picture("PNG")
    page = office.post(f"{address}/replace", {"file": (io.BytesIO(image), "new.png")})
    assert page.status == 303
    answer = office.browser.get(address)
    assert (answer.get_data(), answer.headers["Content-Type"]) == (image, "image/png")
    older = set(re.findall(rf"{address}/versions/[a-z0-9]{{12}}", office.get(HERE).text))
    assert older
    assert proof() in {office.browser.get(url).get_data() for url in older}
    assert office.get(f"{address}/versions/aaaaaaaaaaaa").status == 404


def test_the_address_of_another_thesiss_document_opens_nothing(sqlite_app: Flask) -> None:
    office = signed_in(sqlite_app, OFFICE)
    upload(office, proof(), audience="everyone")
    (address,) = addresses(office)
    other = signed_in(sqlite_app, "auditor@tests.example")
    assert other.get(address).status == 200
    assert other.get(address.replace("0001", "0002")).status == 404
    assert other.get(f"{HERE}/documents/aaaaaaaaaaaa").status == 404


def test_a_refused_file_says_why_and_is_not_kept(sqlite_app: Flask) -> None:
    office = signed_in(sqlite_app, OFFICE)
    for data, word in (
        (b"", "empty"),
        (b"MZ", "PDF"),
        (b"%PDF-1.7 x", "damaged"),
        (b"PK\x03\x04", "damaged"),
    ):
        page = upload(office, data)
        assert page.status == 422
        assert any(word in error for error in page.errors), page.errors
        assert "Receipt" in page.text, "what was typed is still there"
    assert addresses(office) == []


def test_a_flipped_byte_in_the_store_is_not_served(sqlite_app: Flask) -> None:
    from pathlib import Path

    office = signed_in(sqlite_app, OFFICE)
    upload(office, proof())
    (address,) = addresses(office)
    (path,) = (Path(sqlite_app.instance_path) / "store").glob("*/*")
    path.write_bytes(proof()[:-1] + b"!")
    assert office.get(address).status >= 400


# The convention as a file


@pytest.fixture
def quick(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application whose press draws one short page, however long the convention is."""
    from cotutelle.documents import convention

    monkeypatch.setattr(
        convention, "to_html", lambda *a, **k: "<!doctype html><html lang=fr><title>t</title><p>x</p></html>"
    )
    return sqlite_app


def test_the_draft_opens_in_the_browser_with_its_own_policy(quick: Flask) -> None:
    answer = signed_in(quick, OFFICE).browser.get(f"{HERE}/convention/draft.pdf")
    assert answer.status_code == 200
    assert answer.get_data().startswith(b"%PDF-")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="LILLE-2026-0001-draft.pdf"'
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "private" in answer.headers["Cache-Control"]


def test_a_document_that_cannot_be_made_says_so_in_words(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cotutelle.documents.press import CannotPrint

    reasons = iter(("libraries", "size", "time", "memory", "RuntimeError: canary"))

    def never(*_: object, **__: object) -> bytes:
        raise CannotPrint(next(reasons))

    monkeypatch.setattr(Press, "print_pdf", never)
    office = signed_in(sqlite_app, OFFICE)
    for _reason in range(5):
        page = office.get(f"{HERE}/convention/draft.pdf")
        assert page.status == 500
        assert "The document cannot be made" in page.text
        assert "canary" not in page.text


def test_too_long_a_text_is_refused_and_the_application_goes_on(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_app.extensions["cotutelle.press"], "limits", Limits(html_bytes=1000))
    office = signed_in(sqlite_app, OFFICE)
    page = office.get(f"{HERE}/convention/draft.pdf")
    assert page.status == 500
    assert "too long" in page.text
    assert office.get(HERE).status == 200


def test_an_expiry_day_is_kept(sqlite_app: Flask) -> None:
    office = signed_in(sqlite_app, OFFICE)
    assert upload(office, proof(), expires_on=date(2030, 8, 31).isoformat()).status == 303
    assert "2030" in office.get(HERE).text


def test_a_newer_version_is_added_by_an_office_or_by_whoever_entered_the_document(app: Flask) -> None:
    office, candidate = signed_in(app, OFFICE), signed_in(app, CANDIDATE)
    assert upload(office, proof(), audience="everyone").status == 303
    (entered,) = addresses(office)
    assert upload(candidate, proof(), audience="everyone").status == 303
    (own,) = [address for address in addresses(candidate) if address != entered]
    assert candidate.get(f"{entered}/replace").status == 403
    assert f"{entered}/replace" not in candidate.get(HERE).text
    fields = {name: candidate.get(f"{own}/replace").hidden(name) for name in ("csrf_token", "act_key")}
    file = {**fields, "file": (io.BytesIO(proof()), "a.pdf")}
    assert candidate.browser.post(f"{entered}/replace", data=file).status_code == 403
    assert candidate.get(f"{own}/replace").status == 200
    assert office.get(f"{own}/replace").status == 200
