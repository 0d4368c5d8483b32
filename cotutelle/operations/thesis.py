"""Registering and editing a thesis, and moving it from state to state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import ENDED, ThesisState, check_move, check_parties, reference
from cotutelle.models import (
    Convention,
    ConventionVersion,
    Document,
    Enrolment,
    FundingSource,
    Institution,
    JournalEntry,
    Leave,
    Message,
    Milestone,
    Note,
    Person,
    SignOff,
    Stay,
    Supervision,
    TextRow,
    Thesis,
    ThesisInstitution,
    Transition,
    write_texts,
)
from cotutelle.operations import counter, journal, keys
from cotutelle.operations.health import recompute
from cotutelle.operations.parties import PartyFacts, first_year, set_parties
from cotutelle.operations.transition import check_day
from cotutelle.operations.version import bump
from cotutelle.scope import as_system

UNDO_AFTER = frozenset(
    {
        "thesis.registered",
        "thesis.edited",
        "thesis.party",
        "thesis.stay",
        "thesis.stay_removed",
        "thesis.supervision",
        "thesis.supervision_ended",
        "thesis.enrolment",
        "thesis.leave",
        "thesis.leave_removed",
        "thesis.funding",
        "thesis.funding_removed",
        "thesis.noted",
        "convention.edited",
    }
)
"""Acts after which a registration may still be undone: nothing was sent, signed or uploaded."""


@dataclass(frozen=True, slots=True)
class ThesisFacts:
    """What is said of the thesis as a whole."""

    titles: Mapping[str, str]
    title_original: str
    mode: str | None = None
    thesis_language: str | None = None
    defence_language: str | None = None
    defence_from: date | None = None
    defence_until: date | None = None
    defence_on: date | None = None
    defence_institution_id: int | None = None
    defence_place: str = ""
    defence_hour: str = ""
    diploma_form: str | None = None
    confidential: bool = False


def register(
    session: Session,
    candidate: Person,
    facts: ThesisFacts,
    parties: Sequence[PartyFacts],
    actor: Actor,
    at: datetime,
    *,
    today: date,
    followed_since: date | None = None,
    another: bool = False,
) -> Thesis:
    """Register a thesis with its institutions and an empty convention.

    Refused without a title, with fewer than two institutions, without exactly one lead; and for somebody
    whose thesis has not ended, unless `another` says that a second one is meant.
    """
    check_parties([p.named for p in parties], [p.lead for p in parties])
    if not another and _prepares_one(session, candidate):
        raise Refused(Reason.ANOTHER_THESIS, "another", name=candidate.name)
    lead = next(party for party in parties if party.lead)
    year = first_year(lead.institution, lead.first_enrolment or today)
    number = counter.advance(session, "thesis", f"{lead.institution.code}:{year}")
    thesis = Thesis(
        reference=reference(lead.institution.code, year, number),
        candidate_id=candidate.id,
        state_since=today,
        convention_since=today,
        first_year=year,
        registered_at=at,
        registered_by=actor.account_id,
        followed_since=followed_since,
    )
    session.add(thesis)
    session.flush()
    _fill(session, thesis, facts)
    set_parties(session, thesis, parties)
    languages = ["fr", "en"] if any(p.institution.country == "FR" for p in parties) else ["en", "fr"]
    convention = Convention(thesis_id=thesis.id, state_since=today, languages=languages)
    session.add(convention)
    keys.rewrite(session, thesis)
    recompute(session, thesis, today, at)
    journal.record(
        session,
        "thesis.registered",
        subject(thesis),
        actor,
        at,
        candidate=candidate.name,
        institutions=[p.institution.code for p in parties],
    )
    return thesis


def _prepares_one(session: Session, candidate: Person) -> bool:
    """Whether the candidate has a thesis that has not ended, also where its reader would not see it.

    Whoever asks about the same person waits for the other, so that two do not both find none.
    """
    session.execute(select(Person.id).where(Person.id == candidate.id).with_for_update())
    with as_system(session, "one candidate prepares one thesis"):
        running = select(Thesis.id).where(Thesis.candidate_id == candidate.id, Thesis.state.not_in(ENDED))
        return session.scalar(running.limit(1)) is not None


def subject(thesis: Thesis) -> str:
    """The thesis as the journal names it."""
    return f"thesis:{thesis.reference}"


def edit(
    session: Session,
    thesis: Thesis,
    facts: ThesisFacts,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Change what is said of the thesis as a whole. Stale when somebody else did meanwhile."""
    bump(session, thesis, version)
    _fill(session, thesis, facts)
    keys.rewrite(session, thesis)
    recompute(session, thesis, today, at)
    journal.record(session, "thesis.edited", subject(thesis), actor, at, titles=dict(facts.titles))


