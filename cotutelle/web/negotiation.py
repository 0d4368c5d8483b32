"""Negotiating the convention: the text before the parties, what changed in it, who approves, what is asked and said."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.documents.convention import text_of as worded
from cotutelle.domain.convention import record
from cotutelle.domain.convention.catalogue import ANNEXES, CLAUSES
from cotutelle.domain.convention.negotiation import PointState
from cotutelle.domain.convention.redline import redline
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Refused, Stale
from cotutelle.domain.thesis import WITHOUT_DIPLOMA
from cotutelle.models import Convention, ConventionPoint, ConventionVersion, Institution, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_approval as approvals
from cotutelle.operations import convention_version as versions
from cotutelle.operations import negotiation as acts
from cotutelle.operations.facts import facts_of
from cotutelle.policy import Action, Role, Tie
from cotutelle.web import notice, page
from cotutelle.web.fields import VersionedForm, options, whole
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.negotiation_forms import (
    POINT_KINDS,
    POINT_STATES,
    AnswerForm,
    ApproveForm,
    AskForm,
    WithdrawForm,
)
from cotutelle.web.thesis import part_of

bp = Blueprint("negotiation", __name__, url_prefix="/theses/<string:reference>/convention")
Parties = list[dict[str, Any]]


def own_parties(parties: Parties) -> Parties:
    """The institutions in whose name the reader acts: whose school they administer, or whose staff they are."""
    staff = g.reader.scopes(Role.PARTNER, "institution")
    schools = g.reader.scopes(Role.ADMINISTRATOR, "school")
    return [p for p in present(parties) if p["id"] in staff or p["row"].school_id in schools]


def spoken_for(parties: Parties) -> Parties:
    """The institutions for which the reader may record something: the lead's office for each, others for their own."""
    return present(parties) if page.has(Tie.LEAD_OFFICE) else own_parties(parties)


def present(parties: Parties) -> Parties:
    """The institutions that have not left the thesis."""
    return [p for p in parties if p["row"].left_on is None or p["row"].left_on >= g.today]


def _choices(parties: Parties, *more: tuple[str, str]) -> list[Any]:
    listed = [(party["code"], party["short_name"]) for party in parties]
    return options(listed if len(listed) == 1 and not more else [("", _("Choose")), *more, *listed])


@bp.route("/put", methods=["GET", "POST"])
@may(Action.MAKE_CONVENTION, on=Thesis)
def put(thesis: Thesis) -> Any:
    """Put the text before the parties as it stands, once what is new in it was read."""
    session = db.session()
    convention = conventions.current(session, thesis)
    form = VersionedForm(data=None if request.method == "POST" else {"version": convention.version})
    if form.validate_on_submit():
        try:
            row = approvals.put(session, thesis, convention, form.seen, g.actor, g.now, today=g.today)
            notice.say(_("Version %(number)s is submitted to the institutions.", number=row.number))
            return redirect(url_for("convention.show", reference=thesis.reference), 303)
        except Refused as error:
            session.rollback()
            form.refuse(error)
        except Stale:
            session.rollback()
            form.overtaken(convention)
    lies, before = versions.latest_put(session, convention), versions.last_put(session, thesis)
    facts = facts_of(session, thesis, convention)
    body = render_template(
        "convention/put.html",
        form=form,
        thesis=thesis,
        before=before,
        **compared(before, worded(facts), list(facts.languages)),
        open=ConventionState(convention.state) in EDITABLE and thesis.state not in WITHOUT_DIPLOMA,
        same=lies is not None
        and convention.state == ConventionState.PARTNER_REVIEW
        and not approvals.differs(lies, facts),
    )
    return body, 422 if form.errors else 200


@bp.get("/versions/<string:version>/changes")
@may(Action.VIEW_CONVENTION, on=Thesis)
def changes(thesis: Thesis, version: str) -> Any:
    """What a version says that the one before it did not."""
    session = db.session()
    row = _version(thesis, version)
    before = versions.put_before(session, row)
    return render_template(
        "convention/changes.html",
        thesis=thesis,
        row=row,
        before=before,
        **compared(before, row.text or [], row.languages),
    )


def compared(
    before: ConventionVersion | None, text: list[dict[str, Any]], languages: list[str]
) -> dict[str, Any]:
    """What a text says that a version did not, in the languages that both have, and which came or went."""
    if before is None or before.text is None:
        return {"changes": [], "columns": languages, "came": [], "went": []}
    shared = [tag for tag in languages if tag in before.languages]
    return {
        "changes": redline(_in(before.text, shared), _in(text, shared)) if shared else [],
        "columns": shared,
        "came": [tag for tag in languages if tag not in shared],
        "went": [tag for tag in before.languages if tag not in shared],
    }


def _in(text: list[dict[str, Any]], languages: list[str]) -> list[dict[str, Any]]:
    """A text in some of its languages."""

    def among(texts: dict[str, str]) -> dict[str, str]:
        return {tag: texts[tag] for tag in languages if tag in texts}

    return [{**a, "titles": among(a["titles"]), "rows": [among(row) for row in a["rows"]]} for a in text]


