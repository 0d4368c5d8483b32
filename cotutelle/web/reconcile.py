"""Where the rules of a thesis's institutions meet: who asks what, what satisfies everyone, what settles a clash."""

from typing import Any

from flask import Blueprint, g, render_template
from flask_babel import gettext as _

from cotutelle.db import db
from cotutelle.domain.demand import Meeting
from cotutelle.domain.reconcile import reconcile
from cotutelle.models import Thesis
from cotutelle.policy import Action
from cotutelle.rulebooks.sentences import Speaker
from cotutelle.web import findings, page
from cotutelle.web.filters import day
from cotutelle.web.guards import may
from cotutelle.web.jury import dossier_for

bp = Blueprint("reconcile", __name__, url_prefix="/theses/<string:reference>/reconcile")


@bp.get("")
@may(Action.VIEW_FINDINGS, on=Thesis)
def show(thesis: Thesis) -> Any:
    """Every topic on which the institutions ask something, the clashes first."""
    session = db.session()
    shelf, dossier = dossier_for(session, thesis)
    words = findings.speaker(findings.names_of(shelf, dossier))
    parties = {party["code"]: party["position"] for party in page.parties_of(session, thesis)}
    meetings = reconcile(shelf, dossier.places, g.today, dossier.readings, dossier.readings_of)
    topics = [topic_shown(meeting, words, parties) for meeting in meetings]
    return render_template(
        "reconcile/show.html",
        thesis=thesis,
        parties=page.parties_of(session, thesis),
        topics=sorted(topics, key=lambda topic: (not topic["conflict"], not topic["way_out"])),
    )


def topic_shown(meeting: Meeting, words: Speaker, positions: dict[str, int]) -> dict[str, Any]:
    """A topic as pages show it: who asks what, and what would settle it."""
    return {
        "title": words.topic(meeting.topic),
        "conflict": meeting.conflict,
        "demands": [
            {
                "position": positions.get(demand.place.code, 0),
                "name": demand.place.name or demand.place.code,
                "sentence": words.rule(demand.rule, demand.place.code),
                "rule": demand.rule.id,
                "book": demand.rule.book,
                "school": demand.rule.scope.school,
                "advice": findings.SEVERITIES[demand.rule.severity]
                if demand.rule.severity == "recommendation"
                else "",
                "doubt": ""
                if demand.rule.certainty == "sourced"
                else findings.CERTAINTIES[demand.rule.certainty],
            }
            for demand in meeting.demands
        ],
        "way_out": words.way_out(meeting),
        "clause": meeting.clause,
        "excluding": ", ".join(rule.id for rule in meeting.excluding),
        "schools": ", ".join(meeting.schools),
        "value": _value(meeting, words),
    }


def _value(meeting: Meeting, words: Speaker) -> str:
    """The value that satisfies everyone, in a few words; empty where the way out says it or nothing needs it."""
    value = meeting.satisfies_all or {}
    if "signed_by" in value:
        return str(_("by %(day)s", day=day(value["signed_by"])))
    if "total" in value:
        months = value["months"]
        return ", ".join(
            _("%(name)s %(n)s months", name=words.word(code), n=n) for code, n in months.items() if n
        )
    if "members" in value:
        return str(
            _(
                "%(n)s members, %(voters)s of whom are not directors",
                n=value["members"],
                voters=value["voters"],
            )
        )
    if "forms" in value:
        return str(_(" or ")).join(words.word(form) for form in value["forms"])
    return ""
