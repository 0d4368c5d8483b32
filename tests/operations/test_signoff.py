"""Signing a milestone: asked, answered once, outdated for those whom a change touches, complete when nobody is missing."""

import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.signoff import Answer, Proof, State
from cotutelle.domain.thesis import ThesisState
from cotutelle.models import Event, Link, Message, Person, SignOff, Thesis
from cotutelle.operations import document, event, jury, signing_link, signoff, standing
from cotutelle.operations import person as people
from cotutelle.operations import thesis as theses
from cotutelle.operations.asking import Named
from cotutelle.operations.message import CODE, LINK
from tests.builders import ACTOR, NOW, TODAY, World, person
from tests.operations.signing import asked, dated, milestone, paper, say, who_signs


@pytest.fixture
def thesis(session: Session, world: World) -> Thesis:
    found = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
    return dated(session, found)


def mails(session: Session, kind: str) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.kind == kind).order_by(Message.to)))


def states(session: Session, rows: list[SignOff]) -> list[str]:
    for row in rows:
        session.refresh(row)
    return [row.state for row in rows]


def test_everybody_who_signs_side_by_side_is_asked_at_once_each_by_a_letter_of_their_own(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    assert [(r.signer, r.side, r.state) for r in rows] == [
        ("candidate", "", "asked"), ("director", "lille", "asked"), ("director", "ghent", "asked"),
        ("unit_head", "lille", "asked"), ("school", "lille", "asked"),
    ]  # fmt: skip
    letters = mails(session, "ask")
    assert len(letters) == len({letter.to for letter in letters}) == 5
    assert all(LINK in letter.body and CODE in letter.body for letter in letters)
    assert all(row.declaration and re.fullmatch("[0-9a-f]{64}", row.digest) for row in rows)


def test_in_turn_the_next_is_asked_once_the_one_before_has_approved(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "authorisation", "lille")
    rows = asked(session, thesis, row)
    assert states(session, rows) == ["asked", "waiting", "waiting"]
    say(session, rows[0])
    assert states(session, rows) == ["approved", "asked", "waiting"]
    say(session, rows[1], Answer.SEND_BACK, reason="The reports are missing.")
    assert states(session, rows) == ["approved", "sent_back", "withdrawn"]


def test_when_nobody_is_missing_the_act_is_recorded_and_the_milestone_done(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "training_agreement", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    for each in rows[:-1]:
        say(session, each)
    session.refresh(row)
    assert row.state == "open"
    say(session, rows[-1])
    session.refresh(row)
    assert (row.state, row.done_on) == ("done", TODAY)
    recorded = session.scalars(select(Event).where(Event.kind == "training_agreement")).one()
    assert recorded.data == {"signed": row.public_id, "institution": "lille"}
    assert {letter.to for letter in mails(session, "complete")} >= {each.person.email for each in rows}


def test_a_signature_is_given_once_and_never_written_over(session: Session, thesis: Thesis) -> None:
    row = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)[0]
    say(session, row)
    first = (row.state, row.answered_at, row.sequence)
    with pytest.raises(Refused) as refused:
        say(session, row, Answer.SEND_BACK, reason="On second thoughts.")
    assert refused.value.reason is Reason.ALREADY_ANSWERED
    session.refresh(row)
    assert (row.state, row.answered_at, row.sequence) == first


def test_what_was_shown_is_what_is_signed(session: Session, thesis: Thesis) -> None:
    row = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)[0]
    by = signoff.By(ACTOR, Proof.ACCOUNT)
    with pytest.raises(Refused) as refused:
        signoff.answer(session, row.id, Answer.APPROVE, "0" * 64, by, NOW, today=TODAY)
    assert refused.value.reason is Reason.SHOWN_CHANGED


def test_a_receipt_says_what_was_declared_of_which_bytes_and_how_its_signatory_was_known(
    session: Session, thesis: Thesis
) -> None:
    row = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)[1]
    say(session, row)
    receipt = mails(session, "receipt")[0]
    assert receipt.to == row.person.email
    for part in (row.declaration, row.digest, "a" * 64, str(row.sequence), "its holder read it, no more"):
        assert part in receipt.body


