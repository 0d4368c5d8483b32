"""The calendar of a thesis: what is late, what comes next, with whom it waits, and which text asks it."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.calendar import year_label
from cotutelle.domain.milestone import Slot, schedule
from cotutelle.domain.plan import Kind, Plans, Signer
from cotutelle.domain.progress import Standing, Stands, stand
from cotutelle.domain.rules.timing import EVENTS
from cotutelle.domain.thesis import ENDED
from cotutelle.models import Supervision, Thesis
from cotutelle.operations.plan import plans as plans_of
from cotutelle.policy import Action
from cotutelle.web import page
from cotutelle.web.filters import locale
from cotutelle.web.findings import CERTAINTIES, source_text
from cotutelle.web.guards import may
from cotutelle.web.jury import dossier_for

bp = Blueprint("calendar", __name__, url_prefix="/theses/<string:reference>/calendar")

SIGNERS = {
    Signer.CANDIDATE: _l("the candidate"),
    Signer.DIRECTOR: _l("the thesis director"),
    Signer.UNIT_HEAD: _l("the head of the research unit"),
    Signer.SCHOOL: _l("the doctoral school or faculty"),
    Signer.HEAD: _l("the head of the institution"),
}
_RECORDED = frozenset({"committee", *EVENTS})


@bp.get("")
@may(Action.VIEW_THESIS, on=Thesis)
def show(thesis: Thesis) -> Any:
    """Every milestone of the thesis by how it stands today, the late ones first."""
    session = db.session()
    shelf, dossier = dossier_for(session, thesis)
    plans = plans_of(session)
    parties = page.parties_of(session, thesis)
    by_code = {party["code"]: party for party in parties}
    directors = _directors(session, thesis)
    standing = stand(dossier, schedule(dossier, plans, shelf), plans, g.today)
    shown = [_shown(thesis, each, plans, by_code, directors) for each in standing if _told(thesis, each)]
    return render_template(
        "calendar/show.html",
        thesis=thesis,
        parties=parties,
        groups={group: [each for each in shown if each["standing"] == group] for group in Standing},
        any_dated=any(each["due"] for each in shown),
    )


def _told(thesis: Thesis, stands: Stands) -> bool:
    """Leaves have readers of their own, and move the end of the duration; nobody waits once a thesis has ended."""
    if stands.milestone.kind == "duration" and not page.allowed(Action.VIEW_LEAVES):
        return False
    return thesis.state not in ENDED - {"completed"} or stands.standing is Standing.DONE


def _directors(session: Session, thesis: Thesis) -> Mapping[int, list[str]]:
    """The thesis directors by institution, those of today."""
    rows = session.scalars(
        select(Supervision)
        .where(Supervision.thesis_id == thesis.id, Supervision.role == "director")
        .where(Supervision.until_on.is_(None) | (Supervision.until_on >= g.today))
        .order_by(Supervision.id)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.institution_id, []).append(row.person.name)
    return found


def _shown(
    thesis: Thesis,
    stands: Stands,
    plans: Plans,
    parties: Mapping[str, dict[str, Any]],
    directors: Mapping[int, list[str]],
) -> dict[str, Any]:
    milestone, kind = stands.milestone, plans.kinds[stands.milestone.kind]
    asking = [parties[code] for code in milestone.institutions]
    year = year_label(milestone.year, asking[0]["year_starts"][0]) if milestone.year else ""
    return {
        "standing": stands.standing,
        "name": kind.names[locale() if locale() in kind.names else "en"],
        "year": year,
        "due": milestone.due,
        "done_on": stands.done_on,
        "asking": asking,
        "conditional": bool(kind.condition) and stands.standing is not Standing.DONE,
        "source": source_text(milestone.source),
        "source_url": milestone.source.url,
        "certainty": "" if milestone.certainty == "sourced" else CERTAINTIES[milestone.certainty],
        "signatories": list(_signatories(thesis, milestone.signatories, parties, directors)),
        "in_turn": milestone.in_turn and len(milestone.signatories) > 1,
        "act_url": _act(thesis, kind, milestone.year, asking) if stands.standing is not Standing.DONE else "",
    }


def _signatories(
    thesis: Thesis,
    slots: Iterable[Slot],
    parties: Mapping[str, dict[str, Any]],
    directors: Mapping[int, list[str]],
) -> Iterable[dict[str, Any]]:
    """Who signs: a name where somebody is named, else the capacity, and then that nobody is named yet."""
    for slot in slots:
        party = parties.get(slot.institution)
        name, named = str(SIGNERS[slot.signer]), True
        if slot.signer is Signer.CANDIDATE:
            name = thesis.candidate.name
        elif slot.signer is Signer.DIRECTOR and party is not None:
            named = party["id"] in directors
            name = ", ".join(directors.get(party["id"], [name]))
        elif slot.signer is Signer.SCHOOL and party is not None and party["row"].school:
            name = party["row"].school.code
        yield {"name": name, "party": party, "named": named}


def _act(thesis: Thesis, kind: Kind, year: int, asking: list[dict[str, Any]]) -> str:
    """Where it is recorded that this was done, for those who may; empty for others and for what has no screen."""
    if kind.code == "enrolment" and page.own_sides(asking):
        return url_for("enrolment.edit_year", reference=thesis.reference, year=year)
    if kind.event in _RECORDED and page.allowed(Action.RECORD_EVENT):
        return url_for("finding.add", reference=thesis.reference, kind=kind.event)
    if kind.code == "convention" and page.allowed(Action.VIEW_CONVENTION):
        return url_for("convention.show", reference=thesis.reference)
    if kind.code == "reports" and page.allowed(Action.EDIT_JURY):
        return url_for("jury.show", reference=thesis.reference)
    return ""
