"""Partnerships in the browser: entered, changed, put over a thesis, filtered by; and who may not."""

import io
import re

import pytest
from flask import Flask

from tests.client import Client, Page
from tests.files import picture

THESIS = "/theses/LILLE-2026-0001"
BOF = {
    "code": "bof-ghent-lille", "kind": "funding_frame", "short_name": "BOF", "texts-0-language": "fr",
    "texts-0-name": "Mandats conjoints", "texts-1-language": "en", "texts-1-name": "Joint mandates",
    "members-0-institution": "lille", "members-0-role": "host", "members-1-institution": "ghent",
    "members-1-role": "funder", "members-1-from_on": "2019-01-01", "contacts-0-name": "Ada Lovelace",
    "contacts-0-in_charge": "y", "calls-0-title": "Mandates 2027", "calls-0-closes_on": "2026-12-10",
    "levels": ["doctorate"],
}  # fmt: skip


@pytest.fixture
def office(app: Flask) -> Client:
    client = Client(app)
    client.sign_in("administrator@tests.example")
    return client


def enter(client: Client, **more: object) -> Page:
    return client.post("/partnerships/new", {**BOF, **more}, form="/partnerships/new")


def test_one_is_entered_seen_and_put_over_a_thesis_which_is_then_found_by_it(office: Client) -> None:
    assert enter(office).location.endswith("/partnerships/bof-ghent-lille")
    page = office.get("/partnerships/bof-ghent-lille")
    for text in (
        "Joint mandates",
        "Ada Lovelace",
        "Mandates 2027",
        "At least 6 months",
        "since 1 January 2019",
    ):
        assert text in page.text, text
    address = f"{THESIS}/partnerships"
    assert office.post(address, {"partnerships": ["bof-ghent-lille"]}, form=address).status == 303
    assert "/partnerships/bof-ghent-lille" in office.get(THESIS).text
    assert "LILLE-2026-0001" in office.get("/partnerships/bof-ghent-lille").text
    found = office.get("/theses?partnership=bof-ghent-lille").text
    assert "LILLE-2026-0001" in found
    assert "1 of " in found or "1 thesis" in found
    assert (
        "BOF-UG-LIL-STAY" in office.get(f"{THESIS}/findings").text
        or "6 months" in office.get(f"{THESIS}/findings").text
    )
    assert "BOF" in office.get("/institutions/ghent").text


def test_what_is_refused_stands_on_the_page_with_what_was_typed(office: Client) -> None:
    page = enter(office, **{"calls-0-closes_on": ""})
    assert page.status == 422
    assert any("Every call needs" in error for error in page.errors)
    assert "Mandates 2027" in page.text
    page = enter(office, **{"members-0-institution": "", "members-1-institution": ""})
    assert page.status == 422
    page = enter(office, **{"texts-1-language": "fr"})
    assert page.status == 422
    assert enter(office).status == 303
    assert any("already used" in error for error in enter(office).errors)


def test_it_is_changed_and_somebody_else_s_change_is_not_overwritten(office: Client) -> None:
    enter(office)
    address = "/partnerships/bof-ghent-lille/edit"
    page = office.get(address)
    changed = {**BOF, "short_name": "BOF joint"}
    assert office.post(address, changed, form=address).status == 303
    assert "BOF joint" in office.get("/partnerships").text
    stale = {
        **changed,
        "version": page.hidden("version"),
        "csrf_token": page.hidden("csrf_token"),
        "act_key": "k" * 24,
    }
    answer = Page(office.browser.post(address, data=stale))
    assert answer.status == 422
    assert "Somebody changed this meanwhile" in answer.text


def test_one_with_as_many_rows_as_the_form_takes_is_changed_like_any_other(office: Client) -> None:
    calls = {f"calls-{n}-title": f"Call {n}" for n in range(20)}
    days = {f"calls-{n}-closes_on": "2026-12-10" for n in range(20)}
    contacts = {f"contacts-{n}-name": f"Name {n}" for n in range(20)}
    assert enter(office, **calls, **days, **contacts).status == 303
    page = office.get("/partnerships/bof-ghent-lille/edit")
    assert (page.status, "Call 19" in page.text, "Name 19" in page.text) == (200, True, True)


def test_a_purpose_needs_its_name(office: Client) -> None:
    page = enter(office, **{"texts-2-language": "nl", "texts-2-purpose": "Waarvoor"})
    assert (page.status, "Waarvoor" in page.text) == (422, True)


def test_who_takes_part_no_longer_changes_nothing(office: Client, app: Flask) -> None:
    enter(office, **{"members-0-from_on": "2019-01-01", "members-0-until_on": "2020-01-01"})
    assert office.get("/partnerships/bof-ghent-lille/edit").status == 403


def test_money_names_the_partnership_that_it_comes_from(office: Client) -> None:
    enter(office)
    office.post(
        f"{THESIS}/partnerships", {"partnerships": ["bof-ghent-lille"]}, form=f"{THESIS}/partnerships"
    )
    money = {"kind": "scholarship", "funder": "Ghent", "partnership": "bof-ghent-lille", "asks": "Six months"}
    assert office.post(f"{THESIS}/funding", money, form=f"{THESIS}/funding").status == 303
    text = office.get(f"{THESIS}/funding").text
    assert "Ghent (BOF)" in text
    assert "Six months" in text
    assert (
        "1 thesis"
        in re.sub(r".*BOF\)?</a>", "", office.get("/rulebooks").text, count=1, flags=re.DOTALL)[:300]
    )


def test_a_document_is_kept_served_and_taken_out(office: Client) -> None:
    enter(office)
    address = "/partnerships/bof-ghent-lille"
    data = {"title": "Call text", "file": (io.BytesIO(picture("jpeg")), "call.jpg")}
    assert office.post(f"{address}/documents", data, form=address).status == 303
    page = office.get(address)
    (link,) = re.findall(rf'href="({address}/documents/\w+)"', page.text)
    answer = office.get(link).response
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert office.post(f"{link}/remove", form=address).status == 303
    assert "Call text" not in office.get(address).text


def test_who_works_for_no_member_changes_nothing(office: Client, app: Flask) -> None:
    enter(office)
    assert (
        enter(
            office, code="other", **{"members-0-institution": "ku-leuven", "members-1-institution": ""}
        ).status
        == 422
    )
    stranger = Client(app)
    stranger.sign_in("partner@tests.example")
    assert stranger.get("/partnerships/bof-ghent-lille").status == 200
    assert stranger.get("/partnerships/bof-ghent-lille/edit").status == 403
    candidate = Client(app)
    candidate.sign_in("candidate@tests.example")
    assert candidate.get("/partnerships").status == 403


@pytest.mark.parametrize(
    ("asked", "found"),
    [("region=western_europe", True), ("region=latin_america", False), ("country=BE", True), ("country=BR", False),
     ("since=2026", True), ("since=2027", False), ("region=atlantis", True), ("partnership=none", False)],
)  # fmt: skip
def test_theses_are_found_by_country_region_and_since_a_year(office: Client, asked: str, found: bool) -> None:
    assert ("LILLE-2026-0001" in office.get(f"/theses?{asked}").text) is found
