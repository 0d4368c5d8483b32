"""Reading a rulebook file: every mistake with its line and a sentence that says what to do."""

import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from cotutelle.domain.check import Check
from cotutelle.domain.finding import Certainty, Severity, Source
from cotutelle.domain.rulebook import DatedBy, Rule, Rulebook, Scope
from cotutelle.domain.rules import CHECKS
from cotutelle.rulebooks.mistakes import Mistake

MOST_BYTES = 1_000_000
_ID = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BOOK = {"id", "name", "short_name", "aliases", "schools", "scope", "read_on"}
_RULE = {
    "id", "school", "check", "figures", "severity", "certainty", "source", "from", "until", "dated_by",
}  # fmt: skip
_SCOPE = {"country", "region", "institution", "school", "partnership"}


class Lines:
    """Where things stand in a TOML text: the n-th rule (or milestone), and a key inside it or inside the head."""

    def __init__(self, text: str, head: str = "rulebook", table: str = "rule") -> None:
        self.lines, self._head = text.splitlines(), head
        begins = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
        self.rules = [n for n, line in enumerate(self.lines) if begins.match(line)]

    def head(self, key: str = "") -> int:
        """The line of a key of the head, else of the head itself; 1 when there is none."""
        end = self.rules[0] if self.rules else len(self.lines)
        begin = next((n for n in range(end) if re.match(rf"\s*\[\s*{self._head}", self.lines[n])), 0)
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
        return None, [Mistake(1, "large")]
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # broken TOML, or a number of thousands of digits
        return None, [broken(str(error), text)]
    lines = Lines(text)
    mistakes: list[Mistake] = []
    book = _book(data, lines, mistakes, name)
    raw = data.get("rule", [])
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        mistakes.append(Mistake(1, "no_rules_table"))
        raw = []
    rules = [_rule(entry, n, lines, mistakes, book) for n, entry in enumerate(raw)]
    known = [rule for rule in rules if rule is not None]
    mistakes += _overlaps(known)
    if mistakes or book is None:
        return None, sorted(mistakes, key=lambda mistake: mistake.line)
    return replace(book, rules=tuple(known), digest=hashlib.sha256(text.encode()).hexdigest()), []


def broken(error: str, text: str) -> Mistake:
    """What is wrong in a text that is not TOML, on the line that its reader names."""
    found = re.search(r"line (\d+)", error)
    last = len(text.splitlines()) if "end of document" in error else 1
    return Mistake(int(found[1]) if found else last, "not_toml", {"why": error})


def _book(data: Mapping[str, Any], lines: Lines, mistakes: list[Mistake], name: str) -> Rulebook | None:
    head = data.get("rulebook")
    if not isinstance(head, dict):
        mistakes.append(Mistake(1, "no_head"))
        return None

    def wrong(at: str, mistake: str, **values: Any) -> None:
        mistakes.append(Mistake(lines.head(at), mistake, values))

    for key in head.keys() - _BOOK:
        wrong(key, "stray_head", key=key, known=", ".join(sorted(_BOOK)))
    for key in data.keys() - {"rulebook", "rule"}:
        mistakes.append(Mistake(1, "stray_table", {"key": key}))
    id_, names = head.get("id"), head.get("name")
    if not isinstance(id_, str) or not _CODE.fullmatch(id_):
        wrong("id", "book_id")
    elif name and id_ != name:
        wrong("id", "book_name", id=id_, name=name)
    if not in_both(names):
        wrong("name", "names")
    short = head.get("short_name", names)
    short = {"fr": short, "en": short} if isinstance(short, str) else short
    if in_both(names) and not in_both(short):
        wrong("short_name", "short_name")
    aliases = head.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and alias for alias in aliases):
        wrong("aliases", "aliases")
    schools = head.get("schools", {})
    if not isinstance(schools, dict) or not all(isinstance(each, list) for each in schools.values()):
        wrong("schools", "schools")
        schools = {}
    read_on = head.get("read_on")
    if not is_day(read_on):
        wrong("read_on", "read_on")
    scope = _scope(head.get("scope"), wrong)
    if scope is None or any(mistake for mistake in mistakes):
        return None
    called = {code: tuple(map(str, each)) for code, each in schools.items()}
    return Rulebook(str(id_), dict(names), scope, read_on, (), tuple(aliases), called, dict(short))  # type: ignore[arg-type]  # checked above


