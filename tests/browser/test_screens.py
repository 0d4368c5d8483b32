"""What a reader sees, measured: words that meet, words that are cut, on a phone and on a desk."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from cotutelle.db import transaction
from cotutelle.models import Convention, Thesis
from cotutelle.operations import journal, stay
from cotutelle.scope import as_system
from tests import builders
from tests.browser.conftest import sign_in
from tests.builders import ACTOR, NOW, PASSWORD, TODAY, World

pytestmark = pytest.mark.browser
Window = Callable[..., BrowserContext]
LONG = (
    "Administrer le voisinage. La coopération communale dans les villes doubles de l’Oder, de la Neisse et de "
    "l’Escaut, entre droit international, habitudes locales et fonds européens, de 1991 à nos jours"
)

MEETING = """() => {
  const svg = [...document.querySelectorAll('svg.ct-timeline')].find(e => e.getBoundingClientRect().width);
  const words = [...svg.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()]);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4;
  const lines = [...svg.querySelectorAll('line.ct-upright')].map(e => e.getBoundingClientRect());
  const found = [];
  words.forEach(([text, box], i) => {
    words.slice(i + 1).forEach(([other, theirs]) => { if (meet(box, theirs)) found.push([text, other]); });
    lines.forEach(line => { if (meet(box, line)) found.push([text, 'an upright']); });
    const sheet = svg.getBoundingClientRect();
    if (box.left < sheet.left - 1 || box.right > sheet.right + 1) found.push([text, 'the edge']);
  });
  return [words.length, found];
}"""

CUT = """selector => [...document.querySelectorAll(selector)]
  .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
  .map(e => e.textContent.trim())"""


HINT_FITS = """input => {
  const pen = document.createElement('canvas').getContext('2d'), style = getComputedStyle(input);
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return pen.measureText(input.placeholder).width <= room;
}"""


@pytest.fixture
def crowded(served: Flask, world: World) -> None:
    """A thesis with many short stays whose convention, defence and today fall within a few days."""
    with served.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        convention = session.scalars(select(Convention).where(Convention.thesis_id == thesis.id)).one()
        for number in range(24):
            here = builders.institution(session, ("lille", "ghent")[number % 2]).id
            begin = date(2023, 9, 1) + timedelta(days=45 * number)
            end = begin + timedelta(days=4 + number)
            stay.save_stay(session, thesis, None, here, begin, end, number < 20, ACTOR, NOW, today=TODAY)
        convention.in_force_on, convention.expires_on = TODAY - timedelta(days=3), TODAY + timedelta(days=2)
        thesis.defence_on = TODAY + timedelta(days=2)
        journal.record(session, "thesis.edited", f"thesis:{thesis.reference}", ACTOR, NOW)


def opened(window: Window, address: str, world: World, width: int, path: str) -> Page:
    page = window(width, "fr").new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    page.goto(f"{address}{path}")
    return page


@pytest.mark.parametrize("width", [360, 800, 1440])
def test_no_two_words_of_a_crowded_timeline_meet(
    window: Window, address: str, world: World, crowded: None, width: int
) -> None:
    page = opened(window, address, world, width, f"/theses/{world.thesis}")
    count, found = page.evaluate(MEETING)
    assert count > 20
    assert found == []


@pytest.mark.parametrize("width", [360, 1000, 1440])
def test_a_long_title_is_read_whole_in_the_list(
    window: Window, served: Flask, address: str, world: World, width: int
) -> None:
    with served.app_context(), transaction() as session, as_system(session, "tests"):
        name = builders.person(session, "d’Ávila Albuquerque de Mendonça e Vasconcelos", "João Gabriel")
        builders.thesis(session, name, title=LONG)
    page = opened(window, address, world, width, "/theses")
    assert LONG in page.locator("main").inner_text()
    assert page.evaluate(CUT, ".ct-cell-title, .ct-rowlink, main td, main label, main option:checked") == []
    assert page.eval_on_selector("input[name=q]", HINT_FITS), "the hint in the search is read whole"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_cut_on_a_phone_with_the_longest_names(
    window: Window, served: Flask, address: str, world: World
) -> None:
    with served.app_context(), transaction() as session, as_system(session, "tests"):
        name = builders.person(
            session,
            "d’Ávila Albuquerque de Mendonça e Vasconcelos",
            "João Gabriel",
            email=f"{'joao-' * 9}x@lille.example",
        )
        parties = [builders.party(session, "lille", "SHS", lead=True), builders.party(session, "viadrina")]
        reference = builders.thesis(session, name, parties, title=LONG).reference
        who = name.public_id
    page = window(360, "fr").new_page()
    sign_in(page, address, world.emails["administrator"], PASSWORD)
    thesis = f"/theses/{reference}"
    for url in (
        "/theses", thesis, f"{thesis}/history", f"{thesis}/edit", f"{thesis}/steps", f"{thesis}/convention", f"{thesis}/move",
        f"{thesis}/convention/final", f"{thesis}/supervisors/add", "/institutions", "/institutions/viadrina", "/institutions/lille/edit",
        "/people", f"/people/{who}", "/help", "/account",
    ):  # fmt: skip
        page.goto(f"{address}{url}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url
        words = "main :is(h1, h2, h3, p, a, li, dt, dd, td, label, legend, button, summary, textarea):not(.ct-sr, .ct-sr *)"
        assert page.evaluate(CUT, words) == [], url
        for hint in page.query_selector_all("main input[placeholder]"):
            assert hint.evaluate(HINT_FITS), url
