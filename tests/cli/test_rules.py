"""Proves the commands about rules: what they print, with which status they end, and that they need no installation."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from cotutelle.cli import rules
from cotutelle.domain.check import CHECKS, Topic
from cotutelle.domain.finding import Certainty, Severity, Verdict
from cotutelle.rulebooks.shelf import shipped, standard

FILE = Path(__file__).parents[1] / "data" / "jury.json"
DATA = json.loads(FILE.read_text(encoding="utf-8"))
CASES: dict[str, Any] = {case["id"]: case for case in DATA["cases"]}
OWN = """\
[rulebook]
id = "france"
name.fr = "Droit français"
name.en = "French law"
scope = { country = "FR" }
read_on = 2026-11-24

[[rule]]
id = "FR-JURY-SIZE"
check = "jury_size"
figures = { min = 7, max = 8 }
severity = "legal"
certainty = "sourced"
source = { text = "x" }
from = 2020-01-01
dated_by = "defence"
"""


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that is an empty folder."""
    monkeypatch.setenv("COTUTELLE_INSTANCE_PATH", str(tmp_path / "instance"))
    return tmp_path / "instance"


def run(command: click.Command, *arguments: str, given: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(command, list(arguments), input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def value(command: click.Command, *arguments: str, given: str | None = None) -> Any:
    result = run(command, *arguments, given=given)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout)


def refused(command: click.Command, *arguments: str, given: str | bytes | None = None) -> str:
    result = run(command, *arguments, given=given)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


# -- juries


def test_many_juries_give_a_verdict_for_each_rule_of_each() -> None:
    answer = value(rules.check_jury, str(FILE))
    assert list(answer) == list(CASES)
    for id_, case in CASES.items():
        expected = {**case["expected"], **case.get("expected_partner_overlay", {})}
        assert {rule: answer[id_].get(rule) for rule in expected} == expected, id_


def test_french_rules_are_in_every_answer_and_the_partner_s_beside_them() -> None:
    answer = value(rules.check_jury, str(FILE))
    assert all(DATA["rules"].keys() <= each.keys() for each in answer.values())
    assert "BE-UG-VOTERS" in answer["C01"]
    assert "QC-SIZE" not in answer["C01"]


def test_one_case_is_read_from_standard_input() -> None:
    (answer,) = value(rules.check_jury, "-", given=json.dumps(CASES["C01"])).values()
    assert answer["FR-JURY-SIZE"] == "pass"


def test_in_full_every_finding_has_its_figures_its_source_and_both_sentences() -> None:
    answer = value(rules.check_jury, str(FILE), "--full")
    assert list(answer) == list(CASES)
    for found in answer["C01"] + answer["X36"] + answer["X38"]:
        assert found.keys() == {
            "rule", "verdict", "severity", "certainty", "institution", "observed", "required", "since", "clause",
            "source", "sentence",
        }  # fmt: skip
        assert found["verdict"] in list(Verdict)
        assert found["severity"] in list(Severity)
        assert found["certainty"] in list(Certainty)
        assert found["institution"] in {"lille", "ghent"}
        assert found["source"].keys() == {"text", "article", "url"}
        assert found["source"]["text"]
        assert found["sentence"].keys() == {"fr", "en"}
        assert all(sentence.endswith(".") for sentence in found["sentence"].values())
        assert (found["verdict"] == "derogated") == (found["clause"] is not None)


def test_shares_and_days_are_written_so_that_nothing_is_rounded() -> None:
    found = {each["rule"]: each for each in value(rules.check_jury, str(FILE), "--full")["C01"]}
    assert found["FR-JURY-RANK"]["required"]["share"] == "1/2"
    assert found["FR-JURY-SIZE"]["since"] == "2016-09-01"
    assert found["FR-RAPP-DELAY"]["required"]["due"] == "2025-11-28"
    assert found["FR-JURY-SIZE"]["observed"] == {"n": 6}


def test_in_full_each_partner_answers_for_itself() -> None:
    context = {**CASES["C01"]["context"], "partner_institutions": ["UGENT", "KULEUVEN"]}
    del context["partner_institution"]
    three = json.dumps({**CASES["C01"], "context": context})
    (found,) = value(rules.check_jury, "-", "--full", given=three).values()
    asking = [each["institution"] for each in found if each["rule"] == "BE-FL-BOTH"]
    assert asking == ["ghent", "ku-leuven"]
    (worst,) = value(rules.check_jury, "-", given=three).values()
    assert worst["BE-FL-BOTH"] == "fail"


UNREADABLE: dict[str, str | bytes] = {
    "no JSON": "{",
    "nothing": "",
    "not UTF-8": '{"cases": "é"}'.encode("latin-1"),
    "deep": "[" * 100_000,
    "a number of thousands of digits": "[" + "1" * 10_000 + "]",
    "half a character": json.dumps({**CASES["C01"], "id": "x"}).replace('"x"', '"\\ud800"'),
    "no date": json.dumps({**CASES["C01"], "context": {**CASES["C01"]["context"], "defence_date": None}}),
    "no members": json.dumps({"cases": [{"context": CASES["C01"]["context"]}]}),
    "a reading that is none": json.dumps({**CASES["C01"], "profile": {"external_reference": "the moon"}}),
    "a reading that is a number": json.dumps({**CASES["C01"], "profile": {"external_reference": 1}}),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_understood_is_refused_with_one_sentence(name: str) -> None:
    sentence = refused(rules.check_jury, "-", given=UNREADABLE[name])
    assert sentence.count("\n") == 1
    assert sentence.endswith(".\n")


def test_a_character_written_in_two_halves_is_whole() -> None:
    text = json.dumps({**CASES["C01"], "id": "\U0001f393"})
    assert "\\ud83c" in text
    assert list(value(rules.check_jury, "-", given=text)) == ["\U0001f393"]


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refused(rules.check_jury, str(tmp_path / "nowhere.json"))
    assert "directory" in refused(rules.check_jury, str(tmp_path))


def test_an_own_rulebook_counts_and_a_wrong_one_is_named_and_left_out(instance: Path) -> None:
    (instance / "rulebooks").mkdir(parents=True)
    (instance / "rulebooks" / "france.toml").write_text(OWN, encoding="utf-8")
    (instance / "rulebooks" / "ghent.toml").write_text("[rulebook]\nid = 3\n", encoding="utf-8")
    (instance / "rulebooks" / "mine.toml").write_text(
        OWN.replace('"france"', '"mine"').replace('"FR"', '"BE"')
    )
    result = run(rules.check_jury, "-", given=json.dumps(CASES["C01"]))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["C01"]["FR-JURY-SIZE"] == "fail"
    lines = result.stderr.splitlines()
    assert all(line.endswith("The file is left out.") for line in lines)
    assert {line.partition(",")[0] for line in lines} == {"ghent.toml", "mine.toml"}


def test_a_file_of_an_editor_that_marks_its_beginning_is_read() -> None:
    marked = b"\xef\xbb\xbf" + json.dumps(CASES["C01"]).encode()
    assert list(value(rules.check_jury, "-", given=marked)) == ["C01"]


def test_what_a_case_names_and_no_rulebook_knows_is_said_and_the_rest_is_checked() -> None:
    context = {
        **CASES["C01"]["context"],
        "partner_institution": "Atlantis U",
        "school": "SSH",
        "convention": {"derogations": [{"rule": "FR-X", "article": "1", "reason": "r", "text": "t"}]},
    }
    twice = [{**CASES["C01"], "id": id_, "context": context} for id_ in ("a", "b")]
    result = run(rules.check_jury, "-", given=json.dumps(twice))
    assert result.exit_code == 0
    assert json.loads(result.stdout).keys() == {"a", "b"}
    assert result.stderr.splitlines() == [
        "Case a and 1 more: no rule is known of ssh at Lille: only those of the whole university are asked.",
        "Case a and 1 more: no rulebook knows Atlantis U: no rule of its own is asked.",
        "Case a and 1 more: no rulebook has the rule FR-X: its derogation sets nothing aside.",
    ]
    assert run(rules.check_jury, "-", given=json.dumps(CASES["C01"])).stderr == ""


# -- reconciliation


def reconciled(*arguments: str) -> dict[str, Any]:
    answer = value(rules.reconcile, *arguments, "--on", "2026-10-01", "--json")
    return {each["topic"]: each for each in answer["topics"]}


def test_a_reconciliation_is_one_value_of_a_fixed_shape() -> None:
    answer = value(rules.reconcile, "lille", "UGENT", "--on", "2026-10-01", "--json")
    assert answer.keys() == {"on", "institutions", "topics"}
    assert answer["on"] == "2026-10-01"
    assert answer["institutions"] == ["lille", "ghent"]
    for topic in answer["topics"]:
        assert topic.keys() >= {"topic", "demands", "satisfies_all", "conflict", "way_out"}
        assert topic["topic"] in list(Topic)
        assert isinstance(topic["conflict"], bool)
        assert (topic["satisfies_all"] is None) == topic["conflict"]
        assert topic["way_out"] is None or topic["way_out"].keys() == {"fr", "en", "clause"}
        assert topic["demands"]
        for demand in topic["demands"]:
            assert demand.keys() >= {"institution", "rule", "value", "source"}
            assert demand["institution"] in answer["institutions"]
            assert demand["source"].keys() == {"text", "article", "url"}


def test_its_values_are_those_that_satisfy_everybody() -> None:
    topics = reconciled("lille", "ghent")
    assert topics["size"]["satisfies_all"]["members"] == 7
    assert topics["size"]["satisfies_all"]["voters"] == 5
    assert topics["external_share"]["conflict"]
    assert set(topics["external_share"]["excluding"]) == {"FR-JURY-EXT-BOTH", "BE-UG-HALF"}
    assert topics["external_share"]["demands"][0]["value"]["share"] == "1/2"
    assert reconciled("lille", "geneva")["diploma"]["satisfies_all"] == {"forms": ["two_diplomas"]}
    assert reconciled("lille", "geneva")["signature_window"]["satisfies_all"]["signed_by"] == "2028-10-01"


@pytest.mark.parametrize(
    ("schools", "clash"),
    [((), True), (("ghent:DI",), True), (("DI",), True), (("ghent:Veterinary Medicine",), True), (("ghent:LW",), False),
     (("SHS", "LW"), False)],
)  # fmt: skip
def test_a_school_is_named_with_or_without_its_university(schools: tuple[str, ...], clash: bool) -> None:
    options = [part for school in schools for part in ("--school", school)]
    assert reconciled("lille", "ghent", *options)["external_share"]["conflict"] is clash


def test_a_school_that_no_rulebook_knows_is_said_on_standard_error() -> None:
    result = run(
        rules.reconcile, "lille", "ghent", "--on", "2026-10-01", "--school", "SSH", "--school", "ghent:DI"
    )
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "No rule is known of ssh at Lille: only those of the whole university are asked."
    ]


def test_a_reading_of_a_text_is_marked_where_it_asks() -> None:
    shown = run(rules.reconcile, "lille", "laval", "--on", "2026-10-01").stdout
    assert "[FR-JURY-EXT-BOTH, interpretation]" in shown
    assert "[QC-GRADE, to verify, advice]" in shown
    assert "[FR-JURY-SIZE]" in shown


def test_as_text_every_topic_says_who_asks_and_what_settles_it() -> None:
    result = run(rules.reconcile, "lille", "ghent", "laval", "--on", "2026-10-01")
    assert result.exit_code == 0
    for line in (
        "Who votes: no value satisfies all",
        "  Laval        Both directors sit and take part in the decision. [QC-VOTE]",
        "  excluding each other: FR-JURY-SIZE, FR-JURY-EXT-BOTH, QC-PROF",
        'Sessions of the defence: {"sessions": 2}',
        "(school DI)",
        "(CL-33)",
    ):
        assert line in result.stdout
    assert "None" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("lille", "--on", "2026-10-01"), "at least two institutions"),
        (("lille", "atlantis", "--on", "2026-10-01"), "No rulebook knows atlantis"),
        (("lille", "ULILLE", "--on", "2026-10-01"), "named twice"),
        (("lille", "ghent", "--on", "2026-10-01", "--school", "laval:X"), "A school of laval is named"),
        (("lille", "ghent", "--on", "1 October"), "does not match the format"),
        (("lille", "ghent", "--on", "2026-02-30"), "does not match the format"),
        (("lille", "ghent"), "Missing option '--on'"),
        (("--on", "2026-10-01"), "Missing argument"),
    ],
)
def test_a_reconciliation_that_cannot_be_asked_is_refused(arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused(rules.reconcile, *arguments)


# -- rulebooks


def test_every_rulebook_is_listed_with_its_scope_and_the_day_of_reading() -> None:
    listed = value(rules.rulebooks, "list", "--json")
    assert [each["id"] for each in listed] == [book.id for book in shipped()]
    for each, book in zip(listed, shipped(), strict=True):
        assert each.keys() == {"id", "name", "scope", "read_on", "rules"}
        assert each["name"].keys() == {"fr", "en"}
        assert each["rules"] == len(book.rules)
        assert each["scope"]["country"]
    lines = run(rules.rulebooks, "list").stdout.splitlines()
    assert len(lines) == len(shipped())


@pytest.mark.parametrize("id_", [book.id for book in shipped()])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_rulebook_is_shown_as_sentences(id_: str, language: str) -> None:
    result = run(rules.rulebooks, "show", id_, "--language", language)
    assert result.exit_code == 0
    assert "None" not in result.stdout
    assert "{" not in result.stdout


def test_a_rule_is_shown_over_time_with_its_source() -> None:
    shown = run(rules.rulebooks, "show", "fr-remote").stdout
    assert "2016-09-01 – 2020-11-03 by defence" in shown
    assert "2020-11-04 – … by defence" in shown
    assert "art. 19" in shown
    assert "arrêté du 25 mai 2016" in shown


def test_a_rulebook_that_is_not_there_is_refused() -> None:
    assert "no rulebook and no rule called atlantis" in refused(rules.rulebooks, "show", "atlantis")


def checked(path: Path) -> tuple[int, list[str]]:
    result = run(rules.rulebooks, "check", str(path))
    assert result.stderr == ""
    return result.exit_code, result.stdout.splitlines()


def test_a_rulebook_in_order_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "france.toml"
    path.write_text(OWN, encoding="utf-8")
    assert checked(path) == (0, [f"{path}: 1 rule, all in order."])


def test_each_mistake_of_a_rulebook_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "france.toml"
    path.write_text(OWN.replace("jury_size", "jury_weight").replace("sourced", "sure"), encoding="utf-8")
    status, lines = checked(path)
    assert status == 1
    assert [line.removeprefix(f"{path}:").partition(":")[0] for line in lines] == ["10", "13"]


def test_a_folder_is_checked_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "france.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(
        OWN.replace('"france"', '"mine"').replace('"FR"', '"BE"'), encoding="utf-8"
    )
    status, lines = checked(tmp_path)
    assert status == 1
    assert lines[0].endswith("1 rule, all in order.")
    assert "only its own rulebook may replace it" in lines[1]


