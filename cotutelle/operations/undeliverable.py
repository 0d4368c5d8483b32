"""Addresses that take no mail: marked when a server refuses one or a mail comes back, cleared when mended."""

import re
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.models import Message, Thesis, Undeliverable

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


def clear(session: Session, address: str, to: str, at: datetime) -> int:
    """Send to a mended address what was kept for the former one, as far as the reader's theses go; how many mails.

    Mail that concerns no thesis, such as a link for a password, stays where it is: it is nobody else's to send on.
    """
    kept = session.scalars(
        select(Message).where(
            Message.state.in_(["refused", "failed"]),
            func.lower(Message.to) == address.strip().casefold(),
            Message.thesis_id.in_(select(Thesis.id)),
        )
    ).all()
    for message in kept:
        message.state, message.error, message.tries, message.due_at = "queued", "", 0, at
        message.to = to
    session.flush()
    return len(kept)


def returned(session: Session, mail: EmailMessage, at: datetime) -> Message | None:
    """Mark the address of a mail that came back; None when the returned mail names none of ours, or only waits.

    A delivery report says ``Action: failed`` (RFC 3464); one that says ``delayed`` marks nobody, nor
    does an answer that a mailbox writes by itself. The mail is known
    by its Message-ID, which stands in the report or in the returned headers.
    """
    whole = mail.as_string()
    action = re.search(r"^Action:\s*(\w+)", whole, re.MULTILINE | re.IGNORECASE)
    if action is None or action.group(1).lower() != "failed" or mail.get_content_type() != "multipart/report":
        return None
    found = next(
        (row for id_ in _OURS.findall(whole) if (row := session.get(Message, id_)) is not None), None
    )
    if found is None:
        return None
    status = next(
        (
            told
            for field in ("Diagnostic-Code", "Status")
            if (told := re.search(rf"^{field}:\s*(.+)$", whole, re.MULTILINE | re.IGNORECASE))
        ),
        None,
    )
    mark(session, found, status.group(1).strip()[:300] if status else "returned", at)
    return found
