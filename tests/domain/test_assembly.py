"""Proves that what a draft leaves blank is exactly what is said to be missing, and that the record never varies."""

import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import assemble, missing_facts
from cotutelle.domain.convention.catalogue import ANNEXES, CLAUSES
from cotutelle.domain.convention.facts import SCHEMA, Derogation, Facts
from cotutelle.domain.convention.terms import BY_KEY, TERMS, Chapter, Kind, Terms
from cotutelle.domain.convention.values import Blank, Giver, Localised, blanks
from tests.documents.samples import complete, with_terms

EMPTY: dict[str, Any] = {
    "thesis_language": None,
    "defence_language": None,
    "diploma_form": None,
    "full_time": None,
    "defence_from": None,
    "defence_until": None,
    "supervisors": (),
    "stays": (),
    "fees": (),
}
ASKED = {
    "thesis_language": {"thesis_language"},
    "defence_language": {"defence_language"},
    "diploma_form": {"diploma_form"},
    "full_time": {"mode"},
    "defence_from": {"defence_from"},
    "defence_until": {"defence_until"},
    "supervisors": {"director"},
    "stays": {"stays"},
    "fees": {"fees"},
}
PARTY_FACTS = {
    "legal_status": ({}, "legal_status"),
    "address": ({}, "address"),
    "head_name": (None, "head_name"),
    "head_capacity": (None, "head_capacity"),
    "school": ({}, "school"),
    "unit": ({}, "unit"),
    "discipline": ({}, "discipline"),
    "first_year": (None, "first_year"),
    "references": ((), "references"),
}


def asked(facts: Facts) -> set[str]:
    return {missing.blank.fact for missing in missing_facts(facts)}


def printed_blanks(facts: Facts) -> set[tuple[str, Blank]]:
    return {
        (article.clause.id, blank)
        for part in assemble(facts)
        for article in part
        for paragraph in article.paragraphs
        for value in paragraph.values.values()
        for blank in blanks(value)
    }


@pytest.mark.parametrize("parties", [2, 3, 4])
@pytest.mark.parametrize("languages", [("fr", "en"), ("en",), ("fr",)])
def test_complete_facts_lack_nothing(parties: int, languages: tuple[str, ...]) -> None:
    assert missing_facts(complete(parties, languages)) == ()


@pytest.mark.parametrize("name", ASKED)
def test_a_fact_taken_away_is_the_one_that_is_asked_for(name: str) -> None:
    facts = replace(complete(3), **{name: EMPTY[name]})
    assert asked(facts) == ASKED[name]
    if name == "supervisors":
        assert {m.blank.party for m in missing_facts(facts)} == {"lille", "ghent", "laval"}


@pytest.mark.parametrize("name", PARTY_FACTS)
def test_a_fact_of_one_party_is_asked_of_that_party(name: str) -> None:
    empty, fact = PARTY_FACTS[name]
    facts = complete(3)
    ghent = replace(facts.parties[1], **{name: empty})
    found = missing_facts(replace(facts, parties=(facts.parties[0], ghent, facts.parties[2])))
    assert {(m.blank.fact, m.blank.party, m.blank.giver) for m in found} == {
        (fact, "ghent", Giver.PARTY_OFFICE)
    }


@pytest.mark.parametrize("term", [t for t in TERMS if t.required and t.default is None], ids=lambda t: t.key)
def test_a_required_term_without_usual_value_is_asked_for_while_it_is_open(term: Any) -> None:
    key = f"{term.key}:ghent" if term.per_party else term.key
    found = missing_facts(with_terms(complete(), **{key: None}))
    assert {m.blank.fact for m in found} == {term.key}
    assert {m.blank.party for m in found} == {"ghent" if term.per_party else None}
    assert {m.blank.giver for m in found} == {term.giver}
    assert term.clause in {m.clause for m in found}


def test_a_text_is_complete_only_in_every_language_of_the_act() -> None:
    facts = with_terms(complete(), access_diploma={"fr": "master"})
    assert asked(facts) == {"access_diploma"}
    assert asked(replace(facts, languages=("fr",))) == set()


def test_everything_missing_is_exactly_what_is_blank_in_the_order_of_the_articles() -> None:
    bare = replace(complete(3), terms=Terms(), **EMPTY)
    found = missing_facts(bare)
    assert {(m.clause, m.blank) for m in found} == printed_blanks(bare)
    assert len(found) == len({(m.clause, m.blank) for m in found})
    numbers = [m.article or 99 for m in found]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("parties", [2, 3, 4])
def test_every_party_is_named_in_the_act(parties: int) -> None:
    articles, annexes = assemble(complete(parties))
    assert [a.number for a in articles] == list(range(1, 40))
    assert [a.number for a in annexes] == [1, 2, 3, 4]
    assert all(article.paragraphs for article in (*articles, *annexes))
    opening = [p for p in articles[0].paragraphs if p.fragment in {"party", "party_lead"}]
    assert len(opening) == parties
    assert [p.fragment for p in opening].count("party_lead") == 1


