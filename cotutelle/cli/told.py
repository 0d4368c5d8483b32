"""Findings and other values as the commands tell them: plain JSON, sentences in both languages."""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import click

from cotutelle.domain.evaluation import Finding
from cotutelle.rulebooks.sentences import Speaker


def described(finding: Finding, speakers: Mapping[str, Speaker]) -> dict[str, Any]:
    """A finding as plain JSON."""
    rule, source = finding.rule, finding.rule.source
    return {
        "rule": rule.id,
        "verdict": finding.verdict,
        "severity": rule.severity,
        "certainty": rule.certainty,
        "institution": finding.institution,
        "observed": finding.outcome.observed,
        "required": {**rule.figures, **finding.outcome.required},
        "since": rule.begin,
        "clause": finding.clause or None,
        "source": {"text": source.text, "article": source.article, "url": source.url},
        "sentence": {tag: speaker.sentence(finding) for tag, speaker in speakers.items()},
    }


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    click.echo(f"{json.dumps(plain(value), ensure_ascii=False, indent=1)}\n".encode(), nl=False)


def plain(value: Any) -> Any:
    """A value as JSON knows it: shares as "1/2", dates by their digits."""
    match value:
        case date():
            return value.isoformat()
        case Fraction():
            return str(value)
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case tuple() | list() | frozenset():
            return [plain(each) for each in value]
        case str():
            return str(value)
        case bool() | int() | float() | None:
            return value
        case _:
            return str(value)
