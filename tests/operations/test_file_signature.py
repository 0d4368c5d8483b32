"""The convention signed in the file: lent to one person at a time, taken back only with one signature more."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents import authority, signatures
from cotutelle.documents.convention import clause_versions
from cotutelle.documents.press import Press
from cotutelle.documents.seal import Seal
from cotutelle.documents.store import Store
from cotutelle.documents.trust import read as read_trust
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.plan import Signer
from cotutelle.domain.signature import Reading, Signature
from cotutelle.domain.signoff import Level, Proof, State
from cotutelle.models import FileLoan, SignOff, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_signing, file_signature, known_file, signature_level, signoff
from cotutelle.operations import convention_version as versions
from tests.builders import ACTOR, NOW, TODAY, institution
from tests.documents import sealing
from tests.documents.test_signatures import turned
from tests.operations.complete import approved, completed, put
from tests.operations.in_force import ask, milestone, sign
from tests.operations.test_convention_signing import refused

BY = signoff.By(ACTOR, Proof.FILE)


@pytest.fixture(scope="module")
def partner(instance: Path) -> authority.Authority:
    return sealing.believed(instance)


def to_sign(session: Session, press: Press, store: Store, own: Seal | None) -> list[SignOff]:
    """Everybody is asked to sign the file, in turn: the candidate first."""
    thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
    completed(session, thesis)
    put(session, thesis)
    approved(session, thesis)
    row = conventions.current(session, thesis)
    facts = conventions.text_of(session, thesis, row)
    drawn = sealing.small(press)
    data = own.certify(drawn, last=False) if own else drawn
    kept = versions.keep_final(
        session, thesis, row, facts, ACTOR, NOW,
        clauses=clause_versions(facts), file_digest=store.put(session, data), engines={},
    )  # fmt: skip
    convention_signing.add_document(session, thesis, kept, len(data), ACTOR, NOW, today=TODAY)
    return ask(session, thesis)


@pytest.fixture
def asked(session: Session, press: Press, store: Store, own: Seal) -> list[SignOff]:
    return to_sign(session, press, store, own)


@pytest.fixture
def unsealed(session: Session, press: Press, store: Store) -> list[SignOff]:
    return to_sign(session, press, store, None)


def read(data: bytes, instance: Path, since: int = 0) -> Reading:
    return signatures.read(data, read_trust(instance), since)


def examined(
    session: Session, store: Store, instance: Path, row: SignOff, data: bytes, why: str = ""
) -> tuple[file_signature.Expected, Signature]:
    asked = file_signature.expected(session, store, row)
    since = len(asked.lent)
    before, after = read(asked.lent, instance, since), read(data, instance, since)
    return asked, file_signature.examine(asked, before, after, data, why)


def brought_back(
    session: Session, store: Store, instance: Path, row: SignOff, key: bytes, why: str = ""
) -> FileLoan:
    """Take the file, sign it in one's own tool, and bring it back."""
    file_signature.lend(session, row, BY, NOW)
    asked = file_signature.expected(session, store, row)
    data = sealing.signed(asked.lent, key, asked.field)
    _asked, found = examined(session, store, instance, row, data, why)
    given = (asked.lent_digest, store.put(session, data), len(data), row.digest)
    return file_signature.take_in(session, row, found, *given, BY, NOW, today=TODAY, accepted_why=why)


def key_of(partner: authority.Authority, row: SignOff) -> bytes:
    """A certificate in the name of whoever is asked."""
    return partner.issue(row.person.name, "University")


def test_a_file_signed_with_a_certificate_counts_and_the_next_signature_stands_on_it(
    session: Session, store: Store, instance: Path, partner: authority.Authority, asked: list[SignOff]
) -> None:
    first, second = asked[0], asked[1]
    before = file_signature.lend(session, first, BY, NOW).lent_digest
    loan = brought_back(session, store, instance, first, key_of(partner, first))
    session.refresh(first)
    session.refresh(second)
    assert (first.state, first.proof) == (State.APPROVED, Proof.FILE)
    assert second.state == State.ASKED
    assert loan.signature["name"] == first.person.name
    again = brought_back(session, store, instance, second, key_of(partner, second))
    assert again.lent_digest == loan.file_digest != before
    assert again.file_digest is not None
    found = read(store.read(session, again.file_digest), instance).signatures
    assert [each.name for each in found][1:] == [first.person.name, second.person.name]
    assert all(each.sound for each in found)
    known = known_file.find(session, again.file_digest)
    assert known is not None
    assert (known.stage, known.number) == ("signed", "LILLE-2026-0001-1")


