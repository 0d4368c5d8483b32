"""The form of one chapter of terms, made from the list of terms: one field for each, party and language."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import Optional

from cotutelle.documents.words import words
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import Facts, Party
from cotutelle.domain.convention.terms import TERMS, Chapter, Kind, Term, Terms
from cotutelle.web.fields import (
    Choice,
    Day,
    LongText,
    Money,
    Number,
    Text,
    VersionedForm,
    breakable,
    drawable,
    language_choices,
    options,
)
from cotutelle.web.filters import language as language_name
from cotutelle.web.filters import locale
from cotutelle.web.wording_terms import CHOICES

_PRINTED = (Optional(), drawable, breakable)


def terms_form(chapter: Chapter, facts: Facts) -> type[VersionedForm]:
    """The form class of a chapter for this convention: its parties and its languages."""
    fields: dict[str, Any] = {}
    for term, party in wanted(chapter, facts):
        for name, field in _fields(term, party, facts):
            fields[name] = field
    return type("TermsForm", (VersionedForm,), fields)


def wanted(chapter: Chapter, facts: Facts) -> list[tuple[Term, Party | None]]:
    """Each term of the chapter, once, or once for each party."""
    listed: list[tuple[Term, Party | None]] = []
    for term in TERMS:
        if term.chapter is chapter:
            listed += [(term, party) for party in facts.parties] if term.per_party else [(term, None)]
    return listed


def name_of(term: Term, party: Party | None, tag: str = "") -> str:
    """The name of a field; codes of institutions may hold a hyphen, which names do not."""
    return "__".join(
        part
        for part in (term.key, party.code.replace("-", "_") if party else "", tag.replace("-", "_"))
        if part
    )


def label_of(term: Term, party: Party | None) -> str:
    """What the term is called in the interface: the words by which the document names the fact."""
    name = str(words(locale())["fact"].get(term.key, term.key))
    label = name[:1].upper() + name[1:]
    return f"{label} · {party.short_name}" if party else label


def _fields(term: Term, party: Party | None, facts: Facts) -> list[tuple[str, Any]]:
    label = label_of(term, party)
    if term.kind is Kind.TEXT:
        return [
            (name_of(term, party, tag), LongText(f"{label} · {language_name(tag)}", _PRINTED, most=4000))
            for tag in facts.languages
        ]
    return [(name_of(term, party), _field(term, label, facts))]


def _field(term: Term, label: str, facts: Facts) -> Any:
    match term.kind:
        case Kind.INTEGER:
            return Number(label, term.least or 0, term.most or 1000)
        case Kind.MONEY:
            return Money(label)
        case Kind.DATE:
            return Day(label)
        case Kind.YES_NO:
            return RadioField(
                label, choices=options([("yes", _("Yes")), ("no", _("No"))]), validators=[Optional()]
            )
        case Kind.CHOICE:
            listed = [(key, str(CHOICES[term.key][key])) for key in term.choices]
            # what has a usual answer is settled until somebody chooses another
            unsettled = [] if term.default is not None else [("", _("Not yet settled"))]
            return Choice(label, choices=options([*unsettled, *listed]))
        case Kind.CHOICES:
            listed = [(key, str(CHOICES[term.key][key])) for key in term.choices]
            return SelectMultipleField(label, choices=options(listed))
        case Kind.LANGUAGES:
            tags = list(dict.fromkeys([*facts.languages, "fr", "en", "nl", "de", "es", "it", "pt"]))
            return SelectMultipleField(label, choices=[c for c in language_choices(*tags) if c.value in tags])
        case Kind.PARTY:
            return Choice(
                label,
                choices=options(
                    [("", _("Not yet settled")), *((p.code, p.short_name) for p in facts.parties)]
                ),
            )
        case _:
            return Text(label, _PRINTED)


def mark(chapter: Chapter, facts: Facts, form: Any) -> None:
    """Mark the fields that the final text needs: those without which it would have a blank, as things stand."""
    for term, party in wanted(chapter, facts):
        for tag in facts.languages if term.kind is Kind.TEXT else ("",):
            form[name_of(term, party, tag)].flags.needed = _needed(term, party, tag, facts)


def _needed(term: Term, party: Party | None, tag: str, facts: Facts) -> bool:
    code = party.code if party else None
    key = f"{term.key}:{code}" if code else term.key
    values = {**facts.terms.values}
    texts = values.pop(key, None)
    if tag and isinstance(texts, Mapping) and (others := {t: x for t, x in texts.items() if t != tag}):
        values[key] = others
    without = replace(facts, terms=Terms(values))
    return any((m.blank.fact, m.blank.party) == (term.key, code) for m in missing_facts(without))


def data_of(chapter: Chapter, facts: Facts) -> dict[str, Any]:
    """The terms as they stand, as the form shows them."""
    data: dict[str, Any] = {}
    for term, party in wanted(chapter, facts):
        value = facts.terms.get(term.key, party.code if party else None)
        if term.kind is Kind.TEXT:
            texts = value if isinstance(value, Mapping) else {}
            for tag in facts.languages:
                data[name_of(term, party, tag)] = texts.get(tag, "")
        elif term.kind is Kind.YES_NO:
            data[name_of(term, party)] = {True: "yes", False: "no"}.get(value)  # type: ignore[call-overload]  # None is no key
        else:
            data[name_of(term, party)] = value
    return data


def changes(chapter: Chapter, facts: Facts, form: Any) -> dict[str, object]:
    """What the form settles, by key or ``key:party``."""
    found: dict[str, object] = {}
    for term, party in wanted(chapter, facts):
        key = f"{term.key}:{party.code}" if party else term.key
        if term.kind is Kind.TEXT:
            texts = {tag: form[name_of(term, party, tag)].data for tag in facts.languages}
            # clauses close the sentence themselves
            found[key] = {tag: value.rstrip(". ") for tag, value in texts.items() if value}
            continue
        value = form[name_of(term, party)].data
        if term.kind is Kind.YES_NO:
            value = {"yes": True, "no": False}.get(value)
        if value in ("", []):
            value = None
        assert value is None or isinstance(value, bool | int | str | list | date | Decimal)
        found[key] = value
    return found
