"""Turns, completeness and the basis of signatures."""

from datetime import date

import pytest

from cotutelle.domain.escalation import Level, level
from cotutelle.domain.reschedule import next_reminder
from cotutelle.domain.signoff import Asked, Part, State, basis, changed, complete, due_now

S = State


def round_of(*states: State | None) -> list[Asked]:
    return [Asked(position, state) for position, state in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "turns"),
    [
        ((S.WAITING, S.WAITING), {0}),
        ((S.APPROVED, S.WAITING, S.WAITING), {1}),
        ((S.ASKED, S.WAITING), set()),
        ((S.SENT_BACK, S.WAITING), set()),
        ((S.DECLINED, S.WAITING), set()),
        ((S.APPROVED, S.APPROVED), set()),
        ((None, S.WAITING), set()),  # nobody was named for the first place yet
    ],
)
def test_in_turn_only_the_first_who_has_not_approved_is_asked(
    states: tuple[State | None, ...], turns: set[int]
) -> None:
    assert due_now(round_of(*states), in_turn=True) == turns


def test_side_by_side_all_who_wait_are_asked() -> None:
    assert due_now(round_of(S.WAITING, S.APPROVED, S.WAITING), in_turn=False) == {0, 2}


def test_a_signature_out_of_date_holds_up_those_after_it() -> None:
    listed = [Asked(0, S.APPROVED, outdated=True), Asked(1, S.WAITING)]
    assert due_now(listed, in_turn=True) == set()


def test_a_round_is_complete_when_everybody_approved_what_still_stands() -> None:
    assert complete(round_of(S.APPROVED, S.APPROVED))
    assert not complete(round_of(S.APPROVED, S.ASKED))
    assert not complete([Asked(0, S.APPROVED), Asked(1, S.APPROVED, outdated=True)])
    assert not complete(round_of(S.APPROVED, S.DECLINED))
    assert not complete([])


def test_only_a_fact_on_which_the_signature_rests_makes_it_out_of_date() -> None:
    shown = {"document": {"sha256": "a"}, "defence": {"on": "2027-01-01"}, "title": {"fr": "T"}}
    rests = basis(shown, [Part.DOCUMENT])
    assert changed(rests, {**shown, "title": {"fr": "U"}, "defence": None}) == []
    assert changed(rests, {**shown, "document": {"sha256": "b"}}) == ["document"]
    assert changed(rests, {}) == ["document"]


@pytest.mark.parametrize(
    ("today", "far"),
    [
        (date(2027, 3, 1), Level.WHO_ACTS),  # a month before
        (date(2027, 4, 1), Level.WHO_ACTS),  # the day itself
        (date(2027, 4, 7), Level.WHO_ACTS),  # the day before the first of the days after
        (date(2027, 4, 8), Level.OTHER_SIDE),
        (date(2027, 4, 21), Level.OTHER_SIDE),
        (date(2027, 4, 22), Level.SCHOOL),
        (date(2028, 4, 22), Level.SCHOOL),
    ],
)
def test_a_reminder_goes_one_step_further_with_each_of_its_days_after_the_due_one(
    today: date, far: Level
) -> None:
    assert level(date(2027, 4, 1), (-30, -7, 0, 7, 21), today) is far


def test_the_next_reminder_is_the_first_of_its_days_still_to_come() -> None:
    due = date(2028, 2, 29)
    assert next_reminder(due, (21, -30, 0, 7), date(2028, 1, 1)) == date(2028, 1, 30)
    assert next_reminder(due, (21, -30, 0, 7), date(2028, 1, 30)) == date(2028, 2, 29)
    assert next_reminder(due, (21, -30, 0, 7), date(2028, 3, 21)) is None
    assert next_reminder(None, (0,), date(2028, 1, 1)) is None
