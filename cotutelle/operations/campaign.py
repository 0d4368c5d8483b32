"""The September campaign: opened by a school, answered by its candidates, confirmed or sent back, closed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.calendar import year_label
from cotutelle.domain.campaign import MISSING, TAKES_PART, ItemState, Proof, asked_at
from cotutelle.domain.enrolment import Fee
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import (
    Campaign,
    CampaignItem,
    Document,
    Enrolment,
    Institution,
    Person,
    School,
    Thesis,
    ThesisInstitution,
)
from cotutelle.operations import enrolment, journal, letter
from cotutelle.operations.message import PAGE, plain
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump
from cotutelle.scope import as_system


@dataclass(frozen=True, slots=True)
class Sent:
    """What a candidate says with a proof: since when they are enrolled, what became of the fees."""

    enrolled_on: date | None = None
    fee: str = ""


def begin(
    session: Session,
    school: School,
    year: int,
    asked: Sequence[Proof],
    deadline: date,
    note: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> Campaign:
    """Open the campaign of a school: every candidate who goes on is asked, by a letter of their own.

    Refused when nothing is asked, the deadline is over, or the school has one for that year.
    """
    if not asked:
        raise Refused(Reason.NOTHING_ASKED, "asked")
    if deadline < today:
        raise Refused(Reason.ENDS_IN_PAST, "deadline")
    if session.scalar(select(Campaign.id).where(Campaign.school_id == school.id, Campaign.year == year)):
        raise Refused(Reason.CAMPAIGN_TWICE, "year", year=year_label(year, 9))
    row = Campaign(
        school_id=school.id, year=year, asked=[str(each) for each in asked], deadline=deadline, note=note.strip(),
        opened_on=today,
    )  # fmt: skip
    session.add(row)
    session.flush()
    journal.record(
        session, "campaign.opened", f"campaign:{row.public_id}", actor, at,
        year=year, school=school.code, asked=row.asked, deadline=deadline,
    )  # fmt: skip
    take_in(session, row, actor, at, today=today)
    return row


def outside(session: Session, row: Campaign) -> list[Thesis]:
    """The theses of the school that go on and of which something is not asked yet: new ones, or with a new institution."""
    led = select(ThesisInstitution.thesis_id).where(
        ThesisInstitution.school_id == row.school_id, ThesisInstitution.lead
    )
    with as_system(session, "campaign"):
        parties = session.execute(
            select(Thesis.id, Institution.id, Institution.country)
            .join(ThesisInstitution, ThesisInstitution.thesis_id == Thesis.id)
            .join(Institution, Institution.id == ThesisInstitution.institution_id)
            .where(Thesis.id.in_(led), Thesis.state.in_(TAKES_PART), ThesisInstitution.left_on.is_(None))
        ).all()
        asked = {
            (thesis, institution, proof)
            for thesis, institution, proof in session.execute(
                select(CampaignItem.thesis_id, CampaignItem.institution_id, CampaignItem.proof).where(
                    CampaignItem.campaign_id == row.id
                )
            )
        }
    lacking = {
        thesis
        for thesis, institution, country in parties
        for proof in row.asked
        if asked_at(Proof(proof), country) and (thesis, institution, proof) not in asked
    }
    return list(session.scalars(select(Thesis).where(Thesis.id.in_(lacking)).order_by(Thesis.id)))


def take_in(session: Session, row: Campaign, actor: Actor, at: datetime, *, today: date) -> int:
    """Ask every candidate who goes on for what was not asked yet; how many. What is proven already is not asked again.

    What was asked for an institution that has left the thesis is asked no longer. Refused once it is closed.
    """
    if row.closed_on is not None:
        raise Refused(Reason.CAMPAIGN_CLOSED)
    theses = outside(session, row)
    for thesis in theses:
        items = _items_for(session, row, thesis)
        session.add_all(items)
        session.flush()
        journal.record(
            session, "campaign.asked", subject(thesis), actor, at, year=row.year, deadline=row.deadline
        )
        lacking = [item for item in items if item.state in MISSING]
        if lacking:
            _write(session, "campaign", row, thesis, lacking, at, today=today)
    return len(theses)


def _items_for(session: Session, row: Campaign, thesis: Thesis) -> list[CampaignItem]:
    """What is not asked yet of a thesis; what was asked for an institution that has left is dropped where nothing came."""
    with as_system(session, "campaign"):
        parties = session.scalars(
            select(ThesisInstitution)
            .where(ThesisInstitution.thesis_id == thesis.id, ThesisInstitution.left_on.is_(None))
            .order_by(ThesisInstitution.position)
        ).all()
        cells = {
            cell.institution_id: cell
            for cell in session.scalars(
                select(Enrolment).where(Enrolment.thesis_id == thesis.id, Enrolment.year == row.year)
            )
        }
        there = session.scalars(
            select(CampaignItem).where(
                CampaignItem.campaign_id == row.id, CampaignItem.thesis_id == thesis.id
            )
        ).all()
    here = {party.institution_id for party in parties}
    for item in there:
        if item.institution_id not in here and item.state in MISSING:
            session.delete(item)
    known = {(item.institution_id, item.proof) for item in there}
    return [
        CampaignItem(
            campaign_id=row.id,
            thesis_id=thesis.id,
            institution_id=party.institution_id,
            proof=proof,
            state=ItemState.CONFIRMED
            if _proven(cells.get(party.institution_id), Proof(proof))
            else ItemState.ASKED,
        )
        for party in parties
        for proof in row.asked
        if asked_at(Proof(proof), party.institution.country) and (party.institution_id, proof) not in known
    ]


def _proven(cell: Enrolment | None, proof: Proof) -> bool:
    """Whether the enrolments show already what would be asked, with a document."""
    if cell is None or cell.proof_id is None:
        return False
    if proof is Proof.ENROLMENT:
        return cell.enrolled_on is not None
    return proof is Proof.FEES and cell.fee != Fee.UNKNOWN


def send(
    session: Session,
    thesis: Thesis,
    item: CampaignItem,
    document: Document,
    sent: Sent,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Send a proof, or send it anew until it is confirmed. Refused once the campaign is closed."""
    if item.campaign.closed_on is not None:
        raise Refused(Reason.CAMPAIGN_CLOSED)
    if item.state == ItemState.CONFIRMED:
        raise Refused(Reason.ALREADY_CONFIRMED)
    if item.proof == Proof.ENROLMENT and sent.enrolled_on is None:
        raise Refused(Reason.DAY_MISSING, "enrolled_on")
    if item.proof == Proof.FEES and sent.fee not in (Fee.PAID, Fee.WAIVED, Fee.NOT_DUE):
        raise Refused(Reason.FEE_MISSING, "fee")
    if sent.enrolled_on is not None and sent.enrolled_on > today:
        raise Refused(Reason.DATE_AHEAD, "enrolled_on")
    bump(session, item, None)
    item.state, item.document_id, item.sent_at, item.reason = ItemState.SENT, document.id, at, ""
    item.enrolled_on, item.fee = sent.enrolled_on, sent.fee
    bump(session, thesis, None)
    journal.record(
        session, "campaign.sent", subject(thesis), actor, at,
        institution=item.institution.code, proof=item.proof, year=item.campaign.year,
    )  # fmt: skip


