"""Proves the calendar of a thesis: days counted from the defence, the committee by its date, gaps, shared acts, holidays."""

from dataclasses import replace
from datetime import date

import pytest

from cotutelle.domain.calendar import Period, at_rest, working_days_from
from cotutelle.domain.dossier import Absence, Dossier, Recorded
from cotutelle.domain.milestone import Milestone, schedule
from cotutelle.rulebooks.plans import shipped
from cotutelle.rulebooks.shelf import standard


def thesis(
    *institutions: str,
    defence: str = "",
    first: str = "2023-10-02",
    full_time: bool | None = True,
    **more: object,
) -> Dossier:
    """A thesis of institutions written ``lille:SHS``, the first one leading."""
    library, places = standard(), []
    for number, name in enumerate(institutions):
        code, _separator, school = name.partition(":")
        place = library.place(code, lead=number == 0)
        assert place is not None
        places.append(replace(place, schools=library.schools(code, [school] if school else [])))
    return Dossier(
        tuple(places),
        first_enrolment=date.fromisoformat(first),
        defence=date.fromisoformat(defence) if defence else None,
        full_time=full_time,
        **more,  # type: ignore[arg-type]
    )


def calendar(dossier: Dossier) -> list[Milestone]:
    return list(schedule(dossier, shipped(), standard()))


def due(dossier: Dossier, kind: str, institution: str = "") -> list[str]:
    """The days of a kind, as text; an institution narrows to those it asks."""
    found = [m for m in calendar(dossier) if m.kind == kind and institution in ("", *m.institutions)]
    return [str(m.due) for m in found]


@pytest.mark.parametrize(
    ("school", "kind", "day"),
    [
        ("SMRE", "jury_proposed", "2026-09-11"),
        ("SHS", "jury_file", "2026-09-18"),
        ("SHS", "jury_entered", "2026-10-16"),
        ("SESAM", "school_contact", "2026-10-02"),
        ("SESAM", "jury_validated", "2026-10-16"),
        ("", "deposit", "2026-11-11"),
        ("", "reports", "2026-11-27"),
        ("", "authorisation", "2026-11-27"),
        ("", "reports_sent", "2026-12-10"),
        ("", "abstract", "2026-12-10"),
        ("", "defence", "2026-12-11"),
        ("", "defence_report", "2027-01-11"),
        ("", "corrections", "2027-03-11"),
    ],
)
def test_the_calendar_counts_from_the_day_of_the_defence(school: str, kind: str, day: str) -> None:
    assert due(thesis(f"lille:{school}", "ghent", defence="2026-12-11"), kind, "lille") == [day]


def test_a_school_asks_nothing_of_the_theses_of_another() -> None:
    kinds = {m.kind for m in calendar(thesis("lille:SMRE", "ghent", defence="2026-12-11"))}
    assert "jury_proposed" in kinds
    assert not kinds & {"jury_file", "jury_entered", "school_contact", "jury_validated"}


def test_a_month_before_the_end_of_march_is_the_last_day_of_february() -> None:
    assert due(thesis("lille", "ghent", defence="2027-03-31"), "deposit") == ["2027-02-28"]
    assert due(thesis("lille", "ghent", defence="2028-03-31"), "deposit") == ["2028-02-29"]


def test_a_first_enrolment_on_29_february_ends_its_three_years_on_the_27th() -> None:
    assert due(thesis("lille", "ghent", first="2024-02-29"), "duration") == ["2027-02-27"]


@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("2019-10-01", ["2021-09-01"]),  # asked from the third enrolment
        ("2020-10-01", ["2022-09-01"]),
        ("2021-10-01", ["2023-09-01"]),  # the second was in September 2022: before the change
        ("2022-10-01", ["2023-09-01", "2024-09-01"]),  # from the second
        ("2014-10-01", ["2016-09-01"]),
        ("2012-10-01", []),
    ],
)
def test_the_committee_meets_before_the_enrolments_that_the_text_of_their_day_names(
    first: str, days: list[str]
) -> None:
    assert due(thesis("lille", "ghent", first=first), "committee") == days


def test_a_year_in_a_gap_period_has_no_enrolment_and_no_committee_and_the_end_moves_with_it() -> None:
    gap = (Absence("gap", Period(date(2024, 9, 1), date(2025, 8, 31))),)
    without, with_gap = thesis("lille", "ghent"), thesis("lille", "ghent", absences=gap)
    assert due(without, "enrolment", "lille") == ["2023-10-02", "2024-09-01", "2025-09-01"]
    assert due(with_gap, "enrolment", "lille") == ["2023-10-02", "2025-09-01", "2026-09-01"]
    assert due(with_gap, "committee") == ["2025-09-01", "2026-09-01"]
    assert due(without, "duration") == ["2026-10-01"]
    assert due(with_gap, "duration") == ["2027-10-01"]


