"""The text that holds on a day: the convention as its amendments have changed it, to be read and printed."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from cotutelle.db import db
from cotutelle.documents import consolidated as document
from cotutelle.documents.press import CannotPrint
from cotutelle.documents.signatory import SIGNATURES
from cotutelle.models import Person, Thesis
from cotutelle.operations import amendment as acts
from cotutelle.policy import Action
from cotutelle.web.guards import may
from cotutelle.web.pdf import cannot, pdf
from cotutelle.web.printing import previews

bp = Blueprint("consolidated", __name__, url_prefix="/theses/<string:reference>/convention")


def _asked() -> date:
    """The day that is asked for, today when none is; 404 for what is no day."""
    given = request.args.get("on", "")
    if not given:
        return g.today  # type: ignore[no-any-return]  # set for every request
    try:
        return date.fromisoformat(given)
    except ValueError:
        abort(404)


@bp.get("/consolidated")
@may(Action.VIEW_CONVENTION, on=Thesis)
def show(thesis: Thesis) -> Any:
    """The text that holds on a day, with what it is made of and which amendment changed an article last."""
    session, on = db.session(), _asked()
    return render_template(
        "convention/consolidated.html",
        thesis=thesis,
        on=on,
        found=acts.consolidated(session, thesis, on),
        instruments=[each for each in acts.instruments(session, thesis) if each.signed],
        signatures=SIGNATURES,
    )


@bp.get("/consolidated.pdf")
@may(Action.VIEW_CONVENTION, on=Thesis)
def as_pdf(thesis: Thesis) -> Any:
    """The same as a PDF; where no text holds, the page says so."""
    session, on = db.session(), _asked()
    found = acts.consolidated(session, thesis, on)
    if found is None:
        return redirect(url_for("consolidated.show", reference=thesis.reference, on=on.isoformat()))
    sheet = document.Consolidation(
        reference=thesis.reference,
        candidate=session.get_one(Person, thesis.candidate_id).name,
        on=on,
        languages=tuple(found.languages),
        made_of=tuple((each.row.amendment, each.row.in_force_on or on) for each in found.made_of),
        text=[article for article in found.text if article["clause"] != SIGNATURES],
        changed_by=found.changed_by,
    )
    session.rollback()
    try:
        return pdf(document.make(previews(), sheet, g.today), f"{thesis.reference}-{on.isoformat()}.pdf")
    except CannotPrint as error:
        return cannot(thesis, error)
