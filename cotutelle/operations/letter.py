"""Letters: what a mail says, in its reader's language.

A wording is closed text with ``{{variables}}``; its first line is the subject. Addresses and codes stand in it as
placeholders that the worker fills, so that the outbox holds nothing usable.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.config import place
from cotutelle.models import (
    Account,
    Grant,
    LetterWording,
    Link,
    Message,
    Person,
    School,
    SignOff,
    Thesis,
    ThesisInstitution,
    Undeliverable,
    texts_of,
)
from cotutelle.operations import message
from cotutelle.scope import as_system

LANGUAGES = ("fr", "en")
_OF_A_THESIS = ("name", "candidate", "institutions", "title", "signature")
_OF_A_CAMPAIGN = ("name", "school", "year", "deadline", "list", "note", "page", "signature")
_OF_A_MILESTONE = ("name", "candidate", "institutions", "milestone", "signature")
_TO_SIGN = (*_OF_A_MILESTONE, "title", "capacity", "due", "link", "code", "until")
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "ask": (*_TO_SIGN, "asker"),
    "changed": _TO_SIGN,
    "renewed": _TO_SIGN,
    "delegated": (*_TO_SIGN, "delegator", "reason"),
    "code": ("name", "candidate", "milestone", "code", "signature"),
    "inbox": ("name", "link", "code", "signature"),
    "receipt": (
        *_OF_A_MILESTONE, "capacity", "on", "declaration", "proof", "digest", "document", "sequence",
    ),
    "sent_back": (*_OF_A_MILESTONE, "who", "reason"),
    "declined": (*_OF_A_MILESTONE, "who", "reason", "page"),
    "complete": (*_OF_A_MILESTONE, "list"),
    "committee_report": (*_OF_A_THESIS, "on", "page"),
    "text_put": (*_OF_A_THESIS, "number", "page"),
    "text_agreed": (*_OF_A_THESIS, "number", "page"),
    "convention_ends": (*_OF_A_THESIS, "on", "defence", "then", "page"),
    "convention_closed": (*_OF_A_THESIS, "number", "digest", "page"),
    "text_withdrawn": (*_OF_A_THESIS, "number", "who", "reason", "page"),
    "text_reopened": (*_OF_A_THESIS, "reason", "page"),
    "point": (*_OF_A_THESIS, "clause", "who", "text", "state", "owner", "page"),
    "campaign": _OF_A_CAMPAIGN,
    "campaign_reminder": _OF_A_CAMPAIGN,
    "campaign_returned": (*_OF_A_CAMPAIGN, "reason"),
    "no_longer": _OF_A_MILESTONE,
    "ended": (*_OF_A_THESIS, "state", "on", "reason", "consequence"),
    "resumed": (*_OF_A_THESIS, "state", "on", "reason"),
    "defence": (*_OF_A_THESIS, "on", "result", "reason"),
    "supervision": (*_OF_A_THESIS, "who", "institution", "on", "then", "lacking"),
    "nobody_signs": (*_OF_A_THESIS, "list", "page"),
    "deputy": ("name", "who", "deputy", "from", "until", "reason", "signature"),
    "handover": ("name", "who", "school", "theses", "requests", "account", "link", "signature"),
    "reminder": ("name", "count", "first", "list", "today", "all", "signature"),
    "test": ("name", "signature"),
}  # fmt: skip
"""The kinds of letters, and what each may name."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("ask", "changed", "renewed", "delegated"), ("link", "code", "milestone", "candidate")),
    "code": ("code",),
    "receipt": ("declaration", "proof", "digest", "document", "sequence"),
    "sent_back": ("milestone", "reason"),
    "declined": ("milestone", "reason", "page"),
    "complete": ("milestone", "list"),
    "committee_report": ("page",),
    **dict.fromkeys(("campaign", "campaign_reminder"), ("list", "deadline", "page")),
    "campaign_returned": ("list", "reason", "page"),
    "no_longer": ("milestone",),
    "ended": ("state", "reason", "consequence"),
    "resumed": ("state", "reason"),
    "defence": ("result", "reason"),
    "supervision": ("who", "then", "lacking"),
    "nobody_signs": ("list",),
    "reminder": ("list",),
}
"""The kinds that an office may word itself, and what each has to name whatever its words."""
SIGNATURE = "signature"
"""The kind of the block under every letter of a school; it may name ``{{school}}``."""
_OURS = frozenset({"link", "code", "page", "list", "all"})
"""Variables that the application writes itself, and that may hold placeholders for the worker."""
_VARIABLE = re.compile(r"\{\{([a-z_]+)\}\}")


@cache
def words(language: str) -> Mapping[str, Any]:
    """The closed words of letters in a language; English where it has none."""
    path = place("templates") / "letters" / f"words.{known(language)}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def known(language: str) -> str:
    """The nearest language that letters are written in."""
    base = language.split("-", maxsplit=1)[0].lower()
    return base if base in LANGUAGES else "en"


@cache
def shipped(kind: str, language: str) -> tuple[str, str]:
    """Subject and body of a kind of letter, as the application ships them."""
    path = place("templates") / "letters" / f"{kind}.{known(language)}.txt"
    subject, _newline, body = path.read_text(encoding="utf-8").partition("\n")
    return subject, body.strip()


