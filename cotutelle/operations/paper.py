"""Gathering what a paper of the file says, and keeping the ones that were made."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.calendar import year_label
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.enrolment import Fee
from cotutelle.domain.jury import SeatRole
from cotutelle.domain.paper.facts import Member, Paper, PaperKind, Year
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import (
    Convention,
    Document,
    Enrolment,
    Institution,
    Jury,
    Seat,
    Thesis,
    texts_of,
)
from cotutelle.operations import convention as conventions
from cotutelle.operations import document as documents
from cotutelle.operations.facts import facts_of

KEPT_AS = {
    PaperKind.COTUTELLE: ("cotutelle_certificate", "candidate"),
    PaperKind.ENROLMENT: ("enrolment", "candidate"),
    PaperKind.PROPOSAL: ("jury_proposal", "parties"),
    PaperKind.INVITATION: ("jury_invitation", "offices"),
    PaperKind.NOTICE: ("defence_notice", "everyone"),
    PaperKind.MINUTES: ("defence_minutes", "parties"),
    PaperKind.REPORT: ("defence_report", "parties"),
}
"""As which kind of document each paper is kept, and for whom."""
_DEFENDED = frozenset({ThesisState.DEFENDED, ThesisState.CORRECTIONS, ThesisState.COMPLETED})
_STOPPED = frozenset(
    {ThesisState.WITHDRAWN, ThesisState.REFUSED, ThesisState.CONVERTED, ThesisState.CANCELLED}
)


def paper_of(
    session: Session,
    thesis: Thesis,
    kind: PaperKind,
    issuer: str,
    languages: tuple[str, ...],
    *,
    year: int | None = None,
    seat: str = "",
) -> Paper:
    """A paper as the file has it now, issued by a party; a certificate of enrolment of one `year`, an invitation of one `seat`.

    Raises KeyError when the thesis has no such party, year or seat.
    """
    convention = conventions.holding(session, thesis)
    act = facts_of(session, thesis, convention)
    here = {party.institution.code for party in thesis.parties if party.left_on is None}
    act = replace(act, parties=tuple(party for party in act.parties if party.code in here))
    root = _root(session, convention)
    members = _members(session, thesis)
    host = session.get(Institution, thesis.defence_institution_id) if thesis.defence_institution_id else None
    codes = {party.code for party in act.parties}
    party = act.party(issuer)
    return Paper(
        kind=kind,
        act=act,
        issuer=party,
        languages=languages,
        in_force_on=root.in_force_on,
        expires_on=convention.expires_on,
        defended_on=thesis.defence_on if thesis.state in _DEFENDED else None,
        stopped_on=thesis.state_since if thesis.state in _STOPPED else None,
        defence_on=thesis.defence_on,
        hour=thesis.defence_hour,
        room=thesis.defence_place,
        host=act.party(host.code) if host is not None and host.code in codes else None,
        members=tuple(members),
        year=_year(session, thesis, act, issuer, year) if kind is PaperKind.ENROLMENT else None,
        addressee=_addressee(members, seat) if kind is PaperKind.INVITATION else None,
    )


def keep(
    session: Session,
    thesis: Thesis,
    paper: Paper,
    title: str,
    digest: str,
    size: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> Document:
    """Keep a made paper among the documents of the thesis; its bytes are in the store already."""
    kind, audience = KEPT_AS[paper.kind]
    return documents.add_document(
        session,
        thesis,
        kind,
        title,
        audience,
        actor,
        at,
        digest=digest,
        filename=f"{thesis.reference}-{paper.kind.value}.pdf",
        media_type="application/pdf",
        size=size,
        today=today,
    )


def _root(session: Session, convention: Convention) -> Convention:
    """The convention that an amendment, or a chain of them, changes in the end."""
    while convention.amends_id is not None:
        convention = session.get_one(Convention, convention.amends_id)
    return convention


def _year(session: Session, thesis: Thesis, act: Facts, code: str, year: int | None) -> Year:
    rows = session.execute(
        select(Enrolment, Institution)
        .join(Institution, Institution.id == Enrolment.institution_id)
        .where(Enrolment.thesis_id == thesis.id, Enrolment.year == year)
    ).all()
    found = {institution.code: (row, institution) for row, institution in rows}
    row, institution = found[code]
    codes = {party.code for party in act.parties} - {code}
    payer = next((c for c, (each, _i) in found.items() if each.fee == Fee.PAID and c in codes), None)
    return Year(
        label=year_label(row.year, institution.year_starts[0]),
        enrolled_on=row.enrolled_on,
        fee=row.fee,
        payer=act.party(payer) if payer is not None else None,
    )


def _members(session: Session, thesis: Thesis) -> list[Member]:
    rows = session.scalars(
        select(Seat)
        .join(Jury, Jury.id == Seat.jury_id)
        .where(Jury.thesis_id == thesis.id)
        .order_by(Seat.position, Seat.id)
    ).all()
    names = texts_of(
        session, "institution", [row.institution_id for row in rows if row.institution_id], "name"
    )
    return [
        Member(
            id=row.public_id,
            name=row.person.name,
            place=dict(names[row.institution_id]["name"])
            if row.institution_id
            else {"fr": row.elsewhere, "en": row.elsewhere},
            capacity=_capacity(row),
            gender=row.gender if row.gender in {"woman", "man"} else None,
            grade=row.grade,
            sits=row.role == SeatRole.MEMBER,
            decides=row.decides,
            reports=bool(row.rapporteur),
            remote=row.remote,
        )
        for row in rows
    ]


def _capacity(row: Seat) -> str:
    """In which capacity somebody is named: president before rapporteur, rapporteur before director."""
    if row.president:
        return "president"
    if row.rapporteur:
        return "rapporteur"
    if row.supervision in {"director", "co_director", "co_supervisor"}:
        return row.supervision
    return "invited" if row.role == SeatRole.INVITED else "member"


def _addressee(members: Sequence[Member], seat: str) -> Member:
    return {member.id: member for member in members}[seat]
