"""``cotutelle export``: what goes out to other systems."""

import csv
import io
import sys
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.national_record import Record
from cotutelle.domain.thesis import ThesisState
from cotutelle.exchange.abes import table
from cotutelle.exchange.schema import CannotCheck, Schema
from cotutelle.exchange.star import to_xml
from cotutelle.models import Thesis
from cotutelle.operations.national_record import record_of
from cotutelle.scope import as_system

NOT_SIGNALLED = (ThesisState.DRAFT, ThesisState.REFUSED, ThesisState.CANCELLED, ThesisState.CONVERTED)
"""States of which the registry is told only where somebody names the thesis."""


@click.group("export")
def export() -> None:
    """Write data out for other systems."""


@export.command("star")
@click.argument("references", metavar="[THESIS]...", nargs=-1)
@click.option(
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the files.",
)
@click.option(
    "--schema",
    "xsd",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="stef_schemas.xsd, to check each file against.",
)
def star(references: tuple[str, ...], output: Path, xsd: Path | None) -> None:
    """Write each THESIS, or all of them, as a STEP/STAR file for theses.fr, every university named as grantor."""
    try:
        schema = Schema(xsd) if xsd else None
    except CannotCheck as error:
        raise click.UsageError(f"{xsd} is no schema that can be read: {error}") from None
    session, wrong = db.session(), 0
    with as_system(session, "command export star"):
        records = _records(session, references)
    output.mkdir(parents=True, exist_ok=True)
    for record in records:
        data = to_xml(record)
        faults = schema.faults(data) if schema else []
        (output / f"{record.reference}.xml").write_bytes(data)
        for fault in faults:
            click.echo(f"{record.reference}: {fault}", err=True)
        wrong += bool(faults)
    checked = f", {len(records) - wrong} of them valid" if schema else ""
    click.echo(f"{len(records)} theses written to {output}{checked}.")
    sys.exit(1 if wrong else 0)


@export.command("abes")
@click.argument("references", metavar="[THESIS]...", nargs=-1)
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file, tab-separated.",
)
def abes(references: tuple[str, ...], output: Path) -> None:
    """Write each THESIS, or all of them, as one table under Abes's column names."""
    session = db.session()
    with as_system(session, "command export abes"):
        records = _records(session, references)
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\r\n").writerows(
        [[" ".join(cell.split()) for cell in row] for row in table(records)]
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    click.echo(f"{len(records)} theses written to {output}.")


def _records(session: Session, references: tuple[str, ...]) -> list[Record]:
    """What the registry is told of these theses, or of all; those without an institution in France are said to be left out."""
    wanted = {each.upper() for each in references}
    statement = select(Thesis).order_by(Thesis.reference)
    if wanted:
        statement = statement.where(Thesis.reference.in_(wanted))
    else:
        statement = statement.where(Thesis.state.not_in(NOT_SIGNALLED))
    theses = session.scalars(statement).all()
    if unknown := wanted - {thesis.reference for thesis in theses}:
        raise click.UsageError(f"There is no thesis {', '.join(sorted(unknown))}.")
    found = {thesis.reference: record_of(session, thesis) for thesis in theses}
    for reference, record in found.items():
        if record is None:
            click.echo(f"{reference}: left out, no institution in France grants its degree.", err=True)
    return [record for record in found.values() if record is not None]
