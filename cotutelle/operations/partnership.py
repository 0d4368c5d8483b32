"""Partnerships: entering and changing them, keeping their files, and putting theses under them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.names import folded
from cotutelle.models import (
    Partnership,
    PartnershipCall,
    PartnershipContact,
    PartnershipDocument,
    PartnershipMember,
    Thesis,
    ThesisInstitution,
    ThesisPartnership,
    write_texts,
)
from cotutelle.operations import journal
from cotutelle.operations.health import recompute, reconsider_theses
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump

FIGURES = (
    "code", "kind", "short_name", "website", "begins_on", "ends_on", "renewal_months", "denounced_on",
)  # fmt: skip
"""What an entry and a row have in common, beside texts, lists and parts."""


@dataclass(frozen=True, slots=True)
class Member:
    """An institution that takes part, from a day to a day."""

    institution_id: int
    role: str = "member"
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to."""

    name: str
    function: str = ""
    email: str = ""
    in_charge: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call for applications."""

    title: str
    closes_on: date
    opens_on: date | None = None
    website: str = ""


@dataclass(frozen=True, slots=True)
class PartnershipEntry:
    """A partnership as a form gives it."""

    code: str
    kind: str
    short_name: str
    names: Mapping[str, str]
    members: Sequence[Member]
    purposes: Mapping[str, str]
    levels: Sequence[str] = ()
    website: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    renewal_months: int | None = None
    denounced_on: date | None = None
    countries: Sequence[str] = ()
    contacts: Sequence[Contact] = ()
    calls: Sequence[Call] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file that the store already holds."""

    title: str
    digest: str
    filename: str
    media_type: str


def add_partnership(session: Session, facts: PartnershipEntry, actor: Actor, at: datetime) -> Partnership:
    """Enter a partnership. Refused when its code is taken, nobody takes part, or something ends before it begins."""
    _check(session, facts, None)
    row = Partnership(code=facts.code, kind=facts.kind, short_name=facts.short_name)
    session.add(row)
    session.flush()
    _fill(session, row, facts)
    _note(session, "partnership.added", row, actor, at)
    return row


def edit_partnership(
    session: Session, row: Partnership, facts: PartnershipEntry, version: int, actor: Actor, at: datetime
) -> None:
    """Change a partnership; the theses under it are judged anew. Stale when somebody else did meanwhile."""
    _check(session, facts, row)
    bump(session, row, version)
    _fill(session, row, facts)
    under = select(ThesisPartnership.thesis_id).where(ThesisPartnership.partnership_id == row.id)
    reconsider_theses(session, under, f"partnership-{row.id}", at)
    _note(session, "partnership.edited", row, actor, at)


def keep_document(session: Session, row: Partnership, file: File, actor: Actor, at: datetime) -> None:
    """Keep a file of a partnership."""
    session.add(PartnershipDocument(partnership_id=row.id, at=at, **asdict(file)))
    bump(session, row, None)
    session.expire(row, ["documents"])
    journal.record(
        session, "partnership.filed", _subject(row), actor, at, title=file.title, digest=file.digest
    )


def remove_document(
    session: Session, row: Partnership, document: PartnershipDocument, actor: Actor, at: datetime
) -> None:
    """Take a file out of a partnership; the store keeps what history names."""
    session.delete(document)
    bump(session, row, None)
    session.expire(row, ["documents"])
    journal.record(session, "partnership.unfiled", _subject(row), actor, at, title=document.title)


def offered(session: Session, thesis: Thesis) -> list[Partnership]:
    """The partnerships in which an institution of the thesis takes part or took part, by name."""
    bound = (
        select(PartnershipMember.partnership_id)
        .join(ThesisInstitution, ThesisInstitution.institution_id == PartnershipMember.institution_id)
        .where(ThesisInstitution.thesis_id == thesis.id)
    )
    rows = select(Partnership).where(Partnership.id.in_(bound)).order_by(Partnership.sort_key, Partnership.id)
    return list(session.scalars(rows))


