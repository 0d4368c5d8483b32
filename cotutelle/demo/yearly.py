"""What recurs each year in the demonstration: monitoring committees with their last meeting, a September campaign."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.campaign import Proof
from cotutelle.domain.committee import Heard
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import CampaignItem, Document, Person, School, Supervision, Thesis, ThesisInstitution
from cotutelle.operations import campaign, committee
from cotutelle.operations import document as documents

COMMITTEES = 3
BRINGS = (
    committee.MemberFacts(belongs_to="Université de Strasbourg", specialist=True, external=True, outside_unit=True),
    committee.MemberFacts(belongs_to="Université de Rennes", field_outsider=True, external=True, outside_region=True),
)  # fmt: skip


def add(
    session: Session,
    theses: Sequence[Thesis],
    paper: str,
    size: int,
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    """Committees for a few theses that run, and the campaign of the school that leads most of them."""
    people = session.scalars(
        select(Person).where(Person.id.in_(select(Supervision.person_id))).order_by(Person.id)
    ).all()
    running = [thesis for thesis in theses if thesis.state == ThesisState.RUNNING]
    for number, thesis in enumerate(running[:COMMITTEES]):
        directing = set(
            session.scalars(select(Supervision.person_id).where(Supervision.thesis_id == thesis.id))
        )
        free = [each for each in people if each.id not in {*directing, thesis.candidate_id}]
        for person, facts in zip(free[number:], BRINGS, strict=False):
            committee.name_member(
                session, thesis, person, facts, today - timedelta(days=400), actor, at, today=today
            )
        _meeting(session, thesis, paper, size, actor, at, today)
    _campaign(session, running, paper, size, actor, at, today)


def _paper(
    session: Session,
    thesis: Thesis,
    kind: str,
    title: str,
    digest: str,
    size: int,
    actor: Actor,
    at: datetime,
) -> Document:
    return documents.add_document(
        session, thesis, kind, title, "everyone", actor, at,
        digest=digest, filename="document.pdf", media_type="application/pdf", size=size, today=at.date(),
    )  # fmt: skip


def _meeting(
    session: Session, thesis: Thesis, paper: str, size: int, actor: Actor, at: datetime, today: date
) -> None:
    on = today - timedelta(days=80)
    report = _paper(session, thesis, "committee_report", "Rapport du comité de suivi", paper, size, actor, at)
    lead = session.scalars(
        select(ThesisInstitution).where(ThesisInstitution.thesis_id == thesis.id, ThesisInstitution.lead)
    ).one()
    met = committee.Meeting(on, lead.institution.code, (1, 2, 3), report.id, consulted_on=on - timedelta(30))
    row = committee.record(session, thesis, met, actor, at, today=today)
    said = "L’accès au terrain a pris six mois de retard ; l’encadrement est jugé disponible."
    committee.note_interview(session, thesis, row, Heard.CANDIDATE, said, 0, actor, at, today=today)


def _campaign(
    session: Session,
    running: Sequence[Thesis],
    paper: str,
    size: int,
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    led = session.scalars(
        select(ThesisInstitution.school_id).where(
            ThesisInstitution.thesis_id.in_([thesis.id for thesis in running]),
            ThesisInstitution.lead,
            ThesisInstitution.school_id.is_not(None),
        )
    ).all()
    school = session.get_one(School, max(dict.fromkeys(led), key=led.count))
    year = today.year if today.month > 8 else today.year - 1
    asked, until = (Proof.ENROLMENT, Proof.INSURANCE), today + timedelta(days=21)
    row = campaign.begin(session, school, year, asked, until, "", actor, at, today=today)
    items = session.scalars(
        select(CampaignItem)
        .where(CampaignItem.campaign_id == row.id, CampaignItem.state == "asked")
        .order_by(CampaignItem.id)
    ).all()
    for number, item in enumerate(items):
        if number % 3 == 2:
            continue
        thesis = session.get_one(Thesis, item.thesis_id)
        kind = "insurance" if item.proof == Proof.INSURANCE else "enrolment"
        proof = _paper(session, thesis, kind, f"{item.institution.short_name} {year}", paper, size, actor, at)
        day = date(year, 10, 2) if item.proof == Proof.ENROLMENT else None
        campaign.send(session, thesis, item, proof, campaign.Sent(day), actor, at, today=today)
        if number % 2 and item.proof == Proof.INSURANCE:
            campaign.confirm(session, [item], actor, at, today=today)
        elif number % 7 == 0:
            campaign.send_back(session, item, "La page est coupée en bas.", actor, at, today=today)