def test_clicks_and_certificates_stand_beside_each_other(
    session: Session, store: Store, instance: Path, partner: authority.Authority, asked: list[SignOff]
) -> None:
    sign(session, asked[0])
    session.refresh(asked[1])
    brought_back(session, store, instance, asked[1], key_of(partner, asked[1]))
    session.refresh(asked[2])
    sign(session, asked[2])
    rows = session.scalars(select(SignOff).order_by(SignOff.id).limit(3)).all()
    assert [(row.proof, row.outdated_at) for row in rows] == [
        ("fresh_code", None), ("file", None), ("fresh_code", None)
    ]  # fmt: skip


def test_the_file_is_lent_to_whoever_is_asked_once_and_to_nobody_else(
    session: Session, store: Store, asked: list[SignOff]
) -> None:
    loan = file_signature.lend(session, asked[0], BY, NOW)
    assert file_signature.lend(session, asked[0], BY, NOW).id == loan.id
    with refused(Reason.ALREADY_ANSWERED):
        file_signature.lend(session, asked[1], BY, NOW)  # whose turn has not come


def test_a_file_that_is_with_somebody_else_is_not_lent_until_it_is_given_back(
    session: Session, asked: list[SignOff]
) -> None:
    first, second = asked[0], asked[1]
    second.state = State.ASKED  # as where signatures are given in parallel
    file_signature.lend(session, first, BY, NOW)
    with refused(Reason.FILE_LENT):
        file_signature.lend(session, second, BY, NOW)
    file_signature.give_back(session, first, BY, NOW)
    file_signature.lend(session, second, BY, NOW)
    with refused(Reason.FILE_NOT_LENT):
        file_signature.give_back(session, first, BY, NOW)


def test_an_answer_ends_the_loan(session: Session, asked: list[SignOff]) -> None:
    file_signature.lend(session, asked[0], BY, NOW)
    sign(session, asked[0])
    session.refresh(asked[1])
    file_signature.lend(session, asked[1], BY, NOW)


def refusal(
    session: Session, store: Store, instance: Path, row: SignOff, change: bytes | None, why: str = ""
) -> Reason:
    file_signature.lend(session, row, BY, NOW)
    data = change if change is not None else file_signature.expected(session, store, row).lent
    with pytest.raises(Refused) as caught:
        examined(session, store, instance, row, data, why)
    return caught.value.reason


def test_what_comes_back_and_is_not_the_file_with_one_signature_more_is_named(
    session: Session, store: Store, instance: Path, partner: authority.Authority, asked: list[SignOff]
) -> None:
    file_signature.lend(session, asked[0], BY, NOW)
    lent, name = file_signature.expected(session, store, asked[0]).lent, asked[0].person.name
    own, eve = key_of(partner, asked[0]), partner.issue("Eve Nobody", "Ghent")
    good = sealing.signed(lent, own)
    for data, reason in (
        (None, Reason.FILE_UNSIGNED),
        (b"hello", Reason.FILE_UNREADABLE),
        (good[: len(lent) + 400], Reason.FILE_UNSIGNED),
        (good[:5000], Reason.FILE_UNREADABLE),
        (b"%PDF-1.7" + good[8:9] + b" " + good[10:], Reason.FILE_REWRITTEN),
        (sealing.signed(good, eve, "Signature2"), Reason.FILE_SEVERAL),
        (sealing.signed(lent, sealing.other().issue(name, "Ghent")), Reason.ISSUER_UNKNOWN),
        (sealing.signed(lent, eve), Reason.CERTIFICATE_OF_ANOTHER),
        (sealing.signed(lent, own, "Signature8"), Reason.FILE_OTHER_FIELD),
        (sealing.signed(lent, partner.issue(name, "Ghent", ends=sealing.ended())), Reason.FILE_FAULTY),
        (b"00001>".join(good.rsplit(b"00000>", 1)), Reason.FILE_FAULTY),
    ):
        assert refusal(session, store, instance, asked[0], data) == reason, reason


