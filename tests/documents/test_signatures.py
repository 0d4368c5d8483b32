"""Proves that a sealed file is read as what it is: its seal, its signatures, its clock, and whatever was done to it since."""

import io
import random
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import page
import pikepdf
import pytest
from pyhanko.sign.general import SigningError

from cotutelle.documents import authority, signatures
from cotutelle.documents.press import Press
from cotutelle.documents.seal import CannotSeal, Seal
from cotutelle.documents.trust import read as read_trust
from cotutelle.domain.signature import Fault, Flaw, Mark, Reading, Unsound, judge
from tests.documents import sealing
from tests.documents.conftest import Made

SEALED = "sealed of two"


@pytest.fixture(scope="module")
def drawn(press: Press) -> bytes:
    return sealing.small(press)


@pytest.fixture(scope="module")
def certified(own: Seal, drawn: bytes) -> bytes:
    return own.certify(drawn, last=False)


@pytest.fixture(scope="module")
def twice_signed(certified: bytes, partner: authority.Authority) -> bytes:
    once = sealing.signed(certified, partner.issue("Ada Lovelace", "Ghent"), "Signature3")
    return sealing.signed(once, partner.issue("Emmy Noether", "Lille"), "Signature4")


@pytest.fixture(scope="module")
def closed(own: Seal, twice_signed: bytes) -> bytes:
    return own.close(twice_signed)


@pytest.fixture(scope="module")
def sealed(own: Seal, certified: bytes) -> bytes:
    """A file closed without anybody's own signature in it."""
    return own.close(certified)


def read(data: bytes, instance: Path) -> Reading:
    return signatures.read(data, read_trust(instance))


def test_seal_signatures_and_closing_stand_in_a_row_and_none_breaks_another(
    closed: bytes, certified: bytes, twice_signed: bytes, drawn: bytes, instance: Path
) -> None:
    assert twice_signed.startswith(certified)
    assert certified.startswith(drawn)
    assert closed.startswith(twice_signed)
    found = read(closed, instance).signatures
    assert [(each.mark, each.name, each.faults) for each in found] == [
        (Mark.SEAL, "Demonstration seal, proves nothing", ()),
        (Mark.SIGNATURE, "Ada Lovelace", ()),
        (Mark.SIGNATURE, "Emmy Noether", ()),
        (Mark.TIME_STAMP, "Demonstration clock, proves nothing", ()),
    ]
    assert found[0].clock == "Demonstration clock, proves nothing"
    assert judge(Reading(found), None).sound


def test_another_reader_finds_the_same_signatures(closed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "closed.pdf"
    path.write_bytes(closed)
    answer = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False)
    assert answer.stdout.count("Signature Validation: Signature is Valid.") == 3
    assert "Signature Field Name: Closed" in answer.stdout


def test_the_file_with_fields_to_sign_in_is_archival_and_accessible(made: Made) -> None:
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(made(SEALED), profile=profile)
        assert report.is_compliant, (profile, report)


def test_a_whole_convention_is_sealed_signed_closed_and_read(
    own: Seal, made: Made, instance: Path, partner: authority.Authority
) -> None:
    signed = sealing.signed(own.certify(made(SEALED), last=False), partner.issue("Ada Lovelace", "Ghent"))
    found = read(own.close(signed), instance)
    assert [each.mark for each in found.signatures] == [Mark.SEAL, Mark.SIGNATURE, Mark.TIME_STAMP]
    assert judge(found, None).sound


def test_a_sealed_record_lets_nobody_fill_in_anything_more(
    own: Seal, drawn: bytes, instance: Path, partner: authority.Authority
) -> None:
    record = own.certify(drawn, last=True)
    assert judge(read(record, instance), None).sound
    with pytest.raises(SigningError, match="forbids all changes"):
        sealing.signed(record, partner.issue("Eve", "Ghent"))


def test_without_a_clock_the_seal_stands_alone_and_the_closing_adds_nothing(
    own: Seal, drawn: bytes, instance: Path
) -> None:
    silent = Seal(own.certificate, "", None, own.trust)
    certified = silent.certify(drawn, last=False)
    assert silent.close(certified) == certified
    (found,) = read(certified, instance).signatures
    assert (found.mark, found.clock, found.sound) == (Mark.SEAL, "", True)


def test_a_clock_that_does_not_answer_is_named_and_nothing_is_sealed(own: Seal, drawn: bytes) -> None:
    deaf = Seal(own.certificate, "", "http://127.0.0.1:9/tsr", own.trust)
    with pytest.raises(CannotSeal) as caught:
        deaf.certify(drawn, last=False)
    assert caught.value.why == "clock"


