"""Which variants of clauses fit a convention, and the wordings that it uses of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.convention.own import OwnWording
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.models import ClauseVariant, ClauseVersion, Convention, Institution, ThesisInstitution
from cotutelle.operations.clause import as_wording, in_force

OPEN = EDITABLE - {ConventionState.PARTNER_REVIEW}
"""States in which a text takes up new wordings by itself: until it lies before the parties."""


def fitting(session: Session, convention: Convention) -> list[ClauseVariant]:
    """The variants whose condition a convention meets, what fits closest first: framework, institution, country, always."""
    parties = session.execute(
        select(ThesisInstitution.institution_id, Institution.country, ThesisInstitution.lead)
        .join(Institution, Institution.id == ThesisInstitution.institution_id)
        .where(ThesisInstitution.thesis_id == convention.thesis_id, ThesisInstitution.left_on.is_(None))
    ).all()
    lead = next((institution for institution, _country, leads in parties if leads), None)
    institutions = {institution for institution, _country, leads in parties if not leads}
    countries = {country for _institution, country, leads in parties if not leads}
    variants = session.scalars(
        select(ClauseVariant)
        .where(ClauseVariant.institution_id == lead, ClauseVariant.retired_at.is_(None))
        .order_by(ClauseVariant.id.desc())
    )
    ranked = []
    for variant in variants:
        if variant.framework_id is not None:
            rank = 0 if variant.framework_id == convention.framework_id else None
        elif variant.with_institution_id is not None:
            rank = 1 if variant.with_institution_id in institutions else None
        elif variant.with_country:
            rank = 2 if variant.with_country in countries else None
        else:
            rank = 3
        if rank is not None:
            ranked.append((rank, variant))
    return [variant for _rank, variant in sorted(ranked, key=lambda each: each[0])]


def settle(session: Session, convention: Convention, today: date) -> None:
    """Take up what fits a convention best today, until it lies before the parties; what its office chose stays, in its newest version."""
    if ConventionState(convention.state) not in OPEN or convention.amends_id is not None:
        return
    kept: dict[str, Any] = {}
    best: dict[str, dict[str, Any]] = {}
    for variant in fitting(session, convention):
        row = in_force(variant, today)
        if row is None:
            continue
        worded = all(language in row.texts for language in convention.languages)
        use = {"variant": variant.public_id, "number": row.number, "chosen": False}
        if worded:
            best.setdefault(variant.clause, use)
        before = convention.wordings.get(variant.clause, {})
        if before.get("chosen") and before["variant"] == variant.public_id:
            kept[variant.clause] = {**use, "chosen": True}
    shipped = {
        clause: use
        for clause, use in convention.wordings.items()
        if use.get("chosen") and not use["variant"] and clause in best
    }
    wanted = {**best, **kept, **shipped}
    if wanted != convention.wordings:
        convention.wordings = wanted
        session.flush()


def wordings_of(session: Session, convention: Convention) -> tuple[OwnWording, ...]:
    """What a convention uses of an institution's own words, clause by clause in each of its languages."""
    used = {use["variant"]: use["number"] for use in convention.wordings.values() if use["variant"]}
    if not used:
        return ()
    found: Sequence[tuple[ClauseVariant, ClauseVersion]] = [
        (variant, row)
        for variant, row in session.execute(
            select(ClauseVariant, ClauseVersion)
            .join(ClauseVersion, ClauseVersion.variant_id == ClauseVariant.id)
            .where(ClauseVariant.public_id.in_(used))
            .order_by(ClauseVariant.clause)
        ).all()
        if used[variant.public_id] == row.number
    ]
    return tuple(
        as_wording(variant, row, language)
        for variant, row in found
        for language in convention.languages
        if language in row.texts
    )
