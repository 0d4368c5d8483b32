"""Where your thesis stands: the candidate's one page, the next act first."""

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.calendar import year_label
from cotutelle.domain.campaign import MISSING
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.progress import Standing
from cotutelle.domain.signoff import State
from cotutelle.domain.thesis import ENDED
from cotutelle.models import Enrolment, SignOff, Stay, Thesis, texts_of
from cotutelle.operations import campaign as campaigns
from cotutelle.operations import convention as conventions
from cotutelle.operations.delay import usual_days
from cotutelle.operations.notice import office_of
from cotutelle.policy import Action, Tie
from cotutelle.web import page, wording
from cotutelle.web.calendar import shown_of
from cotutelle.web.filters import text
from cotutelle.web.guards import may
from cotutelle.web.timeline import timeline

bp = Blueprint("mine", __name__, url_prefix="/theses/<string:reference>/where")
SHOWN = 6


@bp.get("")
@may(Action.VIEW_THESIS, on=Thesis)
def show(thesis: Thesis) -> Any:
    """The timeline of all universities with today's mark; what to do now; what waits for others, since when."""
    session = db.session()
    parties = page.parties_of(session, thesis)
    milestones = shown_of(session, thesis, parties)
    convention = conventions.holding(session, thesis)
    stays = session.scalars(select(Stay).where(Stay.thesis_id == thesis.id).order_by(Stay.begin_on)).all()
    enrolments = session.scalars(select(Enrolment).where(Enrolment.thesis_id == thesis.id)).all()
    titles = texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"]
    open_ = [m for m in milestones if m["standing"] in (Standing.LATE, Standing.SOON, Standing.AHEAD)]
    return render_template(
        "mine/show.html",
        thesis=thesis,
        wording=wording,
        title=text(titles),
        parties=parties,
        own=page.has(Tie.CANDIDATE),
        next=_next(session, thesis, open_),
        timeline=timeline(thesis, parties, stays, enrolments, convention, g.today),
        convention=convention,
        convention_words=_convention_words(thesis, convention.expires_on),
        waiting=_waiting(session, thesis, milestones),
        late=[m for m in open_ if m["standing"] == Standing.LATE][:SHOWN],
        coming=[m for m in open_ if m["standing"] != Standing.LATE][:SHOWN],
        done=len([m for m in milestones if m["standing"] == Standing.DONE]),
        office=office_of(session, thesis, g.today)[:2],
    )


def _next(session: Session, thesis: Thesis, open_: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The one thing to do now: sign what waits for the reader, else the first milestone in which they take part."""
    mine = session.scalars(
        select(SignOff)
        .where(
            SignOff.thesis_id == thesis.id,
            SignOff.person_id == g.reader.person_id,
            SignOff.state == State.ASKED,
        )
        .order_by(SignOff.asked_at)
        .limit(1)
    ).first()
    if mine is not None:
        found = next((m for m in open_ if m["row"].id == mine.milestone_id), None)
        return {
            "title": _("Sign: %(name)s", name=found["name"] if found else ""),
            "due": found["due"] if found else None,
            "url": url_for("waiting.act", sign_off=mine.public_id),
            "act": _("Read and sign"),
        }
    if thesis.state in ENDED:
        return None
    if (proofs := _proofs(session, thesis)) is not None:
        return proofs
    own = next((m for m in open_ if _takes_part(m)), None)
    if own is None:
        return None
    return {
        "title": f"{own['name']} {own['year']}".strip(),
        "due": own["due"],
        "url": own["url"],
        "act": _("See what is needed"),
    }


def _proofs(session: Session, thesis: Thesis) -> dict[str, Any] | None:
    """The proofs that the reader still has to send for the campaign that is open."""
    if not page.allowed(Action.SEND_PROOFS):
        return None
    lacking = [
        item
        for item in campaigns.of_thesis(session, thesis)
        if item.state in MISSING and item.campaign.closed_on is None
    ]
    if not lacking:
        return None
    return {
        "title": _("Send your proofs for %(year)s", year=year_label(lacking[0].campaign.year, 9)),
        "due": lacking[0].campaign.deadline,
        "url": url_for("proofs.show", reference=thesis.reference),
        "act": ngettext("Send %(num)s proof", "Send %(num)s proofs", len(lacking)),
    }


def _takes_part(milestone: dict[str, Any]) -> bool:
    """Whether the candidate has a part in it that is still to be played."""
    slots = milestone["row"].signatories
    shown = milestone["signatories"]
    return any(
        signer == "candidate" and each["state"] not in (State.APPROVED,)
        for (signer, _side), each in zip(slots, shown, strict=False)
    )


def _waiting(session: Session, thesis: Thesis, milestones: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What others were asked to sign, since when, and how long that usually takes."""
    rows = session.scalars(
        select(SignOff)
        .where(
            SignOff.thesis_id == thesis.id,
            SignOff.state == State.ASKED,
            SignOff.person_id != (g.reader.person_id or 0),
        )
        .order_by(SignOff.asked_at)
    ).all()
    by_id = {m["row"].id: m for m in milestones}
    usual = usual_days(
        session, {by_id[row.milestone_id]["row"].kind for row in rows if row.milestone_id in by_id}
    )
    found = []
    for row in rows:
        about = by_id.get(row.milestone_id)
        if about is None or row.asked_at is None:
            continue
        since = row.asked_at.date()
        party = next((p for p in about["asking"] if p["code"] == row.side), None)
        found.append(
            {
                "row": row,
                "about": about,
                "party": party,
                "since": since,
                "days": (g.today - since).days,
                "usual": usual.get(about["row"].kind, 0),
            }
        )
    return found


def _convention_words(thesis: Thesis, expires: date | None) -> str:
    """How the convention stands, in a sentence to the candidate."""
    defence = thesis.defence_on or thesis.defence_until
    words = {
        "draft": _("The schools are preparing its text. You will read it before anybody signs."),
        "legal_check": _("The universities are reading the text before they approve it."),
        "partner_review": _("The universities are reading the text before they approve it."),
        "approved": _("Every university has approved the text. Signatures come next."),
        "signing": _("It is being signed, side by side."),
        "in_force": _("It is in force, and covers your defence as it is planned.")
        if expires and defence
        else _("It is in force."),
    }
    if thesis.convention_state == "in_force" and expires and defence and expires < defence:
        return str(_("It is in force, but ends before your defence: it has to be extended by an amendment."))
    state = ConventionState(thesis.convention_state)
    return str(words.get(state, wording.CONVENTION_STATES[state]))


def first_of(session: Session) -> str | None:
    """The reference of the thesis that the reader prepares, the one that goes on before those that ended."""
    rows = session.execute(
        select(Thesis.reference, Thesis.state)
        .where(Thesis.candidate_id == g.reader.person_id)
        .order_by(Thesis.id.desc())
    ).all()
    going = [row.reference for row in rows if row.state not in ENDED]
    return going[0] if going else rows[0].reference if rows else None