def test_a_host_awards_nothing_and_is_asked_for_no_diploma() -> None:
    facts = complete(3)
    host = replace(facts.parties[2], awards=False)
    facts = replace(facts, parties=(*facts.parties[:2], host))
    assert [party.code for party in facts.awarding] == ["lille", "ghent"]
    without = {f"{key}__laval": None for key in ("diploma_title", "recognition")}
    assert asked(with_terms(facts, **without)) == set()
    assert asked(with_terms(complete(3), **without)) == {"diploma_title", "recognition"}


def test_a_vote_of_directors_needs_its_reason_in_france() -> None:
    facts = with_terms(complete(), director_vote=True)
    assert asked(facts) == {"director_vote_reason"}
    assert asked(with_terms(facts, director_vote_reason={"fr": "a", "en": "a"})) == set()
    assert asked(with_terms(facts, director_vote_reason={"fr": "a"})) == {"director_vote_reason"}
    abroad = tuple(replace(party, country="BE") for party in facts.parties)
    assert asked(replace(facts, parties=abroad)) == set()
    assert not replace(facts, parties=abroad).in_france


REPLACING = {
    "change_procedure": "change",
    "extension_rule": "extension",
    "accident": "accident",
    "data_protection": "data",
    "publication_rule": "publication",
    "qualification": "qualification",
    "gender_rule": "balance",
    "president_rule": "president",
    "remote_rule": "remote",
    "report_signatures": "signature",
    "repetition": "adjournment",
    "amendment_rule": "form",
    "effects_on_candidate": "candidate",
    "forum": "forum",
}


def printed_fragments(facts: Facts, clause: str) -> list[str]:
    return [
        paragraph.fragment
        for part in assemble(facts)
        for article in part
        for paragraph in article.paragraphs
        if article.clause.id == clause
    ]


@pytest.mark.parametrize("key", REPLACING)
def test_what_the_parties_word_themselves_stands_in_place_of_the_standard_sentence(key: str) -> None:
    clause, standard = BY_KEY[key].clause, REPLACING[key]
    usual = printed_fragments(complete(), clause)
    assert usual.count(standard) == 1
    agreed = with_terms(complete(), **{key: {"fr": "a", "en": "a"}})
    assert printed_fragments(agreed, clause) == [
        f"{standard}_agreed" if name == standard else name for name in usual
    ]
    assert asked(agreed) == set()
    assert asked(with_terms(complete(), **{key: {"fr": "a"}})) == {key}


def test_lodging_is_paid_with_the_journeys_unless_somebody_else_pays_it() -> None:
    def paid(**terms: Any) -> list[tuple[str, str]]:
        articles, _annexes = assemble(with_terms(complete(), **terms))
        return [(p.fragment, p.values["costs"].key) for p in articles[27].paragraphs if "costs" in p.values]  # type: ignore[union-attr]  # a word

    assert paid(travel_payer="each_own") == [("each_own", "cost.all")]
    assert paid(travel_payer="each_own", lodging_payer="each_own") == [("each_own", "cost.all")]
    split = [("each_own", "cost.travel"), ("host", "cost.lodging")]
    assert paid(travel_payer="each_own", lodging_payer="host") == split
    assert paid(travel_payer=None, lodging_payer="lead")[0] == ("undecided", "cost.travel")


def test_a_diploma_names_the_speciality_where_there_is_one_else_the_discipline() -> None:
    given = {"fr": "Géographie", "en": "Geography"}
    facts = with_terms(complete(), speciality__ghent=given)
    assert printed_fragments(facts, "CL-07").count("speciality") == 1
    _articles, annexes = assemble(facts)
    named = [p.values["discipline"] for p in annexes[2].paragraphs]
    assert named == [Localised(facts.parties[0].discipline), Localised(given)]


def test_a_seal_is_of_the_kind_of_the_signature() -> None:
    assert "stamp" in printed_fragments(with_terms(complete(), stamp=True), "CL-39")
    electronic = with_terms(complete(), stamp=True, electronic_signature="qualified")
    assert "electronic_stamp" in printed_fragments(electronic, "CL-39")
    assert not {"stamp", "electronic_stamp"} & set(printed_fragments(complete(), "CL-39"))


@pytest.mark.parametrize("name", ["legal_status", "school", "discipline"])
def test_a_name_is_complete_only_in_every_language_of_the_act(name: str) -> None:
    facts = complete()
    ghent = replace(facts.parties[1], **{name: {"fr": "en français seulement"}})
    facts = replace(facts, parties=(facts.parties[0], ghent))
    assert asked(facts) == {name}
    assert asked(replace(facts, languages=("fr",))) == set()


