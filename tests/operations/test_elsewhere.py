"""A partner's own text: taken in, read subject by subject, approved and signed as it is; or recorded as signed."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.catalogue import CLAUSES
from cotutelle.domain.convention.facts import Subject
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Convention, Event, Message, Thesis
from cotutelle.operations import amendment, convention_terms, convention_text
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_approval as approvals
from cotutelle.operations import convention_version as versions
from cotutelle.operations import elsewhere as acts
from cotutelle.operations.agreement import agreement_of
from cotutelle.operations.facts import facts_of
from tests.builders import ACTOR, NOW, TODAY
from tests.operations.complete import approved, put
from tests.operations.in_force import ask, made, milestone, sign

C = ConventionState
MANDATORY = [clause.id for clause in CLAUSES if clause.mandatory]


def file(digest: str = "ef" * 32, name: str = "vub.pdf", kind: str = "application/pdf") -> dict[str, Any]:
    return {"digest": digest, "filename": name, "media_type": kind, "size": 9}


@pytest.fixture
def thesis(session: Session) -> Thesis:
    return session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()


@pytest.fixture
def convention(session: Session, thesis: Thesis) -> Convention:
    """The convention of the small world, of which the partner has drafted the text in Romanian."""
    row = conventions.current(session, thesis)
    acts.take_text(session, thesis, row, "Text", ["ro", "fr"], None, ACTOR, NOW, today=TODAY, file=file())
    return row


def refused(reason: Reason) -> Any:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def read(session: Session, thesis: Thesis, row: Convention, *clauses: str, **more: str) -> None:
    """Say that these subjects stand in the text."""
    said = [Subject(clause, "there", f"§ {number}") for number, clause in enumerate(clauses, start=1)]
    said += [Subject(clause.replace("_", "-"), "absent", "", why) for clause, why in more.items()]
    acts.mark(session, thesis, row, said, None, ACTOR, NOW, today=TODAY)


def test_the_subjects_that_the_law_asks_for_are_missing_until_they_were_found(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    facts = facts_of(session, thesis, convention)
    assert [each.clause for each in missing_facts(facts)] == MANDATORY
    read(session, thesis, convention, *MANDATORY[1:])
    assert [each.clause for each in missing_facts(facts_of(session, thesis, convention))] == MANDATORY[:1]
    assert thesis.lacking == 1
    read(session, thesis, convention, *MANDATORY)
    assert missing_facts(facts_of(session, thesis, convention)) == ()


def test_what_departs_or_is_absent_says_why(session: Session, thesis: Thesis, convention: Convention) -> None:
    with refused(Reason.REASON_MISSING):
        acts.mark(session, thesis, convention, [Subject("CL-26", "absent")], None, ACTOR, NOW, today=TODAY)
    with refused(Reason.SUBJECT_UNKNOWN):
        acts.mark(session, thesis, convention, [Subject("CL-99", "there")], None, ACTOR, NOW, today=TODAY)


def test_it_is_approved_as_it_is_and_only_once_it_was_read(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    version = put(session, thesis)
    with refused(Reason.FACTS_MISSING):
        approved(session, thesis)
    read(session, thesis, convention, *MANDATORY)
    assert approvals.differs(version, facts_of(session, thesis, convention))
    again = put(session, thesis)
    assert again.number == version.number + 1
    approved(session, thesis)
    assert convention.state == C.APPROVED
    facts = record.from_json(convention.agreed or {})
    assert facts.elsewhere is not None
    assert facts.elsewhere.digest == "ef" * 32
    assert facts.languages == ("ro", "fr")


def test_a_newer_file_is_a_new_version_and_takes_no_approval_along(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    read(session, thesis, convention, *MANDATORY)
    put(session, thesis)
    acts.take_text(
        session, thesis, convention, "Text", ["ro", "fr"], None, ACTOR, NOW, today=TODAY, file=file("ab" * 32)
    )
    row = put(session, thesis)
    assert row.number == 2
    assert approvals.approved_by(session, row) == set()
    changed = [article for article in row.text or [] if article["clause"] == "FILE"]
    assert "ab" * 32 in changed[0]["rows"][0]["ro"]


def test_it_is_signed_like_any_other_and_amended_by_our_own_wording(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    read(session, thesis, convention, *MANDATORY, "CL-35")
    put(session, thesis)
    approved(session, thesis)
    document = made(session, thesis, "cd" * 32)
    for row in ask(session, thesis, document.id):
        session.refresh(row)
        sign(session, row)
    assert convention.state == C.IN_FORCE
    change = amendment.begin(
        session, thesis, ["extension"], {}, None, ACTOR, NOW, today=TODAY, expires_on=date(2031, 8, 31)
    )
    assert change.languages == ["fr"]
    facts = facts_of(session, thesis, change)
    changes = convention_text.changes(session, change, facts)
    assert "CL-35" in [each.clause for each in changes]
    assert "CL-14" not in [each.clause for each in changes]
    text = convention_text.text_of(session, change, facts)
    assert [article["clause"] for article in text][:2] == ["FILE", MANDATORY[0]]


def test_a_draft_may_go_back_to_being_drafted_here(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    acts.draft_here(session, thesis, convention, ["fr", "en"], None, ACTOR, NOW, today=TODAY)
    assert facts_of(session, thesis, convention).elsewhere is None


def test_an_approved_text_is_not_replaced(session: Session, thesis: Thesis, convention: Convention) -> None:
    read(session, thesis, convention, *MANDATORY)
    put(session, thesis)
    approved(session, thesis)
    with refused(Reason.MOVE_NOT_ALLOWED):
        acts.take_text(
            session, thesis, convention, "Text", ["ro"], None, ACTOR, NOW, today=TODAY, file=file("ab" * 32)
        )
    with refused(Reason.MOVE_NOT_ALLOWED):
        read(session, thesis, convention, *MANDATORY)


# Signed elsewhere


def recorded(session: Session, thesis: Thesis, **more: Any) -> Convention:
    row = conventions.current(session, thesis)
    given: dict[str, Any] = {
        "signed_on": date(2025, 3, 1), "expires_on": date(2028, 8, 31),
        "signatories": ["Ada Lovelace, rector, Ghent, 1 March 2025"], "languages": ["en"],
    }  # fmt: skip
    bytes_ = more.pop("file", file())
    facts = acts.SignedElsewhere(**{**given, **more})
    acts.record_signed(session, thesis, row, "Convention", facts, None, ACTOR, NOW, today=TODAY, file=bytes_)
    return row


def test_what_was_signed_elsewhere_is_in_force_in_one_act_and_nobody_is_written_to(
    session: Session, thesis: Thesis
) -> None:
    before = len(session.scalars(select(Message)).all())
    row = recorded(session, thesis)
    assert (row.state, row.in_force_on, row.expires_on) == (C.IN_FORCE, date(2025, 3, 1), date(2028, 8, 31))
    assert (thesis.convention_state, thesis.convention_since) == (C.IN_FORCE, date(2025, 3, 1))
    assert milestone(session, thesis).state == "done"
    version = versions.agreed_version(session, row)
    assert version is not None
    assert version.file_digest == "ef" * 32
    (event,) = session.scalars(select(Event).where(Event.thesis_id == thesis.id, Event.kind == "signature"))
    assert event.data["signatories"] == ["Ada Lovelace, rector, Ghent, 1 March 2025"]
    assert len(session.scalars(select(Message)).all()) == before


def test_it_is_amended_and_the_amendment_may_be_signed_elsewhere_too(
    session: Session, thesis: Thesis
) -> None:
    recorded(session, thesis)
    amendment.begin(session, thesis, ["extension"], {}, None, ACTOR, NOW, today=TODAY)
    row = recorded(
        session, thesis, signed_on=date(2026, 5, 1), expires_on=date(2030, 8, 31), file=file("ab" * 32)
    )
    assert (row.amendment, row.state, row.holding) == (1, C.IN_FORCE, True)
    assert conventions.holding(session, thesis).expires_on == date(2030, 8, 31)
    found = amendment.consolidated(session, thesis, date(2026, 5, 1))
    assert found is not None
    assert [each.row.amendment for each in found.made_of] == [0, 1]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"signed_on": TODAY + timedelta(days=1)}, Reason.DATE_AHEAD),
        ({"expires_on": date(2025, 3, 1)}, Reason.DATES_OUT_OF_ORDER),
        ({"signatories": []}, Reason.NOBODY_NAMED),
        ({"file": file(kind="image/png")}, Reason.TEXT_NOT_PDF),
    ],
)
def test_what_cannot_have_been_is_refused(
    session: Session, thesis: Thesis, more: dict[str, Any], reason: Reason
) -> None:
    with refused(reason):
        recorded(session, thesis, **more)


def test_the_subjects_of_a_signed_text_may_still_be_read(session: Session, thesis: Thesis) -> None:
    row = recorded(session, thesis)
    read(session, thesis, row, *MANDATORY)
    assert conventions.holding(session, thesis).state == C.IN_FORCE


def test_subjects_read_after_the_signature_count_and_are_in_the_text_of_an_amendment(
    session: Session, thesis: Thesis
) -> None:
    row = recorded(session, thesis)
    assert thesis.lacking == 1
    read(session, thesis, row, *MANDATORY)
    assert thesis.lacking == 0
    change = amendment.begin(session, thesis, ["extension"], {}, None, ACTOR, NOW, today=TODAY)
    text = convention_text.text_of(session, change, facts_of(session, thesis, change))
    assert [article["clause"] for article in text][:2] == ["FILE", MANDATORY[0]]


def test_voided_its_file_and_what_was_read_in_it_go_on_in_the_new_draft(
    session: Session, thesis: Thesis, convention: Convention
) -> None:
    read(session, thesis, convention, *MANDATORY)
    put(session, thesis)
    approved(session, thesis)
    conventions.move(session, thesis, convention, C.VOID, TODAY, "Anew.", None, ACTOR, NOW, today=TODAY)
    fresh = conventions.current(session, thesis)
    facts = facts_of(session, thesis, fresh)
    assert fresh is not convention
    assert facts.elsewhere is not None
    assert [each.clause for each in facts.elsewhere.subjects] == MANDATORY


def test_a_picture_is_no_text(session: Session, thesis: Thesis) -> None:
    row = conventions.current(session, thesis)
    with refused(Reason.TEXT_NOT_PDF):
        acts.take_text(
            session, thesis, row, "Text", ["ro"], None, ACTOR, NOW, today=TODAY, file=file(kind="image/png")
        )


def test_an_amendment_is_not_signed_before_its_convention(session: Session, thesis: Thesis) -> None:
    recorded(session, thesis)
    amendment.begin(session, thesis, ["extension"], {}, None, ACTOR, NOW, today=TODAY)
    with refused(Reason.DATES_OUT_OF_ORDER):
        recorded(session, thesis, signed_on=date(2001, 1, 1))


def test_what_is_absent_stays_absent_after_an_amendment_unless_it_is_amended_in(
    session: Session, thesis: Thesis
) -> None:
    row = recorded(session, thesis)
    read(session, thesis, row, *(clause for clause in MANDATORY if clause != "CL-14"), CL_14="Forgotten.")
    agreed = agreement_of(session, thesis, row, facts_of(session, thesis, row))
    assert agreed is not None
    assert agreed.lacking == {"CL-14"}
    change = amendment.begin(session, thesis, ["extension"], {}, None, ACTOR, NOW, today=TODAY)
    after = agreement_of(session, thesis, change, facts_of(session, thesis, change))
    assert after is not None
    assert after.lacking == {"CL-14"}
    convention_terms.edit_terms(
        session, thesis, change, {"minimum_stay:ghent": 9}, None, ACTOR, NOW, today=TODAY
    )
    amended = agreement_of(session, thesis, change, facts_of(session, thesis, change))
    assert amended is not None
    assert amended.lacking == frozenset()
