"""Commands about rules that need no database: juries checked, universities reconciled, rulebooks shown and checked."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from cotutelle import config
from cotutelle.cli.told import described, plain, print_json
from cotutelle.domain.demand import Meeting
from cotutelle.domain.evaluation import by_rule, evaluate
from cotutelle.domain.finding import Certainty, Severity
from cotutelle.domain.reconcile import reconcile as meet
from cotutelle.domain.rulebook import Library, Rule
from cotutelle.domain.rules import CHECKS, JURY_CHECKS
from cotutelle.exchange.jury import doubts, read_cases
from cotutelle.exchange.parsing import Unreadable
from cotutelle.rulebooks import plans, shelf
from cotutelle.rulebooks.reading import read
from cotutelle.rulebooks.sentences import LANGUAGES, Speaker, names_in


def library() -> Library:
    """The shipped rulebooks with those of the installation's folder; a wrong file is named on standard error."""
    own, rejected = shelf.read_folder(config.instance_path() / "rulebooks", read)
    found, replaced = shelf.with_own(own)
    warn_of([*rejected, *replaced])
    return found


def warn_of(rejected: Iterable[shelf.Rejected]) -> None:
    """Name files that are left out, with what is wrong in each."""
    for each in rejected:
        for mistake in each.mistakes:
            warn(f"{each.name}, line {mistake.line}: {mistake.text} The file is left out.")


@click.command("check-jury")
@click.argument("file", type=click.File("rb"))
@click.option("--full", is_flag=True, help="Give every finding with figures, source and sentence.")
def check_jury(file: Any, full: bool) -> None:
    """Check the juries of a JSON FILE against all rules of all institutions that each names."""
    rules = library()
    try:
        cases = read_cases(file.read().decode("utf-8-sig"), rules)
    except UnicodeDecodeError:
        refuse("The file is not UTF-8 text.")
    except Unreadable as error:
        refuse(str(error))
    for doubt in doubts(cases, rules):
        warn(doubt)
    french = [id_ for id_, entries in rules.rules.items() if _french_jury(entries[0])]
    speakers = _speakers(rules)
    answer: dict[str, Any] = {}
    for id_, dossier in cases.items():
        findings = evaluate(rules, dossier, checks=JURY_CHECKS)
        answer[id_] = (
            [described(finding, speakers) for finding in findings] if full else by_rule(findings, french)
        )
    print_json(answer)


def _french_jury(rule: Rule) -> bool:
    return rule.scope.country == "FR" and rule.check.name in JURY_CHECKS


@click.command("reconcile")
@click.argument("codes", nargs=-1, required=True)
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day that counts.")
@click.option("--school", "schools", multiple=True, help="A school or faculty, such as SHS, or ghent:DI.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value.")
def reconcile(codes: tuple[str, ...], on: datetime, schools: tuple[str, ...], as_json: bool) -> None:
    """Say where the rules of institutions (CODE CODE …) meet or clash, and what would settle it."""
    rules = library()
    if len(codes) < 2:
        refuse("Name at least two institutions, such as: lille ghent.")
    places = []
    for number, code in enumerate(codes):
        place = rules.place(code, lead=number == 0)
        if place is None:
            known = ", ".join(sorted({book.scope.institution for book in rules.by_code.values()}))
            refuse(f"No rulebook knows {code}. Known: {known}.")
        places.append(place)
    if len({place.code for place in places}) < len(places):
        refuse("One institution is named twice.")
    named = _schools(rules, [place.code for place in places], schools)
    if stray := named.keys() - {place.code for place in places}:
        refuse(f"A school of {min(stray)} is named, but not {min(stray)} itself.")
    here = [replace(place, schools=rules.schools(place.code, named.get(place.code, ()))) for place in places]
    for place in here:
        for school in rules.strangers(place):
            warn(
                f"No rule is known of {school} at {place.name}: only those of the whole university are asked."
            )
    meetings = meet(rules, here, on.date())
    if as_json:
        speakers = _speakers(rules)
        topics = [met(meeting, speakers) for meeting in meetings]
        print_json({"on": on.date(), "institutions": [place.code for place in places], "topics": topics})
    else:
        _tell(meetings, Speaker("en", names_in(rules, "en")))


def _schools(rules: Library, codes: list[str], given: Iterable[str]) -> Mapping[str, list[str]]:
    """The schools named, by institution: ``ghent:DI``, or the first institution whose rulebook knows the name."""
    found: dict[str, list[str]] = {}
    for name in given:
        institution, separator, school = name.partition(":")
        if separator:
            found.setdefault(rules.code(institution), []).append(school)
            continue
        known = {
            r.scope.school.casefold(): r.scope.institution
            for e in rules.rules.values()
            for r in e
            if r.scope.school
        }
        home = known.get(name.casefold(), codes[0])
        found.setdefault(home if home in codes else codes[0], []).append(name)
    return found


@click.group("rulebooks")
def rulebooks() -> None:
    """List, show and check rulebooks."""


@rulebooks.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON value.")
def list_(as_json: bool) -> None:
    """Every rulebook with its scope, the number of its rules, and the day its sources were read."""
    books = library().books
    if as_json:
        print_json([
            {"id": b.id, "name": b.names, "scope": _scope(b.scope), "read_on": b.read_on, "rules": len(b.rules)}
            for b in books
        ])  # fmt: skip
        return
    for book in books:
        click.echo(f"{book.id:18} {len(book.rules):3}  {book.read_on}  {book.names['en']}")