def of_thesis(session: Session, thesis: Thesis) -> list[Partnership]:
    """The partnerships that a thesis stands under, by name."""
    under = select(ThesisPartnership.partnership_id).where(ThesisPartnership.thesis_id == thesis.id)
    rows = select(Partnership).where(Partnership.id.in_(under)).order_by(Partnership.sort_key, Partnership.id)
    return list(session.scalars(rows))


def put_under(
    session: Session,
    thesis: Thesis,
    chosen: Collection[int],
    version: int,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Say which partnerships a thesis stands under, those and no others; their rules are asked from now on.

    Refused for one in which none of its institutions takes part, unless it stands there already. Stale when the thesis
    changed meanwhile.
    """
    before = {row.id: row for row in of_thesis(session, thesis)}
    fitting = {row.id: row for row in offered(session, thesis)} | before
    if stray := set(chosen) - fitting.keys():
        row = session.get_one(Partnership, min(stray))
        raise Refused(Reason.NOT_A_MEMBER, "partnerships", partnership=row.short_name)
    bump(session, thesis, version)
    gone, come = before.keys() - set(chosen), set(chosen) - before.keys()
    session.execute(
        delete(ThesisPartnership).where(
            ThesisPartnership.thesis_id == thesis.id, ThesisPartnership.partnership_id.in_(gone)
        )
    )
    session.add_all(ThesisPartnership(thesis_id=thesis.id, partnership_id=id_) for id_ in sorted(come))
    for ids, act in ((come, "thesis.under_partnership"), (gone, "thesis.out_of_partnership")):
        for id_ in sorted(ids):
            journal.record(session, act, subject(thesis), actor, at, partnership=fitting[id_].short_name)
    recompute(session, thesis, today, at)


def _check(session: Session, facts: PartnershipEntry, row: Partnership | None) -> None:
    if not any(facts.names.values()):
        raise Refused(Reason.TEXT_INCOMPLETE, "texts")
    other = session.scalar(select(Partnership).where(Partnership.code == facts.code))
    if other is not None and other is not row:
        raise Refused(Reason.CODE_TAKEN, "code", code=facts.code)
    if not facts.members:
        raise Refused(Reason.MEMBERS_MISSING, "members")
    for name in ("ends_on", "denounced_on"):
        day = getattr(facts, name)
        if day is not None and facts.begins_on is not None and day < facts.begins_on:
            raise Refused(Reason.DATES_OUT_OF_ORDER, name, begin=facts.begins_on)
    for member in facts.members:
        if member.from_on and member.until_on and member.until_on < member.from_on:
            raise Refused(Reason.DATES_OUT_OF_ORDER, "members", begin=member.from_on)
    if len({(member.institution_id, member.from_on) for member in facts.members}) < len(facts.members):
        raise Refused(Reason.MEMBER_NAMED_TWICE, "members")
    for call in facts.calls:
        if call.opens_on and call.closes_on < call.opens_on:
            raise Refused(Reason.DATES_OUT_OF_ORDER, "calls", begin=call.opens_on)


def _fill(session: Session, row: Partnership, facts: PartnershipEntry) -> None:
    for name in FIGURES:
        setattr(row, name, getattr(facts, name))
    row.levels, row.countries = list(facts.levels), list(facts.countries)
    row.sort_key = folded(facts.short_name)
    write_texts(session, "partnership", row.id, "name", facts.names, next(iter(facts.names), ""))
    write_texts(session, "partnership", row.id, "purpose", facts.purposes, next(iter(facts.purposes), ""))
    for part in (PartnershipMember, PartnershipContact, PartnershipCall):
        session.execute(delete(part).where(part.partnership_id == row.id))
    session.add_all(PartnershipMember(partnership_id=row.id, **asdict(each)) for each in facts.members)
    session.add_all(
        PartnershipContact(partnership_id=row.id, retention="contact", **asdict(each))
        for each in facts.contacts
    )
    session.add_all(PartnershipCall(partnership_id=row.id, **asdict(each)) for each in facts.calls)
    session.flush()
    session.expire(row, ["members", "contacts", "calls"])


def _subject(row: Partnership) -> str:
    return f"partnership:{row.code}"


def _note(session: Session, act: str, row: Partnership, actor: Actor, at: datetime) -> None:
    journal.record(session, act, _subject(row), actor, at, partnership=row.short_name)
