"""Proves that every published case of a jury gets its verdicts, and that a wrong file is refused with a sentence."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from cotutelle.domain.evaluation import by_rule, evaluate
from cotutelle.domain.rules import JURY_CHECKS
from cotutelle.exchange.jury import MOST_MEMBERS, Unreadable, read_cases
from cotutelle.rulebooks.shelf import standard

FILE = Path(__file__).parents[1] / "data" / "jury.json"
TEXT = FILE.read_text(encoding="utf-8")
CASES: dict[str, Any] = {case["id"]: case for case in json.loads(TEXT)["cases"]}
LIBRARY = standard()


def verdicts(case: dict[str, Any]) -> dict[str, str]:
    (dossier,) = read_cases(json.dumps(case), LIBRARY).values()
    return {
        rule: str(verdict)
        for rule, verdict in by_rule(evaluate(LIBRARY, dossier, checks=JURY_CHECKS)).items()
    }


def case(id_: str = "C01", **context: Any) -> dict[str, Any]:
    found = copy.deepcopy(CASES[id_])
    found["context"].update(context)
    return found


@pytest.mark.parametrize("id_", CASES)
def test_a_published_case_gets_every_verdict_that_it_expects(id_: str) -> None:
    expected = {**CASES[id_]["expected"], **CASES[id_].get("expected_partner_overlay", {})}
    found = verdicts(CASES[id_])
    assert {rule: found.get(rule) for rule in expected} == expected


def test_many_cases_or_one_are_read_alike() -> None:
    assert list(read_cases(TEXT, LIBRARY)) == list(CASES)
    assert list(read_cases(json.dumps([CASES["C01"], CASES["C02"]]), LIBRARY)) == ["C01", "C02"]
    assert list(read_cases(json.dumps(CASES["C01"]), LIBRARY)) == ["C01"]


def test_codes_match_without_case_hyphen_and_underscore() -> None:
    for french, partner in (("lille", "ghent"), ("Univ_Lille", "U-Gent"), ("ULILLE", "ugent")):
        assert verdicts(case(french_institution=french, partner_institution=partner)) == verdicts(case())


def test_with_several_partners_the_verdict_under_an_id_is_the_worst() -> None:
    context = case()["context"]
    del context["partner_institution"]
    three = {**case(), "context": {**context, "partner_institutions": ["UGENT", "KULEUVEN"]}}
    found = verdicts(three)
    assert found["FR-COT-DIRECTORS"] == "fail"  # KU Leuven has no director
    assert found["BE-KUL-PROF"] == "fail"
    assert found["BE-FL-BOTH"] == "fail"
    assert found["FR-JURY-SIZE"] == "pass"


def test_a_school_s_rule_is_asked_when_it_is_named_or_none_is() -> None:
    for school, verdict in ((None, "pass"), ("SHS", "pass"), ("shs", "pass"), ("SMRE", "not_applicable")):
        assert verdicts(case(school=school))["LILLE-SHS-PRES"] == verdict
    for faculties, verdict in (
        (None, "pass"), (["DI"], "pass"), (["Veterinary Medicine"], "pass"), (["LW"], "not_applicable"),
    ):  # fmt: skip
        assert verdicts(case("X38", faculties=faculties))["BE-UG-HALF"] == verdict


def test_without_a_party_in_france_french_rules_are_not_asked() -> None:
    context = {**case()["context"], "french_institution": None, "partner_institutions": ["UGENT", "KULEUVEN"]}
    found = verdicts({**case(), "context": context})
    assert not any(rule.startswith(("FR-", "REC-", "LILLE-")) for rule in found)
    assert "BE-UG-VOTERS" in found


def test_a_derogation_is_named_only_when_it_is_written_in_full() -> None:
    whole = {"rule": "FR-JURY-EXT-BOTH", "article": "12", "reason": "Article 20", "text": "At least two."}
    assert verdicts(case("C05", convention={"derogations": [whole]}))["FR-JURY-EXT-BOTH"] == "derogated"
    for part in ("article", "reason", "text"):
        lacking = {**whole, part: ""}
        assert verdicts(case("C05", convention={"derogations": [lacking]}))["FR-JURY-EXT-BOTH"] == "fail"
    assert verdicts(case("C01", convention={"derogations": [whole]}))["FR-JURY-EXT-BOTH"] == "pass"


def test_a_profile_changes_the_readings() -> None:
    bare = case("C05")
    loose = {**bare, "profile": {"external_reference": "french"}}
    assert verdicts(loose)["FR-JURY-EXT-BOTH"] == "not_applicable"
    without = {**bare, "profile": {"directors_who_sit_count_in_ratios": False}}
    assert verdicts(without)["FR-JURY-EXT-BOTH"] == "pass"  # 2 of 3, the two directors aside
    strict = {**case("C01"), "profile": {"balance_tolerance": 0}}
    assert verdicts(strict)["FR-COT-BALANCE"] == "pass"


def test_the_order_of_members_never_matters() -> None:
    for id_ in CASES:
        turned = case(id_)
        turned["members"].reverse()
        assert verdicts(turned) == verdicts(CASES[id_])


def test_a_missing_answer_is_never_a_pass() -> None:
    for name, rules in {
        "rank": {"FR-JURY-RANK", "FR-PRES-ELIG", "LILLE-SHS-PRES", "BE-FL-BOTH"},
        "gender": {"FR-JURY-GENDER"},
        "copublished_with_candidate": {"FR-RAPP-INDEP"},
        "member_of_csi": {"REC-RAPP-NOT-CSI"},
        "takes_part_in_decision": {"FR-DIR-NOVOTE", "BE-UG-SUP"},
    }.items():
        bare = case()
        for member in bare["members"]:
            del member[name]
        found = verdicts(bare)
        assert {found[rule] for rule in rules} == {"not_evaluable"}, name


WRONG: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "not JSON"),
    "deep": ("[" * 100_000, "nested|not JSON"),
    "nothing": ("{}", "neither"),
    "a number": ("3", "neither"),
    "no cases": ({"cases": []}, "neither"),
    "a case that is no object": ({"cases": [3]}, "Case 1 is not an object"),
    "two of one name": ([CASES["C01"], CASES["C01"]], "Two cases are called C01"),
    "no date": (case(defence_date=None), "C01: defence_date is missing"),
    "a wrong date": (case(defence_date="12/12/2025"), "defence_date is '12/12/2025'"),
    "a week for a day": (case(defence_date="2025-W50-5"), "a date is written like 2025-12-12"),
    "a day before all universities": (case(defence_date="0001-01-01"), "0001-01-01"),
    "a day after all calendars": (case(defence_date="9999-12-31"), "9999-12-31"),
    "an impossible date": (case(defence_date="2025-02-30"), "2025-02-30"),
    "a date that is a number": (case(defence_date=20251212), "20251212"),
    "no partner": (case(partner_institution=None), "must both name"),
    "one institution twice": (case(partner_institution="lille"), "named twice"),
    "a strange mode": (case(remote={"mode": "mars"}), "remote.mode is 'mars'"),
    "a strange convention": (case(convention=[1]), "convention is not an object"),
    "a strange derogation": (case(convention={"derogations": ["x"]}), "derogations is not a list"),
    "a strange profile": ({**case(), "profile": {"directors": 1}}, "profile is an object"),
    "a negative tolerance": ({**case(), "profile": {"balance_tolerance": -1}}, "balance_tolerance"),
    "members that are none": ({**case(), "members": None}, "members is not a list"),
    "a report of nobody": ({**case(), "reports": [{"rapporteur": "zz", "date": None}]}, "report of zz"),
    "two reports of one": ({**case(), "reports": [{"rapporteur": "r1"}] * 2}, "two reports of r1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_understood_is_refused_with_a_sentence(name: str) -> None:
    given, sentence = WRONG[name]
    text = given if isinstance(given, str) else json.dumps(given)
    with pytest.raises(Unreadable, match=sentence) as refused:
        read_cases(text, LIBRARY)
    assert str(refused.value).endswith(".")


MEMBERS = {
    "rank": ("C", "rank of member dir_lille is 'C'"),
    "gender": ("X", "gender of member dir_lille is 'X'"),
    "jury_role": ("chair", "jury_role of member dir_lille"),
    "supervision_role": ("boss", "supervision_role of member dir_lille"),
    "rapporteur": ("yes", "rapporteur of member dir_lille"),
    "president": ("yes", "president of member dir_lille is 'yes'"),
    "institution": ("", "member dir_lille has no institution"),
    "id": (None, "needs an id"),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_wrong_answer_about_a_member_names_member_and_field(name: str) -> None:
    value, sentence = MEMBERS[name]
    wrong = case()
    wrong["members"][0][name] = value
    with pytest.raises(Unreadable, match=sentence):
        read_cases(json.dumps(wrong), LIBRARY)


def test_a_member_twice_and_ten_thousand_members_are_refused() -> None:
    twice = case()
    twice["members"].append(twice["members"][0])
    with pytest.raises(Unreadable, match="member dir_lille is there twice"):
        read_cases(json.dumps(twice), LIBRARY)
    many = case()
    many["members"] = many["members"] * 2000
    with pytest.raises(Unreadable, match=f"no jury has more than {MOST_MEMBERS}"):
        read_cases(json.dumps(many), LIBRARY)
