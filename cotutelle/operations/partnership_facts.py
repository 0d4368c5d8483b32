"""What a partnership means on a day: who takes part, how many theses stand under it, what to know of it in time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.partnership import Warned, concerns
from cotutelle.domain.thesis import DEFENCE_OVER
from cotutelle.domain.validity import ends_by_itself
from cotutelle.models import Partnership, PartnershipMember, Thesis, ThesisPartnership


def standing_under(session: Session) -> dict[int, int]:
    """How many theses of the reader's stand under each partnership, by its id."""
    counted = select(ThesisPartnership.partnership_id, func.count()).group_by(
        ThesisPartnership.partnership_id
    )
    return dict(session.execute(counted).all())


def takes_part(member: PartnershipMember, today: date) -> bool:
    """Whether an institution takes part on a day."""
    begun = member.from_on is None or member.from_on <= today
    return begun and (member.until_on is None or today <= member.until_on)


def codes_of(session: Session, thesis_id: int) -> frozenset[str]:
    """The codes of the partnerships that a thesis stands under, as rulebooks name them."""
    rows = (
        select(Partnership.code)
        .join(ThesisPartnership, ThesisPartnership.partnership_id == Partnership.id)
        .where(ThesisPartnership.thesis_id == thesis_id)
    )
    return frozenset(session.scalars(rows))


def of_institution(session: Session, institution_id: int) -> Sequence[Partnership]:
    """The partnerships in which an institution takes or took part, by name."""
    part = select(PartnershipMember.partnership_id).where(PartnershipMember.institution_id == institution_id)
    rows = select(Partnership).where(Partnership.id.in_(part)).order_by(Partnership.sort_key, Partnership.id)
    return session.scalars(rows).all()


def warnings_of(session: Session, rows: Collection[Partnership], today: date) -> Mapping[int, list[Warned]]:
    """What to know of some partnerships in time, by their ids, over the theses that the reader sees."""
    defences: dict[int, list[tuple[str, date | None]]] = defaultdict(list)
    running = session.execute(
        select(ThesisPartnership.partnership_id, Thesis.reference, Thesis.defence_on, Thesis.defence_until)
        .join(Thesis, Thesis.id == ThesisPartnership.thesis_id)
        .where(
            ThesisPartnership.partnership_id.in_([row.id for row in rows]), Thesis.state.not_in(DEFENCE_OVER)
        )
        .order_by(Thesis.reference)
    )
    for id_, reference, on, until in running:
        defences[id_].append((reference, on or until))
    return {
        row.id: list(
            concerns(
                ends_by_itself(row, today),
                any(contact.in_charge for contact in row.contacts),
                [(call.title, call.opens_on, call.closes_on) for call in row.calls],
                defences[row.id],
                today,
            )
        )
        for row in rows
    }
