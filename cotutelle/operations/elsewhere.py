"""Conventions drafted elsewhere: the partner's file is the text, read subject by subject; or signed already, recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.catalogue import ANNEXES, CLAUSES
from cotutelle.domain.convention.elsewhere import Stand
from cotutelle.domain.convention.facts import Subject
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import ClauseMark, Convention, Document, Event, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_text, journal
from cotutelle.operations import convention_version as versions
from cotutelle.operations import document as documents
from cotutelle.operations.convention_round import KIND
from cotutelle.operations.facts import facts_of
from cotutelle.operations.health import recompute
from cotutelle.operations.negotiation import forbid_after_end, hold
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KNOWN = tuple(clause.id for clause in (*CLAUSES, *ANNEXES))


def take_text(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    title: str,
    languages: Sequence[str],
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    file: Mapping[str, Any],
) -> Document:
    """Take a file as the text of the convention, or as its next version; `file` is what `add_document` asks for.

    Refused once the text is approved, and for an amendment, which is always drafted here. Stale when it changed.
    """
    _check_editable(thesis, convention)
    if file["media_type"] not in (PDF, DOCX):
        raise Refused(Reason.TEXT_NOT_PDF, "file")
    bump(session, convention, version)
    document = session.get(Document, convention.text_document_id) if convention.text_document_id else None
    if document is None:
        document = documents.add_document(
            session, thesis, KIND, title, "everyone", actor, at, today=today, **file
        )
        convention.text_document_id = document.id
    else:
        documents.add_version(session, thesis, document, actor, at, today=today, **file)
    convention.languages = list(languages)
    session.flush()
    recompute(session, thesis, today, at)
    journal.record(
        session, "convention.text_taken", subject(thesis), actor, at,
        file=file["filename"], digest=file["digest"], languages=list(languages),
    )  # fmt: skip
    return document


def draft_here(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    languages: Sequence[str],
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Let the text be drafted here after all; the file stays among the documents. Stale when it changed meanwhile."""
    _check_editable(thesis, convention)
    bump(session, convention, version)
    convention.text_document_id = None
    convention.languages = list(languages)
    session.flush()
    recompute(session, thesis, today, at)
    journal.record(session, "convention.drafted_here", subject(thesis), actor, at)


def mark(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    subjects: Sequence[Subject],
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Write where each subject stands in the text; what is not among `subjects` is still to be read.

    Refused while the text is agreed and not signed yet, and for one that is said to be absent or to depart without a
    word why. Stale when somebody changed it meanwhile.
    """
    if convention.text_document_id is None or convention.state in (C.APPROVED, C.SIGNING, C.VOID):
        raise Refused(Reason.MOVE_NOT_ALLOWED, state=convention.state)
    for each in subjects:
        if each.clause not in _KNOWN or each.state not in set(Stand):
            raise Refused(Reason.SUBJECT_UNKNOWN)
        if each.state != Stand.THERE and not each.note.strip():
            raise Refused(Reason.REASON_MISSING, f"note_{each.clause}")
    bump(session, convention, version)
    session.execute(delete(ClauseMark).where(ClauseMark.convention_id == convention.id))
    session.add_all(
        ClauseMark(
            thesis_id=thesis.id, convention_id=convention.id, clause=each.clause, state=each.state,
            place=each.place.strip(), note=each.note.strip(),
        )
        for each in subjects
    )  # fmt: skip
    session.flush()
    bump(session, thesis, None)
    recompute(session, thesis, today, at)
    journal.record(session, "convention.subjects", subject(thesis), actor, at, count=len(subjects))


C = ConventionState


@dataclass(frozen=True, slots=True)
class SignedElsewhere:
    """What is recorded of a text that everybody signed elsewhere; `signatories` as the file names them."""

    signed_on: date
    expires_on: date | None
    signatories: Sequence[str]
    languages: Sequence[str] = ()
    effective_on: date | None = None


def record_signed(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    title: str,
    facts: SignedElsewhere,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
    file: Mapping[str, Any],
) -> None:
    """Record in one act that a convention or an amendment was signed elsewhere, with its file: it is in force.

    Refused for a day that has not come, an end before its beginning, a file that is no PDF, and once it is signed here.
    """
    forbid_after_end(thesis)
    hold(session, convention)
    if C(convention.state) not in (*EDITABLE, C.APPROVED):
        raise Refused(Reason.MOVE_NOT_ALLOWED, state=convention.state)
    if file["media_type"] != PDF:
        raise Refused(Reason.TEXT_NOT_PDF, "file")
    base = session.get(Convention, convention.amends_id) if convention.amends_id is not None else None
    if base is not None and base.in_force_on and facts.signed_on < base.in_force_on:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "signed_on", begin=base.in_force_on)
    if facts.signed_on > today:
        raise Refused(Reason.DATE_AHEAD, "signed_on")
    begins = facts.effective_on or facts.signed_on
    if facts.expires_on is not None and facts.expires_on <= begins:
        raise Refused(Reason.DATES_OUT_OF_ORDER, "expires_on", begin=begins)
    if not facts.signatories:
        raise Refused(Reason.NOBODY_NAMED, "signatories")
    bump(session, convention, version)
    document = documents.add_document(
        session, thesis, KIND, title, "everyone", actor, at, today=today, **file
    )
    if convention.amends_id is None:
        convention.text_document_id = document.id
        convention.languages = list(facts.languages) or list(convention.languages)
        convention.terms = {
            **convention.terms,
            "expires_on": facts.expires_on.isoformat() if facts.expires_on else None,
            "effective_on": facts.effective_on.isoformat() if facts.effective_on else None,
        }
    elif facts.expires_on is not None:
        convention.terms = {**convention.terms, "expires_on": facts.expires_on.isoformat()}
    convention.effective_on = facts.effective_on
    convention.expires_on = facts.expires_on or convention.expires_on
    session.flush()
    now = facts_of(session, thesis, convention)
    kept = versions.add_version(session, thesis, convention, now, actor, at, clauses={})
    kept.final, kept.file_digest = True, str(file["digest"])
    kept.text = convention_text.text_of(session, convention, now)
    convention.agreed = kept.facts
    session.flush()
    if convention.amends_id is None:
        signed = {"signed": "elsewhere", "signatories": list(facts.signatories)}
        session.add(Event(thesis_id=thesis.id, kind="signature", on=facts.signed_on, data=signed))
    journal.record(
        session, "convention.recorded", subject(thesis), actor, at,
        number=kept.number, on=facts.signed_on, names=", ".join(facts.signatories), file=file["digest"],
        **conventions.numbered(convention),
    )  # fmt: skip
    conventions.enter(session, thesis, convention, C.IN_FORCE, facts.signed_on, "", actor, at, today=today)


def _check_editable(thesis: Thesis, convention: Convention) -> None:
    forbid_after_end(thesis)
    if C(convention.state) not in EDITABLE or convention.amends_id is not None:
        raise Refused(Reason.MOVE_NOT_ALLOWED, state=convention.state)
