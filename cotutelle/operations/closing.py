"""Closing a convention that nobody has to sign any more: the file that counts, and the record of its signatures.

Drawing, sealing and asking a clock take seconds and may fail, so nothing is locked while they go on: `gather` reads,
`seal_files` makes both files, `enter` writes them down if the convention is still to be closed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents import record, signatures
from cotutelle.documents.press import Press
from cotutelle.documents.seal import CannotSeal, Seal
from cotutelle.documents.store import Store
from cotutelle.documents.trust import Trust
from cotutelle.documents.words import words
from cotutelle.domain.actor import system
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.signature import Mark, public_number
from cotutelle.models import Closing, Convention, ConventionVersion, Milestone, Thesis
from cotutelle.operations import convention_round, convention_signing, evidence, file_signature, journal
from cotutelle.operations import convention_version as versions
from cotutelle.operations import document as documents
from cotutelle.operations.convention_round import KIND
from cotutelle.operations.message import PAGE
from cotutelle.operations.notice import tell_circle
from cotutelle.operations.standing import is_complete
from cotutelle.operations.thesis import subject

RECORD = "signature_record"
"""The kind of document that the record of signatures is."""
_SIGNED = (ConventionState.IN_FORCE, ConventionState.EXPIRED, ConventionState.ENDED)


@dataclass(frozen=True, slots=True)
class Signed:
    """A convention that everybody has signed: its signed bytes and all evidence, as plain values."""

    version_id: int
    number: str
    file: bytes
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Files:
    """Both files of a closing, and with what they were sealed."""

    file: bytes
    record: bytes
    seal_name: str = ""
    seal_digest: str = ""
    stamped: bool = False
    record_sealed: bool = False


def of_version(session: Session, version: ConventionVersion | None) -> Closing | None:
    """How a version was closed; None while it is not."""
    if version is None:
        return None
    return session.scalar(select(Closing).where(Closing.version_id == version.id))


def of_convention(session: Session, convention: Convention) -> Closing | None:
    """How a convention or an amendment was closed; None while it is not."""
    versions_of = select(ConventionVersion.id).where(ConventionVersion.convention_id == convention.id)
    return session.scalars(select(Closing).where(Closing.version_id.in_(versions_of)).limit(1)).first()


def due(session: Session) -> list[int]:
    """The versions that everybody has signed and that are not closed yet."""
    rows = session.scalars(
        select(ConventionVersion)
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .outerjoin(Closing, Closing.version_id == ConventionVersion.id)
        .where(
            ConventionVersion.final,
            ConventionVersion.file_digest.is_not(None),
            Convention.state.in_(_SIGNED),
            Closing.id.is_(None),
        )
        .order_by(ConventionVersion.id)
    )
    return [row.id for row in rows if _milestone(session, row) is not None]


def gather(session: Session, store: Store, version_id: int, at: datetime) -> Signed | None:
    """What is closed and all evidence for it; None when it is not to be closed, or no more."""
    version = session.get_one(ConventionVersion, version_id)
    milestone = _milestone(session, version)
    if milestone is None or version.file_digest is None or of_version(session, version) is not None:
        return None
    thesis = session.get_one(Thesis, milestone.thesis_id)
    number = public_number(thesis.reference, version.number)
    found = evidence.of_convention(session, thesis, version, milestone, number, at)
    return Signed(version.id, number, store.read(session, file_signature.newest(session, version)), found)


def seal_files(signed: Signed, press: Press, seal: Seal | None, trust: Trust, page: str) -> Files:
    """Close the file, draw the record that names its digest, and seal the record where there is a certificate.

    Whether the file is sealed is read from the file: it was certified, or not, when it was made. `page` is the public
    address at which anybody may ask about the number. Raises press.CannotPrint and seal.CannotSeal, this one too when
    a signature in the file does not hold.
    """
    file = seal.close(signed.file) if seal else signed.file
    found = signatures.read(file, trust).signatures
    if not all(each.unaltered for each in found):
        raise CannotSeal("file", "a signature in it does not hold")
    own = next((each for each in found if each.mark is Mark.SEAL), None)
    seals = record.Seals(
        own.name if own else "", seal.name if seal else "", local=seal is not None and seal.is_local
    )
    drawn = record.make(press, signed.evidence, file, seals, page)
    return Files(
        file,
        seal.certify(drawn, last=True) if seal else drawn,
        own.name if own else "",
        own.certificate if own else "",
        stamped=any(each.mark is Mark.TIME_STAMP for each in found),
        record_sealed=seal is not None,
    )


def enter(
    session: Session,
    store: Store,
    signed: Signed,
    files: Files,
    at: datetime,
    *,
    today: date,
) -> Closing | None:
    """Keep both files for good and tell everybody who follows the thesis; None when it is not to be closed any more."""
    actor = system("closing")
    version = session.get_one(ConventionVersion, signed.version_id)
    convention = session.get_one(Convention, version.convention_id)
    thesis = session.get_one(Thesis, convention.thesis_id, with_for_update=True)
    session.refresh(convention)
    signed_still = convention.state in _SIGNED and _milestone(session, version) is not None
    if not signed_still or of_version(session, version) is not None:
        return None
    row = Closing(
        thesis_id=thesis.id,
        version_id=version.id,
        number=signed.number,
        file_digest=store.put(session, files.file, sealed=True),
        record_digest=store.put(session, files.record, sealed=True),
        seal_name=files.seal_name,
        seal_digest=files.seal_digest,
        stamped=files.stamped,
        record_sealed=files.record_sealed,
        closed_at=at,
        retention="signature",
    )
    session.add(row)
    session.flush()
    journal.record(
        session, "convention.closed", subject(thesis), actor, at,
        number=row.number, file=row.file_digest, record=row.record_digest, sealed=row.sealed,
    )  # fmt: skip
    own = words(version.languages[0])
    kept = [(RECORD, own["record"]["title"], "signatures", row.record_digest, files.record)]
    if row.file_digest != version.file_digest:  # else everybody has that very file already
        kept.insert(0, (KIND, convention_signing.name_of(version), "signed", row.file_digest, files.file))
    for kind, title, name, digest, data in kept:
        documents.add_document(
            session, thesis, kind, f"{title}, {row.number}", "everyone", actor, at,
            digest=digest, filename=f"{row.number}-{name}.pdf", media_type="application/pdf", size=len(data),
            today=today,
        )  # fmt: skip
    told = {
        "number": row.number,
        "digest": row.file_digest,
        "page": PAGE.replace("PATH", f"theses/{thesis.reference}/convention"),
    }
    tell_circle(session, thesis, "convention_closed", lambda _language: told, actor, at, today=today)
    return row


def _milestone(session: Session, version: ConventionVersion) -> Milestone | None:
    """The milestone by which this very version was signed by everybody; None while it was not."""
    convention = session.get_one(Convention, version.convention_id)
    agreed = versions.agreed_version(session, convention)
    milestone = convention_round.milestone_of(session, convention)
    if milestone is None or agreed is None or agreed.id != version.id:
        return None
    document = convention_signing.document_of(session, version)
    signed = document is not None and milestone.document_id == document.id
    return milestone if signed and is_complete(session, milestone) else None
