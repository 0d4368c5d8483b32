"""A convention that everybody signed is closed: one file, one record of its signatures, both kept and sealed."""

import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents import signatures
from cotutelle.documents.convention import clause_versions
from cotutelle.documents.press import Press
from cotutelle.documents.seal import CannotSeal, Seal
from cotutelle.documents.store import Store
from cotutelle.documents.trust import Trust
from cotutelle.documents.trust import read as read_trust
from cotutelle.domain.signature import judge
from cotutelle.models import Closing, Document, Job, JournalEntry, Message, SignOff, Thesis
from cotutelle.operations import closing, convention_signing, known_file
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_version as versions
from tests.builders import ACTOR, NOW, TODAY
from tests.documents import sealing
from tests.operations.complete import approved, completed, put
from tests.operations.in_force import ask, milestone, sign

PAGE = "https://cotutelle.univ.example/verify/LILLE-2026-0001-1"


def signed_by_everybody(session: Session, press: Press, store: Store, seal: Seal | None) -> Thesis:
    """The small world's thesis with its convention drawn, certified and signed by everybody."""
    thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
    completed(session, thesis)
    put(session, thesis)
    approved(session, thesis)
    row = conventions.current(session, thesis)
    facts = conventions.text_of(session, thesis, row)
    data = sealing.small(press)
    data = seal.certify(data, last=False) if seal else data
    kept = versions.keep_final(
        session, thesis, row, facts, ACTOR, NOW,
        clauses=clause_versions(facts), file_digest=store.put(session, data), engines={},
    )  # fmt: skip
    convention_signing.add_document(session, thesis, kept, len(data), ACTOR, NOW, today=TODAY)
    for each in ask(session, thesis):
        session.refresh(each)
        sign(session, each)
    return thesis


NOBODY = Trust((), ())


def closed(session: Session, press: Press, store: Store, seal: Seal | None, trust: Trust = NOBODY) -> Closing:
    (version_id,) = closing.due(session)
    signed = closing.gather(session, store, version_id, NOW)
    assert signed is not None
    files = closing.seal_files(signed, press, seal, seal.trust if seal else trust, PAGE)
    row = closing.enter(session, store, signed, files, NOW, today=TODAY)
    assert row is not None
    return row


def test_the_last_signature_asks_for_the_closing_once(session: Session, press: Press, store: Store) -> None:
    signed_by_everybody(session, press, store, None)
    jobs = session.scalars(select(Job).where(Job.kind == "close")).all()
    assert len(jobs) == 1
    assert len(closing.due(session)) == 1


def test_a_closed_convention_is_kept_sealed_and_sound_with_the_record_that_names_it(
    session: Session, press: Press, store: Store, own: Seal, instance: Path
) -> None:
    thesis = signed_by_everybody(session, press, store, own)
    row = closed(session, press, store, own)
    assert (row.number, row.sealed, row.stamped) == ("LILLE-2026-0001-1", True, True)
    trust = read_trust(instance)
    for digest in (row.file_digest, row.record_digest):
        data = store.read(session, digest)
        assert hashlib.sha256(data).hexdigest() == digest
        assert store.sealed is not None
        assert (store.sealed / f"{digest}.pdf").read_bytes() == data
        verdict = judge(signatures.read(data, trust), None)
        assert verdict.sound
        known = known_file.find(session, digest)
        assert judge(signatures.read(data, trust), known).sealed
    version = row.version
    assert version.file_digest is not None
    assert store.read(session, row.file_digest).startswith(store.read(session, version.file_digest))
    told = facts_in(store.read(session, row.record_digest))
    assert told["file"]["sha256"] == row.file_digest
    assert told["made"] == version.file_digest
    assert [each["proof"] for each in told["signatures"]] == ["fresh_code"] * 6 + ["file"] * 2
    assert [each["institution"] for each in told["approvals"]] == ["lille", "ghent"]
    kinds = [d.kind for d in session.scalars(select(Document).where(Document.thesis_id == thesis.id))]
    assert sorted(kinds) == ["convention", "convention", "signature_record"]
    assert session.scalars(select(JournalEntry).where(JournalEntry.act == "convention.closed")).one()
    assert session.scalars(select(Message).where(Message.kind == "convention_closed")).all()
    assert closing.due(session) == []


