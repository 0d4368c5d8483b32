"""The monitoring committee of a thesis: its members, its meetings in three steps, the report and who receives it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.committee import RECIPIENTS, Heard, Member, described
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import (
    CommitteeInterview,
    CommitteeMember,
    Document,
    Event,
    Person,
    Supervision,
    Thesis,
)
from cotutelle.operations import event as events
from cotutelle.operations import journal, letter, signing_link
from cotutelle.operations.health import recompute
from cotutelle.operations.message import PAGE
from cotutelle.operations.notice import circle, office_of
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump

KIND = "committee"


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What is said of somebody who sits on the committee."""

    party_id: int | None = None
    belongs_to: str = ""
    specialist: bool = False
    field_outsider: bool = False
    external: bool = False
    outside_unit: bool = False
    outside_region: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it went: its day, whose committee met, the steps that took place, the report and who has it."""

    on: date
    institution: str = ""
    steps: tuple[int, ...] = ()
    document_id: int | None = None
    sent_to: tuple[str, ...] = ()
    consulted_on: date | None = None
    why_changed: str = ""


def members(session: Session, thesis: Thesis, today: date, institution: str = "") -> list[CommitteeMember]:
    """Who sits on that day: on the committee of one institution, or on any."""
    rows = session.scalars(
        select(CommitteeMember)
        .where(
            CommitteeMember.thesis_id == thesis.id,
            CommitteeMember.until_on.is_(None) | (CommitteeMember.until_on >= today),
            CommitteeMember.from_on.is_(None) | (CommitteeMember.from_on <= today),
        )
        .order_by(CommitteeMember.id)
    ).all()
    return [row for row in rows if not institution or row.party is None or row.party.code == institution]


def facts_of(session: Session, thesis: Thesis, today: date, institution: str = "") -> dict[str, Any]:
    """What rules would look at if the committee met that day as it is."""
    directing = set(
        session.scalars(
            select(Supervision.person_id).where(
                Supervision.thesis_id == thesis.id,
                Supervision.until_on.is_(None) | (Supervision.until_on >= today),
            )
        )
    )
    return described(
        Member(
            row.person.name, row.specialist, row.field_outsider, row.external, row.outside_unit,
            row.outside_region, row.person_id in directing,
        )
        for row in members(session, thesis, today, institution)
    )  # fmt: skip


def name_member(
    session: Session,
    thesis: Thesis,
    person: Person,
    facts: MemberFacts,
    from_on: date | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> CommitteeMember:
    """Name somebody to the committee. Refused for the candidate, and for somebody who sits already."""
    if person.id == thesis.candidate_id:
        raise Refused(Reason.OWN_COMMITTEE, "family_name")
    sits = select(CommitteeMember.id).where(
        CommitteeMember.thesis_id == thesis.id,
        CommitteeMember.person_id == person.id,
        CommitteeMember.until_on.is_(None) | (CommitteeMember.until_on >= today),
    )
    if session.scalar(sits.limit(1)) is not None:
        raise Refused(Reason.MEMBER_TWICE, "family_name", name=person.name)
    row = CommitteeMember(
        thesis_id=thesis.id, person_id=person.id, from_on=from_on, retention="thesis", **asdict(facts)
    )
    session.add(row)
    _done(session, thesis, "committee.member", actor, at, today, member=person.name)
    return row


def change_member(
    session: Session,
    thesis: Thesis,
    row: CommitteeMember,
    facts: MemberFacts,
    until_on: date | None,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Change what somebody brings, or say that they sit no longer; the row stays with its last day.

    Stale when the thesis changed meanwhile.
    """
    if until_on is not None and row.from_on and until_on < row.from_on:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "until_on", begin=row.from_on)
    bump(session, thesis, version)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    row.until_on = until_on
    act = "committee.member_left" if until_on else "committee.member"
    _done(session, thesis, act, actor, at, today, member=row.person.name)


def record(
    session: Session, thesis: Thesis, meeting: Meeting, actor: Actor, at: datetime, *, today: date
) -> Event:
    """Record a meeting with the committee as it sat that day. Refused for a day that has not come."""
    if meeting.on > today:
        raise Refused(Reason.DATE_AHEAD, "on")
    return events.add(
        session, thesis, KIND, meeting.on, actor, at,
        today=today, data=_data(session, thesis, meeting), document_id=meeting.document_id,
    )  # fmt: skip


