"""The seal of the installation: certifies what is made and what is closed, with a time stamp where there is a clock.

Alone in writing signatures into files, and only by appending: what was there before stays byte for byte.
"""

import io
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from cotutelle.documents import authority
from cotutelle.documents.looping import apart
from cotutelle.documents.trust import LOCAL, Trust
from cotutelle.documents.trust import read as read_trust

FIELD, CLOSING = "Seal", "Closed"
"""The fields in which the seal and the time stamp of the closing stand."""
ANSWERS_WITHIN = 10
"""Seconds after which a time stamping service is given up."""


class CannotSeal(RuntimeError):
    """A seal that cannot be set; `why` is ``clock``, ``certificate``, ``chain`` or ``file``; `what`, the library's words."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(f"{why}: {what}" if what else why)
        self.why, self.what = why, what


@dataclass(frozen=True)
class Seal:
    """The key with which an installation seals, and its clock: the address of a service, or a local key's file.

    `is_local`: it is that of an authority made on the spot, which proves nothing to others.
    """

    certificate: Path
    password: str
    clock: str | Path | None
    trust: Trust
    is_local: bool = False

    @cached_property
    def _signer(self) -> Any:
        from pyhanko.sign.signers import SimpleSigner

        try:
            return SimpleSigner.load_pkcs12_data(
                self.certificate.read_bytes(), (), self.password.encode() or None
            )
        except (OSError, ValueError, AttributeError) as error:  # the last: a file without a key
            raise CannotSeal("certificate", str(error)) from None

    @cached_property
    def _stamper(self) -> Any:
        from pyhanko.sign.signers import SimpleSigner
        from pyhanko.sign.timestamps import DummyTimeStamper, HTTPTimeStamper

        if self.clock is None:
            return None
        if isinstance(self.clock, str):
            return HTTPTimeStamper(self.clock, timeout=ANSWERS_WITHIN)
        try:
            local = SimpleSigner.load_pkcs12_data(self.clock.read_bytes(), (), None)
        except (OSError, ValueError, AttributeError) as error:
            raise CannotSeal("clock", str(error)) from None
        return DummyTimeStamper(local.signing_cert, local.signing_key, certs_to_embed=local.cert_registry)

    @property
    def name(self) -> str:
        """In whose name it seals: the common name of its certificate, or its organisation."""
        subject = self._signer.signing_cert.subject.native
        return str(subject.get("common_name") or subject.get("organization_name") or "")

    def certify(self, pdf: bytes, *, last: bool) -> bytes:
        """The file with the seal as its first signature; after the `last` one nothing more may be filled in.

        Raises CannotSeal.
        """
        from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

        about = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES if last else MDPPerm.FILL_FORMS,
            validation_context=self._context(),
        )
        signer = PdfSigner(about, self._signer, timestamper=self._stamper)
        sealed = self._append(signer.sign_pdf, pdf)
        return self.close(sealed) if last else sealed

    def sign_for(self, pdf: bytes, key: bytes, field: str) -> bytes:
        """The file signed in one of its fields with somebody's own key: what the demonstration's people do elsewhere."""
        from pyhanko.sign.fields import SigSeedSubFilter
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
        from pyhanko.stamp import StaticStampStyle

        about = PdfSignatureMetadata(
            field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        signer = PdfSigner(
            about,
            SimpleSigner.load_pkcs12_data(key, (), None),
            timestamper=self._stamper,
            stamp_style=StaticStampStyle(border_width=1),  # words would need a typeface in the file
        )
        return self._append(signer.sign_pdf, pdf)

    def close(self, pdf: bytes) -> bytes:
        """The file with what shows that its signatures held, and the time stamp that ends it; as it was without a clock.

        Raises CannotSeal.
        """
        from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings

        if self._stamper is None:
            return pdf
        stamper = PdfTimeStamper(self._stamper, field_name=CLOSING)
        settings = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
        return self._append(
            lambda out: stamper.timestamp_pdf(
                out, "sha256", validation_context=self._context(), dss_settings=settings
            ),
            self._with_evidence(pdf),
        )

    def _with_evidence(self, pdf: bytes) -> bytes:
        """The file with certificates and lists of revoked ones for each signature whose chain ends here."""
        from pyhanko.sign.validation import add_validation_info
        from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
        from pyhanko_certvalidator.errors import PathError, ValidationError

        from cotutelle.documents.quick_reader import QuickReader

        for number in range(len(QuickReader(io.BytesIO(pdf)).embedded_regular_signatures)):
            signature = QuickReader(io.BytesIO(pdf)).embedded_regular_signatures[number]
            try:
                out = apart(partial(add_validation_info, signature, self._context(), add_vri_entry=False))
            except (SignatureValidationError, ValidationInfoReadingError, ValidationError, PathError):
                continue  # an issuer whom nobody here knows: said where the signature is shown
            pdf = out.getvalue()
        return pdf

    def _context(self) -> Any:
        return self.trust.context(
            list(self._signer.cert_registry),
            fetch=not self.is_local and self.clock is not None,
            strict=self.is_local,
        )

    def _append(self, act: Any, pdf: bytes) -> bytes:
        """Append to a file; what goes wrong is told apart by whose doing it is."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.timestamps import TimestampRequestError
        from pyhanko_certvalidator.errors import PathError, ValidationError

        try:
            data = apart(lambda: act(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue())
        except (TimestampRequestError, OSError) as error:
            raise CannotSeal("clock", str(error)) from error
        except (PathError, ValidationError, SigningError) as error:
            lost = isinstance(error, PathError) or isinstance(error.__cause__, PathError)
            raise CannotSeal("chain" if lost else "certificate", str(error)) from error
        except PdfError as error:
            raise CannotSeal("file", str(error)) from error
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            # what a service answers that is no time stamp makes the library fail in any way it can
            raise CannotSeal("clock" if isinstance(self.clock, str) else "file", str(error)) from error
        assert data.startswith(pdf)
        return bytes(data)


def find(instance: Path, certificate: str, password: str, clock: str) -> Seal | None:
    """The seal that the settings name, else that of a demonstration; None where there is neither."""
    trust, local = read_trust(instance), instance / LOCAL
    if certificate:
        return Seal(instance / certificate, password, clock or None, trust)
    if (local / authority.SEAL).is_file():
        return Seal(local / authority.SEAL, "", clock or local / authority.TIME, trust, is_local=True)
    return None
