"""The outbox: a mail is written once, when the act happens; the worker sends it after the commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from cotutelle.models import Link, Message, public_id

OPENS, CLOSES = "\ue000", "\ue001"
"""Signs of nobody's alphabet between which a placeholder stands; `plain` keeps them out of whatever people typed."""
LINK = f"{OPENS}link{CLOSES}"
CODE = f"{OPENS}code{CLOSES}"
"""What stands in a queued mail where its address and its code will be; the outbox holds nothing usable.

`of_link` gives those of a named link, where a mail has several.
"""
PAGE = f"{OPENS}page:PATH{CLOSES}"
"""What stands where the address of one of our own pages will be."""


def of_link(what: str, link: Link) -> str:
    """The placeholder for the address or the code of a named link: ``link`` or ``code``."""
    return f"{OPENS}{what}:{link.id}{CLOSES}"


def plain(text: str) -> str:
    """A text that somebody typed, without anything that the worker would take for a placeholder."""
    return text.replace(OPENS, "").replace(CLOSES, "")


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