def test_without_a_seal_too_nobody_changes_the_text_along_with_their_signature(
    session: Session, store: Store, instance: Path, partner: authority.Authority, unsealed: list[SignOff]
) -> None:
    row = unsealed[0]
    file_signature.lend(session, row, BY, NOW)
    lent, key = file_signature.expected(session, store, row).lent, key_of(partner, row)
    assert refusal(session, store, instance, row, sealing.signed(turned(lent), key)) == Reason.FILE_MORE_AFTER
    over = sealing.over_the_page(lent, key)
    assert refusal(session, store, instance, row, over) == Reason.FILE_MORE_AFTER
    assert (
        refusal(session, store, instance, row, sealing.signed(lent, key, certify=True)) == Reason.FILE_LOCKED
    )
    assert brought_back(session, store, instance, row, key).returned_at == NOW


def test_what_is_signed_is_what_was_shown(
    session: Session, store: Store, instance: Path, partner: authority.Authority, asked: list[SignOff]
) -> None:
    row = asked[0]
    file_signature.lend(session, row, BY, NOW)
    expected = file_signature.expected(session, store, row)
    data = sealing.signed(expected.lent, key_of(partner, row))
    _asked, found = examined(session, store, instance, row, data)
    with refused(Reason.SHOWN_CHANGED):
        file_signature.take_in(
            session,
            row,
            found,
            expected.lent_digest,
            store.put(session, data),
            1,
            "0" * 64,
            BY,
            NOW,
            today=TODAY,
        )


def test_an_unknown_issuer_is_taken_in_by_whoever_takes_responsibility_and_the_evidence_says_so(
    session: Session, store: Store, instance: Path, asked: list[SignOff]
) -> None:
    key = sealing.other().issue(asked[0].person.name, "Ghent")
    loan = brought_back(session, store, instance, asked[0], key, "Compared by telephone.")
    assert loan.accepted_why == "Compared by telephone."
    assert loan.signature["faults"] == ["unknown_issuer"]


def test_a_reason_that_nothing_asks_for_is_not_kept(
    session: Session, store: Store, instance: Path, partner: authority.Authority, asked: list[SignOff]
) -> None:
    loan = brought_back(session, store, instance, asked[0], key_of(partner, asked[0]), "No doubt at all.")
    assert loan.accepted_why == ""


def test_a_file_that_was_lent_anew_meanwhile_is_not_taken_in(
    session: Session, store: Store, instance: Path, partner: authority.Authority, asked: list[SignOff]
) -> None:
    file_signature.lend(session, asked[0], BY, NOW)
    expected = file_signature.expected(session, store, asked[0])
    data = sealing.signed(expected.lent, key_of(partner, asked[0]))
    _asked, found = examined(session, store, instance, asked[0], data)
    file_signature.give_back(session, asked[0], BY, NOW)
    given = (expected.lent_digest, "ab" * 32, 1, asked[0].digest)
    with refused(Reason.FILE_NOT_LENT):
        file_signature.take_in(session, asked[0], found, *given, BY, NOW, today=TODAY)


def test_heads_do_not_click_unless_their_institution_says_so(session: Session, asked: list[SignOff]) -> None:
    assert signature_level.level(session, "head", "ghent") == Level.STRONG
    for proof in (Proof.ACCOUNT, Proof.LINK_CODE, Proof.FRESH_CODE):
        with refused(Reason.WAY_TOO_WEAK):
            signature_level.check(session, "head", "ghent", proof)
    for proof in (Proof.PAPER, Proof.FILE, Proof.RECORDED):
        signature_level.check(session, "head", "ghent", proof)
    ghent = institution(session, "ghent")
    levels = {**signature_level.levels_of(ghent), Signer.HEAD: Level.ANY, Signer.DIRECTOR: Level.CERTIFICATE}
    signature_level.choose(session, ghent, levels, None, ACTOR, NOW)
    signature_level.check(session, "head", "ghent", Proof.LINK_CODE)
    with refused(Reason.WAY_TOO_WEAK):
        signature_level.check(session, "director", "ghent", Proof.PAPER)


def test_whoever_clicks_where_more_is_asked_is_refused_and_nothing_is_lost(
    session: Session, asked: list[SignOff]
) -> None:
    for row in asked[:6]:
        session.refresh(row)
        sign(session, row)
    head = asked[6]
    session.refresh(head)
    with refused(Reason.WAY_TOO_WEAK):
        signoff.answer(
            session, head.id, signoff.Answer.APPROVE, head.digest, signoff.By(ACTOR, Proof.FRESH_CODE), NOW,
            today=TODAY,
        )  # fmt: skip
    session.refresh(head)
    assert head.state == State.ASKED
    assert milestone(session, session.get_one(Thesis, head.thesis_id)).done_on is None