def test_sending_back_needs_a_reason_and_tells_everybody_concerned(session: Session, thesis: Thesis) -> None:
    rows = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    with pytest.raises(Refused):
        say(session, rows[1], Answer.SEND_BACK, reason="  ")
    say(session, rows[0])
    say(session, rows[1], Answer.SEND_BACK, reason="Page 3 names the wrong school.")
    assert states(session, rows) == ["approved", "sent_back", "withdrawn", "withdrawn", "withdrawn"]
    told = mails(session, "sent_back")
    assert {letter.to for letter in told} == {r.person.email for r in rows if r is not rows[1]}
    assert all("Page 3 names the wrong school." in letter.body for letter in told)
    alive = select(Link).where(
        Link.revoked_at.is_(None), Link.used_at.is_(None), Link.sign_off_id.is_not(None)
    )
    assert session.scalars(alive).all() == []


def test_after_it_was_put_right_only_those_are_asked_whose_signature_is_missing_or_rests_on_what_changed(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "authorisation", "lille")
    rows = asked(session, thesis, row)
    say(session, rows[0])
    say(session, rows[1], Answer.SEND_BACK, reason="A report is missing.")
    assert standing.lacking(session, row) == [("school", "lille"), ("head", "lille")]
    again = asked(session, thesis, row)
    assert states(session, again) == ["asked", "waiting"]


