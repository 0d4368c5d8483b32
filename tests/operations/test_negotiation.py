"""Changes that a party asks of the text: who answers next, where the talk stands, and that all are told."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention.negotiation import PointState
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import Convention, ConventionPoint, JournalEntry, Message, PointAnswer, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import negotiation
from tests.builders import ACTOR, NOW, TODAY, institution
from tests.operations.complete import approved, completed, put


@pytest.fixture
def thesis(session: Session) -> Thesis:
    return session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()


@pytest.fixture
def convention(session: Session, thesis: Thesis) -> Convention:
    return conventions.current(session, thesis)


def refused(reason: Reason) -> Any:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def ask(
    session: Session, thesis: Thesis, clause: str = "CL-14", owner: str | None = "lille"
) -> ConventionPoint:
    return negotiation.raise_point(
        session, thesis, conventions.current(session, thesis), clause, institution(session, "ghent"),
        institution(session, owner) if owner else None, " Eight months in Ghent. ", "Our council asks it.",
        ACTOR, NOW, today=TODAY,
    )  # fmt: skip


def answer(
    session: Session,
    thesis: Thesis,
    point: ConventionPoint,
    state: PointState,
    owner: str | None,
    **more: Any,
) -> PointAnswer:
    version = more.get("version", point.version)
    return negotiation.answer_point(
        session, thesis, point, institution(session, "lille"), state,
        institution(session, owner) if owner else None, "We look into it.", version, ACTOR, NOW, today=TODAY,
    )  # fmt: skip


def test_a_change_is_asked_of_somebody_who_answers_next(session: Session, thesis: Thesis) -> None:
    point = ask(session, thesis)
    assert (point.state, point.owner and point.owner.code) == (PointState.OPEN, "lille")
    assert point.proposal == "Eight months in Ghent."
    with refused(Reason.OWNER_MISSING):
        ask(session, thesis, owner=None)


@pytest.mark.parametrize("state", [PointState.WAITING, PointState.BLOCKED])
def test_an_answer_says_where_it_stands_and_who_is_next(
    session: Session, thesis: Thesis, convention: Convention, state: PointState
) -> None:
    point = ask(session, thesis)
    with refused(Reason.OWNER_MISSING):
        answer(session, thesis, point, state, None)
    answer(session, thesis, point, state, "ghent")
    assert (point.state, point.owner and point.owner.code) == (state, "ghent")
    assert negotiation.unsettled(session, convention) == [point]


def test_a_settled_point_waits_for_nobody_and_may_be_taken_up_again(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    point = ask(session, thesis)
    answer(session, thesis, point, PointState.SETTLED, "ghent")
    assert (point.owner_id, negotiation.unsettled(session, convention)) == (None, [])
    answer(session, thesis, point, PointState.OPEN, "ghent")
    assert [each.state for each in point.answers] == ["settled", "open"]
    assert negotiation.unsettled(session, convention) == [point]


def test_of_two_who_answer_at_once_the_second_is_told(session: Session, thesis: Thesis) -> None:
    point = ask(session, thesis)
    seen = point.version
    answer(session, thesis, point, PointState.WAITING, "ghent")
    with pytest.raises(Stale):
        answer(session, thesis, point, PointState.SETTLED, None, version=seen)
    assert point.state == PointState.WAITING


def test_an_approved_text_is_not_negotiated_any_more(session: Session, thesis: Thesis) -> None:
    put(session, completed(session, thesis))
    approved(session, thesis)
    assert thesis.convention_state == ConventionState.APPROVED
    with refused(Reason.NOT_NEGOTIATED):
        ask(session, thesis)


def test_what_is_not_settled_goes_on_in_the_draft_that_takes_a_void_text_s_place(
    session: Session, thesis: Thesis
) -> None:
    completed(session, thesis)
    settled = ask(session, thesis)
    answer(session, thesis, settled, PointState.SETTLED, None)
    put(session, thesis)
    approved(session, thesis)
    old = conventions.current(session, thesis)
    with refused(Reason.NOT_NEGOTIATED):
        answer(session, thesis, settled, PointState.BLOCKED, "ghent")
    moved = (ConventionState.VOID, TODAY, "the rector changed", None)
    conventions.move(session, thesis, old, *moved, ACTOR, NOW, today=TODAY)
    assert negotiation.points(session, conventions.current(session, thesis)) == []
    with refused(Reason.NOT_NEGOTIATED):
        answer(session, thesis, settled, PointState.OPEN, "ghent")


@pytest.mark.parametrize(("clause", "title"), [("CL-14", "Stays"), ("", "the whole text")])
def test_the_offices_are_told_what_is_asked_and_of_which_article(
    session: Session, thesis: Thesis, clause: str, title: str
) -> None:
    ask(session, thesis, clause)
    letters = session.scalars(select(Message).where(Message.kind == "point")).all()
    (letter,) = [row for row in letters if row.to == "ghent_administrator@tests.example"]
    assert title in letter.subject
    assert "Eight months in Ghent." in letter.body
    assert "UGent writes about" in letter.body
    assert "Lille answers next." in letter.body
    assert not [row for row in letters if row.to == "candidate@tests.example"]


def test_the_history_keeps_what_was_asked_and_answered(session: Session, thesis: Thesis) -> None:
    answer(session, thesis, ask(session, thesis), PointState.SETTLED, None)
    acts = session.scalars(select(JournalEntry.act).order_by(JournalEntry.sequence.desc()).limit(2)).all()
    assert acts == ["convention.point_answered", "convention.point"]
