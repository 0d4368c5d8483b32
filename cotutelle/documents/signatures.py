"""Reading the signatures in a PDF: each judged by integrity, coverage, chain, time and what came after it.

The parser meets files of strangers: run as a program it reads in a process of its own, within limits.
"""

import io
import json
import logging
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from cotutelle.documents.looping import apart
from cotutelle.documents.trust import Trust
from cotutelle.documents.trust import read as read_trust
from cotutelle.domain import signature as words
from cotutelle.domain.signature import Fault, Flaw, Mark, Reading, Signature

for _name in ("pyhanko", "pyhanko_certvalidator"):  # what is found is answered, not logged by the megabyte
    logging.getLogger(_name).setLevel(logging.CRITICAL)

SECONDS, MIB = 20, 1024
"""Processor time and memory that one file may take."""
_ENDED = ((Fault.EXPIRED,), (Fault.REVOKED,))
"""What a moment before the end of a certificate mends."""


def read(data: bytes, trust: Trust, since: int = 0) -> Reading:
    """The signatures of a file, in the order in which they were made; or why it cannot be read.

    `since` is the length of an earlier state of the file, of which the reading then says whether anything but
    signatures was added to it.
    """
    from cotutelle.documents.quick_reader import QuickReader

    if not data[:1024].lstrip().startswith(b"%PDF-"):
        return Reading(flaw=Flaw.NOT_PDF)
    try:
        reader = QuickReader(io.BytesIO(data))
        if reader.encrypted:
            return Reading(flaw=Flaw.ENCRYPTED)
        _ = reader.root["/Pages"]["/Count"]
        found = list(reader.embedded_signatures)
        fields = frozenset(name for name, _field in fields_in(reader))
    except MemoryError:
        raise
    except Exception:  # a damaged file makes the parser fail in any way it can
        return Reading(flaw=Flaw.BROKEN)
    return apart(lambda: _judged(reader, found, fields, data, trust, since))


def _judged(
    reader: Any, found: list[Any], fields: frozenset[str], data: bytes, trust: Trust, since: int
) -> Reading:
    stamps = {number: _stamp(each, trust) for number, each in enumerate(found) if _is_stamp(each)}
    read_: list[Signature] = []
    for number, each in enumerate(found):
        later = next((s for n, s in stamps.items() if n > number and s.intact), None)
        read_.append(stamps[number] if number in stamps else _signature(each, trust, later, fields))
    return Reading(tuple(read_), None, fields, since == 0 or _grown(reader, data, since))


def _grown(reader: Any, data: bytes, since: int) -> bool:
    """Whether nothing was added to an earlier state of the file but signatures; an overlay over its pages would be."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
    from pyhanko.sign.fields import MDPPerm

    from cotutelle.documents.quick_reader import QuickReader

    try:
        earlier = QuickReader(io.BytesIO(data[:since]))
        base, fields = earlier.xrefs.total_revisions - 1, {name for name, _field in fields_in(earlier)}
        found = DEFAULT_DIFF_POLICY.review_file(reader, base, doc_mdp=MDPPerm.FILL_FORMS)
        if any(_covers_page(field) for name, field in fields_in(reader) if name not in fields):
            return False
    except Exception:  # what cannot be compared was not just signed
        return False
    return isinstance(found, DiffResult) and found.modification_level <= ModificationLevel.FORM_FILLING


def fields_in(reader: Any) -> list[tuple[str, Any]]:
    """The fields for signatures of a form, signed or not, by name."""
    from pyhanko.sign.fields import enumerate_sig_fields

    return [(str(name), field.get_object()) for name, _value, field in enumerate_sig_fields(reader)]


def _covers_page(field: Any) -> bool:
    """Whether a field is to be seen, and so may cover what was there before."""
    left, bottom, right, top = (float(side) for side in field.get("/Rect", (0, 0, 0, 0)))
    return left != right and bottom != top


def _locks(embedded: Any, fields: frozenset[str]) -> bool:
    """Whether a signature locks a field that is not its own, and so whoever would sign in it."""
    locked = embedded.fieldmdp
    own = str(embedded.field_name)
    return locked is not None and any(locked.is_locked(name) for name in fields - {own})


def _is_stamp(embedded: Any) -> bool:
    return str(embedded.sig_object_type) == "/DocTimeStamp"


def _stamp(embedded: Any, trust: Trust) -> Signature:
    """A time stamp over the whole document."""
    from pyhanko.sign.validation import validate_pdf_timestamp

    try:
        status = _validated(validate_pdf_timestamp, embedded, trust.context())
        if _chain(status) in _ENDED:  # what a clock said before its end holds
            status = _validated(validate_pdf_timestamp, embedded, trust.context(at=status.timestamp))
    except Exception:
        return _unreadable(embedded, Mark.TIME_STAMP)
    name, organisation, issuer = _names(status.signing_cert)
    return Signature(
        field=str(embedded.field_name),
        mark=Mark.TIME_STAMP,
        name=name,
        organisation=organisation,
        issuer=issuer,
        certificate=status.signing_cert.sha256.hex(),
        at=_instant(status.timestamp),
        clock=name,
        whole_file=_covers_file(status),
        faults=(*_integrity(embedded, status), *_chain(status)),
    )


def _signature(embedded: Any, trust: Trust, later: Signature | None, fields: frozenset[str]) -> Signature:
    """A seal or somebody's signature; `later` is a time stamp that was set after it, `fields` are those of the form."""
    from pyhanko.sign.validation import validate_pdf_signature

    mark = Mark.SIGNATURE
    try:
        mark = Mark.SEAL if embedded.docmdp_level is not None else Mark.SIGNATURE
        status = _validated(validate_pdf_signature, embedded, trust.context())
        stamp = status.timestamp_validity
        proven = stamp.timestamp if stamp is not None and stamp.trusted else None
        moment = proven or (datetime.fromisoformat(later.at) if later else None)
        if _chain(status) in _ENDED and moment is not None:
            status = _validated(validate_pdf_signature, embedded, trust.context(at=moment), trust.context())
    except Exception:
        return _unreadable(embedded, mark)
    clock_fails = stamp is not None and not (stamp.intact and stamp.valid)
    name, organisation, issuer = _names(status.signing_cert)
    return Signature(
        field=str(embedded.field_name),
        mark=mark,
        name=name,
        organisation=organisation,
        issuer=issuer,
        certificate=status.signing_cert.sha256.hex(),
        at=_instant(proven or status.signer_reported_dt),
        clock=_names(stamp.signing_cert)[0] if proven else "",
        whole_file=_covers_file(status),
        locks=_locks(embedded, fields),
        faults=(
            *_integrity(embedded, status),
            *_chain(status),
            *((Fault.CLOCK,) if clock_fails else ()),
        ),
    )


