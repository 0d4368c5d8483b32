"""The convention signed in the file itself, with a certificate and in a tool of one's own.

The file is lent to one signatory at a time, so that each signature stands on all that came before; what comes back
must begin with the lent bytes. Reading a stranger's file takes seconds and happens before anything is locked.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents.signatory import field_of
from cotutelle.documents.store import Store
from cotutelle.domain import signature as words
from cotutelle.domain.convention import record
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.returned_file import is_in_the_name_of, new_signature
from cotutelle.domain.signature import Fault, Reading, Signature
from cotutelle.domain.signoff import Answer, State
from cotutelle.models import ConventionVersion, FileLoan, Milestone, SignOff, Thesis
from cotutelle.operations import convention_round, journal, signoff
from cotutelle.operations import convention_version as versions
from cotutelle.operations.thesis import subject


def version_signed(session: Session, milestone: Milestone) -> ConventionVersion | None:
    """The version of which the bytes are signed; None while there are none, and where no convention is signed."""
    if not convention_round.signs(milestone):
        return None
    found = versions.agreed_version(session, convention_round.convention_of(session, milestone))
    return found if found is not None and found.file_digest is not None else None


def newest(session: Session, version: ConventionVersion) -> str:
    """The digest of the file with all signatures that it bears by now."""
    assert version.file_digest is not None
    returned = session.scalar(
        select(FileLoan.file_digest)
        .where(FileLoan.version_id == version.id, FileLoan.returned_at.is_not(None))
        .order_by(FileLoan.id.desc())
        .limit(1)
    )
    return returned or version.file_digest


def lent(session: Session, version: ConventionVersion) -> FileLoan | None:
    """To whom the file is lent now; a loan ends with whatever is answered to what they were asked."""
    return session.scalars(
        select(FileLoan)
        .join(SignOff, SignOff.id == FileLoan.sign_off_id)
        .where(
            FileLoan.version_id == version.id,
            FileLoan.returned_at.is_(None),
            FileLoan.given_back_at.is_(None),
            SignOff.state == State.ASKED,
        )
        .order_by(FileLoan.id.desc())
        .limit(1)
    ).first()


def lend(session: Session, row: SignOff, by: signoff.By, at: datetime) -> FileLoan:
    """Lend the file to whoever is asked; once more to the same is the same loan.

    Refused while somebody else has it, and to whoever is not asked to sign a convention.
    """
    thesis, version = _locked(session, row)
    held = lent(session, version)
    if held is not None and held.sign_off_id == row.id:
        return held
    if held is not None:
        raise Refused(Reason.FILE_LENT, name=held.sign_off.person.name, day=held.lent_at.date())
    loan = FileLoan(
        thesis_id=thesis.id,
        version_id=version.id,
        sign_off_id=row.id,
        lent_digest=newest(session, version),
        lent_at=at,
        lent_by=by.actor.account_id,
        retention="signature",
    )
    session.add(loan)
    session.flush()
    journal.record(
        session, "signature.lent", subject(thesis), by.actor, at,
        sign_off=row.public_id, name=row.person.name, digest=loan.lent_digest,
    )  # fmt: skip
    return loan


def give_back(session: Session, row: SignOff, by: signoff.By, at: datetime) -> None:
    """Give the file back unsigned, so that somebody else may have it."""
    thesis, version = _locked(session, row)
    held = lent(session, version)
    if held is None or held.sign_off_id != row.id:
        raise Refused(Reason.FILE_NOT_LENT)
    held.given_back_at = at
    journal.record(
        session, "signature.given_back", subject(thesis), by.actor, at,
        sign_off=row.public_id, name=row.person.name,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expected:
    """What a returned file is held against: the lent bytes, and in whose field and name its signature has to be."""

    lent_digest: str
    lent: bytes
    field: str
    person: str


def expected(session: Session, store: Store, row: SignOff) -> Expected:
    """What is expected of whoever has the file. Refused when it is not lent to them."""
    version = version_signed(session, row.milestone)
    held = lent(session, version) if version else None
    if version is None or held is None or held.sign_off_id != row.id:
        raise Refused(Reason.FILE_NOT_LENT)
    field = field_of(record.from_json(version.facts), row.signer, row.side, row.person.name)
    return Expected(held.lent_digest, store.read(session, held.lent_digest), field, row.person.name)


def examine(asked: Expected, before: Reading, after: Reading, data: bytes, accepted_why: str) -> Signature:
    """The signature that a returned file brought. Refused as `domain.returned_file` says."""
    begins, accepted = data.startswith(asked.lent), bool(accepted_why.strip())
    return new_signature(
        before, after, begins=begins, field=asked.field, person=asked.person, accepted=accepted
    )


def take_in(
    session: Session,
    row: SignOff,
    signature: Signature,
    lent_digest: str,
    digest: str,
    size: int,
    shown: str,
    by: signoff.By,
    at: datetime,
    *,
    today: date,
    accepted_why: str = "",
) -> FileLoan:
    """Keep the returned file and count its signature as the answer of whoever was asked; `shown` is what they were shown.

    Refused when the file is no longer lent to them, was lent anew meanwhile with other bytes, or what is signed is
    something else by now.
    """
    thesis, version = _locked(session, row)
    held = lent(session, version)
    if held is None or held.sign_off_id != row.id or held.lent_digest != lent_digest:
        raise Refused(Reason.FILE_NOT_LENT)
    held.returned_at, held.file_digest, held.file_size = at, digest, size
    held.signature = words.to_json(signature)
    answers_for = Fault.UNKNOWN_ISSUER in signature.faults or not is_in_the_name_of(
        signature, row.person.name
    )
    held.accepted_why = accepted_why.strip() if answers_for else ""
    held.taken_in_by = by.actor.account_id
    session.flush()
    journal.record(
        session, "signature.returned", subject(thesis), by.actor, at,
        sign_off=row.public_id, name=row.person.name, certificate=signature.name, digest=digest,
        accepted=held.accepted_why,
    )  # fmt: skip
    signoff.answer(session, row.id, Answer.APPROVE, shown, by, at, today=today)
    return held


def of_sign_off(session: Session, row: SignOff) -> FileLoan | None:
    """The signed file that came back for a signature."""
    return session.scalars(
        select(FileLoan).where(FileLoan.sign_off_id == row.id, FileLoan.returned_at.is_not(None)).limit(1)
    ).first()


def _locked(session: Session, row: SignOff) -> tuple[Thesis, ConventionVersion]:
    """The thesis, locked, and the version that is signed. Refused to whoever is not asked to sign a convention now."""
    thesis = session.scalars(
        select(Thesis)
        .where(Thesis.id == row.thesis_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    session.refresh(row)
    version = version_signed(session, row.milestone)
    if version is None:
        raise Refused(Reason.NOT_SIGNED_HERE)
    if row.state != State.ASKED:
        raise Refused(Reason.ALREADY_ANSWERED)
    return thesis, version
