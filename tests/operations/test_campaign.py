"""The September campaign: asked once, sent, confirmed into the enrolments, sent back with a reason, reminded, closed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.campaign import ItemState, Proof, asked_at
from cotutelle.domain.enrolment import Fee
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Campaign, CampaignItem, Enrolment, Message, Thesis
from cotutelle.operations import campaign, enrolment
from cotutelle.operations import thesis as theses
from tests import builders
from tests.builders import ACTOR, NOW, TODAY, World
from tests.operations.signing import dated, paper

UNTIL = date(2026, 12, 15)


@pytest.fixture
def thesis(session: Session, world: World) -> Thesis:
    found = dated(session, session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one())
    for to in (ThesisState.ADMITTED, ThesisState.RUNNING):
        theses.move(session, found, to, TODAY, "", found.version, ACTOR, NOW, today=TODAY)
    return found


def begin(session: Session, *asked: Proof, until: date = UNTIL) -> Campaign:
    shs = builders.school(session, "lille", "SHS")
    wanted = asked or (Proof.ENROLMENT, Proof.FEES)
    return campaign.begin(session, shs, 2026, wanted, until, "Bring the original.", ACTOR, NOW, today=TODAY)


def items(session: Session, row: Campaign) -> dict[tuple[str, str], CampaignItem]:
    rows = session.scalars(select(CampaignItem).where(CampaignItem.campaign_id == row.id))
    return {(item.institution.code, item.proof): item for item in rows}


def send(session: Session, thesis: Thesis, item: CampaignItem, **more: object) -> None:
    sent = campaign.Sent(**more) if more else campaign.Sent(date(2026, 9, 20), "paid")  # type: ignore[arg-type]
    campaign.send(session, thesis, item, paper(session, thesis, "Preuve"), sent, ACTOR, NOW, today=TODAY)


def letters(session: Session, kind: str) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.kind == kind)))


def test_every_candidate_who_goes_on_is_asked_for_every_university_by_one_letter(
    session: Session, thesis: Thesis, world: World
) -> None:
    row = begin(session, Proof.ENROLMENT, Proof.CVEC)
    assert set(items(session, row)) == {("lille", "enrolment"), ("lille", "cvec"), ("ghent", "enrolment")}
    (letter,) = letters(session, "campaign")
    assert letter.to == world.emails["candidate"]
    assert "Bring the original." in letter.body
    assert letter.body.count("– ") == 3


def test_theses_of_other_schools_and_those_that_do_not_go_on_are_not_asked(
    session: Session, thesis: Thesis
) -> None:
    theses.move(session, thesis, ThesisState.ON_HOLD, TODAY, "Pause", thesis.version, ACTOR, NOW, today=TODAY)
    row = begin(session)
    assert items(session, row) == {}
    theses.move(session, thesis, ThesisState.RUNNING, TODAY, "", thesis.version, ACTOR, NOW, today=TODAY)
    assert campaign.outside(session, row) == [thesis]
    assert campaign.take_in(session, row, ACTOR, NOW, today=TODAY) == 1
    assert campaign.outside(session, row) == []
    assert len(items(session, row)) == 4


def test_what_is_proven_already_is_not_asked_again(session: Session, thesis: Thesis) -> None:
    lille = builders.institution(session, "lille")
    proof = paper(session, thesis, "Certificat")
    enrolment.save_enrolment(
        session, thesis, lille.id, 2026, date(2026, 9, 1), Fee.PAID, ACTOR, NOW, today=TODAY, proof=proof
    )
    found = items(session, begin(session))
    assert found["lille", "enrolment"].state == ItemState.CONFIRMED
    assert found["lille", "fees"].state == ItemState.CONFIRMED
    assert found["ghent", "enrolment"].state == found["ghent", "fees"].state == ItemState.ASKED


def test_confirming_writes_the_enrolment_with_its_proof_and_its_fees(
    session: Session, thesis: Thesis
) -> None:
    found = items(session, begin(session))
    send(session, thesis, found["lille", "enrolment"])
    send(session, thesis, found["lille", "fees"])
    assert campaign.confirm(session, found.values(), ACTOR, NOW, today=TODAY) == []
    cell = session.scalars(select(Enrolment).where(Enrolment.thesis_id == thesis.id)).one()
    assert (cell.year, cell.enrolled_on, cell.fee) == (2026, date(2026, 9, 20), "paid")
    assert cell.proof_id == found["lille", "enrolment"].document_id
    states = {key: item.state for key, item in found.items()}
    assert [key for key, state in states.items() if state == "confirmed"] == [
        ("lille", "enrolment"),
        ("lille", "fees"),
    ]


def test_fees_paid_at_two_universities_are_not_confirmed_and_named(session: Session, thesis: Thesis) -> None:
    found = items(session, begin(session))
    for code in ("lille", "ghent"):
        send(session, thesis, found[code, "fees"], fee="paid")
    refused = campaign.confirm(session, found.values(), ACTOR, NOW, today=TODAY)
    assert [item.institution.code for item in refused] == ["ghent"]
    assert found["ghent", "fees"].state == ItemState.SENT


def test_a_proof_is_sent_back_with_its_reason_and_sent_again(session: Session, thesis: Thesis) -> None:
    found = items(session, begin(session))
    item = found["ghent", "enrolment"]
    with pytest.raises(Refused) as refused:
        campaign.send_back(session, item, "Blurred", ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.NOTHING_SENT
    send(session, thesis, item)
    with pytest.raises(Refused) as refused:
        campaign.send_back(session, item, " ", ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.REASON_MISSING
    campaign.send_back(session, item, "Blurred", ACTOR, NOW, today=TODAY)
    assert item.state == ItemState.RETURNED
    (letter,) = letters(session, "campaign_returned")
    assert "Blurred" in letter.body
    send(session, thesis, item)
    assert (item.state, item.reason) == ("sent", "")


def test_candidates_are_reminded_of_what_they_lack_and_nobody_twice_on_one_day(
    session: Session, thesis: Thesis
) -> None:
    row = begin(session)
    found = items(session, row)
    send(session, thesis, found["lille", "enrolment"])
    assert campaign.remind(session, row, [thesis.id], ACTOR, NOW, today=TODAY) == 1
    assert campaign.remind(session, row, [thesis.id], ACTOR, NOW, today=TODAY) == 0
    (letter,) = letters(session, "campaign_reminder")
    assert letter.body.count("– ") == 3
    assert campaign.remind(session, row, [thesis.id], ACTOR, NOW, today=TODAY + timedelta(days=1)) == 1


def test_once_closed_nothing_is_sent_until_it_is_opened_again_and_what_was_sent_is_confirmed(
    session: Session, thesis: Thesis
) -> None:
    row = begin(session)
    found = items(session, row)
    send(session, thesis, found["lille", "enrolment"])
    campaign.close(session, row, ACTOR, NOW, today=TODAY)
    with pytest.raises(Refused) as refused:
        send(session, thesis, found["ghent", "enrolment"])
    assert refused.value.reason is Reason.CAMPAIGN_CLOSED
    assert campaign.confirm(session, [found["lille", "enrolment"]], ACTOR, NOW, today=TODAY) == []
    campaign.reopen(session, row, UNTIL, ACTOR, NOW, today=TODAY)
    send(session, thesis, found["ghent", "enrolment"])


@pytest.mark.parametrize(
    ("proof", "sent", "why"),
    [
        ("enrolment", {"fee": "paid"}, Reason.DAY_MISSING),
        ("enrolment", {"enrolled_on": TODAY + timedelta(days=1)}, Reason.DATE_AHEAD),
        ("fees", {"enrolled_on": TODAY}, Reason.FEE_MISSING),
        ("fees", {"fee": "unknown"}, Reason.FEE_MISSING),
    ],
)
def test_a_proof_says_what_it_shows(
    session: Session, thesis: Thesis, proof: str, sent: dict[str, object], why: Reason
) -> None:
    found = items(session, begin(session))
    with pytest.raises(Refused) as refused:
        send(session, thesis, found["lille", proof], **sent)
    assert refused.value.reason is why


def test_a_school_has_one_campaign_a_year_which_asks_something_and_is_not_over(
    session: Session, thesis: Thesis
) -> None:
    with pytest.raises(Refused) as refused:
        begin(session, until=TODAY - timedelta(days=1))
    assert refused.value.reason is Reason.ENDS_IN_PAST
    begin(session, until=TODAY)
    with pytest.raises(Refused) as refused:
        begin(session)
    assert refused.value.reason is Reason.CAMPAIGN_TWICE


def test_the_cvec_is_french() -> None:
    assert asked_at(Proof.CVEC, "FR")
    assert not asked_at(Proof.CVEC, "BE")
    assert asked_at(Proof.ENROLMENT, "BE")


def test_an_institution_that_is_replaced_is_asked_no_longer_and_the_new_one_is(
    session: Session, thesis: Thesis
) -> None:
    row = begin(session, Proof.ENROLMENT)
    ghent = next(party for party in thesis.parties if party.institution.code == "ghent")
    ghent.institution_id, ghent.school_id, ghent.unit_id = (
        builders.institution(session, "laval").id,
        None,
        None,
    )
    session.flush()
    assert [item.institution.code for item in campaign.of_thesis(session, thesis)] == ["lille"]
    assert campaign.outside(session, row) == [thesis]
    campaign.take_in(session, row, ACTOR, NOW, today=TODAY)
    assert set(items(session, row)) == {("lille", "enrolment"), ("laval", "enrolment")}


def test_once_closed_nobody_is_asked_nor_reminded_and_an_end_asks_nothing(
    session: Session, thesis: Thesis
) -> None:
    row = begin(session)
    theses.move(session, thesis, ThesisState.ON_HOLD, TODAY, "Pause", thesis.version, ACTOR, NOW, today=TODAY)
    assert campaign.remind(session, row, [thesis.id], ACTOR, NOW, today=TODAY) == 0
    campaign.close(session, row, ACTOR, NOW, today=TODAY)
    for act in (
        lambda: campaign.take_in(session, row, ACTOR, NOW, today=TODAY),
        lambda: campaign.remind(session, row, [thesis.id], ACTOR, NOW, today=TODAY),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason is Reason.CAMPAIGN_CLOSED


def test_after_the_deadline_a_letter_does_not_ask_for_the_impossible(
    session: Session, thesis: Thesis
) -> None:
    row = begin(session, until=TODAY)
    campaign.remind(session, row, [thesis.id], ACTOR, NOW, today=TODAY + timedelta(days=1))
    (letter,) = letters(session, "campaign_reminder")
    assert "as soon as possible (the deadline was" in letter.body


def test_where_nothing_is_asked_of_an_institution_nobody_is_asked_again(
    session: Session, thesis: Thesis
) -> None:
    row = begin(session, Proof.CVEC)
    assert set(items(session, row)) == {("lille", "cvec")}
    assert campaign.outside(session, row) == []
