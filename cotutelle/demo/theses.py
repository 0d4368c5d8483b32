"""One thesis of the demonstration, brought to its state by the same moves as a real one."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.calendar import academic_year, year_label
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.convention.state import needs_reason as convention_needs_reason
from cotutelle.domain.convention.terms import TERMS, Kind
from cotutelle.domain.enrolment import Fee
from cotutelle.domain.leave import LeaveKind
from cotutelle.domain.thesis import ThesisState, needs_reason
from cotutelle.models import Convention, Document, Institution, Person, School, Thesis, Unit
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_approval as approvals
from cotutelle.operations import convention_terms, document, enrolment, stay, supervision
from cotutelle.operations import convention_version as versions
from cotutelle.operations import thesis as acts
from cotutelle.operations.parties import PartyFacts
from cotutelle.scope import as_system

S, C = ThesisState, ConventionState
_THESIS_WAYS = {
    S.DRAFT: (),
    S.ADMITTED: (S.ADMITTED,),
    S.RUNNING: (S.ADMITTED, S.RUNNING),
    S.ON_HOLD: (S.ADMITTED, S.RUNNING, S.ON_HOLD),
    S.PRE_DEFENCE: (S.ADMITTED, S.RUNNING, S.PRE_DEFENCE),
    S.DEFENDED: (S.ADMITTED, S.RUNNING, S.PRE_DEFENCE, S.DEFENDED),
    S.CORRECTIONS: (S.ADMITTED, S.RUNNING, S.PRE_DEFENCE, S.DEFENDED, S.CORRECTIONS),
    S.COMPLETED: (S.ADMITTED, S.RUNNING, S.PRE_DEFENCE, S.DEFENDED, S.CORRECTIONS, S.COMPLETED),
    S.WITHDRAWN: (S.ADMITTED, S.RUNNING, S.WITHDRAWN),
    S.REFUSED: (S.REFUSED,),
    S.CONVERTED: (S.ADMITTED, S.RUNNING, S.CONVERTED),
    S.CANCELLED: (S.CANCELLED,),
}
_FORWARD = (C.LEGAL_CHECK, C.PARTNER_REVIEW, C.APPROVED, C.SIGNING, C.IN_FORCE)
SHORTEST = (35, 12, 60, 25)
"""Days that a convention waits at least before each step of the demonstration, from the last step backwards."""
_CONVENTION_WAYS = {
    C.DRAFT: (),
    **{state: _FORWARD[: index + 1] for index, state in enumerate(_FORWARD)},
    C.EXPIRED: (*_FORWARD, C.EXPIRED),
    C.ENDED: (*_FORWARD, C.ENDED),
}


def begin_of(offset: str, today: date) -> date:
    """The first day of the month so many months from this one."""
    return today.replace(day=1) + relativedelta(months=int(offset))


def end_of(offset: str, today: date) -> date:
    """The last day of the month so many months from this one."""
    return begin_of(offset, today) + relativedelta(months=1, days=-1)


def add_thesis(
    session: Session,
    row: dict[str, Any],
    proof_digest: str,
    defaults: dict[str, Any],
    persons: dict[str, Person],
    institutions: dict[str, Institution],
    actor: Actor,
    at: datetime,
    today: date,
) -> Thesis:
    """Register the thesis, fill it as its row says, and move it and its convention to their states."""
    parties = [
        _party(session, party, institutions, today, index == 0) for index, party in enumerate(row["parties"])
    ]
    window = row.get("defence")
    held = S(row["state"]) in (S.DEFENDED, S.CORRECTIONS, S.COMPLETED)
    facts = acts.ThesisFacts(
        titles=row["title"],
        title_original=row.get("original", next(iter(row["title"]))),
        mode=row.get("mode"),
        thesis_language=row.get("thesis_language"),
        defence_language=row.get("defence_language"),
        defence_from=begin_of(window[0], today) if window else None,
        defence_until=end_of(window[1], today) if window else None,
        defence_on=begin_of(row.get("state_since", "0"), today) if held else None,
        diploma_form=row.get("diploma_form"),
    )
    thesis = acts.register(session, persons[row["candidate"]], facts, parties, actor, at, today=today)
    _people(session, thesis, row, persons, institutions, actor, at, today)
    _years(session, thesis, row, proof_digest, institutions, actor, at, today)
    _presence(session, thesis, row, institutions, actor, at, today)
    convention = conventions.current(session, thesis)
    terms = dict(_terms(row, defaults, thesis, today))
    convention_terms.edit_terms(session, thesis, convention, terms, None, actor, at, today=today)
    _move(session, thesis, row, actor, at, today)
    for note in row.get("notes", []):
        enrolment.add_note(session, thesis, note, actor, at)
    return thesis


def _party(
    session: Session, row: dict[str, Any], institutions: dict[str, Institution], today: date, lead: bool
) -> PartyFacts:
    institution = institutions[row["institution"]]
    school = select(School.id).where(
        School.institution_id == institution.id, School.code == row.get("school")
    )
    unit = select(Unit.id).where(Unit.code == row.get("unit"))
    return PartyFacts(
        institution=institution,
        lead=lead,
        school_id=session.scalar(school),
        unit_id=session.scalar(unit),
        discipline=row.get("discipline", {}),
        number=row.get("number", ""),
        first_enrolment=begin_of(row["enrolled"], today) if row.get("enrolled") else None,
    )


def _people(
    session: Session,
    thesis: Thesis,
    row: dict[str, Any],
    persons: dict[str, Person],
    institutions: dict[str, Institution],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    for director in row.get("directors", []):
        supervision.add_supervisor(
            session,
            thesis,
            persons[director["person"]],
            institutions[director["institution"]].id,
            director["role"],
            actor,
            at,
            today=today,
        )
    for source in row.get("fundings", []):
        enrolment.add_funding(
            session,
            thesis,
            source["kind"],
            source["funder"],
            actor,
            at,
            today=today,
            begin=begin_of(source["from"], today) if source.get("from") else None,
            end=end_of(source["until"], today) if source.get("until") else None,
            monthly_amount=Decimal(source["monthly"]) if source.get("monthly") else None,
            currency=source.get("currency", "EUR"),
        )


def proof() -> bytes:
    """A page that stands for a receipt or a letter of waiver."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        text = b"BT /F1 14 Tf 72 760 Td (Demonstration: proof of payment or of waiver) Tj ET"
        page.Contents = pdf.make_stream(text)
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _years(
    session: Session,
    thesis: Thesis,
    row: dict[str, Any],
    proof_digest: str,
    institutions: dict[str, Institution],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    enrolled = [party["enrolled"] for party in row["parties"] if party.get("enrolled")]
    first = academic_year(begin_of(enrolled[0], today), 9, 1) if enrolled else academic_year(today, 9, 1)
    for cells in row.get("enrolments", []):
        year = first + cells["year"]
        for code, fee in cells.items():
            if code == "year":
                continue
            day = date(year, 10, 4)
            done = day <= today and fee != "unknown"
            proven = done and fee in {"paid", "waived"} and not row.get("without_proof")
            paper = (
                _paper(session, thesis, proof_digest, year, institutions[code], actor, at) if proven else None
            )
            enrolment.save_enrolment(
                session,
                thesis,
                institutions[code].id,
                year,
                day if done else None,
                Fee(fee),
                actor,
                at,
                today=today,
                proof=paper,
            )


def _paper(
    session: Session,
    thesis: Thesis,
    digest: str,
    year: int,
    institution: Institution,
    actor: Actor,
    at: datetime,
) -> Document:
    return document.add_document(
        session,
        thesis,
        "fees",
        f"{institution.short_name} {year_label(year, 9)}",
        "parties",
        actor,
        at,
        digest=digest,
        filename="proof.pdf",
        media_type="application/pdf",
        size=len(proof()),
        today=at.date(),
    )


def _presence(
    session: Session,
    thesis: Thesis,
    row: dict[str, Any],
    institutions: dict[str, Institution],
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    for period in row.get("stays", []):
        stay.save_stay(
            session,
            thesis,
            None,
            institutions[period["institution"]].id,
            begin_of(period["from"], today),
            end_of(period["until"], today),
            period.get("done", False),
            actor,
            at,
            today=today,
        )
    for leave in row.get("leaves", []):
        begin, end = begin_of(leave["from"], today), end_of(leave["until"], today)
        enrolment.add_leave(session, thesis, LeaveKind(leave["kind"]), begin, end, actor, at, today=today)


def _terms(
    row: dict[str, Any], defaults: dict[str, Any], thesis: Thesis, today: date
) -> Iterator[tuple[str, object]]:
    """The terms that the row gives, and for a complete file the usual ones beside them."""
    given = dict(row.get("terms", {}))
    if row.get("expires"):
        given.setdefault("expires_on", end_of(row["expires"], today))
    codes = [party["institution"] for party in row["parties"]]
    start = next((p["enrolled"] for p in row["parties"] if p.get("enrolled")), "0")
    if row.get("complete"):
        usual = {**defaults["terms"], "fall_back": codes[0], "defence_place": codes[0]}
        usual["start"] = begin_of(start, today)
        usual["duration_months"] = 36
        usual.setdefault("expires_on", end_of(row.get("expires", row.get("defence", ["", "36"])[1]), today))
        for code in codes:
            for key, value in defaults["party"][code].items():
                usual[f"{key}:{code}"] = value
        given = {**usual, **given}
    known = {term.key: term for term in TERMS}
    for key, value in given.items():
        kind = known[key.partition(":")[0]].kind
        yield key, end_of(value, today) if kind is Kind.DATE and isinstance(value, str) else value


def _move(
    session: Session, thesis: Thesis, row: dict[str, Any], actor: Actor, at: datetime, today: date
) -> None:
    convention = conventions.current(session, thesis)
    since = begin_of(row.get("convention_since", "0"), today)
    way = _CONVENTION_WAYS[C(row["convention"])]
    reason = row.get("convention_reason", "Fin de la convention")
    if row.get("voided"):
        before = since - timedelta(days=420)
        for state in (*_FORWARD[:4], C.VOID):
            _convention_step(session, thesis, convention, state, before, reason, actor, at, today)
        convention = conventions.current(session, thesis)
    for state, on in zip(way, _days_on_the_way(thesis.reference, way, since), strict=True):
        _convention_step(session, thesis, convention, state, on, reason, actor, at, today)
    for step in _THESIS_WAYS[S(row["state"])]:
        session.refresh(thesis)
        on = begin_of(row.get("state_since", "0"), today)
        why = row.get("state_reason") or "" if needs_reason(S(thesis.state), step) else ""
        acts.move(session, thesis, step, on, why, thesis.version, actor, at, today=today)


def _days_on_the_way(reference: str, way: Sequence[ConventionState], last: date) -> list[date]:
    """The day of each step of a convention, the last one given: months between them, from thesis to thesis others."""
    if way and way[-1] in (C.EXPIRED, C.ENDED):
        return [*_days_on_the_way(reference, way[:-1], last - timedelta(days=900)), last]
    seed = int(hashlib.sha256(reference.encode()).hexdigest(), 16)
    days = [last] if way else []
    for step in range(len(way) - 1):
        days.append(days[-1] - timedelta(days=SHORTEST[step % len(SHORTEST)] + seed % 7 * (9 + step)))
        seed //= 7
    return days[::-1]


def _convention_step(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    to: ConventionState,
    since: date,
    reason: str,
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    """One step of a convention on a day: put before the parties, approved by each of them, or moved."""
    if to is C.PARTNER_REVIEW:
        approvals.put(session, thesis, convention, None, actor, at, today=since)
    elif to is C.APPROVED:
        version = versions.latest_put(session, convention)
        assert version is not None
        for party in thesis.parties:
            given = (version.number, party.institution_id, since, "")
            approvals.approve(session, thesis, convention, *given, actor, at, today=today)
    else:
        why = reason if convention_needs_reason(C(convention.state), to) else ""
        conventions.move(session, thesis, convention, to, since, why, None, actor, at, today=today)


def example(session: Session) -> str:
    """The reference of a thesis whose convention is complete and approved, to show what one looks like."""
    with as_system(session, "example convention"):
        found = session.scalar(
            select(Thesis.reference).where(Thesis.convention_state == C.APPROVED).order_by(Thesis.id).limit(1)
        )
    return found or ""
