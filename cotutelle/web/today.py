"""The office's day: what is late, due, waiting for others and since when, and mail that did not arrive."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from wtforms.validators import DataRequired, Email

from cotutelle.db import db
from cotutelle.domain.signoff import State
from cotutelle.models import Convention, Institution, Link, Message, Milestone, Person, SignOff, Thesis
from cotutelle.operations import person as people
from cotutelle.operations import reminder, undeliverable
from cotutelle.operations.calendar import OPEN
from cotutelle.operations.delay import usual_days
from cotutelle.operations.plan import plans as plans_of
from cotutelle.operations.reminder import QUIET
from cotutelle.policy import Action, Role, can, thesis_ties
from cotutelle.web import notice, signing_page
from cotutelle.web.calendar import of_no_leave
from cotutelle.web.fields import Form, Text
from cotutelle.web.guards import may
from cotutelle.web.theses import TOO_SHORT, parties_of

bp = Blueprint("today", __name__, url_prefix="/today")
WEEK, MOST = timedelta(days=7), 12
LISTS = ("late", "week", "waiting", "mail", "conventions")


@bp.get("")
@may(Action.VIEW_TODAY)
def show() -> Any:
    """Everything at a glance, each number leading to its list; one list alone and whole where the address names it."""
    session, only = db.session(), request.args.get("list", "")
    only = only if only in LISTS else ""
    most = 200 if only else MOST
    late, week = _due(g.today, "late"), _due(g.today, "week")
    waiting = _waiting(session, most)
    return render_template(
        "today/show.html",
        only=only,
        counts={
            "late": _count(session, late),
            "week": _count(session, week),
            "waiting": _count(session, _asked()),
            "conventions": _count(session, _short()),
            "mail": _count(session, _failed()),
        },
        late=_rows(session, late, most),
        week=_rows(session, week, most),
        waiting=waiting,
        conventions=_conventions(session, most),
        mail=session.execute(_failed().limit(most)).all(),
        changes=session.scalars(
            select(Thesis).where(Thesis.calendar_changes > 0).order_by(Thesis.sort_key).limit(most)
        ).all(),
        expiring=_expiring(session),
        form=Form(),
    )


def _due(today: date, which: str) -> Select[*tuple[Any, ...]]:
    """The open milestones that are late, or due within a week, of theses that go on."""
    days = (
        [Milestone.due_on < today]
        if which == "late"
        else [Milestone.due_on >= today, Milestone.due_on < today + WEEK]
    )
    return (
        select(Milestone, Thesis, Person)
        .join(Thesis, Thesis.id == Milestone.thesis_id)
        .join(Person, Person.id == Thesis.candidate_id)
        .where(Milestone.state == OPEN, *days, Thesis.state.not_in(QUIET), of_no_leave(g.reader))
        .order_by(Milestone.due_on, Milestone.id)
    )


def _count(session: Session, statement: Select[*tuple[Any, ...]]) -> int:
    return session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0


def _rows(session: Session, statement: Select[*tuple[Any, ...]], most: int) -> list[dict[str, Any]]:
    found = session.execute(statement.limit(most)).all()
    parties = parties_of(session, [thesis.id for _row, thesis, _person in found])
    kinds = plans_of(session).kinds
    return [
        {
            "row": row,
            "thesis": thesis,
            "candidate": person.name,
            "parties": parties.get(thesis.id, []),
            "name": signing_page.name_of(kinds[row.kind].names, row.year),
            "days": (g.today - row.due_on).days,
            "url": url_for("milestone.show", reference=thesis.reference, milestone=row.public_id),
        }
        for row, thesis, person in found
        if row.kind in kinds
    ]


def _asked() -> Select[*tuple[Any, ...]]:
    """Signatures that others were asked for."""
    return (
        select(SignOff, Thesis, Milestone)
        .join(Thesis, Thesis.id == SignOff.thesis_id)
        .join(Milestone, Milestone.id == SignOff.milestone_id)
        .where(
            SignOff.state == State.ASKED,
            SignOff.person_id != (g.reader.person_id or 0),
            Thesis.state.not_in(QUIET),
        )
        .order_by(SignOff.asked_at, SignOff.id)
    )


def _waiting(session: Session, most: int) -> list[dict[str, Any]]:
    found = session.execute(_asked().limit(most)).all()
    usual = usual_days(session, {milestone.kind for _row, _thesis, milestone in found})
    parties = parties_of(session, [thesis.id for _row, thesis, _milestone in found])
    kinds = plans_of(session).kinds
    return [
        {
            "row": row,
            "thesis": thesis,
            "party": next((p for p in parties.get(thesis.id, []) if p["code"] == row.side), None),
            "name": signing_page.name_of(kinds[milestone.kind].names, milestone.year),
            "url": url_for("milestone.show", reference=thesis.reference, milestone=milestone.public_id),
            "since": row.asked_at.date(),
            "days": (g.today - row.asked_at.date()).days,
            "usual": usual.get(milestone.kind, 0),
        }
        for row, thesis, milestone in found
    ]


def _short() -> Select[*tuple[Any, ...]]:
    return select(Thesis.id).where(Thesis.health_reason.in_(TOO_SHORT), Thesis.state.not_in(QUIET))


def _conventions(session: Session, most: int) -> list[Any]:
    return list(
        session.execute(
            select(Thesis, Person, Convention.expires_on)
            .join(Person, Person.id == Thesis.candidate_id)
            .join(Convention, (Convention.thesis_id == Thesis.id) & Convention.holding)
            .where(Thesis.health_reason.in_(TOO_SHORT), Thesis.state.not_in(QUIET))
            .order_by(Convention.expires_on, Thesis.id)
            .limit(most)
        ).all()
    )


def _failed() -> Select[*tuple[Any, ...]]:
    """The addresses at which mail about the reader's theses did not arrive: how many, since when, and why."""
    return (
        select(
            Message.to,
            func.count().label("mails"),
            func.min(Message.queued_at).label("since"),
            func.max(Message.error).label("error"),
            func.max(Message.id).label("id"),
        )
        .where(
            Message.state.in_(["failed", "refused"]),
            Message.thesis_id.in_(select(Thesis.id)),
        )
        .group_by(Message.to)
        .order_by(func.min(Message.queued_at))
    )


