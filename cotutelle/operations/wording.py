"""Letters in a school's own words: checked when they are written, so that no letter lacks what it is sent for."""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import LetterWording, Message, Person, School
from cotutelle.operations import journal, letter, message
from cotutelle.operations.version import bump

_NAMED = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def variables(kind: str) -> tuple[str, ...]:
    """What a kind of letter, or the block under all of them, may name."""
    return ("school",) if kind == letter.SIGNATURE else letter.VARIABLES[kind]


def check(kind: str, subject: str, body: str) -> None:
    """Refuse a wording that names what there is not, or lacks what the letter is sent for."""
    if kind != letter.SIGNATURE and not subject.strip():
        raise Refused(Reason.SUBJECT_MISSING, "subject")
    if not body.strip():
        raise Refused(Reason.WORDS_MISSING, "body")
    known = variables(kind)
    for field, text in (("subject", subject), ("body", body)):
        for named in _NAMED.findall(text):
            if named not in known:
                listed = ", ".join(f"{{{{{each}}}}}" for each in known)
                raise Refused(Reason.UNKNOWN_VARIABLE, field, name=f"{{{{{named}}}}}", known=listed)
    needed = (*letter.NEEDED.get(kind, ()), *(() if kind == letter.SIGNATURE else ("signature",)))
    for each in needed:
        if each not in _NAMED.findall(body):
            raise Refused(Reason.VARIABLE_MISSING, "body", name=f"{{{{{each}}}}}")


def save(
    session: Session,
    school: School,
    kind: str,
    language: str,
    subject: str,
    body: str,
    version: int,
    actor: Actor,
    at: datetime,
) -> LetterWording:
    """Word a kind of letter for a school in a language. Stale when somebody else did meanwhile."""
    check(kind, subject, body)
    row = letter.worded(session, school, kind, language)
    if row is None:
        if version:
            raise Stale(0)
        row = LetterWording(school_id=school.id, kind=kind, language=language, at=at)
        session.add(row)
    else:
        bump(session, row, version)
    row.subject, row.body = letter.one_line(_tight(subject)), _tight(body).strip()
    row.at, row.by = at, actor.account_id
    session.flush()
    journal.record(
        session, "letter.worded", f"school:{school.public_id}", actor, at, kind=kind, language=language
    )
    return row


def _tight(text: str) -> str:
    """A wording with its variables written without blanks, as they are filled."""
    return _NAMED.sub(r"{{\1}}", text.replace("\r\n", "\n"))


def drop(session: Session, school: School, kind: str, language: str, actor: Actor, at: datetime) -> None:
    """Go back to the words that the application ships."""
    row = letter.worded(session, school, kind, language)
    if row is not None:
        session.delete(row)
        journal.record(
            session, "letter.unworded", f"school:{school.public_id}", actor, at, kind=kind, language=language
        )


def own(session: Session, school: School) -> Mapping[tuple[str, str], LetterWording]:
    """The school's own wordings, by kind and language."""
    rows = session.scalars(select(LetterWording).where(LetterWording.school_id == school.id))
    return {(row.kind, row.language): row for row in rows}


def sample(
    session: Session, school: School, kind: str, language: str, subject: str, body: str
) -> tuple[str, str]:
    """Subject and body as a reader would see them, with invented people."""
    values = {key: str(value) for key, value in letter.words(language)["sample"].items()}
    values["school"] = letter.school_name(session, school, language)
    block = letter.signature(session, school, language)
    if kind == letter.SIGNATURE:
        block = letter.filled(_tight(body), values)
        subject, body = letter.shipped("test", language)
    values["signature"] = block
    told = re.sub(r"\n{3,}", "\n\n", letter.filled(_tight(body), values))
    return letter.one_line(letter.filled(_tight(subject), values)), told


def send_test(
    session: Session, school: School, kind: str, language: str, person: Person, actor: Actor, at: datetime
) -> Message:
    """Send a kind of letter to oneself, with invented people and marked as a test."""
    if not person.email:
        raise Refused(Reason.NO_ADDRESS, name=person.name)
    if kind == letter.SIGNATURE:
        row = letter.worded(session, school, kind, language)
        asked = ("", row.body if row else "{{school}}")
    else:
        asked = letter.wording(session, school, kind, language)
    subject, body = sample(session, school, kind, language, *asked)
    mark = str(letter.words(language)["test"])
    sent = message.queue(session, "test", person.email, letter.known(language), f"{mark} {subject}", body, at)
    journal.record(
        session, "letter.tested", f"school:{school.public_id}", actor, at, kind=kind, language=language
    )
    return sent
