"""The September campaign as the office runs it: opened, one table of who sent what, confirmed and reminded in bulk."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from wtforms import SelectMultipleField
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.calendar import year_label
from cotutelle.domain.campaign import MISSING, ItemState, Proof
from cotutelle.domain.errors import Refused
from cotutelle.models import Campaign, CampaignItem, Person, School, Thesis
from cotutelle.operations import campaign as acts
from cotutelle.policy import Action, Reader, Role
from cotutelle.web import notice, wording
from cotutelle.web.absence import schools_of
from cotutelle.web.fields import Choice, Day, Form, LongText, options, whole
from cotutelle.web.guards import may
from cotutelle.web.theses import parties_of

bp = Blueprint("campaign", __name__, url_prefix="/campaigns")
LISTS = ("all", "sent", "missing", "confirmed")
MOST, MOST_CHOSEN = 100, 2000


class OpenForm(Form):
    """Which year, which schools, what is asked, by when."""

    year = Choice(_l("Academic year"), [DataRequired(_l("Choose the year."))])
    schools = SelectMultipleField(_l("Schools"), [DataRequired(_l("Choose at least one school."))])
    asked = SelectMultipleField(
        _l("What is asked, for each university"),
        [DataRequired(_l("Choose at least one proof to ask for."))],
        choices=options(wording.PROOFS.items()),
    )
    deadline = Day(_l("Deadline"), [DataRequired(_l("Give the deadline."))])
    note = LongText(_l("A word of your own, in every letter"), most=1000)


class DeadlineForm(Form):
    """Another deadline."""

    deadline = Day(_l("New deadline"), [DataRequired(_l("Give the deadline."))])


class BackForm(Form):
    """Why a proof is sent back."""

    reason = LongText(_l("Reason, as the candidate reads it"), [DataRequired(_l("Say why."))], most=500)


@bp.get("")
@may(Action.RUN_CAMPAIGNS)
def index() -> Any:
    """The campaigns of the schools that the reader administers, the newest first."""
    session = db.session()
    rows = session.scalars(
        select(Campaign).where(Campaign.school_id.in_(_own())).order_by(Campaign.year.desc(), Campaign.id)
    ).all()
    names = {school.id: name for school, name in schools_of(sorted(_own()))}
    return render_template(
        "campaign/index.html",
        rows=[{"row": row, "school": names[row.school_id], **_figures(session, row)} for row in rows],
    )


def _figures(session: Session, row: Campaign) -> dict[str, Any]:
    counts = acts.counts(session, row)
    return {
        "year": year_label(row.year, 9),
        "missing": sum(counts.get(state, 0) for state in MISSING),
        "sent": counts.get(ItemState.SENT, 0),
        "confirmed": counts.get(ItemState.CONFIRMED, 0),
        "whole": sum(counts.values()),
    }


@bp.route("/open", methods=["GET", "POST"])
@may(Action.RUN_CAMPAIGNS)
def begin() -> Any:
    """Open a campaign: every candidate concerned gets a letter."""
    form, schools = OpenForm(), schools_of(sorted(_own()))
    form.schools.choices = options([(school.public_id, name) for school, name in schools])
    years = range(g.today.year + 1, g.today.year - 2, -1)
    form.year.choices = options([(year, year_label(year, 9)) for year in years])
    if request.method == "GET":
        form.year.data = str(g.today.year if g.today.month > 3 else g.today.year - 1)
        form.asked.data = [Proof.ENROLMENT, Proof.FEES]
        form.schools.data = [schools[0][0].public_id] if len(schools) == 1 else []
    elif form.validate_on_submit():
        try:
            rows = [
                _begin(school, form)
                for school, _name in schools
                if school.public_id in (form.schools.data or [])
            ]
            notice.say(_("The campaign is open; every candidate concerned has a letter."))
            place = (
                url_for("campaign.show", campaign=rows[0].public_id)
                if len(rows) == 1
                else url_for("campaign.index")
            )
            return redirect(place, 303)
        except Refused as error:
            db.session().rollback()
            form.refuse(error)
    return render_template("campaign/open.html", form=form), 422 if form.errors else 200


def _begin(school: School, form: OpenForm) -> Campaign:
    asked = [Proof(each) for each in form.asked.data or []]
    told = (int(form.year.data), asked, form.deadline.data, form.note.data or "", g.actor, g.now)
    return acts.begin(db.session(), school, *told, today=g.today)


@bp.get("/<string:campaign>")
@may(Action.RUN_CAMPAIGNS)
def show(campaign: str) -> Any:
    """One table of who sent what: confirm, remind, send back."""
    session, row = db.session(), _find(campaign)
    only = request.args.get("list", "all")
    only = only if only in LISTS else "all"
    after = whole(request.args.get("after", "")) or 0
    rows = _rows(session, row, only, after)
    more, rows = len(rows) > MOST, rows[:MOST]
    return render_template(
        "campaign/show.html",
        row=row,
        school=schools_of([row.school_id])[0][1],
        figures=_figures(session, row),
        rows=rows,
        only=only,
        fees=wording.FEES,
        proofs=[(proof, wording.PROOFS[Proof(proof)]) for proof in row.asked],
        newcomers=len(acts.outside(session, row)) if row.closed_on is None else 0,
        next_url=url_for("campaign.show", campaign=campaign, list=only, after=rows[-1]["thesis"].id)
        if more
        else None,
        form=Form(),
        deadline=DeadlineForm(formdata=None, data={"deadline": row.deadline}),
    )


def _rows(session: Session, row: Campaign, only: str, after: int) -> list[dict[str, Any]]:
    """Each candidate with their proofs by what they prove, in the order of the theses."""
    wanted = {"sent": [ItemState.SENT], "missing": list(MISSING), "confirmed": [ItemState.CONFIRMED]}
    inside = select(CampaignItem.thesis_id).where(CampaignItem.campaign_id == row.id)
    if only in wanted:
        inside = inside.where(CampaignItem.state.in_(wanted[only]))
    found = session.execute(
        select(Thesis, Person)
        .join(Person, Person.id == Thesis.candidate_id)
        .where(Thesis.id.in_(inside), Thesis.id > after)
        .order_by(Thesis.id)
        .limit(MOST + 1)
    ).all()
    ids = [thesis.id for thesis, _person in found]
    items = session.scalars(
        select(CampaignItem)
        .where(CampaignItem.campaign_id == row.id, CampaignItem.thesis_id.in_(ids))
        .options(selectinload(CampaignItem.document), selectinload(CampaignItem.institution))
        .order_by(CampaignItem.id)
    ).all()
    parties = parties_of(session, ids)
    return [
        {
            "thesis": thesis,
            "candidate": person.name,
            "parties": parties.get(thesis.id, []),
            "cells": {
                proof: [(item, _party(parties.get(thesis.id, []), item)) for item in items
                        if item.thesis_id == thesis.id and item.proof == proof]
                for proof in row.asked
            },
            "missing": any(item.state in MISSING for item in items if item.thesis_id == thesis.id),
        }
        for thesis, person in found
    ]  # fmt: skip


def _party(parties: list[dict[str, Any]], item: CampaignItem) -> dict[str, Any] | None:
    return next((party for party in parties if party["code"] == item.institution.code), None)


@bp.post("/<string:campaign>/several")
@may(Action.RUN_CAMPAIGNS)
def several(campaign: str) -> Any:
    """With those chosen: confirm what was sent, or remind of what was not."""
    session, row = db.session(), _find(campaign)
    if request.form.get("act") == "remind" and row.closed_on is not None:
        notice.say(_("The campaign is closed: open it again to remind."))
        return redirect(_back(row), 303)
    if request.form.get("act") == "remind":
        chosen = request.form.getlist("thesis")[:MOST_CHOSEN]
        theses = session.scalars(select(Thesis.id).where(Thesis.reference.in_(chosen))).all()
        told = acts.remind(session, row, theses, g.actor, g.now, today=g.today)
        notice.say(
            ngettext("%(num)s candidate is reminded.", "%(num)s candidates are reminded.", told)
            if told
            else _("Choose candidates who lack a proof; nobody is reminded twice on one day.")
        )
        return redirect(_back(row), 303)
    seen = dict(mark.partition(":")[::2] for mark in request.form.getlist("item")[:MOST_CHOSEN])
    found = session.scalars(
        select(CampaignItem).where(
            CampaignItem.campaign_id == row.id,
            CampaignItem.public_id.in_(seen),
            CampaignItem.state == ItemState.SENT,
        )
    ).all()
    items = [item for item in found if seen[item.public_id] == str(item.version)]
    refused = acts.confirm(session, items, g.actor, g.now, today=g.today)
    said = [
        ngettext("%(num)s proof is confirmed.", "%(num)s proofs are confirmed.", len(items) - len(refused))
    ]
    if refused:
        said.append(_("Not confirmed, as fees would be paid twice: %(names)s.", names=_names(refused)))
    if changed := [item for item in found if item not in items]:
        said.append(
            _(
                "Not confirmed, as another file came meanwhile: %(names)s. Look at it first.",
                names=_names(changed),
            )
        )
    notice.say(" ".join(said) if found else _("Choose proofs that were sent."))
    return redirect(_back(row), 303)


def _names(items: list[CampaignItem]) -> str:
    session = db.session()
    return ", ".join(sorted({session.get_one(Thesis, each.thesis_id).candidate.name for each in items}))


@bp.route("/items/<string:item>/return", methods=["GET", "POST"])
@may(Action.RUN_CAMPAIGNS)
def send_back(item: str) -> Any:
    """Send a proof back to the candidate, with the reason."""
    session, form = db.session(), BackForm()
    found = session.scalar(select(CampaignItem).where(CampaignItem.public_id == item))
    if found is None or found.campaign.school_id not in _own():
        abort(404)
    if form.validate_on_submit():
        try:
            acts.send_back(session, found, form.reason.data, g.actor, g.now, today=g.today)
            notice.say(_("It is sent back, and the candidate is told why."))
            return redirect(_back(found.campaign), 303)
        except Refused as error:
            form.refuse(error)
    thesis = session.get_one(Thesis, found.thesis_id)
    body = render_template(
        "campaign/return.html", form=form, item=found, candidate=thesis.candidate, proofs=wording.PROOFS
    )
    return body, 422 if form.errors else 200


@bp.post("/<string:campaign>/take-in")
@may(Action.RUN_CAMPAIGNS)
def take_in(campaign: str) -> Any:
    """Ask those who came since the campaign was opened."""
    row = _find(campaign)
    if row.closed_on is not None:
        abort(409)
    told = acts.take_in(db.session(), row, g.actor, g.now, today=g.today)
    notice.say(ngettext("%(num)s candidate is asked.", "%(num)s candidates are asked.", told))
    return redirect(_back(row), 303)


@bp.post("/<string:campaign>/close")
@may(Action.RUN_CAMPAIGNS)
def close(campaign: str) -> Any:
    """Close the campaign: nothing more can be sent."""
    row = _find(campaign)
    acts.close(db.session(), row, g.actor, g.now, today=g.today)
    notice.say(_("The campaign is closed. What was sent can still be confirmed."))
    return redirect(_back(row), 303)


@bp.post("/<string:campaign>/deadline")
@may(Action.RUN_CAMPAIGNS)
def deadline(campaign: str) -> Any:
    """Move the deadline; a closed campaign is open again."""
    row, form = _find(campaign), DeadlineForm()
    if form.validate_on_submit() and form.deadline.data >= g.today:
        acts.reopen(db.session(), row, form.deadline.data, g.actor, g.now, today=g.today)
        notice.say(_("The deadline is moved."))
    else:
        notice.say(_("Nothing is moved: give a day that is not over."))
    return redirect(_back(row), 303)


def _own() -> frozenset[int]:
    reader: Reader = g.reader
    return reader.scopes(Role.ADMINISTRATOR, "school")


def _find(public_id: str) -> Campaign:
    row = db.session.scalar(
        select(Campaign).where(Campaign.public_id == public_id, Campaign.school_id.in_(_own()))
    )
    if row is None:
        abort(404)
    return row


def _back(row: Campaign) -> str:
    return url_for("campaign.show", campaign=row.public_id, list=request.form.get("list") or None)
