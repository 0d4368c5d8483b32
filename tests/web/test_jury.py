"""Proves that the screens of a jury ask again rather than save over what somebody else did, and lose nothing typed."""

import re
from typing import Any

import pytest
from flask import Flask

from tests.builders import World
from tests.client import Client, Page
from tests.conftest import Once
from tests.web.test_edits import answers

MEMBERS = [
    ("Ní Chatháin", "rapporteur", "A"), ("Œuvrard", "rapporteur", "A"), ("Łukasik", "member", "A"),
    ("Þórsdóttir", "member", "A"), ("Quintana", "member", "A"),
]  # fmt: skip


@pytest.fixture
def jury(app: Flask, client: Client, world: World, once: Once) -> str:
    """The address of a jury of both directors and five others, every rule of Lille and Ghent met."""
    url, email = f"/theses/{world.thesis}/jury", world.emails["administrator"]
    once("a jury that meets every rule", lambda: named(Client(app), email, url))
    client.sign_in(email)
    return url


def named(client: Client, email: str, url: str) -> None:
    """Name its members as the office does."""
    client.sign_in(email)
    assert client.post(f"{url}/begin", form=url).status == 303
    for seat in re.findall(rf'href="({url}/seats/\w+)"', client.get(url).text):
        assert sent(client, seat, rank="A").status == 303
    for name, capacity, rank in MEMBERS:
        more = {"family_name": name, "elsewhere": "Pisa", "capacity": capacity, "rank": rank}
        done = sent(
            client, f"{url}/seats/add", accredited="yes", copublished="no", sits="yes", decides="yes", **more
        )
        assert done.status == 303, done.errors


def sent(client: Client, url: str, **more: Any) -> Page:
    """The form at an address, sent with these answers."""
    return Page(client.browser.post(url, data={**answers(client.get(url)), **more}))


def test_a_proposal_is_tried_by_its_number_and_by_nothing_else(client: Client, jury: str) -> None:
    for asked in ("1", "012", "99", "0123456789", "²", "-1", ""):
        assert client.get(f"{jury}?try={asked}").status == 200


def test_a_jury_that_keeps_every_rule_is_proposed_approved_and_decided(
    client: Client, jury: str, world: World
) -> None:
    proposed = sent(client, f"{jury}/propose")
    assert proposed.status == 303, proposed.errors
    assert sent(client, f"{jury}/decide").status == 422
    for code in ("lille", "ghent"):
        assert sent(client, f"{jury}/approve?institution={code}", note="By mail").status == 303
    decided = sent(client, f"{jury}/decide")
    assert decided.status == 303, decided.errors
    assert "By mail" in client.get(jury).text


def test_the_candidate_reads_who_sits_once_the_jury_is_appointed_and_not_a_day_before(
    client: Client, jury: str, world: World, app: Flask
) -> None:
    candidate = Client(app)
    candidate.sign_in(world.emails["candidate"])
    page = f"/theses/{world.thesis}"
    assert sent(client, f"{jury}/propose").status == 303
    for code in ("lille", "ghent"):
        assert sent(client, f"{jury}/approve?institution={code}").status == 303
    for name, _capacity, _rank in MEMBERS:
        assert name not in candidate.get(page).text
    assert sent(client, f"{jury}/decide").status == 303
    shown = candidate.get(page).text
    for name, _capacity, _rank in MEMBERS:
        assert name in shown
    assert jury not in shown, "the screen on which the jury is made stays the offices’"
    assert candidate.get(jury).status == 403


def test_an_approval_written_while_the_jury_changed_is_asked_again_with_its_note(
    client: Client, jury: str
) -> None:
    assert sent(client, f"{jury}/propose").status == 303
    url = f"{jury}/approve?institution=ghent"
    opened = answers(client.get(url))
    seat = re.findall(rf'href="({jury}/seats/\w+)"', client.get(jury).text)[-1]
    assert sent(client, seat, grade="Professoressa").status == 303
    page = Page(client.browser.post(url, data={**opened, "note": "Of Tuesday"}))
    assert page.status == 422
    assert any("Somebody changed this meanwhile" in error for error in page.errors)
    again = answers(page)
    assert again["note"] == "Of Tuesday"
    assert Page(client.browser.post(url, data=again)).status == 303


def test_a_day_before_the_proposal_is_refused(client: Client, jury: str) -> None:
    assert sent(client, f"{jury}/propose").status == 303
    page = sent(client, f"{jury}/approve?institution=ghent", on="2020-01-01")
    assert page.status == 422
    assert any("before the last step" in error for error in page.errors)


@pytest.mark.parametrize("act", ["propose", "decide", "reopen", "remote", "seats/add"])
def test_a_supervisor_changes_nothing_of_the_jury(client: Client, jury: str, world: World, act: str) -> None:
    client.post("/sign-out", form="/account")
    client.sign_in(world.emails["supervisor"])
    assert client.get(f"{jury}/{act}").status in (403, 404)


def test_whoever_supervises_sits_without_deciding_until_somebody_says_otherwise(
    client: Client, jury: str
) -> None:
    assert '<input type="hidden" name="short" value="y">' in client.get(jury).text
    short = {"institution": "ghent", "rank": "A", "sits": "y", "short": "y"}
    for name, capacity in (("Ebba", "co_director"), ("Ida", "member")):
        typed = {**short, "family_name": name, "capacity": capacity}
        done = client.post(f"{jury}/seats/add", typed, form=jury)
        assert done.status == 303, done.text
    seats = re.findall(rf'href="({jury}/seats/\w+)">([^<]*)<', client.get(jury).text)
    decides = {name.split()[-1]: "decides" in answers(client.get(url)) for url, name in seats}
    assert (decides["Ebba"], decides["Ida"]) == (False, True)
    assert "decides" not in answers(client.get(f"{jury}/seats/add?institution=ghent&capacity=director"))
    assert "decides" in answers(client.get(f"{jury}/seats/add?institution=ghent"))


def test_what_the_short_form_refuses_keeps_who_decides(client: Client, jury: str) -> None:
    typed = {"family_name": "", "capacity": "member", "sits": "y", "short": "y"}
    again = client.post(f"{jury}/seats/add", typed, form=jury)
    assert again.status == 422
    assert "decides" in answers(again)
    assert not answers(again).get("short")


def test_a_member_from_afar_is_said_beside_the_jury(client: Client, jury: str) -> None:
    assert "Nobody takes part remotely." in client.get(jury).text
    seat = re.findall(rf'href="({jury}/seats/\w+)"', client.get(jury).text)[-1]
    assert sent(client, seat, remote="y").status == 303
    assert "Some members take part remotely." in client.get(jury).text


def test_a_mere_reading_of_a_text_is_marked_where_rules_meet(client: Client, jury: str) -> None:
    page = client.get(jury.replace("/jury", "/reconcile")).text
    row = page[page.index(">FR-JURY-EXT-BOTH<") :].partition("</li>")[0]
    assert "a reading that a jurist should confirm" in row
    sure = page[page.index(">FR-JURY-SIZE<") :].partition("</li>")[0]
    assert "jurist" not in sure
