"""How the text stands between the institutions: which version lies before them, who approved it, what is still open."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.thesis import WITHOUT_DIPLOMA
from cotutelle.models import Convention, Job, Thesis
from cotutelle.operations import closing, negotiation, original
from cotutelle.operations import convention_approval as approvals
from cotutelle.operations import convention_version as versions
from cotutelle.operations.convention_round import CLOSE, milestone_of
from cotutelle.operations.convention_signing import document_to_sign
from cotutelle.policy import Action
from cotutelle.web import page, signing_page
from cotutelle.web.filters import locale
from cotutelle.web.negotiation_forms import POINT_KINDS, POINT_STATES
from cotutelle.web.speaking import present, spoken_for

CLOSING_TROUBLES = {
    "clock": _l("The time stamping service did not answer."),
    "certificate": _l(
        "The certificate of the seal cannot be used; an administrator of this installation renews it."
    ),
    "chain": _l(
        "The certificate of the seal, or of the time stamping service, does not lead to a root in the folder of trust; "
        "an administrator of this installation puts it there."
    ),
    "libraries": _l("Documents cannot be made here: system libraries are missing."),
}


def standing(session: Session, thesis: Thesis, convention: Convention, facts: Facts) -> dict[str, Any]:
    """What the page of the convention says of its negotiation."""
    parties = page.parties_of(session, thesis)
    latest = versions.latest_put(session, convention)
    given = {a.institution.code: a for a in approvals.approvals(session, latest)} if latest else {}
    mine = (
        {party["code"] for party in spoken_for(parties)} if page.allowed(Action.APPROVE_CONVENTION) else set()
    )
    points = negotiation.points(session, convention) if page.allowed(Action.VIEW_NEGOTIATION) else []
    lying = record.from_json(latest.facts) if latest else None
    here = {party["code"]: party for party in parties}
    return {
        "parties": parties,
        "latest": latest,
        "approvals": [
            {
                "party": here.get(
                    each.code, {"short_name": each.short_name, "position": 4, "code": each.code}
                ),
                "given": given.get(each.code),
                "mine": each.code in mine,
                "left": each.code not in {party["code"] for party in present(parties)},
            }
            for each in (lying.signing_parties if lying else ())
        ],
        "blanks": len({m.blank for m in missing_facts(lying)}) if lying else 0,
        "unput": ConventionState(convention.state) in EDITABLE
        and (latest is None or approvals.differs(latest, facts)),
        "points": [(point, negotiation.clause_name(point.clause, locale())) for point in points],
        "unsettled": len(negotiation.unsettled(session, convention)),
        "states": POINT_STATES,
        "kinds": POINT_KINDS,
        "positions": {party["code"]: party["position"] for party in parties},
        "before_parties": convention.state == ConventionState.PARTNER_REVIEW
        and thesis.state not in WITHOUT_DIPLOMA,
        "originals": original.originals(session, convention),
        "signing": _signing(session, thesis, convention, parties),
    }


def _signing(
    session: Session, thesis: Thesis, convention: Convention, parties: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """Who signs the agreed text, and who is lacking; None until its bytes are made."""
    milestone = milestone_of(session, convention)
    document = document_to_sign(session, convention)
    if milestone is None or document is None:
        return None
    chain = signing_page.chain(session, milestone, {party["code"]: party for party in parties})
    return {
        "milestone": milestone,
        "chain": chain,
        "signed": sum(each["signed"] for each in chain),
        "begun": convention.state != ConventionState.APPROVED,
        **_closing(session, convention),
    }


def _closing(session: Session, convention: Convention) -> dict[str, Any]:
    """How the signed text was closed; or since when it waits for that, and what went wrong at the last try."""
    version = versions.agreed_version(session, convention)
    row = closing.of_version(session, version)
    job = (
        session.scalar(select(Job).where(Job.unique_key == f"{CLOSE}:{version.public_id}"))
        if version
        else None
    )
    if row is not None:
        return {"closing": row, "verify_url": url_for("verify.check", number=row.number, _external=False)}
    return {"closing": None, "closes": job is not None, "trouble": _trouble(job)}


def _trouble(job: Job | None) -> Any:
    """What went wrong at the last try, in words; None when nothing did."""
    if job is None or not job.error:
        return None
    return CLOSING_TROUBLES.get(
        job.error.partition(":")[0], _l("Something went wrong; the operator sees it in the log.")
    )
