"""Numbers are written as the language of the page writes them, also in drawings, forms and comparisons."""

import re
from datetime import date
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import transaction
from cotutelle.models import Thesis
from cotutelle.operations import stay
from cotutelle.scope import as_system
from tests import builders
from tests.builders import ACTOR, NOW, TODAY, World
from tests.client import Client

HERE = "/theses/LILLE-2026-0001"


@pytest.fixture
def client(sqlite_app: Flask, world: World) -> Client:
    """An office's browser; the thesis has a stay of three months and a part done, and one to come."""
    with sqlite_app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        ghent = builders.institution(session, "ghent").id
        for begin, end, done in (
            (date(2026, 3, 1), date(2026, 6, 7), True),
            (date(2028, 3, 1), date(2028, 7, 13), False),
        ):
            stay.save_stay(session, thesis, None, ghent, begin, end, done, ACTOR, NOW, today=TODAY)
    found = Client(sqlite_app)
    found.sign_in(world.emails["administrator"])
    return found


def in_language(client: Client, language: str, path: str) -> str:
    client.browser.set_cookie("language", language)
    return unescape(client.get(path).text).replace("\u202f", " ").replace("\xa0", " ")


def drawn(page: str) -> str:
    """The words of the drawings: what stands between the tags of their texts."""
    return " ".join(re.findall(r"<text[^>]*>(.*?)</text>", page))


@pytest.mark.parametrize(("language", "sign", "other"), [("fr", ",", "."), ("en", ".", ",")])
def test_drawings_write_decimals_as_the_language_does(
    client: Client, language: str, sign: str, other: str
) -> None:
    words = drawn(in_language(client, language, HERE))
    for months in ("3{}2", "4{}4"):
        assert words.count(months.format(sign)) >= 2, "in the chart of stays and in the timeline"
        assert months.format(other) not in words


def test_sums_of_money_are_written_and_read_as_the_language_does(client: Client) -> None:
    client.browser.set_cookie("language", "fr")
    given = {"kind": "contract", "funder": "Région", "monthly_amount": "2 300,50", "currency": "EUR"}
    assert client.post(f"{HERE}/funding", given).status == 303
    assert "2 300,50 € par mois" in in_language(client, "fr", f"{HERE}/funding")
    assert "€2,300.50 a month" in in_language(client, "en", f"{HERE}/funding")
    refused = client.post(f"{HERE}/funding", {**given, "funder": "", "monthly_amount": "1 000,5"})
    assert refused.status == 422
    assert 'value="1 000,5"' in refused.text, "what was typed stays as it was typed"


def test_a_sum_in_a_form_is_shown_with_the_comma_it_is_typed_with(client: Client) -> None:
    path = f"{HERE}/convention/terms/defence"
    assert client.post(path, {"travel_cap": "1200.50"}).status == 303
    assert 'name="travel_cap"' in in_language(client, "fr", path)
    assert re.search(r'name="travel_cap"[^>]*value="1200,50"', in_language(client, "fr", path))
    assert re.search(r'name="travel_cap"[^>]*value="1200.50"', in_language(client, "en", path))