def correct(
    session: Session,
    thesis: Thesis,
    row: Event,
    meeting: Meeting,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Correct what was recorded of a meeting; who sat stays as it was, or is added where nobody was named yet.

    Stale when the thesis changed meanwhile.
    """
    if meeting.on > today:
        raise Refused(Reason.DATE_AHEAD, "on")
    bump(session, thesis, version)
    known = row.data if "members" in row.data else facts_of(session, thesis, meeting.on, meeting.institution)
    sat = {key: value for key, value in known.items() if key not in _SAID}
    said = {key: value for key, value in _data(session, thesis, meeting).items() if key in _SAID}
    row.on, row.document_id, row.data = meeting.on, meeting.document_id, {**sat, **said}
    _done(session, thesis, "committee.corrected", actor, at, today, on=meeting.on)


_SAID = ("institution", "steps", "sent_to", "consulted_on", "why_changed")


def _data(session: Session, thesis: Thesis, meeting: Meeting) -> dict[str, Any]:
    found: dict[str, Any] = {
        **facts_of(session, thesis, meeting.on, meeting.institution),
        "steps": sorted(meeting.steps),
        "sent_to": [each for each in RECIPIENTS if each in meeting.sent_to],
    }
    if meeting.institution:
        found["institution"] = meeting.institution
    if meeting.consulted_on:
        found["consulted_on"] = meeting.consulted_on.isoformat()
    if meeting.why_changed.strip():
        found["why_changed"] = meeting.why_changed.strip()
    return found


def send_report(
    session: Session, thesis: Thesis, row: Event, actor: Actor, at: datetime, *, today: date
) -> int:
    """Tell the three recipients that the report is there for them to read; how many people were written to.

    Refused while there is no report, once all three have it, or when none of those who lack it has an address.
    """
    document = session.get(Document, row.document_id) if row.document_id else None
    if document is None:
        raise Refused(Reason.REPORT_MISSING)
    reached = list(row.data.get("sent_to") or [])
    if set(reached) >= set(RECIPIENTS):
        raise Refused(Reason.ALREADY_SENT)
    groups = _recipients(session, thesis, str(row.data.get("institution", "")), today)
    told: dict[int, Person] = {}
    for group, people in groups.items():
        for person, language in people if group not in reached else ():
            if person.email and person.id not in told:
                _post_report(session, thesis, row, person, language, at)
                told[person.id] = person
        if any(person.email for person, _language in people):
            reached.append(group)
    if not told:
        raise Refused(Reason.NOBODY_TOLD)
    sent = [each for each in RECIPIENTS if each in reached]
    row.data = {**row.data, "sent_to": sent, "sent_on": today.isoformat()}
    names = ", ".join(person.name for person in told.values())
    _done(session, thesis, "committee.report_sent", actor, at, today, names=names)
    return len(told)


def _post_report(
    session: Session, thesis: Thesis, row: Event, person: Person, language: str, at: datetime
) -> None:
    values = {
        **signing_link.of_thesis(session, thesis, language),
        "on": letter.day_in(row.on, language),
        "page": PAGE.replace("PATH", f"theses/{thesis.reference}/committee"),
    }
    letter.post(session, "committee_report", person, language, at, values, thesis=thesis)


def _recipients(
    session: Session, thesis: Thesis, institution: str, today: date
) -> dict[str, list[tuple[Person, str]]]:
    """Who receives the report: the school of the institution whose committee it is, the candidate, whoever directs today."""
    directors = set(
        session.scalars(
            select(Supervision.person_id).where(
                Supervision.thesis_id == thesis.id, Supervision.role == "director"
            )
        )
    )
    following = circle(session, thesis, today)
    return {
        "school": office_of(session, thesis, today, institution),
        "candidate": [each for each in following if each[0].id == thesis.candidate_id],
        "director": [each for each in following if each[0].id in directors],
    }


def has_notes(session: Session, row: Event) -> bool:
    """Whether something was noted of a meeting's interviews."""
    found = select(CommitteeInterview.id).where(CommitteeInterview.event_id == row.id)
    return session.scalar(found.limit(1)) is not None


def note_interview(
    session: Session,
    thesis: Thesis,
    row: Event,
    heard: Heard,
    text: str,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Note what was said in an interview; empty takes the note away. Stale when somebody else wrote meanwhile."""
    note = interview(session, row, heard)
    if note is None:
        note = CommitteeInterview(
            thesis_id=thesis.id, event_id=row.id, with_whom=heard, at=at, retention="sensitive"
        )
        session.add(note)
        session.flush()
    else:
        bump(session, note, version)
    note.text, note.at, note.by = text.strip(), at, actor.account_id
    _done(session, thesis, "committee.interview", actor, at, today, heard=heard)


def interview(session: Session, row: Event, heard: Heard) -> CommitteeInterview | None:
    """What was noted of an interview."""
    return session.scalar(
        select(CommitteeInterview).where(
            CommitteeInterview.event_id == row.id, CommitteeInterview.with_whom == heard
        )
    )


def meetings(session: Session, thesis: Thesis) -> list[Event]:
    """The meetings that are recorded, the newest first; what a signature alone recorded is not one of them."""
    rows = session.scalars(
        select(Event)
        .where(Event.thesis_id == thesis.id, Event.kind == KIND)
        .order_by(Event.on.desc(), Event.id.desc())
    )
    return [row for row in rows if "signed" not in row.data]


def _done(
    session: Session, thesis: Thesis, act: str, actor: Actor, at: datetime, today: date, **values: object
) -> None:
    session.flush()
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, act, subject(thesis), actor, at, **values)
