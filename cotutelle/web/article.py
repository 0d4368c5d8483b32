"""One article of the convention: its text with what is new in it, what the rules say to it, what the parties ask."""

from typing import Any

from flask import Blueprint, abort, g, render_template
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.documents.elsewhere import FILE
from cotutelle.documents.signatory import SIGNATURES
from cotutelle.domain.convention.concerns import clause_of
from cotutelle.domain.convention.negotiation import UNSETTLED, PointState
from cotutelle.domain.convention.redline import Line, marked
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.evaluation import evaluate, worst_first
from cotutelle.domain.finding import Verdict
from cotutelle.domain.reconcile import reconcile
from cotutelle.models import Convention, ConventionPoint, ConventionVersion, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_text, negotiation
from cotutelle.operations import convention_version as versions
from cotutelle.policy import Action
from cotutelle.web import findings, page
from cotutelle.web.filters import language as language_name
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.jury import dossier_for
from cotutelle.web.missing import missing_shown
from cotutelle.web.negotiation_forms import POINT_KINDS, POINT_STATES
from cotutelle.web.reconcile import topic_shown

bp = Blueprint("article", __name__, url_prefix="/theses/<string:reference>/convention")
ASIDE = frozenset({SIGNATURES, FILE})
"""What stands among the articles of a text and is none: it has no page of its own."""
SAID = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.DEROGATED, Verdict.NOT_EVALUABLE})
"""What stands beside an article; what is met is counted."""


@bp.get("/articles/<string:clause>")
@may(Action.VIEW_NEGOTIATION, on=Thesis)
def show(thesis: Thesis, clause: str) -> Any:
    """An article in its languages, with what changed since it lay before the parties, and all that touches it."""
    session = db.session()
    convention = conventions.current(session, thesis)
    facts = conventions.text_of(session, thesis, convention)
    text = convention_text.text_of(session, convention, facts)
    here = next((article for article in text if article["clause"] == clause not in ASIDE), None)
    if here is None:
        abort(404)
    before = _compared(session, thesis, convention, text)
    points = negotiation.points(session, convention)
    lacking = [
        entry for entry in missing_shown(facts) if here["number"] in entry["clauses"] and not here["annex"]
    ]
    return render_template(
        "convention/article.html",
        thesis=thesis,
        article=here,
        title=negotiation.clause_name(clause, locale()),
        columns=[(tag, language_name(tag)) for tag in facts.languages],
        lines=_lines(before, here),
        before=before,
        listed=[_listed(article, points) for article in text if article["clause"] != SIGNATURES],
        lacking=lacking,
        points=[point for point in points if point.clause == clause],
        states=POINT_STATES,
        kinds=POINT_KINDS,
        editable=ConventionState(convention.state) in EDITABLE,
        positions={party["code"]: party["position"] for party in page.parties_of(session, thesis)},
        **_rules(session, thesis, convention, clause),
    )


def _compared(
    session: Session, thesis: Thesis, convention: Convention, text: list[dict[str, Any]]
) -> ConventionVersion | None:
    """The version against which changes are marked: that which the institutions have, or the one before where it is this."""
    latest = versions.latest_put(session, convention)
    if latest is None or latest.text != text:
        return latest
    return versions.last_put(session, thesis, before=latest.number)


def _lines(before: ConventionVersion | None, article: dict[str, Any]) -> list[Line]:
    """The lines of an article, word by word against a version; as they are where nothing is to be compared."""
    if before is None:
        return marked(article, article)
    old = next((a for a in before.text or [] if a["clause"] == article["clause"]), None)
    return marked(old, article)


def _listed(article: dict[str, Any], points: Any) -> dict[str, Any]:
    """An article in the list at the side: its number and title, and whether something is open about it."""
    mine: list[ConventionPoint] = [point for point in points if point.clause == article["clause"]]
    return {
        "clause": article["clause"],
        "annex": article["annex"],
        "number": article["number"],
        "title": negotiation.clause_name(article["clause"], locale()),
        "open": sum(PointState(point.state) in UNSETTLED for point in mine),
    }


def _rules(session: Session, thesis: Thesis, convention: Convention, clause: str) -> dict[str, Any]:
    """What the rulebooks and the reconciliation say about a clause."""
    shelf, dossier = dossier_for(session, thesis, convention)
    speaker = findings.speaker(findings.names_of(shelf, dossier))
    found = [f for f in worst_first(evaluate(shelf, dossier)) if clause_of(f.rule.check) == clause]
    positions = {place.code: number for number, place in enumerate(dossier.places, start=1)}
    meetings = reconcile(shelf, dossier.places, g.today, dossier.readings, dossier.readings_of)
    return {
        "said": [findings.shown(f, speaker, dossier, {}) for f in found if f.verdict in SAID],
        "met": sum(f.verdict is Verdict.PASS for f in found),
        "clashes": [topic_shown(m, speaker, positions) for m in meetings if m.clause == clause and m.way_out],
    }
