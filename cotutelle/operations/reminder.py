"""Reminders: who is told today of what, collected from the milestones that are due for it and from no others.

First each reminder is written down beside its milestone, which moves on to its next day; then everybody gets one
mail with all that concerns them. Whatever stops in between goes on where it stopped, and tells nobody twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, Table, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.calendar import at_rest
from cotutelle.domain.escalation import Level, Tone, level
from cotutelle.domain.plan import Signer
from cotutelle.domain.reschedule import next_reminder
from cotutelle.domain.signoff import State
from cotutelle.domain.thesis import WITHOUT_DIPLOMA, ThesisState
from cotutelle.models import Account, Institution, Milestone, Person, Reminder, SignOff, Supervision, Thesis
from cotutelle.operations import journal, letter, message, signing_link
from cotutelle.operations.calendar import OPEN
from cotutelle.operations.message import PAGE
from cotutelle.operations.notice import office_of
from cotutelle.operations.standing import standing

QUIET = (
    ThesisState.DRAFT,
    ThesisState.ON_HOLD,
    *WITHOUT_DIPLOMA,
)
"""States of a thesis in which nobody is reminded of anything."""


@dataclass(frozen=True, slots=True)
class Told:
    """That a person is told of a milestone, and as whom."""

    milestone: Milestone
    person: Person
    tone: Tone
    sign_off: SignOff | None = None


def due(today: date) -> Select[Milestone]:
    """The milestones of whose reminder the day has come, the oldest first; read by the index on state and day."""
    return (
        select(Milestone)
        .join(Thesis, Thesis.id == Milestone.thesis_id)
        .where(
            Milestone.state == OPEN,
            Milestone.remind_on <= today,
            Thesis.reminders_paused.is_(False),
            Thesis.state.not_in(QUIET),
        )
        .order_by(Milestone.remind_on, Milestone.id)
    )


def told_of(session: Session, milestone: Milestone, today: date) -> list[Told]:
    """Everybody who is told of a milestone today, each once, as what concerns them most."""
    thesis = session.get_one(Thesis, milestone.thesis_id)
    far = level(milestone.due_on or today, milestone.remind, today)
    found: dict[int, Told] = {}

    def tell(people: Iterable[Person], tone: Tone, row: SignOff | None = None) -> None:
        for person in people:
            if person.email:
                found.setdefault(person.id, Told(milestone, person, tone, row))

    asked = [
        row for row in standing(session, milestone).values() if row is not None and row.state == State.ASKED
    ]
    for row in asked:
        tell([row.person], Tone.SIGN, row)
    if not asked:
        tell(_who_prepares(session, thesis, milestone, today), Tone.PREPARE)
    if far >= Level.OTHER_SIDE:
        missing = {row.side for row in asked} or {milestone.side}
        tell(_directors(session, thesis, missing - {""}, today), Tone.OTHER_SIDE)
    if far >= Level.SCHOOL:
        tell([person for person, _language in office_of(session, thesis, today)], Tone.SCHOOL)
    return list(found.values())


def _who_prepares(session: Session, thesis: Thesis, milestone: Milestone, today: date) -> list[Person]:
    """Who gets a milestone going before anybody is asked to sign: the candidate where they take part, else the school."""
    if not milestone.signatories or any(
        signer == Signer.CANDIDATE for signer, _side in milestone.signatories
    ):
        return [session.get_one(Person, thesis.candidate_id)]
    return [person for person, _language in office_of(session, thesis, today)]


def _directors(session: Session, thesis: Thesis, but: set[str], today: date) -> list[Person]:
    """The thesis directors of the sides for which nobody is waited."""
    rows = session.execute(
        select(Person, Institution.code)
        .join(Supervision, Supervision.person_id == Person.id)
        .join(Institution, Institution.id == Supervision.institution_id)
        .where(
            Supervision.thesis_id == thesis.id,
            Supervision.role == "director",
            Supervision.until_on.is_(None) | (Supervision.until_on >= today),
        )
        .order_by(Supervision.id)
    )
    return [person for person, code in rows if code not in but]


def rests(session: Session, milestone: Milestone, today: date) -> bool:
    """Whether the day is one of rest where the milestone is asked: nobody is written to before the next working day."""
    codes = milestone.institutions[:1]
    country = session.scalar(select(Institution.country).where(Institution.code.in_(codes)))
    return at_rest(today, country or "")


def preview(session: Session, today: date, most: int | None = None) -> Iterator[Told]:
    """Who would be told today, without telling anybody."""
    rows = session.scalars(due(today).limit(most)).all() if most else session.scalars(due(today)).all()
    for milestone in rows:
        if not rests(session, milestone, today):
            yield from told_of(session, milestone, today)


Mark = tuple[date, int]
"""How far a run has come: the day and the id of the milestone it looked at last."""


def write_down(session: Session, today: date, after: Mark | None, limit: int) -> Mark | None:
    """Write down the reminders of the next milestones that are due; how far it came, None once there are no more.

    One whose day is one of rest is left for the next working day.
    """
    statement = due(today).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(Milestone.remind_on, Milestone.id) > after)
    rows = session.scalars(statement).all()
    last = (rows[-1].remind_on, rows[-1].id) if rows else None
    for milestone in rows:
        if rests(session, milestone, today):
            continue
        for told in told_of(session, milestone, today):
            _write(session, told, today)
        milestone.remind_on = next_reminder(milestone.due_on, milestone.remind, today)
    session.flush()
    return last if len(rows) == limit else None  # type: ignore[return-value]  # the condition left out days that are not set


def _write(session: Session, told: Told, today: date) -> bool:
    """Write down one reminder; False when that person is told of that milestone today already, whoever wrote it."""
    table = Reminder.__table__
    assert isinstance(table, Table)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(
        thesis_id=told.milestone.thesis_id,
        milestone_id=told.milestone.id,
        person_id=told.person.id,
        sign_off_id=told.sign_off.id if told.sign_off else None,
        tone=told.tone,
        on=today,
    )
    return (
        session.execute(
            statement.on_conflict_do_nothing(
                index_elements=[table.c.person_id, table.c.milestone_id, table.c.on]
            ).returning(table.c.id)
        ).scalar()
        is not None
    )


def unsent(session: Session, today: date, after: int, limit: int) -> list[int]:
    """The next people for whom reminders are written down, and who had no mail of reminders today."""
    told = select(Reminder.person_id).where(Reminder.sent_on == today)
    return list(
        session.scalars(
            select(Reminder.person_id)
            .where(Reminder.message_id.is_(None), Reminder.person_id > after, Reminder.person_id.not_in(told))
            .distinct()
            .order_by(Reminder.person_id)
            .limit(limit)
        )
    )


def send(session: Session, person_id: int, actor: Actor, at: datetime, *, today: date) -> int:
    """Put all that somebody is to be told into one mail; how many things it tells.

    Whoever had a mail of reminders today gets the rest with the next one. What was settled since it was written
    down is told no more.
    """
    if session.scalar(
        select(Reminder.id).where(Reminder.person_id == person_id, Reminder.sent_on == today).limit(1)
    ):
        return 0
    found = session.scalars(
        select(Reminder)
        .join(Milestone, Milestone.id == Reminder.milestone_id)
        .where(Reminder.person_id == person_id, Reminder.message_id.is_(None))
        .order_by(Milestone.due_on, Reminder.id)
        .with_for_update()
    ).all()
    person = session.get_one(Person, person_id)
    rows = [row for row in found if person.email and _still(session, row)]
    for row in found:
        if row not in rows:
            session.delete(row)
    if not rows:
        session.flush()
        return 0
    account = session.scalar(
        select(Account).where(Account.person_id == person_id, Account.disabled_at.is_(None))
    )
    asked = next((session.get_one(SignOff, row.sign_off_id) for row in rows if row.sign_off_id), None)
    language = account.language if account else asked.language if asked else _language(session, rows[0])
    words = letter.words(language)
    lines = [_line(session, row, language, account is not None, at, today) for row in rows]
    first = session.get_one(Milestone, rows[0].milestone_id)
    thesis = session.get_one(Thesis, rows[0].thesis_id)
    one, many = words["things"]
    values = {
        "count": one if len(rows) == 1 else many.format(n=len(rows)),
        "first": signing_link.name_of(session, first, language),
        "list": "\n\n".join(lines),
        "today": letter.day_in(today, language),
        "all": words["see_all"].format(page=PAGE.replace("PATH", "")) if account else "",
    }
    mail = letter.post(session, "reminder", person, language, at, values, thesis=thesis)
    assert mail is not None
    for row in rows:
        row.message_id, row.sent_on = mail.id, today
    session.flush()
    _journal(session, rows, person, actor, at)
    return len(rows)


def _still(session: Session, row: Reminder) -> bool:
    """Whether what a reminder tells is still so: the milestone open, and the signature still asked."""
    if session.get_one(Milestone, row.milestone_id).state != OPEN:
        return False
    return row.sign_off_id is None or session.get_one(SignOff, row.sign_off_id).state == State.ASKED


def _journal(session: Session, rows: Iterable[Reminder], person: Person, actor: Actor, at: datetime) -> None:
    for row in rows:
        milestone = session.get_one(Milestone, row.milestone_id)
        thesis = session.get_one(Thesis, row.thesis_id)
        journal.record(
            session, "reminders.sent", f"thesis:{thesis.reference}", actor, at,
            names=person.name, kind=milestone.kind, year=milestone.year, tone=row.tone,
        )  # fmt: skip


def _language(session: Session, row: Reminder) -> str:
    """For somebody without an account who was never asked: French where the lead is in France."""
    thesis = session.get_one(Thesis, row.thesis_id)
    lead = next((party.institution.country for party in thesis.parties if party.lead), "")
    return "fr" if lead == "FR" else "en"


def _line(
    session: Session, row: Reminder, language: str, has_account: bool, at: datetime, today: date
) -> str:
    """What a mail says of one milestone; for each signature without an account, a link and a code of its own."""
    milestone = session.get_one(Milestone, row.milestone_id)
    thesis = session.get_one(Thesis, row.thesis_id)
    late = milestone.due_on is not None and milestone.due_on < today
    told = signing_link.of_milestone(session, thesis, milestone, language)
    values = {**told, "who": _waited_for(session, thesis, milestone, today)}
    form = "sign_account" if row.tone == Tone.SIGN and has_account else row.tone
    phrases = letter.words(language)["reminder"]
    phrase = str(phrases.get(f"{form}_late") if late and f"{form}_late" in phrases else phrases[form])
    if form != Tone.SIGN:
        return _filled(phrase, values)
    return "\n\n".join(
        _filled(phrase, values | _way_in(session, asked, at)) for asked in _asked_of(session, row)
    )


def _asked_of(session: Session, row: Reminder) -> list[SignOff]:
    """Every signature of a milestone that the person of a reminder is asked for, in whatever capacity."""
    return list(
        session.scalars(
            select(SignOff)
            .where(
                SignOff.milestone_id == row.milestone_id,
                SignOff.person_id == row.person_id,
                SignOff.state == State.ASKED,
            )
            .order_by(SignOff.id)
        )
    )


def _way_in(session: Session, asked: SignOff, at: datetime) -> dict[str, str]:
    link = signing_link.make(session, signing_link.SIGN, asked.person, at, asked)
    return {"link": message.of_link("link", link), "code": message.of_link("code", link)}


def _filled(phrase: str, values: dict[str, str]) -> str:
    """A phrase with its names written in, in one pass: what a name holds is not read again."""
    parts = phrase.split("{")
    found = parts[0]
    for part in parts[1:]:
        name, _brace, rest = part.partition("}")
        text = values.get(name, "")
        found += (text if name in ("link", "code") else message.plain(text)) + rest
    return found


def _waited_for(session: Session, thesis: Thesis, milestone: Milestone, today: date) -> str:
    rows = standing(session, milestone).values()
    names = [row.person.name for row in rows if row is not None and row.state == State.ASKED]
    return ", ".join(names) or ", ".join(
        person.name for person in _who_prepares(session, thesis, milestone, today)
    )


def remind_now(
    session: Session, milestones: Iterable[Milestone], actor: Actor, at: datetime, *, today: date
) -> int:
    """Remind at once of chosen milestones, whatever their day; nobody twice on one day. How many people were told."""
    people = {
        told.person.id
        for milestone in milestones
        for told in told_of(session, milestone, today)
        if _write(session, told, today)
    }
    return sum(bool(send(session, person_id, actor, at, today=today)) for person_id in sorted(people))


def pause(session: Session, thesis: Thesis, paused: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Send no reminders for a thesis, or send them again."""
    thesis.reminders_paused = paused
    act = "reminders.paused" if paused else "reminders.resumed"
    journal.record(session, act, f"thesis:{thesis.reference}", actor, at, reason=reason)
