"""Medians, spreads and waits: figured out by hand beside the code."""

from datetime import date, timedelta

import pytest

from cotutelle.domain.figures import Spread, Step, by_step, spread, until_signed, waits
from cotutelle.domain.figures import course as begun

DAY = date(2026, 1, 1)


def course(*moves: tuple[str, int]) -> list[Step]:
    """The moves of a convention: into which state, so many days after the first of January."""
    return [Step(entered, DAY + timedelta(days=days)) for entered, days in moves]


WHOLE = course(
    ("legal_check", 0), ("partner_review", 30), ("approved", 90), ("signing", 100), ("in_force", 160)
)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ([], None),
        ([7], Spread(1, 7, 7, 7)),
        ([10, 20], Spread(2, 15, 12, 18)),
        ([1, 2, 3, 4, 5], Spread(5, 3, 2, 4)),
        ([5, 1, 4, 2, 3], Spread(5, 3, 2, 4)),
    ],
)
def test_the_middle_and_the_middle_half(days: list[int], found: Spread | None) -> None:
    assert spread(days) == found


def test_it_counts_from_the_registration_or_from_the_day_it_left_its_draft_whichever_came_first() -> None:
    assert until_signed(begun(DAY - timedelta(days=10), WHOLE)) == 170
    assert until_signed(begun(DAY + timedelta(days=500), WHOLE)) == 160


def test_what_is_not_signed_took_no_time_yet_and_of_what_came_signed_nobody_knows_the_request() -> None:
    assert until_signed(begun(DAY, WHOLE[:-1])) is None
    assert until_signed(begun(DAY, [])) is None
    assert until_signed(begun(DAY, [Step("in_force", date(2019, 5, 1))])) is None


def test_a_signature_recorded_before_its_request_counts_for_nothing() -> None:
    odd = [Step("legal_check", DAY), Step("in_force", DAY - timedelta(days=9))]
    assert until_signed(begun(DAY, odd)) is None
    assert list(waits(begun(DAY, odd))) == [("draft", 0)]


def test_each_state_waits_until_the_next_and_what_comes_after_the_signature_does_not_count() -> None:
    ended = [*WHOLE, Step("expired", DAY + timedelta(days=900))]
    assert list(waits(begun(DAY - timedelta(days=3), ended))) == [
        ("draft", 3), ("legal_check", 30), ("partner_review", 60), ("approved", 10), ("signing", 60),
    ]  # fmt: skip


def test_states_stand_in_the_order_of_the_way_with_what_is_over_left_out() -> None:
    back = course(
        ("partner_review", 0), ("draft", 20), ("partner_review", 25), ("approved", 65), ("void", 70)
    )
    found = by_step([WHOLE, back])
    assert list(found) == ["draft", "legal_check", "partner_review", "approved", "signing"]
    assert found["partner_review"] == spread([60, 20, 40])
    assert found["draft"] == Spread(1, 5, 5, 5)
