"""A certificate authority of this very installation, for the demonstration and for tests: it proves nothing to others."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cotutelle import clock

SEAL, TIME, REVOKED, ROOT = "seal.p12", "time.p12", "authority.crl", "authority.pem"
"""The files of an authority's folder: the seal, the clock, who is revoked, and the root by which they are believed."""
_LIST = x509.CRLDistributionPoints(
    [
        x509.DistributionPoint(
            [x509.UniformResourceIdentifier(f"http://authority.invalid/{REVOKED}")], None, None, None
        )
    ]
)
"""Where a certificate says that its list of revoked ones is: without it readers ask for none. Nothing is fetched there."""
_LASTS = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class Authority:
    """A root with its key, which certifies seals, clocks and people."""

    root: x509.Certificate
    key: rsa.RSAPrivateKey

    def issue(
        self, name: str, organisation: str, *, stamps: bool = False, ends: datetime | None = None
    ) -> bytes:
        """A new key with its certificate, as PKCS#12 without a password; `stamps` makes it that of a clock."""
        key = _key()
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
        built = (
            _certificate(subject, self.root.subject, key, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_documents=True), critical=True)
            .add_extension(_LIST, critical=False)
        )
        if stamps:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            built = built.add_extension(purpose, critical=True)
        signed = built.sign(self.key, hashes.SHA256())
        plain = serialization.NoEncryption()
        return pkcs12.serialize_key_and_certificates(None, key, signed, [self.root], plain)

    def revocations(self, serials: Iterable[int] = ()) -> bytes:
        """The list of its certificates that hold no more, as DER."""
        now = clock.now()
        built = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(now - timedelta(days=1))
            .next_update(now + _LASTS)
        )
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial)
            built = built.add_revoked_certificate(entry.revocation_date(now - timedelta(hours=1)).build())
        return built.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def new(organisation: str) -> Authority:
    """An authority with a root of its own."""
    key = _key()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, "Demonstration authority, proves nothing"),
        ]
    )
    root = (
        _certificate(name, name, key, None)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_documents=False), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(root, key)


def settle(folder: Path, organisation: str) -> Authority | None:
    """Make an authority with a seal and a clock in a folder that has none; what is there stays.

    The key of its root is nowhere but in the answer: once that is let go, nobody is certified by it any more.
    """
    if (folder / SEAL).is_file():
        return None
    made = new(organisation)
    folder.mkdir(parents=True, exist_ok=True)
    root = made.root.public_bytes(serialization.Encoding.PEM)
    for name, data in (
        (ROOT, root),
        (REVOKED, made.revocations()),
        (TIME, made.issue("Demonstration clock, proves nothing", organisation, stamps=True)),
        (SEAL, made.issue("Demonstration seal, proves nothing", organisation)),
    ):
        _keep(folder / name, data)
    return made


def _keep(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, ends: datetime | None
) -> x509.CertificateBuilder:
    now = clock.now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2 * 365))
        .not_valid_after(ends or now + _LASTS)
    )


def _usage(*, signs_documents: bool) -> x509.KeyUsage:
    """The uses of a key: signing documents, or signing certificates and lists of revoked ones."""
    return x509.KeyUsage(
        digital_signature=signs_documents,
        content_commitment=signs_documents,
        key_cert_sign=not signs_documents,
        crl_sign=not signs_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
