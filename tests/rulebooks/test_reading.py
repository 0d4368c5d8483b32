"""Proves that a rulebook file is read, or refused with the right line and a sentence, whatever it holds."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotutelle.domain.rulebook import DatedBy, Scope
from cotutelle.rulebooks.reading import MOST_BYTES, read
from cotutelle.rulebooks.shelf import read_folder

BOOKS = sorted((Path(__file__).parents[2] / "cotutelle" / "rulebooks" / "books").glob("*.toml"))
BOOK = """\
[rulebook]
id = "somewhere"
name.fr = "Quelque part"
name.en = "Somewhere"
scope = { institution = "somewhere", country = "FR" }
read_on = 2026-11-24

[[rule]]
id = "SW-SIZE"
check = "jury_size"
figures = { min = 4, max = 8 }
severity = "institutional"
certainty = "sourced"
source = { text = "Règlement", article = "3", url = "https://somewhere.example/rules" }
from = 2016-09-01
dated_by = "defence"
"""
RULE = BOOK[BOOK.index("[[rule]]") :]


def with_(old: str, new: str) -> str:
    assert old in BOOK
    return BOOK.replace(old, new)


def without(start: str) -> str:
    return re.sub(rf"(?m)^{re.escape(start)}.*\n", "", BOOK)


@pytest.mark.parametrize("path", BOOKS, ids=[path.stem for path in BOOKS])
def test_every_shipped_book_reads(path: Path) -> None:
    book, mistakes = read(path.read_text(encoding="utf-8"), path.stem)
    assert not mistakes
    assert book
    assert book.id == path.stem
    assert book.read_on


def test_a_book_is_read_into_values() -> None:
    book, mistakes = read(BOOK, "somewhere")
    assert mistakes == []
    assert book
    assert book.names == {"fr": "Quelque part", "en": "Somewhere"}
    assert book.short_names == {"fr": "Quelque part", "en": "Somewhere"}
    assert book.scope == Scope("FR", "", "somewhere")
    (rule,) = book.rules
    assert (rule.id, rule.book, rule.line) == ("SW-SIZE", "somewhere", 8)
    assert rule.figures == {"min": 4, "max": 8}
    assert (rule.begin, rule.until, rule.dated_by) == (date(2016, 9, 1), None, DatedBy.DEFENCE)
    assert rule.source.article == "3"
    assert rule.binding


def test_a_share_is_read_as_a_fraction() -> None:
    text = with_(
        'check = "jury_size"\nfigures = { min = 4, max = 8 }',
        'check = "jury_rank"\nfigures = { share = "3/7" }',
    )
    book, _mistakes = read(text)
    assert book
    assert book.rules[0].figures["share"] == Fraction(3, 7)


WRONG: dict[str, tuple[str, int, str]] = {
    "nothing": ("", 1, r"no \[rulebook\]"),
    "no TOML": (with_('id = "somewhere"', "id = somewhere"), 2, "This is not TOML"),
    "an open string": (BOOK + 'x = "', 17, "This is not TOML"),
    "far too deep": ("x = " + "[" * 100_000, 1, "not TOML"),
    "two megabytes": (BOOK + "#" * 2_000_000, 1, "larger than 1 MB"),
    "an unknown key of the book": (with_("read_on", "owner = 1\nread_on"), 6, "“owner” is nothing that a rulebook"),
    "an unknown table": (BOOK + "[annex]\n", 1, "“annex” does not belong here"),
    "a wrong id of the book": (with_('id = "somewhere"', 'id = "Some where"'), 2, "small letters"),
    "an id that is not the file's": (with_('id = "somewhere"', 'id = "elsewhere"'), 2, "called “somewhere.toml”"),
    "one language": (without("name.fr"), 3, "name.fr and name.en"),
    "an empty name": (with_('name.fr = "Quelque part"', 'name.fr = ""'), 3, "name.fr and name.en"),
    "aliases that are no list": (with_("read_on", 'aliases = "SW"\nread_on'), 6, "aliases must be a list"),
    "schools that are no table": (with_("read_on", 'schools = ["DI"]\nread_on'), 6, "schools gives other names"),
    "no day of reading": (without("read_on"), 1, "read_on must be the day"),
    "an hour of reading": (with_("read_on = 2026-11-24", "read_on = 2026-11-24T10:00:00"), 6, "read_on must be the day"),
    "no scope": (without("scope"), 1, "scope must name where"),
    "an empty scope": (with_('{ institution = "somewhere", country = "FR" }', "{}"), 5, "scope must name where"),
    "an unknown scope": (with_('institution = "somewhere"', 'planet = "Earth"'), 5, "scope must name where"),
    "a scope that is no text": (with_('institution = "somewhere"', "institution = 3"), 5, "must be a text"),
    "no country": (with_(', country = "FR"', ""), 5, "country by its two letters"),
    "a long country": (with_('country = "FR"', 'country = "France"'), 5, "country by its two letters"),
    "rules that are no tables": (BOOK[: BOOK.index("[[rule]]")].replace("[rulebook]", "rule = 3\n[rulebook]"), 1,
                                 r"under \[\[rule\]\]"),
    "an unknown key of a rule": (with_("severity", "colour = 1\nseverity"), 12, "SW-SIZE: “colour” is nothing"),
    "no id": (without('id = "SW-SIZE"'), 8, "Rule 1: id must be capital letters"),
    "a small id": (with_("SW-SIZE", "sw-size"), 9, "id must be capital letters"),
    "an unknown check": (with_('"jury_size"', '"jury_weight"'), 10, "no check “jury_weight”"),
    "a check that is a list": (with_('"jury_size"', '["jury_size"]'), 10, "there is no check"),
    "no check": (without("check"), 8, "there is no check"),
    "figures that are no table": (with_("{ min = 4, max = 8 }", "4"), 11, "figures must be a table"),
    "a missing figure": (with_("min = 4, ", ""), 11, "“min” of jury_size is missing"),
    "an unknown figure": (with_("min = 4", "mean = 6, min = 4"), 11, "“mean” of jury_size is no figure"),
    "a negative figure": (with_("min = 4", "min = -4"), 11, "whole number from 0"),
    "a figure with a fraction": (with_("min = 4", "min = 4.5"), 11, "whole number"),
    "a figure that is a flag": (with_("min = 4", "min = true"), 11, "whole number"),
    "an enormous figure": (with_("max = 8", "max = 80000"), 11, "to 10000"),
    "least above most": (with_("min = 4", "min = 9"), 11, "min is 9, more than max, which is 8"),
    "a word that is none": (
        with_('check = "jury_size"\nfigures = { min = 4, max = 8 }', 'check = "chair"\nfigures = { who = "king" }'), 11,
        "must be one of dean, rector, professor, not 'king'"),
    "words that are no list": (
        with_('check = "jury_size"\nfigures = { min = 4, max = 8 }', 'check = "diploma_form"\nfigures = { forms = "joint" }'),
        11, "must be a list of words"),
    "no words": (
        with_('check = "jury_size"\nfigures = { min = 4, max = 8 }', 'check = "diploma_form"\nfigures = { forms = [] }'),
        11, "must be a list of words"),
    "words of which one is none": (
        with_('check = "jury_size"\nfigures = { min = 4, max = 8 }', 'check = "diploma_form"\nfigures = { forms = ["joint", "x"] }'),
        11, "must be one of joint, two_diplomas"),
    "a text that is none": (
        with_('check = "jury_size"\nfigures = { min = 4, max = 8 }', 'check = "defence_in"\nfigures = { languages = " " }'),
        11, "must be a text"),
    "a flag that is none": (
        with_('check = "jury_size"\nfigures = { min = 4, max = 8 }', 'check = "grade"\nfigures = { given = "yes" }'),
        11, "must be true or false"),
    "a figure below the least": (
        with_('check = "jury_size"\nfigures = { min = 4, max = 8 }',
              'check = "happened_by"\nfigures = { event = "oath", anchor = "defence", days = -10001 }'),
        11, "whole number from -10000 to 10000"),
    "a key that only the next rule has": (without("certainty") + "\n" + RULE, 8, "certainty must be one of"),
    "no severity": (without("severity"), 8, "severity must be one of"),
    "an unknown severity": (with_('"institutional"', '"absolute"'), 12, "severity must be one of"),
    "a severity that is a list": (with_('"institutional"', '["legal"]'), 12, "severity must be one of"),
    "an unknown certainty": (with_('"sourced"', '"sure"'), 13, "certainty must be one of"),
    "no source": (without("source"), 8, "source must name the text"),
    "a source without its text": (with_('text = "Règlement", ', ""), 14, "source must name the text"),
    "a source with more": (with_('article = "3"', 'page = "3"'), 14, "source has text, article and url"),
    "an address that is none": (with_("https://", "javascript:"), 14, "must begin with http"),
    "a day that is a text": (with_("from = 2016-09-01", 'from = "2016-09-01"'), 15, "from must be a day"),
    "a day that is none": (with_("from = 2016-09-01", "from = 2016-02-30"), 15, "not TOML"),
    "an end before the beginning": (with_("from = 2016-09-01", "from = 2016-09-01\nuntil = 2016-08-31"), 16,
                                    "ends on 2016-08-31, before it begins"),
    "an unknown way of dating": (with_('dated_by = "defence"', 'dated_by = "birthday"'), 16, "dated_by must be one of"),
    "a way of dating for others": (with_('dated_by = "defence"', 'dated_by = "enrolment"'), 16, "only a check with a rank"),
    "a school that is a number": (with_("severity", "school = 3\nseverity"), 12, "school must be the code"),
    "a school of a country": (with_('institution = "somewhere", ', "").replace("severity", 'school = "X"\nseverity'), 12,
                              "only a rulebook of an institution"),
    "two entries of all time": (BOOK + "\n" + RULE, 18, "SW-SIZE: this entry overlaps the one of line 8"),
    "two entries that share a day": (
        with_("from = 2016-09-01", "until = 2016-09-01") + "\n" + RULE, 18, "overlaps the one of line 8"),
    "two entries of two schools": (
        with_("from = 2016-09-01", "until = 2016-08-31") + "\n" + RULE.replace("severity", 'school = "X"\nseverity'),
        18, "need the same school and dated_by"),
    "two entries of two ways of dating": (
        with_("from = 2016-09-01", "until = 2016-08-31") + "\n" + RULE.replace('"defence"', '"today"'), 18,
        "need the same school and dated_by"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_its_line_and_a_sentence(name: str) -> None:
    text, line, sentence = WRONG[name]
    book, mistakes = read(text, "somewhere")
    assert book is None
    found = [mistake for mistake in mistakes if re.search(sentence, mistake.text)]
    assert found, mistakes
    assert found[0].line == line
    assert all(mistake.text.endswith(".") for mistake in mistakes)
    assert [mistake.line for mistake in mistakes] == sorted(mistake.line for mistake in mistakes)


@pytest.mark.parametrize(
    "share",
    [
        '"-1/2"',
        '"3/2"',
        '"1/0"',
        '"half"',
        "0.5",
        "1",
        '""',
        '"1e-99999999"',
        '"1_0/20"',
        '"9999999/99999999"',
    ],
)
def test_a_share_lies_between_nothing_and_all(share: str) -> None:
    text = with_(
        'check = "jury_size"\nfigures = { min = 4, max = 8 }',
        f'check = "jury_rank"\nfigures = {{ share = {share} }}',
    )
    book, mistakes = read(text)
    assert book is None
    assert mistakes[0].line == 11
    assert "share between 0 and 1" in mistakes[0].text


@pytest.mark.parametrize(
    "figures",
    [
        f"{{ min = {'9' * 5000}, max = 8 }}",
        f"{{ min = 4, max = {'9' * 4000} }}",
    ],
)
def test_a_number_of_thousands_of_digits_stops_nothing(figures: str) -> None:
    book, mistakes = read(BOOK.replace("{ min = 4, max = 8 }", figures), "somewhere")
    assert book is None
    assert mistakes
    assert all(len(mistake.text) < 300 for mistake in mistakes)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_rule_begins_and_ends_within_the_years_of_universities(day: str) -> None:
    book, (mistake,) = read(BOOK.replace("from = 2016-09-01", f"from = {day}"), "somewhere")
    assert book is None
    assert "from must be a day" in mistake.text


def test_a_file_of_an_editor_that_marks_its_beginning_is_read() -> None:
    book, mistakes = read("\ufeff" + BOOK, "somewhere")
    assert book, mistakes


def test_the_largest_figure_is_ten_thousand() -> None:
    assert read(with_("max = 8", "max = 10000"))[0]
    assert not read(with_("max = 8", "max = 10001"))[0]


def test_days_that_touch_do_not_overlap() -> None:
    book, mistakes = read(with_("from = 2016-09-01", "until = 2016-08-31") + "\n" + RULE)
    assert not mistakes
    assert book
    assert len(book.rules) == 2


def test_several_mistakes_are_all_told_at_once() -> None:
    text = with_('"jury_size"', '"x"').replace('"sourced"', '"y"').replace("read_on", "z = 1\nread_on")
    assert [mistake.line for mistake in read(text, "somewhere")[1]] == [6, 11, 14]


def test_a_file_that_is_no_text_is_left_out_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "somewhere.toml").write_bytes(BOOK.encode("utf-16"))
    (tmp_path / "folder.toml").mkdir()
    books, rejected = read_folder(tmp_path, read)
    assert books == []
    assert [each.name for each in rejected] == ["folder.toml", "somewhere.toml"]
    assert "cannot be read as UTF-8 text" in rejected[1].mistakes[0].text
    assert read_folder(tmp_path / "nowhere", read) == ([], [])


def test_the_largest_file_is_a_megabyte_counted_in_bytes() -> None:
    room = MOST_BYTES - len(BOOK.encode())
    assert read(BOOK + "#" * room, "somewhere")[0]
    assert not read(BOOK + "#" * (room + 1), "somewhere")[0]
    assert not read(BOOK + "#" + "é" * (room // 2 + 1), "somewhere")[0]


LINES = BOOK.splitlines()
VALUES = st.sampled_from(
    ["3", "-1", "true", '""', '"x"', "[]", "[1]", "{}", "{ a = 1 }", "2026-01-01", "10:00:00", "nan", "1e400", '["legal"]']
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_file_however_strange_stops_the_reading(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        key = lines[at].partition("=")[0]
        lines[at] = data.draw(
            st.one_of(VALUES.map(lambda value, key=key: f"{key}= {value}"), st.just(""), st.text(max_size=20))
        )
    book, mistakes = read("\n".join(lines), "somewhere")
    assert (book is None) == bool(mistakes)
    assert all(1 <= mistake.line <= len(lines) + 1 and mistake.text for mistake in mistakes)
