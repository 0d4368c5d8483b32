"""The label of a field says the truth about an empty answer: refused, asked for by the final text, or optional."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db, transaction
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.terms import Chapter
from cotutelle.models import Thesis
from cotutelle.operations import convention as conventions
from cotutelle.scope import as_system
from cotutelle.web import terms
from tests.client import Client, Page
from tests.documents.samples import complete
from tests.operations.complete import completed
from tests.web.test_edits import answers

HERE = "/theses/LILLE-2026-0001"
NEEDED, OPTIONAL = "(needed for the final text)", "(optional)"


@pytest.fixture
def client(sqlite_app: Flask) -> Client:
    found = Client(sqlite_app)
    found.sign_in("administrator@tests.example")
    return found


def marks(page: Page) -> dict[str, str]:
    """The mark of each field, by the name it is sent under; radios and boxes are named by their first answer."""
    found = {}
    labels = re.findall(r'<label class="ct-label" for="([^"]*)">(.*?)</label>', page.text, re.DOTALL)
    groups = r'<legend class="ct-label">(.*?)</legend>.*?<input type="(?:radio|checkbox)" id="[^"]*" name="([^"]*)"'
    labels += [(name, text) for text, name in re.findall(groups, page.text, re.DOTALL)]
    for name, text in labels:
        found[name] = next((mark for mark in (NEEDED, OPTIONAL) if mark in text), "")
    return found


def facts(app: Flask) -> Facts:
    with app.app_context(), as_system(db.session(), "tests"):
        thesis = db.session.scalars(select(Thesis).where(Thesis.reference == HERE[8:])).one()
        found = conventions.text_of(db.session(), thesis, conventions.current(db.session(), thesis))
        db.session.rollback()
    return found


@pytest.mark.parametrize("chapter", list(Chapter))
def test_a_text_is_complete_without_what_is_optional_and_only_without_that(
    sqlite_app: Flask, client: Client, chapter: Chapter
) -> None:
    with sqlite_app.app_context(), transaction() as session, as_system(session, "tests"):
        completed(session, session.scalars(select(Thesis).where(Thesis.reference == HERE[8:])).one())
    path = f"{HERE}/convention/terms/{chapter.value}"
    assert missing_facts(facts(sqlite_app)) == ()
    page = client.get(path)
    shown, kept = marks(page), answers(page)
    spared = {name: value for name, value in kept.items() if shown.get(name) != OPTIONAL}
    assert Page(client.browser.post(path, data=spared)).status == 303
    assert missing_facts(facts(sqlite_app)) == ()
    page = client.get(path)
    emptied = {name: value for name, value in answers(page).items() if shown.get(name) != NEEDED}
    assert Page(client.browser.post(path, data=emptied)).status == 303
    missing = {(m.blank.fact, m.blank.party) for m in missing_facts(facts(sqlite_app))}
    asked = {
        (term.key, party.code if party else None)
        for term, party in terms.wanted(chapter, facts(sqlite_app))
        for tag in ("", "fr", "en")
        if shown.get(terms.name_of(term, party, tag)) == NEEDED
    }
    assert missing == asked


def test_a_text_begun_in_one_language_is_needed_in_the_others(client: Client) -> None:
    path = f"{HERE}/convention/terms/stays"
    assert marks(client.get(path))["stay_costs__en"] == OPTIONAL
    client.post(path, {"stay_costs__fr": "l’établissement d’accueil"})
    shown = marks(client.get(path))
    assert (shown["stay_costs__fr"], shown["stay_costs__en"]) == (OPTIONAL, NEEDED)


def of_person(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda known: replace(known, candidate=replace(known.candidate, **changes))


def of_party(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda known: replace(known, parties=(replace(known.parties[0], **changes), *known.parties[1:]))


def of_thesis(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda known: replace(known, **changes)


def of_funding(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda known: replace(known, fundings=tuple(replace(f, **changes) for f in known.fundings))


def of_supervisors(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda known: replace(known, supervisors=tuple(replace(s, **changes) for s in known.supervisors))


def of_contact(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda known: of_party(contact=replace(known.parties[0].contact, **changes))(known)  # type: ignore[type-var]


ONE, OTHER = {"fr": "x"}, {"en": "x"}
LEFT_OUT: dict[str, dict[str, Callable[[Facts], Facts]]] = {
    f"{HERE}/edit": {
        "thesis_language": of_thesis(thesis_language=None),
        "defence_language": of_thesis(defence_language=None),
        "defence_from": of_thesis(defence_from=None),
        "defence_until": of_thesis(defence_until=None),
        "diploma_form": of_thesis(diploma_form=None),
        "mode": of_thesis(full_time=None),
        "translations-0-title": of_thesis(titles={"fr": "Gouverner les crues"}),
    },
    f"{HERE}/candidate": {
        name: of_person(**{name: None})
        for name in ("gender", "birth_name", "birth_date", "birth_place", "birth_country", "nationality")
    },
    f"{HERE}/institutions": {
        "parties-0-school": of_party(school={}),
        "parties-0-unit": of_party(unit={}),
        "parties-0-discipline_fr": of_party(discipline=OTHER),
        "parties-0-discipline_en": of_party(discipline=ONE),
        "parties-0-first_enrolment": of_party(first_year=None),
        "parties-0-number": of_party(candidate_number=None),
    },
    f"{HERE}/funding": {
        "begin": of_funding(begin=None),
        "end": of_funding(end=None),
        "monthly_amount": of_funding(monthly_amount=None),
    },
    f"{HERE}/supervisors/add": {
        "position": of_supervisors(position=None),
        "accreditation": of_supervisors(accreditation=None),
    },
    "/institutions/laval/edit": {
        "head_name": of_party(head_name=None),
        "head_capacity": of_party(head_capacity=None),
        "head_gender": of_party(head_gender=None),
        "may_award_doctorate": of_party(may_award_doctorate=None),
        "street": of_party(address={}),
        "texts-0-legal_status": of_party(legal_status=ONE),
        "texts-1-legal_status": of_party(legal_status=OTHER),
        "siret": of_party(registration_number=None),
    },
    "/institutions/laval/add/school": {
        "name_fr": of_party(school=OTHER),
        "head_name": of_party(school_head=None),
    },
    "/institutions/laval/add/unit": {
        "name_fr": of_party(unit=OTHER),
        "head_name": of_party(unit_head=None),
    },
    "/institutions/laval/add/contact": {
        "role_fr": of_contact(role=OTHER),
        "email": of_contact(email=None),
        "phone": of_contact(phone=None),
    },
}


@pytest.mark.parametrize("path", LEFT_OUT)
def test_an_answer_is_called_needed_when_the_text_has_a_blank_without_it(client: Client, path: str) -> None:
    shown = marks(client.get(path))
    for name, leave_out in LEFT_OUT[path].items():
        needed = bool(missing_facts(leave_out(complete())))
        assert shown[name] == (NEEDED if needed else OPTIONAL), name


EMPTY = (
    "/theses/new", f"{HERE}/edit", f"{HERE}/institutions", f"{HERE}/candidate", f"{HERE}/stays/add", f"{HERE}/leaves",
    f"{HERE}/funding", f"{HERE}/notes", f"{HERE}/documents/add", f"{HERE}/supervisors/add", f"{HERE}/move",
    f"{HERE}/convention/move", "/institutions/new", *(f"/institutions/laval/add/{part}" for part in ("school", "unit", "contact", "office")),
    "/sign-in", "/forgotten",
)  # fmt: skip


@pytest.mark.parametrize("path", EMPTY)
def test_what_is_refused_when_empty_is_not_called_optional(
    sqlite_app: Flask, client: Client, path: str
) -> None:
    reader = Client(sqlite_app) if path in {"/sign-in", "/forgotten"} else client
    shown = marks(reader.get(path))
    page = reader.post(path)
    refused = re.findall(r'<li><a href="#([^"]*?)(?:-0)?">', page.text)
    assert [name for name in refused if shown.get(name, "") != ""] == []
    assert page.status == 303 or refused or "ct-error-summary" in page.text


def test_an_answer_that_always_stands_bears_no_mark(client: Client) -> None:
    assert marks(client.get(f"{HERE}/stays/add"))["done"] == ""
    assert marks(client.get(f"{HERE}/institutions"))["parties-0-role"] == ""
    assert marks(client.get(f"{HERE}/funding"))["currency"] == ""
    jury = client.get(f"{HERE}/convention/terms/jury")
    assert marks(jury)["external_share"] == marks(jury)["director_vote"] == ""
    choices = re.search(r'<select[^>]*name="external_share".*?</select>', jury.text, re.DOTALL)
    assert choices
    assert 'value=""' not in choices[0], "what has a usual answer is not called unsettled"


def test_the_third_institution_is_optional_and_the_first_two_are_not(client: Client) -> None:
    shown = marks(client.get(f"{HERE}/institutions"))
    assert [shown[f"parties-{n}-institution"] for n in range(3)] == ["", "", OPTIONAL]


def test_a_document_without_its_file_is_refused_and_the_file_is_not_called_optional(client: Client) -> None:
    path = f"{HERE}/documents/add"
    assert marks(client.get(path))["file"] == ""
    page = client.post(path, {"kind": "fees", "title": "Receipt", "audience": "parties"})
    assert page.status == 422
    assert page.errors == ["Choose the file."] * 2
