"""The monitoring committee: what its members make of it, its meetings, its report, and interviews kept apart."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.check import Group
from cotutelle.domain.committee import Heard, Member, described
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.evaluation import evaluate
from cotutelle.models import CommitteeInterview, Event, Message, Person, Thesis
from cotutelle.operations import committee, event
from cotutelle.operations.committee import Meeting, MemberFacts
from cotutelle.operations.dossier import dossier_of
from cotutelle.operations.facts import facts_of
from cotutelle.operations.rulebook import library
from tests.builders import ACTOR, NOW, TODAY, World, institution, person
from tests.operations.signing import asked, dated, milestone, paper, say

HELD = date(2026, 9, 10)


@pytest.fixture
def thesis(session: Session, world: World) -> Thesis:
    return dated(session, session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one())


def name(session: Session, thesis: Thesis, family: str, **more: object) -> None:
    who = person(session, family, "Ana", email=f"{family.lower()}@tests.example")
    committee.name_member(
        session, thesis, who, MemberFacts(**more), None, ACTOR, NOW, today=TODAY  # type: ignore[arg-type]
    )  # fmt: skip


def meet(session: Session, thesis: Thesis, **more: object) -> Event:
    return committee.record(
        session, thesis, Meeting(HELD, "lille", **more), ACTOR, NOW, today=TODAY  # type: ignore[arg-type]
    )  # fmt: skip


def verdicts(session: Session, thesis: Thesis) -> dict[str, str]:
    shelf = library(session)
    dossier = dossier_of(session, shelf, thesis, None, facts_of(session, thesis, None), TODAY)
    return {
        f.rule.id: str(f.verdict) for f in evaluate(shelf, dossier) if f.rule.check.group is Group.COMMITTEE
    }


def test_a_committee_is_described_by_what_its_members_bring_and_says_nothing_while_nobody_sits() -> None:
    assert described([]) == {}
    found = described(
        [Member("B", True, False, False, True, False, False), Member("A", False, True, True, True, True, False)]
    )  # fmt: skip
    assert found == {
        "members": ["A", "B"], "specialist": True, "field_outsider": True, "external": True, "in_direction": False,
        "outside_unit": 2, "outside_region": 1,
    }  # fmt: skip


def test_a_meeting_keeps_who_sat_and_answers_the_rules(session: Session, thesis: Thesis) -> None:
    name(session, thesis, "Spécialiste", specialist=True, external=True)
    name(session, thesis, "Dehors", field_outsider=True)
    report = paper(session, thesis, "CSI")
    row = meet(session, thesis, steps=(3, 1, 2), document_id=report.id)
    assert row.data["members"] == ["Ana Dehors", "Ana Spécialiste"]
    found = verdicts(session, thesis)
    assert {found[rule] for rule in ("FR-CSI-COMP", "FR-CSI-NODIR", "FR-CSI-EXT", "FR-CSI-STEPS")} == {"pass"}
    assert found["FR-CSI-REPORT"] == "fail"
    name(session, thesis, "Tardive")
    assert "Ana Tardive" not in row.data["members"]


def test_a_director_on_the_committee_breaks_the_rule(session: Session, thesis: Thesis, world: World) -> None:
    director = session.scalars(select(Person).where(Person.email == world.emails["supervisor"])).one()
    committee.name_member(
        session, thesis, director, MemberFacts(specialist=True), None, ACTOR, NOW, today=TODAY
    )
    meet(session, thesis)
    assert verdicts(session, thesis)["FR-CSI-NODIR"] == "fail"


def test_what_a_signature_recorded_does_not_hide_what_is_known_of_the_meeting(
    session: Session, thesis: Thesis
) -> None:
    name(session, thesis, "Spécialiste", specialist=True)
    name(session, thesis, "Dehors", field_outsider=True)
    row = milestone(session, thesis, "committee", "lille", 2027)
    for each in asked(session, thesis, row, paper(session, thesis).id):
        say(session, each)
    meet(session, thesis, steps=(1, 2, 3))
    assert len(committee.meetings(session, thesis)) == 1
    assert verdicts(session, thesis)["FR-CSI-STEPS"] == "pass"


def test_the_report_is_told_to_the_school_the_candidate_and_the_directors(
    session: Session, thesis: Thesis, world: World
) -> None:
    row = meet(session, thesis, steps=(1, 2, 3))
    with pytest.raises(Refused) as refused:
        committee.send_report(session, thesis, row, ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.REPORT_MISSING
    report = paper(session, thesis, "CSI")
    meeting = Meeting(HELD, "lille", (1, 2, 3), report.id)
    committee.correct(session, thesis, row, meeting, thesis.version, ACTOR, NOW, today=TODAY)
    assert committee.send_report(session, thesis, row, ACTOR, NOW, today=TODAY) == 4
    told = set(session.scalars(select(Message.to).where(Message.kind == "committee_report")))
    assert told == {
        world.emails[w] for w in ("administrator", "candidate", "supervisor", "partner_supervisor")
    }
    assert verdicts(session, thesis)["FR-CSI-REPORT"] == "pass"
    with pytest.raises(Refused) as refused:
        committee.send_report(session, thesis, row, ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.ALREADY_SENT


def test_a_report_that_nobody_could_be_told_of_has_reached_nobody(session: Session, thesis: Thesis) -> None:
    row = meet(session, thesis, document_id=paper(session, thesis, "CSI").id)
    for each in session.scalars(select(Person)):
        each.email = ""
    session.flush()
    with pytest.raises(Refused) as refused:
        committee.send_report(session, thesis, row, ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.NOBODY_TOLD
    assert row.data["sent_to"] == []


def test_members_named_after_a_meeting_was_recorded_are_added_when_it_is_corrected(
    session: Session, thesis: Thesis
) -> None:
    row = meet(session, thesis)
    assert "members" not in row.data
    name(session, thesis, "Spécialiste", specialist=True)
    meeting = Meeting(HELD, "lille")
    committee.correct(session, thesis, row, meeting, thesis.version, ACTOR, NOW, today=TODAY)
    assert row.data["members"] == ["Ana Spécialiste"]


def test_telling_of_the_report_leaves_signatures_that_rest_on_the_meeting_alone(
    session: Session, thesis: Thesis
) -> None:
    report = paper(session, thesis, "CSI")
    row = meet(session, thesis, steps=(1, 2, 3), document_id=report.id)
    rows = asked(session, thesis, milestone(session, thesis, "committee", "lille", 2027), report.id)
    say(session, rows[0])
    committee.send_report(session, thesis, row, ACTOR, NOW, today=TODAY)
    session.refresh(rows[0])
    assert rows[0].outdated_at is None
    meeting = Meeting(HELD, "lille", (1, 2), report.id)
    committee.correct(session, thesis, row, meeting, thesis.version, ACTOR, NOW, today=TODAY)
    session.refresh(rows[0])
    assert rows[0].outdated_by == ["committee"]


def test_interviews_are_kept_apart_and_go_with_the_record_of_their_meeting(
    session: Session, thesis: Thesis
) -> None:
    row = meet(session, thesis)
    for heard in Heard:
        committee.note_interview(session, thesis, row, heard, f"by {heard}", 0, ACTOR, NOW, today=TODAY)
    assert "by" not in str(row.data)
    with pytest.raises(Stale):
        committee.note_interview(session, thesis, row, Heard.CANDIDATE, "x", 9, ACTOR, NOW, today=TODAY)
    event.remove(session, thesis, row, ACTOR, NOW, today=TODAY)
    assert session.scalars(select(CommitteeInterview)).all() == []


def test_nobody_sits_twice_nor_on_the_committee_of_their_own_thesis(session: Session, thesis: Thesis) -> None:
    with pytest.raises(Refused) as refused:
        committee.name_member(session, thesis, thesis.candidate, MemberFacts(), None, ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.OWN_COMMITTEE
    name(session, thesis, "Spécialiste")
    (row,) = committee.members(session, thesis, TODAY)
    with pytest.raises(Refused) as refused:
        committee.name_member(session, thesis, row.person, MemberFacts(), None, ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.MEMBER_TWICE
    left = TODAY - timedelta(days=1)
    committee.change_member(
        session, thesis, row, MemberFacts(), left, thesis.version, ACTOR, NOW, today=TODAY
    )
    assert committee.members(session, thesis, TODAY) == []
    committee.name_member(session, thesis, row.person, MemberFacts(), None, ACTOR, NOW, today=TODAY)


def test_a_partners_panel_has_members_of_its_own(session: Session, thesis: Thesis) -> None:
    name(session, thesis, "Gand", party_id=institution(session, "ghent").id)
    name(session, thesis, "Commune")
    assert committee.facts_of(session, thesis, TODAY, "lille")["members"] == ["Ana Commune"]
    assert committee.facts_of(session, thesis, TODAY, "ghent")["members"] == ["Ana Commune", "Ana Gand"]


def test_a_meeting_to_come_is_planned_and_not_recorded(session: Session, thesis: Thesis) -> None:
    with pytest.raises(Refused) as refused:
        committee.record(session, thesis, Meeting(TODAY + timedelta(days=1)), ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.DATE_AHEAD