def confirm(
    session: Session, items: Iterable[CampaignItem], actor: Actor, at: datetime, *, today: date
) -> list[CampaignItem]:
    """Confirm what was sent, and write it into the enrolments; returns what could not be, as two universities paid.

    What nobody sent is left as it is.
    """
    refused = []
    for item in items:
        if item.state != ItemState.SENT:
            continue
        thesis = session.get_one(Thesis, item.thesis_id)
        try:
            _enrol(session, thesis, item, actor, at, today=today)
        except Refused as error:
            if error.reason is not Reason.TWO_PAYERS:
                raise
            refused.append(item)
            continue
        _settle(item, ItemState.CONFIRMED, actor, at)
        journal.record(
            session, "campaign.confirmed", subject(thesis), actor, at,
            institution=item.institution.code, proof=item.proof, year=item.campaign.year,
        )  # fmt: skip
    session.flush()
    return refused


def _enrol(
    session: Session, thesis: Thesis, item: CampaignItem, actor: Actor, at: datetime, *, today: date
) -> None:
    """A certificate or a proof of fees becomes part of the matrix of enrolments; what else stands there stays."""
    if item.proof not in (Proof.ENROLMENT, Proof.FEES):
        return
    cell = session.scalar(
        select(Enrolment).where(
            Enrolment.thesis_id == thesis.id,
            Enrolment.institution_id == item.institution_id,
            Enrolment.year == item.campaign.year,
        )
    )
    enrolled_on = item.enrolled_on or (cell.enrolled_on if cell else None)
    fee = Fee(item.fee) if item.fee else Fee(cell.fee) if cell else Fee.UNKNOWN
    kept = session.get(Document, cell.proof_id) if cell and cell.proof_id else None
    proof = item.document if item.proof == Proof.ENROLMENT or kept is None else kept
    enrolment.save_enrolment(
        session, thesis, item.institution_id, item.campaign.year, enrolled_on, fee, actor, at,
        today=today, proof=proof,
    )  # fmt: skip


