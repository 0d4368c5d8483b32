"""Reading a rulebook file: every mistake with its line and a sentence that says what to do."""

import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cotutelle.domain.check import Check
from cotutelle.domain.finding import Certainty, Severity, Source
from cotutelle.domain.rulebook import DatedBy, Rule, Rulebook, Scope
from cotutelle.domain.rules import CHECKS

MOST_BYTES = 1_000_000
_ID = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BOOK = {"id", "name", "short_name", "aliases", "schools", "scope", "read_on"}
_RULE = {
    "id", "school", "check", "figures", "severity", "certainty", "source", "from", "until", "dated_by",
}  # fmt: skip
_SCOPE = {"country", "region", "institution", "school"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a rulebook file, on which line."""

    line: int
    text: str


class _Lines:
    """Where things stand in a TOML text: the n-th rule, and a key inside it or inside the head."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.rules = [n for n, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]

    def head(self, key: str = "") -> int:
        """The line of a key of the head, else of ``[rulebook]``; 1 when there is none."""
        end = self.rules[0] if self.rules else len(self.lines)
        begin = next((n for n in range(end) if re.match(r"\s*\[\s*rulebook", self.lines[n])), 0)
        return self._key(key, begin, end)

    def rule(self, index: int, key: str = "") -> int:
        """The line of a key of the n-th rule, else of its ``[[rule]]``."""
        if index >= len(self.rules):
            return 1
        end = self.rules[index + 1] if index + 1 < len(self.rules) else len(self.lines)
        return self._key(key, self.rules[index], end)

    def _key(self, key: str, begin: int, end: int) -> int:
        found = (n for n in range(begin, end) if re.match(rf"\s*\"?{re.escape(key)}\b", self.lines[n]))
        return (next(found, begin) if key else begin) + 1


def read(text: str, name: str = "") -> tuple[Rulebook | None, list[Mistake]]:
    """The rulebook that a file holds, and what is wrong in it; None as soon as anything is.

    `name` is the name of the file without its ending; it must be the rulebook's id where given.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return None, [Mistake(1, "The file is larger than 1 MB: a rulebook is a few pages of text.")]
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # broken TOML, or a number of thousands of digits
        return None, [_broken(str(error), text)]
    lines = _Lines(text)
    mistakes: list[Mistake] = []
    book = _book(data, lines, mistakes, name)
    raw = data.get("rule", [])
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        mistakes.append(Mistake(1, "Rules are written under [[rule]], one table for each."))
        raw = []
    rules = [_rule(entry, n, lines, mistakes, book) for n, entry in enumerate(raw)]
    known = [rule for rule in rules if rule is not None]
    mistakes += _overlaps(known)
    if mistakes or book is None:
        return None, sorted(mistakes, key=lambda mistake: mistake.line)
    return replace(book, rules=tuple(known), digest=hashlib.sha256(text.encode()).hexdigest()), []


def _broken(error: str, text: str) -> Mistake:
    found = re.search(r"line (\d+)", error)
    last = len(text.splitlines()) if "end of document" in error else 1
    return Mistake(int(found[1]) if found else last, f"This is not TOML: {error}.")


def _book(data: Mapping[str, Any], lines: _Lines, mistakes: list[Mistake], name: str) -> Rulebook | None:
    head = data.get("rulebook")
    if not isinstance(head, dict):
        mistakes.append(Mistake(1, "The file has no [rulebook] with id, names and scope."))
        return None

    def wrong(key: str, text: str) -> None:
        mistakes.append(Mistake(lines.head(key), text))

    for key in head.keys() - _BOOK:
        wrong(key, f"“{key}” is nothing that a rulebook says; it says {', '.join(sorted(_BOOK))}.")
    for key in data.keys() - {"rulebook", "rule"}:
        mistakes.append(Mistake(1, f"“{key}” does not belong here: a file has [rulebook] and [[rule]]."))
    id_, names = head.get("id"), head.get("name")
    if not isinstance(id_, str) or not _CODE.fullmatch(id_):
        wrong("id", "id must be small letters, digits and hyphens, such as “bologna”.")
    elif name and id_ != name:
        wrong("id", f"id is “{id_}”, but the file is called “{name}.toml”: they must agree.")
    if not _in_both(names):
        wrong("name", "name.fr and name.en must both be given.")
    short = head.get("short_name", names)
    short = {"fr": short, "en": short} if isinstance(short, str) else short
    if _in_both(names) and not _in_both(short):
        wrong("short_name", "short_name is one text, or short_name.fr and short_name.en.")
    aliases = head.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and alias for alias in aliases):
        wrong("aliases", "aliases must be a list of names.")
    schools = head.get("schools", {})
    if not isinstance(schools, dict) or not all(isinstance(each, list) for each in schools.values()):
        wrong(
            "schools", 'schools gives other names of each school, such as { DI = ["veterinary medicine"] }.'
        )
        schools = {}
    read_on = head.get("read_on")
    if not _is_day(read_on):
        wrong("read_on", "read_on must be the day on which the sources were read, such as 2026-11-24.")
    scope = _scope(head.get("scope"), wrong)
    if scope is None or any(mistake for mistake in mistakes):
        return None
    called = {code: tuple(map(str, each)) for code, each in schools.items()}
    return Rulebook(str(id_), dict(names), scope, read_on, (), tuple(aliases), called, dict(short))  # type: ignore[arg-type]  # checked above


def _in_both(texts: Any) -> bool:
    """Whether a text is given in both languages."""
    return isinstance(texts, dict) and all(
        isinstance(texts.get(tag), str) and texts[tag] for tag in ("fr", "en")
    )


def _scope(given: Any, wrong: Any) -> Scope | None:
    if not isinstance(given, dict) or not given or given.keys() - _SCOPE:
        wrong(
            "scope",
            'scope must name where the rules hold, such as { institution = "bologna", country = "IT" }.',
        )
        return None
    if not all(isinstance(value, str) and value for value in given.values()):
        wrong("scope", "every part of scope must be a text.")
        return None
    if not re.fullmatch(r"[A-Z]{2}", str(given.get("country", ""))):
        wrong("scope", "scope needs the country by its two letters, such as “IT”.")
        return None
    return Scope(
        given["country"], given.get("region", ""), given.get("institution", ""), given.get("school", "")
    )


def _rule(
    entry: Mapping[str, Any], index: int, lines: _Lines, mistakes: list[Mistake], book: Rulebook | None
) -> Rule | None:
    before = len(mistakes)
    id_ = entry.get("id")
    named = id_ if isinstance(id_, str) else f"Rule {index + 1}"

    def wrong(key: str, text: str) -> None:
        mistakes.append(Mistake(lines.rule(index, key), f"{named}: {text}"))

    for key in entry.keys() - _RULE:
        wrong(key, f"“{key}” is nothing that a rule says; it says {', '.join(sorted(_RULE))}.")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        wrong("id", "id must be capital letters, digits and hyphens, such as “IT-Y1”.")
    check = _check(entry, wrong)
    figures = _figures(entry, check, wrong) if check else {}
    severity = _word(entry, "severity", Severity, wrong)
    certainty = _word(entry, "certainty", Certainty, wrong)
    dated_by = _word({"dated_by": "today", **entry}, "dated_by", DatedBy, wrong)
    if dated_by == DatedBy.ENROLMENT and check and "rank" not in check.figures:
        wrong("dated_by", "only a check with a rank is read by the day of each enrolment.")
    source = _source(entry.get("source"), wrong)
    begin, until = entry.get("from"), entry.get("until")
    for key, day in (("from", begin), ("until", until)):
        if day is not None and not _is_day(day):
            wrong(key, f"{key} must be a day, such as 2016-09-01.")
            return None
    if begin and until and until < begin:
        wrong("until", f"it ends on {until}, before it begins on {begin}.")
    school = entry.get("school", book.scope.school if book else "")
    if not isinstance(school, str):
        wrong("school", "school must be the code of a school or faculty.")
    elif school and book and not book.scope.institution:
        wrong("school", "only a rulebook of an institution has rules of its schools.")
    if len(mistakes) > before or book is None or check is None or source is None:
        return None
    assert severity
    assert certainty
    assert dated_by
    return Rule(
        str(id_), book.id, replace(book.scope, school=school), check, figures, Severity(severity),
        Certainty(certainty), source, begin, until, DatedBy(dated_by), lines.rule(index),
    )  # fmt: skip


def _check(entry: Mapping[str, Any], wrong: Any) -> Check | None:
    name = entry.get("check")
    if isinstance(name, str) and name in CHECKS:
        return CHECKS[name]
    wrong("check", f"there is no check “{name}”. `cotutelle rulebooks checks` lists those there are.")
    return None


def _figures(entry: Mapping[str, Any], check: Check, wrong: Any) -> dict[str, Any]:
    given = entry.get("figures", {})
    if not isinstance(given, dict):
        wrong("figures", "figures must be a table, such as { min = 4, max = 8 }.")
        return {}
    figures, faults = check.read(given)
    for figure, why in faults:
        wrong("figures", f"figure “{figure}” of {check.name} {why}.")
    least, most = figures.get("min"), figures.get("max")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        wrong("figures", f"min is {least}, more than max, which is {most}.")
    return figures


def _word(entry: Mapping[str, Any], key: str, kind: Any, wrong: Any) -> str | None:
    value = entry.get(key)
    if value in [str(word) for word in kind]:
        return str(value)
    wrong(key, f"{key} must be one of {', '.join(kind)}, not {value!r}.")
    return None


def _source(given: Any, wrong: Any) -> Source | None:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or not given["text"].strip():
        wrong(
            "source", 'source must name the text, such as { text = "…", article = "18", url = "https://…" }.'
        )
        return None
    if given.keys() - {"text", "article", "url"} or not all(
        isinstance(value, str) for value in given.values()
    ):
        wrong("source", "source has text, article and url, each a text.")
        return None
    if given.get("url") and not re.fullmatch(r"https?://[^\s<>\"]+", given["url"]):
        wrong("source", f"the address {given['url']!r} must begin with http:// or https://.")
        return None
    return Source(given["text"], given.get("article", ""), given.get("url", ""))


def _is_day(value: Any) -> bool:
    """Whether a value is a day of the years in which universities have rules, and not an hour of one."""
    return isinstance(value, date) and not isinstance(value, datetime) and 1000 <= value.year <= 3000


def _overlaps(rules: list[Rule]) -> Iterator[Mistake]:
    """Entries under one id are one rule over time: their days must not overlap, their place must agree."""
    by_id: dict[str, list[Rule]] = {}
    for rule in rules:
        by_id.setdefault(rule.id, []).append(rule)
    for id_, entries in by_id.items():
        ordered = sorted(entries, key=lambda rule: rule.begin or date.min)
        for first, second in itertools.pairwise(ordered):
            if first.until is None or second.begin is None or first.until >= second.begin:
                yield Mistake(
                    second.line,
                    f"{id_}: this entry overlaps the one of line {first.line}; give one an until.",
                )
            if first.scope != second.scope or first.dated_by is not second.dated_by:
                yield Mistake(
                    second.line,
                    f"{id_}: entries under one id need the same school and dated_by (line {first.line}).",
                )
