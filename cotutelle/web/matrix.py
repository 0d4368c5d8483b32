"""Enrolment and fees, year by institution: who is enrolled, who is paid, with which proof."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from cotutelle.domain.calendar import academic_year, year_label
from cotutelle.models import Document, Enrolment, Thesis
from cotutelle.web import wording
from cotutelle.web.filters import short_day


def years_of(thesis: Thesis, rows: Sequence[Enrolment]) -> list[int]:
    """The years of the matrix: from the first enrolment to this year or the planned end, and any recorded."""
    begin = min([thesis.first_year, *(row.year for row in rows)])
    until = academic_year(g.today, 9, 1)
    if thesis.defence_until and thesis.state in {"draft", "admitted"}:
        until = max(until, academic_year(thesis.defence_until, 9, 1))
    return sorted({*range(begin, min(until, begin + 9) + 1), *(row.year for row in rows)})


def matrix(
    thesis: Thesis,
    parties: list[dict[str, Any]],
    rows: Sequence[Enrolment],
    documents: Sequence[Document],
) -> list[dict[str, Any]]:
    """Each year with a cell for each institution; a proof is a link for those who may open it."""
    cells = {(row.year, row.institution_id): row for row in rows}
    proofs = {document.id: document.public_id for document in documents}
    return [
        {
            "label": year_label(year, 9),
            "cells": [
                _cell(thesis, party, year, cells.get((year, party["id"])), proofs) for party in parties
            ],
        }
        for year in years_of(thesis, rows)
    ]


def _cell(
    thesis: Thesis, party: dict[str, Any], year: int, row: Enrolment | None, proofs: Mapping[int, str]
) -> dict[str, Any]:
    cell = {
        "position": party["position"],
        "short_name": party["short_name"],
        "year": year,
        "code": party["code"],
    }
    if row is None:
        return {
            **cell,
            "pays": False,
            "text": "",
            "detail": "",
            "tag_kind": "waiting",
            "tag_text": _("not yet"),
        }
    ahead = row.enrolled_on is None and year >= academic_year(g.today, 9, 1)
    enrolled = _("Enrolled") if row.enrolled_on else _("Enrolment planned") if ahead else _("Not enrolled")
    proof = proofs.get(row.proof_id or 0, "")
    owed = row.enrolled_on is not None and row.fee in {"waived", "paid"} and row.proof_id is None
    return {
        **cell,
        "pays": row.fee == "paid",
        "text": f"{enrolled}, {wording.FEES[row.fee]}",
        "detail": short_day(row.enrolled_on),
        "tag_kind": "decide" if owed else "",
        "tag_text": _("no proof") if owed else "",
        "proof_text": _("proof"),
        "proof_url": url_for("document.show", reference=thesis.reference, document=proof) if proof else "",
    }
