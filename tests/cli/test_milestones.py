"""Proves `cotutelle schedule`: the calendar of a file, its JSON, and a sentence for every file that cannot be read."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cotutelle.cli.milestones import schedule
from cotutelle.cli.rules import rulebooks
from tests.rulebooks.test_plans import PLAN

FILE: dict[str, Any] = {
    "lead": "lille",
    "institutions": [
        {"code": "ULILLE", "school": "SHS", "first_enrolment": "2021-10-04"},
        {"code": "UGENT", "school": None, "first_enrolment": "2022-02-01"},
    ],
    "convention_signed": "2023-01-10",
    "planned_defence": "2026-03-31",
    "mode": "full",
    "leaves": [],
    "gap": [{"from": "2023-09-01", "to": "2024-08-31"}],
    "today": "2025-11-24",
}


def run(tmp_path: Path, data: Any, *options: str) -> Result:
    file = tmp_path / "schedule.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return CliRunner().invoke(schedule, [str(file), *options])


def test_the_json_names_kind_institution_day_who_asks_source_and_signatories(tmp_path: Path) -> None:
    result = run(tmp_path, FILE, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    deposit = next(each for each in told if each["kind"] == "deposit")
    assert deposit["due"] == "2026-02-28"
    assert deposit["institution"] == "lille"
    assert deposit["required_by"] == ["FR-DEP-1M"]
    assert deposit["source"]["article"] == "24"
    assert deposit["signatories"] == [
        {"role": "candidate", "institution": None},
        {"role": "school", "institution": "lille"},
    ]
    days = [each["due"] for each in told if each["due"]]
    assert days == sorted(days)


def test_a_gap_year_has_no_enrolment_and_no_committee(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, FILE, "--json").stdout)
    years = [each["year"] for each in told if each["kind"] == "enrolment" and each["institution"] == "lille"]
    assert years == [2021, 2022, 2024, 2025]
    assert [each["due"] for each in told if each["kind"] == "committee"] == ["2024-09-01", "2025-09-01"]


def test_without_json_each_milestone_is_a_line(tmp_path: Path) -> None:
    result = run(tmp_path, {**FILE, "planned_defence": None})
    assert (
        "2024-09-01  lille              Individual monitoring committee 2024  [FR-CSI-BEFORE]"
        in result.stdout
    )
    assert "no day yet" in result.stdout
    assert "signed by candidate, director (lille), school (lille)" in result.stdout
    assert "(only if: corrections asked)  [FR-DEP-3M]" in result.stdout
    assert "[france, to verify]" in result.stdout


def test_a_school_that_no_rulebook_knows_is_named_and_one_with_a_blank_behind_it_is_known(
    tmp_path: Path,
) -> None:
    def at(school: str) -> Result:
        return run(tmp_path, {**FILE, "institutions": [{"code": "lille", "school": school}]})

    assert "No rule is known of xyz at Lille" in at("XYZ").stderr
    assert not at("SHS ").stderr
    assert "LILLE-SHS-J12" in at("SHS ").stdout


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"institutions": []}, "institutions must be a list"),
        ({"institutions": [{"school": "SHS"}]}, "Institution 1 has no code."),
        ({"institutions": [{"code": "lille"}, {"code": "ULILLE"}]}, "lille is named twice."),
        ({"lead": "geneva"}, "lead must be the code of one of the institutions."),
        ({"mode": "sometimes"}, "mode must be full or part."),
        ({"planned_defence": "2026-02-30"}, "planned_defence must be a day such as 2026-11-24, not '2026-02-30'."),
        ({"planned_defence": 20260230}, "planned_defence must be a day"),
        ({"planned_defence": "1026-02-03"}, "planned_defence is out of range"),
        ({"leaves": [{"kind": "holiday", "from": "2024-01-01", "to": "2024-02-01"}]}, "The kind of a leave must be"),
        ({"gap": [{"from": "2024-02-01", "to": "2024-01-01"}]}, "gap: each needs from and to, in this order."),
        ({"planned_defence": "2020-01-10"}, "planned_defence (2020-01-10) is before the first enrolment (2021-10-04)."),
        ({"gap": 3}, "gap must be a list of objects with from and to."),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_with_a_sentence(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    result = run(tmp_path, {**FILE, **change}, "--json")
    assert result.exit_code == 2
    assert says in result.stderr
    assert not result.stdout


@pytest.mark.parametrize(
    "text", ["{", "[]", "3", "[" * 100_000, "1" * 5000, '{"institutions": [{"code": "\\ud800"}]}']
)
def test_what_is_no_schedule_file_is_refused_with_status_2(tmp_path: Path, text: str) -> None:
    result = run(tmp_path, text)
    assert result.exit_code == 2
    assert result.stderr.strip().endswith(".")


def test_an_institution_that_no_rulebook_knows_is_named_and_planned_as_any_other(tmp_path: Path) -> None:
    data = {
        **FILE,
        "institutions": [{"code": "atlantis", "first_enrolment": "2024-10-01"}],
        "lead": "atlantis",
    }
    result = run(tmp_path, data)
    assert result.exit_code == 0
    assert "No rulebook knows atlantis: what its own rules ask is not planned." in result.stderr
    assert "Enrolment 2024" in result.stdout


def test_a_plan_of_the_instance_folder_counts_and_a_wrong_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "instance" / "plans"
    folder.mkdir(parents=True)
    (folder / "bologna.toml").write_text(PLAN, encoding="utf-8")
    (folder / "rome.toml").write_text(PLAN, encoding="utf-8")
    monkeypatch.setenv("COTUTELLE_INSTANCE_PATH", str(tmp_path / "instance"))
    parties = [{"code": "lille", "first_enrolment": "2024-10-01"}, {"code": "bologna"}]
    result = run(tmp_path, {"institutions": parties}, "--json")
    assert "rome.toml, line 2: id is “bologna”" in result.stderr
    reviews = [each for each in json.loads(result.stdout) if each["kind"] == "progress_review"]
    assert [each["due"] for each in reviews][:2] == ["2024-09-21", "2025-08-22"]


def test_a_plan_is_checked_by_the_command_that_checks_rulebooks(tmp_path: Path) -> None:
    (tmp_path / "bologna.toml").write_text(PLAN, encoding="utf-8")
    result = CliRunner().invoke(rulebooks, ["check", str(tmp_path)])
    assert result.exit_code == 0
    assert "2 milestones, all in order." in result.stdout
    (tmp_path / "bologna.toml").write_text(PLAN.replace('"deposit"', '"party"'), encoding="utf-8")
    result = CliRunner().invoke(rulebooks, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert "bologna.toml:16: party: there is no kind of milestone “party”" in result.stdout
