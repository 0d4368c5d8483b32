"""The wordings of the convention: every fragment that the clauses can choose is worded, in step, in each language.

The files are read as plain text; the builders are driven with many constructed facts, so that a fragment or a
value that one side has and the other lacks is found here and not in somebody's document.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from cotutelle.domain.convention.catalogue import AMENDING, ANNEXES, CLAUSES, Part
from cotutelle.domain.convention.terms import TERMS
from cotutelle.domain.convention.values import Blank, Word
from tests.documents.situations import (
    GENDERS,
    chosen,
    printed,
)

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "templates" / "documents"
LANGUAGES = ("fr", "en", "nl", "de", "es", "it", "pt")
SIGNING_ROLES = ("candidate", "director", "co_director", "unit_head", "school_head", "head")
FRAME = (
    "title",
    "article",
    "article_number",
    "annex",
    "annexes",
    "part",
    "signatures",
    "draft",
    "draft_note",
    "to_give",
    "language_name",
    "authoritative",
    "done_in",
    "place_date_signature",
    "reference",
    "version",
    "fingerprint",
    "page",
    "of",
    "between",
    "signatures_note",
    "verify",
    "verify_text",
)
IDS = [clause.id for clause in (*CLAUSES, *ANNEXES, *AMENDING)]
VARIABLE = re.compile(r"\{\{([a-z_]+)\}\}")
NBSP, NARROW = "\u00a0", "\u202f"


# The files


@cache
def source(clause: str, language: str) -> str:
    return (FOLDER / "clauses" / f"{clause}.{language}.md").read_text(encoding="utf-8")


@cache
def front(clause: str, language: str) -> dict[str, str]:
    opening, head, _body = source(clause, language).split("---\n", 2)
    assert opening == "", "a wording begins with its front matter"
    return dict(line.split(": ", 1) for line in head.splitlines())


@cache
def parsed(clause: str, language: str) -> tuple[str, dict[str, list[str]]]:
    """Title, and under each fragment its lines that are not empty."""
    body = source(clause, language).split("---\n", 2)[2]
    head, *rest = re.split(r"^## ", body, flags=re.MULTILINE)
    fragments: dict[str, list[str]] = {}
    for part in rest:
        key, *lines = part.splitlines()
        assert key not in fragments, f"{clause}.{language}: {key} is worded twice"
        fragments[key] = [line for line in lines if line.strip()]
    return head.strip(), fragments


def fragments(clause: str, language: str) -> dict[str, str]:
    return {key: "\n".join(lines) for key, lines in parsed(clause, language)[1].items()}


@cache
def words(language: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / f"words.{language}.toml").read_text(encoding="utf-8"))


def flat(table: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(table, dict):
        for key, item in table.items():
            yield from flat(item, f"{prefix}.{key}" if prefix else key)
    else:
        yield prefix, str(table)


def every_text(language: str) -> Iterator[tuple[str, str]]:
    """Every printed text of a language with the place where it stands."""
    for clause in IDS:
        yield f"{clause}.{language} title", parsed(clause, language)[0].removeprefix("# ")
        for key, text in fragments(clause, language).items():
            yield f"{clause}.{language} {key}", text
    for key, text in flat(words(language)):
        yield f"words.{language} {key}", text


# The builders, driven


def names_of_facts() -> set[str]:
    """Every name that the clause modules give to a fact, read in their source."""
    found = {term.key for term in TERMS} | {"subject"}  # what a text drafted elsewhere may lack
    for path in (ROOT / "cotutelle" / "domain" / "convention").glob("clauses_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            place = 1 if named and node.func.id == "worded" else 0
            if (
                named
                and node.func.id in {"known", "Blank", "worded"}
                and isinstance(node.args[place], ast.Constant)
            ):
                found.add(str(node.args[place].value))
    return found


# What must hold


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_and_annex_has_a_wording_with_its_state_and_version(language: str) -> None:
    on_disk = {path.name for path in (FOLDER / "clauses").glob(f"*.{language}.md")}
    assert on_disk == {f"{clause}.{language}.md" for clause in IDS}
    for clause in IDS:
        head = front(clause, language)
        assert set(head) == {"state", "version"}, clause
        assert head["state"] == "drafted" or head["state"].startswith("read by "), clause
        assert int(head["version"]) >= 1, clause
        title = parsed(clause, language)[0]
        assert title.startswith("# "), clause
        assert "\n" not in title, clause


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_words_the_same_fragments_with_the_same_variables(language: str) -> None:
    for clause in IDS:
        french, other = fragments(clause, "fr"), fragments(clause, language)
        assert list(french) == list(other), clause
        for key, text in french.items():
            assert set(VARIABLE.findall(text)) == set(VARIABLE.findall(other[key])), f"{clause} {key}"


@pytest.mark.parametrize("clause", IDS)
def test_exactly_the_fragments_that_a_builder_can_choose_are_worded(clause: str) -> None:
    wanted = {fragment for of, fragment in chosen() if of == clause}
    for language in LANGUAGES:
        assert set(fragments(clause, language)) == wanted, language


def test_a_builder_gives_a_fragment_the_same_values_every_time() -> None:
    assert {key: names for key, names in chosen().items() if len(names) != 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fragment_uses_exactly_the_values_that_its_builder_gives(language: str) -> None:
    for (clause, fragment), given in chosen().items():
        text = fragments(clause, language)[fragment]
        assert {frozenset(VARIABLE.findall(text))} == given, f"{clause}.{language} {fragment}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fragment_is_one_paragraph_of_closed_markdown(language: str) -> None:
    for clause in IDS:
        for key, lines in parsed(clause, language)[1].items():
            place = f"{clause}.{language} {key}"
            assert len(lines) == 1, f"{place} is not one paragraph"
            text = VARIABLE.sub("x", lines[0])
            assert text == text.strip(), place
            assert text.endswith("."), place
            assert not re.search(r"[<>\[\]{}`|\\_#~]|\.\.|  ", text), place
            assert not re.match(r"[-+] |\* |\d+[.)] ", text), place
            assert text.count("**") % 2 == 0, place
            assert text.replace("**", "").count("*") % 2 == 0, place


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_all_files_of_words_have_the_same_keys_and_variables(language: str) -> None:
    french, other = dict(flat(words("fr"))), dict(flat(words(language)))
    assert list(french) == list(other)
    for key, text in french.items():
        assert other[key].strip(), key
        assert set(VARIABLE.findall(text)) == set(VARIABLE.findall(other[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_cover_what_the_builders_print_and_nothing_else(language: str) -> None:
    tables = ("head", "cover", "funding", "cost", "trigger", "signature")
    kept = {key for key, _ in flat(words(language)) if key.split(".")[0] in tables}
    assert kept == {value.key for value in printed() if isinstance(value, Word)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_that_can_be_missing_has_its_words(language: str) -> None:
    named = words(language)["fact"]
    assert isinstance(named, dict)
    assert {value.fact for value in printed() if isinstance(value, Blank)} <= names_of_facts()
    assert set(named) == names_of_facts()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_the_parts_and_the_roles_are_complete(language: str) -> None:
    kept = {key for key, text in flat(words(language)) if text.strip()}
    wanted = {f"frame.{key}" for key in FRAME} | {f"part.{part.value}" for part in Part}
    wanted |= {f"role.{role}.{gender}" for role in SIGNING_ROLES for gender in GENDERS}
    assert wanted <= kept
    verify = dict(flat(words(language)))["frame.verify_text"]
    assert set(VARIABLE.findall(verify)) == {"reference", "fingerprint"}


def test_french_has_its_apostrophes_and_its_no_break_spaces() -> None:
    for place, text in every_text("fr"):
        assert "'" not in text, place
        assert '"' not in text, place
        assert NARROW not in text, place
        assert not re.search(rf"[^{NBSP}][;!?»]|[^{NBSP}]:(?!//)|«[^{NBSP}]", text), place
        assert "…" not in text, place


def test_english_has_its_quotation_marks() -> None:
    for place, text in every_text("en"):
        assert "'" not in text, place
        assert '"' not in text, place
        assert NARROW not in text, place
        assert text.count("“") == text.count("”"), place
        assert not re.search(r"[\s\u00a0][:;?!]", text), place


QUOTED = {"fr": "«»", "en": "“”", "nl": "“”", "de": "„“", "es": "«»", "it": "«»", "pt": "“”"}


@pytest.mark.parametrize("language", ["nl", "de", "es", "it", "pt"])
def test_other_languages_have_their_quotation_marks_and_no_typewriter_signs(language: str) -> None:
    opening, closing = QUOTED[language]
    for place, text in every_text(language):
        assert "'" not in text, place
        assert '"' not in text, place
        assert NARROW not in text, place
        assert "…" not in text, place
        assert not re.search(r"\s[:;?!,.]", text), place
        assert text.count(opening) == text.count(closing), place


NEVER = {
    "fr": r"les deux (établissements|universités|parties)|partenaires?\b|côté français|partie française",
    "en": r"\bboth\b|\bpartners?\b|\bFrench (side|party|partner|institution)|\bviva\b|\btwo institutions\b",
    "nl": r"\bbeide (instellingen|universiteiten|partijen)|partner|\btwee instellingen\b",
    "de": r"\bbeiden? (Einrichtungen|Hochschulen|Universitäten|Parteien)|Partner(?!schaft)|\bzwei (Einrichtungen|Hochschulen)",
    "es": r"\bambas (instituciones|universidades|partes)|socios?\b|\bdos instituciones\b",
    "it": r"\bentrambe le|\bambedue|partner|\bdue (istituzioni|università)\b",
    "pt": r"\bambas as|parceir|\bduas (instituições|universidades)\b",
}
AT_LEAST = {
    "en": "two institutions remain",
    "nl": "twee instellingen partij blijven",
    "de": "zwei Hochschulen",
    "es": "dos instituciones",
    "it": "due istituzioni",
    "pt": "duas instituições",
}
"""“At least two institutions remain” counts those that are left, in one clause."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_supposes_two_parties_or_a_french_one(language: str) -> None:
    for place, text in every_text(language):
        allowed = AT_LEAST.get(language, "") if place.startswith("CL-36") else ""
        said = VARIABLE.sub("x", text.replace(allowed, "") if allowed else text)
        assert not re.search(NEVER[language], said, re.IGNORECASE), place


def quoted(text: str, language: str) -> list[str]:
    opening, closing = QUOTED[language]
    return [name.strip(NBSP) for name in re.findall(f"{opening}([^{opening}{closing}]+){closing}", text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_annex_or_article_named_in_a_wording_bears_that_title(language: str) -> None:
    titles = {tag: {parsed(clause, tag)[0].removeprefix("# ") for clause in IDS} for tag in ("en", language)}
    found = 0
    for clause in IDS:
        for key, text in fragments(clause, "en").items():
            named = [name for name in quoted(text, "en") if name in titles["en"]]
            other = quoted(fragments(clause, language)[key], language)
            assert len(named) == len([name for name in other if name in titles[language]]), f"{clause} {key}"
            found += len(named)
    assert found >= 5