def test_a_derogation_without_its_reason_asks_for_it() -> None:
    told = Derogation("jury", "18", {"fr": "a", "en": "a"}, {"fr": "b", "en": "b"}, "ghent")
    assert asked(replace(complete(), derogations=(told,))) == set()
    assert asked(replace(complete(), derogations=(replace(told, reason={}),))) == {"derogation_reason"}
    assert asked(replace(complete(), derogations=(replace(told, replacement={}),))) == {
        "derogation_replacement"
    }


def test_a_code_that_is_no_party_is_an_error() -> None:
    with pytest.raises(KeyError):
        complete().party("oxford")


# Terms


def test_every_term_is_printed_by_a_clause_of_the_catalogue() -> None:
    known = {clause.id for clause in (*CLAUSES, *ANNEXES)}
    assert {term.clause for term in TERMS} <= known
    assert len(BY_KEY) == len(TERMS)
    assert {term.chapter for term in TERMS} == set(Chapter)


@pytest.mark.parametrize("term", TERMS, ids=lambda t: t.key)
def test_a_usual_value_is_one_that_may_be_given(term: Any) -> None:
    if term.kind is Kind.CHOICE:
        assert term.choices
        assert len(set(term.choices)) == len(term.choices)
        assert term.default is None or term.default in term.choices
    elif term.kind is Kind.CHOICES:
        assert set(term.default) <= set(term.choices)
    elif term.kind is Kind.INTEGER:
        assert term.least is not None
        assert term.most is not None
        assert term.least <= (term.default if term.default is not None else term.least) <= term.most
    elif term.kind is Kind.YES_NO:
        assert term.default in {None, True, False}
    else:
        assert term.default is None
    assert term.per_party is (term.giver is Giver.PARTY_OFFICE)


def test_a_term_says_what_was_given_else_what_is_usual_else_nothing() -> None:
    terms = Terms({"jury_min": 5, "lodging:ghent": {"fr": "a"}, "public": False})
    assert terms.get("jury_min") == 5
    assert terms.get("jury_max") == 8
    assert terms.get("start") is None
    assert terms.get("public") is False
    assert terms.get("lodging", "ghent") == {"fr": "a"}
    assert terms.get("lodging", "lille") is None
    with pytest.raises(KeyError):
        terms.get("nothing")


# The record


def test_the_record_is_plain_json_and_says_its_schema() -> None:
    kept = record.to_json(complete(3))
    assert kept["schema"] == SCHEMA
    assert set(kept) == {"schema", *(field.name for field in fields(Facts))} - set(record.RARE)
    assert json.loads(json.dumps(kept)) == kept
    assert kept["defence_from"] == "2029-09-01"
    assert kept["fundings"][0]["monthly_amount"] == "2300"


def test_the_same_facts_have_one_fingerprint_and_a_changed_one_another() -> None:
    clauses = {"CL-01.fr": {"version": "1", "state": "drafted"}}
    facts = complete()
    assert record.digest(facts, clauses) == record.digest(complete(), dict(clauses))
    turned = replace(facts, terms=Terms(dict(reversed(facts.terms.values.items()))))
    assert record.digest(turned, clauses) == record.digest(facts, clauses)
    assert record.digest(replace(facts, confidential=True), clauses) != record.digest(facts, clauses)
    later = replace(facts, defence_until=date(2030, 1, 1))
    assert record.digest(later, clauses) != record.digest(facts, clauses)


@pytest.mark.parametrize(
    "other",
    [
        {"CL-01.fr": {"version": "2", "state": "drafted"}},
        {"CL-01.fr": {"version": "1", "state": "read"}},
        {"CL-01.en": {"version": "1", "state": "drafted"}},
        {},
    ],
)
def test_another_version_of_a_clause_is_another_text(other: dict[str, Any]) -> None:
    clauses = {"CL-01.fr": {"version": "1", "state": "drafted"}}
    assert record.digest(complete(), clauses) != record.digest(complete(), other)


@pytest.mark.parametrize("parties", [2, 4])
def test_facts_are_read_back_as_they_were_kept(parties: int) -> None:
    told = Derogation("jury", "18", {"fr": "a"}, {"en": "b"}, "ghent")
    facts = replace(complete(parties), derogations=(told,))
    assert record.from_json(json.loads(json.dumps(record.to_json(facts)))) == facts
    bare = replace(facts, **{**EMPTY, "fundings": ()})
    assert record.from_json(json.loads(json.dumps(record.to_json(bare)))) == bare


def test_facts_of_this_schema_are_read_and_newer_ones_are_not_guessed() -> None:
    kept = record.to_json(complete())
    assert record.upgrade(kept) == kept
    for schema in (SCHEMA + 1, None, "1"):
        with pytest.raises(ValueError, match="newer"):
            record.upgrade({**kept, "schema": schema})


def test_facts_kept_under_the_first_schema_are_brought_along() -> None:
    kept = record.to_json(complete())
    older = [{**supervisor, "unit": None} for supervisor in kept["supervisors"]]
    assert record.from_json({**kept, "schema": 1, "supervisors": older}) == complete()
