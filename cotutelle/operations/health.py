"""Keeping beside each thesis what its convention lacks and how it stands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from cotutelle.domain.check import Group
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.dossier import Dossier
from cotutelle.domain.enrolment import Fee
from cotutelle.domain.evaluation import evaluate, worst_first
from cotutelle.domain.finding import Verdict
from cotutelle.domain.health import Situation, YearAt, judge, unchanged_until
from cotutelle.domain.jury import JuryState
from cotutelle.domain.rulebook import Library
from cotutelle.domain.thesis import ENDED, ThesisState
from cotutelle.models import Convention, Enrolment, Institution, Jury, Thesis, ThesisInstitution
from cotutelle.operations import calendar
from cotutelle.operations.clause_fit import settle
from cotutelle.operations.dossier import dossier_of
from cotutelle.operations.facts import agreed_of, facts_of
from cotutelle.operations.job import queue
from cotutelle.operations.rulebook import library
from cotutelle.operations.shown import review
from cotutelle.scope import as_system


def recompute(session: Session, thesis: Thesis, today: date, at: datetime) -> None:
    """Bring up to date whatever follows from the facts of a thesis.

    Which signatures still rest on what is there; the calendar; what the convention lacks, the worst open point, and
    until when that holds.
    """
    waiting: dict[int, Thesis] | None = session.info.get("gathered")
    if waiting is not None:
        waiting[thesis.id] = thesis
        return
    session.flush()
    with as_system(session, "health"):
        review(session, thesis, at)
        convention = session.scalar(
            select(Convention).where(Convention.thesis_id == thesis.id, Convention.holding)
        )
        if convention is not None:
            settle(session, convention, today)
        if convention is not None and convention.agreed is not None:
            facts = agreed_of(session, convention)
        else:
            facts = facts_of(session, thesis, convention)
        years = [
            YearAt(row.year, code, row.enrolled_on is not None, Fee(row.fee), row.proof_id is not None)
            for row, code in session.execute(
                select(Enrolment, Institution.code)
                .join(Institution, Institution.id == Enrolment.institution_id)
                .where(Enrolment.thesis_id == thesis.id)
            )
        ]
        shelf = library(session)
        dossier = dossier_of(session, shelf, thesis, convention, facts, today)
        calendar.refresh(session, thesis, dossier, shelf, today, at)
        asked = _rules(session, thesis, shelf, dossier)
    thesis.lacking = len({missing.blank for missing in missing_facts(facts)})
    health = judge(
        Situation(
            state=ThesisState(thesis.state),
            lacking=thesis.lacking,
            convention_state=thesis.convention_state,
            convention_expires=convention.expires_on if convention else None,
            defence_until=thesis.defence_on or thesis.defence_until,
            years=years,
            broken=asked(today) if asked else "",
            rules_until=unchanged_until(asked, today) if asked else None,
        ),
        today,
    )
    thesis.health, thesis.health_reason, thesis.good_until = health.verdict, health.reason, health.good_until
    session.flush()


@contextmanager
def gathered(session: Session, today: date, at: datetime) -> Iterator[None]:
    """Many acts at once, as of an import: each thesis is brought up to date once, at the end, not after each act."""
    waiting: dict[int, Thesis] = {}
    session.info["gathered"] = waiting
    try:
        yield
    finally:
        del session.info["gathered"]
    for thesis in waiting.values():
        recompute(session, thesis, today, at)


def _rules(
    session: Session, thesis: Thesis, shelf: Library, dossier: Dossier
) -> Callable[[date], str] | None:
    """Says of a day what the worst broken binding rule looks at, empty when none is; None where none is asked.

    A thesis that is still being prepared is incomplete, not broken; a jury counts once it is proposed.
    """
    if thesis.state in ENDED or thesis.state in (ThesisState.DRAFT, ThesisState.ADMITTED):
        return None
    jury = session.scalar(select(Jury.state).where(Jury.thesis_id == thesis.id))
    schools = {place.code: place.schools for place in dossier.places}

    @cache
    def broken(day: date) -> str:
        failing = [
            finding
            for finding in evaluate(shelf, replace(dossier, today=day))
            if finding.verdict is Verdict.FAIL
            and shelf.binds(finding.rule)
            and (not finding.rule.scope.school or schools[finding.institution])
            and (finding.rule.check.group is not Group.JURY or jury not in (None, JuryState.DRAFT))
        ]
        return str(worst_first(failing)[0].rule.check.group) if failing else ""

    return broken


def reconsider(session: Session, institution_id: int | None, at: datetime) -> None:
    """What an institution says of itself is part of its theses' conventions: have them judged anew, by a job.

    Without an institution, every thesis: a rule or a reading changed.
    """
    theses = select(Thesis.id)
    if institution_id is not None:
        theses = select(ThesisInstitution.thesis_id).where(ThesisInstitution.institution_id == institution_id)
    reconsider_theses(session, theses, str(institution_id or "rules"), at)


def reconsider_under(session: Session, framework_id: int, at: datetime) -> None:
    """A framework changed: have the theses under it judged anew, by a job."""
    under = select(Convention.thesis_id).where(Convention.framework_id == framework_id, Convention.holding)
    reconsider_theses(session, under, f"framework-{framework_id}", at)


def reconsider_theses(session: Session, theses: Select[int], why: str, at: datetime) -> None:
    """Something changed that theses stand under, given by their ids: have them judged anew, by a job."""
    with as_system(session, why):
        session.execute(
            update(Thesis).where(Thesis.id.in_(theses)).values(good_until=date(1970, 1, 1)),
            execution_options={"synchronize_session": False},
        )
    queue(session, "health", f"health:{why}:{at.isoformat()}", at)


def recompute_due(session: Session, today: date, at: datetime, limit: int = 500) -> int:
    """Recompute the theses whose answer is no longer good; returns how many there were."""
    with as_system(session, "daily health"):
        due = session.scalars(
            select(Thesis).where(Thesis.good_until < today).order_by(Thesis.id).limit(limit)
        ).all()
        for thesis in due:
            recompute(session, thesis, today, at)
    return len(due)
