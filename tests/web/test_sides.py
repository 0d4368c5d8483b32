"""A partner acts for its own side: what it asks, records, withdraws and reminds of; what leaves say stays with their readers."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Link, Message, Milestone, SignOff, Thesis
from cotutelle.operations import undeliverable
from cotutelle.scope import as_system
from tests.builders import NOW, World
from tests.client import Client, Page
from tests.operations.signing import asked, dated, milestone, paper
from tests.web.test_edits import answers
from tests.web.test_signing import address, mailbox


@pytest.fixture
def partner(app: Flask, world: World) -> Client:
    """The partner's staff of Ghent, on a thesis whose charter and rapporteurs are asked."""
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        thesis.mode = "full"
        dated(session, thesis)
        asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
        asked(session, thesis, milestone(session, thesis, "rapporteurs"))
        session.execute(update(Link).values(expires_at=NOW.replace(year=2100)))
    client = Client(app)
    client.sign_in(world.emails["partner"])
    return client


def found(app: Flask, kind: str, side: str = "") -> tuple[str, dict[str, str]]:
    """A milestone's public name, and the public name of each of its signatures by capacity and side."""
    with app.app_context(), as_system(db.session(), "tests") as session:
        row = session.scalars(
            select(Milestone)
            .join(Thesis, Thesis.id == Milestone.thesis_id)
            .where(Thesis.reference == "LILLE-2026-0001", Milestone.kind == kind, Milestone.side == side)
        ).first()
        assert row is not None
        rows = session.scalars(select(SignOff).where(SignOff.milestone_id == row.id)).all()
        known = {f"{each.signer}:{each.side}": each.public_id for each in rows}
        session.rollback()
        return row.public_id, known


def test_a_partner_withdraws_nobody_of_the_other_side_by_whatever_address(
    app: Flask, partner: Client, world: World
) -> None:
    calendar = f"/theses/{world.thesis}/calendar"
    shared, theirs = found(app, "rapporteurs")
    charter, lille = found(app, "charter", "lille")
    for address_ in (
        f"{calendar}/{shared}/signatures/{lille['director:lille']}/withdraw",
        f"{calendar}/{charter}/signatures/{lille['director:lille']}/withdraw",
        f"{calendar}/{shared}/signatures/{theirs['director:lille']}/withdraw",
    ):
        assert partner.post(address_, form="/account").status in (403, 404), address_
    own = f"{calendar}/{shared}/signatures/{theirs['director:ghent']}/withdraw"
    assert partner.post(own, form="/account").status == 303


def test_a_partner_asks_and_records_for_its_own_side_alone(app: Flask, partner: Client, world: World) -> None:
    shared, theirs = found(app, "rapporteurs")
    place = f"/theses/{world.thesis}/calendar/{shared}"
    office = Client(app)
    office.sign_in(world.emails["administrator"])
    for side in ("lille", "ghent"):
        office.post(f"{place}/signatures/{theirs[f'director:{side}']}/withdraw", form="/account")
    page = partner.get(f"{place}/ask")
    assert "UGent" in page.text
    assert [name for name in answers(page) if name.endswith("-who")] == ["people-0-who"]
    paper_form = partner.get(f"{place}/paper").text
    assert 'value="director:ghent"' in paper_form
    assert 'value="director:lille"' not in paper_form


def test_a_partner_reminds_nobody_of_what_is_asked_on_the_other_side(
    app: Flask, partner: Client, world: World
) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        session.execute(update(Thesis).values(state=ThesisState.RUNNING))
    charter, _rows = found(app, "charter", "lille")
    shared, _rows = found(app, "rapporteurs")
    assert partner.post("/today/remind", {"chosen": charter}, form="/today").status == 403
    assert partner.post("/today/remind", {"chosen": shared}, form="/today").status == 303


