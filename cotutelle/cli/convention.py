"""``cotutelle convention``: the convention of a thesis as a PDF."""

import dataclasses
from pathlib import Path

import click
from flask_babel import force_locale
from sqlalchemy import func, select

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.documents import convention as document
from cotutelle.documents.press import CannotPrint, engines
from cotutelle.documents.words import word
from cotutelle.domain.actor import system
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Refused
from cotutelle.models import Convention, ConventionVersion, Thesis
from cotutelle.operations import convention as acts
from cotutelle.scope import as_system
from cotutelle.web.printing import press, store
from cotutelle.web.wording import refusal


@click.command("convention")
@click.argument("reference", metavar="THESIS")
@click.option(
    "--languages", help="Languages of the text in order, such as fr,en; default: those of the convention."
)
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write the PDF."
)
@click.option("--draft", "wanted", flag_value="draft", help="A draft, with visible blanks.")
@click.option(
    "--final", "wanted", flag_value="final", help="The final version; with blanks it lists them, status 1."
)
@click.pass_context
def convention(
    context: click.Context, reference: str, languages: str | None, output: Path, wanted: str | None
) -> None:
    """Make the convention of THESIS: final when complete and approved, else a draft."""
    session = db.session()
    with as_system(session, "command convention"):
        thesis = session.scalar(select(Thesis).where(Thesis.reference == reference.upper()))
        if thesis is None:
            raise click.UsageError(f"There is no thesis {reference}. `cotutelle theses` lists them.")
        row = acts.current(session, thesis)
        facts = acts.text_of(session, thesis, row)
        if languages:
            facts = dataclasses.replace(facts, languages=tuple(languages.split(",")))
        blanks, open_ = missing_facts(facts), ConventionState(row.state) in EDITABLE
        final = wanted == "final" or (wanted is None and not blanks and not open_)
        if final and (blanks or open_):
            _list_blanks(facts, open_)
            context.exit(1)
        try:
            data = _make(thesis, row, facts, final)
        except Refused as error:
            with force_locale("en"):
                click.echo(refusal(error), err=True)
            context.exit(1)
        except CannotPrint as error:
            click.echo(f"The document cannot be made: {error.why}.", err=True)
            context.exit(1)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(data)
    click.echo(f"{output} ({'final' if final else 'draft'}, {len(data) // 1024} kB)")


def _make(thesis: Thesis, row: Convention, facts: Facts, final: bool) -> bytes:
    session = db.session()
    if not final:
        return document.make(press(), facts, number=row.number, final=False, on=clock.today())[0]
    kept = session.scalars(
        select(ConventionVersion)
        .where(ConventionVersion.convention_id == row.id, ConventionVersion.final)
        .order_by(ConventionVersion.number.desc())
    ).first()
    clauses = document.clause_versions(facts.languages)
    from cotutelle.domain.convention.record import digest

    if kept is not None and kept.facts_digest == digest(facts, clauses):
        return store().read(db.session(), kept.file_digest)
    last = select(func.max(ConventionVersion.number)).where(ConventionVersion.convention_id == row.id)
    number = (session.scalar(last) or 0) + 1
    data, clauses, _fingerprint = document.make(press(), facts, number=number, final=True, on=clock.today())
    with transaction() as writing:
        acts.keep_version(
            writing,
            thesis,
            row,
            facts,
            system("command convention"),
            clock.now(),
            clauses=clauses,
            file_digest=store().put(db.session(), data),
            engines=engines(),
            final=True,
        )
    return data


def _list_blanks(facts: Facts, open_: bool) -> None:
    if open_:
        click.echo("The parties have not approved the text yet.", err=True)
    for missing in missing_facts(facts):
        name = word("en", f"fact.{missing.blank.fact}")
        party = f" ({missing.blank.party})" if missing.blank.party else ""
        click.echo(f"{missing.clause}: {name}{party}, to be given by {missing.blank.giver}", err=True)
