"""Certificates and forms in the browser: what they lack, looked at, made, kept, and by whom."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.models import Document
from cotutelle.scope import as_system
from tests.client import Client

THESIS = "/theses/LILLE-2026-0001"
PAPERS = f"{THESIS}/papers"


@pytest.fixture
def office(app: Flask) -> Client:
    client = Client(app)
    client.sign_in("administrator@tests.example")
    return client


def kept(app: Flask) -> list[tuple[str, str]]:
    with app.app_context(), as_system(db.session(), "tests"):
        rows = db.session.scalars(select(Document).order_by(Document.id)).all()
        found = [(row.kind, row.audience) for row in rows]
        db.session.rollback()
    return found


def test_what_a_paper_lacks_is_named_and_leads_to_where_it_is_given(office: Client) -> None:
    page = office.get(PAPERS).text
    assert "the hour of the defence" in page
    assert re.search(rf'<a href="{THESIS}/jury">the members of the jury</a>', page)


def test_one_that_lacks_something_is_refused_and_says_what(office: Client) -> None:
    answer = office.post(f"{PAPERS}/defence_notice/make", {}, form=PAPERS)
    assert answer.status in {409, 422}
    assert "the day of the defence" in answer.text


def test_a_draft_is_drawn_for_each_kind(office: Client) -> None:
    for kind in ("cotutelle_certificate", "jury_proposal", "defence_report"):
        answer = office.get(f"{PAPERS}/{kind}.pdf")
        assert answer.status == 200
        assert answer.response.data.startswith(b"%PDF-")
    assert office.get(f"{PAPERS}/oath.pdf").status == 404
    assert office.get(f"{PAPERS}/enrolment_certificate.pdf?year=1999").status == 404
    assert office.get(f"{PAPERS}/jury_invitation.pdf?seat=nobody").status == 404
    assert office.get(f"{PAPERS}/cotutelle_certificate.pdf?issuer=laval").status == 404


def test_a_certificate_of_enrolment_is_made_and_kept_for_the_candidate(app: Flask, office: Client) -> None:
    form = f"{THESIS}/enrolment?year=2026"
    year = {
        "cells-0-enrolled_on": "2026-10-03", "cells-0-fee": "paid", "cells-1-enrolled_on": "2026-10-05",
        "cells-1-fee": "waived",
    }  # fmt: skip
    assert office.post(form, year).status == 303
    page = office.get(PAPERS).text
    assert "the school or faculty" not in page
    said = {"issuer": "lille", "year": "2026"}
    answer = office.post(f"{PAPERS}/enrolment_certificate/make", said, form=PAPERS)
    assert answer.status == 303, answer.text
    again = office.post(f"{PAPERS}/enrolment_certificate/make", {**said, "year": "2027"}, form=PAPERS)
    assert again.status == 404
    assert kept(app)[-1] == ("enrolment", "candidate")


def test_the_hour_of_the_defence_is_given_with_its_day(app: Flask, office: Client) -> None:
    form = f"{THESIS}/edit"
    same = {
        "title": "Gouverner les crues", "title_language": "fr", "defence_on": "2029-11-05",
        "defence_place": "salle des actes",
    }  # fmt: skip
    assert office.post(form, {**same, "defence_hour": "25:00"}).status == 422
    assert office.post(form, {**same, "defence_hour": "9h30"}).status == 303
    assert 'value="09:30"' in office.get(form).text
    assert "the hour of the defence" not in office.get(PAPERS).text


def test_nobody_but_the_offices_makes_them(app: Flask) -> None:
    for who in ("candidate", "supervisor", "partner", "auditor"):
        client = Client(app)
        client.sign_in(f"{who}@tests.example")
        assert client.get(PAPERS).status == 403


def test_an_office_issues_in_the_name_of_its_own_institution(app: Flask) -> None:
    client = Client(app)
    client.sign_in("ghent_administrator@tests.example")
    page = client.get(PAPERS).text
    assert "issuer=ghent" in page
    assert "issuer=lille" not in page
    assert client.get(f"{PAPERS}/cotutelle_certificate.pdf?issuer=lille").status == 404
    assert client.get(f"{PAPERS}/enrolment_certificate.pdf?year={'9' * 30}").status == 404