def filled(text: str, values: Mapping[str, str]) -> str:
    """A wording with its variables written in, in one pass: what a value holds is never read as a variable."""
    return _VARIABLE.sub(lambda found: values.get(found.group(1), ""), text)


def one_line(text: str) -> str:
    """A text fit for a subject."""
    return re.sub(r"\s+", " ", text).strip()[:200]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def day_in(value: date | None, language: str) -> str:
    """A date in words, or that there is none."""
    if value is None:
        return str(words(language)["unknown_day"])
    written = format_date(value, "d MMMM y", locale=known(language))
    return f"1er{written[1:]}" if value.day == 1 and known(language) == "fr" else written


def language_of(session: Session, person: Person, otherwise: str) -> str:
    """The language in which somebody reads mail: their account's, else the one they were last asked in."""
    own = session.scalar(select(Account.language).where(Account.person_id == person.id))
    if own:
        return own
    with as_system(session, "language of a letter"):
        asked = session.scalar(
            select(SignOff.language)
            .where(SignOff.person_id == person.id)
            .order_by(SignOff.id.desc())
            .limit(1)
        )
    return asked or otherwise


def post(
    session: Session,
    kind: str,
    person: Person,
    language: str,
    at: datetime,
    values: Mapping[str, str],
    *,
    thesis: Thesis | None = None,
    link: Link | None = None,
    due_at: datetime | None = None,
    event: str = "",
    school: School | None = None,
    reply_to: str = "",
) -> Message | None:
    """Queue a letter to somebody, in the act's own transaction; None when they have no address at all.

    One to an address that a server refused is kept as refused, so that it is seen and can be sent once it is mended.
    """
    if not person.email:
        return None
    school = school or _lead_school(session, thesis)
    subject, body = wording(session, school, kind, language)
    values = {"name": person.name, "signature": signature(session, school, language), **values}
    values = {key: text if key in _OURS else message.plain(text) for key, text in values.items()}
    row = message.queue(
        session,
        kind,
        person.email,
        known(language),
        _capital(one_line(filled(subject, values))),
        re.sub(r"\n{3,}", "\n\n", filled(body, values)),
        at,
        link=link,
        thesis_id=thesis.id if thesis else None,
    )
    row.reply_to, row.event = reply_to or _office_address(session, school, at), event
    if due_at is not None:
        row.due_at = due_at
    refused = session.get(Undeliverable, person.email.strip().casefold())
    if refused is not None:
        row.state, row.error = "refused", refused.why
    session.flush()
    return row


def wording(session: Session, school: School | None, kind: str, language: str) -> tuple[str, str]:
    """Subject and body of a kind of letter: in the school's own words where it has some, else as shipped."""
    own = worded(session, school, kind, language) if school is not None and kind in NEEDED else None
    return (own.subject, own.body) if own is not None else shipped(kind, language)


def worded(session: Session, school: School, kind: str, language: str) -> LetterWording | None:
    """A school's own wording of a kind of letter in a language."""
    return session.scalar(
        select(LetterWording).where(
            LetterWording.school_id == school.id,
            LetterWording.kind == kind,
            LetterWording.language == known(language),
        )
    )


def signature(session: Session, school: School | None, language: str) -> str:
    """Who signs a letter: the lead's school in its own words or by its name, else the application's team."""
    if school is None:
        return str(words(language)["by_office"])
    name = school_name(session, school, language)
    own = worded(session, school, SIGNATURE, language)
    return filled(own.body, {"school": name}) if own is not None else name


def office(session: Session, thesis: Thesis, language: str) -> str:
    """The lead's school by its name, as whoever asks when nobody in particular does."""
    school = _lead_school(session, thesis)
    return school_name(session, school, language) if school else str(words(language)["by_office"])


def school_name(session: Session, school: School, language: str) -> str:
    """A school with its institution, as letters name it."""
    names = texts_of(session, "school", [school.id], "name")[school.id]["name"]
    name = names.get(known(language)) or next(iter(names.values()), school.code)
    return f"{name}, {school.institution.short_name}"


def _lead_school(session: Session, thesis: Thesis | None) -> School | None:
    if thesis is None:
        return None
    with as_system(session, "who signs a letter"):
        return session.scalar(
            select(School)
            .join(ThesisInstitution, ThesisInstitution.school_id == School.id)
            .where(ThesisInstitution.thesis_id == thesis.id, ThesisInstitution.lead)
        )


def _office_address(session: Session, school: School | None, at: datetime) -> str:
    """Where an answer to a letter goes: to somebody who administers the lead's school; empty when nobody does."""
    if school is None:
        return ""
    return (
        session.scalars(
            select(Person.email)
            .join(Grant, Grant.person_id == Person.id)
            .join(Account, Account.person_id == Person.id)
            .where(
                Grant.role == "administrator",
                Grant.scope_kind == "school",
                Grant.scope_id == school.id,
                Grant.from_on <= at.date(),
                Grant.until_on.is_(None) | (Grant.until_on >= at.date()),
                Account.disabled_at.is_(None),
                Person.email != "",
            )
            .order_by(Grant.id)
            .limit(1)
        ).first()
        or ""
    )
