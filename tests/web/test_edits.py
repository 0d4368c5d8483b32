"""Editing loses nothing: forms saved unchanged, two windows, refusals that say why, an approved text that stays."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db, transaction
from cotutelle.models import (
    Base,
    Convention,
    Institution,
    Supervision,
    Thesis,
    ThesisInstitution,
    texts_of,
    write_texts,
)
from cotutelle.operations import convention as conventions
from cotutelle.operations import journal, supervision
from cotutelle.operations import thesis as theses
from cotutelle.operations.facts import facts_of
from cotutelle.scope import as_system
from tests import builders
from tests.builders import World
from tests.client import Client, Page

PLAIN = {"journal", "journal_value", "act_key", "sign_in", "access_log", "job", "account"}
PASSING = {"version", "good_until", "health", "health_reason", "lacking", "signed_in_at"}


def answers(page: Page) -> dict[str, Any]:
    """Every field of the page's form as a browser would post it unchanged."""
    form = max(re.findall(r'<form class="ct-form[^"]*".*?</form>', page.text, flags=re.DOTALL), key=len)
    found: dict[str, Any] = {}
    for attributes in re.findall(r"<input ([^>]*)>", form):
        name, kind = re.search(r'name="([^"]*)"', attributes), re.search(r'type="([^"]*)"', attributes)
        value = re.search(r'value="([^"]*)"', attributes)
        chosen = "checked" in attributes or (kind and kind[1] not in {"radio", "checkbox"})
        if name and chosen:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, content in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, flags=re.DOTALL
    ):
        found[name] = unescape(content).strip("\r\n")
    for name, content in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, flags=re.DOTALL):
        picked = re.search(
            r'<option[^>]*selected[^>]*value="([^"]*)"|<option[^>]*value="([^"]*)"[^>]*selected', content
        )
        first = re.search(r'<option[^>]*value="([^"]*)"', content)
        found[name] = unescape((picked[1] or picked[2] or "") if picked else (first[1] if first else ""))
    return found


