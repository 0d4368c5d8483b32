"""An authority made for the tests, people with certificates of it, and ways in which a stranger tampers with a file."""

import io
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import StaticStampStyle

from cotutelle.documents import authority
from cotutelle.documents.looping import apart
from cotutelle.documents.press import Press

ORGANISATION = "Université de Lille"


class OncePress(Press):
    """A press that draws the same text once: the same input gives the same bytes, as its own tests show."""

    drawn: ClassVar[dict[tuple[str, str, str], bytes]] = {}

    def print_pdf(self, html: str, *, facts: str, created: str) -> bytes:
        key = (html, facts, created)
        if key not in self.drawn:
            self.drawn[key] = super().print_pdf(html, facts=facts, created=created)
        return self.drawn[key]


@cache
def other() -> authority.Authority:
    """An authority that no installation of the tests knows."""
    return authority.new("Somebody else")


def settled(folder: Path) -> Path:
    """An instance folder with an authority, its seal and its clock."""
    authority.settle(folder / "authority", ORGANISATION)
    return folder


def believed(folder: Path, name: str = "partner") -> authority.Authority:
    """An authority of a partner whose root the operator put into the folder of trust, with an empty list of revoked."""
    found = authority.new(f"{name} authority")
    trust = folder / "trust"
    trust.mkdir(parents=True, exist_ok=True)
    (trust / f"{name}.pem").write_bytes(found.root.public_bytes(serialization.Encoding.PEM))
    (trust / f"{name}.crl").write_bytes(found.revocations())
    return found


def serial(key: bytes) -> int:
    """The serial number of the certificate in a PKCS#12 file."""
    _key, certificate, _others = pkcs12.load_key_and_certificates(key, None)
    assert certificate is not None
    return certificate.serial_number


def signed(pdf: bytes, key: bytes, field: str = "Signature1", clock: Any = None, **more: Any) -> bytes:
    """The file with somebody's signature in one of its fields, as their own tool would set it: a frame without words.

    What a tool writes into the box is its own; with a typeface that it does not embed, the file is archival no more.
    """
    about = PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **more
    )
    signer = SimpleSigner.load_pkcs12_data(key, (), None)
    framed = PdfSigner(about, signer, timestamper=clock, stamp_style=StaticStampStyle(border_width=1))
    out = apart(lambda: framed.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))))
    return bytes(out.getvalue())


def ended() -> datetime:
    """A day on which a certificate ended."""
    return datetime.now(UTC) - timedelta(days=3)


def clock(folder: Path, at: datetime) -> Any:
    """The clock of a folder's authority, stopped at a moment."""
    local = SimpleSigner.load_pkcs12_data((folder / "authority" / authority.TIME).read_bytes(), (), None)
    return DummyTimeStamper(
        local.signing_cert, local.signing_key, certs_to_embed=local.cert_registry, fixed_dt=at
    )


def over_the_page(pdf: bytes, key: bytes) -> bytes:
    """The file signed in a visible field of the signatory's own making, over the first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec("Over", box=(10, 10, 500, 700), on_page=0))
    target = io.BytesIO()
    writer.write(target)
    return signed(target.getvalue(), key, "Over")


def locking(pdf: bytes, key: bytes) -> bytes:
    """The file signed in a field that locks all others once it is signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    lock = FieldMDPSpec(FieldMDPAction.ALL)
    append_signature_field(writer, SigFieldSpec("Lock", field_mdp_spec=lock))
    target = io.BytesIO()
    writer.write(target)
    return signed(target.getvalue(), key, "Lock")


def stamped(pdf: bytes, clock: Any) -> bytes:
    """The file with a time stamp over all of it."""
    stamper = PdfTimeStamper(clock, field_name="Stamp")
    out = apart(lambda: stamper.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256"))
    return bytes(out.getvalue())


def small(press: Press) -> bytes:
    """One page with nine fields to sign in: what is signed in it is read in a fraction of a convention's time."""
    fields = "".join(
        f'<p><input style="width: 60mm; height: 12mm" type="checkbox" name="Signature{n}" title="Signature {n}"></p>'
        for n in range(1, 10)
    )
    head = '<meta charset="utf-8"><title>Convention</title><meta name="dcterms.created" content="2026-11-24">'
    html = (
        f'<!doctype html><html lang="en"><head>{head}</head><body><h1>Convention</h1>{fields}</body></html>'
    )
    return press.print_pdf(html, facts="{}", created="2026-11-24T00:00:00+00:00")