@rulebooks.command("show")
@click.argument("id_", metavar="ID")
@click.option("--language", type=click.Choice(LANGUAGES), default="en")
def show(id_: str, language: str) -> None:
    """One rulebook, or one rule over time, as sentences with their sources."""
    rules = library()
    book = next((book for book in rules.books if book.id == id_.casefold()), None)
    entries = book.rules if book else rules.rules.get(id_.upper(), ())
    if not book and not entries:
        refuse(
            f"There is no rulebook and no rule called {id_}. `cotutelle rulebooks list` names the rulebooks."
        )
    speaker = Speaker(language, names_in(rules, language))
    if book:
        click.echo(f"{book.names[language]} ({book.id}), read on {book.read_on}")
    for rule in entries:
        days = (
            f"{rule.begin or '…'} – {rule.until or '…'} by {rule.dated_by}"
            if rule.begin or rule.until
            else ""
        )
        source = ", ".join(
            filter(None, (rule.source.text, rule.source.article and f"art. {rule.source.article}"))
        )
        school = f" [{rule.scope.school}]" if rule.scope.school else ""
        click.echo(f"\n{rule.id}{school}  {rule.severity}, {rule.certainty}  {days}".rstrip())
        click.echo(f"  {speaker.rule(rule)}\n  {source} {rule.source.url}".rstrip())


@rulebooks.command("check")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def check(path: Path) -> None:
    """Check a file of rules or of milestones, or every file of a folder; each mistake with its line."""
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        refuse(f"{path} holds no rulebook (no file ends in .toml).")
    wrong = 0
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            refuse(f"{file.name} is not UTF-8 text.")
        except OSError as error:
            refuse(f"{file.name} cannot be read: {error.strerror}.")
        if re.search(r"(?m)^\s*\[plan\]", text):
            wrong += _check_plan(file, text)
            continue
        book, mistakes = read(text, file.stem)
        rejected = [m for each in shelf.with_own([book])[1] for m in each.mistakes] if book else []
        for mistake in (*mistakes, *rejected):
            click.echo(f"{file}:{mistake.line}: {mistake.text}")
        wrong += bool(mistakes or rejected)
        if book and not rejected:
            click.echo(f"{file}: {len(book.rules)} rule{'s' * (len(book.rules) != 1)}, all in order.")
    sys.exit(1 if wrong else 0)


def _check_plan(file: Path, text: str) -> bool:
    """Check a plan of milestones; whether anything is wrong in it."""
    plan, mistakes = plans.read(text, file.stem)
    for mistake in mistakes:
        click.echo(f"{file}:{mistake.line}: {mistake.text}")
    if plan:
        click.echo(f"{file}: {len(plan.steps)} milestone{'s' * (len(plan.steps) != 1)}, all in order.")
    return plan is None


@rulebooks.command("checks")
def checks() -> None:
    """The checks that a rule may name, with the figures that each takes."""
    for name, each in sorted(CHECKS.items()):
        figures = ", ".join(
            f"{figure}: {'|'.join(spec.choices) if spec.choices and len(spec.choices) < 8 else spec.kind}"
            f"{'' if spec.needed else ' (may be left out)'}"
            for figure, spec in each.figures.items()
        )
        click.echo(f"{name}  {{ {figures} }}\n  {each.doc.splitlines()[0]}")


def met(meeting: Meeting, speakers: Mapping[str, Speaker]) -> dict[str, Any]:
    """A topic as plain JSON."""
    way = {tag: speaker.way_out(meeting) for tag, speaker in speakers.items()}
    return {
        "topic": meeting.topic,
        "demands": [
            {
                "institution": demand.place.code,
                "rule": demand.rule.id,
                "school": demand.rule.scope.school or None,
                "value": demand.value,
                "source": {"text": demand.rule.source.text, "article": demand.rule.source.article, "url": demand.rule.source.url},
                "certainty": demand.rule.certainty,
                "severity": demand.rule.severity,
            }
            for demand in meeting.demands
        ],
        "satisfies_all": meeting.satisfies_all,
        "conflict": meeting.conflict,
        "excluding": [rule.id for rule in meeting.excluding],
        "schools": list(meeting.schools),
        "way_out": {**way, "clause": meeting.clause} if meeting.way_out else None,
    }  # fmt: skip


def _tell(meetings: Iterable[Meeting], speaker: Speaker) -> None:
    for meeting in meetings:
        value = "no value satisfies all" if meeting.conflict else json.dumps(plain(meeting.satisfies_all))
        click.echo(f"{speaker.topic(meeting.topic)}: {value}")
        for demand in meeting.demands:
            rule, name = demand.rule, demand.place.name or demand.place.code
            school = f" (school {rule.scope.school})" if rule.scope.school else ""
            mark = "" if rule.certainty is Certainty.SOURCED else f", {rule.certainty.replace('_', ' ')}"
            mark += ", advice" if rule.severity is Severity.RECOMMENDATION else ""
            click.echo(f"  {name:12} {speaker.rule(rule, demand.place.code)} [{rule.id}{mark}]{school}")
        if meeting.excluding:
            click.echo(f"  excluding each other: {', '.join(rule.id for rule in meeting.excluding)}")
        if meeting.way_out:
            click.echo(f"  → {speaker.way_out(meeting)} ({meeting.clause})")
        if meeting.schools:
            click.echo(f"  counted though no school is named: the rules of {', '.join(meeting.schools)}")


def _speakers(rules: Library) -> dict[str, Speaker]:
    return {tag: Speaker(tag, names_in(rules, tag)) for tag in LANGUAGES}


def _scope(scope: Any) -> dict[str, str]:
    named = {name: getattr(scope, name) for name in ("country", "region", "institution", "school")}
    return {name: value for name, value in named.items() if value}


def warn(sentence: str) -> None:
    """Say something on standard error and go on."""
    click.echo(sentence, err=True)


def refuse(sentence: str) -> NoReturn:
    """Say why the input cannot be read, and end with status 2."""
    warn(sentence)
    sys.exit(2)
