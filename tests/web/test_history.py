"""The history of a thesis can be read to its first entry, in words, by those who may know each entry."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import transaction
from cotutelle.domain.enrolment import Fee
from cotutelle.models import Thesis
from cotutelle.operations import enrolment, stay
from cotutelle.scope import as_system
from tests import builders
from tests.builders import ACTOR, NOW, TODAY, World
from tests.client import Client, Page
from tests.conftest import Once

HERE = "/theses/LILLE-2026-0001"
STAYS = 30


@pytest.fixture
def busy(app: Flask, world: World, once: Once) -> Client:
    """The administrator's browser, and a thesis to which a lot was done."""
    app.config["PAGE_SIZE"] = 4
    once("a busy thesis", lambda: work(app, world))
    client = Client(app)
    client.sign_in(world.emails["administrator"])
    return client


def work(app: Flask, world: World) -> None:
    """Do a lot to the thesis."""
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        ghent = builders.institution(session, "ghent").id
        for month in range(STAYS):
            day = date(2024 + month // 12, month % 12 + 1, 3)
            stay.save_stay(session, thesis, None, ghent, day, day, True, ACTOR, NOW, today=TODAY)
        enrolment.save_enrolment(
            session, thesis, ghent, 2026, date(2026, 10, 1), Fee.WAIVED, ACTOR, NOW, today=TODAY
        )


def told(page: Page) -> list[str]:
    return re.findall(r'<p class="ct-history-text">(.*?)</p>', page.text.replace("\xa0", " "))


def neighbour(page: Page, which: str) -> str | None:
    found = re.search(rf'rel="{which}" href="([^"]*)"', page.text)
    return found[1] if found else None


def test_the_history_calls_institutions_by_the_name_that_readers_know(busy: Client) -> None:
    for path in (HERE, f"{HERE}/history"):
        page = busy.get(path)
        assert "Stay recorded: UGent, 3 Jun 2026 to 3 Jun 2026" in told(page), path
        assert "Enrolment recorded: UGent, year 2026–27" in told(page), path
        assert not [text for text in told(page) if "ghent" in text]


def test_the_history_is_read_to_its_first_entry_and_back_each_entry_once(busy: Client) -> None:
    page = busy.get(f"{HERE}/history")
    assert neighbour(page, "prev") is None
    seen, last = told(page), page
    while (older := neighbour(last, "next")) is not None:
        last = busy.get(older)
        seen += told(last)
    assert len(set(seen)) == len(seen) == STAYS + 4  # registered, two supervisors, an enrolment
    assert seen[-1] == "Thesis registered"
    back, first = told(last), last
    while (newer := neighbour(first, "prev")) is not None:
        first = busy.get(newer)
        back = told(first) + back
    assert back == seen


def test_the_page_of_a_thesis_shows_the_newest_entries_and_leads_to_the_others(
    busy: Client, world: World
) -> None:
    page = busy.get(HERE)
    assert len(told(page)) == 12
    assert f'href="{HERE}/history"' in page.text
    other = Client(busy.browser.application)
    other.sign_in(world.emails["other_administrator"])
    short = other.get(f"/theses/{world.other_thesis}")
    assert 1 <= len(told(short)) < 12
    assert "/history" not in short.text, "there is nothing more to see"


def test_the_whole_history_tells_each_reader_only_what_they_may_know(busy: Client, world: World) -> None:
    busy.post(f"{HERE}/leaves", {"kind": "sick", "begin": "2026-01-01", "end": "2026-06-30"})
    busy.post(f"{HERE}/notes", {"text": "For the school alone"})
    busy.post(f"{HERE}/move", {"to": "refused", "on": "2026-11-24", "reason": "A private reason"})
    mine = busy.get(f"{HERE}/history")
    assert {"Note written", "Leave recorded: 1 Jan 2026 to 30 Jun 2026"} <= set(told(mine))
    assert "A private reason" in mine.text
    for role in ("candidate", "partner", "supervisor", "reader", "auditor"):
        other = Client(busy.browser.application)
        other.sign_in(world.emails[role])
        page = other.get(f"{HERE}/history")
        assert "Thesis moved to: Refused" in told(page)
        assert "Note written" not in told(page)
        assert any(text.startswith("Leave recorded") for text in told(page)) is (role == "candidate")
        assert ("A private reason" in page.text) is (role == "auditor")


@pytest.mark.parametrize(
    "mark", ["before=0", "after=99999", "before=x", "after=²", "before=-1", "before=1&after=1"]
)
def test_a_made_up_place_in_the_history_is_no_error(busy: Client, mark: str) -> None:
    assert busy.get(f"{HERE}/history?{mark}").status == 200