@bp.get("/versions/<string:version>/text")
@may(Action.VIEW_CONVENTION, on=Thesis)
def text(thesis: Thesis, version: str) -> Any:
    """A version as it lies before the institutions, whatever was written since."""
    row = _version(thesis, version)
    return render_template("convention/version.html", thesis=thesis, row=row, columns=row.languages)


def _version(thesis: Thesis, public_id: str) -> ConventionVersion:
    row = db.session.scalar(
        select(ConventionVersion)
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .where(
            Convention.thesis_id == thesis.id,
            ConventionVersion.public_id == public_id,
            ConventionVersion.text.is_not(None),
        )
    )
    return row if row is not None else abort(404)


@bp.route("/approve", methods=["GET", "POST"])
@may(Action.APPROVE_CONVENTION, on=Thesis)
def approve(thesis: Thesis) -> Any:
    """Approve the version that lies before the institutions."""
    session = db.session()
    convention = conventions.current(session, thesis)
    row = versions.latest_put(session, convention)
    parties = page.parties_of(session, thesis)
    waiting = approvals.waiting_for(session, row) if row is not None else []
    offered = [party for party in spoken_for(parties) if party["code"] in waiting]
    asked = {
        "institution": request.args.get("institution", ""),
        "on": g.today,
        "number": row.number if row else "",
    }
    form = ApproveForm(data=None if request.method == "POST" else asked)
    form.institution.choices = _choices(offered)
    form.own = frozenset(party["code"] for party in own_parties(parties))
    if form.validate_on_submit():
        chosen = next(party for party in offered if party["code"] == form.institution.data)
        try:
            given = (whole(form.number.data or "") or 0, chosen["id"], form.on.data, form.note.data or "")
            approvals.approve(session, thesis, convention, *given, g.actor, g.now, today=g.today)
            notice.say(_("The approval of %(institution)s is recorded.", institution=chosen["short_name"]))
            return redirect(url_for("convention.show", reference=thesis.reference), 303)
        except Refused as error:
            session.rollback()
            form.refuse(error)
            if row is not None:
                form.number.data = str(row.number)  # whoever reads what is new may send it again
    signers = [party.code for party in record.from_json(row.facts).parties] if row is not None else []
    body = render_template(
        "convention/approve.html",
        form=form,
        thesis=thesis,
        row=row,
        offered=offered,
        no_party=not any(party["code"] in signers for party in spoken_for(parties)),
        unput=row is not None and approvals.differs(row, facts_of(session, thesis, convention)),
        before_parties=convention.state == ConventionState.PARTNER_REVIEW,
        unsettled=acts.unsettled(session, convention),
    )
    return body, 422 if form.errors else 200


@bp.route("/approvals/take-back", methods=["GET", "POST"])
@may(Action.APPROVE_CONVENTION, on=Thesis)
def withdraw(thesis: Thesis) -> Any:
    """Take an approval back, with a reason that all are told."""
    session = db.session()
    convention = conventions.current(session, thesis)
    row = versions.latest_put(session, convention)
    open_ = ConventionState(convention.state) in (*EDITABLE, ConventionState.APPROVED)
    approved = approvals.approved_by(session, row) if row is not None and open_ else set()
    offered = [p for p in spoken_for(page.parties_of(session, thesis)) if p["code"] in approved]
    asked = {"institution": request.args.get("institution", ""), "number": row.number if row else ""}
    form = WithdrawForm(data=None if request.method == "POST" else asked)
    form.institution.choices = _choices(offered)
    if form.validate_on_submit():
        chosen = next(party for party in offered if party["code"] == form.institution.data)
        try:
            said = (whole(form.number.data or "") or 0, chosen["id"], form.reason.data)
            approvals.take_back(session, thesis, convention, *said, g.actor, g.now, today=g.today)
            notice.say(_("The approval of %(institution)s is taken back.", institution=chosen["short_name"]))
            return redirect(url_for("convention.show", reference=thesis.reference), 303)
        except Refused as error:
            session.rollback()
            form.refuse(error)
    body = render_template("convention/withdraw.html", form=form, thesis=thesis, row=row, offered=offered)
    return body, 422 if form.errors else 200


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
    form.asked_by.choices = _choices(speaking)
    form.owner.choices = _choices(present(parties))
    if form.validate_on_submit():
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
    editable = ConventionState(convention.state) in EDITABLE and thesis.state not in WITHOUT_DIPLOMA
    body = render_template("convention/ask.html", form=form, thesis=thesis, editable=editable)
    return body, 422 if form.errors else 200


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
    form.institution.choices = _choices(spoken_for(parties))
    others = [(party["code"], party["short_name"]) for party in present(parties)]
    form.owner.choices = options([("", _("Nobody: it is settled")), *others])


def _point_page(thesis: Thesis, row: ConventionPoint, parties: Parties, form: AnswerForm) -> str:
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
        open=_is_negotiated(thesis, row),
    )


def _is_negotiated(thesis: Thesis, row: ConventionPoint) -> bool:
    convention = conventions.current(db.session(), thesis)
    here = row.convention_id == convention.id and ConventionState(convention.state) in EDITABLE
    return here and thesis.state not in WITHOUT_DIPLOMA


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
