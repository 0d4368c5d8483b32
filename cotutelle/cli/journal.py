"""``cotutelle verify-journal``: whether the history still follows from its beginning."""

import click

from cotutelle.db import db
from cotutelle.domain.journal import first_fault
from cotutelle.operations.journal import entries


@click.command("verify-journal")
@click.pass_context
def verify_journal(context: click.Context) -> None:
    """Verify the chain of the journal; status 1 names the first entry that does not follow."""
    fault = first_fault(entries(db.session()))
    if fault is not None:
        click.echo(f"The journal is broken at entry {fault}.", err=True)
        context.exit(1)
    click.echo("The journal is sound.")
