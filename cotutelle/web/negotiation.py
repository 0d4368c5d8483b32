"""Negotiating the convention: the changes that an institution asks of an article, and what the others say to them."""

from typing import Any

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.convention.catalogue import ANNEXES, CLAUSES
from cotutelle.domain.convention.negotiation import PointState
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Convention, ConventionPoint, Institution, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import negotiation as acts
from cotutelle.policy import Action
from cotutelle.web import notice, page
from cotutelle.web.fields import options
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.negotiation_forms import (
    POINT_KINDS,
    POINT_STATES,
    AnswerForm,
    AskForm,
)
from cotutelle.web.speaking import Parties, choices, own_parties, present, spoken_for
from cotutelle.web.thesis import part_of

bp = Blueprint("negotiation", __name__, url_prefix="/theses/<string:reference>/convention")


@bp.route("/points/add", methods=["GET", "POST"])
@may(Action.NEGOTIATE, on=Thesis)
def ask(thesis: Thesis) -> Any:
    """Ask for a change of an article, or of the whole text."""
    session = db.session()
    convention = conventions.current(session, thesis)
    parties = page.parties_of(session, thesis)
    speaking = spoken_for(parties)
    asked = {"clause": request.args.get("clause", ""), "asked_by": _first(own_parties(parties))}
    form = AskForm(data=None if request.method == "POST" else asked)
    form.clause.choices = options([("", _("the whole text")), *_titles()])
    form.asked_by.choices = choices(speaking)
    form.owner.choices = choices(present(parties))
    filling_in = "prefill" in request.form  # what a file that came back says: to be completed by a person
    if not filling_in and form.validate_on_submit():
        try:
            acts.raise_point(
                session, thesis, convention, form.clause.data or "", _institution(session, form.asked_by.data),
                _institution(session, form.owner.data), form.proposal.data, form.reason.data, g.actor, g.now,
                today=g.today,
            )  # fmt: skip
            notice.say(_("The change is asked; the offices of all institutions are told."))
            return redirect(url_for("convention.show", reference=thesis.reference) + "#points", 303)
        except Refused as error:
            session.rollback()
            form.refuse(error)
    editable = acts.is_negotiated(thesis, convention)
    body = render_template("convention/ask.html", form=form, thesis=thesis, editable=editable)
    response = make_response(body, 422 if form.errors else 200)
    response.no_commit = filling_in  # type: ignore[attr-defined]  # nothing is asked yet
    return response


@bp.get("/points/<string:point>")
@may(Action.VIEW_NEGOTIATION, on=Thesis)
def point(thesis: Thesis, point: str) -> Any:
    """What was asked and said about one point."""
    row: ConventionPoint = part_of(thesis, ConventionPoint, point)
    parties = page.parties_of(db.session(), thesis)
    given = {
        "version": row.version,
        "institution": _first(own_parties(parties)),
        "state": row.state,
        "owner": row.owner.code if row.owner else "",
    }
    return _point_page(thesis, row, parties, AnswerForm(formdata=None, data=given))


@bp.post("/points/<string:point>/answer")
@may(Action.NEGOTIATE, on=Thesis)
def answer(thesis: Thesis, point: str) -> Any:
    """Answer a point, and say where it stands from now on."""
    session = db.session()
    row: ConventionPoint = part_of(thesis, ConventionPoint, point)
    parties, form = page.parties_of(session, thesis), AnswerForm()
    _offer(form, parties)
    if form.validate():
        try:
            acts.answer_point(
                session, thesis, row, _institution(session, form.institution.data), PointState(form.state.data),
                _institution(session, form.owner.data) if form.owner.data else None, form.text.data, form.seen,
                g.actor, g.now, today=g.today,
            )  # fmt: skip
            notice.say(_("The answer is recorded; the offices of all institutions are told."))
            return redirect(
                url_for("negotiation.point", reference=thesis.reference, point=row.public_id), 303
            )
        except Refused as error:
            session.rollback()
            form.refuse(error)
        except Stale:
            form.overtaken(row)
    return _point_page(thesis, row, parties, form), 422


def _offer(form: AnswerForm, parties: Parties) -> None:
    form.institution.choices = choices(spoken_for(parties))
    others = [(party["code"], party["short_name"]) for party in present(parties)]
    form.owner.choices = options([("", _("Nobody: it is settled")), *others])


def _point_page(thesis: Thesis, row: ConventionPoint, parties: Parties, form: AnswerForm) -> str:
    session = db.session()
    _offer(form, parties)
    return render_template(
        "convention/point.html",
        form=form,
        thesis=thesis,
        row=row,
        title=acts.clause_name(row.clause, locale()),
        positions={party["code"]: party["position"] for party in parties},
        states=POINT_STATES,
        kinds=POINT_KINDS,
        open=acts.is_negotiated(thesis, session.get_one(Convention, row.convention_id)),
    )


def _first(parties: Parties) -> str:
    return str(parties[0]["code"]) if len(parties) == 1 else ""


def _titles() -> list[tuple[str, str]]:
    """The articles and annexes by the numbers and titles that the text gives them."""
    articles = [(clause.id, number) for number, clause in enumerate(CLAUSES, start=1)]
    annexes = [(clause.id, number) for number, clause in enumerate(ANNEXES, start=1)]
    return [
        *(
            (i, _("Article %(number)s, %(title)s", number=n, title=acts.clause_name(i, locale())))
            for i, n in articles
        ),
        *(
            (i, _("Annex %(number)s, %(title)s", number=n, title=acts.clause_name(i, locale())))
            for i, n in annexes
        ),
    ]


def _institution(session: Session, code: str) -> Institution:
    return session.scalars(select(Institution).where(Institution.code == code)).one()
