"""Clauses in own words and framework agreements in the browser: written, looked at, used by a convention."""

import io
import re

import pytest
from flask import Flask

from tests.client import Client, Page

BASIS = "/theses/LILLE-2026-0001/convention/basis"
CONVENTION = "/theses/LILLE-2026-0001/convention"


@pytest.fixture
def office(app: Flask) -> Client:
    client = Client(app)
    client.sign_in("administrator@tests.example")
    return client


def answers(page: Page) -> dict[str, str]:
    """The text fields of a form as a browser would send them back."""
    found = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page.text, flags=re.DOTALL)
    found += [
        (name, value)
        for name, value in re.findall(
            r'<input[^>]*name="([^"]+)"[^>]*type="(?:text|date)"[^>]*value="([^"]*)"', page.text
        )
    ]
    return {name: text.replace("&#39;", "'").replace("&amp;", "&") for name, text in found}


def begun(client: Client, clause: str = "CL-22") -> str:
    answer = client.post(f"/clauses/{clause}/new", {"name": "Ours", "institution": "lille"})
    assert answer.status == 303
    return answer.location


def written(client: Client, url: str, act: str = "", **more: str) -> Page:
    said = {"from_on": "2020-01-01", "languages": "fr,en", **answers(client.get(url)), **more}
    return client.post(url, {**said, "act": act} if act else said, form=url)


def test_a_clause_is_said_in_own_words_seen_first_and_then_used(office: Client) -> None:
    url = begun(office)
    own = {"fr__added": "Dépôt chez {{lead}}.", "en__added": "Deposited at {{lead}}."}
    seen = written(office, url, "preview", thesis="LILLE-2026-0001", **own)
    assert seen.status == 200
    assert "Dépôt chez Lille." in seen.text
    assert "Dépôt chez Lille." not in office.get(CONVENTION).text
    assert written(office, url, **own).status == 303
    assert "Dépôt chez Lille." in office.get(CONVENTION).text
    assert "Ours" in office.get("/clauses").text
    page = office.get(BASIS)
    assert "Ours, version 1 (FR, EN)" in page.text
    assert office.post(f"{BASIS}/clauses/CL-22", {"variant": ""}, form=BASIS).status == 303
    assert "Dépôt chez Lille." not in office.get(CONVENTION).text


def test_a_refusal_stands_beside_its_paragraph_and_nothing_typed_is_lost(office: Client) -> None:
    url = begun(office)
    page = written(office, url, fr__added="Au taux de {{rate}}.", en__added="At {{rate}}.")
    assert page.status == 422
    assert any("{{rate}}" in error for error in page.errors)
    assert "Au taux de {{rate}}." in page.text


def test_a_jurists_reading_is_noted_and_a_wording_retired(office: Client) -> None:
    url = begun(office)
    written(office, url, fr__added="Un.", en__added="One.")
    read = {"language": "fr", "who": "Me Dupont", "on": "2026-11-24"}
    assert office.post(f"{url}/read", read, form=url).status == 303
    assert "read by Me Dupont" in office.get(url).text
    assert office.post(f"{url}/retire", {}, form=url).status == 303
    assert "Un." not in office.get(CONVENTION).text


def framework(client: Client, **more: object) -> str:
    facts = {
        "texts-0-language": "fr", "texts-0-title": "Convention-cadre Lille-Gand",
        "texts-1-language": "en", "texts-1-title": "Lille–Ghent framework",
        "institutions": ["lille", "ghent"], "begins_on": "2020-01-01", "ends_on": "2027-12-31",
        "place_CL-22": "article 7",
    }  # fmt: skip
    answer = client.post("/frameworks/new", {**facts, **more})
    assert answer.status == 303, answer.errors
    return answer.location


