"""Asking for a signature: whose turn has come, by a letter with a link of their own, or handed on to somebody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cotutelle.domain.actor import system
from cotutelle.domain.signoff import State, due_now
from cotutelle.models import Account, Milestone, Person, SignOff, Thesis
from cotutelle.operations import absence, journal, letter, shown, signing_link
from cotutelle.operations.message import CODE, LINK
from cotutelle.operations.plan import plans as plans_of
from cotutelle.operations.standing import in_order, take

Why = Callable[[str], str]
"""Why somebody signs in another's place, in a language."""


@dataclass(frozen=True, slots=True)
class Named:
    """Who is to sign in a capacity for a side, and the language of the letter."""

    signer: str
    side: str
    person: Person
    language: str


def ask_whose_turn_it_is(session: Session, thesis: Thesis, milestone: Milestone, at: datetime) -> None:
    """Put the milestone before those whose turn has come, or before who signs for them while they are away."""
    places = in_order(session, milestone)
    turns = due_now([asked for asked, _row in places], in_turn=milestone.in_turn)
    plans = plans_of(session)
    kind = plans.kinds[milestone.kind]
    now = shown.shown_of(session, thesis, milestone, plans)
    for asked, row in places:
        if row is None or asked.position not in turns:
            continue
        declares = kind.declares[letter.known(row.language)]
        row.declaration = declares.replace("{candidate}", now["candidate"])
        shown.write(row, now, kind.binds)
        row.state, row.asked_at = State.ASKED, at
        session.flush()
        if _deputised(session, thesis, row, at):
            continue
        asker = session.get(Account, row.asked_by) if row.asked_by else None
        values = {"asker": asker.person.name if asker else letter.office(session, thesis, row.language)}
        _send(session, thesis, row, "ask", values, at)


def _send(
    session: Session, thesis: Thesis, row: SignOff, kind: str, values: dict[str, str], at: datetime
) -> None:
    link = signing_link.make(session, signing_link.SIGN, row.person, at, row)
    values = {
        "link": LINK,
        "code": CODE,
        "until": letter.day_in(link.expires_at.date(), row.language),
        **signing_link.told(session, thesis, row),
        **values,
    }
    entry = signing_link.event_of(session, thesis, row, at)
    letter.post(session, kind, row.person, row.language, at, values, thesis=thesis, link=link, event=entry)


def pass_on(session: Session, thesis: Thesis, row: SignOff, person: Person, why: Why, at: datetime) -> None:
    """Have somebody sign in another's place, because of an absence or at its end; the link of the one before is dead.

    `why` says it in a language. What was answered meanwhile stands.
    """
    if not take(session, row, State.DELEGATED):
        return
    signing_link.revoke(session, None, row.person_id, row.id, at)
    journal.record(
        session, "signature.deputised", f"thesis:{thesis.reference}", system("signatures"), at,
        sign_off=row.public_id, kind=row.milestone.kind, institution=row.side, year=row.milestone.year,
        name=row.person.name, to=person.name,
    )  # fmt: skip
    hand_on(session, thesis, row, Named(row.signer, row.side, person, row.language), at, why)


def _deputised(session: Session, thesis: Thesis, row: SignOff, at: datetime) -> bool:
    """Pass a request on where whoever is asked is away; not back to somebody who had it before."""
    away = absence.of(session, thesis, row, at.date())
    if away is None or away.deputy_id in _holders(session, row):
        return False
    pass_on(session, thesis, row, away.deputy, lambda language: absence.said(away, language), at)
    return True


def _holders(session: Session, row: SignOff) -> set[int]:
    """Everybody who has had a request, from the first to the one who has it now."""
    found = {row.person_id}
    while row.delegated_from_id is not None:
        row = session.get_one(SignOff, row.delegated_from_id)
        found.add(row.person_id)
    return found


def hand_on(
    session: Session, thesis: Thesis, row: SignOff, delegate: Named, at: datetime, why: Why | None = None
) -> None:
    """Put the same version of the same milestone before a delegate, or before who signs for them while they are away."""
    new = SignOff(
        thesis_id=row.thesis_id,
        milestone_id=row.milestone_id,
        round=row.round,
        position=row.position,
        signer=row.signer,
        side=row.side,
        person_id=delegate.person.id,
        language=letter.language_of(session, delegate.person, delegate.language),
        state=State.ASKED,
        asked_at=at,
        asked_by=row.asked_by,
        shown=row.shown,
        digest=row.digest,
        basis=row.basis,
        delegated_from_id=row.id,
        retention="signature",
    )
    kind = plans_of(session).kinds[row.milestone.kind]
    candidate = session.get_one(Person, thesis.candidate_id).name
    new.declaration = kind.declares[letter.known(new.language)].replace("{candidate}", candidate)
    session.add(new)
    session.flush()
    session.refresh(new)
    if _deputised(session, thesis, new, at):
        return
    reason = why(new.language) if why else row.reason or str(letter.words(new.language)["no_reason"])
    _send(session, thesis, new, "delegated", {"delegator": row.person.name, "reason": reason}, at)
