"""Proves that every answer has its sentence in French and in English, from the same figures, without a hole."""

import ast
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from cotutelle.domain import meeting
from cotutelle.domain.check import CHECKS, Kind, Topic
from cotutelle.domain.dossier import Place
from cotutelle.domain.evaluation import Finding, evaluate
from cotutelle.domain.finding import Outcome, Verdict
from cotutelle.domain.reconcile import reconcile
from cotutelle.domain.rulebook import Rule
from cotutelle.domain.rules import JURY_CHECKS
from cotutelle.domain.rules.timing import ANCHORS, EVENTS
from cotutelle.exchange.jury import read_cases
from cotutelle.rulebooks.sentences import LANGUAGES, Speaker, _words, names_in
from cotutelle.rulebooks.shelf import standard
from tests.domain.rules.answers import answers
from tests.domain.rules.dossiers import GHENT, LAVAL, LILLE, Case, on, say
from tests.domain.rules.test_answers import cases

LIBRARY = standard()
NAME = names_in(LIBRARY, "en")
RULES = [rule for entries in LIBRARY.rules.values() for rule in entries]
JURIES = read_cases((Path(__file__).parents[1] / "data" / "jury.json").read_text(encoding="utf-8"), LIBRARY)
APART = {"any", "words", "topic", "way_out"}
HOLE = re.compile(r"\{(\w+)[^{}]*\}")
French, English = (_words(language) for language in LANGUAGES)


class Strict(Speaker):
    """A speaker that leaves no hole empty."""

    def _shown(self, key: str, value: Any) -> str:
        shown = super()._shown(key, value)
        assert shown, f"nothing to print for {key}"
        return shown


SPEAKERS = [Strict(language, NAME) for language in LANGUAGES]


def whole(sentence: str) -> None:
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert not re.search(r"[{}|]|None|True|False|Fraction|[a-z]_[a-z]|  | [,.]|\(\)", sentence), sentence


def texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [each for key, each in value.items() if key != "by"]


def holes(value: Any) -> list[set[str]]:
    return [set(HOLE.findall(text)) for text in texts(value)]


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_every_check_has_its_rule_and_a_sentence_for_every_answer(check: str) -> None:
    for words in (French, English):
        assert answers(check) | {"rule"} <= words[check].keys() | words["any"].keys()
        assert words[check].keys() <= answers(check) | {"rule"}  # none that is never said


def test_both_languages_have_the_same_sentences() -> None:
    assert French.keys() == English.keys() == CHECKS.keys() | APART
    for table in French:
        assert French[table].keys() == English[table].keys(), table


@pytest.mark.parametrize("table", sorted(French.keys() - {"words"}))
def test_both_languages_print_the_same_figures(table: str) -> None:
    for key in French[table]:
        french, english = French[table][key], English[table][key]
        assert isinstance(french, str) == isinstance(english, str)
        assert holes(french) == holes(english), key


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_a_sentence_that_depends_on_a_word_has_all_of_them(check: str) -> None:
    for words in (French, English):
        for text in words[check].values():
            if not isinstance(text, str):
                figure = CHECKS[check].figures[text["by"]]
                choices = {"true", "false"} if figure.kind is Kind.FLAG else set(figure.choices)
                assert text.keys() == choices | {"by"}


def facts_named() -> set[str]:
    """Facts that some case reports as unknown."""
    found = [case.outcome.observed.get("facts", ()) for case in cases()]
    return {fact for facts in found for fact in facts}


def test_every_fact_event_and_anchor_has_words() -> None:
    for words in (French, English):
        assert facts_named() | set(EVENTS) | set(ANCHORS) <= words["words"].keys()
        assert {topic.value for topic in Topic} == words["topic"].keys()


def test_every_way_out_has_its_sentence_and_none_is_idle() -> None:
    tree = ast.parse(inspect.getsource(meeting))
    said = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for words in (French, English):
        assert words["way_out"].keys() <= said | {topic.value for topic in Topic}


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.id} {rule.begin or ''}".strip() for rule in RULES])
def test_every_rule_is_a_sentence(rule: Rule) -> None:
    for speaker in SPEAKERS:
        sentence = speaker.rule(rule)
        whole(sentence)
        assert "…" not in sentence


@pytest.mark.parametrize("id_", JURIES)
def test_every_finding_of_a_published_case_is_a_sentence(id_: str) -> None:
    for finding in evaluate(LIBRARY, JURIES[id_], checks=JURY_CHECKS):
        for speaker in SPEAKERS:
            whole(speaker.sentence(finding))


CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[say(case) for case in CASES])
def test_every_case_of_every_check_is_a_sentence(case: Case) -> None:
    for speaker in SPEAKERS:
        whole(speaker.sentence(case.finding))


def test_every_answer_of_every_shipped_rule_about_nothing_is_a_sentence() -> None:
    (blank,) = read_cases(json.dumps({"context": {"french_institution": "lille", "partner_institution": "ghent",
                          "defence_date": "2025-12-12"}, "members": []}), LIBRARY).values()  # fmt: skip
    for rule in RULES:
        place = Place(rule.scope.institution or "ghent", rule.scope.country, rule.scope.region)
        finding = Finding(rule, place.code, rule.check.predicate(blank, place, rule.figures))
        for speaker in SPEAKERS:
            whole(speaker.sentence(finding))


def test_a_finding_set_aside_names_its_clause() -> None:
    finding = next(f for f in evaluate(LIBRARY, JURIES["X36"]) if f.verdict is Verdict.DEROGATED)
    french, english = (speaker.sentence(finding) for speaker in SPEAKERS)
    assert finding.clause
    assert finding.clause in french
    assert finding.clause in english


