"""Proves that every mistake has its sentence in both languages, that none is idle, and that it names what is wrong."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import cotutelle
from cotutelle.domain.check import WrongFigure
from cotutelle.rulebooks.mistakes import Mistake
from cotutelle.rulebooks.reading import read

PACKAGE = Path(cotutelle.__file__).parent
SENTENCES = {
    tag: tomllib.loads((PACKAGE / "rulebooks" / f"mistakes.{tag}.toml").read_text(encoding="utf-8"))
    for tag in ("fr", "en")
}
SOURCES = (
    "rulebooks/reading.py", "rulebooks/plans.py", "rulebooks/shelf.py", "operations/rulebook.py", "domain/check.py",
)  # fmt: skip


def words() -> set[str]:
    """Every text constant of the code that finds mistakes."""
    trees = (ast.parse((PACKAGE / source).read_text(encoding="utf-8")) for source in SOURCES)
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_both_languages_say_the_same_mistakes_with_the_same_names_and_none_is_idle() -> None:
    french, english = SENTENCES["fr"], SENTENCES["en"]
    assert french.keys() == english.keys()
    said = words()
    for key, sentence in english.items():
        assert key == "colon" or {key, key.removeprefix("figure_")} & said, key
        assert set(re.findall(r"{(\w+)}", sentence)) == set(re.findall(r"{(\w+)}", french[key])), key


def test_a_mistake_of_a_rule_is_said_in_french_with_its_name() -> None:
    mistake = Mistake(
        9, "figure", {"figure": "min", "check": "jury_size", "why": WrongFigure("missing")}, "IT-Y1"
    )
    assert mistake.said("fr") == "IT-Y1\u00a0: la valeur «\u00a0min\u00a0» de jury_size manque."
    assert mistake.text == "IT-Y1: figure “min” of jury_size is missing."


@pytest.mark.parametrize(
    "text", ["", "[rulebook", "[rulebook]\nid = 3", "x = 1", "[[rule]]\ncheck = 1\nfigures = 2"]
)
def test_whatever_is_wrong_is_a_sentence_in_both_languages(text: str) -> None:
    book, mistakes = read(text)
    assert book is None
    for mistake in mistakes:
        for language in SENTENCES:
            assert mistake.said(language).endswith(".")
            assert "{" not in mistake.said(language).replace("{ ", "")
