"""Proves how a thesis and its convention move, what must say why, and what holds the parties together."""

import itertools

import pytest

from cotutelle.domain.convention import state as convention
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import (
    ENDED,
    ThesisState,
    check_move,
    check_parties,
    moves,
    needs_reason,
    reference,
)

S, C = ThesisState, ConventionState
LIFE = (S.DRAFT, S.ADMITTED, S.RUNNING, S.PRE_DEFENCE, S.DEFENDED, S.CORRECTIONS, S.COMPLETED)
WAY = (C.DRAFT, C.LEGAL_CHECK, C.PARTNER_REVIEW, C.APPROVED, C.SIGNING, C.IN_FORCE, C.EXPIRED, C.ENDED)


def reached(start: object, onward: object) -> set[object]:
    seen, todo = {start}, [start]
    while todo:
        for to in onward(todo.pop()):  # type: ignore[operator]
            if to not in seen:
                seen.add(to)
                todo.append(to)
    return seen


def test_every_state_of_a_thesis_can_be_reached() -> None:
    assert reached(S.DRAFT, moves) == set(S)


def test_a_thesis_goes_from_its_draft_to_its_end_without_saying_why() -> None:
    for state, to in itertools.pairwise(LIFE):
        check_move(state, to, "")


@pytest.mark.parametrize("state", S)
def test_going_out_always_needs_a_reason(state: S) -> None:
    for to in set(moves(state)) & (ENDED - {S.COMPLETED}):
        with pytest.raises(Refused) as refused:
            check_move(state, to, " \n")
        assert refused.value.reason is Reason.REASON_MISSING
        check_move(state, to, "because")


@pytest.mark.parametrize(("state", "to"), list(itertools.combinations(LIFE, 2)))
def test_going_back_needs_a_reason(state: S, to: S) -> None:
    earlier, later = state, to
    if earlier in moves(later):
        assert needs_reason(later, earlier)
        with pytest.raises(Refused):
            check_move(later, earlier, "")
        check_move(later, earlier, "a mistake")


@pytest.mark.parametrize("state", S)
def test_a_thesis_that_has_not_ended_can_be_withdrawn_or_cancelled(state: S) -> None:
    assert ({S.WITHDRAWN, S.CANCELLED} <= set(moves(state))) is (state not in ENDED)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_ended_thesis_only_goes_back_and_says_why(state: S) -> None:
    assert moves(state)
    assert all(to not in ENDED and needs_reason(state, to) for to in moves(state))


@pytest.mark.parametrize(("state", "to"), list(itertools.product(S, S)))
def test_a_move_that_the_states_do_not_know_is_refused_with_both(state: S, to: S) -> None:
    if to in moves(state):
        return
    with pytest.raises(Refused) as refused:
        check_move(state, to, "a reason")
    assert refused.value.reason is Reason.MOVE_NOT_ALLOWED
    assert refused.value.details == {"state": state, "to": to}


def test_nothing_moves_to_where_it_is() -> None:
    assert all(state not in moves(state) for state in S)
    assert all(state not in convention.moves(state) for state in C)
    assert all(len(set(moves(state))) == len(moves(state)) for state in S)


# The convention


def test_every_state_of_a_convention_can_be_reached() -> None:
    assert reached(C.DRAFT, convention.moves) == set(C)


def test_a_convention_goes_from_draft_to_force_and_lapses_without_saying_why() -> None:
    for state, to in itertools.pairwise(WAY[:-1]):
        convention.check_move(state, to, "")


@pytest.mark.parametrize("state", C)
def test_nothing_is_signed_before_it_is_approved(state: C) -> None:
    assert (C.SIGNING in convention.moves(state)) is (state is C.APPROVED)
    assert (C.IN_FORCE in convention.moves(state)) is (state is C.SIGNING)


@pytest.mark.parametrize("state", C)
def test_only_an_approved_text_or_one_being_signed_is_voided_and_says_why(state: C) -> None:
    assert (C.VOID in convention.moves(state)) is (state in {C.APPROVED, C.SIGNING})
    assert convention.needs_reason(state, C.VOID)


@pytest.mark.parametrize("state", [C.SIGNING, C.IN_FORCE, C.EXPIRED, C.ENDED, C.VOID])
def test_what_is_signed_never_moves_back(state: C) -> None:
    earlier = set(WAY[: WAY.index(state)]) if state in WAY else set(C)
    assert not earlier & set(convention.moves(state))


@pytest.mark.parametrize("state", [C.ENDED, C.VOID])
def test_an_ended_or_void_convention_stays_so(state: C) -> None:
    assert convention.moves(state) == ()


@pytest.mark.parametrize("state", [C.LEGAL_CHECK, C.PARTNER_REVIEW, C.APPROVED])
def test_a_text_goes_back_to_its_draft_with_a_reason(state: C) -> None:
    with pytest.raises(Refused) as refused:
        convention.check_move(state, C.DRAFT, "")
    assert refused.value.reason is Reason.REASON_MISSING
    convention.check_move(state, C.DRAFT, "the partner asked")


def test_ending_a_convention_says_why_and_its_lapse_does_not() -> None:
    assert convention.needs_reason(C.IN_FORCE, C.ENDED)
    assert not convention.needs_reason(C.IN_FORCE, C.EXPIRED)


def test_terms_change_until_the_text_is_approved() -> None:
    assert {C.DRAFT, C.LEGAL_CHECK, C.PARTNER_REVIEW} == EDITABLE


# The parties


@pytest.mark.parametrize(
    ("codes", "leads", "reason"),
    [
        ([], [], Reason.FEWER_THAN_TWO_INSTITUTIONS),
        (["lille"], [True], Reason.FEWER_THAN_TWO_INSTITUTIONS),
        (["lille", "lille"], [True, False], Reason.INSTITUTION_TWICE),
        (["ghent", "lille", "ghent"], [True, False, False], Reason.INSTITUTION_TWICE),
        (["lille", "ghent"], [False, False], Reason.NOT_ONE_LEAD),
        (["lille", "ghent"], [True, True], Reason.NOT_ONE_LEAD),
    ],
)
def test_parties_that_do_not_hold_together_are_refused(
    codes: list[str], leads: list[bool], reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        check_parties([(code, code.upper()) for code in codes], leads)
    assert (refused.value.reason, refused.value.field) == (reason, "parties")
    if reason is Reason.INSTITUTION_TWICE:
        assert refused.value.details["institution"] == codes[0].upper()


@pytest.mark.parametrize("count", [2, 3, 4, 12])
def test_any_number_of_institutions_from_two_holds(count: int) -> None:
    check_parties([(f"u{n}", f"U{n}") for n in range(count)], [n == count - 1 for n in range(count)])


def test_a_reference_names_lead_year_and_number() -> None:
    assert reference("lille", 2026, 7) == "LILLE-2026-0007"
    assert reference("ku-leuven", 2026, 12345) == "KU-LEUVEN-2026-12345"
