"""Sending what is queued: each mail in its own transaction, its link put in as it leaves."""

import logging
import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email import policy as email_policy
from email.header import Header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from sqlalchemy import or_, select, update

from cotutelle import clock, links
from cotutelle.db import db, transaction
from cotutelle.models import Installation, Link, Message
from cotutelle.operations import undeliverable
from cotutelle.operations.message import CLOSES, OPENS

Send = Callable[[EmailMessage], None]
LEASE = timedelta(minutes=2)
TRIES = 12
_log = logging.getLogger(__name__)


def deliver(app: Flask, limit: int = 50) -> int:
    """Send what is due; a mail that fails is tried again later and loses nobody's act. Returns how many left."""
    sent = 0
    with app.app_context():
        send = app.extensions.get("cotutelle.send") or transport(app)
        while sent < limit and (leased := _lease()):
            sent += _try(leased, send)
    return sent


def _lease() -> str | None:
    """Take the next due mail for a while, so that two workers do not send it both."""
    now = clock.now()
    with transaction() as session:
        due = (
            select(Message.id)
            .where(
                Message.state == "queued",
                Message.due_at <= now,
                or_(Message.leased_until.is_(None), Message.leased_until < now),
            )
            .order_by(Message.due_at)
            .limit(1)
        )
        return session.execute(
            update(Message)
            .where(
                Message.id == due.scalar_subquery(),
                or_(Message.leased_until.is_(None), Message.leased_until < now),
            )
            .values(leased_until=now + LEASE, tries=Message.tries + 1)
            .returning(Message.id),
            execution_options={"synchronize_session": False},
        ).scalar()


def _try(message_id: str, send: Send) -> int:
    try:
        mail = compose(db.session.get_one(Message, message_id, populate_existing=True))
        db.session.rollback()
        send(mail)
    except smtplib.SMTPRecipientsRefused as error:
        db.session.rollback()
        _refused(message_id, error)
        return 0
    except Exception as error:  # whatever one mail runs into, the next one leaves
        db.session.rollback()
        _log.warning("mail %s not sent: %s", message_id, type(error).__name__)
        _note(message_id, str(error)[:300])
        return 0
    with transaction() as session:
        row = session.get_one(Message, message_id)
        row.state, row.sent_at, row.leased_until, row.error = "sent", clock.now(), None, ""
    return 1


def _refused(message_id: str, error: smtplib.SMTPRecipientsRefused) -> None:
    """The server knows no such address (5xx): it is marked at once. Anything milder is tried again."""
    answers = list(error.recipients.values())
    code, said = answers[0] if answers else (0, b"")
    why = f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"[:300]
    if not 500 <= code < 600:
        _note(message_id, why)
        return
    with transaction() as session:
        row = session.get_one(Message, message_id)
        undeliverable.mark(session, row, why, clock.now())


def _note(message_id: str, error: str) -> None:
    with transaction() as session:
        row = session.get_one(Message, message_id)
        row.error, row.leased_until = error, None
        row.state = "failed" if row.tries >= TRIES else "queued"
        row.due_at = clock.now() + timedelta(minutes=min(2**row.tries, 360))


class _Policy(EmailPolicy):
    """Python's own, but for subjects: it loses or doubles a space wherever it folds one that is not plain ASCII."""

    def fold(self, name: str, value: Any) -> str:
        """A header as it leaves; a subject in encoded words of at most 75 signs each (RFC 2047)."""
        if name.lower() != "subject":
            return str(super().fold(name, value))
        text = str(value)
        plain = text.isascii() and len(text) <= 60 and "=?" not in text
        header = Header(text, "us-ascii" if plain else "utf-8", header_name=name)
        return f"{name}: {header.encode(maxlinelen=74, linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same as bytes."""
        if name.lower() != "subject":
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")


