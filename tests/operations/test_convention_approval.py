"""A version lies before the parties: each approves that very text, and nobody signs before all of them have."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db, transaction
from cotutelle.domain.convention.negotiation import PointState
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Convention, ConventionApproval, JournalEntry, Message, Thesis, Transition
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_approval as approvals
from cotutelle.operations import convention_terms, negotiation
from cotutelle.operations import convention_version as versions
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, TODAY, institution
from tests.operations.complete import approved, completed, put

C = ConventionState


@pytest.fixture
def thesis(session: Session) -> Thesis:
    found = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
    return completed(session, found)


@pytest.fixture
def convention(session: Session, thesis: Thesis) -> Convention:
    return conventions.current(session, thesis)


def refused(reason: Reason) -> Any:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def settle_term(session: Session, thesis: Thesis, convention: Convention, payer: str = "host") -> None:
    changes = {"travel_payer": payer}
    convention_terms.edit_terms(session, thesis, convention, changes, None, ACTOR, NOW, today=TODAY)


def approve(session: Session, thesis: Thesis, number: int, code: str, **more: Any) -> None:
    given = {"on": TODAY, "note": "", **more}
    approvals.approve(
        session, thesis, conventions.current(session, thesis), number, institution(session, code).id,
        given["on"], given["note"], ACTOR, NOW, today=TODAY,
    )  # fmt: skip


def test_what_lies_before_the_parties_stays_that_text_whatever_is_written_afterwards(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    first = put(session, thesis)
    assert (first.number, first.put_on, first.file_digest) == (1, TODAY, None)
    assert convention.state == C.PARTNER_REVIEW
    said = [dict(article) for article in first.text or []]
    assert "CL-14" in {article["clause"] for article in said}
    settle_term(session, thesis, convention)
    assert first.text == said
    second = put(session, thesis)
    assert second.number == 2
    assert second.text != said


def test_the_same_text_is_not_put_twice_and_keeps_its_number_and_approvals_when_it_comes_back(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    first = put(session, thesis)
    with refused(Reason.TEXT_UNCHANGED):
        put(session, thesis)
    approve(session, thesis, 1, "ghent")
    conventions.move(
        session, thesis, convention, C.DRAFT, TODAY, "let us look again", None, ACTOR, NOW, today=TODAY
    )
    again = put(session, thesis)
    assert again.id == first.id
    assert approvals.waiting_for(session, again) == ["lille"]


def test_the_text_is_agreed_with_the_last_party_and_is_then_what_the_convention_says(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    row = put(session, thesis)
    approve(session, thesis, 1, "lille")
    assert (convention.state, convention.agreed) == (C.PARTNER_REVIEW, None)
    approve(session, thesis, 1, "ghent")
    assert (convention.state, thesis.convention_state) == (C.APPROVED, C.APPROVED)
    assert convention.agreed == row.facts
    assert versions.agreed_version(session, convention) is row
    last = session.scalars(select(Transition.to_state).order_by(Transition.id.desc())).first()
    assert last == C.APPROVED
    with refused(Reason.MOVE_NOT_ALLOWED):
        settle_term(session, thesis, convention)
    with refused(Reason.MOVE_NOT_ALLOWED):
        put(session, thesis)


def test_what_the_file_says_meanwhile_does_not_change_what_was_approved(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    approve(session, thesis, 1, "lille")
    settle_term(session, thesis, convention, "lead")
    approve(session, thesis, 1, "ghent")
    assert conventions.text_of(session, thesis, convention).terms.get("travel_payer") != "lead"


def test_nobody_moves_a_convention_to_approved_by_hand(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    with refused(Reason.BY_APPROVALS):
        conventions.move(session, thesis, convention, C.APPROVED, TODAY, "", None, ACTOR, NOW, today=TODAY)


@pytest.mark.parametrize("state", [C.DRAFT, C.LEGAL_CHECK])
def test_nothing_is_approved_that_does_not_lie_before_the_parties(
    session: Session, thesis: Thesis, convention: Convention, state: C
) -> None:
    if state is C.LEGAL_CHECK:
        conventions.move(session, thesis, convention, state, TODAY, "", None, ACTOR, NOW, today=TODAY)
    with refused(Reason.NOT_BEFORE_PARTIES):
        approve(session, thesis, 1, "lille")


def test_a_version_that_was_replaced_is_approved_by_nobody(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    approve(session, thesis, 1, "lille")
    settle_term(session, thesis, convention)
    put(session, thesis)
    with refused(Reason.TEXT_REPLACED) as error:
        approve(session, thesis, 1, "ghent")
    assert error.value.details == {"number": 2}
    approve(session, thesis, 2, "ghent")
    assert convention.state == C.PARTNER_REVIEW, "Lille approved version 1 and not version 2"


def test_only_a_party_approves_once_and_on_a_day_that_can_be(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    with refused(Reason.UNKNOWN_INSTITUTION):
        approve(session, thesis, 1, "laval")
    with refused(Reason.DATE_AHEAD):
        approve(session, thesis, 1, "lille", on=TODAY + timedelta(days=1))
    with refused(Reason.BEFORE_PUT):
        approve(session, thesis, 1, "lille", on=TODAY - timedelta(days=1))
    approve(session, thesis, 1, "lille")
    with refused(Reason.APPROVED_ALREADY):
        approve(session, thesis, 1, "lille")


def test_an_approval_is_taken_back_with_a_reason_and_the_others_hold(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    row = put(session, thesis)
    approved(session, thesis)
    ghent = institution(session, "ghent").id
    with refused(Reason.REASON_MISSING):
        approvals.take_back(session, thesis, convention, 1, ghent, " ", ACTOR, NOW, today=TODAY)
    approvals.take_back(
        session, thesis, convention, 1, ghent, "The dean is against it.", ACTOR, NOW, today=TODAY
    )
    assert (convention.state, convention.agreed) == (C.PARTNER_REVIEW, None)
    assert approvals.waiting_for(session, row) == ["ghent"]
    with refused(Reason.NOT_APPROVED_BY_THEM):
        approvals.take_back(session, thesis, convention, 1, ghent, "again", ACTOR, NOW, today=TODAY)
    approve(session, thesis, 1, "ghent")
    assert convention.state == C.APPROVED
    kept = session.scalars(select(ConventionApproval).order_by(ConventionApproval.id)).all()
    assert [each.withdrawn_why for each in kept] == ["", "The dean is against it.", ""]


def test_going_back_from_an_approved_text_takes_every_approval_of_it_back(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    row = put(session, thesis)
    approved(session, thesis)
    conventions.move(
        session,
        thesis,
        convention,
        C.PARTNER_REVIEW,
        TODAY,
        "the title changes",
        None,
        ACTOR,
        NOW,
        today=TODAY,
    )
    assert approvals.waiting_for(session, row) == ["lille", "ghent"]
    approved(session, thesis)
    assert convention.state == C.APPROVED


def test_once_it_is_being_signed_no_approval_is_taken_back(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    approved(session, thesis)
    conventions.move(session, thesis, convention, C.SIGNING, TODAY, "", None, ACTOR, NOW, today=TODAY)
    with refused(Reason.MOVE_NOT_ALLOWED):
        approvals.take_back(
            session,
            thesis,
            convention,
            1,
            institution(session, "ghent").id,
            "too late",
            ACTOR,
            NOW,
            today=TODAY,
        )


def test_a_text_about_which_something_is_open_is_not_approved(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    lille, ghent = institution(session, "lille"), institution(session, "ghent")
    asked = (convention, "CL-14", ghent, lille, "Eight months at Ghent", "our council asks it")
    point = negotiation.raise_point(session, thesis, *asked, ACTOR, NOW, today=TODAY)
    with refused(Reason.POINTS_OPEN) as error:
        approve(session, thesis, 1, "lille")
    assert error.value.details == {"count": 1}
    said = (point, lille, PointState.SETTLED, None, "Agreed.", point.version)
    negotiation.answer_point(session, thesis, *said, ACTOR, NOW, today=TODAY)
    approve(session, thesis, 1, "lille")


def test_an_approval_of_another_version_is_not_taken_back(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    settle_term(session, thesis, convention)
    put(session, thesis)
    approve(session, thesis, 2, "ghent")
    ghent = institution(session, "ghent").id
    with refused(Reason.TEXT_REPLACED):
        approvals.take_back(session, thesis, convention, 1, ghent, "of version 1", ACTOR, NOW, today=TODAY)


@pytest.mark.parametrize("before", [C.DRAFT, C.LEGAL_CHECK])
def test_the_institutions_read_a_version_and_not_a_state_moved_by_hand(
    session: Session, thesis: Thesis, convention: Convention, before: C
) -> None:
    if before is C.LEGAL_CHECK:
        conventions.move(session, thesis, convention, before, TODAY, "", None, ACTOR, NOW, today=TODAY)
    with refused(Reason.BY_SUBMITTING):
        conventions.move(
            session, thesis, convention, C.PARTNER_REVIEW, TODAY, "", None, ACTOR, NOW, today=TODAY
        )


def test_wordings_that_changed_since_the_approval_are_not_signed(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    row = put(session, thesis)
    approved(session, thesis)
    clauses = {key: dict(used) for key, used in row.clauses.items()}
    row.clauses = {**clauses, "CL-14.fr": {"version": "an older one", "state": "drafted"}}
    session.flush()
    with refused(Reason.WORDINGS_CHANGED):
        conventions.move(session, thesis, convention, C.SIGNING, TODAY, "", None, ACTOR, NOW, today=TODAY)
    row.clauses = {key: {**used, "state": "read by a jurist"} for key, used in clauses.items()}
    session.flush()
    conventions.move(session, thesis, convention, C.SIGNING, TODAY, "", None, ACTOR, NOW, today=TODAY)


def test_who_signs_is_part_of_the_text(session: Session, thesis: Thesis, convention: Convention) -> None:
    first = put(session, thesis)
    institution(session, "ghent").head_name = "Rik Van de Walle"
    session.flush()
    second = put(session, thesis)
    page = [article["rows"] for article in second.text or [] if article["clause"] == "SG"]
    assert "UGent: Rik Van de Walle" in str(page)
    assert first.text != second.text


def test_a_thesis_that_ended_is_negotiated_no_more(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    thesis.state = ThesisState.CANCELLED
    with refused(Reason.THESIS_ENDED):
        approve(session, thesis, 1, "lille")
    with refused(Reason.THESIS_ENDED):
        put(session, thesis)


def test_going_back_tells_the_offices_why_their_approvals_are_gone(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    approved(session, thesis)
    reason = "the title changes"
    conventions.move(session, thesis, convention, C.DRAFT, TODAY, reason, None, ACTOR, NOW, today=TODAY)
    letters = session.scalars(select(Message).where(Message.kind == "text_reopened")).all()
    assert "ghent_administrator@tests.example" in {letter.to for letter in letters}
    assert all(reason in letter.body for letter in letters)


def test_a_stale_form_puts_nothing_before_the_parties(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    seen = convention.version
    settle_term(session, thesis, convention)
    with pytest.raises(Stale):
        approvals.put(session, thesis, convention, seen, ACTOR, NOW, today=TODAY)


def test_the_offices_of_all_parties_are_told_and_the_history_says_who_approved_what(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    put(session, thesis)
    approved(session, thesis)
    to = set(session.scalars(select(Message.to).where(Message.kind == "text_put")))
    assert {"administrator@tests.example", "ghent_administrator@tests.example"} <= to
    assert "candidate@tests.example" not in to
    assert session.scalars(select(Message.id).where(Message.kind == "text_agreed")).all()
    acts = session.scalars(select(JournalEntry.act).order_by(JournalEntry.sequence)).all()
    assert [act for act in acts if act.startswith("convention.") and act != "convention.edited"] == [
        "convention.put", "convention.moved", "convention.approved", "convention.approved", "convention.moved",
    ]  # fmt: skip


@pytest.fixture
def before_the_parties(app: Flask) -> Flask:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        found = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
        put(session, completed(session, found))
    return app


def at_once(app: Flask, *acts: Any) -> list[Any]:
    """Run acts at the same time, each in a transaction of its own; what each of them raised, or None."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction() as session, as_system(session, "tests"):
                    found = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
                    acts[index](session, found)
            except (Refused, Stale) as error:
                answers[index] = error  # type: ignore[call-overload]
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def test_of_two_parties_approving_different_versions_at_the_same_second_one_is_told(
    before_the_parties: Flask,
) -> None:
    def replace(session: Session, thesis: Thesis) -> None:
        settle_term(session, thesis, conventions.current(session, thesis))
        put(session, thesis)
        approve(session, thesis, 2, "lille")

    def keep(session: Session, thesis: Thesis) -> None:
        approve(session, thesis, 1, "ghent")

    first, second = at_once(before_the_parties, replace, keep)
    with before_the_parties.app_context():
        session = db.session()
        with as_system(session, "tests"):
            thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
            row = versions.latest_put(session, conventions.current(session, thesis))
            assert row is not None
            assert first is None
            assert thesis.convention_state == C.PARTNER_REVIEW
            assert approvals.waiting_for(session, row) == ["ghent"]
            assert row.number == 2
    assert second is None or second.reason is Reason.TEXT_REPLACED


