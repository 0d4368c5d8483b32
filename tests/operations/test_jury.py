"""Proves that a jury is proposed only when every binding rule holds, and that approvals hold for whom they were given."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.dossier import Dossier
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.jury import JuryState
from cotutelle.domain.rulebook import Library
from cotutelle.models import Event, FindingsKept, JournalEntry, Jury, Seat, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import derogation
from cotutelle.operations import jury as acts
from cotutelle.operations import jury_approval as approvals
from cotutelle.operations.dossier import dossier_of
from cotutelle.operations.rulebook import library
from tests.builders import ACTOR, NOW, TODAY, institution, person

RAPPORTEUR = acts.SeatFacts(
    elsewhere="Galway", rank="A", accredited=True, rapporteur="academic", copublished=False
)
EXAMINER = acts.SeatFacts(elsewhere="Łódź", rank="A", accredited=True)


@pytest.fixture
def thesis(session: Session) -> Thesis:
    return session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()


@pytest.fixture
def jury(session: Session, thesis: Thesis) -> Jury:
    """Two directors and four others: what France accepts and Ghent does not."""
    made = acts.begin(session, thesis, ACTOR, NOW, today=TODAY)
    for seat in seats(session, made):
        seat.rank = "A"
    for name, facts in (("R1", RAPPORTEUR), ("R2", RAPPORTEUR), ("E1", EXAMINER), ("E2", EXAMINER)):
        add(session, thesis, made, name, facts)
    return made


def add(session: Session, thesis: Thesis, jury: Jury, name: str, facts: acts.SeatFacts) -> Seat:
    return acts.save_seat(
        session, thesis, jury, None, person(session, name), facts, None, ACTOR, NOW, today=TODAY
    )


def seats(session: Session, jury: Jury) -> Sequence[Seat]:
    return session.scalars(select(Seat).where(Seat.jury_id == jury.id).order_by(Seat.position)).all()


def rules(session: Session, thesis: Thesis) -> tuple[Library, Dossier]:
    session.flush()
    shelf, convention = library(session), conventions.current(session, thesis)
    facts = conventions.text_of(session, thesis, convention)
    return shelf, dossier_of(session, shelf, thesis, convention, facts, TODAY)


def propose(session: Session, thesis: Thesis, jury: Jury) -> None:
    approvals.propose(
        session, thesis, jury, TODAY, *rules(session, thesis), jury.version, ACTOR, NOW, today=TODAY
    )


def approve(session: Session, thesis: Thesis, jury: Jury, code: str) -> None:
    here = institution(session, code).id
    approvals.approve(
        session, thesis, jury, here, TODAY, "", *rules(session, thesis), jury.version, ACTOR, NOW, today=TODAY
    )


def refused(reason: Reason) -> object:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def test_a_jury_begins_with_the_directors_who_do_not_decide(session: Session, thesis: Thesis) -> None:
    made = acts.begin(session, thesis, ACTOR, NOW, today=TODAY)
    assert acts.begin(session, thesis, ACTOR, NOW, today=TODAY) is made
    assert [(s.supervision, s.decides, s.rank) for s in seats(session, made)] == [("director", False, "")] * 2


def test_what_a_partner_s_rule_forbids_is_not_proposed(session: Session, thesis: Thesis, jury: Jury) -> None:
    with refused(Reason.RULES_BROKEN) as error:
        propose(session, thesis, jury)
    assert error.value.details == {"rules": "BE-UG-VOTERS"}
    assert jury.state == JuryState.DRAFT
    add(session, thesis, jury, "E3", EXAMINER)
    propose(session, thesis, jury)
    assert jury.state == JuryState.PROPOSED
    kept = session.scalars(select(FindingsKept)).one()
    assert (kept.act, len(kept.seats), kept.rulebooks) == ("jury.proposed", 7, library(session).digest)
    assert {"rule": "BE-UG-VOTERS", "institution": "ghent", "verdict": "pass", "clause": ""} in kept.findings
    assert session.scalars(select(Event.kind)).all() == ["jury_proposed"]


def test_a_derogation_written_in_full_lets_the_jury_pass(
    session: Session, thesis: Thesis, jury: Jury
) -> None:
    convention = conventions.current(session, thesis)
    texts = {"fr": "motif", "en": "reason"}
    for article, replacement in (("", {}), ("article 3 of the regulations", texts)):
        row = session.scalar(select(derogation.Derogation))
        derogation.save(
            session, thesis, convention, row, "BE-UG-VOTERS", article, None, texts, replacement, None, ACTOR, NOW,
            today=TODAY,
        )  # fmt: skip
        if not replacement:
            with refused(Reason.RULES_BROKEN):
                propose(session, thesis, jury)
    propose(session, thesis, jury)
    kept = session.scalars(select(FindingsKept)).one()
    (found,) = [f for f in kept.findings if f["rule"] == "BE-UG-VOTERS"]
    assert (found["verdict"], found["clause"]) == ("derogated", "article 3 of the regulations")


def test_a_jury_is_approved_when_every_party_approved_every_member(
    session: Session, thesis: Thesis, jury: Jury
) -> None:
    add(session, thesis, jury, "E3", EXAMINER)
    with refused(Reason.NOT_THIS_STATE):
        approve(session, thesis, jury, "lille")
    propose(session, thesis, jury)
    approve(session, thesis, jury, "lille")
    assert jury.state == JuryState.PROPOSED
    with refused(Reason.UNKNOWN_INSTITUTION):
        approve(session, thesis, jury, "kent")
    approve(session, thesis, jury, "ghent")
    assert jury.state == JuryState.APPROVED
    shelf, dossier = rules(session, thesis)
    approvals.decide(session, thesis, jury, TODAY, shelf, dossier, jury.version, ACTOR, NOW, today=TODAY)
    assert jury.state == JuryState.DECIDED
    with refused(Reason.NOT_THIS_STATE):
        add(session, thesis, jury, "E4", EXAMINER)


def test_a_changed_member_is_asked_for_again_and_the_others_hold(
    session: Session, thesis: Thesis, jury: Jury
) -> None:
    extra = add(session, thesis, jury, "E3", EXAMINER)
    propose(session, thesis, jury)
    for code in ("lille", "ghent"):
        approve(session, thesis, jury, code)
    # what comes later anyway asks nobody again
    facts = acts.SeatFacts(elsewhere="Łódź", rank="A", accredited=True, remote=True)
    acts.save_seat(session, thesis, jury, extra, extra.person, facts, jury.version, ACTOR, NOW, today=TODAY)
    assert jury.state == JuryState.APPROVED
    other = acts.SeatFacts(elsewhere="Pisa", rank="A", accredited=True)
    acts.save_seat(session, thesis, jury, extra, extra.person, other, jury.version, ACTOR, NOW, today=TODAY)
    assert jury.state == JuryState.PROPOSED
    waiting = approvals.waiting_for(session, thesis, jury)
    assert {tuple(s.person.family_name for s in each.seats) for each in waiting.values()} == {("E3",)}
    approve(session, thesis, jury, "lille")
    waiting = approvals.waiting_for(session, thesis, jury)
    assert sorted(len(each.seats) for each in waiting.values()) == [0, 1]


def test_a_jury_that_somebody_left_is_approved_again_by_whoever_had_approved_them(
    session: Session, thesis: Thesis, jury: Jury
) -> None:
    extra = add(session, thesis, jury, "E3", EXAMINER)
    propose(session, thesis, jury)
    for code in ("lille", "ghent"):
        approve(session, thesis, jury, code)
    acts.remove_seat(session, thesis, jury, extra, jury.version, ACTOR, NOW, today=TODAY)
    assert jury.state == JuryState.PROPOSED
    waiting = approvals.waiting_for(session, thesis, jury)
    assert [(each.seats, each.somebody_left) for each in waiting.values()] == [((), True)] * 2
    approve(session, thesis, jury, "lille")
    approve(session, thesis, jury, "ghent")
    assert jury.state == JuryState.APPROVED


def test_a_jury_without_anybody_is_approved_by_nobody(session: Session, thesis: Thesis, jury: Jury) -> None:
    add(session, thesis, jury, "E3", EXAMINER)
    propose(session, thesis, jury)
    for seat in seats(session, jury):
        acts.remove_seat(session, thesis, jury, seat, jury.version, ACTOR, NOW, today=TODAY)
    assert jury.state == JuryState.PROPOSED
    with refused(Reason.NOTHING_TO_APPROVE):
        approve(session, thesis, jury, "lille")


def test_an_approved_jury_taken_back_and_proposed_unchanged_is_approved_still(
    session: Session, thesis: Thesis, jury: Jury
) -> None:
    add(session, thesis, jury, "E3", EXAMINER)
    propose(session, thesis, jury)
    for code in ("lille", "ghent"):
        approve(session, thesis, jury, code)
    approvals.reopen(session, thesis, jury, "A doubt", jury.version, ACTOR, NOW, today=TODAY)
    propose(session, thesis, jury)
    assert jury.state == JuryState.APPROVED


def test_an_approval_is_of_the_jury_that_was_seen_and_not_before_it_was_proposed(
    session: Session, thesis: Thesis, jury: Jury
) -> None:
    add(session, thesis, jury, "E3", EXAMINER)
    propose(session, thesis, jury)
    here = institution(session, "ghent").id
    shelf, dossier = rules(session, thesis)

    def approve_on(on: date, version: int) -> None:
        approvals.approve(
            session, thesis, jury, here, on, "", shelf, dossier, version, ACTOR, NOW, today=TODAY
        )

    with refused(Reason.BEFORE_LAST_STEP):
        approve_on(TODAY - timedelta(days=1), jury.version)
    with pytest.raises(Stale):
        approve_on(TODAY, jury.version - 1)


def test_a_decided_jury_still_takes_reports_and_nothing_that_was_approved(
    session: Session, thesis: Thesis, jury: Jury
) -> None:
    extra = add(session, thesis, jury, "E3", EXAMINER)
    propose(session, thesis, jury)
    for code in ("lille", "ghent"):
        approve(session, thesis, jury, code)
    approvals.decide(
        session, thesis, jury, TODAY, *rules(session, thesis), jury.version, ACTOR, NOW, today=TODAY
    )
    facts = replace(EXAMINER, report_on=TODAY, impartial_on=TODAY, remote=True)
    acts.save_seat(session, thesis, jury, extra, extra.person, facts, jury.version, ACTOR, NOW, today=TODAY)
    assert (extra.report_on, jury.state) == (TODAY, JuryState.DECIDED)
    for changed in (
        replace(facts, rank="B"),
        replace(facts, elsewhere="Pisa"),
        replace(facts, decides=False),
    ):
        with refused(Reason.NOT_THIS_STATE):
            acts.save_seat(
                session, thesis, jury, extra, extra.person, changed, jury.version, ACTOR, NOW, today=TODAY
            )


def test_a_jury_is_taken_back_with_a_reason_and_loses_no_approval(
    session: Session, thesis: Thesis, jury: Jury
) -> None:
    with refused(Reason.NOT_THIS_STATE):
        approvals.reopen(session, thesis, jury, "why", jury.version, ACTOR, NOW, today=TODAY)
    add(session, thesis, jury, "E3", EXAMINER)
    propose(session, thesis, jury)
    approve(session, thesis, jury, "lille")
    with refused(Reason.REASON_MISSING):
        approvals.reopen(session, thesis, jury, " ", jury.version, ACTOR, NOW, today=TODAY)
    approvals.reopen(session, thesis, jury, "A member withdrew", jury.version, ACTOR, NOW, today=TODAY)
    assert jury.state == JuryState.DRAFT
    propose(session, thesis, jury)
    approve(session, thesis, jury, "ghent")
    assert jury.state == JuryState.APPROVED


def test_nobody_sits_twice_nowhere_or_in_their_own_jury(session: Session, thesis: Thesis, jury: Jury) -> None:
    somebody = person(session, "Somebody")

    def seat(who: object, facts: acts.SeatFacts) -> None:
        acts.save_seat(session, thesis, jury, None, who, facts, None, ACTOR, NOW, today=TODAY)  # type: ignore[arg-type]

    with refused(Reason.SEAT_NOWHERE):
        seat(somebody, acts.SeatFacts())
    seat(somebody, EXAMINER)
    with refused(Reason.SEAT_TWICE):
        seat(somebody, EXAMINER)
    with refused(Reason.OWN_JURY):
        seat(thesis.candidate, EXAMINER)


def test_one_presides_at_a_time(session: Session, thesis: Thesis, jury: Jury) -> None:
    for name in ("P1", "P2"):
        add(session, thesis, jury, name, acts.SeatFacts(elsewhere="X", rank="A", president=True))
    assert [s.person.family_name for s in seats(session, jury) if s.president] == ["P2"]


def test_two_who_change_one_jury_do_not_overwrite_each_other(
    session: Session, thesis: Thesis, jury: Jury
) -> None:
    seat = seats(session, jury)[-1]
    with pytest.raises(Stale):
        acts.save_seat(
            session, thesis, jury, seat, seat.person, EXAMINER, jury.version - 1, ACTOR, NOW, today=TODAY
        )


def test_every_act_on_a_jury_is_in_the_journal(session: Session, thesis: Thesis, jury: Jury) -> None:
    add(session, thesis, jury, "E3", EXAMINER)
    propose(session, thesis, jury)
    approve(session, thesis, jury, "ghent")
    acts.set_remote(session, thesis, jury, "partial", True, jury.version, ACTOR, NOW, today=TODAY)
    approvals.reopen(session, thesis, jury, "why", jury.version, ACTOR, NOW, today=TODAY)
    found = session.scalars(select(JournalEntry.act).where(JournalEntry.act.like("jury.%"))).all()
    assert set(found) == {
        "jury.begun", "jury.seat", "jury.proposed", "jury.approved", "jury.remote", "jury.reopened",
    }  # fmt: skip
