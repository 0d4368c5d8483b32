"""What is wrong in a rulebook file, said in the reader's language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cotutelle.domain.check import WrongFigure


@cache
def _sentences(language: str) -> Mapping[str, str]:
    path = Path(__file__).with_name(f"mistakes.{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the line on which it stands, which it is, and what its sentence names.

    `rule` is the rule in which it stands, empty for the head or the whole file.
    """

    line: int
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""

    def said(self, language: str) -> str:
        """The mistake as a sentence."""
        named = {name: _shown(value, language) for name, value in self.values.items()}
        sentence = _sentences(language)[self.key].format(**named)
        return f"{self.rule}{_sentences(language)['colon']}{sentence}" if self.rule else sentence

    @property
    def text(self) -> str:
        """The sentence in English, for commands and logs."""
        return self.said("en")


def _shown(value: Any, language: str) -> str:
    if isinstance(value, WrongFigure):
        return _sentences(language)[f"figure_{value.key}"].format(**value.values)
    return str(value)
