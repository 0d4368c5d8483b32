"""The convention and its amendments as rules and calendars see them; reads only."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain import dossier as plain
from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.elsewhere import absent, unread
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.state import UNSIGNED, ConventionState
from cotutelle.models import Convention, Thesis, Transition
from cotutelle.operations.facts import facts_of
from cotutelle.operations.text_elsewhere import elsewhere_of


def agreement_of(
    session: Session, thesis: Thesis, convention: Convention | None, facts: Facts
) -> plain.Agreement | None:
    """The convention as rules see it; that of an amendment which is made, as if it were signed."""
    if convention is None:
        return None
    root, state = convention, convention.state
    while root.amends_id is not None:
        unsigned, root = root.state in UNSIGNED, session.get_one(Convention, root.amends_id)
        state = root.state if unsigned else state  # what it would be, were the amendment signed
    moves = session.execute(
        select(Transition.to_state, Transition.on)
        .where(Transition.thesis_id == thesis.id, Transition.machine == "convention")
        .order_by(Transition.id)
    ).all()
    days: dict[str, date] = {row.to_state: row.on for row in moves}
    terms, read = facts.terms, elsewhere_of(session, root)
    settled = facts.amendment.clauses if facts.amendment else ()
    stays = {party.code: whole(terms.get("minimum_stay", party.code)) for party in facts.parties}
    agreed = [whole(terms.get("credits", party.code)) for party in facts.parties]
    public = terms.get("public")
    return plain.Agreement(
        state=state,
        act_type=str(terms.get("act_type")),
        lacking=absent(read).difference(settled)
        if read
        else frozenset(missing.clause for missing in missing_facts(facts)),
        unread=unread(read).difference(settled) if read else frozenset(),
        languages=tuple(facts.languages),
        approved_on=days.get("approved"),
        signed_on=days.get("in_force"),
        first_signed_on=days.get("signing"),
        in_force_on=root.in_force_on or days.get("in_force"),
        expires_on=convention.expires_on,
        minimum_stays={code: months for code, months in stays.items() if months is not None},
        main_institution=str(terms.get("main_institution") or ""),
        credits=max((n for n in agreed if n is not None), default=None),
        public=public if isinstance(public, bool) else None,
    )


def amendments_of(session: Session, thesis: Thesis, convention: Convention | None) -> list[plain.Amending]:
    """The amendments that are made or were signed; not those given up."""
    rows = session.scalars(
        select(Convention)
        .where(
            Convention.thesis_id == thesis.id,
            Convention.amends_id.is_not(None),
            Convention.state != ConventionState.VOID,
        )
        .order_by(Convention.number)
    ).all()
    if not rows or convention is None:
        return []
    signed = session.scalars(
        select(Transition.on)
        .where(
            Transition.thesis_id == thesis.id,
            Transition.machine == "amendment",
            Transition.to_state == ConventionState.IN_FORCE,
        )
        .order_by(Transition.id)
    ).all()
    days = iter(signed)
    found = []
    for row in rows:
        on = None if row.state in UNSIGNED else next(days, row.in_force_on)
        due = convention.expires_on if on is None and "extension" in row.triggers else None
        found.append(plain.Amending(row.amendment, due, on, *_who_signs(session, thesis, row)))
    return found


def _who_signs(
    session: Session, thesis: Thesis, amendment: Convention
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The institutions that conclude an amendment, and those that stay and of which a director leaves by it."""
    facts = record.from_json(amendment.agreed) if amendment.agreed else facts_of(session, thesis, amendment)
    assert facts.amendment is not None
    stay = {party.code for party in facts.parties}
    leaving = {each.party: None for each in facts.amendment.leaving if each.party in stay}
    return tuple(party.code for party in facts.signing_parties), tuple(leaving)


def whole(value: object) -> int | None:
    """A term as a whole number; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
