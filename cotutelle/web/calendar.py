"""The calendar of a thesis: what is late, what comes next, with whom it waits, and which text asks it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.calendar import is_year, year_label
from cotutelle.domain.finding import Source
from cotutelle.domain.plan import AMENDMENT, Kind, Signer
from cotutelle.domain.progress import SOON, Standing
from cotutelle.domain.rules.timing import EVENTS
from cotutelle.domain.signoff import State
from cotutelle.domain.thesis import ENDED
from cotutelle.models import Milestone, SignOff, Supervision, Thesis, ThesisInstitution
from cotutelle.operations.calendar import BEFORE, DONE, DROPPED, LAPSED
from cotutelle.operations.plan import plans as plans_of
from cotutelle.policy import Action, Reader, Role
from cotutelle.web import page
from cotutelle.web.fields import Form
from cotutelle.web.filters import locale
from cotutelle.web.findings import CERTAINTIES, source_text
from cotutelle.web.guards import may

bp = Blueprint("calendar", __name__, url_prefix="/theses/<string:reference>/calendar")

SIGNERS = {
    Signer.CANDIDATE: _l("the candidate"),
    Signer.DIRECTOR: _l("the thesis director"),
    Signer.FORMER_DIRECTOR: _l("the former thesis director"),
    Signer.UNIT_HEAD: _l("the head of the research unit"),
    Signer.SCHOOL: _l("the doctoral school or faculty"),
    Signer.HEAD: _l("the head of the institution"),
}
MOVED_BY_LEAVES = "duration"
_RECORDED = frozenset({"committee", *EVENTS})


@bp.get("")
@may(Action.VIEW_THESIS, on=Thesis)
def show(thesis: Thesis) -> Any:
    """Every milestone of the thesis by how it stands today, the late ones first."""
    session = db.session()
    parties = page.parties_of(session, thesis)
    shown = shown_of(session, thesis, parties)
    return render_template(
        "calendar/show.html",
        thesis=thesis,
        parties=parties,
        form=Form(),
        groups={group: [each for each in shown if each["standing"] == group] for group in Standing},
        any_dated=any(each["due"] for each in shown),
    )


def shown_of(session: Session, thesis: Thesis, parties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The kept milestones as pages show them, in order of their days."""
    by_code = {party["code"]: party for party in parties}
    directors, kinds = _directors(session, thesis), plans_of(session).kinds
    rows = session.scalars(
        select(Milestone).where(Milestone.thesis_id == thesis.id, Milestone.state != DROPPED)
    ).all()
    asked = _signatures(session, thesis)
    told = [row for row in rows if row.kind in kinds and _told(thesis, row)]
    told.sort(key=lambda row: (row.due_on or date.max, kinds[row.kind].order, row.institutions))
    return [_shown(thesis, row, kinds[row.kind], by_code, directors, asked.get(row.id, {})) for row in told]


def told(kind: str) -> bool:
    """Whether the reader of this thesis may see such a milestone: leaves have readers of their own, and move this one."""
    return kind != MOVED_BY_LEAVES or page.allowed(Action.VIEW_LEAVES)


def of_no_leave(reader: Reader) -> ColumnElement[bool]:
    """The condition that a milestone says nothing of leaves, or stands in a thesis whose leaves the reader sees."""
    offices = select(ThesisInstitution.thesis_id).where(
        ThesisInstitution.school_id.in_(reader.scopes(Role.ADMINISTRATOR, "school"))
    )
    own = select(Thesis.id).where(Thesis.candidate_id == (reader.person_id or 0))
    return or_(
        Milestone.kind != MOVED_BY_LEAVES, Milestone.thesis_id.in_(offices), Milestone.thesis_id.in_(own)
    )


def _told(thesis: Thesis, row: Milestone) -> bool:
    """What the reader may see; nobody waits once a thesis has ended."""
    if not told(row.kind):
        return False
    return thesis.state not in ENDED - {"completed"} or row.state == DONE


def _signatures(session: Session, thesis: Thesis) -> dict[int, dict[tuple[str, str], SignOff]]:
    """The signatures that count, by milestone and by whose they are."""
    rows = session.scalars(
        select(SignOff)
        .where(SignOff.thesis_id == thesis.id, SignOff.state.not_in([State.WITHDRAWN, State.DELEGATED]))
        .order_by(SignOff.id)
    )
    found: dict[int, dict[tuple[str, str], SignOff]] = {}
    for row in rows:
        found.setdefault(row.milestone_id, {})[row.signer, row.side] = row
    return found