@pytest.mark.parametrize(
    ("kind", "begin", "end", "day"),
    [
        ("maternity", date(2024, 1, 1), date(2024, 4, 21), "2027-01-21"),
        ("sick", date(2024, 1, 1), date(2024, 4, 30), "2026-10-01"),  # four months: not more than four
        ("sick", date(2024, 1, 1), date(2024, 5, 1), "2027-01-31"),
        ("accident", date(2024, 1, 1), date(2024, 2, 28), "2026-10-01"),
    ],
)
def test_leaves_add_their_length_as_article_14_counts_them(
    kind: str, begin: date, end: date, day: str
) -> None:
    absences = (Absence(kind, Period(begin, end)),)
    assert due(thesis("lille", "ghent", absences=absences), "duration") == [day]


@pytest.mark.parametrize(
    ("begin", "end", "day"),
    [
        (date(2010, 1, 1), date(2010, 12, 31), "2026-10-01"),  # over before it began
        (date(2035, 1, 1), date(2036, 12, 31), "2026-10-01"),  # long after it
        (date(2023, 9, 2), date(2023, 10, 31), "2026-10-31"),  # thirty of its days are days of the thesis
        (date(2026, 10, 1), date(2027, 3, 31), "2027-04-01"),  # begins on the last day
        (date(2026, 10, 2), date(2027, 3, 31), "2026-10-01"),  # and the day after
    ],
)
def test_only_days_of_the_thesis_are_added(begin: date, end: date, day: str) -> None:
    assert due(thesis("lille", "ghent", absences=(Absence("parental", Period(begin, end)),)), "duration") == [
        day
    ]


def test_a_day_that_a_plan_alone_names_stays_to_be_verified_though_a_rule_asks_for_the_act() -> None:
    record = next(
        m for m in calendar(thesis("lille", "ghent", defence="2026-12-11")) if m.kind == "star_record"
    )
    assert record.required_by == ("FR-STAR",)
    assert record.certainty == "to_verify"


def test_two_french_institutions_have_one_set_of_reports_and_each_its_authorisation() -> None:
    there = thesis("lille", "paris-saclay", "ghent", defence="2026-12-11")
    for kind in ("reports", "reports_sent", "abstract", "defence_report", "star_record"):
        assert len(due(there, kind)) == 1, kind
    assert len(due(there, "authorisation")) == 2


def test_part_time_has_six_years_and_so_many_enrolments() -> None:
    part = thesis("lille", "ghent", full_time=False)
    assert due(part, "duration") == ["2029-10-01"]
    assert len(due(part, "enrolment", "lille")) == 6


def test_a_defence_before_the_cut_off_spares_the_last_enrolment_and_one_after_it_does_not() -> None:
    spared = thesis("lille", "ghent", defence="2026-12-31")
    assert due(spared, "enrolment", "lille")[-1] == "2025-09-01"
    assert due(spared, "committee")[-1] == "2025-09-01"
    assert due(thesis("lille", "ghent", defence="2027-01-01"), "enrolment", "lille")[-1] == "2026-09-01"


def test_ghent_has_two_sessions_and_appraisals_seven_working_days_before_the_first() -> None:
    there = thesis("lille:SHS", "ghent:LW", defence="2026-05-12")
    assert due(there, "first_part") == ["2026-05-07"]
    assert due(there, "faculty_council") == ["2026-04-07"]
    assert due(there, "board_appraisals") == ["2026-04-27"]  # 1 May is a holiday in Belgium
    first_part = [m for m in calendar(there) if m.kind == "first_part"]
    assert first_part[0].required_by == ("BE-UG-DATES",)
    assert first_part[0].certainty == "sourced"


def test_other_faculties_of_ghent_have_the_same_two_sessions_still_to_be_verified() -> None:
    first_part = [
        m for m in calendar(thesis("lille", "ghent:DI", defence="2026-05-12")) if m.kind == "first_part"
    ]
    assert [m.certainty for m in first_part] == ["to_verify"]


def test_what_is_counted_from_a_recorded_event_follows_it() -> None:
    held = {"first_part": (Recorded(date(2026, 4, 1), "ghent"),)}
    there = thesis("lille", "ghent:LW", defence="2026-05-12", events=held)
    assert due(there, "board_appraisals") == ["2026-03-23"]


