"""Clauses in an institution's own words: variants, their dated versions, and which of their languages a jurist read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents.printing import marked
from cotutelle.documents.wording import wording
from cotutelle.documents.words import languages_with_words
from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.catalogue import BY_ID
from cotutelle.domain.convention.own import ADDED, OwnWording, check
from cotutelle.domain.convention.variables import GENERAL, named
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import ClauseVariant, ClauseVersion, Institution
from cotutelle.operations import journal
from cotutelle.operations.version import bump

_SPACES = re.compile(r"[ \n\r\t]+")  # no-break spaces stay
_FOREIGN = "<>[]{}`|\\_#~"


@dataclass(frozen=True, slots=True)
class Condition:
    """When a variant is used: with an institution, with one of a country, under a framework; always when none is said."""

    institution_id: int | None = None
    country: str = ""
    framework_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause in one language as a form gives it; a fragment that says what is shipped is not the office's own."""

    title: str = ""
    fragments: Mapping[str, str] = field(default_factory=dict)
    added: Sequence[str] = ()


def begin(
    session: Session,
    institution: Institution,
    clause: str,
    name: str,
    condition: Condition,
    actor: Actor,
    at: datetime,
) -> ClauseVariant:
    """Begin a variant of a clause, used in conventions that the institution leads; it has no text yet."""
    variant = ClauseVariant(
        institution_id=institution.id,
        clause=clause,
        name=name.strip(),
        with_institution_id=condition.institution_id,
        with_country=condition.country,
        framework_id=condition.framework_id,
    )
    session.add(variant)
    session.flush()
    _note(session, "clause.begun", variant, institution, actor, at)
    return variant


def write(
    session: Session,
    variant: ClauseVariant,
    texts: Mapping[str, ClauseText],
    without: Sequence[str],
    from_on: date,
    version: int,
    actor: Actor,
    at: datetime,
) -> ClauseVersion:
    """Write the next version of a variant, in force from a day on; what is agreed keeps the version it was agreed with.

    Refused, with the field ``language:fragment`` named, when a text names what the clause is not given, loses what
    the law asks for, holds other marks than bold and italics, or when its languages add unequal paragraphs. Stale when
    somebody else wrote meanwhile.
    """
    if variant.retired_at is not None:
        raise Refused(Reason.VARIANT_NOT_FITTING)
    without = sorted({*without, *_emptied(texts)})
    own = {language: _own(variant.clause, language, text) for language, text in texts.items()}
    if not own:
        raise Refused(Reason.TEXT_INCOMPLETE, "languages")
    longest = max(len(each["added"]) for each in own.values())
    for language, each in own.items():
        if len(each["added"]) != longest:
            raise Refused(Reason.TEXT_INCOMPLETE, f"{language}:added")
        _check(variant.clause, language, each, without)
    bump(session, variant, version)
    last = session.scalar(
        select(ClauseVersion.number)
        .where(ClauseVersion.variant_id == variant.id)
        .order_by(ClauseVersion.number.desc())
        .limit(1)
    )
    row = ClauseVersion(
        variant_id=variant.id,
        number=(last or 0) + 1,
        from_on=from_on,
        texts=own,
        without=without,
        at=at,
        by=actor.account_id,
    )
    session.add(row)
    session.flush()
    session.expire(variant, ["versions"])
    _note(
        session, "clause.written", variant, variant.institution, actor, at, number=row.number, from_on=from_on
    )
    return row


def read_by(
    session: Session,
    variant: ClauseVariant,
    row: ClauseVersion,
    language: str,
    who: str,
    on: date,
    actor: Actor,
    at: datetime,
) -> None:
    """Note that a jurist has read a version in a language; it is no longer merely drafted."""
    if language not in row.texts or not who.strip():
        raise Refused(Reason.TEXT_INCOMPLETE, "who")
    state = f"read by {who.strip()}, {on.isoformat()}"
    row.texts = {**row.texts, language: {**row.texts[language], "state": state}}
    session.flush()
    _note(
        session,
        "clause.read",
        variant,
        variant.institution,
        actor,
        at,
        number=row.number,
        language=language,
        who=who.strip(),
        on=on,
    )