def test_two_parties_who_approve_the_same_text_at_once_both_count(before_the_parties: Flask) -> None:
    answers = at_once(
        before_the_parties,
        lambda session, thesis: approve(session, thesis, 1, "lille"),
        lambda session, thesis: approve(session, thesis, 1, "ghent"),
    )
    assert answers == [None, None]
    with before_the_parties.app_context():
        session = db.session()
        with as_system(session, "tests"):
            thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
            assert thesis.convention_state == C.APPROVED


def test_a_point_and_the_last_approval_at_the_same_second_do_not_both_pass(before_the_parties: Flask) -> None:
    with before_the_parties.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
        approve(session, thesis, 1, "lille")

    def argue(session: Session, thesis: Thesis) -> None:
        lille, ghent = institution(session, "lille"), institution(session, "ghent")
        asked = (conventions.current(session, thesis), "CL-14", ghent, lille, "Eight months", "why not")
        negotiation.raise_point(session, thesis, *asked, ACTOR, NOW, today=TODAY)

    answers = at_once(before_the_parties, argue, lambda session, thesis: approve(session, thesis, 1, "ghent"))
    reasons = {each.reason for each in answers if each is not None}
    assert reasons in ({Reason.POINTS_OPEN}, {Reason.NOT_NEGOTIATED})
