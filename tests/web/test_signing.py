"""Signing by a link: opened as often as one likes, spent once; dead links renewed; codes counted; all without an account."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from cotutelle import clock, links, mail
from cotutelle.db import db, transaction
from cotutelle.models import AccessLog, Link, Message, SignOff, Thesis
from cotutelle.operations import document
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, TODAY, World
from tests.client import Client, Page
from tests.conftest import TESTING
from tests.operations.signing import asked, dated, milestone, paper
from tests.web.test_edits import answers

KEYS = [TESTING["SECRET_KEY"]]


@pytest.fixture
def letters(app: Flask, world: World) -> dict[str, str]:
    """A charter asked of five people: the text of each one's letter, by the signer's capacity and side."""
    return ask(app, world, "charter", "lille", with_paper=True)


def ask(app: Flask, world: World, kind: str, side: str, *, with_paper: bool = False) -> dict[str, str]:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        dated(session, thesis)
        row = milestone(session, thesis, kind, side)
        asked(session, thesis, row, paper(session, thesis).id if with_paper else None)
        for link in session.scalars(select(Link).where(Link.purpose == "sign")):
            link.made_at, link.expires_at = clock.now(), clock.now() + timedelta(days=30)
    return mailbox(app, "ask")


def mailbox(app: Flask, kind: str) -> dict[str, str]:
    """The text of the newest letter of a kind to each address, with its links and codes as it leaves."""
    with app.app_context():
        rows = db.session.scalars(
            select(Message).where(Message.kind == kind).order_by(Message.queued_at, Message.id)
        ).all()
        found = {row.to.split("@")[0]: f"{row.to}\n{mail.filled(row, row.body)}" for row in rows}
        db.session.rollback()
        return found


def address(letter: str) -> str:
    return re.findall(r"http://localhost(/link/\S+)", letter)[0]


def code(letter: str) -> str:
    return re.findall(r"^(?:Your code[^:]*: )?(\d{6})$", letter, re.MULTILINE)[0]


def reply(client: Client, letter: str, answer: str = "approved", **more: str) -> Page:
    page = client.get(address(letter))
    assert page.status == 200
    given = {"code": code(letter), "answer": answer, **more}
    return Page(client.browser.post(address(letter), data={**answers(page), **given}))


def rows(app: Flask) -> dict[str, SignOff]:
    with app.app_context(), as_system(db.session(), "tests") as session:
        found = session.scalars(select(SignOff).order_by(SignOff.id)).all()
        return {row.person.email.split("@")[0]: row for row in found}


def test_a_stranger_reads_what_is_signed_and_signs_with_the_code_of_the_mail(
    app: Flask, client: Client, letters: dict[str, str]
) -> None:
    letter = letters["unit_head.lille"]
    page = client.get(address(letter))
    for part in (
        "I have read the attached doctoral charter",
        "Charte.pdf",
        "Canary-title-of-mine",
        "Who signs",
    ):
        assert part in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    done = reply(client, letter)
    assert (done.status, done.location) == (303, address(letter))
    assert "You have signed." in client.get(done.location).text
    assert rows(app)["unit_head.lille"].proof == "link_code"
    assert "unit_head.lille" in mailbox(app, "receipt")


def test_opening_spends_nothing_however_often_and_by_whatever_opens_links(
    app: Flask, client: Client, letters: dict[str, str]
) -> None:
    url = address(letters["unit_head.lille"])
    for _each in range(20):
        assert client.browser.head(url).status_code == 200
        assert client.get(url, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch"}).status == 200
    assert client.browser.options(url).status_code == 200
    assert rows(app)["unit_head.lille"].state == "asked"
    assert reply(client, letters["unit_head.lille"]).status == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(AccessLog.what == "link_opened")) >= 40


def test_what_was_forged_cut_or_made_for_something_else_is_not_there(
    client: Client, letters: dict[str, str]
) -> None:
    url = address(letters["unit_head.lille"])
    token = url.rpartition("/")[2]
    foreign = links.sign(KEYS, "password", token.partition(".")[0])
    for wrong in (
        url[:-1],
        url[:-12],
        f"{url}x",
        f"/link/sign/{foreign}",
        "/link/sign/x",
        f"/link/inbox/{token}",
    ):
        assert client.get(wrong).status == 404, wrong
        assert client.browser.post(wrong, data={"code": "000000"}).status_code in (400, 404, 405), wrong


def test_a_link_that_expired_sends_its_holder_a_new_one_to_the_same_address(
    app: Flask, client: Client, letters: dict[str, str]
) -> None:
    letter = letters["unit_head.lille"]
    with app.app_context(), transaction() as session:
        session.execute(update(Link).values(expires_at=clock.now()))
    dead = client.get(address(letter))
    assert (dead.status, "This link has expired." in dead.text) == (410, True)
    assert "unit_head" not in dead.text.replace("u…e@", "")
    renew = re.findall(r'action="(/link/sign/[^"]+/renew)"', dead.text)[0]
    assert client.post(renew, form=address(letter)).status == 303
    fresh = mailbox(app, "renewed")["unit_head.lille"]
    assert address(fresh) != address(letter)
    assert reply(client, fresh).status == 303


def test_nobodys_mailbox_is_filled_by_a_button(app: Flask, client: Client, letters: dict[str, str]) -> None:
    url = address(letters["unit_head.lille"])
    status = [client.post(f"{url}/inbox", form=url).status for _each in range(6)]
    assert status == [303] * 5 + [409]


def test_a_wrong_code_is_counted_and_ten_of_them_kill_the_link(
    app: Flask, client: Client, letters: dict[str, str]
) -> None:
    letter = letters["unit_head.lille"]
    wrong = "000000" if code(letter) != "000000" else "111111"
    for _each in range(10):
        refused = reply(client, letter, code=wrong)
        assert (refused.status, refused.errors[0]) == (422, "This is not the code of the newest mail.")
    dead = client.get(address(letter))
    assert (dead.status, "Too many wrong codes" in dead.text) == (410, True)
    assert rows(app)["unit_head.lille"].state == "asked"


def test_a_code_is_forgiven_its_spaces_and_nothing_else(client: Client, letters: dict[str, str]) -> None:
    letter = letters["unit_head.lille"]
    right = code(letter)
    assert reply(client, letter, code=right[:5]).errors[0] == "Type the six figures of the code."
    assert reply(client, letter, code="").status == 422
    assert reply(client, letter, code=f" {right[:3]} {right[3:]}").status == 303


def test_one_persons_code_opens_nobody_elses_link(client: Client, letters: dict[str, str]) -> None:
    mine, theirs = letters["unit_head.lille"], letters["school.lille"]
    assert reply(client, mine, code=code(theirs)).status == 422


def test_of_eight_clicks_at_once_one_acts_and_seven_are_told_politely(
    app: Flask, letters: dict[str, str]
) -> None:
    letter = letters["unit_head.lille"]
    clients = [Client(app) for _each in range(8)]
    forms = [answers(each.get(address(letter))) for each in clients]

    def click(number: int) -> Page:
        given = {**forms[number], "code": code(letter), "answer": "approved"}
        client = clients[number]
        page = Page(client.browser.post(address(letter), data=given))
        return client.get(page.location) if page.status == 303 else page

    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(click, range(8)))
    assert {page.status for page in pages} == {200}
    assert all("You have signed." in page.text for page in pages)
    with app.app_context():
        receipts = select(func.count()).where(Message.kind == "receipt")
        assert db.session.scalar(receipts) == 1


def test_the_same_form_sent_twice_gets_the_first_answer(
    app: Flask, client: Client, letters: dict[str, str]
) -> None:
    letter = letters["unit_head.lille"]
    given = {**answers(client.get(address(letter))), "code": code(letter), "answer": "approved"}
    first, second = (Page(client.browser.post(address(letter), data=given)) for _each in range(2))
    assert (first.status, first.location) == (303, address(letter))
    assert "You have signed." in (second.text if second.status == 200 else client.get(second.location).text)


def test_what_changed_since_the_letter_is_not_signed_by_it(
    app: Flask, world: World, client: Client, letters: dict[str, str]
) -> None:
    letter = letters["unit_head.lille"]
    page = client.get(address(letter))
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        row = milestone(session, thesis, "charter", "lille")
        assert row.paper is not None
        document.add_version(
            session, thesis, row.paper, ACTOR, NOW, today=TODAY,
            digest="e" * 64, filename="Charte 2.pdf", media_type="application/pdf", size=9,
        )  # fmt: skip
    given = {**answers(page), "code": code(letter), "answer": "approved"}
    late = Page(client.browser.post(address(letter), data=given))
    assert late.status == 410
    assert "has changed since" in late.text
    new = mailbox(app, "changed")["unit_head.lille"]
    assert "Charte 2.pdf" in client.get(address(new)).text or client.get(address(new)).status == 410


def test_sending_back_asks_for_a_reason_and_keeps_what_was_typed(
    app: Flask, client: Client, letters: dict[str, str]
) -> None:
    letter = letters["unit_head.lille"]
    bare = reply(client, letter, "sent_back", family_name="Kept")
    assert bare.status == 422
    assert "Say what has to be changed" in bare.errors[0]
    assert answers(bare)["family_name"] == "Kept"
    assert reply(client, letter, "sent_back", remark="Wrong school on page 3.").status == 303
    assert "Wrong school on page 3." in mailbox(app, "sent_back")["candidate"]


def test_not_mine_tells_whoever_asked(app: Flask, client: Client, letters: dict[str, str]) -> None:
    assert reply(client, letters["unit_head.lille"], "declined", why_not="I left in June.").status == 303
    assert rows(app)["unit_head.lille"].state == "declined"
    assert "I left in June." in mailbox(app, "declined")["administrator"]


def test_handing_on_gives_somebody_else_a_link_of_their_own(
    app: Flask, client: Client, letters: dict[str, str]
) -> None:
    letter = letters["unit_head.lille"]
    assert reply(client, letter, "delegated").status == 422
    more = {"family_name": "Deputy", "given_names": "Zoé", "email": "Deputy@tests.example", "language": "fr"}
    assert reply(client, letter, "delegated", **more).status == 303
    theirs = mailbox(app, "delegated")["Deputy"]
    assert "vous demande de le faire à sa place" in theirs
    page = client.get(address(theirs))
    assert "J’ai lu la charte" in page.text
    given = {**answers(page), "code": re.findall(r"\b(\d{6})\b", theirs)[0], "answer": "approved"}
    assert client.browser.post(address(theirs), data=given).status_code == 303


def test_from_the_page_of_a_link_a_mail_opens_all_that_waits_for_thirty_minutes(
    app: Flask, world: World, client: Client, letters: dict[str, str]
) -> None:
    more = ask(app, world, "training_agreement", "lille", with_paper=True)
    url = address(letters["supervisor"])
    assert "Have a link to all of them sent to you" in client.get(url).text
    assert client.post(f"{url}/inbox", form=url).status == 303
    inbox = mailbox(app, "inbox")["supervisor"]
    page = client.get(address(inbox))
    acts = re.findall(r'href="(/link/inbox/[^"]+/\w{12})"', page.text)
    assert len(acts) == 2
    for act in acts:
        form = {**answers(client.get(act)), "code": code(inbox), "answer": "approved"}
        assert client.browser.post(act, data=form).status_code == 303
    assert "Nothing waits for you." in client.get(address(inbox)).text
    with app.app_context(), transaction() as session:
        session.execute(update(Link).where(Link.purpose == "inbox").values(expires_at=clock.now()))
    assert client.get(address(inbox)).status == 410
    assert more  # both letters went to one person


def test_an_inbox_shows_only_its_holders_acts(app: Flask, client: Client, letters: dict[str, str]) -> None:
    url = address(letters["supervisor"])
    client.post(f"{url}/inbox", form=url)
    inbox = address(mailbox(app, "inbox")["supervisor"])
    theirs = rows(app)["unit_head.lille"].public_id
    assert client.get(f"{inbox}/{theirs}").status == 404


def test_an_authorisation_asks_for_a_code_sent_just_now(app: Flask, world: World, client: Client) -> None:
    letter = ask(app, world, "authorisation", "lille")["supervisor"]
    first = reply(client, letter)
    assert (first.status, first.errors[0]) == (422, "Have a code sent first, then type it here.")
    url = address(letter)
    assert client.post(f"{url}/code", form=url).status == 303
    fresh = mailbox(app, "code")["supervisor"]
    assert reply(client, letter).status == 422  # the code of the first mail is not the one asked for
    assert reply(client, letter, code=code(fresh)).status == 303
    assert rows(app)["supervisor"].proof == "fresh_code"


def test_a_fresh_code_bears_five_tries_and_ten_minutes(app: Flask, world: World, client: Client) -> None:
    letter = ask(app, world, "authorisation", "lille")["supervisor"]
    url = address(letter)
    client.post(f"{url}/code", form=url)
    right = code(mailbox(app, "code")["supervisor"])
    wrong = "000000" if right != "000000" else "111111"
    for _each in range(5):
        assert reply(client, letter, code=wrong).status == 422
    assert reply(client, letter, code=right).errors[0] == "Have a code sent first, then type it here."
    client.post(f"{url}/code", form=url)
    with app.app_context(), transaction() as session:
        session.execute(update(Link).where(Link.purpose == "code").values(expires_at=clock.now()))
    assert reply(client, letter, code=code(mailbox(app, "code")["supervisor"])).status == 422


def test_whoever_is_signed_in_as_the_very_person_needs_no_code_and_nobody_else_is_spared_it(
    app: Flask, world: World, letters: dict[str, str]
) -> None:
    own, other = Client(app), Client(app)
    own.sign_in(world.emails["supervisor"])
    other.sign_in(world.emails["stranger"])
    assert reply(other, letters["supervisor"], code="").status == 422
    assert reply(own, letters["supervisor"], code="").status == 303
    assert rows(app)["supervisor"].proof == "account"


def test_the_page_speaks_the_language_of_the_letter(
    app: Flask, client: Client, letters: dict[str, str]
) -> None:
    letter = letters["unit_head.lille"]
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        session.execute(update(SignOff).values(language="fr"))
    assert 'lang="fr"' in client.get(address(letter)).text


def test_the_document_is_read_by_whoever_signs_it_and_no_longer_once_they_are_not_asked(
    app: Flask, client: Client, world: World
) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
        dated(session, thesis)
        digest = app.extensions["cotutelle.store"].put(session, b"%PDF-1.7 a charter")
        kept = paper(session, thesis, digest=digest)
        asked(session, thesis, milestone(session, thesis, "charter", "lille"), kept.id)
        session.execute(update(Link).values(expires_at=clock.now() + timedelta(days=30)))
    letter = mailbox(app, "ask")["unit_head.lille"]
    url = f"{address(letter)}/document"
    assert client.get(url).response.data == b"%PDF-1.7 a charter"
    assert "sandbox" in client.get(url).response.headers["Content-Security-Policy"]
    with app.app_context(), transaction() as session:
        session.execute(update(Link).values(revoked_at=clock.now()))
    assert client.get(url).status == 410


def test_a_token_is_written_nowhere(app: Flask, client: Client, letters: dict[str, str]) -> None:
    letter = letters["unit_head.lille"]
    secret = address(letter).rpartition(".")[2]
    reply(client, letter)
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(select(table)).all():
                assert secret not in repr(row), table.name
                assert code(letter) not in repr(row._mapping.get("body", "")), table.name
