"""Where somebody gives a fact that a rule does not know yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, url_for

from cotutelle.domain.convention.terms import BY_KEY
from cotutelle.domain.rules.timing import EVENTS
from cotutelle.web import page
from cotutelle.web.guards import action_of

_OF_EVENT: Mapping[str, str] = {
    **dict.fromkeys(EVENTS, ""),
    "extension_parts": "extension",
    "mentions": "diploma",
    "partners": "star_record",
    "application_facts": "grant_application",
    "sessions": "first_part",
}
"""Facts that a recorded event gives, with its kind where that has another name."""

_ON_SCREEN: Mapping[str, str] = {
    **dict.fromkeys(("jury", "rapporteurs", "voters", "decides", "rank"), "jury.show"),
    **dict.fromkeys(("copublished", "on_committee", "presidency"), "jury.show"),
    **dict.fromkeys(("committee", "steps", "sent_to"), "committee.show"),
    **dict.fromkeys(("members", "outside_unit", "outside_region"), "committee.show"),
    **dict.fromkeys(("specialist", "field_outsider", "external", "in_direction"), "committee.show"),
    "remote_authorised": "jury_act.remote",
    "first_enrolment": "thesis.institutions",
    **dict.fromkeys(("defence", "mode", "diploma_form"), "thesis.edit"),
    **dict.fromkeys(("thesis_language", "defence_language"), "thesis.edit"),
    **dict.fromkeys(("directors", "accredited", "academic", "theses_directed"), "supervision.add"),
    **dict.fromkeys(("signature", "in_force_on", "expires_on", "planned_end"), "convention.show"),
    **dict.fromkeys(("country", "may_award"), "institution.index"),
    "fees": "enrolment.edit_year",
    "subject": "elsewhere.subjects",
    "stays": "stay.add",
    "monthly_amount": "enrolment.funding",
}
"""The screens that ask the other facts; terms of the convention stand in its chapters."""


def to_give(reference: str, facts: Iterable[str]) -> str:
    """The address of the form where the first of these facts is given; empty when the reader may not give it."""
    endpoint, arguments = next((found for fact in facts if (found := place_of(fact))), ("", {}))
    if not endpoint or not page.allowed(action_of(endpoint)):
        return ""
    if current_app.url_map.is_endpoint_expecting(endpoint, "reference"):
        arguments = {**arguments, "reference": reference}
    return url_for(endpoint, **arguments)


def place_of(fact: str) -> tuple[str, dict[str, Any]] | None:
    """The endpoint that asks a fact, with its arguments; None for a fact that no screen asks."""
    if fact in _OF_EVENT:
        return "finding.add", {"kind": _OF_EVENT[fact] or fact}
    if fact in BY_KEY:
        return "convention.chapter", {"chapter": BY_KEY[fact].chapter.value}
    return (_ON_SCREEN[fact], {}) if fact in _ON_SCREEN else None
