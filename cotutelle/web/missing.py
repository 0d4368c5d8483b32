"""What a convention still lacks, in words: who can give each fact, where, and which steps remain."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from cotutelle.documents.words import fact_name
from cotutelle.domain.convention.assembly import Missing, missing_facts
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.terms import BY_KEY
from cotutelle.models import Thesis
from cotutelle.operations import convention as conventions
from cotutelle.web import wording
from cotutelle.web.filters import locale
from cotutelle.web.page import parties_of


def missing_shown(facts: Facts) -> list[dict[str, Any]]:
    """Each missing fact once: its name, the clauses that need it, who can give it, where to give it."""
    found: dict[Any, dict[str, Any]] = {}
    for missing in missing_facts(facts):
        entry = found.setdefault(missing.blank, _missing(facts, missing))
        entry["clauses"].append(missing.article)
    for entry in found.values():
        entry["clauses"] = sorted({c for c in entry["clauses"] if c is not None})
    return list(found.values())


def _missing(facts: Facts, missing: Missing) -> dict[str, Any]:
    blank = missing.blank
    party = facts.party(blank.party).short_name if blank.party else ""
    name = fact_name(locale(), blank.fact)
    return {
        "fact": blank.fact,
        "name": name,
        "party": party,
        "giver": wording.giver(blank.giver, party or facts.lead.short_name),
        "clauses": [],
        "url": where_to_give(facts.reference, blank.fact, blank.party),
    }


_ELSEWHERE = {
    "subject": "elsewhere.subjects",
    "framework_title": "clause_use.show",
    "amendment_reason": "amendment.edit",
    "title": "thesis.edit",
    "thesis_language": "thesis.edit",
    "defence_language": "thesis.edit",
    "defence_from": "thesis.edit",
    "defence_until": "thesis.edit",
    "diploma_form": "thesis.edit",
    "mode": "thesis.edit",
    "discipline": "thesis.institutions",
    "school": "thesis.institutions",
    "unit": "thesis.institutions",
    "first_year": "thesis.institutions",
    "director": "supervision.add",
    "position": "supervision.add",
    "stays": "stay.add",
    "fees": "enrolment.edit_year",
    "payer": "enrolment.edit_year",
    "funding_from": "enrolment.funding",
    "funding_until": "enrolment.funding",
    "defence_day": "thesis.edit",
    "defence_hour": "thesis.edit",
    "defence_room": "thesis.edit",
    "jury_members": "jury.show",
    "enrolled_on": "enrolment.edit_year",
    "in_force_on": "convention.show",
    "birth_date": "person.candidate",
    "birth_place": "person.candidate",
    "birth_country": "person.candidate",
    "nationality": "person.candidate",
}
_OF_INSTITUTION = {
    "head_name",
    "head_capacity",
    "legal_status",
    "address",
    "contact",
    "contact_role",
    "contact_email",
}


def where_to_give(reference: str, fact: str, party: str | None) -> str:
    """The address of the form in which a missing fact is given."""
    if fact in BY_KEY:
        return url_for("convention.chapter", reference=reference, chapter=BY_KEY[fact].chapter.value)
    if fact in _OF_INSTITUTION and party:
        return url_for("institution.show", code=party)
    endpoint = _ELSEWHERE.get(fact)
    return (
        url_for(endpoint, reference=reference) if endpoint else url_for("thesis.steps", reference=reference)
    )


def steps_of(session: Session, thesis: Thesis) -> dict[str, Any]:
    """The steps of the file, each with its address and what its part of the convention still lacks."""
    convention = conventions.current(session, thesis)
    missing = missing_shown(conventions.text_of(session, thesis, convention))
    by_url: dict[str, int] = {}
    for entry in missing:
        by_url[entry["url"]] = by_url.get(entry["url"], 0) + 1
    reference = thesis.reference
    listed = [
        (_("Institutions, schools, disciplines"), "thesis.institutions"),
        (_("Thesis: title, languages, defence, award"), "thesis.edit"),
        (_("Candidate's identity"), "person.candidate"),
        (_("Directors"), "supervision.add"),
        (_("Enrolment and fees"), "enrolment.edit_year"),
        (_("Stays"), "stay.add"),
        (_("Funding"), "enrolment.funding"),
    ]
    items = [_step(title, url_for(endpoint, reference=reference), by_url) for title, endpoint in listed]
    chapters = [
        _step(str(word), url_for("convention.chapter", reference=reference, chapter=key.value), by_url)
        for key, word in wording.CHAPTERS.items()
    ]
    parties = [
        _step(p["name"], url_for("institution.show", code=p["code"]), by_url)
        for p in parties_of(session, thesis)
        if by_url.get(url_for("institution.show", code=p["code"]))
    ]
    return {"thesis": thesis, "items": items, "chapters": chapters, "directory": parties, "missing": missing}


def _step(title: str, url: str, counts: dict[str, int]) -> dict[str, str]:
    lacking = counts.get(url, 0)
    if lacking:
        return {
            "title": title,
            "url": url,
            "kind": "unknown",
            "word": ngettext("%(num)s fact missing", "%(num)s facts missing", lacking),
        }
    return {"title": title, "url": url, "kind": "done", "word": _("Complete")}
