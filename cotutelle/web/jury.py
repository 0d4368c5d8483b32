"""The jury of a thesis: members beside the findings of every party's rules, and how to mend what is broken."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.change import apply
from cotutelle.domain.dossier import Dossier
from cotutelle.domain.evaluation import evaluate
from cotutelle.domain.finding import Verdict
from cotutelle.domain.jury import Jury as JuryFile
from cotutelle.domain.jury import JuryState
from cotutelle.domain.mending import mend
from cotutelle.domain.rulebook import Library
from cotutelle.domain.rules import JURY_CHECKS
from cotutelle.models import Convention, Jury, Person, Seat, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import jury as acts
from cotutelle.operations import jury_approval as approvals
from cotutelle.operations.dossier import dossier_of
from cotutelle.operations.rulebook import library
from cotutelle.policy import Action
from cotutelle.web import findings, mending_words, page, wording
from cotutelle.web.fields import Form
from cotutelle.web.guards import may
from cotutelle.web.jury_forms import SeatForm, offer, seat_of

bp = Blueprint("jury", __name__, url_prefix="/theses/<string:reference>/jury")


@bp.get("")
@may(Action.VIEW_JURY, on=Thesis)
def show(thesis: Thesis) -> Any:
    """The jury, what every rule says of it today, and how to mend it."""
    session = db.session()
    if acts.current(session, thesis) is None:
        return render_template("jury/empty.html", thesis=thesis, plain=Form())
    form = SeatForm(formdata=None)
    offer(session, thesis, form)
    return _page(session, thesis, form, tried=request.args.get("try", ""))


@bp.post("/begin")
@may(Action.EDIT_JURY, on=Thesis)
def begin(thesis: Thesis) -> Any:
    """Begin the jury with the directors of the thesis."""
    acts.begin(db.session(), thesis, g.actor, g.now, today=g.today)
    return redirect(url_for("jury.show", reference=thesis.reference), 303)


@bp.post("/check")
@may(Action.VIEW_JURY, on=Thesis, keyed=False, whole=False)
def check(thesis: Thesis) -> Any:
    """What the rules would say with the seat as it is typed; nothing is saved."""
    session = db.session()
    if acts.current(session, thesis) is None:
        abort(404)
    form = SeatForm()
    offer(session, thesis, form)
    seat = request.form.get("seat", "")
    return _page(session, thesis, form, typed=seat_of(session, thesis, form, seat or "typed"))


def jury_or_404(session: Session, thesis: Thesis) -> Jury:
    """The jury of the thesis, begun already."""
    jury = acts.current(session, thesis)
    return jury if jury is not None else abort(404)


def dossier_for(
    session: Session, thesis: Thesis, convention: Convention | None = None
) -> tuple[Library, Dossier]:
    """The rules of this installation and the dossier of the thesis, under a text that is made or the one that holds."""
    shelf = library(session)
    convention = convention or conventions.holding(session, thesis)
    facts = conventions.text_of(session, thesis, convention)
    return shelf, dossier_of(session, shelf, thesis, convention, facts, g.today)


def _page(session: Session, thesis: Thesis, form: SeatForm, *, typed: Any = None, tried: str = "") -> Any:
    jury = jury_or_404(session, thesis)
    shelf, dossier = dossier_for(session, thesis)
    parties = page.parties_of(session, thesis)
    seats = approvals.seats_of(session, jury)
    people = {seat.public_id: seat.person.name for seat in seats}
    dossier, people = _with_typed(dossier, typed, people, form)
    mending = mend(shelf, dossier)
    number = int(tried) if tried in map(str, range(1, len(mending.proposals) + 1)) else 0
    changes = mending.proposals[number - 1].changes if number else ()
    for change in changes:
        dossier = apply(dossier, change)
    assert dossier.jury is not None
    for seat in dossier.jury.seats:
        people.setdefault(seat.id, _("somebody to be found"))
    found = evaluate(shelf, dossier, checks=JURY_CHECKS, both_readings=True)
    names = findings.names_of(shelf, dossier, people)
    return render_template(
        "jury/show.html",
        thesis=thesis,
        jury=jury,
        remote=_remote(dossier),
        form=form,
        plain=Form(),
        parties=parties,
        cards=_cards(seats, parties, dossier),
        voters=sum(1 for s in dossier.jury.members if s.decides),
        sitting=len(dossier.jury.members),
        groups=findings.groups(shelf, dossier, found, people),
        tally={verdict: sum(f.verdict == verdict for f in found) for verdict in Verdict},
        mending=mending_words.shown(mending, names),
        tried=number,
        typing=typed is not None,
        changes=[
            (mending_words.change(change, names), mending_words.link(change, thesis.reference))
            for change in changes
        ],
        approval=_approvals(session, thesis, jury, parties),
        broken=approvals.broken(shelf, dossier),
        known=_known(session),
        wording=wording,
    )


def appointed(session: Session, thesis: Thesis, parties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The members of an appointed jury, whom every reader of the thesis may know; empty until it is decided."""
    jury = acts.current(session, thesis)
    if jury is None or jury.state != JuryState.DECIDED:
        return []
    positions = {party["id"]: party["position"] for party in parties}
    return [
        {
            "name": seat.person.name,
            "position": positions.get(seat.institution_id or seat.attached_id, 0),
            "place": seat.institution.short_name if seat.institution else seat.elsewhere,
            "capacity": _capacity(seat),
        }
        for seat in approvals.seats_of(session, jury)
        if seat.role != "none"
    ]


