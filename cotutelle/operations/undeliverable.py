"""Addresses that take no mail: marked when a server refuses one or a mail comes back, cleared when mended."""

import re
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.models import Message, Undeliverable

_OURS = re.compile(r"<([a-z0-9]{12})@[^<>\s]+>")


def mark(session: Session, message: Message, why: str, at: datetime) -> None:
    """Note that a mail's address refused it; the mail is kept, so that it can be sent once the address is mended."""
    message.state, message.error, message.leased_until = "refused", why, None
    address = message.to.strip().casefold()
    row = session.get(Undeliverable, address)
    if row is None:
        row = Undeliverable(address=address, since=at, retention="message")
        session.add(row)
    row.why, row.message_id = why, message.id
    session.flush()


def clear(session: Session, address: str, at: datetime, *, to: str = "") -> int:
    """Take the mark off an address, and send what was kept for it, to the mended one if there is one; how many."""
    row = session.get(Undeliverable, address.strip().casefold())
    if row is not None:
        session.delete(row)
    kept = session.scalars(select(Message).where(Message.state == "refused", Message.to == address)).all()
    for message in kept:
        message.state, message.error, message.tries, message.due_at = "queued", "", 0, at
        message.to = to or message.to
    session.flush()
    return len(kept)


def returned(session: Session, mail: EmailMessage, at: datetime) -> Message | None:
    """Mark the address of a mail that came back; None when the returned mail names none of ours, or only waits.

    A delivery report says ``Action: failed`` (RFC 3464); one that says ``delayed`` marks nobody. The mail is known
    by its Message-ID, which stands in the report or in the returned headers.
    """
    whole = mail.as_string()
    action = re.search(r"^Action:\s*(\w+)", whole, re.MULTILINE | re.IGNORECASE)
    if action and action.group(1).lower() != "failed":
        return None
    found = next(
        (row for id_ in _OURS.findall(whole) if (row := session.get(Message, id_)) is not None), None
    )
    if found is None:
        return None
    status = re.search(r"^(?:Diagnostic-Code|Status):\s*(.+)$", whole, re.MULTILINE | re.IGNORECASE)
    mark(session, found, status.group(1).strip()[:300] if status else "returned", at)
    return found
