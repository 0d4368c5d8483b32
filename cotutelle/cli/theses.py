"""``cotutelle theses``: what is registered."""

import json
from typing import Any

import click
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.domain.language import best
from cotutelle.models import Institution, Person, Thesis, ThesisInstitution, texts_of
from cotutelle.scope import as_system


@click.command("theses")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
def theses(as_json: bool) -> None:
    """List the theses: reference, title, institutions, states."""
    session = db.session()
    with as_system(session, "command theses"):
        rows = session.execute(
            select(Thesis, Person).join(Person, Person.id == Thesis.candidate_id).order_by(Thesis.reference)
        ).all()
        titles = texts_of(session, "thesis", [thesis.id for thesis, _ in rows], "title")
        parties = session.execute(
            select(ThesisInstitution.thesis_id, Institution.code, ThesisInstitution.lead)
            .join(Institution, Institution.id == ThesisInstitution.institution_id)
            .order_by(ThesisInstitution.thesis_id, ThesisInstitution.position)
        ).all()
    listed: list[dict[str, Any]] = [
        {
            "reference": thesis.reference,
            "title": dict(titles[thesis.id]["title"]),
            "candidate": person.name,
            "institutions": [{"code": code, "lead": lead} for id_, code, lead in parties if id_ == thesis.id],
            "thesis_state": thesis.state,
            "convention_state": thesis.convention_state,
        }
        for thesis, person in rows
    ]
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for row in listed:
        codes = ", ".join(party["code"] for party in row["institutions"])
        states = f"{row['thesis_state']:<12} {row['convention_state']:<15}"
        click.echo(f"{row['reference']:<20} {states} {codes:<30} {row['candidate']}: {best(row['title'])}")
