"""What this installation knows of a file by its bytes: which text it is, and at which stage."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.signature import Known, Reading, Stage, public_number
from cotutelle.models import Closing, Convention, ConventionVersion, FileLoan, Thesis

_END = b"%%EOF"
MOST_REVISIONS = 100


def find(session: Session, digest: str) -> Known | None:
    """The closed file, record, or text as it was made, that has this SHA-256; None when there is none."""
    row = session.scalars(
        select(Closing).where((Closing.file_digest == digest) | (Closing.record_digest == digest))
    ).first()
    if row is not None:
        stage = Stage.CLOSED if row.file_digest == digest else Stage.RECORD
        sealed = row.sealed if stage is Stage.CLOSED else row.record_sealed
        return Known(row.number, stage, row.closed_at.date(), sealed)
    loan = session.scalars(select(FileLoan).where(FileLoan.file_digest == digest).limit(1)).first()
    digest_made = session.get_one(ConventionVersion, loan.version_id).file_digest if loan else digest
    made = session.execute(
        select(ConventionVersion, Thesis.reference)
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .join(Thesis, Thesis.id == Convention.thesis_id)
        .where(ConventionVersion.file_digest == digest_made)
    ).first()
    if made is None:
        return None
    version, reference = made
    number = public_number(reference, version.number)
    if loan is not None and loan.returned_at is not None:
        return Known(number, Stage.SIGNED, loan.returned_at.date(), sealed=False)
    return Known(number, Stage.MADE, version.made_at.date(), sealed=False)


def is_ours(session: Session, data: bytes, reading: Reading) -> bool:
    """Whether a file passes for one of this installation's: it bears its seal, or begins with one of its files."""
    certificates = {each.certificate for each in reading.signatures if each.certificate}
    if session.scalar(select(Closing.id).where(Closing.seal_digest.in_(certificates)).limit(1)) is not None:
        return True
    return any(find(session, digest) is not None for digest in beginnings(data))


def beginnings(data: bytes) -> Iterator[str]:
    """The SHA-256 of each part of a file that ends as a PDF does: what it was before something was appended."""
    at, running, done = 0, hashlib.sha256(), 0
    for _revision in range(MOST_REVISIONS):
        found = data.find(_END, at)
        if found < 0:
            return
        at = found + len(_END)
        for end in (at, *([at + 1] if data[at : at + 1] == b"\n" else [])):
            running.update(data[done:end])
            done = end
            yield running.hexdigest()