def test_a_certificate_that_cannot_be_opened_is_named(own: Seal, drawn: bytes, tmp_path: Path) -> None:
    (tmp_path / "broken.p12").write_bytes(b"nothing")
    with pytest.raises(CannotSeal) as caught:
        Seal(tmp_path / "broken.p12", "", None, own.trust).certify(drawn, last=False)
    assert caught.value.why == "certificate"


def test_an_issuer_whom_nobody_knows_is_said_and_nothing_else_is_held_against_the_signature(
    certified: bytes, instance: Path
) -> None:
    found = read(sealing.signed(certified, sealing.other().issue("Eve", "Nowhere")), instance).signatures[1]
    assert (found.name, found.issuer, found.faults) == (
        "Eve", "Demonstration authority, proves nothing", (Fault.UNKNOWN_ISSUER,)
    )  # fmt: skip
    assert found.intact


def test_a_revoked_certificate_is_named(certified: bytes, tmp_path: Path) -> None:
    folder = sealing.settled(tmp_path)
    partner = sealing.believed(folder)
    key = partner.issue("Ada Lovelace", "Ghent")
    signed = sealing.signed(certified, key)
    (folder / "trust" / "partner.crl").write_bytes(partner.revocations([sealing.serial(key)]))
    assert Fault.REVOKED in read(signed, folder).signatures[1].faults


def test_a_certificate_that_ended_holds_where_a_clock_shows_that_it_was_used_before(
    certified: bytes, instance: Path, partner: authority.Authority
) -> None:
    key = partner.issue("Ada Lovelace", "Ghent", ends=sealing.ended())
    without = read(sealing.signed(certified, key), instance).signatures[1]
    assert Fault.EXPIRED in without.faults
    before = sealing.clock(instance, sealing.ended() - timedelta(days=1))
    stamped = read(sealing.signed(certified, key, clock=before), instance).signatures[1]
    assert stamped.faults == ()
    assert stamped.clock == "Demonstration clock, proves nothing"


def cut(data: bytes) -> bytes:
    return data[: len(data) - 3000]


def one_byte(data: bytes) -> bytes:
    at = data.index(b"stream") + 40
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def in_the_room_of_a_signature(data: bytes) -> bytes:
    """One digit of the zeros that fill the place left for a signature: no digest covers them."""
    at = data.index(b"00000000000000000000>")
    return data[:at] + b"1" + data[at + 1 :]


def rewritten(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def with_a_page(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.add_blank_page()
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def appended(data: bytes, change: Callable[[object], None]) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def turned(data: bytes) -> bytes:
    """A page turned by an update that was appended: no byte that was signed is touched."""
    from pyhanko.pdf_utils.generic import NumberObject, pdf_name

    def turn(writer: object) -> None:
        first, _resources = writer.find_page_for_modification(0)  # type: ignore[attr-defined]
        first.get_object()[pdf_name("/Rotate")] = NumberObject(90)
        writer.mark_update(first)  # type: ignore[attr-defined]

    return appended(data, turn)


def with_a_script(data: bytes) -> bytes:
    from pyhanko.pdf_utils.generic import DictionaryObject, TextStringObject, pdf_name

    def script(writer: object) -> None:
        action = DictionaryObject(
            {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): TextStringObject("app.alert(1)")}
        )
        writer.root[pdf_name("/OpenAction")] = action  # type: ignore[attr-defined]
        writer.update_root()  # type: ignore[attr-defined]

    return appended(data, script)


def stripped(data: bytes) -> bytes:
    """The bytes before the seal: a file as sound as any, and not the sealed one."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        del pdf.Root.AcroForm
        for sheet in pdf.pages:
            if "/Annots" in sheet:
                del sheet.Annots
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "change",
    [cut, one_byte, in_the_room_of_a_signature, rewritten, with_a_page, turned, with_a_script, stripped],
)
def test_whatever_was_done_to_a_closed_file_it_is_not_sound(
    sealed: bytes, instance: Path, change: Callable[[bytes], bytes]
) -> None:
    altered = change(sealed)
    assert altered != sealed
    verdict = judge(read(altered, instance), None)
    assert not verdict.sound


def test_a_byte_altered_in_what_was_signed_makes_the_file_unsound(sealed: bytes, instance: Path) -> None:
    chance = random.Random(7)  # any bytes do
    for _turn in range(8):
        at = chance.randrange(
            sealed.index(b"/Contents <")
        )  # what stands in the room of a signature covers nothing
        altered = sealed[:at] + bytes([sealed[at] ^ (1 << chance.randrange(8))]) + sealed[at + 1 :]
        assert not judge(read(altered, instance), None).sound, at


def test_files_that_are_no_signed_file_are_named_for_what_they_are(drawn: bytes, instance: Path) -> None:
    assert read(b"PK\x03\x04", instance).flaw is Flaw.NOT_PDF
    assert read(drawn[:9_000], instance).flaw is Flaw.BROKEN
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="x", user="y"))
    assert read(locked.getvalue(), instance).flaw is Flaw.ENCRYPTED
    plain = judge(read(drawn, instance), None)
    assert plain.reasons == (Unsound.UNKNOWN, Unsound.UNSIGNED)


def test_a_file_is_read_apart_with_the_same_result(sealed: bytes, instance: Path) -> None:
    assert signatures.read_apart(sealed, instance) == read(sealed, instance)


def test_a_file_that_takes_too_long_is_given_up(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "SECONDS", 2)
    assert signatures.read_apart(doubling(), instance).flaw is Flaw.SLOW


def test_a_file_that_takes_too_much_room_is_given_up(
    sealed: bytes, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "MIB", 60)
    assert signatures.read_apart(sealed, instance).flaw is not None


def doubling() -> bytes:
    """A form of which each field names the next one twice, forty levels deep: a walk through it never ends."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        leaf = pdf.make_indirect(pikepdf.Dictionary(T="x", FT=pikepdf.Name.Sig))
        for _level in range(40):
            leaf = pdf.make_indirect(pikepdf.Dictionary(T="x", Kids=pikepdf.Array([leaf, leaf])))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([leaf]))
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def test_a_change_beside_a_signature_is_seen_where_no_earlier_one_protects_the_text(
    drawn: bytes, instance: Path, partner: authority.Authority
) -> None:
    lent = drawn
    plain = sealing.signed(lent, partner.issue("Ada Lovelace", "Ghent"))
    assert signatures.read(plain, read_trust(instance), len(lent)).grown
    forged = sealing.signed(turned(lent), partner.issue("Ada Lovelace", "Ghent"))
    reading = signatures.read(forged, read_trust(instance), len(lent))
    assert reading.signatures[0].sound
    assert not reading.grown


