"""What a candidate sends for the September campaign, from a phone: one form for each proof of each university."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.calendar import year_label
from cotutelle.domain.campaign import MISSING, Proof
from cotutelle.domain.errors import Refused
from cotutelle.models import CampaignItem, Thesis
from cotutelle.operations import campaign as acts
from cotutelle.operations import document as documents
from cotutelle.policy import Action
from cotutelle.web import notice, page, wording
from cotutelle.web.document import received
from cotutelle.web.fields import Choice, Day, Form, options
from cotutelle.web.guards import may
from cotutelle.web.thesis import part_of

bp = Blueprint("proofs", __name__, url_prefix="/theses/<string:reference>/campaign")
KINDS = {
    Proof.ENROLMENT: "enrolment",
    Proof.FEES: "fees",
    Proof.INSURANCE: "insurance",
    Proof.CVEC: "other",
}
"""Among which documents a proof is kept."""


class ProofForm(Form):
    """A file, and what it shows."""

    file = FileField(_l("Photograph or PDF"), [DataRequired(_l("Choose the file, or take a photograph."))])
    enrolled_on = Day(_l("Enrolled since"))
    fee = Choice(_l("The fees are"))

    def only(self, proof: str) -> "ProofForm":
        """The same form with what this proof shows alone."""
        if proof != Proof.ENROLMENT:
            del self.enrolled_on
        if proof != Proof.FEES:
            del self.fee
        else:
            fees = [(key, word) for key, word in wording.choices(wording.FEES) if key != "unknown"]
            self.fee.choices = options([("", _("Choose")), *fees])
        return self


@bp.get("")
@may(Action.SEND_PROOFS, on=Thesis)
def show(thesis: Thesis) -> Any:
    """What is asked for each university, what was sent, what the school said of it."""
    return _page(thesis, None, None)


@bp.route("/<string:item>", methods=["GET", "POST"])
@may(Action.SEND_PROOFS, on=Thesis)
def send(thesis: Thesis, item: str) -> Any:
    """Send one proof."""
    session, row = db.session(), part_of(thesis, CampaignItem, item)
    form = ProofForm().only(row.proof)
    if form.validate_on_submit():
        try:
            _send(thesis, row, form)
            notice.say(_("Sent. The school looks at it and tells you if anything is wrong."))
            return redirect(url_for("proofs.show", reference=thesis.reference), 303)
        except Refused as error:
            session.rollback()
            form.refuse(error)
    return _page(thesis, item, form)


def _send(thesis: Thesis, row: CampaignItem, form: ProofForm) -> None:
    session = db.session()
    title = f"{wording.PROOFS[Proof(row.proof)]}, {row.institution.short_name}, {year_label(row.campaign.year, 9)}"
    added = documents.add_document(
        session, thesis, KINDS[Proof(row.proof)], title[:1].upper() + title[1:], "candidate", g.actor, g.now,
        today=g.today, institution_id=row.institution_id, **received(form),
    )  # fmt: skip
    sent = acts.Sent(
        enrolled_on=form.enrolled_on.data if "enrolled_on" in form else None,
        fee=form.fee.data if "fee" in form else "",
    )
    acts.send(session, thesis, row, added, sent, g.actor, g.now, today=g.today)


def _page(thesis: Thesis, chosen: str | None, form: ProofForm | None) -> Any:
    session = db.session()
    items = acts.of_thesis(session, thesis)
    parties = page.parties_of(session, thesis)
    rounds = []
    for campaign in {item.campaign_id: item.campaign for item in items}.values():
        here = [item for item in items if item.campaign_id == campaign.id]
        sides = [
            {**party, "items": [item for item in here if item.institution_id == party["id"]]}
            for party in parties
        ]
        rounds.append({
            "campaign": campaign,
            "year": year_label(campaign.year, 9),
            "missing": sum(item.state in MISSING for item in here),
            "parties": [side for side in sides if side["items"]],
        })  # fmt: skip
    body = render_template(
        "campaign/mine.html", thesis=thesis, rounds=rounds, proofs=wording.PROOFS, chosen=chosen, form=form
    )
    return body, 422 if form is not None and form.errors else 200
