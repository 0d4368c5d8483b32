"""What a convention stands on: its framework agreement, the wording of each clause, how its languages stand."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import RadioField

from cotutelle.db import db
from cotutelle.documents.wording import wording as shipped
from cotutelle.domain.convention.catalogue import BY_ID
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.language import best
from cotutelle.models import ClauseVariant, Convention, Framework, Thesis, texts_of
from cotutelle.operations import clause_choice, convention_terms
from cotutelle.operations import convention as conventions
from cotutelle.operations import framework as frameworks
from cotutelle.operations.clause import in_force
from cotutelle.operations.clause_fit import fitting
from cotutelle.operations.framework_facts import ends_first, frameworks_for, unbound
from cotutelle.policy import Action
from cotutelle.web import notice
from cotutelle.web.fields import Choice, VersionedForm, options
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.refusals import refusal
from cotutelle.web.wording import LAYOUTS

bp = Blueprint("clause_use", __name__, url_prefix="/theses/<string:reference>/convention/basis")


class FrameworkForm(VersionedForm):
    """The framework that a convention applies."""

    framework = Choice(_l("Framework agreement"))


class LayoutForm(VersionedForm):
    """How the languages of a convention stand."""

    layout = RadioField(_l("The languages stand"), choices=options(LAYOUTS.items()))


@bp.get("")
@may(Action.EDIT_CONVENTION, on=Thesis)
def show(thesis: Thesis) -> Any:
    """The framework, the layout, and every clause that could be worded otherwise."""
    session = db.session()
    convention = conventions.current(session, thesis)
    offered = frameworks_for(session, thesis.id, g.today)
    now = session.get(Framework, convention.framework_id) if convention.framework_id else None
    if now is not None and now not in offered:
        offered.append(now)
    titles = texts_of(session, "framework", [row.id for row in offered], "title")
    named = {row.id: best(titles[row.id]["title"], locale()) for row in offered}
    form = FrameworkForm(data={"framework": now.public_id if now else "", "version": convention.version})
    form.framework.choices = options(
        [
            ("", _("none: the convention is complete in itself")),
            *((row.public_id, named[row.id]) for row in offered),
        ]
    )
    editable = ConventionState(convention.state) in EDITABLE and convention.amends_id is None
    used = [use["variant"] for use in convention.wordings.values()]
    kept = select(ClauseVariant).where(ClauseVariant.public_id.in_(used))
    listed = fitting(session, convention) if editable else session.scalars(kept).all()
    variants: dict[str, list[ClauseVariant]] = {}
    for row in listed:
        if in_force(row, g.today) is not None:
            variants.setdefault(row.clause, []).append(row)
    return render_template(
        "convention/basis.html",
        thesis=thesis,
        convention=convention,
        editable=editable,
        form=form,
        framework=now,
        framework_title=named.get(now.id, "") if now else "",
        ends_first=ends_first(session, convention, g.today),
        unbound=unbound(session, convention),
        layout=LayoutForm(data={"layout": convention.layout, "version": convention.version}),
        layouts=LAYOUTS,
        variants=[
            (clause, shipped(clause, locale()).title, rows) for clause, rows in sorted(variants.items())
        ],
        used=convention.wordings,
        in_force={row.id: in_force(row, g.today) for rows in variants.values() for row in rows},
        plain=VersionedForm(data={"version": convention.version}),
    )


@bp.post("/framework")
@may(Action.EDIT_CONVENTION, on=Thesis)
def framework(thesis: Thesis) -> Any:
    """Put the convention under a framework, or let it stand alone."""

    def act(convention: Convention, seen: int) -> None:
        row = _named(Framework, request.form.get("framework", ""), Reason.NOT_UNDER_FRAMEWORK)
        frameworks.put_under(db.session(), thesis, convention, row, seen, g.actor, g.now, today=g.today)

    return _done(thesis, act)


@bp.post("/layout")
@may(Action.EDIT_CONVENTION, on=Thesis)
def layout(thesis: Thesis) -> Any:
    """Choose how the languages stand."""
    form = LayoutForm()
    if not form.validate():
        notice.say(_("Choose one of the answers offered."))
        return redirect(url_for("clause_use.show", reference=thesis.reference), 303)
    return _done(
        thesis,
        lambda convention, seen: convention_terms.set_layout(
            db.session(), thesis, convention, form.layout.data, seen, g.actor, g.now
        ),
    )


@bp.post("/clauses/<string:clause>")
@may(Action.EDIT_CONVENTION, on=Thesis)
def word(thesis: Thesis, clause: str) -> Any:
    """Word a clause by a variant, or as it is shipped."""
    if clause not in BY_ID:
        abort(404)

    def act(convention: Convention, seen: int) -> None:
        row = _named(ClauseVariant, request.form.get("variant", ""), Reason.VARIANT_NOT_FITTING)
        clause_choice.choose(
            db.session(), thesis, convention, clause, row, seen, g.actor, g.now, today=g.today
        )

    return _done(thesis, act)


def _named(kind: Any, public_id: str, otherwise: Reason) -> Any:
    """The row that was chosen, None where none was; refused when there is no such row."""
    row = db.session.scalar(select(kind).where(kind.public_id == public_id)) if public_id else None
    if public_id and row is None:
        raise Refused(otherwise)
    return row


def _done(thesis: Thesis, act: Any) -> Any:
    """Do it, or say why it cannot be done; either way the page shows how it stands."""
    session = db.session()
    try:
        act(conventions.current(session, thesis), VersionedForm().seen)
        notice.say(_("Saved."))
    except Refused as error:
        session.rollback()
        notice.say(refusal(error))
    return redirect(url_for("clause_use.show", reference=thesis.reference), 303)