def test_a_visible_field_of_ones_own_over_the_text_is_seen(
    drawn: bytes, instance: Path, partner: authority.Authority
) -> None:
    lent = drawn
    over = sealing.over_the_page(lent, partner.issue("Ada Lovelace", "Ghent"))
    reading = signatures.read(over, read_trust(instance), len(lent))
    assert not reading.grown
    assert "Over" in reading.fields


def test_a_signature_that_locks_the_other_fields_is_said_to(
    certified: bytes, instance: Path, partner: authority.Authority
) -> None:
    locked = sealing.locking(certified, partner.issue("Ada Lovelace", "Ghent"))
    assert read(locked, instance).signatures[-1].locks
    assert not read(sealing.signed(certified, partner.issue("Ada", "Ghent")), instance).signatures[-1].locks


def test_a_clock_that_ended_since_still_says_what_it_said(own: Seal, drawn: bytes, tmp_path: Path) -> None:
    folder = sealing.settled(tmp_path / "old")
    partner = sealing.believed(folder, "clocks")
    ended = sealing.ended()
    (tmp_path / "clock.p12").write_bytes(partner.issue("Old clock", "Ghent", stamps=True, ends=ended))
    (folder / "authority" / authority.TIME).write_bytes((tmp_path / "clock.p12").read_bytes())
    stamped = sealing.stamped(drawn, sealing.clock(folder, ended - timedelta(days=2)))
    assert signatures.read(stamped, read_trust(folder)).signatures[-1].faults == ()


def test_a_clock_that_answers_nonsense_is_named(
    own: Seal, drawn: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyhanko.sign.timestamps import HTTPTimeStamper

    async def nonsense(*_arguments: object, **_named: object) -> object:
        raise ValueError("not a time stamp")

    monkeypatch.setattr(HTTPTimeStamper, "async_request_tsa_response", nonsense)
    with pytest.raises(CannotSeal) as caught:
        Seal(own.certificate, "", "https://time.example", own.trust).certify(drawn, last=False)
    assert caught.value.why == "clock"


def test_a_seal_whose_root_nobody_put_there_is_named(own: Seal, drawn: bytes, tmp_path: Path) -> None:
    with pytest.raises(CannotSeal) as caught:
        Seal(own.certificate, "", None, read_trust(tmp_path)).certify(drawn, last=False)
    assert caught.value.why == "chain"


def test_junk_among_the_trusted_counts_for_nothing(sealed: bytes, tmp_path: Path, instance: Path) -> None:
    folder = tmp_path / "junk"
    for name in ("authority", "trust"):
        (folder / name).mkdir(parents=True)
    for name in ("authority.pem", "authority.crl"):
        (folder / "authority" / name).write_bytes((instance / "authority" / name).read_bytes())
    for name in ("a.pem", "b.crt", "c.crl"):
        (folder / "trust" / name).write_bytes(b"junk")
    assert all(each.sound for each in read(sealed, folder).signatures)