def standing_of(row: Milestone, today: date) -> Standing:
    """How a kept milestone stands on a day; one that is due that day is not late before the day has ended."""
    if row.state == DONE:
        return Standing.DONE
    if row.state in (BEFORE, LAPSED):
        return Standing.BEFORE_TAKEOVER if row.state == BEFORE else Standing.LAPSED
    if row.due_on is None:
        return Standing.NO_DAY
    if row.due_on < today:
        return Standing.LATE
    return Standing.SOON if row.due_on <= today + SOON else Standing.AHEAD


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
    row: Milestone,
    kind: Kind,
    parties: Mapping[str, dict[str, Any]],
    directors: Mapping[int, list[str]],
    asked: Mapping[tuple[str, str], SignOff],
) -> dict[str, Any]:
    standing = standing_of(row, g.today)
    asking = [parties[code] for code in row.institutions if code in parties]
    year = _year(row.year, asking)
    source = Source(**row.source) if row.source else Source("")
    return {
        "row": row,
        "standing": standing,
        "name": kind.names[locale() if locale() in kind.names else "en"],
        "year": year,
        "due": row.due_on,
        "planned": row.planned_on,
        "done_on": row.done_on,
        "asking": asking,
        "conditional": bool(row.condition) and standing is not Standing.DONE,
        "source": source_text(source),
        "source_url": source.url,
        "certainty": "" if row.certainty == "sourced" else CERTAINTIES[row.certainty],
        "signatories": list(_signatories(thesis, row.signatories, parties, directors, asked)),
        "in_turn": row.in_turn and len(row.signatories) > 1,
        "url": url_for("milestone.show", reference=thesis.reference, milestone=row.public_id),
        "act_url": _act(thesis, kind, row.year, asking) if standing is not Standing.DONE else "",
    }


def _year(number: int, asking: list[dict[str, Any]]) -> str:
    """The academic year of a milestone as its institution counts it, or the number of an amendment; empty for none."""
    if number and not is_year(number):
        return str(_("no. %(number)s", number=number))
    return year_label(number, asking[0]["year_starts"][0]) if number and asking else ""


def _signatories(
    thesis: Thesis,
    slots: Iterable[Any],
    parties: Mapping[str, dict[str, Any]],
    directors: Mapping[int, list[str]],
    asked: Mapping[tuple[str, str], SignOff],
) -> Iterable[dict[str, Any]]:
    """Who signs, and since when they are asked; who was not asked by the name known, else by their capacity."""
    for signer, side in slots:
        party, row = parties.get(side), asked.get((signer, side))
        name, named = str(SIGNERS[signer]), True
        if row is not None:
            name = row.person.name
        elif signer == Signer.CANDIDATE:
            name = thesis.candidate.name
        elif signer == Signer.DIRECTOR and party is not None:
            named = party["id"] in directors
            name = ", ".join(directors.get(party["id"], [name]))
        elif signer == Signer.SCHOOL and party is not None and party["row"].school:
            name = party["row"].school.code
        yield {
            "name": name,
            "party": party,
            "named": named,
            "state": row.state if row else "",
            "since": row.asked_at.date() if row and row.asked_at else None,
            "on": row.answered_on if row else None,
            "outdated": row is not None and row.outdated_at is not None,
        }


def _act(thesis: Thesis, kind: Kind, year: int, asking: list[dict[str, Any]]) -> str:
    """Where it is recorded that this was done, for those who may; empty for others and for what has no screen."""
    if kind.code == "enrolment" and page.own_sides(asking):
        return url_for("enrolment.edit_year", reference=thesis.reference, year=year)
    if kind.event in _RECORDED and page.allowed(Action.RECORD_EVENT):
        return url_for("finding.add", reference=thesis.reference, kind=kind.event)
    if kind.code in ("convention", AMENDMENT) and page.allowed(Action.VIEW_CONVENTION):
        return url_for("convention.show", reference=thesis.reference)
    if kind.code == "reports" and page.allowed(Action.EDIT_JURY):
        return url_for("jury.show", reference=thesis.reference)
    return ""