def test_not_mine_leaves_the_place_open_for_somebody_else(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    say(session, rows[3], Answer.DECLINE, reason="I left the unit in June.")
    assert states(session, rows) == ["asked", "asked", "asked", "declined", "asked"]
    assert standing.lacking(session, row) == [("unit_head", "lille")]
    assert [letter.kind for letter in mails(session, "declined")] == ["declined"]


def test_who_hands_on_names_somebody_who_is_asked_in_their_place(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    deputy = person(session, "Deputy", "Zoé", email="deputy@tests.example")
    say(
        session,
        rows[3],
        Answer.DELEGATE,
        delegate=Named("unit_head", "lille", deputy, "fr"),
        reason="On leave.",
    )
    new = standing.standing(session, row)["unit_head", "lille"]
    assert new is not None
    assert (new.person.name, new.state, new.delegated_from_id) == ("Zoé Deputy", "asked", rows[3].id)
    letter = mails(session, "delegated")[0]
    assert (letter.to, letter.language) == ("deputy@tests.example", "fr")
    assert "On leave." in letter.body
    say(session, new)
    assert standing.standing(session, row)["unit_head", "lille"] is new


def test_nobody_hands_on_to_themselves_or_to_somebody_without_an_address(
    session: Session, thesis: Thesis
) -> None:
    rows = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    for who in (rows[3].person, person(session, "Mute", "Zoé")):
        with pytest.raises(Refused):
            say(session, rows[3], Answer.DELEGATE, delegate=Named("unit_head", "lille", who, "fr"))
    assert states(session, rows)[3] == "asked"


def test_a_signatory_without_an_address_is_named_and_nobody_is_asked(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    named = who_signs(session, thesis, row, standing.lacking(session, row))
    named[3] = Named("unit_head", "lille", person(session, "Mute", "Zoé"), "fr")
    with pytest.raises(Refused) as refused:
        signoff.ask(session, thesis, row, named, paper(session, thesis).id, None, ACTOR, NOW, today=TODAY)
    assert (refused.value.reason, refused.value.details["name"]) == (Reason.NO_ADDRESS, "Zoé Mute")
    assert session.scalars(select(SignOff)).all() == []


def test_a_new_version_of_the_document_outdates_those_who_signed_it_and_asks_the_others_anew(
    session: Session, thesis: Thesis
) -> None:
    charter = milestone(session, thesis, "charter", "lille")
    contact = milestone(session, thesis, "training_agreement", "lille")
    first, other = paper(session, thesis), paper(session, thesis, "Formation", "b" * 64)
    rows, others = asked(session, thesis, charter, first.id), asked(session, thesis, contact, other.id)
    say(session, rows[0])
    say(session, others[0])
    old = session.scalars(select(Link).where(Link.sign_off_id == rows[1].id)).one()
    document.add_version(
        session, thesis, first, ACTOR, NOW,
        digest="c" * 64, filename="Charte 2.pdf", media_type="application/pdf", size=99, today=TODAY,
    )  # fmt: skip
    assert states(session, [*rows, *others])[:2] == ["approved", "asked"]
    assert rows[0].outdated_by == ["document"]
    assert others[0].outdated_at is None
    session.refresh(old)
    assert signing_link.why_dead(session, old, NOW) == "changed"
    assert [letter.to for letter in mails(session, "changed")] == sorted(r.person.email for r in rows[1:])
    assert standing.lacking(session, charter) == [("candidate", "")]


def test_a_changed_jury_touches_who_signed_it_and_not_who_signed_a_charter(
    session: Session, thesis: Thesis
) -> None:
    proposal = milestone(session, thesis, "rapporteurs")
    charter = milestone(session, thesis, "charter", "lille")
    of_jury = asked(session, thesis, proposal)
    of_charter = asked(session, thesis, charter, paper(session, thesis).id)
    for each in (*of_jury, *of_charter):
        say(session, each)
    session.refresh(proposal)
    assert proposal.state == "done"
    jury.begin(session, thesis, ACTOR, NOW, today=TODAY)
    states(session, [*of_jury, *of_charter])
    assert all(each.outdated_by == ["jury"] for each in of_jury)
    assert all(each.outdated_at is None for each in of_charter)
    session.refresh(proposal)
    assert proposal.state == "open"  # what its completion recorded no longer holds


def test_a_signature_on_paper_is_its_own_kind_with_its_day_and_scan(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    named = who_signs(session, thesis, row, [("unit_head", "lille")])[0]
    scan = paper(session, thesis, "Scan", "d" * 64)
    made = signoff.record_paper(
        session, thesis, row, named, date(2026, 11, 2), scan.id, ACTOR, NOW, today=TODAY
    )
    assert (made.proof, made.answered_on, made.document_id) == (Proof.PAPER, date(2026, 11, 2), scan.id)
    assert ("unit_head", "lille") not in standing.lacking(session, row)
    with pytest.raises(Refused):
        signoff.record_paper(
            session, thesis, row, named, date(2026, 11, 25), scan.id, ACTOR, NOW, today=TODAY
        )


def test_whoever_is_asked_no_longer_has_a_dead_link_and_the_place_is_open(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    signoff.withdraw(session, thesis, rows[3], "Wrong person", ACTOR, NOW, today=TODAY)
    assert states(session, rows)[3] == State.WITHDRAWN
    link = session.scalars(select(Link).where(Link.sign_off_id == rows[3].id)).one()
    assert signing_link.why_dead(session, link, NOW) == "answered"
    assert standing.lacking(session, row) == [("unit_head", "lille")]


def test_a_milestone_that_asks_for_a_document_is_not_put_before_anybody_without_it(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    named = who_signs(session, thesis, row, standing.lacking(session, row))
    with pytest.raises(Refused) as refused:
        signoff.ask(session, thesis, row, named, None, None, ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.DOCUMENT_MISSING


def test_what_is_signed_elsewhere_is_not_asked_here(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "enrolment", "lille", 2026)
    named = who_signs(session, thesis, row, [("candidate", "")])
    with pytest.raises(Refused) as refused:
        signoff.ask(session, thesis, row, named, None, None, ACTOR, NOW, today=TODAY)
    assert refused.value.reason is Reason.NOT_SIGNED_HERE


def test_an_act_already_recorded_is_not_recorded_twice_by_its_signatures(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    event.add(
        session, thesis, "charter", date(2026, 10, 5), ACTOR, NOW, today=TODAY, data={"institution": "lille"}
    )
    for each in asked(session, thesis, row, paper(session, thesis).id):
        say(session, each)
    assert len(session.scalars(select(Event).where(Event.kind == "charter")).all()) == 1
    session.refresh(row)
    assert row.done_on == date(2026, 10, 5)


def test_a_renamed_candidate_is_nobodys_reason_to_sign_again(session: Session, thesis: Thesis) -> None:
    rows = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    say(session, rows[0])
    candidate = session.get_one(Person, thesis.candidate_id)
    candidate.family_name = "Canary-renamed"
    facts = theses.ThesisFacts({"fr": "Un autre titre"}, "fr", defence_on=thesis.defence_on)
    theses.edit(session, thesis, facts, thesis.version, ACTOR, NOW, today=TODAY)
    states(session, rows)
    assert rows[0].outdated_at is None


def test_in_turn_nobody_is_asked_before_a_place_that_nobody_was_named_for(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "authorisation", "lille")
    named = who_signs(session, thesis, row, [("head", "lille")])
    rows = signoff.ask(session, thesis, row, named, None, None, ACTOR, NOW, today=TODAY)
    assert states(session, rows) == ["waiting"]


def test_what_is_changed_and_changed_back_is_signed_and_done_again(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "authorisation", "lille")
    while asked_now := [
        each for each in standing.standing(session, row).values() if each and each.state == "asked"
    ] or (asked(session, thesis, row)[:1] if standing.lacking(session, row) else []):
        say(session, asked_now[0])
    session.refresh(row)
    assert row.state == "done"

    def defence(day: date) -> None:
        facts = theses.ThesisFacts({"fr": "Canary-title-of-mine"}, "fr", defence_on=day)
        theses.edit(session, thesis, facts, thesis.version, ACTOR, NOW, today=TODAY)

    before = thesis.defence_on
    assert before is not None
    defence(date(2029, 1, 15))
    session.refresh(row)
    assert (row.state, len(standing.lacking(session, row))) == ("open", 3)
    defence(before)
    session.refresh(row)
    assert (row.state, standing.lacking(session, row)) == ("done", [])


def test_a_record_that_the_office_takes_back_stays_taken_back(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "training_agreement", "lille")
    for each in asked(session, thesis, row, paper(session, thesis).id):
        say(session, each)
    recorded = session.scalars(select(Event).where(Event.kind == "training_agreement")).one()
    event.remove(session, thesis, recorded, ACTOR, NOW, today=TODAY)
    session.refresh(row)
    assert row.state == "open"


def test_a_thesis_that_ends_asks_nobody_any_more(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    for to in (ThesisState.ADMITTED, ThesisState.RUNNING, ThesisState.WITHDRAWN):
        theses.move(session, thesis, to, TODAY, "left", thesis.version, ACTOR, NOW, today=TODAY)
    assert set(states(session, rows)) == {"withdrawn"}
    with pytest.raises(Refused) as refused:
        asked(session, thesis, row, row.document_id)
    assert refused.value.reason is Reason.NOT_ASKED_ANY_MORE


def test_a_paper_signature_takes_only_a_place_that_is_open_and_its_own_person(
    session: Session, thesis: Thesis
) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    say(session, rows[0])
    scan = paper(session, thesis, "Scan", "d" * 64).id
    nobody = person(session, "Nobody", email="nobody@tests.example")
    for signer, side in (("candidate", ""), ("director", "elsewhere")):
        named = Named(signer, side, nobody, "en")
        with pytest.raises(Refused):
            signoff.record_paper(session, thesis, row, named, TODAY, scan, ACTOR, NOW, today=TODAY)
    assert rows[0].state == "approved"


def test_the_candidate_does_not_sign_in_a_directors_place(session: Session, thesis: Thesis) -> None:
    rows = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    candidate = session.get_one(Person, thesis.candidate_id)
    with pytest.raises(Refused) as refused:
        say(session, rows[1], Answer.DELEGATE, delegate=Named("director", "lille", candidate, "fr"))
    assert refused.value.reason is Reason.DELEGATE_CANDIDATE


def test_an_answer_makes_an_open_form_of_the_office_stale(session: Session, thesis: Thesis) -> None:
    row = milestone(session, thesis, "charter", "lille")
    rows = asked(session, thesis, row, paper(session, thesis).id)
    seen = row.version
    say(session, rows[4], Answer.DECLINE)
    named = who_signs(session, thesis, row, [("school", "lille")])
    with pytest.raises(Stale):
        signoff.ask(session, thesis, row, named, row.document_id, seen, ACTOR, NOW, today=TODAY)


def test_a_new_name_of_the_candidate_is_read_before_it_is_signed(session: Session, thesis: Thesis) -> None:
    rows = asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    candidate = session.get_one(Person, thesis.candidate_id)
    facts = people.PersonFacts("Canary-renamed", "Zed", email=candidate.email)
    people.edit_person(session, candidate, facts, candidate.version, ACTOR, NOW)
    states(session, rows)
    assert all("Canary-renamed" in row.shown for row in rows)
    assert mails(session, "changed")