def compose(message: Message) -> EmailMessage:
    """The mail of a message: the same bytes at every try, with its links and codes written in."""
    config = current_app.config
    mail = EmailMessage(policy=_Policy(linesep="\r\n"))
    mail["From"], mail["To"] = config["MAIL_FROM"], message.to
    if message.reply_to:
        mail["Reply-To"] = message.reply_to
    mail["Subject"] = filled(message, message.subject)
    mail["Date"] = format_datetime(message.queued_at)
    host = urlsplit(config["BASE_URL"]).hostname
    mail["Message-ID"] = f"<{message.id}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    text = filled(message, message.body)
    mail.set_content(text)
    mail.add_alternative(simple_page(text, message.language), subtype="html")
    if message.event:
        mail.add_attachment(
            message.event, subtype="calendar", filename="cotutelle.ics", params={"method": "PUBLISH"}
        )
    mail["Content-Language"] = message.language  # setting the content takes such headers away
    mail.set_boundary(f"=={message.id}==")
    for part in mail.iter_parts():
        if part.is_multipart():
            part.set_boundary(f"=-{message.id}-=")
    return mail


_PLACE = re.compile(f"{OPENS}(?:(link|code)(?::([a-z0-9]{{12}}))?|page:([A-Za-z0-9/_.-]*)){CLOSES}")


def filled(message: Message, text: str) -> str:
    """A text of a mail with the addresses and codes of its links written in; a link that is gone stays unnamed."""
    config = current_app.config
    keys = [*config["SECRET_KEY_FALLBACKS"], config["SECRET_KEY"]]

    def written(found: re.Match[str]) -> str:
        what, link_id, path = found.groups()
        if path is not None:
            return f"{config['BASE_URL']}/{path}"
        link = db.session.get(Link, link_id or message.link_id or "")
        if link is None:
            return str(config["BASE_URL"])
        if what == "code":
            return links.code(keys, link.id)
        return f"{config['BASE_URL']}/link/{link.purpose}/{links.sign(keys, link.purpose, link.id)}"

    return _PLACE.sub(written, text)


_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def simple_page(text: str, language: str) -> str:
    """A mail's text as plain HTML: its paragraphs, its lines, its addresses as links, and no more."""
    paragraphs = []
    for block in text.strip().split("\n\n"):
        lines = escape(block, quote=False).replace("\n", "<br>\n")
        paragraphs.append(
            "<p>" + _ADDRESS.sub(lambda a: f'<a href="{a.group()}">{a.group()}</a>', lines) + "</p>"
        )
    style = "font-family:sans-serif;font-size:16px;line-height:1.5;max-width:38em;color:#1c1b1a"
    body = "\n".join(paragraphs)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"></head>\n'
        f'<body style="{style}">\n{body}\n</body></html>\n'
    )


def transport(app: Flask) -> Send:
    """SMTP where an address is set, else a folder of .eml files; a demonstration never sends beyond loopback."""
    url = str(app.config["SMTP_URL"])
    folder = Path(app.instance_path) / "mail"
    if not url:
        return lambda mail: _into(folder, mail)
    parts = urlsplit(url)
    demo = db.session.scalar(select(Installation.value).where(Installation.name == "kind")) == "demo"
    db.session.rollback()
    if demo and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        return lambda mail: _into(folder, mail)

    def send(mail: EmailMessage) -> None:
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(parts.hostname or "localhost", parts.port or 25, timeout=30) as server:
            if parts.scheme == "smtp+starttls":
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)

    return send


def _into(folder: Path, mail: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]", "", str(mail["Message-ID"]).split("@")[0])
    (folder / f"{name}.eml").write_bytes(mail.as_bytes())


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail in the folder, as the demonstration's mailbox shows it."""

    to: str
    subject: str
    date: str
    body: str


def read_folder(folder: Path) -> list[KeptMail]:
    """The mails of a folder, newest first."""
    found = []
    for path in sorted(folder.glob("*.eml"), key=lambda p: p.stat().st_mtime, reverse=True)[:200]:
        mail = BytesParser(policy=email_policy.default).parsebytes(path.read_bytes())
        body = mail.get_body(("plain",))
        found.append(
            KeptMail(
                str(mail["To"]), str(mail["Subject"]), str(mail["Date"]), body.get_content() if body else ""
            )
        )
    return found