def send_back(
    session: Session, item: CampaignItem, reason: str, actor: Actor, at: datetime, *, today: date
) -> None:
    """Send a proof back to the candidate, who is told why. Refused without a reason, or where nothing was sent."""
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")
    if item.state != ItemState.SENT:
        raise Refused(Reason.NOTHING_SENT)
    thesis = session.get_one(Thesis, item.thesis_id)
    _settle(item, ItemState.RETURNED, actor, at)
    item.reason = reason.strip()
    journal.record(
        session, "campaign.returned", subject(thesis), actor, at,
        institution=item.institution.code, proof=item.proof, year=item.campaign.year, reason=item.reason,
    )  # fmt: skip
    _write(session, "campaign_returned", item.campaign, thesis, [item], at, today=today, reason=item.reason)


def remind(
    session: Session, row: Campaign, theses: Iterable[int], actor: Actor, at: datetime, *, today: date
) -> int:
    """Remind candidates of what they have not sent: one letter each, nobody twice on one day; how many."""
    if row.closed_on is not None:
        raise Refused(Reason.CAMPAIGN_CLOSED)
    lacking: dict[int, list[CampaignItem]] = defaultdict(list)
    for item in session.scalars(
        select(CampaignItem)
        .where(
            CampaignItem.campaign_id == row.id,
            CampaignItem.thesis_id.in_(list(theses)),
            CampaignItem.state.in_(MISSING),
        )
        .order_by(CampaignItem.id)
    ):
        lacking[item.thesis_id].append(item)
    told = 0
    for thesis_id, items in lacking.items():
        thesis = session.get_one(Thesis, thesis_id)
        if thesis.state not in TAKES_PART or any(item.reminded_on == today for item in items):
            continue
        if _write(session, "campaign_reminder", row, thesis, items, at, today=today):
            told += 1
            for item in items:
                item.reminded_on = today
            journal.record(session, "campaign.reminded", subject(thesis), actor, at, year=row.year)
    session.flush()
    return told


def close(session: Session, row: Campaign, actor: Actor, at: datetime, *, today: date) -> None:
    """Close the campaign: nothing more can be sent; what was sent can still be confirmed."""
    if row.closed_on is None:
        bump(session, row, None)
        row.closed_on = today
        journal.record(session, "campaign.closed", f"campaign:{row.public_id}", actor, at, year=row.year)


def reopen(
    session: Session, row: Campaign, deadline: date, actor: Actor, at: datetime, *, today: date
) -> None:
    """Move the deadline, and open the campaign again where it was closed. Refused for a day that is over."""
    if deadline < today:
        raise Refused(Reason.ENDS_IN_PAST, "deadline")
    bump(session, row, None)
    row.deadline, row.closed_on = deadline, None
    journal.record(
        session, "campaign.opened", f"campaign:{row.public_id}", actor, at, year=row.year, deadline=deadline
    )


def counts(session: Session, row: Campaign) -> dict[str, int]:
    """How many proofs stand where, by state."""
    found = session.execute(
        select(CampaignItem.state, func.count())
        .where(CampaignItem.campaign_id == row.id)
        .group_by(CampaignItem.state)
    )
    return {str(state): int(n) for state, n in found}


def of_thesis(session: Session, thesis: Thesis) -> list[CampaignItem]:
    """What campaigns ask for a thesis and its institutions of today, the newest first: those that are open, and the last one."""
    here = select(ThesisInstitution.institution_id).where(
        ThesisInstitution.thesis_id == thesis.id, ThesisInstitution.left_on.is_(None)
    )
    rows = session.scalars(
        select(CampaignItem)
        .join(Campaign, Campaign.id == CampaignItem.campaign_id)
        .where(CampaignItem.thesis_id == thesis.id, CampaignItem.institution_id.in_(here))
        .order_by(Campaign.year.desc(), Campaign.id.desc(), CampaignItem.id)
    ).all()
    last = rows[0].campaign_id if rows else 0
    return [row for row in rows if row.campaign_id == last or row.campaign.closed_on is None]


def _settle(item: CampaignItem, state: ItemState, actor: Actor, at: datetime) -> None:
    item.state, item.answered_at, item.answered_by = state, at, actor.account_id
    item.version += 1


def _write(
    session: Session,
    kind: str,
    row: Campaign,
    thesis: Thesis,
    items: Sequence[CampaignItem],
    at: datetime,
    *,
    today: date,
    reason: str = "",
) -> bool:
    person = session.get_one(Person, thesis.candidate_id)
    language = letter.language_of(session, person, "fr")
    words = letter.words(language)["proof_of"]
    lines = [f"– {item.institution.short_name}{words['between']}{words[item.proof]}" for item in items]
    values = {
        "school": letter.school_name(session, row.school, language),
        "year": year_label(row.year, 9),
        "deadline": str(words["late" if row.deadline < today else "in_time"]).replace(
            "{day}", letter.day_in(row.deadline, language)
        ),
        "list": plain("\n".join(lines)),
        "page": PAGE.replace("PATH", f"theses/{thesis.reference}/campaign"),
        "note": row.note,
        "reason": reason,
    }
    return letter.post(session, kind, person, language, at, values, thesis=thesis) is not None
