"""Signing the convention in the file itself, by the doors that people use; originals and levels, as offices record them."""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.documents import authority
from cotutelle.documents.convention import clause_versions
from cotutelle.models import Link, Original, SignOff, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_signing
from cotutelle.operations import convention_version as versions
from cotutelle.scope import as_system
from cotutelle.web import file_signing
from cotutelle.web.printing import press, store
from tests.builders import ACTOR, NOW, TODAY
from tests.client import Client
from tests.documents import sealing
from tests.operations.complete import approved, completed, put
from tests.operations.in_force import ask, sign
from tests.web.test_signing import address, mailbox

CONVENTION = "/theses/LILLE-2026-0001/convention"
DRAWN: dict[str, bytes] = {}
"""The final text, drawn once: the same facts give the same bytes."""


@pytest.fixture
def partner(sqlite_app: Flask) -> authority.Authority:
    return sealing.believed(Path(sqlite_app.instance_path))


@pytest.fixture
def letters(sqlite_app: Flask) -> dict[str, str]:
    """Everybody is asked to sign a drawn convention; the letters that went out, by address."""
    with sqlite_app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
        completed(session, thesis)
        put(session, thesis)
        approved(session, thesis)
        row = conventions.current(session, thesis)
        facts = conventions.text_of(session, thesis, row)
        if "final" not in DRAWN:
            DRAWN["final"] = sealing.small(press())
            press().stop()
        data = DRAWN["final"]
        kept = versions.keep_final(
            session, thesis, row, facts, ACTOR, NOW,
            clauses=clause_versions(facts), file_digest=store().put(session, data), engines={},
        )  # fmt: skip
        convention_signing.add_document(session, thesis, kept, len(data), ACTOR, NOW, today=TODAY)
        ask(session, thesis)
        alive(session)
    return mailbox(sqlite_app, "ask")


def alive(session: object) -> None:
    """Links made in the world's own time hold today."""
    for link in session.scalars(select(Link).where(Link.purpose == "sign")):  # type: ignore[attr-defined]
        link.made_at, link.expires_at = clock.now(), clock.now() + timedelta(days=30)


def door(client: Client, letter: str) -> str:
    """The page by which somebody signs with a certificate, as the page of their link names it."""
    page = client.get(address(letter))
    return re.findall(r'href="(/link/sign/[^"]+/file[^"]*)"', page.text)[0].replace("&amp;", "&")