@pytest.mark.parametrize(
    "codes",
    [("lille", code) for code in ("ghent", "ku-leuven", "laval", "geneva", "leiden", "viadrina", "kent", "bologna",
     "ulb", "hasselt", "eindhoven", "saarland", "vub")] + [("lille", "ghent", "laval")],
    ids="-".join,
)  # fmt: skip
def test_every_way_out_of_a_meeting_is_whole_sentences(codes: tuple[str, ...]) -> None:
    places = [place for code in codes if (place := LIBRARY.place(code, lead=code == "lille"))]
    for each in reconcile(LIBRARY, places, on("2026-10-01")):
        for speaker in SPEAKERS:
            assert bool(each.way_out) == bool(speaker.way_out(each))
            if each.way_out:
                whole(speaker.way_out(each))


FRENCH, ENGLISH = SPEAKERS


def spoken(check: str, answer: str, observed: dict[str, Any], **figures: Any) -> list[str]:
    rule = next(r for r in RULES if r.check.name == check and figures.items() <= r.figures.items())
    outcome = Outcome(Verdict.FAIL, answer, observed, {"due": on("2025-12-11")})
    return [speaker.sentence(Finding(rule, "lille", outcome)) for speaker in SPEAKERS]


def test_sentences_read_as_a_person_would_write_them() -> None:
    assert spoken("jury_size", "count", {"n": 1}, min=4) == [
        "Le jury compte 1 membre\u00a0; de 4 à 8 membres sont exigés.",
        "The jury has 1 member; 4 to 8 members are required.",
    ]
    assert spoken("jury_external", "count", {"count": 0, "of": 6}, to="own") == [
        "0 membre sur 6 vient de l’extérieur de Lille\u00a0; "
        "il faut au moins la moitié de membres extérieurs à Lille et à son école doctorale.",
        "0 of 6 members come from outside Lille; half or more must come from outside Lille and its doctoral school.",
    ]
    assert spoken("happened_by", "due", {}, event="abstract") == [
        "Pas encore fait, à faire au plus tard le 11 décembre 2025\u00a0; "
        "la diffusion du résumé\u00a0: avant la date de soutenance.",
        "Not done yet, due by 11 December 2025; the circulation of the abstract: before the date of defence.",
    ]
    assert spoken("duration_most", "count", {"months": 40}, mode="full")[1].startswith("40 months")


def test_years_languages_and_spans_are_written_out() -> None:
    assert spoken("enrolled_yearly", "lacking", {"years": (2023, 2024)}) == [
        "Pas d’inscription pour 2023–24 et 2024–25\u00a0; une inscription à Lille chaque année universitaire.",
        "No enrolment for 2023–24 and 2024–25; enrolled at Lille every academic year.",
    ]
    assert spoken("convention_in", "languages", {"languages": ("en", "nl")}) == [
        "Langues de la convention\u00a0: anglais et néerlandais\u00a0; une version dans cette langue\u00a0: français.",
        "Languages of the convention: English and Dutch; a version in this language: French.",
    ]


@pytest.mark.parametrize(
    ("id_", "french", "english"),
    [
        (
            "FR-REPORT",
            "dans un délai de 1 mois après la date de soutenance",
            "within 1 month of the date of defence",
        ),
        (
            "FR-DEP-1M",
            "au moins 1 mois avant la date de soutenance",
            "at least 1 month before the date of defence",
        ),
        ("LILLE-SHS-J12", "au moins 84 jours avant", "at least 84 days before the date of defence"),
        ("BE-UG-REPORTS", "au moins 7 jours ouvrés avant", "at least 7 working days before the first part"),
        ("FR-ABSTRACT", "avant la date de soutenance", "before the date of defence"),
        (
            "FR-TRAIN-ETHICS",
            "au plus tard à la date suivante\u00a0: la date de soutenance",
            "no later than the date of defence",
        ),
        ("IT-Y1", "avant la fin de l’année 1", "by the end of year 1"),
        ("BE-UCL-STAY", "Au moins un quart de la durée", "At least a quarter of the duration"),
        ("NL-TUE-STAY", "Au moins deux cinquièmes de la durée", "At least two fifths of the duration"),
        (
            "QC-LAVAL-STAY",
            "Au moins 12 mois dans chaque établissement",
            "At least 12 months at each institution",
        ),
        ("FR-DIPLOMA", "un diplôme conjoint ou deux diplômes", "one joint diploma or two diplomas"),
    ],
)
def test_a_rule_says_its_span_its_share_and_its_choice(id_: str, french: str, english: str) -> None:
    rule = LIBRARY.rules[id_][-1]
    assert french in FRENCH.rule(rule)
    assert english in ENGLISH.rule(rule)


def test_days_names_and_lists_are_written_as_the_language_writes_them() -> None:
    assert FRENCH._plain(on("2026-03-01")) == "1er mars 2026"
    assert ENGLISH._plain(on("2026-03-01")) == "1 March 2026"
    assert FRENCH._plain((LILLE.code, GHENT.code, LAVAL.code)) == "Lille, Ghent et Laval"
    assert ENGLISH._plain({"ku-leuven": 6}) == "KU Leuven 6"


def test_an_institution_that_no_rulebook_knows_keeps_its_name_and_an_unknown_language_is_english() -> None:
    assert NAME("sorbonne-u") == "sorbonne-u"
    assert Speaker("tlh").language == "en"