def test_the_shipped_rulebooks_are_in_order() -> None:
    status, lines = checked(Path(rules.shelf.__file__).with_name("books"))
    assert status == 0
    assert len(lines) == len(shipped())


def test_what_is_no_rulebook_at_all_is_refused(tmp_path: Path) -> None:
    assert "holds no rulebook" in refused(rules.rulebooks, "check", str(tmp_path))
    assert "does not exist" in refused(rules.rulebooks, "check", str(tmp_path / "nowhere.toml"))
    (tmp_path / "x.toml").write_bytes(OWN.encode("utf-16"))
    assert refused(rules.rulebooks, "check", str(tmp_path / "x.toml")) == "x.toml is not UTF-8 text.\n"
    (tmp_path / "x.toml").unlink()
    (tmp_path / "x.toml").mkdir()
    assert "x.toml cannot be read" in refused(rules.rulebooks, "check", str(tmp_path))


def test_every_check_is_listed_with_its_figures() -> None:
    listed = run(rules.rulebooks, "checks").stdout
    assert all(f"{name}  {{" in listed for name in CHECKS)
    assert "to: own|all" in listed
    assert "months: whole (may be left out)" in listed


# -- from outside


@pytest.mark.parametrize(
    "arguments",
    [["check-jury", str(FILE)], ["reconcile", "lille", "ghent", "--on", "2026-10-01", "--json"],
     ["rulebooks", "list", "--json"]],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_the_commands_need_no_installation_and_leave_nothing(tmp_path: Path, arguments: list[str]) -> None:
    program = "import sys; from cotutelle.cli import main; main(sys.argv[1:])"
    environment = {
        **{key: each for key, each in os.environ.items() if not key.startswith(("COTUTELLE_", "FLASK_", "LC_", "LANG"))},
        "COTUTELLE_INSTANCE_PATH": str(tmp_path / "instance"),
        "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert json.loads(done.stdout.decode("utf-8"))
    assert list(tmp_path.iterdir()) == []


def test_the_library_of_an_empty_installation_is_the_shipped_one() -> None:
    assert rules.library().books == standard().books