def test_a_convention_is_put_under_a_framework_and_told_when_that_ends_first(office: Client) -> None:
    url = framework(office)
    assert "article 7" in office.get(url).text
    name = url.rpartition("/")[2]
    assert office.post(f"{BASIS}/framework", {"framework": name}, form=BASIS).status == 303
    assert "Convention-cadre Lille-Gand" in office.get(CONVENTION).text
    terms = f"{CONVENTION}/terms/validity"
    office.post(terms, {"expires_on": "2027-12-31"})
    assert "ends before the convention" not in office.get(CONVENTION).text
    office.post(terms, {"expires_on": "2028-01-01"})
    assert "ends before the convention" in office.get(CONVENTION).text
    assert "LILLE-2026-0001" in office.get(url).text
    listed = office.get("/frameworks").text
    assert "Lille–Ghent framework" in listed


def test_its_text_is_kept_as_it_came_and_hostile_files_are_refused(office: Client) -> None:
    url = framework(office)
    hostile = (io.BytesIO(b"<html><script>alert(1)</script>"), "a.pdf")
    assert office.post(f"{url}/keep", {"file": hostile}, form=url).status in {409, 422}
    assert office.get(f"{url}/text").status == 404


def test_it_is_changed_and_a_year_before_its_beginning_is_refused(office: Client) -> None:
    url = framework(office)
    form = f"{url}/edit"
    same = {
        "texts-0-language": "fr",
        "texts-0-title": "Autre titre",
        "institutions": ["lille", "ghent"],
        "begins_on": "2020-01-01",
    }
    assert office.post(form, {**same, "ends_on": "2019-01-01"}).status == 422
    assert office.post(form, same).status == 303
    assert "Autre titre" in office.get(url).text


def test_the_languages_stand_one_after_the_other(office: Client) -> None:
    assert office.post(f"{BASIS}/layout", {"layout": "parts"}, form=BASIS).status == 303
    assert re.search(r'value="parts" checked', office.get(BASIS).text)
    assert office.post(f"{BASIS}/layout", {"layout": "sideways"}, form=BASIS).status == 303
    assert re.search(r'value="parts" checked', office.get(BASIS).text)


def test_an_office_that_it_does_not_bind_changes_no_framework(app: Flask, office: Client) -> None:
    url = framework(office, institutions=["lille", "laval"])
    other = Client(app)
    other.sign_in("ghent_administrator@tests.example")
    assert other.get(url).status == 200
    assert other.get(f"{url}/edit").status == 403
    assert other.post(f"{url}/keep", {"file": (io.BytesIO(b"%PDF-1.4"), "a.pdf")}, form=url).status in {
        403,
        400,
    }
    entered = other.post(
        "/frameworks/new",
        {
            "texts-0-language": "fr",
            "texts-0-title": "X",
            "institutions": ["lille", "laval"],
            "begins_on": "2020-01-01",
        },
    )
    assert entered.status == 422


def test_a_title_without_its_language_or_twice_in_one_is_refused(office: Client) -> None:
    same = {
        "institutions": ["lille", "ghent"],
        "begins_on": "2020-01-01",
        "texts-0-language": "fr",
        "texts-0-title": "A",
    }
    for more in (
        {"texts-1-title": "B"},
        {"texts-1-language": "fr", "texts-1-title": "B"},
        {"texts-1-language": "en", "texts-1-scope": "C"},
    ):
        assert office.post("/frameworks/new", {**same, **more}).status == 422, more


def test_a_language_that_a_chosen_wording_lacks_is_said_in_words_everywhere(office: Client) -> None:
    url = begun(office)
    written(office, url, fr__added="Un.", en__added="One.")
    name = url.rpartition("/")[2]
    office.post(f"{BASIS}/clauses/CL-22", {"variant": name}, form=BASIS)
    office.post(f"{CONVENTION}/languages", {"languages": ["fr", "en", "nl"]}, form=CONVENTION)
    for page in (CONVENTION, f"{CONVENTION}/articles/CL-22", f"{CONVENTION}/put", f"{CONVENTION}/draft.docx"):
        assert office.get(page).status in {200, 409, 422}, page
