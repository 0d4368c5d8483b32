"""Whom this installation believes: its seal and its clock, root certificates and lists of revoked ones.

A folder `trust` beside the data holds them, in files that the operator puts there; the seal is a PKCS#12 file named
by a setting. Without that setting a demonstration seals with an authority of its own (`documents.authority`).
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from cotutelle.documents import authority

_log = logging.getLogger(__name__)
LOCAL = "authority"
"""The folder, beside the data, of an authority made on the spot."""


@dataclass(frozen=True)
class Trust:
    """The certificates that are believed, as files: `roots` as PEM or DER, `revoked` as DER or PEM lists."""

    roots: tuple[Path, ...]
    revoked: tuple[Path, ...]

    @cached_property
    def anchors(self) -> list[Any]:
        """The root certificates. A file without one counts for nothing."""
        from pyhanko.keys import load_certs_from_pemder

        found: list[Any] = []
        for path in self.roots:
            try:
                found += load_certs_from_pemder([str(path)])
            except (OSError, ValueError):
                _log.warning("%s holds no certificate and counts for nothing", path)
        return found

    @cached_property
    def lists(self) -> list[bytes]:
        """The lists of revoked certificates, as DER."""
        from asn1crypto import crl, pem

        found = []
        for path in self.revoked:
            try:
                data = path.read_bytes()
                data = pem.unarmor(data)[2] if pem.detect(data) else data
                _ = crl.CertificateList.load(data, strict=True)["tbs_cert_list"]["issuer"].native
            except (OSError, ValueError):
                _log.warning("%s holds no list of revoked certificates and counts for nothing", path)
                continue
            found.append(data)
        return found

    def context(
        self,
        others: list[Any] | None = None,
        *,
        at: datetime | None = None,
        fetch: bool = False,
        strict: bool = False,
    ) -> Any:
        """What a chain of certificates is checked against, at a moment; nothing is fetched unless `fetch`.

        `strict` refuses a certificate of which nobody says whether it was revoked.
        """
        from pyhanko_certvalidator import ValidationContext

        return ValidationContext(
            trust_roots=self.anchors,
            other_certs=others or [],
            crls=self.lists,
            moment=at,
            allow_fetching=fetch,
            retroactive_revinfo=True,
            revocation_mode="hard-fail" if strict else "soft-fail",
        )


def read(instance: Path) -> Trust:
    """The trust of an installation: its folder `trust`, and its own authority where it has one."""
    folder, local = instance / "trust", instance / LOCAL
    own = local / authority.ROOT
    return Trust(
        roots=(
            *(path for kind in ("pem", "crt", "cer") for path in sorted(folder.glob(f"*.{kind}"))),
            *([own] if own.is_file() else []),
        ),
        revoked=(*sorted(folder.glob("*.crl")), *sorted(local.glob("*.crl"))),
    )
