"""Amendments: what one starts from, what it changes and leaves alone, who signs it, and which text holds on a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention import record
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Convention, Milestone, Supervision, Thesis
from cotutelle.operations import amendment as acts
from cotutelle.operations import convention as conventions
from cotutelle.operations import (
    convention_round,
    convention_terms,
    convention_text,
    ending,
    stay,
    supervision,
)
from cotutelle.operations import convention_version as versions
from cotutelle.operations import thesis as directory
from cotutelle.operations.facts import facts_of
from cotutelle.operations.health import recompute
from cotutelle.operations.standing import standing
from tests.builders import ACTOR, NOW, TODAY, institution, party, person
from tests.operations.complete import put
from tests.operations.in_force import milestone, signed

C = ConventionState
LATER = date(2030, 12, 31)


@pytest.fixture
def thesis(session: Session, with_one_in_force: None) -> Thesis:
    """A thesis with a convention in force."""
    return session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()


def begun(
    session: Session, thesis: Thesis, triggers: Sequence[str] = ("extension",), **more: Any
) -> Convention:
    reason = {"fr": "La thèse demande un terrain de plus.", "en": "The thesis needs one more season."}
    return acts.begin(session, thesis, triggers, reason, None, ACTOR, NOW, today=TODAY, **more)


def changed(session: Session, thesis: Thesis, row: Convention) -> list[str]:
    facts = facts_of(session, thesis, row)
    return [each.clause for each in convention_text.changes(session, row, facts)]


def refused(reason: Reason) -> Any:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def test_an_amendment_starts_from_the_text_in_force_and_leaves_it_in_force(
    session: Session, thesis: Thesis
) -> None:
    base = conventions.holding(session, thesis)
    row = begun(session, thesis)
    assert conventions.current(session, thesis) is row
    assert conventions.holding(session, thesis) is base
    assert (row.amendment, row.amends_id, row.state) == (1, base.id, C.DRAFT)
    assert (thesis.convention_state, base.state) == (C.IN_FORCE, C.IN_FORCE)
    facts, before = facts_of(session, thesis, row), record.from_json(base.agreed or {})
    assert facts.terms == before.terms
    assert facts.amendment is not None
    assert facts.amendment.clauses == ()


def test_an_extension_changes_the_articles_on_validity_and_no_other(session: Session, thesis: Thesis) -> None:
    row = begun(session, thesis, expires_on=LATER)
    assert row.expires_on == LATER
    assert changed(session, thesis, row) == ["CL-35"]
    assert conventions.holding(session, thesis).expires_on != LATER


def test_what_the_file_says_by_now_is_taken_over_only_for_what_the_amendment_is_made_for(
    session: Session, thesis: Thesis
) -> None:
    ghent = institution(session, "ghent").id
    done = (date(2026, 10, 1), date(2026, 10, 31))
    stay.save_stay(session, thesis, None, ghent, *done, True, ACTOR, NOW, today=TODAY)
    row = begun(session, thesis, expires_on=LATER)
    assert changed(session, thesis, row) == ["CL-35"]
    acts.edit(session, thesis, row, ["extension", "stay"], {}, None, None, ACTOR, NOW, today=TODAY)
    assert changed(session, thesis, row) == ["CL-35", "AX-1"]
    assert [each.begin for each in facts_of(session, thesis, row).stays] == [done[0], date(2027, 1, 1)]


def test_a_wording_that_was_improved_since_changes_nothing_that_the_parties_did_not_change(
    session: Session, thesis: Thesis
) -> None:
    version = versions.agreed_version(session, conventions.holding(session, thesis))
    assert version is not None
    old = [dict(article) for article in version.text or []]
    old[35]["rows"] = [{"fr": "Autrefois autre.", "en": "Once worded otherwise."}]
    version.text = old
    row = begun(session, thesis, expires_on=LATER)
    assert changed(session, thesis, row) == ["CL-35"]
    text = convention_text.text_of(session, row, facts_of(session, thesis, row))
    assert text[35]["rows"] == old[35]["rows"]


def test_one_amendment_at_a_time_and_none_before_the_convention_is_in_force(
    session: Session, thesis: Thesis
) -> None:
    begun(session, thesis)
    with refused(Reason.AMENDMENT_OPEN):
        begun(session, thesis)


def test_an_amendment_is_made_for_something_and_changes_something(session: Session, thesis: Thesis) -> None:
    with refused(Reason.AMENDS_NOTHING):
        begun(session, thesis, [])
    row = begun(session, thesis)
    with refused(Reason.AMENDS_NOTHING):
        put(session, thesis)
    assert row.state == C.DRAFT


def test_once_everybody_has_signed_the_amended_text_holds(session: Session, thesis: Thesis) -> None:
    base = conventions.holding(session, thesis)
    since = thesis.convention_since
    row = begun(session, thesis, expires_on=LATER)
    version = put(session, thesis)
    assert version.number == 2
    signed(session, thesis, "cd" * 32)
    assert row.state == C.IN_FORCE
    assert conventions.holding(session, thesis) is conventions.current(session, thesis) is row
    assert (thesis.convention_state, thesis.convention_since) == (C.IN_FORCE, since)
    first = convention_round.milestone_of(session, base)
    assert first is not None
    assert all(each and not each.outdated_at for each in standing(session, first).values())
    done = convention_round.milestone_of(session, row)
    assert done is not None
    assert (done.kind, done.year, done.state) == ("amendment", 1, "done")


def test_whoever_signed_the_convention_signs_the_amendment(session: Session, thesis: Thesis) -> None:
    first = list(standing(session, milestone(session, thesis)))
    begun(session, thesis, expires_on=LATER)
    assert list(standing(session, milestone(session, thesis))) == first


def test_a_director_who_leaves_signs_beside_the_one_who_comes(session: Session, thesis: Thesis) -> None:
    rows = session.scalars(select(Supervision).where(Supervision.thesis_id == thesis.id))
    gone = next(each for each in rows if each.role == "director" and each.institution.code == "ghent")
    supervision.end_supervision(session, thesis, gone, TODAY, None, ACTOR, NOW, today=TODAY)
    new = person(session, "Nadia Peeters", email="np@ghent.example")
    supervision.add_supervisor(
        session, thesis, new, gone.institution_id, "director", ACTOR, NOW, today=TODAY, position="professor"
    )
    row = begun(session, thesis, ["director"])
    slots = list(standing(session, milestone(session, thesis)))
    at = slots.index(("director", "ghent"))
    assert slots[at + 1] == ("former_director", "ghent")
    facts = facts_of(session, thesis, row)
    assert facts.amendment is not None
    assert [each.name for each in facts.amendment.leaving] == [gone.person.name]
    assert "CL-08" in facts.amendment.clauses


def test_the_amendment_is_due_before_the_convention_that_it_extends_ends(
    session: Session, thesis: Thesis
) -> None:
    begun(session, thesis, expires_on=LATER)
    row: Milestone = milestone(session, thesis)
    assert row.due_on == conventions.holding(session, thesis).expires_on


def test_an_amendment_given_up_changes_nothing_and_another_may_follow(
    session: Session, thesis: Thesis
) -> None:
    base = conventions.holding(session, thesis)
    row = begun(session, thesis, expires_on=LATER)
    conventions.move(
        session, thesis, row, C.VOID, TODAY, "The defence is earlier.", None, ACTOR, NOW, today=TODAY
    )
    assert conventions.current(session, thesis) is conventions.holding(session, thesis) is base
    assert thesis.convention_state == C.IN_FORCE
    again = begun(session, thesis, expires_on=LATER)
    assert (again.amendment, again.number) == (1, row.number + 1)


def test_a_thesis_that_ends_takes_the_amendment_and_then_the_convention_with_it(
    session: Session, thesis: Thesis
) -> None:
    base = conventions.holding(session, thesis)
    row = begun(session, thesis, expires_on=LATER)
    thesis.state = ThesisState.RUNNING
    ending.end(
        session,
        thesis,
        ThesisState.WITHDRAWN,
        TODAY,
        "They gave up.",
        thesis.version,
        ACTOR,
        NOW,
        today=TODAY,
    )
    assert (row.state, base.state, thesis.convention_state) == (C.VOID, C.ENDED, C.ENDED)


def test_the_text_of_a_day_is_the_convention_with_the_amendments_that_count_then(
    session: Session, thesis: Thesis
) -> None:
    row = begun(session, thesis, expires_on=LATER)
    from_day = TODAY + timedelta(days=30)
    acts.edit(session, thesis, row, ["extension"], {}, from_day, None, ACTOR, NOW, today=TODAY)
    put(session, thesis)
    signed(session, thesis, "cd" * 32)
    assert acts.consolidated(session, thesis, TODAY - timedelta(days=1)) is None
    first = acts.consolidated(session, thesis, from_day - timedelta(days=1))
    second = acts.consolidated(session, thesis, from_day)
    assert first is not None
    assert second is not None
    assert [each.row.amendment for each in first.made_of] == [0]
    assert [each.row.amendment for each in second.made_of] == [0, 1]
    assert second.changed_by["CL-35"] == 1
    ends = next(article for article in second.text if article["clause"] == "CL-35")["rows"]
    assert any("31 décembre 2030" in line["fr"] for line in ends)
    assert not any("31 décembre 2030" in line["fr"] for line in first.text[34]["rows"])


def test_a_second_amendment_builds_on_the_first(session: Session, thesis: Thesis) -> None:
    begun(session, thesis, expires_on=LATER)
    put(session, thesis)
    signed(session, thesis, "cd" * 32)
    row = begun(session, thesis, ["stay"])
    convention_terms.edit_terms(
        session, thesis, row, {"minimum_stay:ghent": 9}, None, ACTOR, NOW, today=TODAY
    )
    assert row.amendment == 2
    assert changed(session, thesis, row) == ["CL-14"]
    facts = facts_of(session, thesis, row)
    assert facts.amendment is not None
    assert facts.amendment.earlier == (TODAY,)
    assert facts.terms.get("expires_on") == LATER


def test_an_amendment_keeps_the_languages_of_its_convention(session: Session, thesis: Thesis) -> None:
    row = begun(session, thesis)
    with refused(Reason.MOVE_NOT_ALLOWED):
        convention_terms.set_languages(session, thesis, row, ["en"], ACTOR, NOW, today=TODAY)


def test_whoever_comes_and_goes_while_the_calendar_waits_for_the_office_is_asked_to_sign(
    session: Session, thesis: Thesis
) -> None:
    row = begun(session, thesis, expires_on=LATER)
    thesis.defence_from, thesis.defence_until, thesis.defence_on = None, None, date(2029, 11, 1)
    recompute(session, thesis, TODAY, NOW)
    thesis.defence_on = date(2030, 3, 1)
    recompute(session, thesis, TODAY, NOW)
    assert thesis.calendar_changes
    rows = session.scalars(select(Supervision).where(Supervision.thesis_id == thesis.id))
    gone = next(each for each in rows if each.institution.code == "ghent")
    supervision.end_supervision(session, thesis, gone, TODAY, None, ACTOR, NOW, today=TODAY)
    acts.edit(session, thesis, row, ["extension", "director"], {}, None, None, ACTOR, NOW, today=TODAY)
    assert ("former_director", "ghent") in standing(session, milestone(session, thesis))


def test_an_amendment_given_up_leaves_the_calendar_at_once(session: Session, thesis: Thesis) -> None:
    row = begun(session, thesis, expires_on=LATER)
    conventions.move(session, thesis, row, C.VOID, TODAY, "No.", None, ACTOR, NOW, today=TODAY)
    assert convention_round.milestone_of(session, row) is None
    assert thesis.calendar_changes == 0


def test_an_institution_that_has_left_signs_the_amendment_by_which_it_leaves_and_no_later_one(
    session: Session, thesis: Thesis
) -> None:
    leaving = next(each for each in thesis.parties if each.institution.code == "ghent")
    third = party(session, "ku-leuven")
    listed = [
        replace(
            party(session, each.institution.code, lead=each.lead), school_id=each.school_id,
            unit_id=each.unit_id, left_on=TODAY if each is leaving else None,
        )
        for each in thesis.parties
    ]  # fmt: skip
    directory.edit_parties(session, thesis, [*listed, third], thesis.version, ACTOR, NOW, today=TODAY)
    title = begun(session, thesis, ["title"])
    assert changed(session, thesis, title) == []
    sides = {side for _signer, side in standing(session, milestone(session, thesis))}
    assert sides == {"", "lille", "ghent"}
    acts.edit(session, thesis, title, ["party"], {}, None, None, ACTOR, NOW, today=TODAY)
    sides = {side for _signer, side in standing(session, milestone(session, thesis))}
    assert sides == {"", "lille", "ghent", "ku-leuven"}
    facts = facts_of(session, thesis, title)
    assert [each.code for each in facts.parties] == ["lille", "ku-leuven"]
    assert [each.code for each in facts.signing_parties] == ["lille", "ku-leuven", "ghent"]


def test_a_new_head_represents_the_institution_without_a_change_of_the_convention(
    session: Session, thesis: Thesis
) -> None:
    institution(session, "ghent").head_name = "Rik Van de Walle"
    row = begun(session, thesis, expires_on=LATER)
    facts = facts_of(session, thesis, row)
    assert changed(session, thesis, row) == ["CL-35", "SG"]
    assert [each.head_name for each in facts.signing_parties] == ["Ada Lovelace", "Rik Van de Walle"]


@pytest.mark.parametrize(
    ("effective", "expires"),
    [
        (TODAY - timedelta(days=1), LATER),
        (None, TODAY),
        (TODAY + timedelta(days=9), TODAY + timedelta(days=9)),
    ],
)
def test_days_out_of_order_are_refused(
    session: Session, thesis: Thesis, effective: date | None, expires: date
) -> None:
    with refused(Reason.DATES_OUT_OF_ORDER):
        acts.begin(session, thesis, ["extension"], {}, effective, ACTOR, NOW, today=TODAY, expires_on=expires)


def test_a_later_amendment_counts_no_earlier_than_the_one_before(session: Session, thesis: Thesis) -> None:
    from_day = TODAY + timedelta(days=300)
    row = begun(session, thesis, expires_on=LATER)
    acts.edit(session, thesis, row, ["extension"], {}, from_day, None, ACTOR, NOW, today=TODAY)
    put(session, thesis)
    signed(session, thesis, "cd" * 32)
    second = begun(session, thesis, ["stay"])
    convention_terms.edit_terms(
        session, thesis, second, {"minimum_stay:ghent": 9}, None, ACTOR, NOW, today=TODAY
    )
    put(session, thesis)
    signed(session, thesis, "ef" * 32)
    assert second.in_force_on == from_day
    today = acts.consolidated(session, thesis, TODAY)
    assert today is not None
    assert today.changed_by == {}


def test_after_its_end_no_text_is_in_force(session: Session, thesis: Thesis) -> None:
    end = conventions.holding(session, thesis).expires_on
    assert end is not None
    assert acts.consolidated(session, thesis, end) is not None
    assert acts.consolidated(session, thesis, end + timedelta(days=1)) is None


def test_a_thesis_that_comes_back_numbers_its_next_amendment_on(session: Session, thesis: Thesis) -> None:
    begun(session, thesis, expires_on=LATER)
    put(session, thesis)
    signed(session, thesis, "cd" * 32)
    thesis.state = ThesisState.RUNNING
    ending.end(session, thesis, ThesisState.WITHDRAWN, TODAY, "Ill.", thesis.version, ACTOR, NOW, today=TODAY)
    ending.resume(
        session, thesis, ThesisState.RUNNING, TODAY, "Well.", thesis.version, ACTOR, NOW, today=TODAY
    )
    put(session, thesis)
    signed(session, thesis, "ef" * 32)
    row = begun(session, thesis, expires_on=LATER + timedelta(days=365))
    assert row.amendment == 2
    assert set(standing(session, milestone(session, thesis)).values()) == {None}
