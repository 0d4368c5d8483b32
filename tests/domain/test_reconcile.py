"""Proves where the rules of Lille and its partners meet or clash, topic by topic, and that what satisfies all does."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from cotutelle.domain.calendar import Period
from cotutelle.domain.check import Topic
from cotutelle.domain.demand import Meeting, value_of
from cotutelle.domain.dossier import Dossier, Place, Presence, Readings
from cotutelle.domain.finding import Certainty, Severity, Verdict
from cotutelle.domain.meeting import MEETINGS
from cotutelle.domain.reconcile import reconcile
from cotutelle.domain.rulebook import DatedBy
from cotutelle.rulebooks.reading import read
from cotutelle.rulebooks.shelf import standard, with_own
from tests.domain.rules.dossiers import agreement, on

LIBRARY = standard()
DAY = on("2026-10-01")
INSTITUTIONS = sorted({book.scope.institution for book in LIBRARY.books if book.scope.institution})


def places(codes: tuple[str, ...], **schools: str) -> list[Place]:
    """Institutions by their codes, the first of them the lead; a school where one is named."""
    found = [LIBRARY.place(code, lead=n == 0) for n, code in enumerate(codes)]
    return [replace(p, schools=frozenset({schools[p.code]} if p.code in schools else ())) for p in found if p]


@cache
def met(*codes: str, day: date = DAY, **schools: str) -> dict[Topic, Meeting]:
    return {each.topic: each for each in reconcile(LIBRARY, places(codes, **schools), day)}


def value(meeting: Meeting) -> dict[str, Any]:
    assert meeting.satisfies_all is not None
    return dict(meeting.satisfies_all)


CONFLICTS: dict[tuple[str, ...], set[str]] = {
    ("lille", "ghent"): {"external_share", "president"},
    ("lille", "ku-leuven"): set(),
    ("lille", "laval"): {"votes", "grade"},
    ("lille", "geneva"): set(),
    ("lille", "leiden"): {"president"},
    ("lille", "viadrina"): {"reviewers", "grade"},
    ("lille", "kent"): {"publicity"},
    ("lille", "bologna"): {"fees"},
    ("lille", "ghent", "laval"): {"votes", "size", "external_share", "president", "grade"},
}


@pytest.mark.parametrize("codes", CONFLICTS, ids="-".join)
def test_topics_in_conflict_are_those_of_the_matrix(codes: tuple[str, ...]) -> None:
    meetings = met(*codes)
    assert {topic.value for topic, each in meetings.items() if each.conflict} == CONFLICTS[codes]
    for each in meetings.values():
        assert (each.satisfies_all is None) == each.conflict
        assert not each.conflict or (each.way_out and each.clause)


@pytest.mark.parametrize(
    ("partner", "size", "external"),
    [("ghent", 7, None), ("ku-leuven", 8, 4), ("laval", 8, 4), ("geneva", 4, 2), ("leiden", 4, 2), ("viadrina", 4, 2),
     ("kent", 4, 2), ("bologna", 4, 2), ("ulb", 5, 3)],
)  # fmt: skip
def test_the_smallest_jury_of_each_pair(partner: str, size: int, external: int | None) -> None:
    meetings = met("lille", partner)
    assert value(meetings[Topic.SIZE])["members"] == size
    if external is not None:
        assert value(meetings[Topic.EXTERNAL_SHARE]) == {"external": external, "of": size}


def test_with_ghent_seven_or_eight_are_proposed_of_whom_five_vote() -> None:
    meetings = met("lille", "ghent")
    size = value(meetings[Topic.SIZE])
    assert (size["members"], size["voters"], size["directors"], size["sizes"]) == (7, 5, 2, [7, 8])
    assert meetings[Topic.SIZE].way_out == "size"


def test_with_ghent_directors_are_silent_and_both_counts_are_stated() -> None:
    votes = met("lille", "ghent")[Topic.VOTES]
    assert value(votes) == {"directors_decide": False}
    assert (votes.way_out, votes.clause) == ("votes_counts", "CL-26")


def test_with_laval_the_vote_of_directors_needs_a_derogation() -> None:
    votes = met("lille", "laval")[Topic.VOTES]
    assert {(d.place.code, d.value["directors_decide"]) for d in votes.demands} == {
        ("lille", False),
        ("laval", True),
    }
    assert (votes.way_out, votes.clause) == ("votes", "CL-33")


def test_a_vote_for_directors_sets_aside_every_rule_that_silences_them() -> None:
    votes = met("lille", "ghent", "laval")[Topic.VOTES]
    assert votes.settling["rules"] == ("FR-DIR-NOVOTE", "BE-UG-SUP")
    assert (votes.settling["aside"], votes.settling["others"]) == (("lille", "ghent"), ("laval",))
    abroad = met("ghent", "laval")[Topic.VOTES]
    assert (abroad.way_out, abroad.settling["rules"]) == ("votes_elsewhere", ("BE-UG-SUP",))


def test_a_faculty_of_ghent_excludes_the_prudent_share_and_says_by_which_rules() -> None:
    for meetings in (met("lille", "ghent"), met("lille", "ghent", ghent="di")):
        share = meetings[Topic.EXTERNAL_SHARE]
        assert {rule.id for rule in share.excluding} == {"FR-JURY-EXT-BOTH", "BE-UG-HALF"}
        assert (share.way_out, share.clause) == ("external_share_reading", "CL-26")
        assert share.settling["rules"] == ("FR-JURY-EXT-BOTH",)
        assert (share.settling["members"], share.settling["external"]) == (7, 2)
    assert met("lille", "ghent", ghent="lw")[Topic.EXTERNAL_SHARE].excluding == ()


def test_three_partners_exclude_each_other_and_say_by_which_rules() -> None:
    size = met("lille", "ghent", "laval")[Topic.SIZE]
    assert {rule.id for rule in size.excluding} == {"FR-JURY-SIZE", "FR-JURY-EXT-BOTH", "QC-PROF"}
    assert (size.way_out, size.clause) == ("size_none_reading", "CL-33")
    assert (size.settling["members"], size.settling["directors"]) == (8, 3)


def test_what_the_texts_themselves_exclude_names_no_mere_reading() -> None:
    share = met("lille", "ghent", "laval")[Topic.EXTERNAL_SHARE]
    assert share.way_out == "external_share"
    assert share.excluding
    assert all(rule.certainty is Certainty.SOURCED for rule in share.excluding)


def test_eight_with_four_from_outside_is_said_to_be_the_only_way() -> None:
    assert met("lille", "laval")[Topic.EXTERNAL_SHARE].way_out == "external_only"
    assert met("lille", "kent")[Topic.EXTERNAL_SHARE].way_out == ""


def test_german_reviewers_stand_apart_from_french_rapporteurs() -> None:
    reviewers = met("lille", "viadrina")[Topic.REVIEWERS]
    assert "DE-REVIEWERS" in {demand.rule.id for demand in reviewers.demands}
    assert (reviewers.way_out, reviewers.clause) == ("reviewers", "CL-25")
    assert value(met("lille", "kent")[Topic.REVIEWERS]) == {"least": 2, "external": True}


@pytest.mark.parametrize(("codes", "conflict", "who"), [
    (("lille", "ghent"), True, None), (("lille", "leiden"), True, None), (("ghent", "leiden"), True, None),
    (("leiden", "delft"), False, "rector"), (("lille", "geneva"), False, "professor"),
])  # fmt: skip
def test_who_chairs_is_settled_where_all_say_the_same(
    codes: tuple[str, ...], conflict: bool, who: str | None
) -> None:
    president = met(*codes)[Topic.PRESIDENT]
    assert president.conflict is conflict
    assert president.satisfies_all == ({"president": who} if who else None)


def test_a_private_viva_clashes_with_a_public_defence() -> None:
    publicity = met("lille", "kent")[Topic.PUBLICITY]
    assert {(d.place.code, d.value["public"]) for d in publicity.demands} == {
        ("lille", True),
        ("kent", False),
    }
    assert publicity.clause == "CL-27"


def test_two_sessions_are_planned_where_a_partner_holds_two() -> None:
    for partner, sessions, way in (("ghent", 2, "sessions"), ("ulb", 2, "sessions"), ("geneva", 1, "")):
        meeting = met("lille", partner)[Topic.SESSIONS]
        assert value(meeting) == {"sessions": sessions}
        assert meeting.way_out == way


BOTH, TWO = ["joint", "two_diplomas"], ["two_diplomas"]


@pytest.mark.parametrize(
    ("codes", "forms"),
    [(("lille", "ghent"), BOTH), (("lille", "ku-leuven"), BOTH), (("lille", "geneva"), TWO), (("lille", "leiden"), TWO),
     (("lille", "hasselt"), TWO), (("ghent", "hasselt"), ["joint"]), (("lille", "viadrina"), BOTH),
     (("lille", "bologna"), TWO), (("paris-saclay", "ghent"), TWO), (("lille", "ghent", "geneva"), TWO)],
)  # fmt: skip
def test_the_forms_of_diploma_that_are_left(codes: tuple[str, ...], forms: list[str]) -> None:
    diploma = met(*codes, lille="shs")[Topic.DIPLOMA]
    assert value(diploma) == {"forms": forms}
    assert diploma.way_out == ("diploma" if len(forms) == 1 else "")


def test_where_no_form_is_left_it_is_said() -> None:
    clash = met("ghent", "hasselt", "geneva")[Topic.DIPLOMA]
    assert value(clash) == {"forms": TWO}  # with Geneva not all are of the region
    text = """\
