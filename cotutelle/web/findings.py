"""Findings as pages show them: grouped by who demands them, the broken first, each with its text and its source."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cotutelle.domain.dossier import Dossier
from cotutelle.domain.evaluation import Finding, worst_first
from cotutelle.domain.finding import Source, Verdict
from cotutelle.domain.rulebook import Library
from cotutelle.rulebooks.sentences import Speaker
from cotutelle.web.filters import day, locale

BROKEN = frozenset({Verdict.FAIL})
OPEN = frozenset({Verdict.PENDING, Verdict.NOT_EVALUABLE, Verdict.WARN, Verdict.DEROGATED})
VERDICTS = {
    "fail": _l("Not met"),
    "pending": _l("Waiting"),
    "not_evaluable": _l("Not known"),
    "warn": _l("Advice not followed"),
    "derogated": _l("Set aside by the convention"),
    "pass": _l("Met"),
    "not_applicable": _l("Not asked"),
}
SEVERITIES = {
    "legal": _l("law"),
    "institutional": _l("rule of the university"),
    "recommendation": _l("advice"),
}
CERTAINTIES = {
    "sourced": _l("read in its source"),
    "interpretation": _l("a reading that a jurist should confirm"),
    "to_verify": _l("still to be verified"),
}
READINGS = {
    "directors_counted": _l("directors who sit are not counted in shares"),
    "emeritus_rank_a": _l("emeriti count as rank A"),
    "external_to": _l("external means external to the institution itself"),
    "balance_tolerance": _l("numbers must be equal"),
}


def speaker(names: Mapping[str, str]) -> Speaker:
    """Says findings in the reader's language; `names` gives codes and seats theirs."""
    return Speaker(locale(), lambda code: names.get(code, code))


def names_of(library: Library, dossier: Dossier, seats: Mapping[str, str] | None = None) -> dict[str, str]:
    """Names of institutions as this thesis writes them, of others as the rulebooks do, and of the people who sit."""
    own = [book for book in library.books if book.scope.of_institution]
    known = {book.scope.institution: book.short_names[locale()] for book in own}
    return {**known, **{p.code: p.name or p.code for p in dossier.places}, **(seats or {})}


def groups(
    library: Library, dossier: Dossier, findings: Iterable[Finding], seats: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The findings by the law or university that demands them, those with something broken first."""
    words = speaker(names_of(library, dossier, seats))
    books = {book.id: book for book in library.books}
    positions = {place.code: n for n, place in enumerate(dossier.places, start=1)}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in worst_first(findings):
        book = books[finding.rule.book]
        own = book.scope.institution
        key = (book.id, finding.institution if own or len(_asking(dossier, book.scope.country)) > 1 else "")
        group = found.setdefault(
            key,
            {
                "title": book.names.get(locale(), book.names["en"]),
                "position": positions.get(own, 0) if own else 0,
                "broken": [], "open": [], "met": [], "aside": [],
            },
        )  # fmt: skip
        group[_shelf(finding.verdict)].append(shown(finding, words, dossier, seats or {}))
    return sorted(found.values(), key=lambda g: (not g["broken"], not g["position"], g["position"]))


def _asking(dossier: Dossier, country: str) -> list[str]:
    return [place.code for place in dossier.places if place.country == country]


def _shelf(verdict: Verdict) -> str:
    if verdict in BROKEN:
        return "broken"
    if verdict in OPEN:
        return "open"
    return "met" if verdict is Verdict.PASS else "aside"


def shown(finding: Finding, words: Speaker, dossier: Dossier, seats: Mapping[str, str]) -> dict[str, Any]:
    """One finding: what was seen, what is required, from which text, how sure, and under the other reading."""
    rule, source = finding.rule, finding.rule.source
    days = _("since %(day)s", day=day(rule.begin)) if rule.begin else ""
    return {
        "id": rule.id,
        "anchor": f"{rule.id}-{finding.institution}",
        "verdict": str(finding.verdict),
        "word": VERDICTS[str(finding.verdict)],
        "seen": words.seen(finding),
        "required": words.required(finding),
        "source": source_text(source),
        "url": source.url,
        "since": days,
        "severity": SEVERITIES[rule.severity],
        "certainty": CERTAINTIES[rule.certainty],
        "sure": rule.certainty == "sourced",
        "school": rule.scope.school,
        "clause": finding.clause,
        "lacks": finding.outcome.observed.get("facts", ()),
        "bar": _bar(finding, dossier, seats),
        "others": [
            {
                "reading": READINGS[other.reading],
                "word": VERDICTS[str(other.outcome.verdict)],
                "seen": words.outcome(rule, other.outcome, finding.institution),
            }
            for other in finding.readings
        ],
    }


def source_text(source: Source) -> str:
    """Where something is written: the text, and its article where one is named."""
    article = _("art. %(number)s", number=source.article) if source.article else ""
    return ", ".join(part for part in (source.text, article) if part)


def _bar(finding: Finding, dossier: Dossier, seats: Mapping[str, str]) -> dict[str, Any] | None:
    """Who counts towards a share or a number of voters, as boxes with initials."""
    outcome = finding.outcome
    share = {**finding.rule.figures, **outcome.required}.get("share")
    if dossier.jury is None or not seats or not isinstance(share, Fraction) or "of" not in outcome.observed:
        return None
    of, counted = int(outcome.observed["of"]), set(outcome.members)
    pool = [s for s in dossier.jury.members if s.id in counted]
    rest = [s for s in dossier.jury.members if s.id not in counted][: max(0, of - len(pool))]
    slots = [
        {"initials": initials(seats.get(s.id, "")), "counted": s.id in counted, "url": f"#seat-{s.id}"}
        for s in (*pool, *rest)
    ]
    text = speaker({}).share(share)
    return {
        "slots": slots,
        "required": float(share * of),
        "text": text,
        "met": finding.verdict is not Verdict.FAIL,
    }


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name; a dash for nobody yet."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalpha()]
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words)) or "–"
