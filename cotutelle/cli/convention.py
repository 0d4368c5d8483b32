"""``cotutelle convention``: the convention of a thesis as a PDF."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import click
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.documents import making
from cotutelle.documents.press import CannotPrint, engines
from cotutelle.documents.seal import CannotSeal
from cotutelle.documents.words import languages_with_words, word
from cotutelle.domain.actor import system
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.state import FINAL, ConventionState
from cotutelle.domain.errors import Refused
from cotutelle.models import Convention, Thesis
from cotutelle.operations import acceptance, convention_text
from cotutelle.operations import convention as acts
from cotutelle.operations import convention_signing as signing
from cotutelle.operations import convention_version as versions
from cotutelle.scope import as_system
from cotutelle.web.printing import final_bytes, press, store
from cotutelle.web.refusals import refusal


@click.command("convention")
@click.argument("reference", metavar="THESIS")
@click.option(
    "--languages", help="Languages of the text in order, such as fr,en; default: those of the convention."
)
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write the PDF."
)
@click.option("--draft", is_flag=True, help="A draft, with visible blanks.")
@click.option("--final", is_flag=True, help="The final version, or status 1 with what it still lacks.")
@click.option(
    "--accept", is_flag=True, help="Accept for the office the provisional wording and references to verify."
)
@click.pass_context
def convention(
    context: click.Context,
    reference: str,
    languages: str | None,
    output: Path,
    draft: bool,
    final: bool,
    accept: bool,
) -> None:
    """Make the convention of THESIS: final when complete, approved and accepted, else a draft."""
    if draft and final:
        raise click.UsageError("Ask for a draft or for the final version, not for both.")
    session = db.session()
    with as_system(session, "command convention"):
        thesis = session.scalar(select(Thesis).where(Thesis.reference == reference.upper()))
        if thesis is None:
            raise click.UsageError(f"There is no thesis {reference}. `cotutelle theses` lists them.")
        row = acts.current(session, thesis)
        agreed = acts.text_of(session, thesis, row)
        facts = dataclasses.replace(agreed, languages=_languages(languages)) if languages else agreed
        lacks = _lacks(session, row, agreed, facts, accept=accept)
        if lacks and final:
            context.exit(_say(lacks))
        final = final or not (lacks or draft)
        if lacks and not draft:
            _say([*lacks, "So this is a draft."])
        try:
            data = _make(thesis, row, facts, final)
        except Refused as error:
            with force_locale("en"):
                context.exit(_say([refusal(error)]))
        except CannotPrint as error:
            context.exit(_say([f"The document cannot be made: {error.why}."]))
        except CannotSeal as error:
            context.exit(_say([f"The document cannot be sealed: {error}."]))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(data)
    click.echo(f"{output} ({'final' if final else 'draft'}, {len(data) // 1024} kB)")


def _languages(given: str) -> tuple[str, ...]:
    """The languages asked for, each once; a usage error names those that have no wording."""
    asked = tuple(dict.fromkeys(tag.strip() for tag in given.split(",") if tag.strip()))
    known = languages_with_words()
    unknown = [tag for tag in asked if tag not in known]
    if unknown or not asked:
        raise click.UsageError(
            f"There is no wording in {', '.join(unknown) or 'no language'}. Languages: {', '.join(known)}."
        )
    return asked


def _lacks(session: Session, row: Convention, agreed: Facts, facts: Facts, *, accept: bool) -> list[str]:
    """What a final version still lacks, a sentence each: approval, facts, its languages, acceptance."""
    found = []
    if ConventionState(row.state) not in FINAL:
        found.append("The parties have not approved the text yet.")
    elif facts.languages != agreed.languages:
        found.append(f"The text that the parties approved is in: {', '.join(agreed.languages)}.")
    for missing in missing_facts(facts):
        name = word("en", f"fact.{missing.blank.fact}")
        party = f" ({missing.blank.party})" if missing.blank.party else ""
        found.append(f"{missing.clause}: {name}{party}, to be given by {missing.blank.giver}")
    drafted, to_verify = acceptance.to_accept(session, facts)
    if not accept and drafted:
        found.append(
            f"The office has not accepted the provisional wording in: {', '.join(drafted)} (--accept)."
        )
    if not accept and to_verify:
        found.append(f"The office has not verified these references: {', '.join(to_verify)} (--accept).")
    return found


def _say(sentences: Iterable[str]) -> int:
    for sentence in sentences:
        click.echo(sentence, err=True)
    return 1


def _make(thesis: Thesis, row: Convention, facts: Facts, final: bool) -> bytes:
    session, actor = db.session(), system("command convention")
    changes = convention_text.changes(session, row, facts)
    if not final and facts.own_file is not None:
        return store().read(session, facts.own_file.digest)
    if not final:
        return making.make(press(), facts, final=False, on=clock.today(), changes=changes)[0]
    kept = versions.agreed_version(session, row)
    if kept is not None and kept.file_digest is not None:
        return store().read(session, kept.file_digest)
    number, now = versions.number_to_print(session, thesis, row), clock.now()
    data, clauses = final_bytes(facts, number, clock.today(), changes)
    with transaction() as writing:
        drafted, to_verify = acceptance.to_accept(writing, facts)
        acceptance.accept(writing, "wording", drafted, actor, now)
        acceptance.accept(writing, "reference", to_verify, actor, now)
        kept = versions.keep_final(
            writing,
            thesis,
            row,
            facts,
            actor,
            now,
            clauses=clauses,
            file_digest=store().put(writing, data),
            engines=engines(),
        )
        signing.add_document(writing, thesis, kept, len(data), actor, now, today=clock.today())
    return data