[rulebook]
id = "joint-only"
name.fr = "x"
name.en = "x"
scope = { institution = "joint-only", country = "PL" }
read_on = 2026-11-24
[[rule]]
id = "PL-JOINT"
check = "diploma_form"
figures = { forms = ["joint"] }
severity = "institutional"
certainty = "sourced"
source = { text = "x" }
"""
    book, mistakes = read(text)
    assert book, mistakes
    library, _ = with_own([book])
    here = [place for code in ("geneva", "joint-only") if (place := library.place(code))]
    (diploma,) = [each for each in reconcile(library, here, DAY) if each.topic is Topic.DIPLOMA]
    assert diploma.conflict
    assert (diploma.way_out, diploma.clause) == ("diploma_none", "CL-31")


@pytest.mark.parametrize(
    ("codes", "school", "months"),
    [
        (("lille", "ghent"), "shs", {"lille": 0, "ghent": 6}),
        (("lille", "ghent"), "smre", {"lille": 12, "ghent": 12}),
        (("lille", "ghent"), "sesam", {"lille": 0, "ghent": 6}),
        (("ghent", "lille"), "sesam", {"lille": 3, "ghent": 6}),
        (("lille", "ku-leuven"), "shs", {"lille": 6, "ku-leuven": 6}),
        (("lille", "laval"), "shs", {"lille": 12, "laval": 12}),
        (("lille", "ulb"), "shs", {"lille": 12, "ulb": 12}),
        (("lille", "uclouvain"), "shs", {"lille": 9, "uclouvain": 9}),
        (("lille", "zaragoza"), "shs", {"lille": 9, "zaragoza": 0}),
        (("lille", "saarland"), "shs", {"lille": 6, "saarland": 0}),
        (("lille", "saarland"), "smre", {"lille": 12, "saarland": 12}),
        (("lille", "ghent", "laval"), "shs", {"lille": 12, "ghent": 12, "laval": 12}),
    ],
)
def test_the_longest_stay_asked_for_holds(
    codes: tuple[str, ...], school: str, months: dict[str, int]
) -> None:
    stay = met(*codes, lille=school)[Topic.STAY]
    assert value(stay) == {"months": months, "total": sum(months.values())}


def test_a_share_of_the_duration_is_counted_in_months_of_three_years() -> None:
    stay = met("lille", "bologna", lille="shs")[Topic.STAY]
    assert value(stay) == {"months": {"lille": 14.4, "bologna": 14.4}, "total": 28.8}
    assert (stay.way_out, stay.clause) == ("stay", "CL-14")


def test_where_no_months_are_asked_nothing_is_to_be_settled() -> None:
    stay = met("ens-paris-saclay", "kent")[Topic.STAY]
    assert value(stay)["total"] == 0
    assert (stay.way_out, stay.clause) == ("", "")


def test_stays_that_do_not_fit_into_three_years_clash() -> None:
    stay = met("lille", "ghent", "ku-leuven", "laval")[Topic.STAY]
    assert stay.conflict
    assert stay.way_out == "stay_too_long"


def test_a_duration_planned_longer_elsewhere_is_written_down() -> None:
    for codes, schools, way in ((("lille", "delft"), {}, "duration"), (("lille", "ufmg"), {"ufmg": "direito"}, "duration"),
                                (("lille", "paris-13"), {}, "")):  # fmt: skip
        duration = met(*codes, **schools)[Topic.DURATION]
        assert value(duration) == {"months": 36}
        assert duration.way_out == way


@pytest.mark.parametrize(
    ("codes", "school", "fees"),
    [
        (("lille", "laval"), "shs", {"payers_a_year": 1, "at": ["stay"], "alternate": False}),
        (("lille", "bologna"), "shs", {"payers_a_year": 1, "at": ["home"], "alternate": False}),
        (("lille", "bologna"), "sesam", None),
        (("lille", "laval"), "sesam", {"payers_a_year": 1, "at": ["stay"], "alternate": True}),
        (("lille", "bologna", "laval"), "shs", None),
        (("lille", "geneva"), "shs", {"payers_a_year": 1, "at": [], "alternate": False}),
    ],
)
def test_who_is_paid_is_a_yearly_table_or_a_clash(
    codes: tuple[str, ...], school: str, fees: dict[str, Any] | None
) -> None:
    meeting = met(*codes, lille=school)[Topic.FEES]
    assert meeting.satisfies_all == fees
    assert meeting.conflict == (fees is None)


def test_summaries_and_the_language_of_the_defence_are_listed() -> None:
    assert value(met("lille", "viadrina")[Topic.LANGUAGE]) == {"summaries": ["de", "fr"], "defence": []}
    assert value(met("lille", "ghent", ghent="lw")[Topic.LANGUAGE]) == {
        "summaries": ["fr"],
        "defence": ["en", "nl"],
    }
    assert value(met("lille", "ghent", ghent="di")[Topic.LANGUAGE]) == {"summaries": ["fr"], "defence": []}
    for codes, schools, way in ((("lille", "viadrina"), {}, "language"), (("lille", "ghent"), {"ghent": "lw"}, "language"),
                                (("lille", "ghent"), {"ghent": "di"}, "")):  # fmt: skip
        meeting = met(*codes, **schools)[Topic.LANGUAGE]
        assert (meeting.way_out, meeting.clause) == (way, "CL-23" if way else "")


@pytest.mark.parametrize(
    ("codes", "rule", "day"),
    [
        (("lille", "geneva"), "CH-GE-2Y", "2028-10-01"),
        (("lille", "leiden"), "NL-2Y", "2028-10-01"),
        (("lille", "bologna"), "IT-Y1", "2027-09-30"),
        (("lille", "laval"), "QC-LAVAL-SIGNED", "2026-10-01"),
        (("lille", "montreal"), "QC-UDEM-T1", "2027-02-01"),
        (("lille", "vub"), "BE-VUB-1Y", "2028-10-01"),
        (("lille", "antwerp"), "BE-UANTW-1Y", "2028-10-01"),
        (("lille", "vu-amsterdam"), "NL-VU-1Y", "2027-10-01"),
        (("paris-saclay", "bologna"), "IT-Y1", "2027-09-30"),
        (("paris-saclay", "eindhoven", "geneva"), "NL-1Y", "2027-10-01"),
    ],
)
def test_the_earliest_day_to_sign_counts(codes: tuple[str, ...], rule: str, day: str) -> None:
    window = met(*codes)[Topic.SIGNATURE_WINDOW]
    assert value(window) == {"rule": rule, "signed_by": on(day)}
    assert not window.conflict
    several = len(window.demands) > 1
    assert (window.way_out, window.clause) == (("signature_window", "CL-39") if several else ("", ""))


def test_lille_alone_sets_no_window() -> None:
    assert Topic.SIGNATURE_WINDOW not in met("lille", "viadrina")


PAIRS = [("lille", code) for code in INSTITUTIONS if code != "lille"]
PAIRS += [("ghent", code) for code in INSTITUTIONS if code not in {"lille", "ghent"}][::3]


def staying(months: dict[str, float], begin: date) -> tuple[Presence, ...]:
    """Stays of so many months, one after the other."""
    found = []
    for code, n in months.items():
        if n:
            end = begin + relativedelta(months=int(n), days=round((n - int(n)) * 30)) - timedelta(days=1)
            found.append(Presence(code, Period(begin, end), False))
            begin = end + timedelta(days=1)
    return tuple(found)


@pytest.mark.parametrize("codes", PAIRS, ids="-".join)
def test_what_is_said_to_satisfy_all_does(codes: tuple[str, ...]) -> None:
    here = tuple(places(codes))
    for topic, meeting in met(*codes).items():
        if meeting.satisfies_all is None:
            continue
        agreed = agreement("in_force", signed_on=DAY)
        about = Dossier(here, today=DAY, defence=on("2029-10-01"), duration_months=36, convention=agreed)
        match topic:
            case Topic.STAY:
                about = replace(about, stays=staying(value(meeting)["months"], DAY))
            case Topic.DIPLOMA:
                about = replace(about, diploma_form=value(meeting)["forms"][0])
            case Topic.DURATION:
                about = replace(
                    about, duration_months=value(meeting)["months"], first_enrolment=DAY, full_time=True
                )
            case _:
                continue
        for demand in meeting.demands:
            if (
                demand.rule.severity is not Severity.RECOMMENDATION
                and demand.rule.check.name != "enrolled_uninterrupted"
            ):
                outcome = demand.rule.check.predicate(about, demand.place, demand.rule.figures)
                assert outcome.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE), (
                    topic,
                    demand.rule.id,
                    outcome,
                )


@pytest.mark.parametrize("codes", PAIRS[::3], ids="-".join)
def test_the_order_of_institutions_never_matters_but_for_who_leads(codes: tuple[str, ...]) -> None:
    there, back = met(*codes), met(*reversed(codes))
    assert there.keys() == back.keys()
    for topic in there:
        if topic is not Topic.STAY:
            assert there[topic].conflict == back[topic].conflict
            assert there[topic].way_out == back[topic].way_out


def test_topics_come_in_a_fixed_order_and_each_names_who_asks() -> None:
    meetings = reconcile(LIBRARY, places(("lille", "ghent", "laval")), DAY)
    topics = [meeting.topic for meeting in meetings]
    assert topics == [topic for topic in Topic if topic in topics]
    for meeting in meetings:
        assert meeting.demands
        for demand in meeting.demands:
            assert demand.rule.check.topic is meeting.topic
            assert demand.value.items() >= demand.rule.figures.items()
            assert demand.rule.source.text


def test_every_topic_is_settled_somewhere_and_asked_by_some_rule() -> None:
    assert MEETINGS.keys() == set(Topic)
    asked = {rule.check.topic for entries in LIBRARY.rules.values() for rule in entries}
    assert set(Topic) <= asked


def test_a_text_of_another_day_is_not_asked() -> None:
    size = met("lille", "kent", day=on("2016-08-31"))[Topic.SIZE]
    assert [demand.rule.id for demand in size.demands] == ["FR-JURY-SIZE-2005"]
    assert Topic.VOTES in met("lille", "kent", day=on("2016-09-01"))


def test_a_demand_says_what_its_figures_alone_would_not() -> None:
    (rule,) = LIBRARY.rules["FR-DIR-NOVOTE"]
    assert value_of(rule) == {"directors_decide": False}
    assert rule.dated_by is DatedBy.DEFENCE


@pytest.mark.parametrize(("most", "least"), [(30, 14), (10_000, 14), (30, 5), (None, 14)])
def test_no_jury_is_said_to_be_impossible_for_want_of_trying_larger_ones(
    most: int | None, least: int
) -> None:
    head = (
        '[rulebook]\nid = "kent"\nname.fr = "K"\nname.en = "K"\n'
        'scope = { institution = "kent", country = "GB" }\nread_on = 2026-11-24\n'
    )
    rule = (
        '[[rule]]\nid = "KENT-X{n}"\ncheck = "{check}"\nfigures = {{ {figures} }}\n'
        'severity = "institutional"\ncertainty = "sourced"\nsource = {{ text = "x" }}\n'
    )
    text = head
    if most is not None:
        text += rule.format(n=1, check="voters_between", figures=f"min = 3, max = {most}")
    text += rule.format(n=2, check="professors_of_each", figures=f'least = {least}, besides = "nobody"')
    book, mistakes = read(text, "kent")
    assert book, mistakes
    library, _rejected = with_own([book])
    here = [place for code in ("leeds", "kent") if (place := library.place(code))]
    size = {each.topic: each for each in reconcile(library, here, DAY)}[Topic.SIZE]
    assert size.excluding == ()
    assert (size.way_out == "not_tried") is (least == 14)
    assert size.settling.get("n") == ((13 if most else 9) if least == 14 else None), (
        "what is said to be tried was"
    )
    assert size.satisfies_all is None or size.satisfies_all["members"] == 10


def test_a_clash_that_only_a_reading_makes_is_gone_once_the_institution_reads_otherwise() -> None:
    here, literal = places(("lille", "ghent"), ghent="di"), Readings(external_to="own")
    for how in ({"readings": literal}, {"readings_of": {"lille": literal}}):
        share = {each.topic: each for each in reconcile(LIBRARY, here, DAY, **how)}[Topic.EXTERNAL_SHARE]
        assert not share.conflict
    assert met("lille", "ghent", ghent="di")[Topic.EXTERNAL_SHARE].conflict
