"""Proves the acts on a thesis: registering, editing, its institutions, its states, taking a mistake back."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.leave import LeaveKind
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import (
    Convention,
    Counter,
    JournalEntry,
    Person,
    PossibleDouble,
    TextRow,
    Thesis,
    ThesisInstitution,
    Transition,
    texts_of,
)
from cotutelle.operations import convention as conventions
from cotutelle.operations import (
    convention_terms,
    counter,
    document,
    enrolment,
    keys,
    message,
    stay,
    supervision,
    version,
)
from cotutelle.operations import person as people
from cotutelle.operations import thesis as acts
from cotutelle.operations.parties import check_party, set_parties
from cotutelle.operations.thesis import ThesisFacts
from cotutelle.scope import as_system
from tests import builders
from tests.builders import ACTOR, NOW, TODAY, institution, party, person, school
from tests.operations.complete import put

FACTS = ThesisFacts({"fr": "Gouverner les crues", "en": "Governing floods"}, "fr")


@pytest.fixture
def mine(session: Session) -> Thesis:
    return session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()


def refused(reason: Reason) -> object:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def fresh(session: Session, title: str = "Gouverner les crues", family: str = "Lefèvre") -> Thesis:
    return builders.thesis(session, person(session, family, "Zoé"), title=title)


def test_a_registered_thesis_has_reference_parties_titles_and_an_empty_convention(session: Session) -> None:
    thesis = fresh(session)
    assert thesis.reference == "LILLE-2026-0003"
    assert (thesis.state, thesis.first_year, thesis.registered_at) == ("draft", 2026, NOW)
    assert [p.institution.code for p in thesis.parties] == ["lille", "ghent"]
    convention = conventions.current(session, thesis)
    assert (convention.state, convention.number, convention.languages) == ("draft", 1, ["fr", "en"])
    assert thesis.lacking > 20
    assert thesis.health == "pending"
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
    assert entry is not None
    assert (entry.act, entry.subject) == ("thesis.registered", "thesis:LILLE-2026-0003")


def test_numbers_run_by_lead_and_year_of_the_first_enrolment(session: Session) -> None:
    who = person(session, "Lefèvre", "Zoé")

    def register(lead: str, enrolled: date | None) -> str:
        other = "lille" if lead == "ghent" else "ghent"
        parties = [party(session, other), party(session, lead, lead=True, first_enrolment=enrolled)]
        return acts.register(session, who, FACTS, parties, ACTOR, NOW, today=TODAY, another=True).reference

    assert register("lille", None) == "LILLE-2026-0003"
    assert register("ghent", None) == "GHENT-2026-0001"
    assert register("lille", date(2025, 10, 1)) == "LILLE-2025-0001"
    assert register("lille", date(2026, 1, 15)) == "LILLE-2025-0002"  # January is still the year 2025-26
    assert register("lille", date(2026, 9, 1)) == "LILLE-2026-0004"


def test_two_who_register_at_once_get_two_numbers(app: Flask) -> None:
    start, found = threading.Barrier(2), []

    def work(name: str) -> None:
        with app.app_context():
            start.wait()
            for turn in range(3):
                with transaction() as session, as_system(session, "tests"):
                    found.append(fresh(session, family=f"{name}-{turn}").reference)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"LILLE-2026-{n:04d}" for n in range(3, 9)]


def test_a_counter_says_what_a_count_of_the_rows_says(session: Session) -> None:
    fresh(session)
    rows = session.execute(select(Counter.scope, Counter.value).where(Counter.name == "thesis")).all()
    live: dict[str, int] = {}
    for reference in session.scalars(select(Thesis.reference)):
        lead, year, _number = reference.rsplit("-", 2)
        live[f"{lead.lower()}:{year}"] = live.get(f"{lead.lower()}:{year}", 0) + 1
    assert dict(rows) == live == {"lille:2026": 3}
    assert counter.value(session, "thesis", "lille:2026") == 3
    assert counter.value(session, "thesis", "nowhere:2026") == 0
    assert counter.advance(session, "other", "x", 5) == 5
    assert counter.advance(session, "other", "x") == 6
    counter.reset(session, "other", "x", 2)
    assert counter.advance(session, "other", "x") == 3


@pytest.mark.parametrize("titles", [{}, {"fr": ""}, {"fr": "  "}])
def test_a_thesis_has_a_title(session: Session, titles: dict[str, str]) -> None:
    parties = [party(session, "lille", lead=True), party(session, "ghent")]
    with refused(Reason.TITLE_MISSING):
        acts.register(
            session, person(session, "A"), ThesisFacts(titles, "fr"), parties, ACTOR, NOW, today=TODAY
        )


def test_a_school_or_unit_of_another_institution_is_refused(session: Session) -> None:
    ghent = institution(session, "ghent")
    lille = party(session, "lille", "SHS", lead=True)
    wrong_school = replace(party(session, "ghent"), school_id=school(session, "lille", "SHS").id)
    wrong_unit = replace(party(session, "ghent"), unit_id=builders.unit_of(session, "lille").id)
    assert ghent.units == [] or ghent.units[0].id != wrong_unit.unit_id
    for wrong, reason in ((wrong_school, Reason.SCHOOL_OF_ANOTHER), (wrong_unit, Reason.UNKNOWN_UNIT)):
        with refused(reason):
            check_party(session, wrong)
    with refused(Reason.SCHOOL_OF_ANOTHER):
        check_party(session, replace(lille, school_id=999_999))
    check_party(session, lille)


def test_editing_changes_what_is_said_and_the_keys_that_find_it(session: Session, mine: Thesis) -> None:
    before = mine.version
    acts.edit(session, mine, replace(FACTS, mode="full"), before, ACTOR, NOW, today=TODAY)
    assert (mine.mode, mine.version) == ("full", before + 1)
    assert texts_of(session, "thesis", [mine.id])[mine.id]["title"] == FACTS.titles
    assert "gouverner les crues" in mine.search_key
    assert "canary title" not in mine.search_key


def test_an_edit_over_somebody_elses_is_stale_and_says_which_version_is_saved(
    session: Session, mine: Thesis
) -> None:
    with pytest.raises(Stale) as stale:
        acts.edit(session, mine, FACTS, mine.version - 1, ACTOR, NOW, today=TODAY)
    assert stale.value.version == mine.version


def test_a_version_is_raised_by_one_and_only_from_the_one_expected(session: Session, mine: Thesis) -> None:
    before = mine.version
    version.bump(session, mine, None)
    version.bump(session, mine, before + 1)
    assert mine.version == before + 2
    with pytest.raises(Stale):
        version.bump(session, mine, before + 1)
    assert mine.version == before + 2


def test_the_window_of_the_defence_is_in_order(session: Session, mine: Thesis) -> None:
    window = replace(FACTS, defence_from=date(2029, 6, 1), defence_until=date(2029, 5, 31))
    with refused(Reason.DATES_OUT_OF_ORDER):
        acts.edit(session, mine, window, mine.version, ACTOR, NOW, today=TODAY)
    one_day = replace(window, defence_until=date(2029, 6, 1))
    acts.edit(session, mine, one_day, mine.version, ACTOR, NOW, today=TODAY)


# Institutions


def test_institutions_are_exchanged_ordered_and_the_lead_stands_first(session: Session) -> None:
    thesis = fresh(session)
    listed = [party(session, "ku-leuven"), party(session, "laval", lead=True), party(session, "lille", "SHS")]
    acts.edit_parties(session, thesis, listed, thesis.version, ACTOR, NOW, today=TODAY)
    rows = session.scalars(
        select(ThesisInstitution)
        .where(ThesisInstitution.thesis_id == thesis.id)
        .order_by(ThesisInstitution.position)
    ).all()
    assert [(r.institution.code, r.position, r.lead) for r in rows] == [
        ("laval", 1, True),
        ("ku-leuven", 2, False),
        ("lille", 3, False),
    ]
    assert thesis.reference == "LILLE-2026-0003", "a public name never changes"


@pytest.mark.parametrize("use", ["stay", "enrolment", "supervisor"])
def test_an_institution_in_use_cannot_leave(session: Session, use: str) -> None:
    thesis, ghent = fresh(session), institution(session, "ghent")
    if use == "stay":
        stay.save_stay(session, thesis, None, ghent.id, TODAY, TODAY, False, ACTOR, NOW, today=TODAY)
    elif use == "enrolment":
        fee = enrolment.Fee.UNKNOWN
        enrolment.save_enrolment(session, thesis, ghent.id, 2026, None, fee, ACTOR, NOW, today=TODAY)
    else:
        who = person(session, "Directrice")
        supervision.add_supervisor(session, thesis, who, ghent.id, "director", ACTOR, NOW, today=TODAY)
    listed = [party(session, "lille", "SHS", lead=True), party(session, "laval")]
    with refused(Reason.NOT_EMPTY) as error:
        acts.edit_parties(session, thesis, listed, thesis.version, ACTOR, NOW, today=TODAY)
    assert error.value.details["institution"] == "UGent"  # type: ignore[attr-defined]


def test_the_texts_of_an_institution_that_leaves_leave_with_it(session: Session) -> None:
    discipline = {"fr": "Hydrologie"}
    listed = [party(session, "lille", "SHS", lead=True), party(session, "ghent", discipline=discipline)]
    thesis = builders.thesis(session, person(session, "A"), listed)
    row = next(p for p in thesis.parties if p.institution.code == "ghent")
    left = (
        select(func.count())
        .select_from(TextRow)
        .where(TextRow.subject == "thesis_institution", TextRow.subject_id == row.id)
    )
    assert session.scalar(left) == 1
    set_parties(session, thesis, [listed[0], party(session, "laval")])
    assert session.scalar(left) == 0


# States


def test_a_move_is_kept_with_its_day_and_its_reason(session: Session) -> None:
    thesis = fresh(session)
    acts.move(session, thesis, ThesisState.ADMITTED, TODAY, "", thesis.version, ACTOR, NOW, today=TODAY)
    acts.move(session, thesis, ThesisState.DRAFT, TODAY, "a mistake", thesis.version, ACTOR, NOW, today=TODAY)
    kept = session.scalars(
        select(Transition).where(Transition.thesis_id == thesis.id).order_by(Transition.id)
    ).all()
    assert [(t.from_state, t.to_state, t.reason) for t in kept] == [
        ("draft", "admitted", ""),
        ("admitted", "draft", "a mistake"),
    ]


def test_a_move_without_its_reason_changes_nothing(session: Session) -> None:
    thesis = fresh(session)
    with refused(Reason.REASON_MISSING):
        acts.move(session, thesis, ThesisState.CANCELLED, TODAY, " ", thesis.version, ACTOR, NOW, today=TODAY)
    with refused(Reason.MOVE_NOT_ALLOWED):
        acts.move(session, thesis, ThesisState.DEFENDED, TODAY, "x", thesis.version, ACTOR, NOW, today=TODAY)
    assert thesis.state == "draft"


# Taking a registration back


def test_a_registration_with_all_that_hangs_on_it_is_undone_without_trace_but_the_journal(
    session: Session,
) -> None:
    before = {
        table: session.scalar(select(func.count()).select_from(table))
        for table in (Thesis, Convention, TextRow)
    }
    thesis = fresh(session)
    name, ghent = thesis.reference, institution(session, "ghent")
    stay.save_stay(session, thesis, None, ghent.id, TODAY, TODAY, False, ACTOR, NOW, today=TODAY)
    enrolment.save_enrolment(
        session, thesis, ghent.id, 2026, TODAY, enrolment.Fee.PAID, ACTOR, NOW, today=TODAY
    )
    enrolment.add_leave(session, thesis, LeaveKind.SICK, TODAY, TODAY, ACTOR, NOW, today=TODAY)
    enrolment.add_funding(session, thesis, "contract", "ULille", ACTOR, NOW, today=TODAY)
    enrolment.add_note(session, thesis, "Note", ACTOR, NOW)
    supervision.add_supervisor(
        session, thesis, person(session, "D"), ghent.id, "director", ACTOR, NOW, today=TODAY
    )
    terms = {"travel_payer": "lead", "access_diploma": {"fr": "master"}}
    convention_terms.edit_terms(
        session, thesis, conventions.current(session, thesis), terms, None, ACTOR, NOW, today=TODAY
    )
    assert acts.undoable(session, thesis)
    acts.undo(session, thesis, ACTOR, NOW)
    session.flush()
    assert session.scalar(select(Thesis.id).where(Thesis.reference == name)) is None
    assert {t: session.scalar(select(func.count()).select_from(t)) for t in before} == before
    assert session.scalars(select(Thesis.id).where(keys.matches(session, name))).all() == []  # type: ignore[arg-type]
    last = session.scalars(select(JournalEntry.act).order_by(JournalEntry.sequence.desc())).first()
    assert last == "thesis.undone"
    assert fresh(session, family="Other").reference == "LILLE-2026-0004", "a number is never given twice"


@pytest.mark.parametrize("after", ["upload", "version", "mail", "move"])
def test_a_registration_is_not_undone_once_anything_left_or_came(session: Session, after: str) -> None:
    thesis = fresh(session)
    if after == "upload":
        document.add_document(
            session, thesis, "fees", "T", "parties", ACTOR, NOW,
            digest="0" * 64, filename="a.pdf", media_type="application/pdf", size=1, today=TODAY,
        )  # fmt: skip
    elif after == "mail":
        message.queue(session, "x", "a@b.example", "fr", "s", "b", NOW, thesis_id=thesis.id)
    elif after == "version":
        put(session, thesis)
    else:
        acts.move(session, thesis, ThesisState.ADMITTED, TODAY, "", thesis.version, ACTOR, NOW, today=TODAY)
        acts.move(session, thesis, ThesisState.DRAFT, TODAY, "back", thesis.version, ACTOR, NOW, today=TODAY)
    assert not acts.undoable(session, thesis)
    with refused(Reason.NOT_UNDOABLE):
        acts.undo(session, thesis, ACTOR, NOW)


# Possible doubles


def add(session: Session, facts: people.PersonFacts, **more: object) -> Person:
    return people.add_person(session, facts, ACTOR, NOW, **more)  # type: ignore[arg-type]


ZOE = people.PersonFacts("Lefèvre", "Zoé", "", "zoe@univ.example", "0000-0002-1825-0097")


@pytest.mark.parametrize(
    "again",
    [
        people.PersonFacts("LEFEVRE", "Zoe"),
        people.PersonFacts("Zoé", "Lefèvre"),
        people.PersonFacts("Other", "Name", "", "zoe@univ.example"),
    ],
)
def test_a_possible_double_in_sight_is_shown_and_may_be_confirmed(
    session: Session, again: people.PersonFacts
) -> None:
    first = add(session, ZOE)
    for visible in (None, [first.id]):
        with refused(Reason.POSSIBLE_DOUBLE) as error:
            add(session, again, visible=visible)
        assert error.value.details == {"name": "Zoé Lefèvre", "person": first.public_id}  # type: ignore[attr-defined]
    second = add(session, again, doubles_accepted=True)
    assert second.id != first.id
    assert session.scalars(select(PossibleDouble)).all() == []


def test_a_possible_double_out_of_sight_is_named_to_nobody_but_noted_for_the_operator(
    session: Session,
) -> None:
    first = add(session, ZOE)
    second = add(session, people.PersonFacts("Lefevre", "Zoe"), visible=[])
    (noted,) = session.scalars(select(PossibleDouble)).all()
    assert (noted.person_id, noted.other_id, noted.settled_at) == (second.id, first.id, None)


def test_one_orcid_is_one_person(session: Session) -> None:
    first = add(session, ZOE)
    again = people.PersonFacts("X", "Y", "", "", ZOE.orcid)
    for accepted, reason in ((True, Reason.ORCID_TAKEN), (False, Reason.POSSIBLE_DOUBLE)):
        with refused(reason):
            add(session, again, visible=[first.id], doubles_accepted=accepted)


def test_an_orcid_of_somebody_out_of_sight_is_left_to_the_operator(session: Session) -> None:
    first = add(session, ZOE)
    second = add(session, people.PersonFacts("X", "Y", "", "", ZOE.orcid), visible=[])
    assert second.orcid is None
    (noted,) = session.scalars(select(PossibleDouble)).all()
    assert (noted.person_id, noted.other_id) == (second.id, first.id)


def test_somebody_else_is_no_double(session: Session) -> None:
    add(session, ZOE)
    for other in ("Lefebvre", "Lefèvre-Durand"):
        add(session, people.PersonFacts(other, "Zoé"))
    add(session, people.PersonFacts("%", "_"))
    assert session.scalars(select(PossibleDouble)).all() == []


# Search


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lefevre", True),
        ("LEFÈVRE", True),
        ("lefèvre crues", True),
        ("crues  zoé", True),
        ("gouv", True),
        ("les", True),
        ("2026", True),
        ("lille-2026-0003", True),
        ("l’eau", True),
        ("l eau", True),
        ("d'alembert", True),
        ("lefevre tides", False),
        ("zzz", False),
        ("le%", True),
        ("%%%", None),
        ("___", None),
        ("", None),
        ('"', None),
        ("* OR 1=1", False),
        ("crues'; DROP TABLE thesis; --", False),
        ("a" * 500, False),
        ("crues NOT lefevre", False),
        ("治", True),
        (":*", None),
        ("crues & zoé | !", True),
    ],
)
def test_a_thesis_is_found_by_all_the_words_and_by_nothing_else(
    session: Session, words: str, found: bool | None
) -> None:
    thesis = fresh(session, "Gouverner les crues : l’eau et 治水 chez d'Alembert")
    condition = keys.matches(session, words)
    if found is None:
        assert condition is None
        return
    assert condition is not None
    listed = session.scalars(select(Thesis.id).where(condition)).all()
    assert (thesis.id in listed) is found


def test_a_renamed_person_is_found_by_the_new_name_only(session: Session) -> None:
    who = person(session, "Lefèvre", "Zoé")
    thesis = builders.thesis(session, who)
    people.edit_person(session, who, people.PersonFacts("Ångström", "Zoé"), who.version, ACTOR, NOW)
    for word, there in (("angstrom", True), ("lefevre", False)):
        condition = keys.matches(session, word)
        assert condition is not None
        assert (thesis.id in session.scalars(select(Thesis.id).where(condition)).all()) is there
    assert thesis.sort_key.startswith("angstrom")


def test_the_time_of_an_act_is_kept_in_utc(app: Flask) -> None:
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = acts.register(
            session,
            person(session, "A"),
            FACTS,
            [party(session, "lille", lead=True), party(session, "ghent")],
            ACTOR,
            now := clock.now(),
            today=TODAY,
        )
        reference = thesis.reference
    with app.app_context(), as_system(db.session(), "tests") as reading:
        kept = reading.scalars(select(Thesis).where(Thesis.reference == reference)).one()
        assert kept.registered_at == now
        assert kept.registered_at.utcoffset().total_seconds() == 0  # type: ignore[union-attr]
        reading.rollback()


def test_a_proof_can_be_taken_off_again(session: Session) -> None:
    thesis, lille = fresh(session), institution(session, "lille")
    proof = document.add_document(
        session, thesis, "fees", "Receipt", "parties", ACTOR, NOW,
        digest="0" * 64, filename="a.pdf", media_type="application/pdf", size=1, today=TODAY,
    )  # fmt: skip
    for given in (proof, None):
        cell = enrolment.save_enrolment(
            session, thesis, lille.id, 2026, None, enrolment.Fee.WAIVED, ACTOR, NOW, today=TODAY, proof=given
        )
        assert cell.proof_id == (given.id if given else None)


def test_a_leave_is_looked_at_by_the_rules_at_once(session: Session) -> None:
    thesis = fresh(session)
    thesis.good_until = date(2000, 1, 1)
    leave = enrolment.add_leave(session, thesis, LeaveKind.SICK, TODAY, TODAY, ACTOR, NOW, today=TODAY)
    assert thesis.good_until != date(2000, 1, 1)
    thesis.good_until = date(2000, 1, 1)
    enrolment.remove_leave(session, thesis, leave, ACTOR, NOW, today=TODAY)
    assert thesis.good_until != date(2000, 1, 1)
