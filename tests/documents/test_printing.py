"""Proves that each language prints values in its own way and that text from people stays text.

A wording keeps the spaces that hold French punctuation together.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from cotutelle.documents.fonts import without_glyph
from cotutelle.documents.printing import filled, printed
from cotutelle.documents.wording import NoWording, languages_of, parse, wording
from cotutelle.documents.words import word, words
from cotutelle.domain.convention.values import (
    Amount,
    Blank,
    Country,
    Day,
    Giver,
    LanguageName,
    Listing,
    Localised,
    Months,
    MonthYear,
    Number,
    Plain,
    Value,
    Word,
)

NARROW, NBSP = "\u202f", "\u00a0"
SOURCE = """---
state: drafted
version: 3
---
# Séjours

## balance
Règle\u00a0: {{balance}}
suite  et	fin\u00a0!

## other

Autre.
"""


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (Day(date(2026, 9, 1)), "1er septembre 2026", "1 September 2026"),
        (Day(date(2026, 9, 11)), "11 septembre 2026", "11 September 2026"),
        (Day(date(2028, 2, 29)), "29 février 2028", "29 February 2028"),
        (MonthYear(date(2029, 12, 31)), "décembre 2029", "December 2029"),
        (Months(Fraction(1)), f"1{NBSP}mois", f"1{NBSP}month"),
        (Months(Fraction(36)), f"36{NBSP}mois", f"36{NBSP}months"),
        (Months(Fraction(3, 2)), f"1,5{NBSP}mois", f"1.5{NBSP}months"),
        (Number(12345), f"12{NBSP}345", "12,345"),
        (Amount(Decimal("2300"), "EUR"), f"2{NBSP}300{NBSP}€", "€2,300"),
        (Amount(Decimal("2300.50"), "EUR"), f"2{NBSP}300,50{NBSP}€", "€2,300.50"),
        (Amount(Decimal("1234567"), "CAD"), f"1{NBSP}234{NBSP}567{NBSP}$CA", "CA$1,234,567"),
        (Country("BE"), "Belgique", "Belgium"),
        (Country("XX"), "XX", "XX"),
        (LanguageName("nl"), "néerlandais", "Dutch"),
        (LanguageName("pt-BR"), "portugais brésilien", "Brazilian Portuguese"),
        (LanguageName("qaa"), "qaa", "qaa"),
        (Localised({"fr": "deux", "en": "two"}), "deux", "two"),
        (Localised({"nl": "twee"}), "twee", "twee"),
        (Localised({}), "", ""),
        (Word("head.president.woman"), "sa présidente", "its president"),
        (Listing((Plain("A"), Plain("B"), Plain("C"))), "A, B et C", "A, B and C"),
        (Listing((Plain("A"),)), "A", "A"),
        (Listing(()), "", ""),
        (Listing((Plain("a, b"), Plain("c")), long=True), f"a, b{NBSP}; c", "a, b; c"),
    ],
    ids=str,
)
def test_each_language_prints_a_value_in_its_own_way(value: Value, french: str, english: str) -> None:
    assert printed(value, "fr") == french
    assert printed(value, "en").replace(", and ", " and ") == english


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("figure", ["0", "1", "999", "1000", "1234567", "0.01", "1234.56", "9999999999"])
def test_no_amount_or_number_ever_holds_the_space_that_the_serif_cannot_draw(
    figure: str, language: str
) -> None:
    amount = Decimal(figure)
    for currency in ("EUR", "USD", "CAD", "CHF", "XOF"):
        assert NARROW not in printed(Amount(amount, currency), language)
    assert NARROW not in printed(Number(int(amount)), language)
    if amount < 1000:  # no thesis lasts longer
        assert NARROW not in printed(Months(Fraction(amount)), language)


def test_a_word_that_a_language_lacks_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        word("fr", "head.emperor.woman")


def test_a_language_without_words_borrows_the_english_ones() -> None:
    assert words("ro") is words("en")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>', "a & b", "<!-- -->", "'"])
def test_markup_in_a_value_is_printed_as_text(text: str) -> None:
    shown = str(filled("Nom : {{name}}.", {"name": Plain(text)}, "fr"))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<!--" not in shown
    assert shown.count("<") == 0


@pytest.mark.parametrize("text", ["*A*", "**B**", "_c_", "`d`", "\\*", "[x](javascript:1)", "![](http://x)"])
def test_markdown_signs_in_a_value_stay_signs(text: str) -> None:
    assert str(filled("*Nom*\u00a0: {{name}}", {"name": Plain(text)}, "fr")) == f"<em>Nom</em>\u00a0: {text}"


def test_a_variable_inside_a_value_is_not_filled_in_again() -> None:
    shown = filled("{{name}} et {{title}}", {"name": Plain("{{title}}"), "title": Plain("T")}, "fr")
    assert str(shown) == "{{title}} et T"


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% raw %}", "${7*7}", "#{7*7}", "{{config}}"])
def test_no_value_is_read_as_a_template(text: str) -> None:
    assert str(filled("{{name}}", {"name": Plain(text)}, "en")) == text


def test_html_in_a_fragment_itself_is_text() -> None:
    assert "<b>" not in str(filled("un <b>mot</b> & *deux*", {}, "fr"))


def test_a_blank_is_visible_and_names_what_is_missing() -> None:
    blank = Blank("balance", Giver.LEAD_OFFICE)
    shown = str(filled("Règle : {{balance}}.", {"balance": blank}, "fr"))
    assert shown.startswith('Règle : <b class="blank">')
    assert words("fr")["fact"]["balance"] in shown.replace("&#x27;", "'")


def test_a_blank_inside_a_listing_is_visible_too() -> None:
    listing = Listing((Plain("<i>"), Blank("director", Giver.PARTY_OFFICE)))
    shown = str(filled("{{all}}", {"all": listing}, "en"))
    assert shown.startswith("&lt;i&gt; and ")
    assert '<b class="blank">' in shown


def test_a_variable_without_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("{{nobody}}", {}, "fr")


def test_reading_a_wording_folds_plain_spaces_and_keeps_those_that_do_not_break() -> None:
    found = parse("CL-99", "fr", SOURCE)
    assert found.title == "Séjours"
    assert (found.state, found.version) == ("drafted", "3")
    assert found.fragments["balance"] == "Règle\u00a0: {{balance}} suite et fin\u00a0!"
    assert found.fragments["other"] == "Autre."


def test_a_clause_without_text_in_a_language_says_which() -> None:
    with pytest.raises(NoWording) as refused:
        wording("CL-07", "ro")
    assert (refused.value.clause, refused.value.language) == ("CL-07", "ro")
    assert languages_of("CL-07") == ["de", "en", "es", "fr", "it", "nl", "pt"]
    assert languages_of("CL-77") == []


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Žluťoučký kůň, œuvre, Straße, Łódź, ’«»–—…€", []),
        ("治水 A", ["水", "治"]),
        ("a\u202f\u00a0\u200d\u2009\n\tb", []),
        ("😀", ["😀"]),
        ("", []),
    ],
)
def test_signs_that_cannot_be_drawn_are_named_and_spaces_are_not_signs(text: str, unknown: list[str]) -> None:
    assert without_glyph(text) == unknown
