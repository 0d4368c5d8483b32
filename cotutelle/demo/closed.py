"""Conventions of the demonstration that everybody has signed: drawn, certified, signed in turn, closed and sealed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents import signatures
from cotutelle.documents.authority import Authority
from cotutelle.documents.press import Press, engines
from cotutelle.documents.seal import Seal
from cotutelle.documents.store import Store
from cotutelle.documents.trust import Trust
from cotutelle.domain.actor import Actor
from cotutelle.domain.convention import record
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import Answer, Proof, State
from cotutelle.models import ConventionVersion, Milestone, Person, SignOff, Supervision, Thesis
from cotutelle.operations import closing, convention_signing, file_signature, original, signoff
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_version as versions
from cotutelle.operations import document as documents
from cotutelle.operations import person as people
from cotutelle.operations.asking import Named
from cotutelle.operations.convention_round import KIND
from cotutelle.operations.standing import standing


@dataclass(frozen=True, slots=True)
class Tools:
    """With what files are drawn, sealed and kept; `make` gives the bytes of a final version and its clauses."""

    press: Press
    seal: Seal | None
    authority: Authority | None
    trust: Trust
    store: Store
    make: Callable[[Facts, int, date], tuple[bytes, dict[str, Any]]]
    page: Callable[[str], str]


def add(
    session: Session,
    theses: Sequence[Thesis],
    scan: bytes,
    tools: Tools,
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    """Have the approved convention of each of these theses signed by everybody, over some weeks, and closed today."""
    for thesis in theses:
        convention = conventions.current(session, thesis)
        begun = convention.state_since + timedelta(days=4)
        _make(session, thesis, tools, actor, _at(at, begun, today), begun)
        milestone = session.scalars(
            select(Milestone).where(Milestone.thesis_id == thesis.id, Milestone.kind == KIND)
        ).one()
        facts = record.from_json(convention.agreed or {})
        named = [
            Named(signer, side, _who(session, thesis, facts, signer, side, actor, at), "fr")
            for signer, side in standing(session, milestone)
        ]
        rows = signoff.ask(
            session, thesis, milestone, named, None, None, actor, _at(at, begun, today), today=begun
        )
        for step, (row, each) in enumerate(zip(rows, named, strict=True), start=1):
            on = min(begun + timedelta(days=5 * step), today)
            _sign(session, thesis, milestone, row.id, each, scan, tools, actor, _at(at, on, today), on)
        _close(session, tools, at, today)


def _at(at: datetime, on: date, today: date) -> datetime:
    return at - (today - on)


def _make(
    session: Session, thesis: Thesis, tools: Tools, actor: Actor, at: datetime, on: date
) -> ConventionVersion:
    convention = conventions.current(session, thesis)
    facts = conventions.text_of(session, thesis, convention)
    number = versions.number_to_print(session, thesis, convention)
    data, clauses = tools.make(facts, number, on)
    kept = versions.keep_final(
        session, thesis, convention, facts, actor, at,
        clauses=clauses, file_digest=tools.store.put(session, data), engines=engines(),
    )  # fmt: skip
    convention_signing.add_document(session, thesis, kept, len(data), actor, at, today=on)
    return kept


def _who(
    session: Session, thesis: Thesis, facts: Facts, signer: str, side: str, actor: Actor, at: datetime
) -> Person:
    """Whom the text names in that capacity; heads are entered among the people with it."""
    if signer == Signer.CANDIDATE:
        return session.get_one(Person, thesis.candidate_id)
    party = next(each for each in facts.parties if each.code == side)
    if signer == Signer.DIRECTOR:
        named = next(each.name for each in facts.supervisors if each.party == side)
        rows = session.scalars(select(Supervision).where(Supervision.thesis_id == thesis.id))
        return next(row.person for row in rows if row.person.name == named)
    name = {
        Signer.UNIT_HEAD: party.unit_head,
        Signer.SCHOOL: party.school_head,
        Signer.HEAD: party.head_name,
    }[Signer(signer)] or party.short_name
    given, _space, family = name.rpartition(" ")
    address = f"{signer.replace('_', '.')}@{side}.example"
    found = session.scalar(select(Person).where(Person.email == address))
    facts_of = people.PersonFacts(family, given, name, address)
    return found or people.add_person(session, facts_of, actor, at, doubles_accepted=True)


def _sign(
    session: Session, thesis: Thesis, milestone: Milestone, row_id: int, named: Named, scan: bytes, tools: Tools,
    actor: Actor, at: datetime, on: date,
) -> None:  # fmt: skip
    """Heads sign in ink, everybody else by their link and a code sent just then."""
    if named.signer != Signer.HEAD:
        row = session.get_one(SignOff, row_id, populate_existing=True)
        assert row.state == State.ASKED
        by = signoff.By(Actor(None, "demo"), Proof.FRESH_CODE)
        signoff.answer(session, row_id, Answer.APPROVE, row.digest, by, at, today=on)
        return
    if tools.seal is not None and tools.authority is not None and named.side == _lead(thesis):
        _in_the_file(session, row_id, named, tools, tools.seal, tools.authority, actor, at, on)
        return
    digest = tools.store.put(session, scan)
    paper = documents.add_document(
        session, thesis, "other", f"Page de signature de {named.person.name}", "parties", actor, at,
        digest=digest, filename="signature.pdf", media_type="application/pdf", size=len(scan), today=on,
    )  # fmt: skip
    signoff.record_paper(session, thesis, milestone, named, on, paper.id, actor, at, today=on)
    convention = conventions.current(session, thesis)
    for side in (named.side, _lead(thesis)):
        here = next(party.institution_id for party in thesis.parties if party.institution.code == side)
        facts = original.OriginalFacts(convention.languages, here, sent_on=on, received_on=on)
        original.save(session, thesis, convention, None, facts, None, actor, at, today=on)


def _in_the_file(
    session: Session, row_id: int, named: Named, tools: Tools, seal: Seal, authority: Authority, actor: Actor,
    at: datetime, on: date,
) -> None:  # fmt: skip
    """The head of the lead signs the file with a certificate, in a tool of their own."""
    row, by = session.get_one(SignOff, row_id, populate_existing=True), signoff.By(actor, Proof.FILE)
    file_signature.lend(session, row, by, at)
    asked = file_signature.expected(session, tools.store, row)
    organisation = f"{named.side.capitalize()}, démonstration"
    data = seal.sign_for(asked.lent, authority.issue(named.person.name, organisation), asked.field)
    before, after = (signatures.read(each, tools.trust, len(asked.lent)) for each in (asked.lent, data))
    found = file_signature.examine(asked, before, after, data, "")
    digest = tools.store.put(session, data)
    file_signature.take_in(
        session, row, found, asked.lent_digest, digest, len(data), row.digest, by, at, today=on
    )


def _lead(thesis: Thesis) -> str:
    return next(party.institution.code for party in thesis.parties if party.lead)


def _close(session: Session, tools: Tools, at: datetime, today: date) -> None:
    for version_id in closing.due(session):
        signed = closing.gather(session, tools.store, version_id, at)
        assert signed is not None
        files = closing.seal_files(signed, tools.press, tools.seal, tools.trust, tools.page(signed.number))
        closing.enter(session, tools.store, signed, files, at, today=today)