def _capacity(seat: Seat) -> list[str]:
    """In which capacity somebody sits, and whether they preside."""
    if seat.role == "invited":
        found = _("guest")
    elif seat.supervision:
        found = str(wording.ROLES[seat.supervision])
    else:
        found = _("rapporteur") if seat.rapporteur else _("examiner")
    return [found, _("presides")] if seat.president else [found]


def _remote(dossier: Dossier) -> str:
    """How the jury meets: what was said of it, or what its members' seats say."""
    assert dossier.jury is not None
    afar = any(seat.remote for seat in dossier.jury.members)
    return "partial" if dossier.jury.remote_mode == "none" and afar else dossier.jury.remote_mode


def _with_typed(
    dossier: Dossier, typed: Any, people: dict[str, str], form: SeatForm
) -> tuple[Dossier, dict[str, str]]:
    """The dossier with the seat as it is typed in the place of the saved one, or beside the others."""
    if typed is None or dossier.jury is None:
        return dossier, people
    others = tuple(seat for seat in dossier.jury.seats if seat.id != typed.id)
    if typed.president:
        others = tuple(replace(seat, president=False) for seat in others)
    jury: JuryFile = dossier.jury.having((*others, typed))
    name = f"{form.given_names.data or ''} {form.family_name.data or ''}".strip()
    return replace(dossier, jury=jury), {
        **people,
        typed.id: people.get(typed.id) or name or _("the new member"),
    }


def _cards(seats: Any, parties: list[dict[str, Any]], dossier: Dossier) -> list[dict[str, Any]]:
    """The members as cards, in the order of their roles."""
    positions = {party["id"]: party["position"] for party in parties}
    assert dossier.jury is not None
    external = {s.id for s in dossier.jury.seats if not any(s.inside(p.code) for p in dossier.places)}
    order = ["directors", "rapporteurs", "examiners", "guests"]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in order}
    for seat in seats:
        card = {
            "seat": seat,
            "position": positions.get(seat.institution_id or seat.attached_id, 0),
            "place": seat.institution.short_name if seat.institution else seat.elsewhere,
            "external": seat.public_id in external,
        }
        found[_heading(seat)].append(card)
    return [{"heading": name, "cards": found[name]} for name in order if found[name]]


def _heading(seat: Seat) -> str:
    if seat.role == "invited":
        return "guests"
    if seat.supervision:
        return "directors"
    return "rapporteurs" if seat.rapporteur else "examiners"


def _approvals(
    session: Session, thesis: Thesis, jury: Jury, parties: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """For each institution, when it last approved and whom it has still to approve."""
    waiting = approvals.waiting_for(session, thesis, jury)
    return [
        {"party": party, "last": waiting[party["id"]].last, "waiting": _names(waiting[party["id"]])}
        for party in parties
    ]


def _names(waiting: approvals.Waiting) -> list[str]:
    names = [seat.person.name for seat in waiting.seats]
    return [*names, _("that a member has left")] if waiting.somebody_left else names


def _known(session: Session) -> list[str]:
    """Names of people whom the reader's theses name, for completion while one types."""
    return [person.name for person in session.scalars(page.visible_people(select(Person)).limit(300))]
