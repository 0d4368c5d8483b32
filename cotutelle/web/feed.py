"""A private calendar for each person: what they have to sign, and the milestones of the theses they follow."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, g, make_response, redirect, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cotutelle import clock, links
from cotutelle.db import db
from cotutelle.domain.signoff import State
from cotutelle.exchange.feed import Entry, calendar_of
from cotutelle.models import Account, Link, Milestone, SignOff, Supervision, Thesis
from cotutelle.operations import signing_link
from cotutelle.operations.calendar import DONE, DROPPED, OPEN
from cotutelle.operations.plan import plans as plans_of
from cotutelle.operations.reminder import QUIET
from cotutelle.operations.signing_link import FEED
from cotutelle.policy import Action, reader_of
from cotutelle.scope import as_system, read_as
from cotutelle.web import notice, signing_page
from cotutelle.web.calendar import of_no_leave
from cotutelle.web.guards import may

bp = Blueprint("feed", __name__)
BEFORE, AFTER, MOST = timedelta(days=180), timedelta(days=400), 2000
"""How far back and ahead a feed reaches, and how many entries it holds at most."""


@bp.get("/feed/<string:token>.ics")
@may(Action.OPEN_PUBLIC)
def show(token: str) -> Any:
    """The calendar behind a private address; one that was taken back or forged is not there."""
    session, link = db.session(), _live(token)
    account = session.scalar(select(Account).where(Account.person_id == link.person_id))
    if account is None or account.disabled_at is not None:
        abort(404)
    g.link_language = account.language
    refresh()
    read_as(session, reader_of(session, account, g.today), g.today)
    name = _("Cotutelle: %(name)s", name=account.person.name)
    response = make_response(calendar_of(_entries(session, account), name, clock.now()))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/account/feed")
@may(Action.USE_ACCOUNT)
def renew() -> Any:
    """Make the address of one's calendar, or a new one: the former opens nothing from then on."""
    signing_link.make(db.session(), FEED, current_user.person, g.now)
    notice.say(_("Your calendar has a new address; the former one opens nothing any more."))
    return redirect(url_for("account.show", _anchor="feed"), 303)


@bp.post("/account/feed/end")
@may(Action.USE_ACCOUNT)
def end() -> Any:
    """Take the address back."""
    signing_link.revoke(db.session(), FEED, current_user.person_id, None, g.now)
    notice.say(_("The address of your calendar opens nothing any more."))
    return redirect(url_for("account.show", _anchor="feed"), 303)


def address_of(session: Session, person_id: int) -> str:
    """The address of somebody's calendar; empty while they have none."""
    link = session.scalars(
        select(Link)
        .where(Link.purpose == FEED, Link.person_id == person_id, Link.revoked_at.is_(None))
        .order_by(Link.made_at.desc())
        .limit(1)
    ).first()
    if link is None:
        return ""
    return f"{current_app.config['BASE_URL']}/feed/{links.sign(_keys(), FEED, link.id)}.ics"


def _live(token: str) -> Link:
    link_id = links.read(_keys(), FEED, token)
    link = db.session.get(Link, link_id) if link_id else None
    dead = link is None or link.purpose != FEED or link.revoked_at or link.expires_at <= clock.now()
    return abort(404) if link is None or dead else link


def _entries(session: Session, account: Account) -> Iterator[Entry]:
    """What the person is asked to sign, and the milestones of their own theses; an office has those it administers."""
    with as_system(session, "what a feed's owner is asked"):
        asked = session.scalars(
            select(SignOff).where(SignOff.person_id == account.person_id, SignOff.state == State.ASKED)
        ).all()
        mine = {row.milestone_id: row for row in asked}
        own = [row.milestone for row in asked if row.milestone.due_on is not None]
    kinds = plans_of(session).kinds
    seen = set()
    for row in [*own, *_milestones(session, account)]:
        if row.id in seen or row.due_on is None or row.kind not in kinds:
            continue
        seen.add(row.id)
        with as_system(session, "whose milestone it is"):
            thesis = session.get_one(Thesis, row.thesis_id)
            candidate = thesis.candidate.name
        name = signing_page.name_of(kinds[row.kind].names, row.year)
        title = f"{name}, {candidate}"
        if row.id in mine:
            title = _("To sign: %(what)s", what=title)
            url = url_for("waiting.act", sign_off=mine[row.id].public_id, _external=True)
        else:
            url = url_for(
                "milestone.show", reference=thesis.reference, milestone=row.public_id, _external=True
            )
        yield Entry(
            id=row.public_id,
            day=row.due_on,
            title=f"✓ {title}" if row.state == DONE else title,
            text=thesis.reference,
            url=url,
            sequence=row.version,
            cancelled=row.state == DROPPED,
        )


def _milestones(session: Session, account: Account) -> list[Milestone]:
    """The milestones within reach of the theses that the account's person prepares, supervises or administers."""
    rights = reader_of(session, account, g.today)
    supervised = select(Supervision.thesis_id).where(
        Supervision.person_id == account.person_id,
        or_(Supervision.until_on.is_(None), Supervision.until_on >= g.today),
    )
    near = [
        Milestone.due_on >= g.today - BEFORE,
        Milestone.due_on <= g.today + AFTER,
        Milestone.state.in_([OPEN, DONE, DROPPED]),
        Thesis.state.not_in(QUIET),
        of_no_leave(rights),
    ]
    if not rights.rights:
        near.append(or_(Thesis.candidate_id == account.person_id, Thesis.id.in_(supervised)))
    return list(
        session.scalars(
            select(Milestone)
            .join(Thesis, Thesis.id == Milestone.thesis_id)
            .where(*near)
            .order_by(Milestone.due_on, Milestone.id)
            .limit(MOST)
        )
    )


def _keys() -> list[str]:
    return [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
