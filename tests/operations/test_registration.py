"""Who registers what: a second running thesis is meant, and an institution leaves after it joined."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Person, Thesis
from cotutelle.operations import thesis as acts
from cotutelle.operations.parties import set_parties
from cotutelle.operations.thesis import ThesisFacts
from cotutelle.policy import NOBODY
from cotutelle.scope import read_as
from tests import builders
from tests.builders import ACTOR, NOW, TODAY, party, person

FACTS = ThesisFacts({"fr": "Gouverner les crues", "en": "Governing floods"}, "fr")


def refused(reason: Reason) -> object:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def again(session: Session, who: Person, **more: bool) -> Thesis:
    parties = [party(session, "lille", "SHS", lead=True), party(session, "laval")]
    return acts.register(session, who, FACTS, parties, ACTOR, NOW, today=TODAY, **more)


def test_a_second_running_thesis_of_one_person_is_registered_only_when_it_is_meant(session: Session) -> None:
    who = person(session, "Lefèvre", "Zoé")
    first = again(session, who)
    with refused(Reason.ANOTHER_THESIS) as error:
        again(session, who)
    assert error.value.field == "another"  # type: ignore[attr-defined]
    assert error.value.details == {"name": "Zoé Lefèvre"}  # type: ignore[attr-defined]
    assert again(session, who, another=True).candidate_id == first.candidate_id


def test_a_thesis_that_ended_asks_nothing_of_the_next_one(session: Session) -> None:
    who = person(session, "Lefèvre", "Zoé")
    for state in (ThesisState.REFUSED, ThesisState.CANCELLED):
        thesis = again(session, who)
        acts.move(session, thesis, state, TODAY, "no funding", thesis.version, ACTOR, NOW, today=TODAY)
    assert again(session, who).state == "draft"
    with refused(Reason.ANOTHER_THESIS):
        again(session, who)


def test_a_running_thesis_counts_also_where_whoever_registers_does_not_see_it(session: Session) -> None:
    who = person(session, "Lefèvre", "Zoé")
    again(session, who)
    read_as(session, NOBODY, TODAY)
    assert session.scalars(select(Thesis)).all() == []
    with refused(Reason.ANOTHER_THESIS):
        again(session, who)


def test_an_institution_leaves_after_it_joined_and_the_lead_does_not_leave(session: Session) -> None:
    first, last = date(2025, 10, 1), date(2026, 10, 1)
    listed = [
        party(session, "lille", "SHS", lead=True),
        party(session, "ghent", joined_on=first, left_on=last),
    ]
    thesis = builders.thesis(session, person(session, "A"), listed)
    kept = next(p for p in thesis.parties if p.institution.code == "ghent")
    assert (kept.joined_on, kept.left_on) == (first, last)
    set_parties(session, thesis, [listed[0], replace(listed[1], left_on=None)])
    assert (kept.joined_on, kept.left_on) == (first, None), "a departure entered by mistake is taken back"
    set_parties(session, thesis, [listed[0], replace(listed[1], left_on=first)])
    with refused(Reason.DATES_OUT_OF_ORDER):
        set_parties(session, thesis, [listed[0], replace(listed[1], left_on=date(2025, 9, 30))])
    with refused(Reason.NOT_ONE_LEAD):
        set_parties(session, thesis, [replace(listed[0], left_on=last), listed[1]])
