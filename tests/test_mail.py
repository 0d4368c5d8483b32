"""Proves that mail leaves once, whole and late rather than never, through a real SMTP server; and never from a demo."""

import re
import smtplib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select, update

from cotutelle import clock, create_app, links, mail
from cotutelle.db import db, transaction
from cotutelle.models import Account, Installation, Link, Message, Person
from cotutelle.operations import account as accounts
from cotutelle.operations import message as outbox
from cotutelle.scope import as_system
from cotutelle.web.account import send_link
from tests.client import Client

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


class Handler:
    """A post office: keeps what it takes, answers first what it was told to."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(envelope.content)
        return "250 OK"

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(data, policy=email_policy.default) for data in self.taken]  # type: ignore[misc]


@pytest.fixture
def office(app: Flask) -> Iterator[Handler]:
    handler = Handler()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop(no_assert=True)


def put(app: Flask, subject: str = "Sujet", body: str = "Bonjour,\n", to: str = "zoe@tests.example") -> str:
    with app.app_context(), transaction() as session:
        return outbox.queue(session, "password", to, "fr", subject, body, clock.now()).id


def row(app: Flask, id_: str) -> Message:
    with app.app_context():
        found = db.session.get_one(Message, id_, populate_existing=True)
        db.session.expunge(found)
        db.session.rollback()
        return found


def invite(app: Flask, email: str = "candidate@tests.example", purpose: str = "password") -> str:
    """Queue a mail with a link; its id."""
    with app.app_context(), app.test_request_context(), transaction() as session, as_system(session, "tests"):
        account = session.scalars(select(Account).where(Account.email == email)).one()
        send_link(session, account, purpose, 2)
        return session.scalars(select(Message.id).order_by(Message.queued_at.desc()).limit(1)).one()


def test_accents_arrive_in_subject_body_and_name(app: Flask, office: Handler) -> None:
    put(app, "Votre thèse — « Crues » à Łódź, 治水", "Chère Zoé,\n\nŒuvre, été, 治水.\n")
    assert mail.deliver(app) == 1
    (found,) = office.mails()
    assert found["Subject"] == "Votre thèse — « Crues » à Łódź, 治水"
    assert "Chère Zoé,\n\nŒuvre, été, 治水." in found.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["From"] == app.config["MAIL_FROM"]


def test_a_mail_says_its_language(app: Flask, office: Handler) -> None:
    put(app)
    mail.deliver(app)
    (found,) = office.mails()
    assert found["Content-Language"] == "fr"


def test_a_very_long_subject_and_line_arrive_whole(app: Flask, office: Handler) -> None:
    subject, line = "é" * 300, "à" * 3000
    put(app, subject, f"{line}\n")
    assert mail.deliver(app) == 1
    (found,) = office.mails()
    assert str(found["Subject"]).replace(" ", "") == subject
    assert line in found.get_body(("plain",)).get_content()
    assert max(map(len, office.taken[0].split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "subject",
    [
        "À signer : Convention individuelle de formation, thèse de Léa Martin",
        "To sign: Training in research ethics and integrity, thesis of Léa Martin",
        "Signed by everybody: Individual training agreement, thesis of Éléonore Vandenbroucke-Lemaître",
        "=?x?= is not an encoded word",
        "治水の歴史" * 30,
    ],
)
def test_every_space_of_a_subject_arrives(app: Flask, office: Handler, subject: str) -> None:
    put(app, subject=subject)
    mail.deliver(app)
    assert office.mails()[0]["Subject"] == subject
    head = office.taken[0].split(b"\r\n\r\n")[0]
    assert max(len(word) for word in head.split()) <= 75


def test_a_mail_is_sent_once_and_then_no_more(app: Flask, office: Handler) -> None:
    id_ = put(app)
    assert [mail.deliver(app), mail.deliver(app)] == [1, 0]
    assert row(app, id_).state == "sent"
    assert row(app, id_).sent_at is not None
    assert len(office.taken) == 1


def test_nothing_is_delivered_when_nothing_is_queued(app: Flask, office: Handler) -> None:
    assert mail.deliver(app) == 0


def test_a_mail_refused_for_now_goes_later_with_the_same_bytes(app: Flask, office: Handler) -> None:
    sent: list[bytes] = []
    with time_machine.travel(START, tick=False) as time:
        id_ = invite(app)
        app.extensions["cotutelle.send"] = lambda made: sent.append(made.as_bytes())
        with app.app_context():
            first = mail.compose(db.session.get_one(Message, id_)).as_bytes()
            db.session.rollback()
        app.extensions["cotutelle.send"] = None
        office.answers = ["451 Greylisted, try again"]
        assert mail.deliver(app) == 0
        waiting = row(app, id_)
        assert (waiting.state, waiting.tries, waiting.leased_until) == ("queued", 1, None)
        assert "451" in waiting.error
        assert waiting.due_at == START + timedelta(minutes=2)
        time.shift(timedelta(minutes=1, seconds=59))
        assert mail.deliver(app) == 0
        assert office.taken == []
        time.shift(timedelta(seconds=1))
        assert mail.deliver(app) == 1
    assert office.taken[0].rstrip() == first.rstrip()
    assert row(app, id_).error == ""
    (found,) = office.mails()
    assert found["Message-ID"] == f"<{id_}@localhost>"
    assert found["Date"].datetime == START


def test_while_the_server_is_down_mail_waits_ever_longer_and_is_given_up_after_twelve_tries(
    app: Flask,
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{unused.getsockname()[1]}"
    waits = []
    with time_machine.travel(START, tick=False) as time:
        id_ = put(app)
        for _try in range(mail.TRIES):
            assert mail.deliver(app) == 0
            found = row(app, id_)
            waits.append((found.due_at - clock.now()) // timedelta(minutes=1))
            time.move_to(found.due_at)
        assert mail.deliver(app) == 0
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360]
    assert (row(app, id_).state, row(app, id_).tries) == ("failed", mail.TRIES)


def test_a_mail_that_fails_holds_no_other_back(app: Flask, office: Handler) -> None:
    bad, good = put(app, "first"), put(app, "second")
    office.answers = ["552 No room"]
    assert mail.deliver(app) == 1
    assert sorted([row(app, bad).state, row(app, good).state]) == ["queued", "sent"]


def test_a_worker_that_died_holds_up_no_other_mail_and_leaves_its_own_to_the_next(
    app: Flask, office: Handler
) -> None:
    with time_machine.travel(START, tick=False) as time:
        id_ = put(app, "leased")
        with app.app_context():
            assert mail._lease() == id_
            assert mail._lease() is None
        put(app, "other")
        assert mail.deliver(app) == 1
        time.shift(mail.LEASE)
        assert mail.deliver(app) == 0
        time.shift(timedelta(seconds=1))
        assert mail.deliver(app) == 1
    assert [m["Subject"] for m in office.mails()] == ["other", "leased"]


def test_two_workers_never_send_one_mail_twice(app: Flask, office: Handler) -> None:
    ids = {put(app, str(number)) for number in range(12)}
    counts: list[int] = []
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        counts.append(mail.deliver(app))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 12
    assert sorted(str(m["Message-ID"]) for m in office.mails()) == sorted(f"<{i}@localhost>" for i in ids)


def test_the_limit_of_one_round_is_kept(app: Flask, office: Handler) -> None:
    for number in range(3):
        put(app, str(number))
    with app.app_context():
        assert mail.deliver(app, limit=2) == 2
    assert len(office.taken) == 2


# Links


def address_in(body: str) -> str:
    match = re.search(r"https?://\S+", body)
    assert match
    return match[0]


def test_the_address_in_a_mail_is_ours_and_opens_a_form(app: Flask, office: Handler) -> None:
    invite(app)
    mail.deliver(app)
    address = address_in(office.mails()[0].get_body(("plain",)).get_content())
    assert address.startswith("http://localhost/link/password/")
    page = Client(app).get(urlsplit(address).path)
    assert page.status == 200
    assert 'name="password"' in page.text


def test_the_public_address_is_the_configured_one_whatever_the_request_says(
    app: Flask, office: Handler
) -> None:
    client = Client(app)
    assert client.get("/forgotten", base_url="http://evil.example").status == 400
    token = client.get("/forgotten").hidden("csrf_token")
    data = {"csrf_token": token, "act_key": "a" * 20, "email": "candidate@tests.example"}
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert client.browser.post("/forgotten", data=data, headers=forged).status_code == 303
    mail.deliver(app)
    (found,) = office.mails()
    assert "evil" not in found.as_string()
    assert address_in(found.get_body(("plain",)).get_content()).startswith("http://localhost/link/")


def test_nothing_usable_is_kept_in_the_outbox(app: Flask) -> None:
    id_ = invite(app)
    kept = row(app, id_)
    with app.app_context():
        link = db.session.get_one(Link, str(kept.link_id))
        keys = [app.config["SECRET_KEY"]]
        token = links.sign(keys, "password", link.id)
        values = " ".join(str(getattr(kept, column.key)) for column in Message.__table__.columns)
        db.session.rollback()
    assert outbox.LINK in kept.body
    assert token not in values
    assert token.rsplit(".", 1)[1] not in values
    assert "http" not in values


def test_a_link_signed_with_an_older_key_still_opens(app: Flask, office: Handler) -> None:
    invite(app)
    mail.deliver(app)
    path = urlsplit(address_in(office.mails()[0].get_body(("plain",)).get_content())).path
    app.config["SECRET_KEY_FALLBACKS"], app.config["SECRET_KEY"] = (
        [app.config["SECRET_KEY"]],
        "another key, now",
    )
    assert Client(app).get(path).status == 200
    app.config["SECRET_KEY_FALLBACKS"] = []
    assert Client(app).get(path).status == 404


def test_an_apostrophe_in_a_name_is_not_an_entity_in_the_mail(app: Flask, office: Handler) -> None:
    named = {"given_names": "Zoé & Cie", "family_name": "O'Brien <x>"}
    with app.app_context(), transaction() as session:
        session.execute(update(Person).where(Person.email == "candidate@tests.example").values(named))
    invite(app)
    mail.deliver(app)
    assert "Zoé & Cie O'Brien <x>" in office.mails()[0].get_body(("plain",)).get_content()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("purpose", ["password", "invitation"])
def test_a_mail_speaks_its_readers_language(app: Flask, office: Handler, language: str, purpose: str) -> None:
    with app.app_context(), transaction() as session:
        mine = Account.email == "candidate@tests.example"
        session.execute(update(Account).where(mine).values(language=language))
    invite(app, purpose=purpose)
    mail.deliver(app)
    (found,) = office.mails()
    assert ("Bonjour" in found.get_body(("plain",)).get_content()) is (language == "fr")
    assert "%(" not in found.as_string()


# The demonstration, and installations without a server


def folder_of(app: Flask) -> list[Path]:
    return sorted((Path(app.instance_path) / "mail").glob("*.eml"))


def test_without_a_server_mail_goes_into_a_folder(app: Flask) -> None:
    id_ = put(app, "Réponse")
    assert mail.deliver(app) == 1
    (path,) = folder_of(app)
    assert path.stem == id_
    (kept,) = mail.read_folder(path.parent)
    assert (kept.subject, kept.to) == ("Réponse", "zoe@tests.example")
    assert "Bonjour," in kept.body


def demonstrate(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.add(Installation(name="kind", value="demo"))


WORLD = (
    "smtp://mail.univ.example",
    "smtps://u:p@mail.univ.example:465",
    "smtp://127.0.0.1.evil.example",
    "smtp://10.0.0.1",
    "smtp+starttls://localhost@mail.univ.example",
)


def test_a_demonstration_never_writes_to_the_world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: Any, **more: Any) -> None:
        raise AssertionError("a demonstration opened a connection")

    demonstrate(app)
    monkeypatch.setattr(smtplib, "SMTP", never)
    monkeypatch.setattr(smtplib, "SMTP_SSL", never)
    for count, url in enumerate(WORLD, start=1):
        app.config["SMTP_URL"] = url
        put(app)
        assert mail.deliver(app) == 1
        assert len(folder_of(app)) == count


def test_a_demonstration_may_write_to_loopback(app: Flask, office: Handler) -> None:
    demonstrate(app)
    put(app)
    assert mail.deliver(app) == 1
    assert len(office.taken) == 1
    assert folder_of(app) == []


def test_names_and_passwords_of_the_server_are_unquoted(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    said: list[Any] = []

    class Server:
        def __init__(self, host: str, port: int, timeout: int) -> None:
            said.append((host, port))

        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def starttls(self) -> None:
            said.append("tls")

        def login(self, user: str, password: str) -> None:
            said.append((user, password))

        def send_message(self, made: EmailMessage) -> None:
            said.append("sent")

    monkeypatch.setattr(smtplib, "SMTP", Server)
    app.config["SMTP_URL"] = "smtp+starttls://a%40b.example:p%2Fw@mail.univ.example:587"
    put(app)
    assert mail.deliver(app) == 1
    assert said == [("mail.univ.example", 587), "tls", ("a@b.example", "p/w"), "sent"]


def test_a_given_transport_replaces_all_others(sqlite_database: Any, tmp_path: Path) -> None:
    sent: list[EmailMessage] = []
    url = sqlite_database.copy()
    settings = {
        "SECRET_KEY": "a key for the tests alone",
        "DATABASE_URL": url,
        "SMTP_URL": "smtp://x.example",
    }
    app = create_app(settings, instance=tmp_path, send=sent.append)
    put(app)
    assert mail.deliver(app) == 1
    assert [str(m["To"]) for m in sent] == ["zoe@tests.example"]
    with app.app_context():
        db.engine.dispose()


def test_reading_a_folder_that_does_not_exist_finds_nothing(tmp_path: Path) -> None:
    assert mail.read_folder(tmp_path / "none") == []


def test_a_used_link_mailed_again_opens_nothing(app: Flask, office: Handler) -> None:
    id_ = invite(app)
    with app.app_context(), transaction() as session:
        accounts.use_link(session, str(row(app, id_).link_id), "password", clock.now())
    mail.deliver(app)
    path = urlsplit(address_in(office.mails()[0].get_body(("plain",)).get_content())).path
    assert Client(app).get(path).status == 410
