"""Proves that everybody keeps their own names true, and that nobody takes another's ORCID or overwrites a change."""

from flask import Flask
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.models import Person
from cotutelle.scope import as_system
from tests.builders import World
from tests.client import Client, Page
from tests.web.test_edits import answers

URL = "/account/identity"
ORCID = "0000-0002-1825-0097"


def sent(client: Client, **more: str) -> Page:
    return Page(client.browser.post(URL, data={**answers(client.get(URL)), **more}))


def named(app: Flask) -> dict[str, str | None]:
    with app.app_context(), as_system(db.session(), "tests") as session:
        return {p.family_name: p.orcid for p in session.scalars(select(Person))}


def test_a_candidate_changes_their_own_name_and_it_shows_on_the_thesis(
    client: Client, world: World, app: Flask
) -> None:
    client.sign_in(world.emails["candidate"])
    assert sent(client, family_name="Nouveau-Nom", written_name="اسم جديد").status == 303
    page = client.get(f"/theses/{world.thesis}").text
    assert "Nouveau-Nom" in page
    assert "اسم جديد" in page
    assert client.get("/account").status == 200


def test_an_orcid_is_one_person_s_and_a_second_window_overwrites_nothing(
    client: Client, world: World, app: Flask
) -> None:
    client.sign_in(world.emails["candidate"])
    first, second = (answers(client.get(URL)) for _ in range(2))
    assert Page(client.browser.post(URL, data={**first, "orcid": ORCID})).status == 303
    late = Page(client.browser.post(URL, data={**second, "given_names": "Other"}))
    assert late.status == 409
    assert ORCID in late.text
    supervisor = Client(app)
    supervisor.sign_in(world.emails["supervisor"])
    refused = sent(supervisor, orcid=ORCID)
    assert refused.status == 422
    assert list(named(app).values()).count(ORCID) == 1


def test_who_is_signed_out_names_nobody(client: Client) -> None:
    assert client.get(URL).status == 302
