"""The rules of an installation: shipped, of its folder, uploaded on screen; what its offices confirmed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.rulebook import Library, Rule, Rulebook
from cotutelle.models import Acceptance, RulebookFile
from cotutelle.operations import journal
from cotutelle.rulebooks import shelf
from cotutelle.rulebooks.mistakes import Mistake
from cotutelle.rulebooks.reading import read

Own = tuple[str, str, date | None]  # name, text, acts from


def library(session: Session) -> Library:
    """Every rulebook in force here: shipped, then the folder's, then those uploaded, the later ones on top."""
    return _shelf(session)[0]


def rejected(session: Session) -> tuple[shelf.Rejected, ...]:
    """The files left out for their faults, for the operator's page."""
    return _shelf(session)[1]


def _shelf(session: Session) -> tuple[Library, tuple[shelf.Rejected, ...]]:
    uploads = session.execute(
        select(RulebookFile.code, RulebookFile.digest, RulebookFile.from_on)
        .where(RulebookFile.withdrawn_at.is_(None))
        .order_by(RulebookFile.id)
    ).all()
    confirmed = session.scalars(select(Acceptance.key).where(Acceptance.subject == "rule")).all()
    folder = Path(str(session.get_bind().get_execution_options().get("rulebooks", "")))
    key = (
        stamps(folder),
        tuple((code, digest, day) for code, digest, day in uploads),
        frozenset(confirmed),
    )
    known = _KNOWN.get(key)
    if known is None:
        texts = dict(
            session.execute(
                select(RulebookFile.digest, RulebookFile.text).where(RulebookFile.withdrawn_at.is_(None))
            ).all()
        )
        own = [dated(texts[digest], code, day) for code, digest, day in uploads]
        known = _laid(folder, own, frozenset(confirmed))
        _KNOWN.clear()
        _KNOWN[key] = known
    return known


def stamps(folder: Path) -> tuple[tuple[str, int], ...]:
    """The files of the folder with the moments of their last change; one that goes meanwhile is not there."""
    found = []
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            found.append((str(path), path.stat().st_mtime_ns))
    return tuple(found)


_KNOWN: dict[object, tuple[Library, tuple[shelf.Rejected, ...]]] = {}


def _laid(
    folder: Path, uploads: Sequence[Rulebook | shelf.Rejected], confirmed: frozenset[str]
) -> tuple[Library, tuple[shelf.Rejected, ...]]:
    books, wrong = shelf.read_folder(folder, read)
    for each in uploads:
        if isinstance(each, Rulebook):
            books.append(each)
        else:
            wrong.append(each)
    found, replaced = shelf.with_own(books, confirmed)
    return found, (*wrong, *replaced)


@lru_cache(maxsize=256)
def dated(text: str, name: str, from_on: date | None) -> Rulebook | shelf.Rejected:
    """An uploaded rulebook; rules without a beginning of their own begin on the day given at the upload."""
    book, mistakes = read(text, name)
    if book is None:
        return shelf.Rejected(f"{name}.toml", tuple(mistakes))
    rules = tuple(rule if rule.begin or not from_on else replace(rule, begin=from_on) for rule in book.rules)
    return replace(book, rules=rules, digest=f"{book.digest}@{from_on}" if from_on else book.digest)


def check(session: Session, text: str) -> tuple[Rulebook | None, list[Mistake]]:
    """The rulebook that a text holds, or every mistake in it, one with what stands on the shelf among them."""
    book, mistakes = read(text)
    if book is not None:
        mistakes = shelf.clashes(book, library(session).books)
    if book is not None and not book.rules:
        mistakes = [Mistake(1, "no_rule")]
    return (None if mistakes else book), mistakes


def upload(session: Session, text: str, from_on: date, actor: Actor, at: datetime) -> RulebookFile:
    """Put an installation's rulebook on the shelf; it acts from a day on. Refused with its first mistake."""
    book, mistakes = check(session, text)
    if book is None:
        first = mistakes[0]
        raise Refused(Reason.RULEBOOK_WRONG, "text", line=first.line, why=first.text)
    if session.scalar(
        select(RulebookFile.id).where(
            RulebookFile.digest == book.digest,
            RulebookFile.from_on == from_on,
            RulebookFile.withdrawn_at.is_(None),
        )
    ):
        raise Refused(Reason.RULEBOOK_TWICE, "text")
    row = RulebookFile(
        code=book.id, text=text, digest=book.digest, from_on=from_on, at=at, by=actor.account_id
    )
    session.add(row)
    session.flush()
    journal.record(
        session, "rulebook.uploaded", f"rulebook:{book.id}", actor, at, digest=book.digest, from_on=from_on
    )
    return row


def withdraw(session: Session, row: RulebookFile, actor: Actor, at: datetime) -> None:
    """Take an uploaded rulebook off the shelf; the row and the journal keep it."""
    row.withdrawn_at = at
    journal.record(session, "rulebook.withdrawn", f"rulebook:{row.code}", actor, at, digest=row.digest)


def confirm(session: Session, rule: Rule, actor: Actor, at: datetime) -> None:
    """The office confirms an interpretation, or a rule that was to verify: as it stands, it binds from now on."""
    if session.get(Acceptance, ("rule", rule.key)) is None:
        session.add(Acceptance(subject="rule", key=rule.key, at=at, by=actor.account_id))
        journal.record(session, "rule.accepted", f"rule:{rule.id}", actor, at, key=rule.key)


def unconfirm(session: Session, rule: Rule, actor: Actor, at: datetime) -> None:
    """The office takes its confirmation back; the journal keeps that it was given."""
    row = session.get(Acceptance, ("rule", rule.key))
    if row is not None:
        session.delete(row)
        journal.record(session, "rule.acceptance_withdrawn", f"rule:{rule.id}", actor, at, key=rule.key)
