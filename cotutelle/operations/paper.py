"""Gathering what a paper of the file says, and keeping the ones that were made."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cotutelle.domain.actor import Actor
from cotutelle.domain.calendar import year_label
from cotutelle.domain.convention.facts import Party
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


@dataclass(frozen=True, slots=True)
class Gathered:
    """What all papers of a thesis are made from: one of them, and every year of enrolment by year and institution."""

    base: Paper
    years: Mapping[tuple[int, str], Year]

    def paper(self, kind: PaperKind, issuer: str, *, year: int | None = None, seat: str = "") -> Paper:
        """A paper issued by a party: of one `year` for a certificate of enrolment, to one `seat` for an invitation.

        Raises KeyError when the thesis has no such party, year or seat.
        """
        made = replace(self.base, kind=kind, issuer=self.base.act.party(issuer))
        if kind is PaperKind.ENROLMENT:
            return replace(made, year=self.years[year or 0, issuer])
        if kind is PaperKind.INVITATION:
            return replace(made, addressee={member.id: member for member in made.members}[seat])
        return made


def gather(session: Session, thesis: Thesis, languages: tuple[str, ...]) -> Gathered:
    """Everything that the papers of a thesis say, as the file has it now."""
    convention = conventions.holding(session, thesis)
    act = facts_of(session, thesis, convention)
    here = {party.institution.code for party in thesis.parties if party.left_on is None}
    act = replace(act, parties=tuple(party for party in act.parties if party.code in here))
    parties = {party.code: party for party in act.parties}
    host = session.get(Institution, thesis.defence_institution_id) if thesis.defence_institution_id else None
    base = Paper(
        kind=PaperKind.COTUTELLE,
        act=act,
        issuer=act.parties[0],
        languages=languages,
        in_force_on=_root(session, convention).in_force_on,
        expires_on=convention.expires_on,
        defended_on=thesis.defence_on if thesis.state in _DEFENDED else None,
        stopped_on=thesis.state_since if thesis.state in _STOPPED else None,
        defence_on=thesis.defence_on,
        hour=thesis.defence_hour,
        room=thesis.defence_place,
        host=parties.get(host.code) if host is not None else None,
        members=tuple(_members(session, thesis)),
    )
    return Gathered(base, _years(session, thesis, parties))


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


def _years(session: Session, thesis: Thesis, parties: Mapping[str, Party]) -> dict[tuple[int, str], Year]:
    """Every year of enrolment at a party, the newest first."""
    rows = session.execute(
        select(Enrolment, Institution)
        .join(Institution, Institution.id == Enrolment.institution_id)
        .where(Enrolment.thesis_id == thesis.id)
        .order_by(Enrolment.year.desc(), Institution.short_name)
    ).all()
    paid = {row.year: institution.code for row, institution in rows if row.fee == Fee.PAID}
    return {
        (row.year, institution.code): Year(
            label=year_label(row.year, institution.year_starts[0]),
            enrolled_on=row.enrolled_on,
            fee=row.fee,
            payer=parties.get(paid.get(row.year, "")) if paid.get(row.year) != institution.code else None,
        )
        for row, institution in rows
        if institution.code in parties
    }


def _members(session: Session, thesis: Thesis) -> list[Member]:
    rows = session.scalars(
        select(Seat)
        .options(joinedload(Seat.person))
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