def taken(client: Client, here: str, by: str = "download") -> bytes:
    assert client.post(here, {"do": "take"}).status == 303
    (url,) = set(re.findall(rf'href="([^"]+/{by}[^"]*)"', client.get(here).text))
    answer = client.browser.get(url.replace("&amp;", "&"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.get_data()


def returned(client: Client, here: str, data: bytes) -> dict[str, Any]:
    """The form by which a file comes back, with what the page showed."""
    digest = client.get(here).hidden("digest")
    return {"do": "return", "digest": digest, "file": (io.BytesIO(data), "signed.pdf")}


def name_of(sqlite_app: Flask) -> str:
    """The name of whoever is asked first."""
    with sqlite_app.app_context(), as_system(db.session(), "tests") as session:
        first = session.scalars(select(SignOff).order_by(SignOff.id)).first()
        assert first is not None
        session.rollback()
        return first.person.name


def states(sqlite_app: Flask) -> list[tuple[str, str]]:
    with sqlite_app.app_context(), as_system(db.session(), "tests") as session:
        found = [(row.state, row.proof) for row in session.scalars(select(SignOff).order_by(SignOff.id))]
        session.rollback()
        return found


def test_by_a_link_the_file_is_taken_signed_and_brought_back(
    sqlite_app: Flask, letters: dict[str, str], partner: authority.Authority
) -> None:
    client = Client(sqlite_app)
    (letter,) = letters.values()
    here = door(client, letter)
    lent = taken(client, here)
    assert lent == DRAWN["final"]
    stranger = sealing.signed(lent, sealing.other().issue(name_of(sqlite_app), "Nowhere"))
    refused = client.post(here, returned(client, here, stranger))
    assert refused.status == 422
    assert "Nobody here knows Demonstration authority, proves nothing" in refused.text
    assert states(sqlite_app)[0] == ("asked", "")
    plain = client.post(here, returned(client, here, lent))
    assert "This file bears no new signature." in plain.text
    another = sealing.signed(lent, partner.issue("Eve Nobody", "Lille"))
    assert "in the name of Eve Nobody" in client.post(here, returned(client, here, another)).text
    signed = sealing.signed(lent, partner.issue(name_of(sqlite_app), "Lille"))
    assert client.post(here, returned(client, here, signed)).status == 303
    assert states(sqlite_app)[0] == ("approved", "file")
    assert "You have signed." in client.get(address(letter)).text


def test_a_file_sent_twice_is_told_how_things_stand_and_nonsense_gives_nothing_back(
    sqlite_app: Flask, letters: dict[str, str], partner: authority.Authority
) -> None:
    client = Client(sqlite_app)
    (letter,) = letters.values()
    here = door(client, letter)
    lent = taken(client, here)
    assert client.post(here, {"do": "zzz"}).status == 400
    empty = client.post(here, {"do": "return", "file": "text"})
    assert empty.status == 422
    form = returned(client, here, sealing.signed(lent, partner.issue(name_of(sqlite_app), "Lille")))
    data = form["file"][0].getvalue()
    assert client.post(here, form).status == 303
    again = client.post(here, {**form, "file": (io.BytesIO(data), "s.pdf")}, form=address(letter))
    assert (again.status, again.location) == (303, address(letter))


def test_a_file_is_read_so_often_in_an_hour_and_no_more(
    sqlite_app: Flask, letters: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_signing, "FILES_AN_HOUR", 1)
    client = Client(sqlite_app)
    (letter,) = letters.values()
    here = door(client, letter)
    taken(client, here)
    assert [client.post(here, returned(client, here, b"x")).status for _turn in range(2)] == [422, 429]


def test_an_office_takes_in_a_file_whose_issuer_it_has_checked_itself(
    sqlite_app: Flask, letters: dict[str, str]
) -> None:
    office = Client(sqlite_app)
    office.sign_in("administrator@tests.example")
    with sqlite_app.app_context(), as_system(db.session(), "tests") as session:
        first = session.scalars(select(SignOff).order_by(SignOff.id)).first()
        assert first is not None
        here = f"{CONVENTION}/file/{first.public_id}"
        session.rollback()
    lent = taken(office, here)
    signed = sealing.signed(lent, sealing.other().issue("Ada", "Nowhere"))
    why = {"why": "Compared by telephone."}
    answer = office.post(here, {**returned(office, here, signed), **why})
    assert answer.status == 303
    assert states(sqlite_app)[0] == ("approved", "file")
    assert office.post(here, {"do": "take"}).status == 200
    assert "Nothing is asked here any more." in office.get(here).text


def test_the_page_of_a_head_asks_for_more_than_a_click(sqlite_app: Flask, letters: dict[str, str]) -> None:
    with sqlite_app.app_context(), transaction() as session, as_system(session, "tests"):
        rows = session.scalars(select(SignOff).order_by(SignOff.id)).all()
        for row in rows[:6]:
            session.refresh(row)
            sign(session, row)
        alive(session)
    letter = mailbox(sqlite_app, "ask")["s6"]
    page = Client(sqlite_app).get(address(letter))
    assert "asks for more than a click" in page.text
    assert 'value="approved"' not in page.text
    assert 'value="sent_back"' in page.text


def test_originals_are_followed_from_one_hand_to_the_next(sqlite_app: Flask, letters: dict[str, str]) -> None:
    office = Client(sqlite_app)
    office.sign_in("administrator@tests.example")
    sent = {"languages": ["fr"], "institution": "ghent", "sent_on": "2026-11-01"}
    assert office.post(f"{CONVENTION}/originals/add", sent).status == 303
    page = office.get(CONVENTION)
    assert "sent on 1 November 2026" in page.text
    assert "0 of 4 have signed" in page.text
    with sqlite_app.app_context(), as_system(db.session(), "tests") as session:
        row = session.scalars(select(Original)).one()
        here = f"{CONVENTION}/originals/{row.public_id}"
        session.rollback()
    early = office.post(here, {**sent, "received_on": "2026-10-01"})
    assert early.status == 422
    assert office.post(here, {**sent, "received_on": "2026-11-09"}).status == 303
    assert "received on 9 November 2026" in office.get(CONVENTION).text
    nobody = office.post(
        f"{CONVENTION}/originals/add", {"languages": ["fr"], "institution": "", "holder": ""}
    )
    assert nobody.status == 422


def test_an_institution_says_how_strong_signatures_must_be(sqlite_app: Flask) -> None:
    office = Client(sqlite_app)
    office.sign_in("directory@tests.example")
    here = "/institutions/ghent/signatures"
    chosen = {"director": "certificate", "unit_head": "any", "school": "strong", "head": "any"}
    assert office.post(here, chosen).status == 303
    page = office.get("/institutions/ghent").text
    assert "with a certificate in the file" in page
    stranger = Client(sqlite_app)
    stranger.sign_in("supervisor@tests.example")
    assert stranger.get(here).status == 403