def test_an_act_that_both_ask_for_stands_once_on_the_earlier_day_with_both_who_ask() -> None:
    deposits = [m for m in calendar(thesis("lille", "laval", defence="2026-12-11")) if m.kind == "deposit"]
    assert len(deposits) == 1
    assert deposits[0].institutions == ("lille", "laval")
    assert deposits[0].due == date(2026, 11, 11)
    assert {(slot.signer, slot.institution) for slot in deposits[0].signatories} == {
        ("candidate", ""), ("school", "lille"), ("school", "laval"),
    }  # fmt: skip


def test_the_convention_is_due_by_the_earliest_window_of_all_parties() -> None:
    window = [m for m in calendar(thesis("lille", "geneva", "vu-amsterdam")) if m.kind == "convention"]
    assert len(window) == 1
    assert window[0].due == date(2024, 10, 2)
    assert window[0].required_by[0] == "NL-VU-1Y"


def test_where_no_text_gives_a_day_the_convention_is_to_be_signed_all_the_same() -> None:
    (row,) = [m for m in calendar(thesis("laval", "ghent")) if m.kind == "convention"]
    assert (row.due, row.institutions) == (None, ("laval", "ghent"))
    assert [(str(s.signer), s.institution) for s in row.signatories][-2:] == [
        ("head", "ghent"),
        ("head", "laval"),
    ]


def test_what_waits_for_the_defence_has_no_day_while_none_is_planned() -> None:
    assert due(thesis("lille", "ghent"), "deposit") == ["None"]
    assert due(thesis("lille", "ghent"), "first_part") == ["None"]


def test_corrections_are_planned_until_the_defence_and_then_only_if_the_jury_asked_for_them() -> None:
    planned = thesis("lille", "ghent", defence="2026-12-11")
    assert due(planned, "corrections") == ["2027-03-11"]
    held = {"defence_held": (Recorded(date(2026, 12, 11)),)}
    assert due(replace(planned, events=held), "corrections") == []
    asked = {**held, "corrections_asked": (Recorded(date(2026, 12, 11)),)}
    assert due(replace(planned, events=asked), "corrections") == ["2027-03-11"]


def test_directors_of_every_side_propose_and_the_school_follows_them() -> None:
    proposal = next(
        m for m in calendar(thesis("lille:SMRE", "ghent", defence="2026-12-11")) if m.kind == "jury_proposed"
    )
    assert [(s.signer, s.institution) for s in proposal.signatories] == [
        ("director", "lille"), ("director", "ghent"), ("school", "lille"),
    ]  # fmt: skip
    assert proposal.in_turn


def test_where_no_institution_is_french_no_french_rule_is_planned() -> None:
    made = calendar(thesis("ku-leuven", "minho", defence="2026-12-11"))
    assert not [m for m in made if any(rule.startswith("FR-") for rule in m.required_by)]
    assert due(thesis("ku-leuven", "minho"), "enrolment", "minho")[0] == "2023-10-02"


def test_what_is_counted_from_the_first_enrolment_is_counted_from_the_one_where_it_is_asked() -> None:
    there = thesis("laval", "lille", first="2023-01-09")
    lille = replace(there.places[1], first_enrolment=date(2023, 10, 2))
    apart = replace(there, places=(there.places[0], lille))
    assert due(there, "charter") == ["2023-04-09"]
    assert due(apart, "charter") == ["2024-01-02"]
    assert due(apart, "duration") == due(there, "duration") == ["2026-01-08"]


def test_without_a_first_enrolment_nothing_recurs_and_nothing_breaks() -> None:
    unknown = replace(thesis("lille", "ghent"), first_enrolment=None)
    assert due(unknown, "enrolment") == []


@pytest.mark.parametrize(
    ("day", "country", "rests"),
    [
        (date(2026, 5, 1), "BE", True), (date(2026, 5, 1), "", False), (date(2026, 5, 2), "", True),
        (date(2026, 6, 24), "CA-QC", True), (date(2026, 6, 24), "CA", False), (date(2026, 7, 14), "FR", True),
        (date(2026, 7, 14), "ZZ", False), (date(2026, 7, 21), "BE-VLG", True),
    ],
)  # fmt: skip
def test_holidays_are_those_of_the_country_or_of_its_region(day: date, country: str, rests: bool) -> None:
    assert at_rest(day, country) is rests


def test_working_days_step_over_weekends_and_holidays_both_ways() -> None:
    assert working_days_from(date(2026, 4, 30), 1, "BE") == date(2026, 5, 4)
    assert working_days_from(date(2026, 5, 4), -1, "BE") == date(2026, 4, 30)
    assert working_days_from(date(2026, 5, 4), 0, "BE") == date(2026, 5, 4)
