"""Proves how names are folded for search, ordered in lists, and recognised as perhaps the same person's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotutelle.domain.language import best, is_tag
from cotutelle.domain.names import folded, similar, sort_key


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Zoé  Lefèvre", "zoe lefevre"),
        ("D’Alembert", "d alembert"),
        ("d'Alembert", "d alembert"),
        ("Jean-Baptiste", "jean baptiste"),
        ("Łukasz Øster", "lukasz oster"),
        ("Þórður Ægisson", "thordur aegisson"),
        ("Straße", "strasse"),
        ("Œuvre", "oeuvre"),
        ("Ǿstergård Ǽgir", "ostergard aegir"),
        ("İstanbul ılık IŞIK", "istanbul ilik isik"),
        ("Nguyễn Thị Minh Khai", "nguyen thi minh khai"),
        ("Đặng Văn", "dang van"),
        ("e\u0301te\u0301", "ete"),
        ("Πλάτων", "πλατων"),
        ("Вера Ёлкина", "вера елкина"),
        ("治水", "治水"),
        ("ﬁn", "fin"),
        ("...!?", ""),
        ("", ""),
        ("a\u00a0b\u202fc\td", "a b c d"),
        ("12 rue", "12 rue"),
    ],
)
def test_a_text_is_folded_to_its_bare_words(text: str, kept: str) -> None:
    assert folded(text) == kept


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.characters(whitelist_categories=["Ll", "Mn", "Zs", "Po", "Nd"], max_codepoint=0x17F))
)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert once == once.strip()
    assert "  " not in once


@pytest.mark.parametrize(
    ("family", "given", "key"),
    [
        ("de Gaulle", "Charles", "gaulle de  charles"),
        ("De Gaulle", "Charles", "gaulle de  charles"),
        ("de La Fontaine", "Jean", "fontaine de la  jean"),
        ("d'Alembert", "Jean", "alembert d  jean"),
        ("d’Alembert", "Jean", "alembert d  jean"),
        ("Van den Berghe", "An", "berghe van den  an"),
        ("van der Waals", "J", "waals van der  j"),
        ("von Humboldt", "A", "humboldt von  a"),
        ("von der Leyen", "U", "leyen von der  u"),
        ("do Nascimento", "E", "nascimento do  e"),
        ("dos Santos", "Ana", "santos dos  ana"),
        ("Delacroix", "Eugène", "delacroix  eugene"),
        ("Vandenberghe", "An", "vandenberghe  an"),
        ("Desjardins", "", "desjardins  "),
        ("Plato", "", "plato  "),
        ("Çelik", "İnci", "celik  inci"),
    ],
)
def test_a_name_is_ordered_by_its_word_after_the_particle(family: str, given: str, key: str) -> None:
    assert sort_key(family, given) == key


def test_a_key_stays_short_enough_for_an_address_however_long_the_name() -> None:
    assert len(sort_key("ﷺ" * 120, "ß" * 120)) <= 200


def test_a_short_family_name_comes_before_a_longer_one_that_begins_with_it() -> None:
    assert sort_key("Martin", "Zoé") < sort_key("Martin Dupont", "Ada") < sort_key("Martineau", "Ada")


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("Zoé Lefèvre", "Lefevre Zoe", True),
        ("Zoé Lefèvre", "ZOÉ LEFÈVRE", True),
        ("Nguyễn Thị Minh", "Minh Thi Nguyen", True),
        ("Jean-Luc Picard", "Jean Luc Picard", True),
        ("Zoé Lefèvre", "Zoé Lefebvre", False),
        ("Zoé Lefèvre", "Zoé", False),
        ("Plato", "Plato", True),
        ("Ada Ada", "Ada", False),
        ("", "", False),
        (" ", "", False),
    ],
)
def test_the_same_words_in_whatever_order_may_be_one_person(first: str, second: str, alike: bool) -> None:
    assert similar(first, second) is alike
    if first.strip() and second.strip():
        assert similar(second, first) is alike


@pytest.mark.parametrize("tag", ["fr", "en", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419", "gsw"])
def test_a_language_tag_is_known_by_its_form(tag: str) -> None:
    assert is_tag(tag)


@pytest.mark.parametrize(
    "tag", ["", "f", "FR", "french", "fr_FR", "fr-fr", "pt-", "-BR", "fr ", "fr\n", "fr-<b>"]
)
def test_anything_else_is_no_language_tag(tag: str) -> None:
    assert not is_tag(tag)


def test_the_best_text_is_the_wanted_one_then_english_then_french_then_any() -> None:
    texts = {"nl": "een", "fr": "un", "en": "one", "de": ""}
    assert best(texts, "nl") == "een"
    assert best(texts, "de", "nl") == "een"
    assert best(texts, "es") == "one"
    assert best({"nl": "een", "fr": "un"}, "es") == "un"
    assert best({"nl": "een"}, "es") == "een"
    assert best({}, "es") == ""