def in_both(texts: Any) -> bool:
    """Whether a text is given in both languages."""
    return isinstance(texts, dict) and all(
        isinstance(texts.get(tag), str) and texts[tag] for tag in ("fr", "en")
    )


def _scope(given: Any, wrong: Any) -> Scope | None:
    if not isinstance(given, dict) or not given or given.keys() - _SCOPE:
        wrong("scope", "scope")
        return None
    if not all(isinstance(value, str) and value for value in given.values()):
        wrong("scope", "scope_text")
        return None
    if not re.fullmatch(r"[A-Z]{2}", str(given.get("country", ""))):
        wrong("scope", "scope_country")
        return None
    return Scope(
        given["country"],
        given.get("region", ""),
        given.get("institution", ""),
        given.get("school", ""),
        given.get("partnership", ""),
    )


def _rule(
    entry: Mapping[str, Any], index: int, lines: Lines, mistakes: list[Mistake], book: Rulebook | None
) -> Rule | None:
    before = len(mistakes)
    id_ = entry.get("id")
    named = id_ if isinstance(id_, str) else f"Rule {index + 1}"

    def wrong(at: str, mistake: str, **values: Any) -> None:
        mistakes.append(Mistake(lines.rule(index, at), mistake, values, named))

    for key in entry.keys() - _RULE:
        wrong(key, "stray_key", key=key, known=", ".join(sorted(_RULE)))
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        wrong("id", "rule_id")
    check = _check(entry, wrong)
    figures = _figures(entry, check, wrong) if check else {}
    severity = word(entry, "severity", Severity, wrong)
    certainty = word(entry, "certainty", Certainty, wrong)
    dated_by = word({"dated_by": "today", **entry}, "dated_by", DatedBy, wrong)
    if dated_by == DatedBy.ENROLMENT and check and "rank" not in check.figures:
        wrong("dated_by", "by_enrolment")
    source = source_of(entry.get("source"), wrong)
    begin, until = entry.get("from"), entry.get("until")
    for key, day in (("from", begin), ("until", until)):
        if day is not None and not is_day(day):
            wrong(key, "day", key=key)
            return None
    if begin and until and until < begin:
        wrong("until", "until_before", until=until, begin=begin)
    school = entry.get("school", book.scope.school if book else "")
    if not isinstance(school, str):
        wrong("school", "school_text")
    elif school and book and not book.scope.institution:
        wrong("school", "school_stray")
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
    wrong("check", "no_check", name=name)
    return None


def _figures(entry: Mapping[str, Any], check: Check, wrong: Any) -> dict[str, Any]:
    given = entry.get("figures", {})
    if not isinstance(given, dict):
        wrong("figures", "figures")
        return {}
    figures, faults = check.read(given)
    for figure, why in faults:
        wrong("figures", "figure", figure=figure, check=check.name, why=why)
    least, most = figures.get("min"), figures.get("max")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        wrong("figures", "least_most", least=least, most=most)
    return figures


def word(entry: Mapping[str, Any], key: str, kind: Any, wrong: Any) -> str | None:
    """One of the words of an enumeration; None, and a mistake, for any other."""
    value = entry.get(key)
    if value in [str(word) for word in kind]:
        return str(value)
    wrong(key, "choice", key=key, choices=", ".join(kind), value=f"{value!r:.40}")
    return None


def source_of(given: Any, wrong: Any) -> Source | None:
    """Where something is written: text, article, address; None, and a mistake, for anything else."""
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or not given["text"].strip():
        wrong("source", "source")
        return None
    if given.keys() - {"text", "article", "url"} or not all(
        isinstance(value, str) for value in given.values()
    ):
        wrong("source", "source_parts")
        return None
    if given.get("url") and not re.fullmatch(r"https?://[^\s<>\"]+", given["url"]):
        wrong("source", "source_address", address=f"{given['url']!r:.80}")
        return None
    return Source(given["text"], given.get("article", ""), given.get("url", ""))


def is_day(value: Any) -> bool:
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
                yield Mistake(second.line, "overlap", {"id": id_, "line": first.line})
            if first.scope != second.scope or first.dated_by is not second.dated_by:
                yield Mistake(second.line, "apart", {"id": id_, "line": first.line})
