"""Amending a convention in the browser: begun by the office, read by the partner, signed, and read as one text."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle import clock
from cotutelle.db import transaction
from cotutelle.models import Convention, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.scope import as_system
from tests.client import Client, Page
from tests.conftest import Once
from tests.operations.complete import put
from tests.operations.in_force import in_force, signed

CONVENTION = "/theses/LILLE-2026-0001/convention"
REASON = {"reason_fr": "Une saison de plus.", "reason_en": "One more season."}


@pytest.fixture
def office(app: Flask, once: Once) -> Client:
    """The office of the lead, with a convention in force."""

    def act() -> None:
        with app.app_context(), transaction() as session, as_system(session, "tests"):
            in_force(session)

    once("in force", act)
    client = Client(app)
    client.sign_in("administrator@tests.example")
    return client


def begin(client: Client, *triggers: str, **more: str) -> Page:
    data = {"triggers": list(triggers), "expires_on": "2030-12-31", "effective_on": "", **REASON, **more}
    return client.post(f"{CONVENTION}/amend", data, form=f"{CONVENTION}/amend")


def rows(app: Flask) -> list[tuple[int, str, bool, bool]]:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        found = session.scalars(select(Convention).order_by(Convention.thesis_id, Convention.number))
        thesis = select(Thesis.id).where(Thesis.reference == "LILLE-2026-0001")
        only = session.scalar(thesis)
        return [(r.amendment, r.state, r.current, r.holding) for r in found if r.thesis_id == only]


def test_the_office_begins_an_amendment_and_sees_what_it_changes(app: Flask, office: Client) -> None:
    assert "Amend the convention" in office.get(CONVENTION).text
    assert begin(office, "extension").status == 303
    assert rows(app) == [(0, "in_force", False, True), (1, "draft", True, False)]
    page = office.get(CONVENTION).text
    assert "Amendment no. 1" in page
    assert "1 article changed" in page
    assert "One more season." in page
    assert "Article 35" in page
    assert "Languages of the text" not in page


def test_an_amendment_for_nothing_is_refused_and_what_was_typed_stays(office: Client) -> None:
    page = begin(office)
    assert page.status == 422
    assert "Choose what the amendment is made for." in page.text
    assert "One more season." in page.text


def test_while_one_is_being_made_the_page_leads_to_it(office: Client) -> None:
    begin(office, "extension")
    page = office.get(f"{CONVENTION}/amend").text
    assert "An amendment is being made already." in page
    assert "Begin the amendment" not in page
    assert begin(office, "title").status == 422


def test_what_it_is_made_for_may_be_changed_until_it_is_agreed(app: Flask, office: Client) -> None:
    begin(office, "extension")
    form = f"{CONVENTION}/amendment"
    data = {"triggers": ["extension", "stay"], "effective_on": "2027-01-01", **REASON}
    assert office.post(form, data, form=form).status == 303
    page = office.get(CONVENTION).text
    assert "It counts from 1 January 2027." in page
    assert office.get(f"{CONVENTION}/draft.pdf").status == 200


def test_given_up_the_convention_stands_as_before(app: Flask, office: Client) -> None:
    begin(office, "extension")
    form = f"{CONVENTION}/move"
    data = {"to": "void", "on": clock.today().isoformat(), "reason": "The defence is earlier."}
    assert office.post(form, data, form=form).status == 303
    assert rows(app) == [(0, "in_force", True, True), (1, "void", False, False)]
    assert "Amend the convention" in office.get(CONVENTION).text


def test_signed_it_is_part_of_the_text_in_force_on_its_day(app: Flask, office: Client) -> None:
    begin(office, "extension", effective_on="2027-06-01")
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
        put(session, thesis)
        signed(session, thesis, "cd" * 32)
        assert conventions.holding(session, thesis).expires_on == date(2030, 12, 31)
    before = office.get(f"{CONVENTION}/consolidated?on=2027-05-31").text
    after = office.get(f"{CONVENTION}/consolidated?on=2027-06-01").text
    assert "31 December 2030" not in before
    assert "31 December 2030" in after
    assert "amendment no. 1" in after
    assert (
        "No text of this convention was in force"
        in office.get(f"{CONVENTION}/consolidated?on=2020-01-01").text
    )
    assert office.get(f"{CONVENTION}/consolidated?on=yesterday").status == 404
    assert office.get(f"{CONVENTION}/consolidated.pdf?on=2027-06-01").status == 200
    assert office.get(f"{CONVENTION}/consolidated.pdf?on=2020-01-01").status == 302


def test_the_candidate_reads_the_amendment_and_the_text_in_force_and_begins_none(
    app: Flask, office: Client
) -> None:
    begin(office, "extension")
    candidate = Client(app)
    candidate.sign_in("candidate@tests.example")
    assert "Amendment no. 1" in candidate.get(CONVENTION).text
    assert candidate.get(f"{CONVENTION}/consolidated").status == 200
    assert candidate.get(f"{CONVENTION}/amend").status in (403, 404)
