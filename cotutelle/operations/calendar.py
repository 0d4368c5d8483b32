"""The calendar of a thesis as it is kept: made anew whenever a fact changes, shown before a known day moves."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.dossier import Dossier
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.milestone import Milestone as Made
from cotutelle.domain.milestone import schedule
from cotutelle.domain.plan import AMENDMENT, Plans
from cotutelle.domain.progress import Standing, Stands, stand
from cotutelle.domain.reschedule import Change, Difference, Held, Key, compare, next_reminder
from cotutelle.domain.rulebook import Library
from cotutelle.domain.signoff import OPEN as PENDING
from cotutelle.domain.signoff import digest
from cotutelle.domain.thesis import WITHOUT_DIPLOMA
from cotutelle.models import Milestone, Reminder, SignOff, Thesis
from cotutelle.operations import journal
from cotutelle.operations.plan import plans as plans_of
from cotutelle.operations.standing import withdraw_open
from cotutelle.operations.version import bump

OPEN, DONE, DROPPED, BEFORE, LAPSED = "open", "done", "dropped", "before", "lapsed"
"""What a kept milestone is: to be done, done, no longer asked, due before the takeover, or overtaken by the defence."""


def made_anew(dossier: Dossier, plans: Plans, library: Library) -> dict[Key, Made]:
    """The calendar as facts, plans and rules have it today, by what each milestone is known again."""
    shared = {code for code, kind in plans.kinds.items() if kind.shared}
    return {
        Key(made.kind, "" if made.kind in shared else made.institutions[0], made.year): made
        for made in schedule(dossier, plans, library)
    }


def rows_of(session: Session, thesis: Thesis) -> dict[Key, Milestone]:
    """The kept milestones of a thesis, those no longer asked among them."""
    rows = session.scalars(select(Milestone).where(Milestone.thesis_id == thesis.id).order_by(Milestone.id))
    return {Key(row.kind, row.side, row.year): row for row in rows}


def differences(session: Session, thesis: Thesis, made: Mapping[Key, Made]) -> list[Difference]:
    """What would be added, moved, removed and kept if the calendar were made anew now."""
    held = [
        Held(key, row.required_on, row.state == DONE)
        for key, row in rows_of(session, thesis).items()
        if row.state != DROPPED
    ]
    return compare(held, made)


def closed(thesis: Thesis) -> bool:
    """Whether the thesis has ended without a diploma: then its calendar asks for nothing."""
    return thesis.state in WITHOUT_DIPLOMA


def refresh(
    session: Session, thesis: Thesis, dossier: Dossier, library: Library, today: date, at: datetime
) -> None:
    """Bring the kept calendar up to what is recorded.

    What only fills in is written at once. As soon as a day that somebody may know moves or falls away, nothing
    moves until the office has seen it (`apply`), but whatever the signing of an amendment needs; the thesis keeps how
    much is waiting.
    """
    if closed(thesis):
        _close(session, thesis, at)
        return
    plans = plans_of(session)
    made = made_anew(dossier, plans, library)
    changes = [each for each in differences(session, thesis, made) if each.change is not Change.KEPT]
    others = [each for each in changes if each.key.kind != AMENDMENT]
    if any(each.told for each in others):
        own = [each for each in changes if each.key.kind == AMENDMENT]
        _write(session, thesis, {k: m for k, m in made.items() if k.kind == AMENDMENT}, own, today, at)
        thesis.calendar_changes = len(others)
    else:
        _write(session, thesis, made, changes, today, at)
        thesis.calendar_changes = 0
    _stand(session, thesis, dossier, made, plans, today)


def apply(
    session: Session,
    thesis: Thesis,
    dossier: Dossier,
    library: Library,
    expected: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> list[Difference]:
    """Write the changes that were shown. Refused when what would be written is no longer what was shown."""
    if closed(thesis):
        raise Refused(Reason.NOT_ASKED_ANY_MORE)
    made = made_anew(dossier, plans_of(session), library)
    changes = [each for each in differences(session, thesis, made) if each.change is not Change.KEPT]
    if not changes or fingerprint(changes) != expected:
        raise Refused(Reason.CALENDAR_MOVED_ON)
    _write(session, thesis, made, changes, today, at)
    thesis.calendar_changes = 0
    _stand(session, thesis, dossier, made, plans_of(session), today)
    bump(session, thesis, None)
    told = [
        {
            "kind": each.key.kind,
            "institution": each.key.side,
            "year": each.key.year,
            "change": each.change,
            "before": each.before,
            "after": each.after,
        }
        for each in changes
    ]
    subject = f"thesis:{thesis.reference}"
    journal.record(session, "calendar.rescheduled", subject, actor, at, changes=told, count=len(told))
    return changes


def fingerprint(changes: Sequence[Difference]) -> str:
    """What a form carries so that exactly what it showed is applied."""
    return digest(sorted([*each.key, each.change, str(each.before), str(each.after)] for each in changes))


def plan_day(
    session: Session,
    thesis: Thesis,
    row: Milestone,
    on: date | None,
    why: str,
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Plan a milestone for a day of its own, with the reason; None goes back to the day required."""
    if on is not None and not why.strip():
        raise Refused(Reason.REASON_MISSING, "why")
    if row.state != OPEN:
        raise Refused(Reason.NOT_THIS_STATE, state=row.state)
    bump(session, row, version)
    row.planned_on, row.planned_why = on, why.strip() if on else ""
    _due(row, today)
    bump(session, thesis, None)
    subject = f"thesis:{thesis.reference}"
    journal.record(
        session, "milestone.planned", subject, actor, at,
        kind=row.kind, institution=row.side, year=row.year, on=on, reason=row.planned_why,
    )  # fmt: skip


