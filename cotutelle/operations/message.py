"""The outbox: a mail is written once, when the act happens; the worker sends it after the commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from cotutelle.models import Link, Message, public_id

LINK = "{link}"
CODE = "{code}"
"""What stands in a queued mail where its address and its code will be; the outbox holds nothing usable.

``{link:ID}`` and ``{code:ID}`` stand for those of a named link, where a mail has several.
"""
PAGE = "{page:PATH}"
"""What stands where the address of one of our own pages will be."""


def queue(
    session: Session,
    kind: str,
    to: str,
    language: str,
    subject: str,
    body: str,
    at: datetime,
    *,
    link: Link | None = None,
    thesis_id: int | None = None,
) -> Message:
    """Put a mail into the outbox, in the act's own transaction."""
    message = Message(
        id=public_id(),
        to=to,
        language=language,
        kind=kind,
        subject=subject,
        body=body,
        queued_at=at,
        due_at=at,
        link_id=link.id if link else None,
        thesis_id=thesis_id,
        retention="message",
    )
    session.add(message)
    session.flush()
    return message
