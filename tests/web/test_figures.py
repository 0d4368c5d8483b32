"""The figures: exact over what the reader sees, each number the length of the list that it opens."""

import re
from html import unescape
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db, transaction
from cotutelle.models import PersonPrivate, Thesis
from cotutelle.operations import figures as acts
from cotutelle.scope import as_system
from tests.client import Client
from tests.conftest import Once
from tests.operations.in_force import in_force


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


def length(client: Client, url: str) -> int:
    text = client.get(url).text
    return len(set(re.findall(r'href="/theses/([A-Z]+-\d{4}-\d{4})"', text)))


@pytest.mark.parametrize(
    "query",
    ["", "?partner=ghent", "?country=BE", "?region=western_europe", "?country=FR&region=western_europe", "?since=2020",
     "?partner=ghent&convention=in_force", "?situation=in_order", "?state=draft"],
)  # fmt: skip
@pytest.mark.parametrize("who", ["administrator", "auditor"])
def test_every_number_is_as_long_as_the_list_that_it_opens(
    office: Client, app: Flask, who: str, query: str
) -> None:
    client = Client(app)
    client.sign_in(f"{who}@tests.example")
    page = client.get(f"/figures{query}")
    assert page.status == 200
    numbers = re.findall(r'<td class="ct-number"><a href="(/theses[^"]*)"[^>]*>(\d+)</a>', page.text)
    numbers += re.findall(r'<a href="(/theses[^"]*)"><span class="ct-figure-number">(\d+)</span>', page.text)
    assert numbers or "No thesis is counted here." in page.text
    for url, number in numbers:
        assert length(client, unescape(url)) == int(number), url


@pytest.mark.parametrize(
    ("query", "chip"),
    [("since=1999", "since 1999"), ("q=zzz", "“zzz”"), ("situation=in_order", "In order"), ("country=BR", "Brazil"),
     ("partner=nobody", "nobody"), ("defence=2099", "defence in 2099")],
)  # fmt: skip
@pytest.mark.parametrize("where", ["figures", "theses"])
def test_whatever_narrows_a_page_is_said_and_can_be_taken_away(
    office: Client, where: str, query: str, chip: str
) -> None:
    text = office.get(f"/{where}?{query}").text
    (url,) = re.findall(rf'ct-chip--set" href="([^"]*)">{chip}', text)
    assert query not in unescape(url)


def test_two_institutions_together_mean_the_theses_that_both_share(office: Client) -> None:
    both = office.get("/figures?partner=ghent").text
    assert 'href="/theses?partner=ghent,lille"' in unescape(both.replace("%2C", ","))
    assert length(office, "/theses?partner=ghent,lille") == 1
    assert length(office, "/theses?partner=ghent,ku-leuven") == 0


def test_a_name_narrows_everything_to_it_and_is_taken_away_again(office: Client) -> None:
    page = office.get("/figures?region=western_europe&since=2026&partner=ghent")
    for chip in ("Western Europe", "since 2026", "UGent"):
        assert re.search(rf'ct-chip--set"[^>]*>{chip}', page.text), chip
    empty = office.get("/figures?region=latin_america")
    assert "No thesis is counted here." in empty.text


def test_how_long_a_convention_took_is_told_by_institution_and_by_step(office: Client) -> None:
    text = office.get("/figures").text
    assert "days from request to signature, of 1 convention" in text
    assert "Days in each state on the way" in text


def test_each_table_is_had_as_csv_that_no_spreadsheet_takes_for_formulas(office: Client) -> None:
    answer = office.get("/figures/institutions.csv?partner=ghent").response
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "Institution;Theses"
    assert set(lines[1:]) == {"Lille;1", "UGent;1"}
    assert office.get("/figures/nothing.csv").status == 404


def test_shares_of_women_and_men_are_told_where_there_are_five_of_each_and_never_of_a_narrowed_page(
    office: Client, app: Flask
) -> None:
    assert "Women and men" not in office.get("/figures").text
    with app.app_context(), as_system(db.session(), "tests") as session:
        ids = select(Thesis.id)
        with patch.object(acts, "FEWEST", 1):
            assert acts.genders(session, ids) == {}  # one candidate has said so
            row = session.scalars(select(PersonPrivate)).first()
            assert row is not None
    with patch.object(acts, "genders", lambda *_: {"woman": 60, "man": 40}):
        assert "Women and men" in office.get("/figures").text
        assert "Women and men" not in office.get("/figures?year=2026").text


@pytest.mark.parametrize(
    ("who", "status"), [("auditor", 200), ("partner", 200), ("candidate", 403), ("supervisor", 403)]
)
def test_who_sees_figures(app: Flask, who: str, status: int) -> None:
    client = Client(app)
    client.sign_in(f"{who}@tests.example")
    assert client.get("/figures").status == status


def test_nobody_counts_what_they_do_not_see(app: Flask) -> None:
    client = Client(app)
    client.sign_in("ghent_administrator@tests.example")
    assert 'class="ct-figure-number">1</span>' in client.get("/figures").text
