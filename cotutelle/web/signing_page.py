"""One page, one act: what is signed, the very declaration, who else signs, and the answers."""

import json
from datetime import datetime
from typing import Any

from flask import g, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle import clock
from cotutelle.domain.calendar import is_year
from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import Level, Proof, State
from cotutelle.models import (
    Account,
    DocumentVersion,
    Institution,
    Link,
    SignOff,
    Thesis,
    texts_of,
)
from cotutelle.operations import convention_round, signature_level, standing
from cotutelle.operations.plan import plans as plans_of
from cotutelle.scope import as_system
from cotutelle.web.filters import locale, text
from cotutelle.web.page import parties_of
from cotutelle.web.signing_form import AnswerForm

SIGNERS = {
    Signer.CANDIDATE: _l("candidate"),
    Signer.DIRECTOR: _l("thesis director"),
    Signer.FORMER_DIRECTOR: _l("former thesis director"),
    Signer.UNIT_HEAD: _l("head of the research unit"),
    Signer.SCHOOL: _l("doctoral school or faculty"),
    Signer.HEAD: _l("head of the institution"),
}
PROOFS = {
    Proof.ACCOUNT: _l("by their account"),
    Proof.LINK_CODE: _l("by a link and the code of the same mail"),
    Proof.FRESH_CODE: _l("by a link and a code sent just then"),
    Proof.PAPER: _l("on paper"),
    Proof.FILE: _l("in the file, with a certificate"),
    Proof.RECORDED: _l("elsewhere, with the document that shows it"),
}


def facts_of(session: Session, row: SignOff, *, in_list: bool = False) -> dict[str, Any]:
    """Everything that a page says of a signature, whoever reads it; `in_list`: what one line of a list says."""
    with as_system(session, "one signature"):
        thesis = session.get_one(Thesis, row.thesis_id)
        milestone, kind = row.milestone, plans_of(session).kinds[row.milestone.kind]
        parties = parties_of(session, thesis)
        by_code = {party["code"]: party for party in parties}
        titles = texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"]
        asker = session.get(Account, row.asked_by) if row.asked_by else None
        return {
            "row": row,
            "thesis": thesis,
            "candidate": thesis.candidate.name,
            "title": text(titles),
            "parties": parties,
            "side": by_code.get(row.side),
            "milestone": milestone,
            "name": name_of(kind.names, milestone.year),
            "kind_name": name_of(kind.names, 0),
            "capacity": SIGNERS[Signer(row.signer)],
            "declaration": row.declaration,
            "version": None if in_list else version_signed(session, row),
            "defence": None if in_list else _defence(session, row),
            "chain": [] if in_list else chain(session, row, by_code),
            "asker": asker.person if asker else None,
            "fresh": kind.fresh_code,
        }


def name_of(names: Any, year: int) -> str:
    """A milestone by its name and academic year, or the number of the amendment, in the reader's language."""
    name = str(names[locale() if locale() in names else "en"])
    if year and not is_year(year):
        return str(_("%(name)s, no. %(number)s", name=name, number=year))
    return f"{name} {year}–{year + 1}" if year else name


def chain(session: Session, row: SignOff | Any, parties: dict[str, Any]) -> list[dict[str, Any]]:
    """Who signs, in order: signed, asked since when, still to come, or nobody named yet."""
    milestone = row.milestone if isinstance(row, SignOff) else row
    here = row.id if isinstance(row, SignOff) else None
    found = []
    for (signer, side), each in standing.standing(session, milestone).items():
        found.append(
            {
                "row": each,
                "name": each.person.name if each else "",
                "capacity": SIGNERS[Signer(signer)],
                "party": parties.get(side),
                "state": each.state if each else "",
                "signed": each is not None and each.state == State.APPROVED and each.outdated_at is None,
                "outdated": each is not None and each.outdated_at is not None,
                "here": each is not None and each.id == here,
                "proof": PROOFS[Proof(each.proof)] if each is not None and each.proof else "",
                "delegated": each is not None and each.delegated_from_id is not None,
            }
        )
    return found


def document_version(session: Session, document_id: int | None) -> DocumentVersion | None:
    """The newest bytes of the document that is signed."""
    if document_id is None:
        return None
    return session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    ).first()


def version_signed(session: Session, row: SignOff) -> DocumentVersion | None:
    """The very bytes that were put before a signatory: those of what they were shown, whatever came later."""
    shown = json.loads(row.shown) if row.shown else {}
    digest = (shown.get("document") or {}).get("sha256")
    if digest is None or row.milestone.document_id is None:
        return None
    return session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.document_id == row.milestone.document_id, DocumentVersion.digest == digest)
        .limit(1)
    ).first()


def _defence(session: Session, row: SignOff) -> dict[str, Any] | None:
    """The day and the jury that the declaration rests on, as they were put before the signatory."""
    shown = json.loads(row.shown) if row.shown else {}
    if "defence" not in shown and "jury" not in shown:
        return None
    codes = {member["from"] for member in shown.get("jury", [])}
    names = dict(
        session.execute(
            select(Institution.code, Institution.short_name).where(Institution.code.in_(codes))
        ).all()
    )
    defence = shown.get("defence") or {}
    return {
        "on": _day(defence.get("on")),
        "place": defence.get("place", ""),
        "jury": [
            {**member, "from": names.get(member["from"], member["from"])} for member in shown.get("jury", [])
        ],
    }


def _day(iso: str | None) -> Any:
    return datetime.fromisoformat(iso).date() if iso else None


def render(session: Session, row: SignOff, form: AnswerForm, *, link: Link | None, **places: Any) -> str:
    """The page of an act; `places` are the addresses of its document, its code and its inbox, where there are any."""
    facts = facts_of(session, row)
    needs_code = link is not None and not places.get("own", False)
    of_convention = convention_round.signs(row.milestone)
    if not of_convention:
        places.pop("file_url", None)
    asked = signature_level.level(session, row.signer, row.side) if of_convention else Level.ANY
    form.code.flags.required = needs_code
    if not form.digest.data:
        form.digest.data = row.digest
    return render_template(
        "signing/act.html",
        form=form,
        link=link,
        needs_code=needs_code,
        may_click=asked is Level.ANY,
        level=asked,
        masked=masked(row.person.email),
        **facts,
        **places,
    )


def done(session: Session, row: SignOff, *, link: Link | None, **places: Any) -> str:
    """What became of it: the receipt of a signature, or what was answered."""
    return render_template(
        "signing/done.html",
        link=link,
        answered=answered_words(row),
        masked=masked(row.person.email),
        **facts_of(session, row),
        **places,
    )


def answered_words(row: SignOff) -> str:
    """What became of a signature, in a sentence to its signatory."""
    words: dict[State, str] = {
        State.APPROVED: _("You have signed."),
        State.SENT_BACK: _("You have sent it back."),
        State.DECLINED: _("You have said that it is not yours to sign."),
        State.DELEGATED: _("You have handed it on."),
        State.WITHDRAWN: _("You are no longer asked."),
        State.WAITING: _("Your turn has not come yet."),
    }
    return words.get(State(row.state), "")


def masked(address: str) -> str:
    """An address that its owner knows again and nobody else learns: ``a…t@ugent.be``."""
    name, at, host = address.partition("@")
    return f"{name[:1]}…{name[-1:] if len(name) > 2 else ''}{at}{host}"


def today_of(session: Session, thesis: Thesis) -> Any:
    """The day at the lead institution, by which deadlines and answers are dated."""
    with as_system(session, "zone of the lead"):
        lead = next((party.institution for party in thesis.parties if party.lead), None)
    return clock.today(lead.time_zone) if lead else g.today
