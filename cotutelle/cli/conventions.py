"""``cotutelle conventions``: the texts of many theses as PDF files, on every core of the machine."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from flask_babel import force_locale
from sqlalchemy import select

from cotutelle import clock
from cotutelle.db import db
from cotutelle.documents import making
from cotutelle.documents.batch import Job, make_all
from cotutelle.documents.press import CannotPrint, Prints
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.redline import Changed
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.thesis import ENDED
from cotutelle.models import Thesis
from cotutelle.operations import convention as acts
from cotutelle.operations import convention_text
from cotutelle.scope import as_system
from cotutelle.web.printing import press
from cotutelle.web.refusals import refusal


@click.command("conventions")
@click.argument("references", metavar="[THESIS]...", nargs=-1)
@click.option(
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the files.",
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in ConventionState]),
    help="Only texts in this state; may be given several times.",
)
@click.pass_context
def conventions(
    context: click.Context, references: tuple[str, ...], output: Path, states: tuple[str, ...]
) -> None:
    """Draw the text of each THESIS, or of every thesis that has not ended, as it stands today."""
    jobs, session = [], db.session()
    with as_system(session, "command conventions"):
        statement = select(Thesis).order_by(Thesis.reference)
        if references:
            statement = statement.where(Thesis.reference.in_([each.upper() for each in references]))
        else:
            statement = statement.where(Thesis.state.not_in(ENDED))
        theses = session.scalars(statement).all()
        unknown = {each.upper() for each in references} - {thesis.reference for thesis in theses}
        if unknown:
            raise click.UsageError(f"There is no thesis {', '.join(sorted(unknown))}.")
        for thesis in theses:
            row = acts.current(session, thesis)
            facts = acts.text_of(session, thesis, row)
            if facts.own_file is None and (not states or row.state in states):
                changes = convention_text.changes(session, row, facts)
                jobs.append(Job(thesis.reference, partial(_draft, facts=facts, changes=changes)))
        session.rollback()
    output.mkdir(parents=True, exist_ok=True)
    failed = 0
    own = press()
    with click.progressbar(
        make_all(jobs, own.folder, own.limits),
        length=len(jobs),
        label="Drawing",
        file=sys.stderr,
    ) as drawn:
        for made in drawn:
            if made.error is None:
                (output / f"{made.name}.pdf").write_bytes(made.data)
                continue
            failed += 1
            with force_locale("en"):
                why = made.error.why if isinstance(made.error, CannotPrint) else refusal(made.error)
            click.echo(f"\n{made.name}: {why}", err=True)
    click.echo(f"{len(jobs) - failed} of {len(jobs)} in {output}")
    context.exit(1 if failed else 0)


def _draft(prints: Prints, *, facts: Facts, changes: Sequence[Changed]) -> bytes:
    return making.make(prints, facts, final=False, on=clock.today(), changes=changes)[0]
