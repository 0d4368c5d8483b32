"""The figures: exact over what the reader sees, each number the length of the list that it opens."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db, transaction
from cotutelle.models import PersonPrivate, Thesis
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


def test_every_number_is_as_long_as_the_list_that_it_opens(office: Client) -> None:
    page = office.get("/figures")
    assert page.status == 200
    numbers = re.findall(r'<td class="ct-number"><a href="(/theses[^"]*)"[^>]*>(\d+)</a>', page.text)
    numbers += re.findall(r'<a href="(/theses[^"]*)"><span class="ct-figure-number">(\d+)</span>', page.text)
    assert len(numbers) > 10
    for url, number in numbers:
        assert length(office, unescape(url)) == int(number), url


def test_a_name_narrows_everything_to_it_and_is_taken_away_again(office: Client) -> None:
    page = office.get("/figures?region=western_europe&since=2026&partner=ghent")
    for chip in ("Western Europe", "since 2026", "UGent"):
        assert re.search(rf'ct-chip--set"[^>]*>{chip}', page.text), chip
    empty = office.get("/figures?region=latin_america")
    assert "No thesis is counted here." in empty.text


def test_how_long_a_convention_took_is_told_by_institution_and_by_step(office: Client) -> None:
    text = office.get("/figures").text
    assert "days from request to signature: the median of 1 conventions" in text
    assert "Days in each state on the way" in text


def test_each_table_is_had_as_csv_that_no_spreadsheet_takes_for_formulas(office: Client) -> None:
    answer = office.get("/figures/institutions.csv?partner=ghent").response
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "Institution;Theses"
    assert set(lines[1:]) == {"Lille;1", "UGent;1"}
    assert office.get("/figures/nothing.csv").status == 404


def test_of_fewer_than_five_people_no_share_is_told(office: Client, app: Flask) -> None:
    assert "Women and men" not in office.get("/figures").text
    with app.app_context(), as_system(db.session(), "tests") as session:
        given = session.scalars(
            select(PersonPrivate.gender).join(Thesis, Thesis.candidate_id == PersonPrivate.person_id)
        ).all()
    assert 0 < len(given) < 5


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