def rows(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every table but those that keep traces, without what is counted or judged anew."""
    with app.app_context():
        found = {}
        for table in Base.metadata.sorted_tables:
            if table.name not in PLAIN:
                columns = [column for column in table.c if column.name not in PASSING]
                found[table.name] = sorted(map(repr, db.session.execute(select(*columns))))
        db.session.rollback()
        return found


@pytest.fixture
def filled(app: Flask, world: World) -> None:
    """The thesis with a unit, numbers and disciplines in both languages."""
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        parties = [
            builders.party(session, "lille", "SHS", lead=True, unit_id=builders.unit_of(session, "lille").id,
                           discipline={"fr": "Histoire", "en": "History"}, number="22410209", first_enrolment=builders.TODAY),
            builders.party(session, "ghent", builders.ghent_school(session), role="host", number="0240"),
        ]  # fmt: skip
        theses.edit_parties(
            session, thesis, parties, thesis.version, builders.ACTOR, builders.NOW, today=builders.TODAY
        )
    db_dispose(app)


def db_dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()


@pytest.mark.parametrize(
    "path", ["edit", "institutions", "candidate", "convention/terms/frame", "convention/terms/jury"]
)
def test_a_form_saved_unchanged_changes_nothing(
    app: Flask, client: Client, world: World, filled: None, path: str
) -> None:
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}/{path}"
    page, before = client.get(url), rows(app)
    saved = Page(client.browser.post(url, data=answers(page)))
    assert saved.status == 303, saved.errors
    after = rows(app)
    for table in before:
        kept = [row for row in before[table] if table != "convention" or "{}" not in row]
        assert set(kept) <= set(after[table]), table


def test_a_directory_entry_saved_unchanged_changes_nothing(app: Flask, client: Client, world: World) -> None:
    client.sign_in(world.emails["directory"])
    page, before = client.get("/institutions/ghent/edit"), rows(app)
    saved = Page(client.browser.post("/institutions/ghent/edit", data=answers(page)))
    assert saved.status == 303, saved.errors
    assert rows(app)["institution"] == before["institution"]
    assert rows(app)["text"] == before["text"]


@pytest.mark.parametrize(
    ("parties", "sentence"),
    [
        ({"parties-0-institution": "lille"}, "at least two institutions"),
        ({"parties-0-institution": "lille", "parties-1-institution": "lille"}, "named twice"),
        (
            {"parties-0-institution": "ghent", "parties-1-institution": "kent"},
            "None of these schools is yours",
        ),
    ],
)
def test_a_refusal_about_the_institutions_says_why(
    client: Client, world: World, parties: dict[str, str], sentence: str
) -> None:
    client.sign_in(world.emails["administrator"])
    page = client.post(
        "/theses/new", {"family_name": "Somebody", "title": "T", "title_language": "en", **parties}
    )
    assert page.status == 422
    assert sentence in page.text
    assert 'value="Somebody"' in page.text


def test_a_second_title_in_the_same_language_is_refused_and_stays_typed(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}/edit"
    given = {
        "title": "One",
        "title_language": "fr",
        "translations-0-title": "Two",
        "translations-0-language": "fr",
    }
    page = client.post(url, given)
    assert page.status == 422
    assert "same language" in page.text
    assert re.search(r"<textarea[^>]*>\s*Two</textarea>", page.text)


def test_a_move_on_a_stale_page_keeps_the_reason_that_was_typed(
    app: Flask, client: Client, world: World
) -> None:
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}/move"
    page = client.get(url)
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        who = builders.person(session, "Newcomer")
        ghent = session.scalars(select(Institution.id).where(Institution.code == "ghent")).one()
        supervision.add_supervisor(
            session, thesis, who, ghent, "co_director", builders.ACTOR, builders.NOW, today=builders.TODAY
        )
    data = {**answers(page), "to": "refused", "reason": "No funding was found in time"}
    answer = Page(client.browser.post(url, data=data))
    assert answer.status == 422
    assert "No funding was found in time" in answer.text


def test_the_approved_text_stays_what_was_approved(app: Flask, client: Client, world: World) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        convention = conventions.current(session, thesis)
        agreed = conventions.text_of(session, thesis, convention)
        from cotutelle.domain.convention import record

        convention.agreed, convention.state = record.to_json(agreed), "approved"
        conventions.journal.record(session, "convention.moved", "thesis:tests", builders.ACTOR, builders.NOW)
    client.sign_in(world.emails["administrator"])
    changed = client.post(f"/theses/{world.thesis}/edit", {"title": "Changed later", "title_language": "fr"})
    assert changed.status == 303
    with app.app_context():
        session = db.session()
        with as_system(session, "tests"):
            thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
            convention = session.scalars(select(Convention).where(Convention.thesis_id == thesis.id)).one()
            assert "Changed later" not in conventions.text_of(session, thesis, convention).titles.values()
    assert "has changed since this text was approved" in client.get(f"/theses/{world.thesis}/convention").text


def test_the_history_tells_each_reader_only_what_they_may_know(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}"
    client.post(f"{url}/leaves", {"kind": "sick", "begin": "2026-01-01", "end": "2026-06-30"})
    client.post(f"{url}/notes", {"text": "For the school alone"})
    client.post(f"{url}/move", {"to": "refused", "on": "2026-11-24", "reason": "A private reason"})
    told = client.get(url).text
    assert "Leave recorded" in told
    assert "A private reason" in told
    for role in ("candidate", "partner", "supervisor"):
        other = Client(client.browser.application)
        other.sign_in(world.emails[role])
        seen = other.get(url).text
        assert "Note written" not in seen
        assert "For the school alone" not in seen
        assert "A private reason" not in seen
        assert ("Leave recorded" in seen) == (role == "candidate")


def test_a_kept_page_is_asked_after_and_never_stale(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    first = client.get("/theses")
    tag = first.response.headers["ETag"]
    assert client.get("/theses", headers={"If-None-Match": tag}).status == 304
    client.post(f"/theses/{world.thesis}/edit", {"title": "Another title", "title_language": "fr"})
    client.get("/theses")
    again = client.get("/theses", headers={"If-None-Match": tag})
    assert again.status == 200
    assert "Another title" in again.text


def test_a_kept_page_of_an_earlier_session_is_not_given_to_a_later_one(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    tag = client.get("/theses").response.headers["ETag"]
    client.post("/sign-out", form="/theses")
    client.sign_in(world.emails["administrator"])
    assert client.get("/theses", headers={"If-None-Match": tag}).status == 200


@pytest.mark.parametrize(
    "query", ["year=²²²²", "after=x|²", "before=%00", "year=٢٠٢٦", "state=%27", "q=%25_%27%22"]
)
def test_no_query_of_the_list_fails(client: Client, world: World, query: str) -> None:
    client.sign_in(world.emails["administrator"])
    assert client.get(f"/theses?{query}").status in {200, 404}


def test_an_institution_that_leaves_takes_the_terms_that_named_it_along(
    app: Flask, client: Client, world: World
) -> None:
    named = ("fall_back", "main_institution", "defence_place")
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        convention = conventions.current(session, thesis)
        convention.terms = {**dict.fromkeys(named, "ghent"), "minimum_stay:ghent": 6, "minimum_stay:lille": 6}
        supervised = select(Supervision).join(Institution, Institution.id == Supervision.institution_id)
        session.delete(session.scalars(supervised.where(Institution.code == "ghent")).one())
        journal.record(session, "convention.edited", f"thesis:{world.thesis}", builders.ACTOR, builders.NOW)
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}/institutions"
    form = {**answers(client.get(url)), "parties-1-institution": "ku-leuven", "parties-1-school": ""}
    answer = Page(client.browser.post(url, data=form))
    assert answer.status == 303, answer.errors
    for shown in ("", "/convention", "/convention/terms/validity", "/convention/terms/stays"):
        assert client.get(f"/theses/{world.thesis}{shown}").status == 200
    with app.app_context(), as_system(db.session(), "tests"):
        thesis = db.session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        facts = facts_of(db.session(), thesis, conventions.current(db.session(), thesis))
        assert [facts.terms.get(name) for name in named] == [None, None, None]
        assert facts.terms.values == {"minimum_stay:lille": 6}
        db.session.rollback()


def test_what_the_form_of_the_institutions_does_not_ask_stays(
    app: Flask, client: Client, world: World, filled: None
) -> None:
    joined = date(2026, 2, 1)
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        row = session.scalars(select(ThesisInstitution).where(ThesisInstitution.number == "0240")).one()
        row.joined_on = joined
        write_texts(session, "thesis_institution", row.id, "discipline", {"nl": "Geschiedenis"})
        journal.record(session, "thesis.party", f"thesis:{world.thesis}", builders.ACTOR, builders.NOW)
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}/institutions"
    form = {**answers(client.get(url)), "parties-1-discipline_en": "History"}
    assert client.browser.post(url, data=form).status_code == 303
    with app.app_context(), as_system(db.session(), "tests"):
        row = db.session.scalars(select(ThesisInstitution).where(ThesisInstitution.number == "0240")).one()
        texts = texts_of(db.session(), "thesis_institution", [row.id], "discipline")[row.id]["discipline"]
        assert (row.joined_on, texts) == (joined, {"nl": "Geschiedenis", "en": "History"})
        db.session.rollback()


def test_a_page_asked_for_with_any_tag_is_sent_once_the_door_has_opened(client: Client, world: World) -> None:
    assert client.get("/theses", headers={"If-None-Match": "*"}).status == 302
    client.sign_in(world.emails["administrator"])
    assert client.get("/theses", headers={"If-None-Match": "*"}).status == 200
