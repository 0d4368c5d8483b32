"""``conventions``: many texts at once, each in a file of its own."""

from pathlib import Path

from flask import Flask

from tests.cli.running import run


def test_every_thesis_that_goes_on_gets_its_file(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    answer = run(app, "conventions", "--output", str(folder))
    assert answer.exit_code == 0, answer.output
    assert {path.name for path in folder.iterdir()} == {"LILLE-2026-0001.pdf", "LILLE-2026-0002.pdf"}
    assert all(path.read_bytes().startswith(b"%PDF-") for path in folder.iterdir())
    assert "2 of 2" in answer.output


def test_some_theses_or_states_alone(app: Flask, tmp_path: Path) -> None:
    answer = run(app, "conventions", "lille-2026-0002", "--output", str(tmp_path / "one"))
    assert answer.exit_code == 0
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["LILLE-2026-0002.pdf"]
    answer = run(app, "conventions", "--state", "in_force", "--output", str(tmp_path / "none"))
    assert (answer.exit_code, list((tmp_path / "none").iterdir())) == (0, [])


def test_an_unknown_thesis_ends_with_two(app: Flask, tmp_path: Path) -> None:
    answer = run(app, "conventions", "LILLE-1999-0001", "--output", str(tmp_path))
    assert answer.exit_code == 2
    assert "LILLE-1999-0001" in answer.output