def _validated(validate: Callable[..., Any], embedded: Any, *contexts: Any) -> Any:
    """How a signature stands; what came after it is looked into, which is slow, only where its own bytes are intact."""
    status = validate(embedded, *contexts, skip_diff=True)
    return validate(embedded, *contexts) if status.intact and status.valid else status


def _unreadable(embedded: Any, mark: Mark) -> Signature:
    return Signature(str(embedded.field_name), mark, "", faults=(Fault.UNREADABLE,))


def _integrity(embedded: Any, status: Any) -> tuple[Fault, ...]:
    """What speaks against the bytes: altered, forged, not all covered, or more than signatures added since.

    The place that is left for a signature is wider than it; what is not zero there was put in afterwards.
    """
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    faults = []
    if not status.intact or _padding(embedded).strip(b"\0"):
        faults.append(Fault.ALTERED)
    elif not status.valid:
        faults.append(Fault.FORGED)
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        faults.append(Fault.PARTIAL)
    level = status.modification_level
    if faults:
        return tuple(faults)
    if level is None or level > ModificationLevel.FORM_FILLING or status.docmdp_ok is False:
        faults.append(Fault.CHANGED_AFTER)
    return tuple(faults)


def _padding(embedded: Any) -> bytes:
    from asn1crypto import parser

    content = bytes(embedded.pkcs7_content)
    _class, _method, _tag, header, body, trailer = parser.parse(content)
    return content[len(header) + len(body) + len(trailer) :]


def _chain(status: Any) -> tuple[Fault, ...]:
    """What speaks against the certificate."""
    from pyhanko.sign.ades.report import AdESIndeterminate

    if status.revoked:
        return (Fault.REVOKED,)
    if status.trusted or not (status.intact and status.valid):
        return ()
    problem = status.trust_problem_indic
    if problem in (AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED):
        return (Fault.EXPIRED,)
    if problem in (AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND, None):
        return (Fault.UNKNOWN_ISSUER,)
    return (Fault.UNFIT,)


def _covers_file(status: Any) -> bool:
    """Whether nothing but what keeps signatures verifiable came after it."""
    from pyhanko.sign.diff_analysis import ModificationLevel

    level = status.modification_level
    return level is not None and level <= ModificationLevel.LTA_UPDATES


def _names(certificate: Any) -> tuple[str, str, str]:
    """Whose certificate it is, of which organisation, and who issued it."""
    subject, issuer = certificate.subject.native, certificate.issuer.native
    organisation = str(subject.get("organization_name") or "")
    name = str(subject.get("common_name") or subject.get("pseudonym") or organisation)
    return name, organisation, str(issuer.get("common_name") or issuer.get("organization_name") or "")


def _instant(when: datetime | None) -> str:
    return when.isoformat(timespec="seconds") if when is not None else ""


def read_apart(data: bytes, instance: Path, since: int = 0) -> Reading:
    """As `read`, in a process of its own that is ended at its limits."""
    limits = [str(SECONDS), str(MIB), str(since)]
    command = [sys.executable, "-m", "cotutelle.documents.signatures", str(instance), *limits]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS * 3, check=False)
    except subprocess.TimeoutExpired:
        return Reading(flaw=Flaw.SLOW)
    if done.returncode != 0:
        return Reading(flaw=Flaw.SLOW if done.returncode < 0 else Flaw.BROKEN)
    answer = json.loads(done.stdout)
    return Reading(
        tuple(words.from_json(each) for each in answer["signatures"]),
        Flaw(answer["flaw"]) if answer["flaw"] else None,
        frozenset(answer["fields"]),
        answer["grown"],
    )


def _in_child(instance: Path, seconds: int, mib: int, since: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (mib * 2**20, mib * 2**20))
    try:
        reading = read(sys.stdin.buffer.read(), read_trust(instance), since)
    except MemoryError:
        reading = Reading(flaw=Flaw.SLOW)
    answer = {
        "flaw": reading.flaw,
        "signatures": [words.to_json(each) for each in reading.signatures],
        "fields": sorted(reading.fields),
        "grown": reading.grown,
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _in_child(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