def _expiring(session: Session) -> int:
    """How many links of signatures that are asked expire within a week."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Link)
            .join(SignOff, SignOff.id == Link.sign_off_id)
            .where(
                SignOff.state == State.ASKED,
                Link.purpose == "sign",
                Link.revoked_at.is_(None),
                Link.used_at.is_(None),
                Link.expires_at < g.now + WEEK,
                Link.expires_at > g.now,
            )
        )
        or 0
    )


@bp.post("/remind")
@may(Action.VIEW_TODAY)
def remind() -> Any:
    """Remind at once of the chosen milestones: whoever has to act gets one mail, nobody two on one day."""
    session = db.session()
    chosen = session.execute(
        select(Milestone, Thesis)
        .join(Thesis, Thesis.id == Milestone.thesis_id)
        .where(
            Milestone.public_id.in_(request.form.getlist("chosen")[:200]),
            Milestone.state == OPEN,
            Thesis.reminders_paused.is_(False),
            Thesis.state.not_in(QUIET),
        )
    ).all()
    own = _own_codes(session)
    for row, thesis in chosen:
        ties = thesis_ties(session, g.reader, thesis, g.today)
        side = can(Action.EDIT_THESIS, ties) or not row.side or row.side in own
        if not (side and can(Action.ASK_SIGNATURES, ties)):
            abort(403)
    told = reminder.remind_now(session, [row for row, _thesis in chosen], g.actor, g.now, today=g.today)
    if not chosen:
        notice.say(_("Choose at least one milestone."))
    elif told:
        notice.say(ngettext("%(num)s person is reminded.", "%(num)s people are reminded.", told))
    else:
        notice.say(_("Everybody concerned was reminded today already, or has no address."))
    return redirect(url_for("today.show"), 303)


def _own_codes(session: Session) -> set[str]:
    """The institutions for which the reader acts as a partner."""
    ids = g.reader.scopes(Role.PARTNER, "institution")
    return set(session.scalars(select(Institution.code).where(Institution.id.in_(ids))))


@bp.get("/preview")
@may(Action.VIEW_TODAY)
def preview() -> Any:
    """Who will be reminded of what by the run of today."""
    session = db.session()
    kinds = plans_of(session).kinds
    rows = [
        {
            "told": told,
            "thesis": session.get_one(Thesis, told.milestone.thesis_id),
            "name": signing_page.name_of(kinds[told.milestone.kind].names, told.milestone.year),
        }
        for told in reminder.preview(session, g.today, most=200)
    ]
    return render_template("today/preview.html", rows=rows)


class AddressForm(Form):
    """The address that takes the place of one that takes no mail."""

    email = Text(
        _l("New address"),
        [DataRequired(_l("Give the new address.")), Email(_l("This is not an e-mail address."))],
    )


@bp.route("/mail/<string:message>", methods=["GET", "POST"])
@may(Action.EDIT_PERSON)
def mend(message: str) -> Any:
    """Give another address in place of one that takes no mail; what was kept for it is sent there."""
    session, form = db.session(), AddressForm()
    row = session.scalar(
        select(Message).where(
            Message.id == message,
            Message.state.in_(["refused", "failed"]),
            Message.thesis_id.in_(select(Thesis.id)),
        )
    )
    if row is None:
        abort(404)
    if form.validate_on_submit():
        address = form.email.data.strip()
        for person in session.scalars(select(Person).where(func.lower(Person.email) == row.to.casefold())):
            people.give_address(session, person, address, g.actor, g.now)
        sent = undeliverable.clear(session, row.to, address, g.now)
        notice.say(
            ngettext("%(num)s mail goes to the new address.", "%(num)s mails go to the new address.", sent)
        )
        return redirect(url_for("today.show"), 303)
    body = render_template("today/mend.html", form=form, message=row)
    return body, 422 if form.errors else 200
