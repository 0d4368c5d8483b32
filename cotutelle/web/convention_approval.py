"""The text before the institutions: submitted as a version, read, compared with the one before, approved by each."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.domain.convention import record
from cotutelle.domain.convention.redline import redline
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import Convention, ConventionVersion, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_approval as approvals
from cotutelle.operations import convention_text
from cotutelle.operations import convention_version as versions
from cotutelle.operations.facts import facts_of
from cotutelle.operations.negotiation import is_negotiated, unsettled
from cotutelle.policy import Action
from cotutelle.web import notice, page
from cotutelle.web.fields import VersionedForm, whole
from cotutelle.web.guards import may
from cotutelle.web.negotiation_forms import (
    ApproveForm,
    WithdrawForm,
)
from cotutelle.web.speaking import choices, own_parties, spoken_for

bp = Blueprint("convention_approval", __name__, url_prefix="/theses/<string:reference>/convention")


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
        **compared(before, convention_text.text_of(session, convention, facts), list(facts.languages)),
        open=is_negotiated(thesis, convention),
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
    row = version_of(thesis, version)
    before = versions.last_put(session, thesis, before=row.number)
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
    row = version_of(thesis, version)
    return render_template("convention/version.html", thesis=thesis, row=row, columns=row.languages)


def version_of(thesis: Thesis, public_id: str) -> ConventionVersion:
    """A version whose text is kept, by its public name."""
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
    form.institution.choices = choices(offered)
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
    signers = [party.code for party in record.from_json(row.facts).signing_parties] if row is not None else []
    body = render_template(
        "convention/approve.html",
        form=form,
        thesis=thesis,
        row=row,
        offered=offered,
        no_party=not any(party["code"] in signers for party in spoken_for(parties)),
        unput=row is not None and approvals.differs(row, facts_of(session, thesis, convention)),
        before_parties=convention.state == ConventionState.PARTNER_REVIEW,
        unsettled=unsettled(session, convention),
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
    form.institution.choices = choices(offered)
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
