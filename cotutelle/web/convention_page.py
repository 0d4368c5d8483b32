"""What the page of a convention shows beside its negotiation: its articles, its course, its amendments, its own file."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.documents.printing import filled
from cotutelle.documents.wording import NoWording, Wording, worded, wording
from cotutelle.domain.convention.assembly import assemble
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.state import ConventionState
from cotutelle.models import Convention, Thesis, Transition
from cotutelle.operations import amendment as amendments
from cotutelle.operations import closing, negotiation
from cotutelle.operations.framework_facts import ends_first, unbound
from cotutelle.operations.text_elsewhere import file_of, subjects_of
from cotutelle.web.elsewhere import STANDS
from cotutelle.web.filters import language as language_name
from cotutelle.web.filters import locale


def articles(facts: Facts, missing: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The articles of a text that is drafted here, with what each lacks."""
    by_clause: dict[int, int] = {}
    for entry in missing:
        for number in entry["clauses"]:
            by_clause[number] = by_clause.get(number, 0) + 1
    assembled, _annexes = assemble(facts)
    shown = []
    for article in assembled:
        texts = _worded(facts, article.clause.id)
        shown.append(
            {
                "number": article.number,
                "id": article.clause.id,
                "title": wording(article.clause.id, locale()).title,
                "law": article.clause.law,
                "several_laws": re.search(r",|^\d+-\d", article.clause.law) is not None,
                "lacking": by_clause.get(article.number, 0),
                "languages": [(t.language, language_name(t.language)) for t in texts],
                "rows": [
                    [filled(t.fragments[p.fragment], p.values, t.language) for t in texts]
                    for p in article.paragraphs
                ],
            }
        )
    return shown


def listed_instruments(
    session: Session, thesis: Thesis, convention: Convention, today: date
) -> dict[str, Any]:
    """The convention with its amendments, how each was closed, whether it outlives its framework and may be amended."""
    listed = amendments.instruments(session, thesis)
    closings = {each.row.public_id: closing.of_convention(session, each.row) for each in listed}
    return {
        "instruments": listed,
        "closings": {key: row for key, row in closings.items() if row is not None},
        "in_force": any(each.signed and each.row.agreed for each in listed),
        "ends_first": ends_first(session, convention, today),
        "unbound": unbound(session, convention),
        "amendable": convention.holding and ConventionState(convention.state) in amendments.AMENDABLE,
    }


def _worded(facts: Facts, clause: str) -> list[Wording]:
    """The wordings of a clause in the languages of the act that have one."""
    found = []
    for tag in facts.languages:
        with suppress(NoWording):
            found.append(worded(facts, clause, tag))
    return found


def transitions(thesis: Thesis) -> list[Transition]:
    """The course of the convention and its amendments, the newest move first."""
    return list(
        db.session.scalars(
            select(Transition)
            .where(Transition.thesis_id == thesis.id, Transition.machine.in_(("convention", "amendment")))
            .order_by(Transition.id.desc())
        )
    )


def elsewhere_shown(session: Session, convention: Convention) -> dict[str, Any]:
    """The file of a text drafted elsewhere, and where its subjects stand; none for one that is drafted here."""
    file = file_of(session, convention) if convention.text_document_id is not None else None
    return {
        "text_file": file,
        "subjects": [
            {
                "number": _number(each.clause),
                "title": negotiation.clause_name(each.clause, locale()),
                "state": each.state,
                "place": each.place,
                "note": each.note,
            }
            for each in (subjects_of(session, convention) if file else ())
        ],
        "stands": STANDS,
    }


def _number(clause: str) -> str:
    """A clause by its number in the catalogue, an annex with its letter."""
    kind, _separator, number = clause.partition("-")
    return f"A{int(number)}" if kind == "AX" else str(int(number))


def drifted(now: Facts, agreed: Facts) -> bool:
    """Whether the file says something else by now; what is read in a text from elsewhere changes no word of it."""
    return replace(now, elsewhere=None) != replace(agreed, elsewhere=None)
