"""Schedule files: the dates of one thesis as JSON, read into a dossier, and its calendar told as plain values."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from cotutelle.domain.calendar import Period
from cotutelle.domain.dossier import Absence, Agreement, Dossier, Place
from cotutelle.domain.milestone import Milestone
from cotutelle.domain.plan import Plans
from cotutelle.domain.rulebook import Library
from cotutelle.exchange.parsing import Unreadable, parsed

KINDS = ("maternity", "paternity", "adoption", "parental", "sick", "accident", "gap")
_ALIASES = {"sickness": "sick", "illness": "sick", "childcare": "parental", "cesure": "gap", "césure": "gap"}
MOST_PARTIES = 20


def read(text: str, library: Library) -> Dossier:
    """The dossier of a schedule file.

    Raises Unreadable.
    """
    data = parsed(text, "a schedule file")
    if not isinstance(data, dict):
        raise Unreadable("A schedule file is one object with lead, institutions and dates.")
    places = _places(data, library)
    today = _day(data, "today")
    full = _mode(data.get("mode"))
    signed = _day(data, "convention_signed")
    lead = next(place for place in places if place.lead)
    firsts = [place.first_enrolment for place in places if place.first_enrolment]
    first, defence = lead.first_enrolment or min(firsts, default=None), _day(data, "planned_defence")
    if first is not None and defence is not None and defence < first:
        raise Unreadable(f"planned_defence ({defence}) is before the first enrolment ({first}).")
    return Dossier(
        places=places,
        today=today,
        first_enrolment=first,
        defence=defence,
        full_time=full,
        absences=(*_absences(data, "leaves"), *_absences(data, "gap")),
        convention=Agreement("in_force", "", frozenset(), (), signed_on=signed) if signed else None,
    )


def _places(data: Mapping[str, Any], library: Library) -> tuple[Place, ...]:
    given = data.get("institutions")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_PARTIES:
        raise Unreadable(
            f"institutions must be a list of 1 to {MOST_PARTIES} objects with code, school and first_enrolment."
        )
    places = []
    for number, entry in enumerate(given, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("code"), str) or not entry["code"].strip():
            raise Unreadable(f"Institution {number} has no code.")
        code, school = library.code(entry["code"]), entry.get("school") or ""
        if not isinstance(school, str):
            raise Unreadable(f"The school of {entry['code']} is not a text.")
        known = library.place(code)
        country = entry.get("country") if isinstance(entry.get("country"), str) else ""
        place = known or Place(code, str(country), name=entry["code"])
        names = [school.strip()] if school.strip() else []
        first = _day(entry, "first_enrolment", f" of {entry['code']}")
        places.append(replace(place, schools=library.schools(code, names), first_enrolment=first))
    codes = [place.code for place in places]
    if len(set(codes)) < len(codes):
        raise Unreadable(f"{next(c for c in codes if codes.count(c) > 1)} is named twice.")
    lead = data.get("lead", codes[0])
    if not isinstance(lead, str) or library.code(lead) not in codes:
        raise Unreadable("lead must be the code of one of the institutions.")
    return tuple(replace(place, lead=place.code == library.code(lead)) for place in places)


def _mode(given: Any) -> bool | None:
    if given is None:
        return None
    known = {"full": True, "full_time": True, "part": False, "part_time": False}
    if not isinstance(given, str) or given.casefold().replace("-", "_") not in known:
        raise Unreadable("mode must be full or part.")
    return known[given.casefold().replace("-", "_")]


def _absences(data: Mapping[str, Any], name: str) -> list[Absence]:
    given = data.get(name) or []
    if isinstance(given, dict):
        given = [given]
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise Unreadable(f"{name} must be a list of objects with from and to.")
    found = []
    for entry in given:
        kind = "gap" if name == "gap" else entry.get("kind")
        kind = _ALIASES.get(kind, kind) if isinstance(kind, str) else kind
        if kind not in KINDS:
            raise Unreadable(f"The kind of a leave must be one of {', '.join(KINDS)}.")
        begin, end = _day(entry, "from", f" in {name}"), _day(entry, "to", f" in {name}")
        if begin is None or end is None or end < begin:
            raise Unreadable(f"{name}: each needs from and to, in this order.")
        found.append(Absence(kind, Period(begin, end)))
    return found


def _day(data: Mapping[str, Any], name: str, where: str = "") -> date | None:
    value = data.get(name)
    if value is None or value == "":
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable(f"{name}{where} must be a day such as 2026-11-24, not {value!r:.40}.") from None
    if not 1900 <= day.year <= 2200:
        raise Unreadable(f"{name}{where} is out of range: {value!r:.40}.")
    return day


def told(milestone: Milestone, plans: Plans) -> dict[str, Any]:
    """A milestone as plain JSON values; `institution` is the one that asks, or the first of those that share it."""
    kind = plans.kinds[milestone.kind]
    return {
        "kind": milestone.kind,
        "name": dict(kind.names),
        "institution": milestone.institutions[0],
        "institutions": list(milestone.institutions),
        "year": milestone.year or None,
        "due": milestone.due,
        "required_by": list(milestone.required_by),
        "source": {
            "text": milestone.source.text,
            "article": milestone.source.article,
            "url": milestone.source.url,
        },
        "certainty": milestone.certainty,
        "signatories": [
            {"role": slot.signer, "institution": slot.institution or None} for slot in milestone.signatories
        ],
        "in_turn": milestone.in_turn,
        "document": milestone.document or None,
        "remind": list(milestone.remind),
        "condition": milestone.condition or None,
    }
