"""The convention signed: the bytes of the agreed version alone, by everybody, after everybody approved them."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, Event, SignOff, Thesis
from cotutelle.operations import calendar, convention_signing, signoff
from cotutelle.operations import convention as conventions
from cotutelle.operations import document as documents
from cotutelle.operations.asking import Named
from cotutelle.operations.standing import standing
from tests.builders import ACTOR, NOW, TODAY
from tests.operations.complete import approved, completed, put
from tests.operations.in_force import ask, everybody, made, milestone, sign

C = ConventionState


@pytest.fixture
def thesis(session: Session) -> Thesis:
    found = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
    completed(session, found)
    put(session, found)
    return found


@pytest.fixture
def convention(session: Session, thesis: Thesis) -> Convention:
    return conventions.current(session, thesis)


def refused(reason: Reason) -> Any:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def test_the_chain_is_the_candidate_then_the_lead_side_then_the_partner_then_the_head_of_the_lead(
    session: Session, thesis: Thesis
) -> None:
    assert list(standing(session, milestone(session, thesis))) == [
        ("candidate", ""), ("director", "lille"), ("unit_head", "lille"), ("school", "lille"),
        ("director", "ghent"), ("school", "ghent"), ("head", "ghent"), ("head", "lille"),
    ]  # fmt: skip


def test_nobody_is_asked_before_every_party_approved_that_very_text(session: Session, thesis: Thesis) -> None:
    with refused(Reason.NOT_APPROVED):
        ask(session, thesis)
    approved(session, thesis, "lille")
    with refused(Reason.NOT_APPROVED):
        ask(session, thesis)
    approved(session, thesis, "ghent")
    with refused(Reason.FINAL_MISSING):
        ask(session, thesis)


def test_nothing_else_is_signed_than_the_final_version(session: Session, thesis: Thesis) -> None:
    approved(session, thesis)
    other = documents.add_document(
        session, thesis, "convention", "A draft", "everyone", ACTOR, NOW,
        digest="cd" * 32, filename="draft.pdf", media_type="application/pdf", size=1, today=TODAY,
    )  # fmt: skip
    agreed = made(session, thesis)
    with refused(Reason.NOT_THE_AGREED_TEXT):
        ask(session, thesis, other.id)
    ask(session, thesis, agreed.id)
    assert milestone(session, thesis).document_id == agreed.id
    assert convention_signing.holds_agreed_text(session, agreed)
    assert not convention_signing.holds_agreed_text(session, other)


def test_asking_begins_the_signature_and_the_last_one_puts_it_in_force(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    approved(session, thesis)
    made(session, thesis)
    rows = ask(session, thesis)
    assert convention.state == C.SIGNING
    for row in rows:
        assert convention.state == C.SIGNING
        session.refresh(row)
        assert row.state == "asked", "each in turn"
        sign(session, row)
    assert (convention.state, convention.in_force_on) == (C.IN_FORCE, TODAY)
    events = session.scalars(
        select(Event).where(Event.thesis_id == thesis.id, Event.kind == "signature")
    ).all()
    assert [event.on for event in events] == [TODAY]


def test_a_convention_is_not_moved_into_force_while_somebody_is_asked(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    approved(session, thesis)
    made(session, thesis)
    ask(session, thesis)
    with refused(Reason.SIGNATURES_OPEN):
        conventions.move(session, thesis, convention, C.IN_FORCE, TODAY, "", None, ACTOR, NOW, today=TODAY)


def paper(session: Session, thesis: Thesis, named: Named, on: date) -> SignOff:
    scan = documents.add_document(
        session, thesis, "other", "Scan", "parties", ACTOR, NOW,
        digest="ef" * 32, filename="scan.pdf", media_type="application/pdf", size=1, today=TODAY,
    )  # fmt: skip
    return signoff.record_paper(
        session, thesis, milestone(session, thesis), named, on, scan.id, ACTOR, NOW, today=TODAY
    )


def test_signatures_on_paper_rest_on_the_same_bytes_and_count_alike(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    named = everybody(session, thesis)
    with refused(Reason.NOT_APPROVED):
        paper(session, thesis, named[0], TODAY)
    approved(session, thesis)
    agreed = made(session, thesis)
    with refused(Reason.SIGNED_BEFORE_APPROVAL):
        paper(session, thesis, named[0], TODAY - timedelta(days=1))
    for each in named:
        paper(session, thesis, each, TODAY)
    assert milestone(session, thesis).document_id == agreed.id
    assert convention.state == C.IN_FORCE


def test_a_void_text_asks_nobody_and_what_was_signed_of_it_counts_no_more(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    approved(session, thesis)
    made(session, thesis)
    rows = ask(session, thesis)
    sign(session, rows[0])
    reason = "the rector changed"
    conventions.move(session, thesis, convention, C.VOID, TODAY, reason, None, ACTOR, NOW, today=TODAY)
    for row in rows:
        session.refresh(row)
    assert {row.state for row in rows[1:]} == {"withdrawn"}
    assert rows[0].outdated_at is not None
    with refused(Reason.NOT_APPROVED):
        ask(session, thesis)


def test_the_calendar_keeps_its_place_for_the_signature_whatever_rules_say(
    session: Session, thesis: Thesis
) -> None:
    assert milestone(session, thesis).state == "open"
    assert "convention" in {row.kind for row in calendar.rows_of(session, thesis).values()}
