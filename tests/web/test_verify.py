"""Proves that the public page says of a file whether it is the closed one, of everything else nothing, and keeps nothing."""

import hashlib
import io
import tempfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db, transaction
from cotutelle.models import Closing, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_version as versions
from cotutelle.operations.facts import facts_of
from cotutelle.scope import as_system
from cotutelle.web import verify
from tests.builders import ACTOR, NOW
from tests.client import Client, Page

FILE, RECORD, MADE = b"%PDF-1.7 closed", b"%PDF-1.7 record", b"%PDF-1.7 made"
NUMBER = "LILLE-2026-0001-1"


@pytest.fixture
def closed(app: Flask) -> Flask:
    """A convention closed without a seal."""
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
        convention = conventions.current(session, thesis)
        facts = facts_of(session, thesis, convention)
        version = versions.add_version(session, thesis, convention, facts, ACTOR, NOW, clauses={})
        version.file_digest = hashlib.sha256(MADE).hexdigest()
        session.add(
            Closing(
                thesis_id=thesis.id,
                version_id=version.id,
                number=NUMBER,
                file_digest=hashlib.sha256(FILE).hexdigest(),
                record_digest=hashlib.sha256(RECORD).hexdigest(),
                closed_at=NOW,
                retention="signature",
            )
        )
        from cotutelle.operations import journal

        journal.record(session, "convention.closed", "thesis:LILLE-2026-0001", ACTOR, NOW, number=NUMBER)
    return app


def ask(app: Flask, data: bytes, number: str = NUMBER) -> Page:
    address = f"/verify/{number}" if number else "/verify"
    return Client(app).post(address, {"file": (io.BytesIO(data), "convention.pdf")})


def test_the_closed_file_and_its_record_are_recognised_by_their_bytes(closed: Flask) -> None:
    assert f"this is the file with which {NUMBER} was closed" in ask(closed, FILE).text
    assert f"this is the signature record of {NUMBER}" in ask(closed, RECORD).text
    assert f"this is the file with which {NUMBER} was closed" in ask(closed, FILE, "").text
    assert "Closed, not sealed" in ask(closed, FILE).text


def test_a_file_closed_under_another_number_is_said_to_be(closed: Flask) -> None:
    page = ask(closed, FILE, "LILLE-2026-0002-1")
    assert f"closed, but under another number: {NUMBER}" in page.text


def test_a_text_as_it_was_made_is_not_the_closed_one(closed: Flask) -> None:
    assert "this is not the closed file" in ask(closed, MADE).text


def test_an_altered_file_gets_the_answer_that_any_file_gets_whether_the_number_exists_or_not(
    closed: Flask,
) -> None:
    texts = {
        ask(closed, FILE + b"x", number).text.replace(number, "N") for number in (NUMBER, "ELSE-2020-9999-9")
    }
    assert len({text.partition("<main")[2].partition("SHA-256")[0] for text in texts}) == 1
    assert "nothing that was closed here is this file" in texts.pop()


def test_the_page_of_a_number_says_nothing_before_a_file_is_given(closed: Flask) -> None:
    known, unknown = (Client(closed).get(f"/verify/{number}").text for number in (NUMBER, "ELSE-2020-9999-9"))
    clean = [text.partition("<main")[2].partition("<form")[0] for text in (known, unknown)]
    assert clean[0].replace(NUMBER, "N") == clean[1].replace("ELSE-2020-9999-9", "N")


@pytest.mark.parametrize("number", ["x", "<script>", "A-" + "9" * 80, "lille-2026-0001-1"])
def test_what_is_no_number_has_no_page(closed: Flask, number: str) -> None:
    assert Client(closed).get(f"/verify/{number}").status == 404


def test_nothing_of_the_file_is_written_anywhere(closed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a file was written")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, forbidden)
    kept = Path(closed.instance_path) / "store"
    before = sorted(kept.rglob("*")) if kept.exists() else []
    page = ask(closed, FILE + b"y" * 3_000_000)
    assert page.status == 200
    assert hashlib.sha256(FILE + b"y" * 3_000_000).hexdigest() in page.text
    assert (sorted(kept.rglob("*")) if kept.exists() else []) == before


def test_no_file_chosen_is_a_sentence(closed: Flask) -> None:
    page = Client(closed).post("/verify", {})
    assert page.status == 422
    assert "Choose the file." in page.errors


def test_a_file_beyond_the_limit_is_refused_with_it(closed: Flask) -> None:
    page = ask(closed, b"x" * (closed.config["MAX_CONTENT_LENGTH"] + 1))
    assert page.status == 413


def test_one_address_asks_so_often_and_no_more(closed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "TRIES", 2)
    assert [ask(closed, FILE).status for _turn in range(3)] == [200, 200, 429]
    with closed.app_context():
        db.session.remove()


def test_a_text_in_place_of_a_file_is_no_file(closed: Flask) -> None:
    page = Client(closed).post(f"/verify/{NUMBER}", {"file": "text"})
    assert page.status == 422