def retire(session: Session, variant: ClauseVariant, version: int, actor: Actor, at: datetime) -> None:
    """Use a variant no more; conventions that were agreed with it keep its words. Stale when it changed meanwhile."""
    bump(session, variant, version)
    variant.retired_at = at
    session.flush()
    _note(session, "clause.retired", variant, variant.institution, actor, at)


def variables_of(clause: str, fragment: str) -> frozenset[str]:
    """What a fragment of a shipped clause is given."""
    return named(wording(clause, "en").fragments.get(fragment, ""))


def in_force(variant: ClauseVariant, today: date) -> ClauseVersion | None:
    """The version of a variant that counts on a day; None before its first."""
    return next((row for row in variant.versions if row.from_on <= today), None)


def as_wording(variant: ClauseVariant, row: ClauseVersion, language: str) -> OwnWording:
    """A version in one language as a convention uses it."""
    text = row.texts[language]
    return OwnWording(
        clause=variant.clause,
        language=language,
        variant=variant.public_id,
        version=row.number,
        title=text["title"],
        fragments=text["fragments"],
        without=tuple(row.without),
        added=tuple(text["added"]),
        state=text["state"],
    )


def _own(clause: str, language: str, text: ClauseText) -> dict[str, Any]:
    if language not in languages_with_words():
        raise Refused(Reason.NO_WORDING, "languages", language=language, clauses=clause)
    shipped = wording(clause, language)
    fragments = {key: _SPACES.sub(" ", said).strip(" ") for key, said in text.fragments.items()}
    return {
        "title": "" if text.title.strip() == shipped.title else text.title.strip(),
        "fragments": {
            key: said for key, said in fragments.items() if said and said != shipped.fragments.get(key)
        },
        "added": [_SPACES.sub(" ", said).strip(" ") for said in text.added if said.strip()],
        "state": "drafted",
    }


def _check(clause: str, language: str, own: Mapping[str, Any], without: Sequence[str]) -> None:
    said = {
        **own["fragments"],
        **{f"{ADDED}{number}": text for number, text in enumerate(own["added"], start=1)},
    }
    for key, text in (("title", own["title"]), *said.items()):
        plain = text
        for name in named(text):
            plain = plain.replace("{{" + name + "}}", "x")
        drawn = text if key == "title" else marked(plain)  # a star that is left closed nothing
        if any(sign in plain for sign in _FOREIGN) or any(sign in drawn for sign in "*{"):
            raise Refused(Reason.MARKS_NOT_CLOSED, f"{language}:{key}")
    try:
        check(
            without,
            {key: variables_of(clause, key) for key in wording(clause, "en").fragments},
            frozenset(GENERAL),
            {key: named(text) for key, text in said.items()},
            mandatory=BY_ID[clause].mandatory,
        )
    except Refused as error:
        raise Refused(error.reason, f"{language}:{error.field}", **error.details) from None


def _emptied(texts: Mapping[str, ClauseText]) -> list[str]:
    """The paragraphs that were emptied: left out, when they were in every language."""
    emptied: dict[str, list[str]] = {}
    for language, text in texts.items():
        for key, said in text.fragments.items():
            if not said.strip():
                emptied.setdefault(key, []).append(language)
    for key, languages in emptied.items():
        if len(languages) < len(texts):
            raise Refused(Reason.TEXT_INCOMPLETE, f"{languages[0]}:{key}")
    return sorted(emptied)


def _note(
    session: Session,
    act: str,
    variant: ClauseVariant,
    institution: Institution,
    actor: Actor,
    at: datetime,
    **more: Any,
) -> None:
    journal.record(
        session,
        act,
        f"institution:{institution.code}",
        actor,
        at,
        clause=variant.clause,
        name=variant.name,
        **more,
    )
