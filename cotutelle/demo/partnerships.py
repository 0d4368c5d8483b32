"""The partnerships of the demonstration: real frames by their public names, and which invented thesis stands under which."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.models import Institution, Thesis
from cotutelle.operations import partnership


def add(
    session: Session,
    rows: list[dict[str, Any]],
    theses: Mapping[str, Thesis],
    institutions: Mapping[str, Institution],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    """Enter each partnership, and put under it the theses that it names."""
    under: dict[str, set[int]] = {}
    for row in rows:
        made = partnership.add_partnership(session, _entry(row, institutions, today), actor, at)
        for key in row.get("theses", ()):
            if key in theses:
                under.setdefault(key, set()).add(made.id)
    for key, chosen in under.items():
        thesis = theses[key]
        partnership.put_under(session, thesis, chosen, thesis.version, actor, at, today=today)


def _entry(
    row: dict[str, Any], institutions: Mapping[str, Institution], today: date
) -> partnership.PartnershipEntry:
    return partnership.PartnershipEntry(
        code=row["code"],
        kind=row["kind"],
        short_name=row["short_name"],
        names=row["name"],
        purposes=row.get("purpose", {}),
        levels=row.get("levels", ()),
        website=row.get("website", ""),
        begins_on=row.get("since"),
        ends_on=row.get("until"),
        renewal_months=row.get("renewed_months"),
        countries=row.get("countries", ()),
        members=[
            partnership.Member(
                institutions[each["institution"]].id,
                each.get("role", "member"),
                each.get("since"),
                each.get("until"),
            )
            for each in row["member"]
            if each["institution"] in institutions
        ],
        contacts=[partnership.Contact(**each) for each in row.get("contact", ())],
        calls=[
            partnership.Call(each["title"], today + timedelta(days=each["closes_in"]))
            for each in row.get("call", ())
        ],
    )
