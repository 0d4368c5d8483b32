"""The form in which a clause is worded: a field for each paragraph in each language, and how it reads in a thesis."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import g, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField
from wtforms.validators import DataRequired, Optional

from cotutelle.db import db
from cotutelle.documents.convention import Section, section
from cotutelle.documents.wording import wording as shipped
from cotutelle.documents.words import languages_with_words
from cotutelle.domain.convention.assembly import assemble
from cotutelle.domain.convention.catalogue import BY_ID
from cotutelle.domain.convention.own import ADDED
from cotutelle.domain.errors import Refused
from cotutelle.models import ClauseVariant, Person, Thesis, ThesisInstitution
from cotutelle.operations import clause as acts
from cotutelle.operations import convention as conventions
from cotutelle.web.fields import SOMETIMES, Choice, Day, LongText, Text, VersionedForm

BETWEEN = "__"
"""Between the language and the key of a fragment in the name of a field."""
WITHOUT = "without__"


class VariantForm(VersionedForm):
    """One version of a variant; the fields of its paragraphs are added for each clause."""

    from_on = Day(_l("In force from"), [DataRequired(_l("Give the day from which it counts."))])
    thesis = Choice(_l("Thesis to look at it with"), [Optional(), SOMETIMES])


def offered(row: ClauseVariant) -> list[str]:
    """The languages that the form shows: those asked for, else those of the newest version, else the first two."""
    known = languages_with_words()
    asked = request.values.get("languages", "")
    newest = list(row.versions[0].texts) if row.versions else ["fr", "en"]
    wanted = [tag for tag in asked.split(",") if tag in known] or newest
    return list(dict.fromkeys(wanted))


def variant_form(row: ClauseVariant, tags: Sequence[str]) -> type[VariantForm]:
    """The form class for a clause in these languages."""
    fields: dict[str, Any] = {}
    for key in shipped(row.clause, "en").fragments:
        if not BY_ID[row.clause].mandatory:
            fields[WITHOUT + key] = BooleanField(_l("Leave this paragraph out"))
        for tag in tags:
            fields[f"{tag}{BETWEEN}{key}"] = LongText(tag, [Optional(), SOMETIMES], most=6000)
    for tag in tags:
        fields[f"{tag}{BETWEEN}title"] = Text(tag, [Optional(), SOMETIMES], most=200)
        fields[f"{tag}{BETWEEN}added"] = LongText(tag, [Optional(), SOMETIMES], most=6000)
    return type("VariantForm", (VariantForm,), fields)


def filled_in(row: ClauseVariant, tags: Sequence[str], today: date) -> dict[str, Any]:
    """What the form holds at first: the newest version, or the shipped words."""
    newest = row.versions[0] if row.versions else None
    data: dict[str, Any] = {
        "version": row.version,
        "from_on": today if newest is None else max(today, newest.from_on),
    }
    for key in newest.without if newest else ():
        data[WITHOUT + key] = True
    for tag in tags:
        own = newest.texts.get(tag, {}) if newest else {}
        words = shipped(row.clause, tag)
        data[f"{tag}{BETWEEN}title"] = own.get("title") or words.title
        data[f"{tag}{BETWEEN}added"] = "\n\n".join(own.get("added", ()))
        for key, text in words.fragments.items():
            data[f"{tag}{BETWEEN}{key}"] = own.get("fragments", {}).get(key, text)
    return data


def texts_in(
    clause: str, form: Any, tags: Sequence[str]
) -> tuple[dict[str, acts.ClauseText], tuple[str, ...]]:
    """What the form says: the texts by language, and the fragments that it leaves out."""
    keys = list(shipped(clause, "en").fragments)
    texts = {
        tag: acts.ClauseText(
            title=form[f"{tag}{BETWEEN}title"].data or "",
            fragments={key: form[f"{tag}{BETWEEN}{key}"].data or "" for key in keys},
            added=(form[f"{tag}{BETWEEN}added"].data or "").replace("\r", "").split("\n\n"),
        )
        for tag in tags
    }
    without = tuple(key for key in keys if WITHOUT + key in form and form[WITHOUT + key].data)
    return texts, without


def refused(error: Refused) -> Refused:
    """The refusal at the form's own name of the field."""
    tag, _colon, key = (error.field or "").partition(":")
    key = "added" if key.startswith(ADDED) else key
    return Refused(error.reason, f"{tag}{BETWEEN}{key}" if key else error.field, **error.details)


def theses_of(row: ClauseVariant) -> list[tuple[str, str]]:
    """The newest theses that the institution leads, among those that the reader sees."""
    statement = (
        select(Thesis.reference, Person)
        .join(ThesisInstitution, ThesisInstitution.thesis_id == Thesis.id)
        .join(Person, Person.id == Thesis.candidate_id)
        .where(ThesisInstitution.institution_id == row.institution_id, ThesisInstitution.lead)
        .order_by(Thesis.id.desc())
        .limit(50)
    )
    return [(reference, person.name) for reference, person in db.session.execute(statement)]


def preview(
    row: ClauseVariant, form: Any, texts: Mapping[str, acts.ClauseText], without: Sequence[str]
) -> tuple[Section, list[str]] | None:
    """The clause as these words make it in the chosen thesis, in the languages of the form; none without a thesis.

    Refused as writing it would be; nothing of it stays.
    """
    session = db.session()
    tried = session.begin_nested()
    try:
        return _printed(session, row, form, texts, without)
    finally:
        tried.rollback()


def _printed(
    session: Session,
    row: ClauseVariant,
    form: Any,
    texts: Mapping[str, acts.ClauseText],
    without: Sequence[str],
) -> tuple[Section, list[str]] | None:
    thesis = session.scalar(select(Thesis).where(Thesis.reference == (form.thesis.data or "")))
    version = acts.write(session, row, texts, without, form.from_on.data, form.seen, g.actor, g.now)
    if thesis is None:
        return None
    facts = conventions.text_of(session, thesis, conventions.current(session, thesis))
    tags = list(texts)
    own = tuple(acts.as_wording(row, version, tag) for tag in tags)
    others = tuple(each for each in facts.wordings if each.clause != row.clause)
    facts = replace(
        facts, languages=tuple(tags), wordings=(*others, *own), framework=None, amendment=None, elsewhere=None
    )
    articles, annexes = assemble(facts)
    article = next(each for each in (*articles, *annexes) if each.clause.id == row.clause)
    return section(facts, article, facts.languages), tags
