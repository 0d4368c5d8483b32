"""Proves how milestones stand: late only once their day has ended, done by what is recorded, meetings counted for their year."""

from dataclasses import replace
from datetime import date

import pytest

from cotutelle.domain.dossier import Dossier, Recorded, Year
from cotutelle.domain.jury import Jury, Seat, SeatRole
from cotutelle.domain.milestone import schedule
from cotutelle.domain.progress import Standing, Stands, stand
from cotutelle.rulebooks.plans import shipped
from cotutelle.rulebooks.shelf import standard
from tests.domain.test_milestone import thesis


def standing(dossier: Dossier, kind: str, today: str, year: int = 0, institution: str = "lille") -> Stands:
    plans = shipped()
    found = stand(dossier, schedule(dossier, plans, standard()), plans, date.fromisoformat(today))
    return next(
        each
        for each in found
        if each.milestone.kind == kind
        and each.milestone.year == year
        and institution in each.milestone.institutions
    )


def recorded(dossier: Dossier, **events: str) -> Dossier:
    return replace(
        dossier, events={kind: (Recorded(date.fromisoformat(day)),) for kind, day in events.items()}
    )


@pytest.mark.parametrize(
    ("today", "how"),
    [
        ("2026-10-11", "ahead"), ("2026-10-12", "soon"), ("2026-11-11", "soon"), ("2026-11-12", "late"),
    ],
)  # fmt: skip
def test_a_milestone_is_late_the_day_after_and_soon_thirty_days_before(today: str, how: str) -> None:
    assert standing(thesis("lille", "ghent", defence="2026-12-11"), "deposit", today).standing == how


def test_what_is_recorded_is_done_on_its_day_also_when_it_was_late() -> None:
    done = recorded(thesis("lille", "ghent", defence="2026-12-11"), deposit="2026-11-20")
    assert standing(done, "deposit", "2026-12-01") == Stands(
        standing(done, "deposit", "2026-12-01").milestone, Standing.DONE, date(2026, 11, 20)
    )


def test_without_a_day_nothing_is_late() -> None:
    assert standing(thesis("lille", "ghent"), "deposit", "2030-01-01").standing is Standing.NO_DAY


def test_what_was_due_before_the_file_was_taken_over_is_never_late() -> None:
    taken = thesis("lille", "ghent", followed_since=date(2025, 1, 1))
    assert standing(taken, "charter", "2026-01-01").standing is Standing.BEFORE_TAKEOVER
    assert standing(taken, "enrolment", "2026-01-01", 2025).standing is Standing.LATE


def test_an_enrolment_is_done_where_and_when_it_was_made() -> None:
    made = thesis("lille", "ghent", years=(Year("lille", 2024, date(2024, 10, 4), "paid", True),))
    assert standing(made, "enrolment", "2025-01-01", 2024).done_on == date(2024, 10, 4)
    assert standing(made, "enrolment", "2025-01-01", 2024, "ghent").standing is Standing.LATE


@pytest.mark.parametrize(
    ("met", "second", "third"),
    [
        ("2024-06-15", "done", "late"),
        ("2023-10-02", "late", "late"),  # the day of the first enrolment: not after it
        ("2024-10-04", "done", "late"),  # the very day of the second
        ("2024-10-05", "late", "done"),  # the day after it counts for the next
        ("2025-09-20", "late", "done"),  # after the day due, before the next enrolment
    ],
)
def test_a_meeting_counts_for_the_enrolment_that_follows_it(met: str, second: str, third: str) -> None:
    enrolled = (
        Year("lille", 2023, date(2023, 10, 2), "paid", True),
        Year("lille", 2024, date(2024, 10, 4), "paid", True),
    )
    dossier = recorded(thesis("lille", "ghent", years=enrolled), committee=met)
    assert standing(dossier, "committee", "2025-12-01", 2024).standing == second
    assert standing(dossier, "committee", "2025-12-01", 2025).standing == third


def test_a_partners_meeting_is_not_the_french_committees() -> None:
    there = replace(thesis("lille", "ghent"), events={"committee": (Recorded(date(2024, 6, 1), "ghent"),)})
    assert standing(there, "committee", "2025-01-01", 2024).standing is Standing.LATE


def test_the_reports_are_done_with_the_last_of_them() -> None:
    def jury(*days: date | None) -> Jury:
        return Jury(
            tuple(
                Seat(id=str(n), institution="x", role=SeatRole.MEMBER, rapporteur="academic", report_on=day)
                for n, day in enumerate(days)
            )
        )

    base = thesis("lille", "ghent", defence="2026-12-11")
    both = replace(base, jury=jury(date(2026, 11, 20), date(2026, 11, 22)))
    assert standing(both, "reports", "2026-11-30").done_on == date(2026, 11, 22)
    one = replace(base, jury=jury(date(2026, 11, 20), None))
    assert standing(one, "reports", "2026-11-30").standing is Standing.LATE
    assert standing(replace(base, jury=Jury(())), "reports", "2026-11-30").standing is Standing.LATE


def test_an_extension_granted_settles_the_end_of_the_duration() -> None:
    over = thesis("lille", "ghent")
    assert standing(over, "duration", "2027-01-01").standing is Standing.LATE
    assert (
        standing(recorded(over, extension="2026-09-15"), "duration", "2027-01-01").standing is Standing.DONE
    )


def test_a_thesis_that_was_defended_has_its_defence_done() -> None:
    held = thesis("lille", "ghent", defence="2026-12-11", state="defended")
    assert standing(held, "defence", "2027-01-01", institution="ghent").done_on == date(2026, 12, 11)
