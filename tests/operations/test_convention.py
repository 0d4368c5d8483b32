"""Proves the acts on a convention: terms in their languages, moves, kept versions, what the office accepts."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents.convention import clause_versions
from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import SCHEMA
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import (
    Acceptance,
    Convention,
    ConventionVersion,
    JournalEntry,
    Thesis,
    Transition,
    texts_of,
)
from cotutelle.operations import acceptance, convention_terms
from cotutelle.operations import convention as acts
from cotutelle.operations import convention_version as versions
from cotutelle.operations.facts import facts_of
from tests.builders import ACTOR, NOW, TODAY
from tests.operations.complete import approved, completed, put

C = ConventionState
KEPT: dict[str, Any] = {"file_digest": "0" * 64, "engines": {"weasyprint": "70.0"}}


@pytest.fixture
def thesis(session: Session) -> Thesis:
    return session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()


@pytest.fixture
def convention(session: Session, thesis: Thesis) -> Convention:
    return acts.current(session, thesis)


def settle(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    changes: Mapping[str, object],
    version: int | None = None,
) -> None:
    convention_terms.edit_terms(session, thesis, convention, changes, version, ACTOR, NOW, today=TODAY)


def move(session: Session, thesis: Thesis, to: ConventionState, reason: str = "") -> None:
    if to is C.APPROVED:
        approved(session, thesis)
        return
    if to is C.PARTNER_REVIEW and acts.current(session, thesis).state != C.APPROVED:
        put(session, thesis)
        return
    acts.move(
        session, thesis, acts.current(session, thesis), to, TODAY, reason, None, ACTOR, NOW, today=TODAY
    )


def refused(reason: Reason) -> Any:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def test_a_text_is_kept_in_each_of_its_languages_and_an_empty_one_is_none(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    settle(session, thesis, convention, {"access_diploma": {"fr": "master", "en": "master’s", "nl": ""}})
    kept = texts_of(session, "convention", [convention.id])[convention.id]
    assert kept["access_diploma"] == {"fr": "master", "en": "master’s"}
    assert facts_of(session, thesis, convention).terms.get("access_diploma") == kept["access_diploma"]
    settle(session, thesis, convention, {"access_diploma": None})
    assert "access_diploma" not in texts_of(session, "convention", [convention.id])[convention.id]


def test_terms_come_back_as_the_kinds_they_are(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    given = {
        "start": date(2026, 10, 1),
        "duration_months": 36,
        "travel_cap": Decimal("500.50"),
        "public": False,
        "report_languages": ["fr", "en"],
        "minimum_stay:ghent": 0,
        "fall_back": "ghent",
    }
    settle(session, thesis, convention, given)
    session.expire_all()
    terms = facts_of(session, thesis, convention).terms
    for key, value in given.items():
        name, _, party = key.partition(":")
        assert terms.get(name, party or None) == value
        assert type(terms.get(name, party or None)) is type(value)


def test_a_term_taken_back_is_open_again_and_counts_as_lacking(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    before = thesis.lacking
    settle(session, thesis, convention, {"travel_payer": "lead"})
    assert thesis.lacking == before - 1
    settle(session, thesis, convention, {"travel_payer": None})
    assert (
        thesis.lacking
        == before
        == len({m.blank for m in missing_facts(facts_of(session, thesis, convention))})
    )
    assert "travel_payer" not in convention.terms


def test_the_day_it_ends_stands_beside_the_convention(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    settle(session, thesis, convention, {"expires_on": date(2030, 8, 31)})
    assert convention.expires_on == date(2030, 8, 31)
    settle(session, thesis, convention, {"travel_payer": "lead"})
    assert convention.expires_on == date(2030, 8, 31)
    settle(session, thesis, convention, {"expires_on": None})
    assert convention.expires_on is None


def test_a_change_over_somebody_elses_is_stale(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    seen, of_thesis = convention.version, thesis.version
    settle(session, thesis, convention, {"travel_payer": "lead"}, seen)
    assert (convention.version, thesis.version) == (seen + 1, of_thesis + 1)
    with pytest.raises(Stale) as stale:
        settle(session, thesis, convention, {"travel_payer": "host"}, seen)
    assert stale.value.version == seen + 1
    assert convention.terms["travel_payer"] == "lead"


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({"start": date(2027, 1, 1), "expires_on": date(2027, 1, 1)}, {"expires_on": date(2027, 1, 2)}),
        (
            {"effective_on": date(2027, 1, 2), "expires_on": date(2027, 1, 1)},
            {"expires_on": date(2027, 1, 3)},
        ),
        ({"jury_min": 9}, {"jury_min": 8}),
        ({"jury_max": 3}, {"jury_max": 4}),
        ({"duration_months": 37, "maximum_months": 36}, {"maximum_months": 37}),
    ],
)
def test_what_must_follow_comes_after_and_bounds_hold(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    changes: dict[str, object],
    right: dict[str, object],
) -> None:
    with refused(Reason.DATES_OUT_OF_ORDER):
        settle(session, thesis, convention, changes)
    settle(session, thesis, convention, {**changes, **right})


def test_languages_are_chosen_in_order_and_what_lacks_a_translation_is_open(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    settle(session, thesis, convention, {"access_diploma": {"en": "master’s"}})
    before = thesis.lacking
    convention_terms.set_languages(session, thesis, convention, ["en"], ACTOR, NOW, today=TODAY)
    assert facts_of(session, thesis, convention).languages == ("en",)
    assert thesis.lacking == before - 1


# A complete file


@pytest.fixture
def complete(session: Session, thesis: Thesis) -> Thesis:
    return completed(session, thesis)


def test_the_file_of_these_tests_lacks_nothing(session: Session, complete: Thesis) -> None:
    assert missing_facts(facts_of(session, complete, acts.current(session, complete))) == ()
    assert complete.lacking == 0


def test_a_text_with_blanks_is_not_approved(session: Session, thesis: Thesis, convention: Convention) -> None:
    put(session, thesis)
    with refused(Reason.FACTS_MISSING) as error:
        approved(session, thesis)
    assert error.value.details["count"] == thesis.lacking > 0
    assert convention.state == "partner_review"


def test_what_was_agreed_stays_what_the_convention_says(session: Session, complete: Thesis) -> None:
    convention = acts.current(session, complete)
    move(session, complete, C.PARTNER_REVIEW)
    move(session, complete, C.APPROVED)
    agreed = acts.text_of(session, complete, convention)
    complete.confidential = True
    session.flush()
    assert facts_of(session, complete, convention) != agreed
    assert acts.text_of(session, complete, convention) == agreed
    move(session, complete, C.PARTNER_REVIEW, "the title changed")
    assert acts.text_of(session, complete, convention).confidential


@pytest.mark.parametrize("days", [1, -1])
def test_a_move_is_neither_ahead_nor_before_the_last_one(
    session: Session, complete: Thesis, days: int
) -> None:
    move(session, complete, C.LEGAL_CHECK)
    reason = Reason.DATE_AHEAD if days > 0 else Reason.DATE_BEFORE_LAST
    convention = acts.current(session, complete)
    with refused(reason):
        acts.move(
            session, complete, convention, C.DRAFT, TODAY + timedelta(days=days), "back", None, ACTOR, NOW,
            today=TODAY,
        )  # fmt: skip


def test_a_convention_goes_its_way_and_each_step_is_kept(session: Session, complete: Thesis) -> None:
    way = (C.LEGAL_CHECK, C.PARTNER_REVIEW, C.APPROVED, C.SIGNING, C.IN_FORCE)
    for to in way:
        move(session, complete, to)
        assert (complete.convention_state, complete.convention_since) == (to, TODAY)
    assert acts.current(session, complete).in_force_on == TODAY
    kept = session.scalars(select(Transition.to_state).order_by(Transition.id)).all()
    assert kept == list(way)
    assert complete.health == "pass"


@pytest.mark.parametrize("state", [C.APPROVED, C.SIGNING])
def test_once_approved_neither_terms_nor_languages_change(
    session: Session, complete: Thesis, state: ConventionState
) -> None:
    convention = acts.current(session, complete)
    for to in (C.PARTNER_REVIEW, C.APPROVED, *((C.SIGNING,) if state is C.SIGNING else ())):
        move(session, complete, to)
    with refused(Reason.MOVE_NOT_ALLOWED):
        settle(session, complete, convention, {"travel_payer": "lead"})
    with refused(Reason.MOVE_NOT_ALLOWED):
        convention_terms.set_languages(session, complete, convention, ["en"], ACTOR, NOW, today=TODAY)


def test_a_voided_text_stays_as_it_is_and_its_terms_go_on_in_a_new_draft(
    session: Session, complete: Thesis
) -> None:
    old = acts.current(session, complete)
    for to in (C.PARTNER_REVIEW, C.APPROVED, C.SIGNING):
        move(session, complete, to)
    with refused(Reason.REASON_MISSING):
        move(session, complete, C.VOID)
    terms, texts = dict(old.terms), texts_of(session, "convention", [old.id])[old.id]
    move(session, complete, C.VOID, "the rector changed")
    new = acts.current(session, complete)
    assert (old.state, old.current, new.state, new.number) == ("void", False, "draft", old.number + 1)
    assert (old.terms, new.terms) == (terms, terms)
    assert texts_of(session, "convention", [new.id])[new.id] == texts
    assert new.expires_on == old.expires_on
    assert complete.convention_state == "draft"
    settle(session, complete, new, {"travel_payer": "host"})
    assert old.terms["travel_payer"] == terms["travel_payer"]


# Kept versions


def keep(session: Session, thesis: Thesis, **more: Any) -> ConventionVersion:
    convention = acts.current(session, thesis)
    facts = acts.text_of(session, thesis, convention)
    kept = {"clauses": clause_versions(facts), **KEPT, **more}
    return versions.keep_final(session, thesis, convention, facts, ACTOR, NOW, **kept)


def test_versions_are_numbered_through_all_conventions_of_a_thesis(
    session: Session, complete: Thesis
) -> None:
    first = acts.current(session, complete)
    for state in (C.LEGAL_CHECK, C.PARTNER_REVIEW, C.APPROVED, C.SIGNING):
        move(session, complete, state)
    assert keep(session, complete).number == 1
    acts.move(session, complete, first, C.VOID, TODAY, "Another text", None, ACTOR, NOW, today=TODAY)
    assert acts.current(session, complete).id != first.id
    assert put(session, complete).number == 2
    assert versions.next_number(session, complete) == 3


def test_a_final_text_may_not_have_blanks(session: Session, thesis: Thesis) -> None:
    with refused(Reason.FACTS_MISSING):
        keep(session, thesis)


@pytest.mark.parametrize("state", [C.DRAFT, C.LEGAL_CHECK, C.PARTNER_REVIEW])
def test_a_final_version_waits_for_the_approval(session: Session, complete: Thesis, state: C) -> None:
    if state is not C.DRAFT:
        move(session, complete, state)
    with refused(Reason.NOT_APPROVED):
        keep(session, complete)


def test_the_bytes_of_the_agreed_version_are_kept_once_and_say_what_they_were_made_of(
    session: Session, complete: Thesis
) -> None:
    put(session, complete)
    approved(session, complete)
    agreed = versions.agreed_version(session, acts.current(session, complete))
    assert versions.number_to_print(session, complete, acts.current(session, complete)) == 1
    first = keep(session, complete)
    assert first is agreed
    facts = facts_of(session, complete, acts.current(session, complete))
    clauses = clause_versions(facts)
    assert (first.number, first.final, first.file_digest) == (1, True, KEPT["file_digest"])
    assert first.facts == record.to_json(facts)
    assert first.facts_digest == record.digest(facts, clauses)
    assert (first.schema, first.languages, first.clauses) == (SCHEMA, ["fr", "en"], clauses)
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
    assert entry is not None
    assert entry.act == "convention.made"
    assert keep(session, complete, file_digest="1" * 64).file_digest == KEPT["file_digest"]


def test_wordings_that_changed_since_the_approval_make_no_final_text(
    session: Session, complete: Thesis
) -> None:
    put(session, complete)
    approved(session, complete)
    with refused(Reason.WORDINGS_CHANGED):
        keep(session, complete, clauses={"CL-01.fr": {"version": "2", "state": "drafted"}})


def test_a_wording_is_accepted_once(session: Session) -> None:
    acceptance.accept(session, "wording", ["fr", "en", "fr"], ACTOR, NOW)
    acceptance.accept(session, "wording", ["fr"], ACTOR, NOW)
    acceptance.accept(session, "reference", ["fr"], ACTOR, NOW)
    acceptance.accept(session, "reference", [], ACTOR, NOW)
    rows = session.execute(select(Acceptance.subject, Acceptance.key)).all()
    assert sorted(map(tuple, rows)) == [("reference", "fr"), ("wording", "en"), ("wording", "fr")]
    assert acceptance.accepted(session, "wording", ["fr", "nl"]) == {"fr"}
    noted = session.scalars(select(JournalEntry.act).where(JournalEntry.act.like("%.accepted"))).all()
    assert sorted(noted) == ["reference.accepted", "wording.accepted", "wording.accepted"]
