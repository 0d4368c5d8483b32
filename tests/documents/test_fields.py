"""Proves that a partner's own file gets a place for each signature, and holds its seal and signatures like one of ours."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from cotutelle.documents import authority, signatures
from cotutelle.documents.fields import with_fields
from cotutelle.documents.seal import CannotSeal, Seal
from cotutelle.documents.trust import read as read_trust
from cotutelle.domain.signature import Mark
from tests.documents import sealing

NAMES = [f"Signature{number}" for number in range(1, 5)]


def page(**how: object) -> bytes:
    """One page of a partner, as other programs write it."""
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.save(out, **how)
    return out.getvalue()


@pytest.mark.parametrize(
    "how",
    [{}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}, {"linearize": True}],
    ids=["plain", "object streams", "linearised"],
)
def test_a_partners_file_is_sealed_signed_twice_and_closed(
    instance: Path, own: Seal, partner: authority.Authority, how: dict[str, object]
) -> None:
    given = page(**how)
    prepared = with_fields(given, NAMES)
    assert prepared.startswith(given)
    file = own.certify(prepared, last=False)
    file = sealing.signed(file, partner.issue("Ada Lovelace", "Ghent"), "Signature1")
    file = sealing.signed(file, partner.issue("Emmy Noether", "Lille"), "Signature3")
    file = own.close(file)
    reading = signatures.read(file, read_trust(instance))
    assert [each.mark for each in reading.signatures] == [
        Mark.SEAL, Mark.SIGNATURE, Mark.SIGNATURE, Mark.TIME_STAMP,
    ]  # fmt: skip
    assert all(each.unaltered for each in reading.signatures)


def test_poppler_knows_the_signatures_of_such_a_file(
    own: Seal, partner: authority.Authority, tmp_path: Path
) -> None:
    file = own.certify(with_fields(page(), NAMES), last=False)
    path = tmp_path / "a.pdf"
    path.write_bytes(sealing.signed(file, partner.issue("Ada Lovelace", "Ghent"), "Signature2"))
    told = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout
    assert told.count("Signature is Valid.") == 2


@pytest.mark.parametrize("spoil", [lambda data: data[:200], lambda _data: b"%PDF-1.7 nothing"])
def test_a_file_that_cannot_be_added_to_is_named_as_such(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(CannotSeal, match="file"):
        with_fields(spoil(page()), NAMES)