def _fill(session: Session, thesis: Thesis, facts: ThesisFacts) -> None:
    if not any(title.strip() for title in facts.titles.values()):
        raise Refused(Reason.TITLE_MISSING, "titles")
    if facts.defence_from and facts.defence_until and facts.defence_until < facts.defence_from:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "defence_until", begin=facts.defence_from)
    for name in ThesisFacts.__dataclass_fields__:
        if name not in {"titles", "title_original"}:
            setattr(thesis, name, getattr(facts, name))
    session.flush()
    write_texts(session, "thesis", thesis.id, "title", facts.titles, facts.title_original)


def edit_parties(
    session: Session,
    thesis: Thesis,
    parties: Sequence[PartyFacts],
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Change the institutions of a thesis. Refused when one that leaves has stays, enrolments or supervisors."""
    bump(session, thesis, version)
    set_parties(session, thesis, parties)
    recompute(session, thesis, today, at)
    codes = [p.institution.code for p in parties]
    journal.record(session, "thesis.party", subject(thesis), actor, at, institutions=codes)


def move(
    session: Session,
    thesis: Thesis,
    to: ThesisState,
    on: date,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    institution: Institution | None = None,
) -> None:
    """Move the thesis to another state, on a day, with a reason where one is owed.

    `institution` is where it goes on, when one alone keeps it.
    """
    check_move(ThesisState(thesis.state), to, reason)
    check_day(session, thesis, "thesis", on, today)
    bump(session, thesis, version)
    session.add(
        Transition(
            thesis_id=thesis.id,
            machine="thesis",
            from_state=thesis.state,
            to_state=to,
            on=on,
            at=at,
            by=actor.account_id,
            reason=reason,
            institution_id=institution.id if institution else None,
        )
    )
    before, thesis.state, thesis.state_since = thesis.state, to, on
    recompute(session, thesis, today, at)
    journal.record(
        session, "thesis.moved", subject(thesis), actor, at, before=before, after=to, on=on, reason=reason,
        **({"institution": institution.code} if institution else {}),
    )  # fmt: skip


def undoable(session: Session, thesis: Thesis) -> bool:
    """Whether nothing was sent, signed or uploaded yet, so that the registration can be undone."""
    acts = set(session.scalars(select(JournalEntry.act).where(JournalEntry.subject == subject(thesis))))
    sent = session.scalar(select(func.count()).select_from(Message).where(Message.thesis_id == thesis.id))
    made = session.scalar(
        select(func.count())
        .select_from(ConventionVersion)
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .where(Convention.thesis_id == thesis.id)
    )
    return thesis.state == ThesisState.DRAFT and acts <= UNDO_AFTER and not sent and not made


def undo(session: Session, thesis: Thesis, actor: Actor, at: datetime) -> None:
    """Take back a registration made by mistake. Refused once anything was sent, signed or uploaded."""
    if not undoable(session, thesis):
        raise Refused(Reason.NOT_UNDOABLE)
    conventions = session.scalars(select(Convention).where(Convention.thesis_id == thesis.id)).all()
    parties = session.scalars(select(ThesisInstitution).where(ThesisInstitution.thesis_id == thesis.id)).all()
    for kind, rows in (("convention", conventions), ("thesis_institution", parties)):
        _forget_texts(session, kind, [row.id for row in rows])
    _forget_texts(session, "thesis", [thesis.id])
    tables: tuple[Any, ...] = (
        Supervision,
        Enrolment,
        Stay,
        Leave,
        FundingSource,
        Transition,
        Note,
        SignOff,
        Milestone,
        Document,
        Convention,
        ThesisInstitution,
    )
    for table in tables:
        session.execute(delete(table).where(table.thesis_id == thesis.id))
    name, id_ = subject(thesis), thesis.id
    keys.forget(session, id_)
    session.expunge(thesis)
    session.execute(delete(Thesis).where(Thesis.id == id_))
    journal.record(session, "thesis.undone", name, actor, at)


def _forget_texts(session: Session, kind: str, ids: Sequence[int]) -> None:
    session.execute(delete(TextRow).where(TextRow.subject == kind, TextRow.subject_id.in_(ids)))
