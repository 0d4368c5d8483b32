"""Findings in words: one sentence from the figures of each, in French or in English, never typed beside them."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from cotutelle.domain.calendar import year_label
from cotutelle.domain.check import Topic
from cotutelle.domain.demand import Meeting
from cotutelle.domain.evaluation import Finding
from cotutelle.domain.finding import Outcome, Verdict
from cotutelle.domain.rulebook import Library, Rule

LANGUAGES = ("fr", "en")
Name = Callable[[str], str]
_HOLE = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}")
_LANGUAGE_FIGURES = frozenset({"language", "languages", "need_language", "need_languages"})


@cache
def _words(language: str) -> Mapping[str, Any]:
    path = Path(__file__).with_name(f"sentences.{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


class Speaker:
    """Says findings in one language; `name` gives institutions and people their names."""

    def __init__(self, language: str, name: Name = str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self.words, self.name = _words(self.language), name

    def sentence(self, finding: Finding) -> str:
        """The whole sentence: what was seen, what is required, and the clause that sets it aside."""
        seen, required = self.seen(finding), self.required(finding)
        if finding.verdict is Verdict.NOT_APPLICABLE:
            return f"{seen}."
        parts = [seen, required] if required else [seen]
        if finding.clause:
            parts.append(self._fill(self.words["any"]["derogated"], {"clause": finding.clause}))
        between = "\u00a0; " if self.language == "fr" else "; "
        return between.join(parts) + "."

    def seen(self, finding: Finding) -> str:
        """What was observed, without its full stop."""
        return self.outcome(finding.rule, finding.outcome, finding.institution)

    def outcome(self, rule: Rule, outcome: Outcome, institution: str) -> str:
        """What an outcome observed under a rule."""
        own = self.words[rule.check.name]
        text = own.get(outcome.say) or self.words["any"][outcome.say]
        return self._fill(_chosen(text, rule), self._values(rule, outcome, institution))

    def required(self, finding: Finding) -> str:
        """What the rule asks for, without its full stop; empty when a figure of it is not known."""
        rule, outcome = finding.rule, finding.outcome
        text = _chosen(self.words[rule.check.name]["rule"], rule)
        values = self._values(rule, outcome, finding.institution)
        known = all(hole[1] in values for hole in _HOLE.finditer(text))
        return self._fill(text, values) if known else ""

    def rule(self, rule: Rule, institution: str = "") -> str:
        """The rule as a sentence of its own, for readers of rulebooks."""
        nothing = Outcome(Verdict.PASS, "rule")
        text = _chosen(self.words[rule.check.name]["rule"], rule)
        values = self._values(rule, nothing, institution or rule.scope.institution)
        values.update(dict.fromkeys({h[1] for h in _HOLE.finditer(text)} - values.keys(), "…"))
        filled = self._fill(text, values)
        return f"{filled[:1].upper()}{filled[1:]}."

    def topic(self, topic: Topic) -> str:
        """The name of a topic."""
        return str(self.words["topic"][topic.value])

    def way_out(self, meeting: Meeting) -> str:
        """How the convention would settle a topic; empty where nothing needs settling."""
        text = self.words["way_out"].get(meeting.way_out, "")
        return self._fill(text, {**(meeting.satisfies_all or {}), **meeting.settling})

    def word(self, key: str) -> str:
        """A fact, an event, a form or a state in words; a code that is none of these by its name."""
        return str(self.words["words"].get(key) or self.name(key))

    def share(self, share: Fraction) -> str:
        """A share in words where it has one, else as a fraction."""
        return str(self.words["words"].get(f"share_{share.numerator}_{share.denominator}", str(share)))

    def _values(self, rule: Rule, outcome: Outcome, institution: str) -> dict[str, Any]:
        required = {**rule.figures, **outcome.required}
        values: dict[str, Any] = {f"need_{key}": value for key, value in required.items()}
        if "anchor" in rule.figures:
            values["when"] = self._when(rule.figures)
        if "at" in rule.figures:
            values["length"] = self._length(rule, outcome)
        return {"place": institution or "any_place", **values, **outcome.observed}

    def _when(self, figures: Mapping[str, Any]) -> str:
        """How a day stands to its anchor: “at least 3 months before the defence”."""
        words = self.words["words"]
        if "years_end" in figures:
            return self._fill(words["years_end"], {"n": figures["years_end"]})
        for unit in ("month", "day", "working_day"):
            n = figures.get(f"{unit}s", 0)
            if n:
                length = self._fill(words[unit], {"n": abs(n)})
                kind = "before_day" if n < 0 else "after_day"
                return self._fill(words[kind], {"n": length, "anchor": figures["anchor"]})
        kind = "strictly" if figures.get("strictly") else "by_day"
        return self._fill(words[kind], {"anchor": figures["anchor"]})

    def _length(self, rule: Rule, outcome: Outcome) -> str:
        """A length in months, or as a share of the duration where that is what the rule says."""
        words = self.words["words"]
        if "share" in rule.figures:
            return self._fill(words["of_duration"], {"share": rule.figures["share"]})
        return self._fill(words["month"], {"n": rule.figures.get("months", 0)})

    def _fill(self, text: str, values: Mapping[str, Any]) -> str:
        def put(hole: re.Match[str]) -> str:
            value = values.get(hole[1], "")
            if hole[2] is None:
                return self._shown(hole[1], value)
            one = abs(value) < 2 if self.language == "fr" else value == 1
            return hole[2] if one else hole[3]

        return _HOLE.sub(put, text)

    def _shown(self, key: str, value: Any) -> str:
        if key.removeprefix("need_") == "share" and isinstance(value, Fraction):
            return self.share(value)
        if key in _LANGUAGE_FIGURES:
            tags = value.split() if isinstance(value, str) else value
            return self._listed([str(Locale.parse(self.language).languages.get(tag, tag)) for tag in tags])
        if key == "need_forms":
            return self._listed([self.word(form) for form in value], "or")
        if key.removeprefix("need_") == "years":
            return self._listed([year_label(year, 9) for year in value])
        return self._plain(value)

    def _plain(self, value: Any) -> str:
        match value:
            case bool():
                return str(value)
            case date():
                shown = str(format_date(value, "long", locale="en_GB" if self.language == "en" else "fr"))
                return f"1er{shown[1:]}" if self.language == "fr" and value.day == 1 else shown
            case int() | Fraction() | Decimal():
                number = (
                    Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value
                )
                return str(format_decimal(number, "#,##0.##", locale=self.language)).replace(
                    "\u202f", "\u00a0"
                )
            case tuple() | list():
                return self._listed([self._plain(each) for each in value])
            case dict():
                return ", ".join(f"{self.name(code)} {self._plain(each)}" for code, each in value.items())
            case _:
                return self.word(str(value))

    def _listed(self, words: list[str], last: str = "and") -> str:
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.words['words'][last]} {words[-1]}"


def names_in(library: Library, language: str) -> Name:
    """Short names of institutions as the rulebooks give them; a code that none knows stays itself."""

    def name(code: str) -> str:
        book = library.by_code.get(code.replace("-", ""))
        return book.short_names[language] if book else code

    return name


def _chosen(text: Any, rule: Rule) -> str:
    """A sentence that depends on a word of the rule."""
    if isinstance(text, str):
        return text
    value = rule.figures.get(text["by"])
    return str(text[str(value).lower() if isinstance(value, bool) else str(value)])