def _close(session: Session, thesis: Thesis, at: datetime) -> None:
    """Nothing is asked any more of a thesis that has ended without a diploma."""
    thesis.calendar_changes = 0
    for row in rows_of(session, thesis).values():
        if row.state in (OPEN, BEFORE, LAPSED):
            row.state, row.remind_on = DROPPED, None
        withdraw_open(session, row, at)  # what is done already may still be waiting for a signature


def _write(
    session: Session,
    thesis: Thesis,
    made: Mapping[Key, Made],
    changes: Sequence[Difference],
    today: date,
    at: datetime,
) -> None:
    rows = rows_of(session, thesis)
    for each in changes:
        if each.change is Change.REMOVED:
            _drop(session, rows[each.key], at)
        elif each.key not in rows:
            key = each.key
            row = Milestone(
                thesis_id=thesis.id, kind=key.kind, side=key.side, year=key.year,
                certainty=made[key].certainty, remind=[],
            )  # fmt: skip
            session.add(row)
            rows[key] = row
        elif rows[each.key].state == DROPPED:
            row = rows[each.key]
            row.state, row.due_on = OPEN, None  # so that its reminders are counted anew
    settled = {key for key, row in rows.items() if row.state in (DONE, DROPPED)}
    for key in made.keys() & rows.keys() - settled:
        _take_over(rows[key], made[key], today)
    session.flush()
    _let_go_of_places(session, thesis, at)


def _let_go_of_places(session: Session, thesis: Thesis, at: datetime) -> None:
    """Whoever was asked for a place that a milestone no longer has is asked no longer."""
    asked = session.scalars(select(SignOff).where(SignOff.thesis_id == thesis.id, SignOff.state.in_(PENDING)))
    for row in asked.all():
        if [row.signer, row.side] not in row.milestone.signatories:
            withdraw_open(session, row.milestone, at, slot=(row.signer, row.side))


def _drop(session: Session, row: Milestone, at: datetime) -> None:
    """Let go of a milestone that is asked no longer; one that was put before anybody stays for its history."""
    asked = session.scalar(select(func.count()).select_from(SignOff).where(SignOff.milestone_id == row.id))
    told = session.scalar(select(func.count()).select_from(Reminder).where(Reminder.milestone_id == row.id))
    if asked or told:
        row.state, row.remind_on = DROPPED, None
        withdraw_open(session, row, at)
    else:
        session.delete(row)


def _take_over(row: Milestone, made: Made, today: date) -> None:
    source = made.source
    values: dict[str, Any] = {
        "institutions": list(made.institutions),
        "required_on": made.due,
        "required_by": list(made.required_by),
        "source": {"text": source.text, "article": source.article, "url": source.url},
        "certainty": str(made.certainty),
        "signatories": [[str(slot.signer), slot.institution] for slot in made.signatories],
        "in_turn": made.in_turn,
        "document": made.document,
        "condition": made.condition,
        "remind": list(made.remind),
    }
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    _due(row, today)


def _due(row: Milestone, today: date) -> None:
    """The day that counts, and with a new one the reminders that are still to come."""
    due = row.planned_on or row.required_on
    if due != row.due_on:
        if row.due_on is not None:
            row.version += 1  # calendars of other programs move an entry whose number grows
        row.due_on = due
        row.remind_on = next_reminder(due, row.remind, today - timedelta(days=1))


_CLOSED = {Standing.BEFORE_TAKEOVER: BEFORE, Standing.LAPSED: LAPSED}


def _stand(
    session: Session,
    thesis: Thesis,
    dossier: Dossier,
    made: Mapping[Key, Made],
    plans: Plans,
    today: date,
) -> None:
    """Write which milestones are done, by what is recorded; one reopened is reminded of again."""
    standing: dict[Key, Stands] = dict(zip(made, stand(dossier, made.values(), plans, today), strict=True))
    for key, row in rows_of(session, thesis).items():
        found = standing.get(key)
        if row.state == DROPPED or found is None:
            continue
        if found.standing is Standing.DONE:
            state = DONE
        elif found.standing in _CLOSED:
            state = _CLOSED[found.standing]
        else:
            state = OPEN
        if (row.state, row.done_on) != (state, found.done_on):
            row.state, row.done_on = state, found.done_on
            coming = next_reminder(row.due_on, row.remind, today - timedelta(days=1))
            row.remind_on = coming if state == OPEN else None
    session.flush()