@pytest.mark.parametrize(
    "values", [{"state": ThesisState.ON_HOLD}, {"state": ThesisState.DRAFT}, {"reminders_paused": True}]
)
def test_nobody_is_reminded_by_hand_of_what_rests(
    app: Flask, partner: Client, world: World, values: dict[str, object]
) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        session.execute(update(Thesis).values({"state": ThesisState.RUNNING, **values}))
    office = Client(app)
    office.sign_in(world.emails["administrator"])
    charter, _rows = found(app, "charter", "lille")
    office.post("/today/remind", {"chosen": charter}, form="/today")
    assert mailbox(app, "reminder") == {}


@pytest.mark.parametrize(
    ("who", "seen"),
    [("partner", 404), ("supervisor", 404), ("writer", 404), ("candidate", 200), ("administrator", 200)],
)
def test_the_day_that_leaves_move_is_seen_by_whoever_sees_leaves(
    app: Flask, partner: Client, world: World, who: str, seen: int
) -> None:
    duration, _rows = found(app, "duration", "lille")
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        session.execute(update(Thesis).values(state=ThesisState.RUNNING))
        late = clock.today().replace(year=2020)
        session.execute(update(Milestone).where(Milestone.kind == "duration").values(due_on=late))
    client = Client(app)
    client.sign_in(world.emails[who])
    assert client.get(f"/theses/{world.thesis}/calendar/{duration}").status == seen
    if who in ("partner", "administrator"):
        assert (duration in client.get("/today?list=late").text) is (seen == 200)


def test_a_link_that_is_dead_serves_no_document_and_a_signature_the_very_bytes_that_were_signed(
    app: Flask, partner: Client, world: World
) -> None:
    letter = mailbox(app, "ask")["unit_head.lille"]
    charter, rows = found(app, "charter", "lille")
    office, guest = Client(app), Client(app)
    office.sign_in(world.emails["administrator"])
    place = f"/theses/{world.thesis}/calendar/{charter}"
    office.post(f"{place}/signatures/{rows['unit_head:lille']}/withdraw", form="/account")
    assert guest.get(f"{address(letter)}/document").status == 410


def test_a_mended_address_sends_on_no_other_thesis_mail_and_no_password(
    app: Flask, partner: Client, world: World
) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        mine = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        other = session.scalars(select(Thesis).where(Thesis.reference == world.other_thesis)).one()
        rows = session.scalars(
            select(Message).where(Message.kind == "ask").order_by(Message.id).limit(3)
        ).all()
        for row, thesis in zip(rows, (mine, other, None), strict=True):
            row.to, row.thesis_id = "gone@tests.example", thesis.id if thesis else None
            undeliverable.mark(session, row, "550", NOW)
        ids = [row.id for row in rows]
    office = Client(app)
    office.sign_in(world.emails["administrator"])
    assert office.get(f"/today/mail/{ids[1]}").status == 404
    url = f"/today/mail/{ids[0]}"
    page = Page(office.browser.post(url, data={**answers(office.get(url)), "email": "here@tests.example"}))
    assert page.status == 303
    with app.app_context():
        to = [db.session.get_one(Message, id_).to for id_ in ids]
        db.session.rollback()
    assert to == ["here@tests.example", "gone@tests.example", "gone@tests.example"]


def test_the_day_of_a_milestone_is_planned_with_its_reason_and_by_the_office_alone(
    app: Flask, partner: Client, world: World
) -> None:
    deposit, _rows = found(app, "deposit")
    url = f"/theses/{world.thesis}/calendar/{deposit}/plan"
    assert partner.get(url).status == 403
    office = Client(app)
    office.sign_in(world.emails["administrator"])
    given = {**answers(office.get(url)), "on": date(2028, 10, 1).isoformat()}
    assert Page(office.browser.post(url, data=given)).status == 422
    assert Page(office.browser.post(url, data={**given, "why": "Ghent is closed"})).status == 303
    assert "Ghent is closed" in office.get(url.removesuffix("/plan")).text