def test_without_a_certificate_it_is_closed_by_its_digest_and_says_that_it_is_not_sealed(
    session: Session, press: Press, store: Store
) -> None:
    signed_by_everybody(session, press, store, None)
    row = closed(session, press, store, None)
    assert not row.sealed
    assert row.file_digest == row.version.file_digest
    with pikepdf.open(io.BytesIO(store.read(session, row.record_digest))) as pdf:
        assert pdf.Root.get("/AcroForm") is None
    assert facts_in(store.read(session, row.record_digest))["sealed_by"] == {"file": "", "record": ""}


def test_a_text_made_without_a_certificate_and_closed_with_one_is_not_sealed_but_its_record_is(
    session: Session, press: Press, store: Store, own: Seal
) -> None:
    signed_by_everybody(session, press, store, None)
    row = closed(session, press, store, own)
    assert (row.sealed, row.stamped, row.record_sealed) == (False, True, True)
    for digest, sealed in ((row.file_digest, False), (row.record_digest, True)):
        known = known_file.find(session, digest)
        verdict = judge(signatures.read(store.read(session, digest), own.trust), known)
        assert (verdict.closed, verdict.sealed, verdict.sound) == (True, sealed, True)


def test_a_text_made_with_a_certificate_that_is_gone_when_it_is_closed_stays_sealed(
    session: Session, press: Press, store: Store, own: Seal
) -> None:
    signed_by_everybody(session, press, store, own)
    row = closed(session, press, store, None, own.trust)
    assert (row.sealed, row.stamped, row.record_sealed) == (True, False, False)
    assert row.seal_name == own.name


def test_a_file_of_which_a_signature_does_not_hold_is_not_closed(
    session: Session, press: Press, store: Store, own: Seal
) -> None:
    signed_by_everybody(session, press, store, own)
    (version_id,) = closing.due(session)
    signed = closing.gather(session, store, version_id, NOW)
    assert signed is not None
    at = signed.file.index(b"stream") + 60
    broken = signed.file[:at] + bytes([signed.file[at] ^ 1]) + signed.file[at + 1 :]
    with pytest.raises(CannotSeal, match="a signature in it does not hold"):
        closing.seal_files(replace(signed, file=broken), press, None, own.trust, PAGE)


def test_signatures_stay_what_they_were_and_closing_is_done_once(
    session: Session, press: Press, store: Store, own: Seal
) -> None:
    thesis = signed_by_everybody(session, press, store, own)
    (version_id,) = closing.due(session)
    signed = closing.gather(session, store, version_id, NOW)
    assert signed is not None
    files = closing.seal_files(signed, press, own, own.trust, PAGE)
    assert closing.enter(session, store, signed, files, NOW, today=TODAY) is not None
    assert closing.enter(session, store, signed, files, NOW, today=TODAY) is None
    assert closing.gather(session, store, version_id, NOW) is None
    rows = session.scalars(select(SignOff).where(SignOff.thesis_id == thesis.id)).all()
    assert {each.outdated_at for each in rows} == {None}
    assert milestone(session, thesis).done_on == TODAY


def test_neither_the_closed_file_nor_its_record_is_ever_replaced(
    session: Session, press: Press, store: Store, own: Seal
) -> None:
    thesis = signed_by_everybody(session, press, store, own)
    closed(session, press, store, own)
    for document in session.scalars(select(Document).where(Document.thesis_id == thesis.id)):
        assert convention_signing.holds_agreed_text(session, document)


def test_a_convention_that_somebody_has_not_signed_is_not_closed(session: Session) -> None:
    thesis = session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()
    completed(session, thesis)
    put(session, thesis)
    approved(session, thesis)
    assert closing.due(session) == []


def facts_in(pdf: bytes) -> dict[str, object]:
    """The evidence that a record carries for programs."""
    with pikepdf.open(io.BytesIO(pdf)) as found:
        return json.loads(found.attachments["facts.json"].get_file().read_bytes())  # type: ignore[no-any-return]
