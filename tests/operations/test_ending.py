"""Ends that are no diploma, defences that went otherwise, directors who leave: what is asked stops, and all are told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.defence import Result
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signoff import Answer
from cotutelle.domain.thesis import WITHOUT_DIPLOMA, ThesisState
from cotutelle.models import Event, Link, Message, Milestone, SignOff, Supervision, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import defence, ending, event, signoff, succession, supervision
from cotutelle.operations import thesis as theses
from cotutelle.operations.asking import Named
from tests.builders import ACTOR, NOW, TODAY, World, person
from tests.operations.signing import asked, dated, milestone, paper, say


@pytest.fixture
def thesis(session: Session, world: World) -> Thesis:
    found = dated(session, session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one())
    for to in (ThesisState.ADMITTED, ThesisState.RUNNING):
        theses.move(session, found, to, TODAY, "", found.version, ACTOR, NOW, today=TODAY)
    return found


def end(session: Session, thesis: Thesis, to: ThesisState, **more: object) -> None:
    ending.end(
        session, thesis, to, TODAY, "Moved abroad.", thesis.version, ACTOR, NOW, today=TODAY, **more  # type: ignore[arg-type]
    )  # fmt: skip


def told(session: Session, kind: str) -> set[str]:
    return set(session.scalars(select(Message.to).where(Message.kind == kind)))


def force(session: Session, thesis: Thesis, state: ConventionState) -> None:
    row = conventions.current(session, thesis)
    row.state = thesis.convention_state = state


@pytest.mark.parametrize("to", sorted(WITHOUT_DIPLOMA - {ThesisState.REFUSED}))
def test_an_end_withdraws_what_is_asked_kills_its_links_and_reminds_nobody(
    session: Session, thesis: Thesis, to: ThesisState
) -> None:
    rows = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    say(session, rows[0])
    end(session, thesis, to, kept_by="ghent")
    for row in rows:
        session.refresh(row)
    assert [row.state for row in rows] == ["approved", *["withdrawn"] * 4]
    links = session.scalars(select(Link).where(Link.purpose == "sign")).all()
    assert all(link.revoked_at or link.used_at for link in links)
    left = session.scalars(select(Milestone).where(Milestone.thesis_id == thesis.id)).all()
    assert not [row for row in left if row.state == "open" or row.remind_on]


def test_an_end_is_told_to_those_who_follow_with_its_reason_and_to_those_who_were_asked_without(
    session: Session, thesis: Thesis, world: World
) -> None:
    rows = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    end(session, thesis, ThesisState.WITHDRAWN)
    followers = {
        world.emails[who]
        for who in ("candidate", "supervisor", "partner_supervisor", "administrator", "ghent_administrator", "partner")
    }  # fmt: skip
    assert told(session, "ended") == followers
    strangers = {row.person.email for row in rows} - followers
    assert strangers
    assert told(session, "no_longer") == strangers
    assert all(
        "Moved abroad." in m.body for m in session.scalars(select(Message).where(Message.kind == "ended"))
    )
    assert not any(
        "Moved abroad." in m.body for m in session.scalars(select(Message).where(Message.kind == "no_longer"))
    )


def test_a_conversion_says_where_the_thesis_goes_on(session: Session, thesis: Thesis) -> None:
    with pytest.raises(Refused) as refused:
        end(session, thesis, ThesisState.CONVERTED)
    assert refused.value.reason is Reason.KEEPER_MISSING
    with pytest.raises(Refused) as refused:
        end(session, thesis, ThesisState.CONVERTED, kept_by="ku-leuven")
    assert refused.value.reason is Reason.UNKNOWN_INSTITUTION
    end(session, thesis, ThesisState.CONVERTED, kept_by="ghent")
    kept = ending.kept_by(session, thesis)
    assert kept is not None
    assert kept.code == "ghent"
    letters = session.scalars(select(Message).where(Message.kind == "ended")).all()
    assert letters
    assert all(kept.short_name in letter.body for letter in letters)


@pytest.mark.parametrize(
    ("before", "with_it", "after"),
    [
        (ConventionState.DRAFT, True, "draft"),
        (ConventionState.APPROVED, True, "void"),
        (ConventionState.SIGNING, True, "void"),
        (ConventionState.IN_FORCE, True, "ended"),
        (ConventionState.EXPIRED, True, "ended"),
        (ConventionState.IN_FORCE, False, "in_force"),
    ],
)
def test_the_convention_ends_with_its_thesis_unless_it_is_kept(
    session: Session, thesis: Thesis, before: ConventionState, with_it: bool, after: str
) -> None:
    force(session, thesis, before)
    end(session, thesis, ThesisState.WITHDRAWN, with_convention=with_it)
    assert thesis.convention_state == conventions.current(session, thesis).state == after


def test_a_thesis_that_comes_back_has_its_calendar_again_and_a_draft_with_the_terms_it_had(
    session: Session, thesis: Thesis
) -> None:
    row = conventions.current(session, thesis)
    row.terms = {"act_type": "individual"}
    force(session, thesis, ConventionState.IN_FORCE)
    before = {
        (m.kind, m.side, m.year) for m in session.scalars(select(Milestone)) if m.thesis_id == thesis.id
    }
    end(session, thesis, ThesisState.WITHDRAWN)
    ending.resume(
        session, thesis, ThesisState.RUNNING, TODAY, "A mistake.", thesis.version, ACTOR, NOW, today=TODAY
    )
    now = conventions.current(session, thesis)
    assert (now.state, thesis.convention_state, now.terms) == ("draft", "draft", {"act_type": "individual"})
    open_ = session.scalars(
        select(Milestone).where(Milestone.thesis_id == thesis.id, Milestone.state == "open")
    )
    assert {(m.kind, m.side, m.year) for m in open_} <= before
    assert told(session, "resumed") == told(session, "ended")


def test_after_an_adjournment_the_thesis_waits_for_another_day_and_what_held_for_the_former_is_due_again(
    session: Session, thesis: Thesis
) -> None:
    thesis.defence_on = TODAY - timedelta(days=3)
    event.add(session, thesis, "authorisation", TODAY - timedelta(days=20), ACTOR, NOW, today=TODAY)
    event.add(session, thesis, "deposit", TODAY - timedelta(days=40), ACTOR, NOW, today=TODAY)
    defence.record(
        session, thesis, Result.ADJOURNED, TODAY, "Chapter 4 does not hold.", thesis.version,
        ACTOR, NOW, today=TODAY, next_on=date(2027, 3, 1),
    )  # fmt: skip
    assert (thesis.state, thesis.defence_on) == ("running", date(2027, 3, 1))
    states = {
        m.kind: m.state for m in session.scalars(select(Milestone).where(Milestone.thesis_id == thesis.id))
    }
    assert (states["authorisation"], states["deposit"]) == ("open", "done")
    letters = session.scalars(select(Message).where(Message.kind == "defence")).all()
    assert letters
    assert all("Chapter 4 does not hold." in letter.body for letter in letters)


def test_signatures_that_rest_on_the_adjourned_day_are_out_of_date(session: Session, thesis: Thesis) -> None:
    thesis.defence_on = TODAY
    rows = asked(session, thesis, milestone(session, thesis, "authorisation", "lille"))
    say(session, rows[0])
    defence.record(
        session, thesis, Result.ADJOURNED, TODAY, "Not yet.", thesis.version, ACTOR, NOW, today=TODAY
    )
    session.refresh(rows[0])
    assert rows[0].outdated_by == ["defence"]


@pytest.mark.parametrize("result", [Result.ADMITTED, Result.CORRECTIONS, Result.FAILED])
def test_what_was_signed_for_the_defence_stands_once_it_was_held_whatever_day_was_planned(
    session: Session, thesis: Thesis, result: Result
) -> None:
    thesis.defence_on, thesis.defence_from, thesis.defence_until = None, date(2026, 11, 1), date(2026, 12, 31)
    rows = asked(session, thesis, milestone(session, thesis, "authorisation", "lille"))
    say(session, rows[0])
    defence.record(session, thesis, result, TODAY, "Why.", thesis.version, ACTOR, NOW, today=TODAY)
    session.refresh(rows[0])
    assert (thesis.defence_on, rows[0].outdated_at) == (TODAY, None)


@pytest.mark.parametrize(
    ("result", "state", "events"),
    [
        (Result.ADMITTED, "defended", {"defence_held"}),
        (Result.CORRECTIONS, "corrections", {"defence_held", "corrections_asked"}),
        (Result.FAILED, "refused", {"defence_held"}),
    ],
)
def test_a_defence_that_was_held_moves_the_thesis_and_is_recorded(
    session: Session, thesis: Thesis, result: Result, state: str, events: set[str]
) -> None:
    defence.record(session, thesis, result, TODAY, "Why.", thesis.version, ACTOR, NOW, today=TODAY)
    assert (thesis.state, thesis.defence_on) == (state, TODAY)
    recorded = session.scalars(select(Event).where(Event.thesis_id == thesis.id)).all()
    assert {row.kind for row in recorded} == events
    assert told(session, "ended" if result is Result.FAILED else "defence")


@pytest.mark.parametrize(
    ("result", "on", "reason", "next_on", "why"),
    [
        (Result.ADMITTED, TODAY + timedelta(days=1), "", None, Reason.DATE_AHEAD),
        (Result.ADJOURNED, date(1990, 1, 1), "x", None, Reason.DATE_BEFORE_LAST),
        (Result.ADJOURNED, TODAY, " ", None, Reason.REASON_MISSING),
        (Result.FAILED, TODAY, "", None, Reason.REASON_MISSING),
        (Result.ADJOURNED, TODAY, "x", TODAY - timedelta(days=1), Reason.NEW_DAY_PAST),
    ],
)
def test_a_defence_is_recorded_once_it_was_held_and_a_bad_end_says_why(
    session: Session, thesis: Thesis, result: Result, on: date, reason: str, next_on: date | None, why: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        defence.record(
            session, thesis, result, on, reason, thesis.version, ACTOR, NOW, today=TODAY, next_on=next_on
        )
    assert refused.value.reason is why


def test_no_defence_is_recorded_twice(session: Session, thesis: Thesis) -> None:
    defence.record(session, thesis, Result.ADMITTED, TODAY, "", thesis.version, ACTOR, NOW, today=TODAY)
    with pytest.raises(Refused) as refused:
        defence.record(session, thesis, Result.ADMITTED, TODAY, "", thesis.version, ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.NOT_BEFORE_DEFENCE


def of_lille(session: Session, thesis: Thesis) -> Supervision:
    rows = session.scalars(select(Supervision).where(Supervision.thesis_id == thesis.id)).all()
    return next(row for row in rows if row.institution.code == "lille")


def waiting(session: Session, row: Milestone) -> list[tuple[str, str, str]]:
    found = session.scalars(
        select(SignOff).where(SignOff.milestone_id == row.id, SignOff.state.in_(["asked", "waiting"]))
    )
    return sorted((each.signer, each.side, each.person.family_name) for each in found)


def test_what_waits_for_a_director_who_leaves_passes_to_whoever_takes_over(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    gone, new = of_lille(session, thesis), person(session, "Nouvelle", email="new@tests.example")
    succession.leave(
        session, thesis, gone, TODAY - timedelta(days=1), None, ACTOR, NOW, today=TODAY, successor=new
    )
    for each in rows:
        session.refresh(each)
    assert [each.state for each in rows] == ["asked", "withdrawn", "asked", "asked", "asked"]
    assert ("director", "lille", "Nouvelle") in waiting(session, row)
    assert gone.person.email in told(session, "no_longer")
    assert {gone.person.email, new.email} <= told(session, "supervision")
    links = session.scalars(select(Link).where(Link.sign_off_id == rows[1].id)).all()
    assert all(link.revoked_at for link in links)


def test_what_a_director_signed_before_leaving_stands(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    say(session, rows[1])
    new = person(session, "Nouvelle", email="new@tests.example")
    succession.leave(
        session, thesis, of_lille(session, thesis), TODAY - timedelta(days=1), None, ACTOR, NOW, today=TODAY,
        successor=new,
    )  # fmt: skip
    session.refresh(rows[1])
    assert (rows[1].state, rows[1].outdated_at) == ("approved", None)
    assert "director" not in {signer for signer, side, _name in waiting(session, row) if side == "lille"}


def test_where_nobody_takes_over_the_milestones_without_a_signatory_are_named(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    asked(session, thesis, row, paper(session, thesis).id)
    succession.leave(
        session, thesis, of_lille(session, thesis), TODAY - timedelta(days=1), None, ACTOR, NOW, today=TODAY
    )
    assert ("director", "lille") not in {(signer, side) for signer, side, _n in waiting(session, row)}
    letters = session.scalars(select(Message).where(Message.kind == "supervision")).all()
    assert letters
    assert all("Charte du doctorat" in m.body or "Doctoral charter" in m.body for m in letters)


def test_a_last_day_to_come_changes_nothing_before_it_is_over(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    asked(session, thesis, row, paper(session, thesis).id)
    gone, new = of_lille(session, thesis), person(session, "Nouvelle", email="new@tests.example")
    succession.leave(session, thesis, gone, TODAY, None, ACTOR, NOW, today=TODAY, successor=new)
    assert ("director", "lille", gone.person.family_name) in waiting(session, row)
    assert succession.overdue(session, TODAY) == []
    tomorrow = TODAY + timedelta(days=1)
    assert succession.overdue(session, tomorrow) == [thesis.id]
    succession.settle_overdue(session, thesis.id, ACTOR, NOW, today=tomorrow)
    assert ("director", "lille", "Nouvelle") in waiting(session, row)
    assert succession.overdue(session, tomorrow) == []


def test_what_is_done_and_still_asked_is_withdrawn_at_the_end_and_keeps_no_daily_run_from_the_others(
    session: Session, thesis: Thesis
) -> None:
    rows = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    event.add(session, thesis, "charter", TODAY, ACTOR, NOW, today=TODAY, data={"institution": "lille"})
    gone = of_lille(session, thesis)
    succession.leave(session, thesis, gone, TODAY, None, ACTOR, NOW, today=TODAY)
    end(session, thesis, ThesisState.WITHDRAWN)
    for row in rows:
        session.refresh(row)
    assert {row.state for row in rows} == {"withdrawn"}
    assert succession.overdue(session, TODAY + timedelta(days=1)) == []


def test_what_a_leaving_director_had_handed_on_passes_to_the_successor_too(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    friend = person(session, "Amie", email="friend@tests.example")
    say(session, rows[1], Answer.DELEGATE, delegate=Named("director", "lille", friend, "fr"))
    new = person(session, "Nouvelle", email="new@tests.example")
    succession.leave(
        session, thesis, of_lille(session, thesis), TODAY, None, ACTOR, NOW, today=TODAY, successor=new
    )
    tomorrow = TODAY + timedelta(days=1)
    assert succession.overdue(session, tomorrow) == [thesis.id]
    succession.settle_overdue(session, thesis.id, ACTOR, NOW, today=tomorrow)
    assert ("director", "lille", "Nouvelle") in waiting(session, row)
    assert ("director", "lille", "Amie") not in waiting(session, row)


def test_a_co_director_who_is_asked_stays_asked_when_somebody_of_the_other_side_leaves(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    co = person(session, "Codir", email="co@tests.example")
    lille = of_lille(session, thesis).institution_id
    supervision.add_supervisor(session, thesis, co, lille, "co_director", ACTOR, NOW, today=TODAY)
    named = [Named("director", "lille", co, "en")]
    signoff.ask(session, thesis, row, named, paper(session, thesis).id, None, ACTOR, NOW, today=TODAY)
    supervisors = session.scalars(select(Supervision).where(Supervision.thesis_id == thesis.id)).all()
    ghent = next(each for each in supervisors if each.institution.code == "ghent")
    succession.leave(session, thesis, ghent, TODAY - timedelta(days=1), None, ACTOR, NOW, today=TODAY)
    assert ("director", "lille", "Codir") in waiting(session, row)


def test_the_office_is_told_of_what_nobody_signs_once_the_last_day_is_over(
    session: Session, thesis: Thesis, world: World
) -> None:
    asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    succession.leave(session, thesis, of_lille(session, thesis), TODAY, None, ACTOR, NOW, today=TODAY)
    assert told(session, "nobody_signs") == set()
    succession.settle_overdue(session, thesis.id, ACTOR, NOW, today=TODAY + timedelta(days=1))
    assert told(session, "nobody_signs") == {world.emails["administrator"]}


def test_an_institution_that_has_left_is_not_written_to(
    session: Session, thesis: Thesis, world: World
) -> None:
    ghent = next(each for each in thesis.parties if each.institution.code == "ghent")
    ghent.left_on = TODAY - timedelta(days=1)
    session.flush()
    end(session, thesis, ThesisState.WITHDRAWN)
    assert not {world.emails["partner"], world.emails["ghent_administrator"]} & told(session, "ended")


def test_the_letter_says_of_the_convention_what_became_of_it(session: Session, thesis: Thesis) -> None:
    force(session, thesis, ConventionState.IN_FORCE)
    end(session, thesis, ThesisState.WITHDRAWN, with_convention=False)
    bodies = session.scalars(select(Message.body).where(Message.kind == "ended")).all()
    assert bodies
    assert not any("convention" in body.lower() for body in bodies)


def test_a_refusal_after_the_defence_that_is_taken_back_leaves_no_defence_held(
    session: Session, thesis: Thesis
) -> None:
    defence.record(session, thesis, Result.FAILED, TODAY, "Why.", thesis.version, ACTOR, NOW, today=TODAY)
    assert ending.back_from(session, thesis) is ThesisState.PRE_DEFENCE
    ending.resume(
        session, thesis, ThesisState.PRE_DEFENCE, TODAY, "Appeal.", thesis.version, ACTOR, NOW, today=TODAY
    )
    kinds = set(session.scalars(select(Event.kind).where(Event.thesis_id == thesis.id)))
    assert "defence_held" not in kinds
