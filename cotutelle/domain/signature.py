"""A signature found inside a PDF, and what may be said of a file that bears some: pure words, no cryptography."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Mark(StrEnum):
    """What a signature in a file is: a seal opens or closes it, a person signs it, a clock dates it."""

    SEAL = "seal"
    SIGNATURE = "signature"
    TIME_STAMP = "time_stamp"


class Fault(StrEnum):
    """What speaks against a signature; none of them is ever outweighed by anything else."""

    ALTERED = "altered"  # the bytes that were signed are others now
    FORGED = "forged"  # the signature is not that of the certificate
    PARTIAL = "partial"  # it does not cover all that was there when it was made
    CHANGED_AFTER = "changed_after"  # more than signatures was added since
    REVOKED = "revoked"
    EXPIRED = "expired"  # its certificate has ended, and no clock says that it was made before
    UNKNOWN_ISSUER = "unknown_issuer"  # nobody whom this installation trusts vouches for the certificate
    UNFIT = "unfit"  # its certificate is not made for this, or its method is too weak
    CLOCK = "clock"  # its time stamp does not hold
    UNREADABLE = "unreadable"


_OF_CERTIFICATES = frozenset({Fault.UNKNOWN_ISSUER, Fault.EXPIRED, Fault.REVOKED, Fault.UNFIT})
"""What time does to a certificate: no harm to a file of which every byte is known to be that which was closed."""


class Flaw(StrEnum):
    """What is wrong with a file as such, before any signature is looked at."""

    NOT_PDF = "not_pdf"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    LARGE = "large"
    SLOW = "slow"  # it could not be read within its time


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a file, as it was read. `at` is an ISO instant, told by a clock if `clock` names one.

    `whole_file`: nothing but what keeps signatures verifiable came after it; `locks`: it forbids further signatures.
    """

    field: str
    mark: Mark
    name: str
    organisation: str = ""
    issuer: str = ""
    certificate: str = ""  # SHA-256 of the certificate
    at: str = ""
    clock: str = ""
    whole_file: bool = False
    locks: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.faults

    @property
    def intact(self) -> bool:
        """Whether nothing speaks against it but that nobody here knows who issued its certificate."""
        return set(self.faults) <= {Fault.UNKNOWN_ISSUER}

    @property
    def unaltered(self) -> bool:
        """Whether nothing speaks against its bytes, whatever became of its certificate since."""
        return set(self.faults) <= _OF_CERTIFICATES


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a file: its signatures in order, or why it cannot be read."""

    signatures: tuple[Signature, ...] = ()
    flaw: Flaw | None = None
    fields: frozenset[str] = frozenset()  # of the form, whether signed or not
    grown: bool = (
        True  # since the earlier state asked about: nothing was added but signatures in fields of its form
    )


class Unsound(StrEnum):
    """Why a file is not the sound one that its bearer may take it for."""

    UNKNOWN = "unknown"  # it is not a file that this installation closed
    OURS_ALTERED = "ours_altered"  # it bears the seal of this installation and is none of its files
    UNSIGNED = "unsigned"  # neither known here nor signed by anybody
    SIGNATURE = "signature"  # one of its signatures does not hold
    MORE_AFTER = "more_after"  # something was added after its last signature


class Stage(StrEnum):
    """Which file of a text a known file is."""

    MADE = "made"  # the agreed text, before anybody signed in it
    SIGNED = "signed"  # with some of its signatures
    CLOSED = "closed"
    RECORD = "record"  # the record of the signatures of a closed text


def public_number(reference: str, version: int) -> str:
    """The number that a text bears and its public page is named by: the thesis, and which version of its convention."""
    return f"{reference}-{version}"


@dataclass(frozen=True, slots=True)
class Known:
    """What this installation knows of a file, by its bytes: the number that the text bears, and the day."""

    number: str
    stage: Stage
    on: date
    sealed: bool

    @property
    def closed(self) -> bool:
        """Whether it is what a text was closed with, the text itself or the record of its signatures."""
        return self.stage in (Stage.CLOSED, Stage.RECORD)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a file: whether it is known and closed here, sealed, and sound, with all reasons why not."""

    known: Known | None
    reading: Reading
    sealed: bool
    reasons: tuple[Unsound, ...]

    @property
    def closed(self) -> bool:
        """Whether it is one of the files with which a text was closed here."""
        return self.known is not None and self.known.closed

    @property
    def sound(self) -> bool:
        """Whether nothing at all speaks against the file."""
        return self.reading.flaw is None and not self.reasons


def judge(reading: Reading, known: Known | None, *, ours: bool = False) -> Verdict:
    """The verdict on a file; `ours`: it begins with a file of this installation, or bears its seal.

    No single sign is trusted: a file that is not known here is sound only if it is signed, each signature holds,
    nothing came after the last, and it does not pass for one of this installation's. In a known file every byte is
    vouched for, so that a certificate that ended since does it no harm. Only what is closed can be sealed.
    """
    found = reading.signatures
    closed = known is not None and known.closed
    sealed = closed and any(each.mark is Mark.SEAL and each.unaltered for each in found)
    reasons: list[Unsound] = []
    if any(not (each.unaltered if known else each.sound) for each in found):
        reasons.append(Unsound.SIGNATURE)
    if found and not any(each.whole_file for each in found):
        reasons.append(Unsound.MORE_AFTER)
    if known is None and ours:
        reasons.append(Unsound.OURS_ALTERED)
    elif known is None and reading.flaw is None and not found:
        reasons += [Unsound.UNKNOWN, Unsound.UNSIGNED]
    return Verdict(known, reading, sealed, tuple(reasons))


def to_json(signature: Signature) -> dict[str, Any]:
    """A signature as plain values, `from_json` reads them back."""
    return {
        "field": signature.field,
        "mark": signature.mark,
        "name": signature.name,
        "organisation": signature.organisation,
        "issuer": signature.issuer,
        "certificate": signature.certificate,
        "at": signature.at,
        "clock": signature.clock,
        "whole_file": signature.whole_file,
        "locks": signature.locks,
        "faults": list(signature.faults),
    }


def from_json(value: Mapping[str, Any]) -> Signature:
    """The signature that `to_json` wrote."""
    return Signature(
        **{
            **value,
            "mark": Mark(value["mark"]),
            "faults": tuple(Fault(fault) for fault in value["faults"]),
        }
    )
