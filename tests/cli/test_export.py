"""``export``: each thesis in a file of its own for the registry, or all in one table."""

from pathlib import Path

from flask import Flask

from tests.cli.running import run

STRICT = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.loc.gov/METS/">
<xs:element name="other"/></xs:schema>"""


BOTH = ("lille-2026-0001", "lille-2026-0002")


def test_drafts_are_written_only_where_somebody_names_them(sqlite_app: Flask, tmp_path: Path) -> None:
    assert "0 theses written" in run(sqlite_app, "export", "star", "--output", str(tmp_path)).output
    assert "1 theses written" in run(sqlite_app, "export", "star", BOTH[0], "--output", str(tmp_path)).output


def test_every_thesis_gets_its_file(app: Flask, tmp_path: Path) -> None:
    answer = run(app, "export", "star", *BOTH, "--output", str(tmp_path / "new" / "star"))
    assert answer.exit_code == 0, answer.output
    names = {path.name for path in (tmp_path / "new" / "star").iterdir()}
    assert names == {"LILLE-2026-0001.xml", "LILLE-2026-0002.xml"}
    assert "2 theses written" in answer.output


def test_one_that_the_schema_refuses_is_named_and_the_status_is_one(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    (tmp_path / "a.xsd").write_text(STRICT, encoding="utf-8")
    answer = run(
        sqlite_app,
        "export",
        "star",
        "lille-2026-0001",
        "--output",
        str(tmp_path),
        "--schema",
        str(tmp_path / "a.xsd"),
    )
    assert answer.exit_code == 1
    assert "LILLE-2026-0001: line " in answer.output
    assert "0 of them valid" in answer.output


def test_what_is_no_schema_and_an_unknown_thesis_end_with_two(sqlite_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.xsd").write_text("nothing", encoding="utf-8")
    for more in (["--schema", str(tmp_path / "a.xsd")], ["LILLE-1999-0001"]):
        answer = run(sqlite_app, "export", "star", "--output", str(tmp_path / "out"), *more)
        assert answer.exit_code == 2, more


def test_all_stand_in_one_table_under_the_names_of_abes(sqlite_app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "theses.tsv"
    answer = run(sqlite_app, "export", "abes", *BOTH, "--output", str(target))
    assert answer.exit_code == 0, answer.output
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("CODE_ETUDIANT\tNOM_USUEL_ETUDIANT\t")
    assert [line.split("\t")[0] for line in lines[1:]] == ["LILLE-2026-0001", "LILLE-2026-0002"]
