"""The convention between the institutions, in the browser of each: submitted, read, argued about, approved."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.models import ConventionApproval, ConventionPoint, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_terms
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, TODAY
from tests.client import Client, Page
from tests.operations.complete import completed

CONVENTION = "/theses/LILLE-2026-0001/convention"


@pytest.fixture
def offices(app: Flask) -> dict[str, Client]:
    """A complete file, and the people of three sides signed in."""
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        completed(session, session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one())
    found = {}
    for role in ("administrator", "ghent_administrator", "partner", "candidate"):
        found[role] = Client(app)
        assert found[role].sign_in(f"{role}@tests.example").status == 303
    return found


def submit(client: Client) -> Page:
    return client.post(f"{CONVENTION}/put", form=f"{CONVENTION}/put")


def approve(client: Client, code: str, **more: Any) -> Page:
    data = {
        "number": number_in(client),
        "institution": code,
        "on": clock.today().isoformat(),
        "note": "",
        **more,
    }
    return client.post(f"{CONVENTION}/approve", data, form=f"{CONVENTION}/approve")


def number_in(client: Client) -> str:
    """The version that the page to approve shows."""
    page = client.get(f"{CONVENTION}/approve")
    return page.hidden("number") if 'name="number"' in page.text else ""


def change(app: Flask, **terms: object) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
        convention = conventions.current(session, thesis)
        convention_terms.edit_terms(session, thesis, convention, terms, None, ACTOR, NOW, today=TODAY)


def state(app: Flask) -> str:
    with app.app_context():
        with as_system(db.session(), "tests"):
            found = db.session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
            answer = found.convention_state
        db.session.rollback()
    return answer


def held(app: Flask, table: Any) -> list[str]:
    """The public ids of the rows of a table."""
    with app.app_context(), as_system(db.session(), "tests"):
        found = list(db.session.scalars(select(table.public_id)))
        db.session.rollback()
    return found


def test_each_office_reads_the_text_and_approves_for_itself(app: Flask, offices: dict[str, Client]) -> None:
    lille, ghent = offices["administrator"], offices["ghent_administrator"]
    assert "Submit the text to the institutions" in lille.get(CONVENTION).text
    assert submit(lille).status == 303
    page = ghent.get(CONVENTION)
    assert "Version 1 has been with the institutions since" in page.text
    assert "Approve for UGent" in page.text
    assert "Approve for Lille" not in page.text
    assert approve(ghent, "ghent").status == 303
    assert state(app) == "partner_review"
    assert approve(lille, "lille").status == 303
    assert state(app) == "approved"
    assert "Every institution approved version 1." in ghent.get(CONVENTION).text


def test_an_office_does_not_approve_for_another_unless_it_leads_and_says_where_it_comes_from(
    app: Flask, offices: dict[str, Client]
) -> None:
    lille, ghent = offices["administrator"], offices["ghent_administrator"]
    submit(lille)
    refused = approve(ghent, "lille")
    assert refused.status == 422
    assert "Choose one of the answers offered." in refused.text
    unsaid = approve(lille, "ghent")
    assert unsaid.status == 422
    assert "Say who approved at the institution, and how it reached you." in unsaid.text
    assert approve(lille, "ghent", note="Dean An Peeters, letter of 20 November").status == 303
    assert "Dean An Peeters, letter of 20 November" in ghent.get(CONVENTION).text


def test_staff_of_a_partner_approve_for_their_institution(app: Flask, offices: dict[str, Client]) -> None:
    submit(offices["administrator"])
    assert approve(offices["partner"], "ghent").status == 303


def test_whoever_read_a_version_that_was_replaced_is_told_and_approves_nothing(
    app: Flask, offices: dict[str, Client]
) -> None:
    lille, ghent = offices["administrator"], offices["ghent_administrator"]
    submit(lille)
    form = ghent.get(f"{CONVENTION}/approve")
    change(app, travel_payer="host")
    assert submit(lille).status == 303
    fields = ("csrf_token", "act_key", "number")
    data = {
        **{name: form.hidden(name) for name in fields},
        "institution": "ghent",
        "on": clock.today().isoformat(),
    }
    told = ghent.post(f"{CONVENTION}/approve", data)
    assert told.status == 422
    assert "Version 2 has taken the place of the one that you read" in told.text
    assert told.hidden("number") == "2", "once it is read, it can be approved"
    assert held(app, ConventionApproval) == []


def test_what_is_new_is_shown_before_it_is_submitted_and_afterwards(
    app: Flask, offices: dict[str, Client]
) -> None:
    lille, candidate = offices["administrator"], offices["candidate"]
    submit(lille)
    assert "The institutions have this text." in lille.get(f"{CONVENTION}/put").text
    change(app, **{"minimum_stay:ghent": 9})
    shown = lille.get(f"{CONVENTION}/put")
    assert "<ins>" in shown.text
    assert "Article 14, Stays" in shown.text
    submit(lille)
    page = candidate.get(CONVENTION)
    addresses = set(re.findall(r'href="([^"]+/changes)"', page.text))
    (newest,) = (a for a in addresses if "Against version 1" in candidate.get(a).text)
    assert "<del>" in candidate.get(newest).text


def test_what_an_institution_approves_can_be_read_though_the_draft_went_on(
    app: Flask, offices: dict[str, Client]
) -> None:
    lille, partner = offices["administrator"], offices["partner"]
    change(app, **{"minimum_stay:ghent": 12})
    submit(lille)
    change(app, **{"minimum_stay:ghent": 7})
    page = partner.get(CONVENTION)
    assert "The draft below has changed since then: what the institutions approve is version 1." in page.text
    (address,) = set(re.findall(r'href="([^"]+/text)"', partner.get(f"{CONVENTION}/approve").text))
    shown = partner.get(address)
    said = shown.text.replace("\u00a0", " ")
    assert "at least 12 months" in said
    assert "at least 7 months" not in said


def test_a_language_that_was_taken_out_is_named_and_the_other_compared(
    app: Flask, offices: dict[str, Client]
) -> None:
    lille = offices["administrator"]
    submit(lille)
    assert lille.post(f"{CONVENTION}/languages", {"languages": "en"}, form=CONVENTION).status == 303
    shown = lille.get(f"{CONVENTION}/put")
    assert "No longer in: French." in shown.text
    assert "Article 38" in shown.text
    assert "Article 14" not in shown.text


def test_a_change_is_asked_answered_and_settled_before_anybody_approves(
    app: Flask, offices: dict[str, Client]
) -> None:
    lille, ghent = offices["administrator"], offices["ghent_administrator"]
    submit(lille)
    asked = {
        "clause": "CL-14", "asked_by": "ghent", "owner": "lille",
        "proposal": "Eight months in Ghent.", "reason": "Our council asks it.",
    }  # fmt: skip
    add = f"{CONVENTION}/points/add"
    assert ghent.post(add, {**asked, "asked_by": "lille"}, form=add).status == 422, (
        "they speak for themselves"
    )
    assert ghent.post(add, asked, form=add).status == 303
    article = lille.get(f"{CONVENTION}/articles/CL-14")
    assert "Eight months in Ghent." in article.text
    assert "Nobody approves it while 1 point is open." in lille.get(CONVENTION).text
    (point,) = held(app, ConventionPoint)
    here = f"{CONVENTION}/points/{point}"
    said = {"institution": "lille", "state": "settled", "owner": "", "text": "Agreed, with thanks."}
    empty = lille.post(f"{here}/answer", {**said, "text": ""}, form=here)
    assert empty.status == 422
    assert "Write the answer." in empty.text
    assert lille.post(f"{here}/answer", said, form=here).status == 303
    assert "Agreed, with thanks." in ghent.get(here).text
    assert approve(ghent, "ghent").status == 303


def test_an_approval_is_taken_back_by_whoever_gave_it(app: Flask, offices: dict[str, Client]) -> None:
    lille, ghent = offices["administrator"], offices["ghent_administrator"]
    submit(lille)
    approve(lille, "lille")
    approve(ghent, "ghent")
    back = f"{CONVENTION}/approvals/take-back"
    number = {"number": ghent.get(back).hidden("number")}
    assert ghent.post(back, {"institution": "ghent", "reason": ""}, form=back).status == 422
    assert ghent.post(back, {"institution": "lille", "reason": "no"}, form=back).status == 422
    assert (
        ghent.post(
            back, {**number, "institution": "ghent", "reason": "The dean is against it."}, form=back
        ).status
        == 303
    )
    assert state(app) == "partner_review"


def test_the_candidate_reads_the_text_and_who_approved_it_but_not_what_is_argued(
    app: Flask, offices: dict[str, Client]
) -> None:
    lille, candidate = offices["administrator"], offices["candidate"]
    submit(lille)
    page = candidate.get(CONVENTION)
    assert "Version 1 has been with the institutions since" in page.text
    assert "Changes asked" not in page.text
    assert candidate.get(f"{CONVENTION}/articles/CL-14").status == 403
    assert candidate.get(f"{CONVENTION}/approve").status == 403


def test_beside_an_article_stand_the_rules_that_touch_it(app: Flask, offices: dict[str, Client]) -> None:
    page = offices["administrator"].get(f"{CONVENTION}/articles/CL-26")
    assert "Beside this article" in page.text
    assert page.status == 200
    assert offices["administrator"].get(f"{CONVENTION}/articles/CL-99").status == 404


def test_the_final_version_joins_the_documents_and_is_what_everybody_is_asked_to_sign(
    app: Flask, offices: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    lille, ghent, candidate = (offices[r] for r in ("administrator", "ghent_administrator", "candidate"))
    submit(lille)
    approve(lille, "lille")
    approve(ghent, "ghent")
    press = app.extensions["cotutelle.press"]
    monkeypatch.setattr(press, "print_pdf", lambda *_args, **_more: b"%PDF-1.7")
    final = lille.post(f"{CONVENTION}/final", {"wording": "y", "references": "y"}, form=f"{CONVENTION}/final")
    assert final.status == 303
    page = lille.get(CONVENTION)
    assert "Version 1 is made and kept." in page.text
    (ask,) = set(re.findall(r'href="([^"]+/ask)"', page.text))
    form = lille.get(ask)
    assert "Convention de cotutelle internationale de thèse, version 1" in form.text
    assert "Or add it now" not in form.text
    first = {"people-0-who": held_candidate(app), "people-0-language": "en"}
    (document,) = re.findall(
        r'<option[^>]*value="([^"]+)"[^>]*>Convention de cotutelle internationale de thèse, version 1',
        form.text,
    )
    assert lille.post(ask, {"document": document, **first}, form=ask).status == 303
    assert state(app) == "signing"
    waiting = candidate.get("/waiting")
    assert "Signature of the cotutelle convention" in waiting.text
    replace = f"/theses/LILLE-2026-0001/documents/{document}/replace"
    assert lille.get(replace).status == 403, "what everybody signs is never replaced"


def held_candidate(app: Flask) -> str:
    """The public id of the candidate."""
    with app.app_context(), as_system(db.session(), "tests"):
        found = db.session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
        name = found.candidate.public_id
        db.session.rollback()
    return name


def test_a_line_for_each_institution_says_how_far_it_is(offices: dict[str, Client]) -> None:
    office = offices["administrator"]

    def lines() -> list[str]:
        words = re.findall(r'<ul class="ct-stations-words">.*?</ul>', office.get(CONVENTION).text, re.DOTALL)[
            0
        ]
        return [
            " ".join(re.sub(r"<[^>]*>", " ", line).split())
            for line in re.findall(r"<li>(.*?)</li>", words, re.DOTALL)
        ]

    assert lines() == ["Lille the text is being written", "UGent the text is being written"]
    submit(office)
    assert all("reads it since" in line for line in lines())
    approve(office, "lille")
    assert ["agreed on" in line for line in lines()] == [True, False]
    approve(offices["ghent_administrator"], "ghent")
    assert all("agreed on" in line for line in lines())
