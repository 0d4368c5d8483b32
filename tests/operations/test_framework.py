"""Framework agreements: what a convention under one refers to and does not repeat, and when one may stand under it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents.convention import text_of as worded
from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import assemble, missing_facts
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.validity import runs_until
from cotutelle.models import Framework, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import framework as acts
from cotutelle.operations import thesis as directory
from cotutelle.operations.facts import facts_of
from cotutelle.operations.framework_facts import conventions_under, frameworks_for, unbound
from tests.builders import ACTOR, NOW, TODAY, ghent_school, institution, party
from tests.operations.complete import approved, completed, put

TITLES = {"fr": "Convention-cadre Lille-Gand", "en": "Lille–Ghent framework agreement"}


@pytest.fixture
def thesis(session: Session) -> Thesis:
    return session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()


def facts(session: Session, *codes: str, **more: Any) -> acts.FrameworkEntry:
    listed = [institution(session, code).id for code in codes or ("lille", "ghent")]
    settled = {"CL-22": "article 7", "CL-37": "article 12"}
    told = acts.FrameworkEntry(TITLES, {"en": "theses"}, listed, date(2020, 1, 1), settled=settled)
    return replace(told, **more)


def added(session: Session, *codes: str, **more: Any) -> Framework:
    return acts.add_framework(session, facts(session, *codes, **more), ACTOR, NOW)


def under(session: Session, thesis: Thesis, row: Framework | None, version: int | None = None) -> None:
    convention = conventions.current(session, thesis)
    acts.put_under(session, thesis, convention, row, version, ACTOR, NOW, today=TODAY)


def refused(reason: Reason) -> Any:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def test_a_convention_under_a_framework_refers_to_what_that_settles_and_repeats_none_of_it(
    session: Session, thesis: Thesis
) -> None:
    asked = {m.clause for m in missing_facts(facts_of(session, thesis, conventions.current(session, thesis)))}
    assert "CL-22" in asked  # whose results are they?
    under(session, thesis, added(session))
    now = facts_of(session, thesis, conventions.current(session, thesis))
    assert "CL-22" not in {missing.clause for missing in missing_facts(now)}
    articles, _annexes = assemble(now)
    (only,) = articles[21].paragraphs
    assert only.fragment == "inherited"
    text = {article["clause"]: article for article in worded(now)}
    assert text["CL-22"]["rows"][0]["fr"] == (
        "Ce point est réglé par la convention-cadre «\u00a0Convention-cadre Lille-Gand\u00a0» (article 7). "
        "Ses dispositions s’appliquent à la thèse et ne sont pas répétées ici."
    )
    assert "Lille–Ghent framework agreement" in text["CL-03"]["rows"][0]["en"]
    assert record.from_json(record.to_json(now)) == now


def test_one_that_stands_alone_again_settles_everything_itself(session: Session, thesis: Thesis) -> None:
    before = record.to_json(facts_of(session, thesis, conventions.current(session, thesis)))
    under(session, thesis, added(session))
    under(session, thesis, None)
    after = record.to_json(facts_of(session, thesis, conventions.current(session, thesis)))
    after["terms"]["values"].pop("act_type")
    assert after == before


def test_a_title_that_lacks_a_language_of_the_act_is_missing(session: Session, thesis: Thesis) -> None:
    under(session, thesis, added(session, titles={"en": "Only English"}))
    now = facts_of(session, thesis, conventions.current(session, thesis))
    assert "framework_title" in {missing.blank.fact for missing in missing_facts(now)}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"institutions": [1]}, Reason.PARTIES_TOO_FEW),
        ({"titles": {"fr": ""}}, Reason.TEXT_INCOMPLETE),
        ({"ends_on": date(2019, 12, 31)}, Reason.DATES_OUT_OF_ORDER),
        ({"denounced_on": date(2019, 12, 31)}, Reason.DATES_OUT_OF_ORDER),
        ({"settled": {"CL-05": "article 1"}}, Reason.CLAUSE_NOT_INHERITED),
    ],
)
def test_a_framework_that_makes_no_sense_is_refused(
    session: Session, more: dict[str, Any], reason: Reason
) -> None:
    with refused(reason):
        added(session, **more)


def test_one_that_does_not_bind_every_institution_cannot_be_applied(session: Session, thesis: Thesis) -> None:
    with refused(Reason.NOT_UNDER_FRAMEWORK):
        under(session, thesis, added(session, "lille", "laval"))


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ({}, True),
        ({"ends_on": TODAY}, True),
        ({"ends_on": date(2026, 11, 23)}, False),
        ({"ends_on": date(2024, 12, 31), "renewal_months": 12}, True),
        ({"ends_on": date(2024, 12, 31), "renewal_months": 12, "denounced_on": date(2026, 11, 23)}, False),
        ({"begins_on": date(2026, 11, 25)}, False),
        ({"begins_on": TODAY}, True),
    ],
)
def test_only_one_in_force_can_be_applied(
    session: Session, thesis: Thesis, more: dict[str, Any], fits: bool
) -> None:
    row = added(session, **more)
    assert (row in frameworks_for(session, thesis.id, TODAY)) is fits


def test_tacit_renewal_carries_it_on_from_term_to_term(session: Session) -> None:
    row = added(session, ends_on=date(2024, 12, 31), renewal_months=12)
    assert runs_until(row, TODAY) == date(2026, 12, 31)
    assert runs_until(added(session), TODAY) is None
    monthly = added(session, ends_on=date(2026, 1, 31), renewal_months=1)
    assert runs_until(monthly, date(2026, 2, 28)) == date(2026, 2, 28)
    assert runs_until(monthly, date(2026, 3, 1)) == date(2026, 3, 31)
    assert runs_until(monthly, date(2026, 1, 31)) == date(2026, 1, 31)


def test_a_party_that_comes_later_and_is_not_bound_is_named(session: Session, thesis: Thesis) -> None:
    under(session, thesis, added(session))
    convention = conventions.current(session, thesis)
    assert unbound(session, convention) == []
    listed = [
        party(session, "lille", "SHS", lead=True),
        party(session, "ghent", ghent_school(session)),
        party(session, "laval"),
    ]
    directory.edit_parties(session, thesis, listed, thesis.version, ACTOR, NOW, today=TODAY)
    assert unbound(session, convention) == [institution(session, "laval").short_name]


def test_it_takes_as_many_candidates_as_it_allows(session: Session, thesis: Thesis) -> None:
    row = added(session, "lille", "ghent", "ku-leuven", most_theses=1)
    under(session, thesis, row)
    assert conventions_under(session)[row.id] == 1
    other = session.scalars(select(Thesis).where(Thesis.id != thesis.id).order_by(Thesis.id)).first()
    assert other is not None
    with refused(Reason.FRAMEWORK_FULL):
        under(session, other, row)
    under(session, thesis, row)  # it stands there already


def test_an_agreed_text_keeps_what_it_refers_to(session: Session, thesis: Thesis) -> None:
    completed(session, thesis)
    row = added(session)
    under(session, thesis, row)
    put(session, thesis)
    approved(session, thesis)
    convention = conventions.current(session, thesis)
    acts.edit_framework(session, row, facts(session, settled={}), row.version, ACTOR, NOW)
    agreed = conventions.text_of(session, thesis, convention)
    assert agreed.framework is not None
    assert agreed.framework.settles("CL-22") is not None
    with refused(Reason.MOVE_NOT_ALLOWED):
        under(session, thesis, None)


def test_two_who_edit_it_at_once_are_told(session: Session) -> None:
    row = added(session)
    acts.edit_framework(session, row, facts(session), 1, ACTOR, NOW)
    with pytest.raises(Stale):
        acts.edit_framework(session, row, facts(session), 1, ACTOR, NOW)


def test_a_text_under_a_framework_that_is_over_is_not_submitted(session: Session, thesis: Thesis) -> None:
    completed(session, thesis)
    row = added(session)
    under(session, thesis, row)
    over = facts(session, denounced_on=date(2026, 11, 23))
    acts.edit_framework(session, row, over, row.version, ACTOR, NOW)
    with refused(Reason.NOT_UNDER_FRAMEWORK):
        put(session, thesis)


def test_one_denounced_after_its_end_ended_at_its_end(session: Session) -> None:
    row = added(session, ends_on=date(2020, 12, 31), denounced_on=date(2030, 1, 1))
    assert runs_until(row, TODAY) == date(2020, 12, 31)
