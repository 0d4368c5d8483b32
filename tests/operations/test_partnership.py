"""Partnerships: entered and changed, put over theses, and what their rulebooks then ask."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.evaluation import evaluate
from cotutelle.domain.partnership import Concern
from cotutelle.models import JournalEntry, Partnership, PartnershipContact, Thesis, ThesisPartnership
from cotutelle.operations import convention as conventions
from cotutelle.operations import enrolment, partnership
from cotutelle.operations.dossier import dossier_of
from cotutelle.operations.facts import facts_of
from cotutelle.operations.partnership_facts import (
    codes_of,
    of_institution,
    standing_under,
    takes_part,
    warnings_of,
)
from cotutelle.operations.rulebook import library
from tests.builders import ACTOR, NOW, TODAY, institution

BOF = "bof-ghent-lille"


@pytest.fixture
def thesis(session: Session) -> Thesis:
    return session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()


def entry(session: Session, *codes: str, **more: Any) -> partnership.PartnershipEntry:
    members = [partnership.Member(institution(session, code).id) for code in codes or ("lille", "ghent")]
    facts = partnership.PartnershipEntry(BOF, "funding_frame", "BOF", {"en": "Joint mandates"}, members, {})
    return replace(facts, **more)


def added(session: Session, *codes: str, **more: Any) -> Partnership:
    return partnership.add_partnership(session, entry(session, *codes, **more), ACTOR, NOW)


def refused(reason: Reason) -> Any:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def under(session: Session, thesis: Thesis, *rows: Partnership) -> None:
    ids = {row.id for row in rows}
    partnership.put_under(session, thesis, ids, thesis.version, ACTOR, NOW, today=TODAY)


def asked(session: Session, thesis: Thesis) -> set[str]:
    """The rules that this thesis is asked."""
    row = conventions.current(session, thesis)
    shelf = library(session)
    found = dossier_of(session, shelf, thesis, row, facts_of(session, thesis, row), TODAY)
    return {finding.rule.id for finding in evaluate(shelf, found)}


def test_a_thesis_is_asked_the_rules_of_what_it_stands_under_and_no_longer_once_it_does_not(
    session: Session, thesis: Thesis
) -> None:
    row = added(session)
    assert "BOF-UG-LIL-STAY" not in asked(session, thesis)
    under(session, thesis, row)
    assert codes_of(session, thesis.id) == {BOF}
    assert "BOF-UG-LIL-STAY" in asked(session, thesis)
    under(session, thesis)
    assert "BOF-UG-LIL-STAY" not in asked(session, thesis)
    acts = session.scalars(select(JournalEntry.act).where(JournalEntry.act.like("thesis.%partnership"))).all()
    assert set(acts) >= {"thesis.under_partnership", "thesis.out_of_partnership"}


def test_it_stands_under_any_number_of_them(session: Session, thesis: Thesis) -> None:
    rows = [added(session, code=f"frame-{n}", short_name=f"Frame {n}") for n in range(3)]
    under(session, thesis, *rows)
    assert [row.code for row in partnership.of_thesis(session, thesis)] == ["frame-0", "frame-1", "frame-2"]
    assert {standing_under(session)[row.id] for row in rows} == {1}


def test_one_in_which_none_of_its_institutions_takes_part_is_refused_unless_it_stands_there(
    session: Session, thesis: Thesis
) -> None:
    row = added(session)
    other = added(session, "ku-leuven", code="other")
    with refused(Reason.NOT_A_MEMBER):
        under(session, thesis, other)
    under(session, thesis, row)
    facts = entry(session, "ku-leuven")
    partnership.edit_partnership(session, row, facts, row.version, ACTOR, NOW)
    under(session, thesis, row)
    assert codes_of(session, thesis.id) == {BOF}


def test_two_at_once_do_not_overwrite_each_other(session: Session, thesis: Thesis) -> None:
    row = added(session)
    seen = thesis.version
    under(session, thesis, row)
    with pytest.raises(Stale):
        partnership.put_under(session, thesis, (), seen, ACTOR, NOW, today=TODAY)
    with pytest.raises(Stale):
        partnership.edit_partnership(session, row, entry(session), row.version - 1, ACTOR, NOW)


def test_a_change_keeps_what_is_said_and_takes_out_what_is_not(session: Session) -> None:
    contacts = [partnership.Contact("Ada", in_charge=True)]
    row = added(session, contacts=contacts, calls=[partnership.Call("Mandates", TODAY)])
    facts = entry(session, "lille", short_name="Mandates", ends_on=date(2030, 1, 1))
    partnership.edit_partnership(session, row, facts, row.version, ACTOR, NOW)
    assert (row.short_name, row.sort_key, row.ends_on) == ("Mandates", "mandates", date(2030, 1, 1))
    assert [member.institution.code for member in row.members] == ["lille"]
    assert (row.contacts, row.calls) == ([], [])
    left = select(PartnershipContact).where(PartnershipContact.partnership_id == row.id)
    assert session.scalars(left).all() == []


def test_what_contradicts_itself_is_refused(session: Session) -> None:
    added(session)
    ghent = institution(session, "ghent").id
    twice = [partnership.Member(ghent), partnership.Member(ghent)]
    backwards = [partnership.Member(ghent, "member", TODAY, TODAY - timedelta(days=1))]
    call = partnership.Call("Mandates", TODAY, TODAY + timedelta(days=1))
    for reason, changes in (
        (Reason.CODE_TAKEN, {}),
        (Reason.TEXT_INCOMPLETE, {"names": {}}),
        (Reason.MEMBERS_MISSING, {"code": "a", "members": []}),
        (Reason.MEMBER_NAMED_TWICE, {"code": "a", "members": twice}),
        (Reason.DATES_OUT_OF_ORDER, {"code": "a", "members": backwards}),
        (Reason.DATES_OUT_OF_ORDER, {"code": "a", "begins_on": TODAY, "ends_on": TODAY - timedelta(days=1)}),
        (Reason.DATES_OUT_OF_ORDER, {"code": "a", "calls": [call]}),
    ):
        with refused(reason):
            added(session, **changes)


def test_who_left_and_came_back_is_named_with_both_periods(session: Session) -> None:
    here = institution(session, "ghent").id
    row = added(
        session,
        members=[
            partnership.Member(here, "member", date(2019, 1, 1), date(2020, 12, 31)),
            partnership.Member(here, "associate", date(2026, 1, 1)),
        ],
    )
    first, second = row.members
    assert [takes_part(first, day) for day in (date(2020, 12, 31), date(2021, 1, 1))] == [True, False]
    assert [takes_part(second, day) for day in (date(2025, 12, 31), date(2026, 1, 1))] == [False, True]
    assert list(of_institution(session, here)) == [row]


def test_the_defences_that_come_after_its_end_are_named(session: Session, thesis: Thesis) -> None:
    row = added(session, ends_on=date(2029, 6, 30))
    under(session, thesis, row)
    thesis.defence_on, thesis.defence_until = None, date(2029, 7, 1)
    session.flush()
    found = warnings_of(session, [row], TODAY)[row.id]
    assert [(each.concern, each.what) for each in found] == [
        (Concern.ENDS_FIRST, thesis.reference),
        (Concern.NOBODY_IN_CHARGE, ""),
    ]
    row.renewal_months = 12
    session.flush()
    assert [each.concern for each in warnings_of(session, [row], TODAY)[row.id]] == [Concern.NOBODY_IN_CHARGE]


def test_money_says_of_which_partnership_it_is_and_what_it_asks(session: Session, thesis: Thesis) -> None:
    row = added(session)
    under(session, thesis, row)
    source = enrolment.add_funding(
        session,
        thesis,
        "scholarship",
        "BOF",
        ACTOR,
        NOW,
        today=TODAY,
        asks="Six months in Lille",
        partnership=row,
    )
    assert (source.partnership_id, source.asks) == (row.id, "Six months in Lille")
    assert session.scalars(select(ThesisPartnership)).one().partnership_id == row.id
