"""How an institution, or one of its schools, reads what the texts leave open: chosen from a day on, or taken back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.dossier import Place, Readings
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Institution, Reading, School
from cotutelle.operations import journal

CHOICES: Mapping[str, tuple[str, ...]] = {
    "directors_counted": ("yes", "no"),
    "emeritus_rank_a": ("no", "yes"),
    "external_to": ("all", "own"),
    "balance_tolerance": ("1", "0", "2"),
    "gender_least": ("1", "0", "2"),
}
"""What the texts leave open, and how each may be read; the prudent reading first."""


def choose(
    session: Session,
    institution: Institution,
    school: School | None,
    key: str,
    value: str,
    from_on: date,
    actor: Actor,
    at: datetime,
    *,
    reason: str = "",
) -> Reading:
    """Say how an institution, or one of its schools, reads an open question from a day on."""
    if value not in CHOICES.get(key, ()):
        raise Refused(Reason.UNKNOWN_READING, "value")
    row = Reading(
        institution_id=institution.id,
        school_id=school.id if school else None,
        key=key,
        value=value,
        from_on=from_on,
        at=at,
        by=actor.account_id,
        reason=reason,
    )
    session.add(row)
    session.flush()
    where = f"{institution.code}:{school.code}" if school else institution.code
    journal.record(
        session,
        "reading.chosen",
        f"institution:{institution.code}",
        actor,
        at,
        reading=key,
        value=value,
        where=where,
    )
    return row


def take_back(session: Session, row: Reading, actor: Actor, at: datetime) -> None:
    """Take a reading back: the one before it holds again, or none; the row and the journal keep it."""
    row.withdrawn_at = at
    institution = session.get_one(Institution, row.institution_id)
    journal.record(
        session,
        "reading.withdrawn",
        f"institution:{institution.code}",
        actor,
        at,
        reading=row.key,
        value=row.value,
        from_on=row.from_on,
    )


def readings_of(session: Session, places: Sequence[Place], day: date) -> dict[str, Readings]:
    """The readings that hold on a day, of each institution that chose some; a school's own wins over its own.

    What is read so far concerns juries: the day is the defence's, today's while none is planned.
    """
    schools = {place.code: place.schools for place in places}
    rows = session.execute(
        select(Institution.code, Reading.key, Reading.value, School.code)
        .join(Institution, Institution.id == Reading.institution_id)
        .outerjoin(School, School.id == Reading.school_id)
        .where(Institution.code.in_(schools), Reading.from_on <= day, Reading.withdrawn_at.is_(None))
        .order_by(Reading.school_id.is_not(None), Reading.from_on, Reading.id)
    ).all()
    chosen: dict[str, dict[str, str]] = {}
    for code, key, value, school in rows:
        if school is None or school.casefold() in schools[code]:
            chosen.setdefault(code, {})[key] = value
    return {code: _readings(values) for code, values in chosen.items()}


def _readings(chosen: Mapping[str, str]) -> Readings:
    numbers = {key: int(chosen[key]) for key in ("balance_tolerance", "gender_least") if key in chosen}
    return Readings(
        directors_counted=chosen.get("directors_counted", "yes") == "yes",
        emeritus_rank_a=chosen.get("emeritus_rank_a", "no") == "yes",
        external_to=chosen.get("external_to", "all"),
        balance_tolerance=numbers.get("balance_tolerance", 1),
        gender_least=numbers.get("gender_least"),
        chosen=frozenset(chosen),
    )
