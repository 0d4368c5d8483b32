"""Gathering the facts of a convention from the thesis, its people and its terms."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.calendar import year_label
from cotutelle.domain.convention import record
from cotutelle.domain.convention.amendment import amended, among
from cotutelle.domain.convention.facts import (
    Amendment,
    Candidate,
    Facts,
    FeeYear,
    Funding,
    PlannedStay,
    Supervisor,
)
from cotutelle.domain.convention.facts import Derogation as DerogationFacts
from cotutelle.domain.convention.terms import BY_KEY, Kind, Terms
from cotutelle.domain.enrolment import Fee
from cotutelle.models import (
    Convention,
    Derogation,
    Enrolment,
    FundingSource,
    Person,
    PersonPrivate,
    Stay,
    Supervision,
    Thesis,
    ThesisInstitution,
    texts_of,
)
from cotutelle.operations.clause_fit import wordings_of
from cotutelle.operations.framework_facts import framework_of
from cotutelle.operations.party_facts import parties_of
from cotutelle.operations.text_elsewhere import elsewhere_of, subjects_of


def facts_of(session: Session, thesis: Thesis, convention: Convention | None) -> Facts:
    """The facts of the convention of a thesis, as they stand now; reads only.

    Those of an amendment are the facts agreed before it, with what it changes of them.
    """
    if convention is None or convention.amends_id is None:
        return _now(session, thesis, convention)
    base = session.get_one(Convention, convention.amends_id)
    before, now = agreed_of(session, base), _now(session, thesis, convention)
    return amended(before, now, _amendment(session, base, convention))


def agreed_of(session: Session, convention: Convention) -> Facts:
    """The facts on which the parties agreed; what the office reads in a text from elsewhere is as it was read last."""
    assert convention.agreed is not None
    facts = record.from_json(convention.agreed)
    if facts.own_file is None:
        return facts
    return replace(facts, elsewhere=replace(facts.own_file, subjects=subjects_of(session, convention)))


def _now(session: Session, thesis: Thesis, convention: Convention | None) -> Facts:
    """The facts as the file of the thesis has them.

    An amendment counts the stays that were spent beside those planned, and no institution that has left.
    """
    amends = convention is not None and convention.amends_id is not None
    listed = session.scalars(
        select(ThesisInstitution)
        .where(ThesisInstitution.thesis_id == thesis.id)
        .order_by(ThesisInstitution.position)
    ).all()
    rows = [row for row in listed if not (amends and row.left_on)]
    codes = {row.institution_id: row.institution.code for row in rows}
    all_codes = {row.institution_id: row.institution.code for row in listed}
    titles = texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"]
    return Facts(
        reference=thesis.reference,
        parties=tuple(parties_of(session, rows)),
        candidate=_candidate(session, thesis.candidate_id),
        titles=dict(titles),
        title_original=next(iter(titles), ""),
        supervisors=tuple(_supervisors(session, thesis, codes)),
        thesis_language=thesis.thesis_language,
        defence_language=thesis.defence_language,
        diploma_form=thesis.diploma_form,
        full_time=None if thesis.mode is None else thesis.mode == "full",
        confidential=thesis.confidential,
        defence_from=thesis.defence_from,
        defence_until=thesis.defence_until,
        stays=tuple(_stays(session, thesis, codes, with_done=amends)),
        fees=tuple(_fees(session, thesis, codes)),
        fundings=tuple(_fundings(session, thesis)),
        derogations=tuple(_derogations(session, convention, all_codes)),
        languages=tuple(convention.languages if convention else ("fr", "en")),
        terms=among(terms_of(session, convention), set(all_codes.values())),
        elsewhere=elsewhere_of(session, convention) if convention is not None else None,
        framework=framework_of(session, convention) if convention is not None else None,
        wordings=wordings_of(session, convention) if convention is not None else (),
        layout=convention.layout if convention is not None else "columns",
    )


def _amendment(session: Session, base: Convention, row: Convention) -> Amendment:
    """What an amendment is, before it is known what it changes."""
    earlier: list[date] = []
    root = base
    while root.amends_id is not None:
        if root.in_force_on:
            earlier.insert(0, root.in_force_on)
        root = session.get_one(Convention, root.amends_id)
    assert base.agreed is not None
    return Amendment(
        number=row.amendment,
        triggers=tuple(row.triggers),
        reason=dict(texts_of(session, "amendment", [row.id], "reason")[row.id]["reason"]),
        effective_on=row.effective_on,
        clauses=(),
        amends=record.fingerprint(base.agreed),
        signed_on=root.in_force_on,
        earlier=tuple(earlier),
    )


def _derogations(
    session: Session, convention: Convention | None, codes: Mapping[int, str]
) -> list[DerogationFacts]:
    """The rules set aside, in the order in which they were; one asked for by nobody here counts for the lead."""
    if convention is None:
        return []
    rows = session.scalars(
        select(Derogation).where(Derogation.convention_id == convention.id).order_by(Derogation.id)
    ).all()
    texts = texts_of(session, "derogation", [row.id for row in rows])
    lead = next(iter(codes.values()), "")
    return [
        DerogationFacts(
            rule=row.rule,
            article=row.article,
            reason=dict(texts[row.id].get("reason", {})),
            replacement=dict(texts[row.id].get("replacement", {})),
            asked_by=codes.get(row.asked_by_id or 0, lead),
        )
        for row in rows
    ]


def terms_of(session: Session, convention: Convention | None) -> Terms:
    """The terms of a convention as typed values: dates as dates, texts by language."""
    if convention is None:
        return Terms({})
    values: dict[str, object] = {key: _typed(key, value) for key, value in convention.terms.items()}
    values.update(texts_of(session, "convention", [convention.id])[convention.id])
    return Terms(values)


def _typed(key: str, value: Any) -> Any:
    kind = BY_KEY[key.partition(":")[0]].kind
    if kind is Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    if kind is Kind.MONEY and value is not None:
        return Decimal(str(value))
    return value


def _candidate(session: Session, person_id: int) -> Candidate:
    person = session.get_one(Person, person_id)
    private = session.get(PersonPrivate, person_id) or PersonPrivate()
    return Candidate(
        name=person.name,
        gender=private.gender or None,
        birth_name=private.birth_name or None,
        birth_date=private.birth_date,
        birth_place=private.birth_place or None,
        birth_country=private.birth_country or None,
        nationality=private.nationality or None,
        email=person.email or None,
    )


def _supervisors(session: Session, thesis: Thesis, codes: Mapping[int, str]) -> list[Supervisor]:
    rows = session.execute(
        select(Supervision, Person, PersonPrivate)
        .join(Person, Person.id == Supervision.person_id)
        .outerjoin(PersonPrivate, PersonPrivate.person_id == Person.id)
        .where(Supervision.thesis_id == thesis.id, Supervision.until_on.is_(None))
        .order_by(Supervision.id)
    ).all()
    found = []
    for supervision, person, private in rows:
        if supervision.institution_id not in codes:
            continue
        here = [a for a in person.affiliations if a.institution_id == supervision.institution_id]
        affiliation = here[-1] if here else None
        found.append(
            Supervisor(
                name=person.name,
                role=supervision.role,
                party=codes[supervision.institution_id],
                gender=(private.gender or None) if private else None,
                position=supervision.position or (affiliation.rank if affiliation else None) or None,
                accreditation=(affiliation.accreditation or None) if affiliation else None,
            )
        )
    return found


def _stays(
    session: Session, thesis: Thesis, codes: Mapping[int, str], *, with_done: bool
) -> list[PlannedStay]:
    rows = session.scalars(select(Stay).where(Stay.thesis_id == thesis.id).order_by(Stay.begin_on, Stay.id))
    return [
        PlannedStay(codes[row.institution_id], row.begin_on, row.end_on)
        for row in rows
        if row.institution_id in codes and (with_done or not row.done)
    ]


def _fees(session: Session, thesis: Thesis, codes: Mapping[int, str]) -> list[FeeYear]:
    rows = session.scalars(
        select(Enrolment).where(Enrolment.thesis_id == thesis.id).order_by(Enrolment.year)
    ).all()
    years: dict[int, str | None] = {}
    for row in rows:
        paid = codes.get(row.institution_id) if row.fee == Fee.PAID else None
        years[row.year] = paid or years.get(row.year)
    return [FeeYear(year_label(year, 9), payer) for year, payer in sorted(years.items())]


def _fundings(session: Session, thesis: Thesis) -> list[Funding]:
    rows = session.scalars(
        select(FundingSource).where(FundingSource.thesis_id == thesis.id).order_by(FundingSource.id)
    )
    return [
        Funding(r.kind, r.funder, r.begin_on, r.end_on, r.monthly_amount, r.currency or None) for r in rows
    ]
