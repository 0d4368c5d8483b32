"""Proves which convention the command makes: a draft with its blanks, or the final text once and never again."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from cotutelle.cli import convention as command
from cotutelle.db import db, transaction
from cotutelle.documents.convention import clause_versions
from cotutelle.domain.convention.state import ConventionState
from cotutelle.models import (
    Acceptance,
    Thesis,
)
from cotutelle.scope import as_system
from cotutelle.web import printing
from tests.cli.running import run

C = ConventionState


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be drawn, without drawing it: documents have their own tests."""
    calls: list[dict[str, Any]] = []

    def make(press: object, facts: Any, **more: Any) -> tuple[bytes, dict[str, Any], str]:
        calls.append({"facts": facts, **more})
        return b"%PDF-drawn", clause_versions(facts), "f" * 64

    monkeypatch.setattr(command.making, "make", make)
    monkeypatch.setattr(printing, "seal", lambda: None)  # what was not drawn cannot be sealed
    return calls


def reference_in(app: Flask, state: ConventionState, *, complete: bool = True) -> str:
    with app.app_context(), as_system(db.session(), "tests") as session:
        rows = select(Thesis.reference).where(Thesis.convention_state == state)
        rows = rows.where(Thesis.lacking == 0 if complete else Thesis.lacking > 0).order_by(Thesis.id)
        found = session.scalars(rows).first()
        session.rollback()
    assert found, f"the demonstration has no thesis whose convention is {state}"
    return found


def test_a_draft_is_written_where_asked_in_the_languages_asked(
    app: Flask, drawn: list[dict[str, Any]], tmp_path: Path
) -> None:
    target = tmp_path / "new" / "folder" / "draft.pdf"
    made = run(app, "convention", "lille-2026-0001", "--languages", "en,fr", "--output", str(target))
    assert made.exit_code == 0, made.output
    assert target.read_bytes() == b"%PDF-drawn"
    assert "draft" in made.stdout
    assert drawn[0]["facts"].languages == ("en", "fr")
    assert drawn[0]["final"] is False


def test_without_being_asked_a_draft_takes_the_languages_of_the_convention(
    app: Flask, drawn: list[dict[str, Any]], tmp_path: Path
) -> None:
    run(app, "convention", "LILLE-2026-0001", "--output", str(tmp_path / "a.pdf"), "--draft")
    assert drawn[0]["facts"].languages == ("fr", "en")


def test_a_final_version_with_blanks_lists_them_and_ends_with_one(
    app: Flask, drawn: list[dict[str, Any]], tmp_path: Path
) -> None:
    target = tmp_path / "final.pdf"
    made = run(app, "convention", "LILLE-2026-0001", "--output", str(target), "--final")
    assert made.exit_code == 1
    assert made.stdout == ""
    assert not target.exists()
    assert drawn == []
    lines = made.stderr.splitlines()
    assert lines[0] == "The parties have not approved the text yet."
    assert len(lines) > 20
    assert "provisional wording in: fr, en (--accept)" in lines[-2]
    assert "has not verified these references" in lines[-1]
    for line in lines[1:-2]:
        assert re.fullmatch(
            r"(CL|AX)-\d+: .+, to be given by (lead_office|party_office|candidate|directors)", line
        ), line
    assert any("(ghent)" in line for line in lines)


def test_an_unknown_thesis_ends_with_two(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    for reference in ("LILLE-2026-9999", "", "'; DROP TABLE thesis"):
        made = run(app, "convention", reference, "--output", str(target))
        assert made.exit_code == 2
        assert "There is no thesis" in made.stderr
    assert not target.exists()


def test_a_command_without_its_output_ends_with_two(app: Flask) -> None:
    assert run(app, "convention", "LILLE-2026-0001").exit_code == 2


def test_a_language_that_has_no_wording_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    for languages in ("ro", "fr,ro", ",", "xx", "fr;en"):
        made = run(app, "convention", "LILLE-2026-0001", "--languages", languages, "--output", str(target))
        assert made.exit_code == 2, languages
        assert "Languages: de, en, es, fr, it, nl, pt." in made.stderr
        assert "Traceback" not in made.output
        assert not isinstance(made.exception, KeyError | LookupError)
    assert not target.exists()


def test_a_complete_and_approved_one_is_final_without_being_asked_and_never_made_twice(
    demo: Flask, drawn: list[dict[str, Any]], tmp_path: Path
) -> None:
    reference = reference_in(demo, C.APPROVED)
    for name in ("first.pdf", "second.pdf"):
        made = run(demo, "convention", reference, "--output", str(tmp_path / name))
        assert made.exit_code == 0, made.output
        assert "final" in made.stdout
        assert (tmp_path / name).read_bytes() == b"%PDF-drawn"
    assert len(drawn) == 1, "the second is read from what is kept"
    assert drawn[0]["final"] is True


def test_a_complete_one_that_nobody_approved_is_a_draft(
    demo: Flask, drawn: list[dict[str, Any]], tmp_path: Path
) -> None:
    reference = reference_in(demo, C.DRAFT)
    made = run(demo, "convention", reference, "--output", str(tmp_path / "a.pdf"))
    assert made.exit_code == 0
    assert drawn[0]["final"] is False
    refused = run(demo, "convention", reference, "--output", str(tmp_path / "b.pdf"), "--final")
    assert refused.exit_code == 1
    assert refused.stderr == "The parties have not approved the text yet.\n"


def test_what_the_parties_approved_is_final_in_its_own_languages_alone(
    demo: Flask, drawn: list[dict[str, Any]], tmp_path: Path
) -> None:
    reference, target = reference_in(demo, C.SIGNING), str(tmp_path / "a.pdf")
    made = run(demo, "convention", reference, "--languages", "en", "--output", target)
    assert made.exit_code == 0
    assert (drawn[0]["final"], made.stdout.count("draft")) == (False, 1)
    assert made.stderr.splitlines() == [
        "The text that the parties approved is in: fr, en.",
        "So this is a draft.",
    ]
    refused = run(demo, "convention", reference, "--languages", "en", "--output", target, "--final")
    assert refused.exit_code == 1
    assert len(drawn) == 1


def test_a_final_version_waits_for_what_the_office_accepts_once(
    demo: Flask, drawn: list[dict[str, Any]], tmp_path: Path
) -> None:
    reference, target = reference_in(demo, C.IN_FORCE), str(tmp_path / "a.pdf")
    with demo.app_context(), transaction() as session:
        session.execute(delete(Acceptance))
    made = run(demo, "convention", reference, "--output", target)
    assert (made.exit_code, drawn[0]["final"]) == (0, False)
    assert "The office has not accepted the provisional wording in: fr, en (--accept)." in made.stderr
    assert run(demo, "convention", reference, "--output", target, "--final").exit_code == 1
    accepted = run(demo, "convention", reference, "--output", target, "--final", "--accept")
    assert accepted.exit_code == 0, accepted.output
    assert drawn[-1]["final"] is True
    assert run(demo, "convention", reference, "--output", target, "--final").exit_code == 0


def test_a_draft_and_the_final_version_are_not_asked_for_at_once(app: Flask, tmp_path: Path) -> None:
    made = run(app, "convention", "LILLE-2026-0001", "--output", str(tmp_path / "a"), "--draft", "--final")
    assert made.exit_code == 2
    assert "not for both" in made.stderr
