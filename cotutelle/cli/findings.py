"""``cotutelle findings``: what every rule says of one thesis today."""

import sys
from collections.abc import Mapping

import click
from sqlalchemy import select

from cotutelle import clock
from cotutelle.cli.told import described, print_json
from cotutelle.db import db
from cotutelle.domain.evaluation import evaluate, worst_first
from cotutelle.domain.finding import Verdict
from cotutelle.models import Seat, Thesis
from cotutelle.operations import convention as conventions
from cotutelle.operations.dossier import dossier_of
from cotutelle.operations.rulebook import library
from cotutelle.rulebooks.sentences import LANGUAGES, Name, Speaker, names_in
from cotutelle.scope import as_system


@click.command("findings")
@click.argument("thesis")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, every rule in it.")
def findings(thesis: str, as_json: bool) -> None:
    """Say what every rule of every party says of THESIS today, the broken first."""
    session = db.session()
    with as_system(session, "command findings"):
        row = session.scalar(select(Thesis).where(Thesis.reference == thesis.upper()))
        if row is None:
            click.echo(f"There is no thesis {thesis}. `cotutelle theses` lists them.", err=True)
            sys.exit(2)
        shelf = library(session)
        convention = conventions.holding(session, row)
        facts = conventions.text_of(session, row, convention)
        lead = next(party for party in row.parties if party.lead)
        today = clock.today(lead.institution.time_zone)
        dossier = dossier_of(session, shelf, row, convention, facts, today)
        seats = session.scalars(select(Seat).where(Seat.thesis_id == row.id)).all()
        people = {seat.public_id: seat.person.name for seat in seats}
    found = worst_first(evaluate(shelf, dossier, both_readings=True))
    speakers = {tag: _speaker(tag, people, names_in(shelf, tag)) for tag in LANGUAGES}
    if as_json:
        print_json([described(finding, speakers) for finding in found])
        return
    for finding in found:
        if finding.verdict is not Verdict.NOT_APPLICABLE:
            click.echo(f"{finding.verdict:14} {finding.rule.id:22} {speakers['en'].sentence(finding)}")


def _speaker(language: str, people: Mapping[str, str], name: Name) -> Speaker:
    return Speaker(language, lambda code: people.get(code) or name(code))
