"""The page for theses.fr: what is noted, what still lacks, and the file with every university."""

import pytest
from flask import Flask

from tests.client import Client

URL = "/theses/LILLE-2026-0001/registry"
NOTED = {
    "abstract_fr": "Résumé.", "abstract_en": "Abstract.", "keywords_fr": "quai\n\n port ", "keywords_en": "quay",
    "rameau": "Ports", "nnt": "2026ULILH001", "oai_set": "940", "on_works": "no", "reproduction": "yes",
}  # fmt: skip


@pytest.fixture
def office(app: Flask) -> Client:
    client = Client(app)
    client.sign_in("administrator@tests.example")
    return client


def test_what_is_noted_stands_in_the_file_beside_every_university(office: Client) -> None:
    assert office.post(URL, NOTED, form=URL).status == 303
    page = office.get(URL)
    for text in ("Résumé.", "quai\nport", "2026ULILH001", "ddc:940", "the date of birth"):
        assert text in page.text, text
    answer = office.get(f"{URL}.xml").response
    assert answer.headers["Content-Disposition"] == 'attachment; filename="LILLE-2026-0001.xml"'
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.get_data(as_text=True)
    assert told.count("<tef:thesis.degree.grantor>") == 2
    assert "Résumé." in told
    assert "<tef:theseSurTravaux>non</tef:theseSurTravaux>" in told


def test_a_number_of_another_form_is_refused_with_what_one_looks_like(office: Client) -> None:
    page = office.post(URL, {**NOTED, "nnt": "2026"}, form=URL)
    assert (page.status, "2026ULILH001" in " ".join(page.errors)) == (422, True)
    assert "Résumé." in page.text


def test_nobody_else_s_change_is_overwritten(office: Client) -> None:
    seen = office.get(URL).hidden("version")
    assert office.post(URL, NOTED, form=URL).status == 303
    assert office.post(URL, {**NOTED, "version": seen}, form=URL).status == 422


def test_the_office_of_a_partner_abroad_reads_nothing_of_the_candidate_s_birth(app: Flask) -> None:
    client = Client(app)
    client.sign_in("ghent_administrator@tests.example")
    assert [client.get(URL).status, client.get(f"{URL}.xml").status] == [403, 403]
    assert "/registry" not in client.get("/theses/LILLE-2026-0001").text


def test_a_candidate_has_no_such_page(app: Flask) -> None:
    client = Client(app)
    client.sign_in("candidate@tests.example")
    assert [client.get(URL).status, client.get(f"{URL}.xml").status] == [403, 403]
