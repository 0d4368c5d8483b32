"""Proves the commands as others rely on them: what they print, where, and with which status they end."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text, update

from cotutelle import clock, create_app
from cotutelle.cli import convention as command
from cotutelle.cli import work as worker
from cotutelle.db import db, transaction
from cotutelle.demo import world
from cotutelle.domain.convention.state import ConventionState
from cotutelle.models import (
    AccessLog,
    Account,
    ActKey,
    Convention,
    Grant,
    Institution,
    Job,
    Limit,
    Message,
    School,
    SignIn,
    Thesis,
)
from cotutelle.operations import message as outbox
from cotutelle.scope import as_system
from tests.client import Client
from tests.conftest import TESTING

C = ConventionState


def run(app: Flask, *arguments: str) -> Result:
    with app.app_context():  # as the group of commands gives one to each
        return app.test_cli_runner().invoke(args=list(arguments))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration, filled by its command: one thesis of each state of the convention."""
    folder = tmp_path_factory.mktemp("demo")
    whole = world.read("world")
    kinds = {(row["convention"], bool(row.get("complete"))): row for row in reversed(whole["thesis"])}
    few = {
        "world": {**whole, "thesis": list(kinds.values())},
        "institutions": world.read("institutions"),
        "juries": {"event": [], "jury": []},
    }
    app = create_app({**TESTING, "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite'}"}, instance=folder)
    with app.app_context():
        upgrade()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "read", few.__getitem__)
        made = run(app, "demo")
    assert made.exit_code == 0, made.output
    yield app
    app.extensions["cotutelle.press"].stop()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    app = create_app({**TESTING, "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite'}"}, instance=tmp_path)
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


# theses


SHAPE = {
    "reference": str,
    "title": dict,
    "candidate": str,
    "institutions": list,
    "thesis_state": str,
    "convention_state": str,
}


def test_theses_as_json_have_exactly_the_promised_shape(app: Flask) -> None:
    made = run(app, "theses", "--json")
    assert made.exit_code == 0
    listed = json.loads(made.stdout)
    assert [row["reference"] for row in listed] == ["LILLE-2026-0001", "LILLE-2026-0002"]
    for row in listed:
        assert list(row) == list(SHAPE)
        assert all(isinstance(row[key], kind) for key, kind in SHAPE.items())
    assert listed[0] == {
        "reference": "LILLE-2026-0001",
        "title": {"fr": "Canary-title-of-mine"},
        "candidate": "Zed Canary-candidate",
        "institutions": [{"code": "lille", "lead": True}, {"code": "ghent", "lead": False}],
        "thesis_state": "draft",
        "convention_state": "draft",
    }
    assert made.stdout.count("\n") == 1


def test_theses_of_the_demonstration_are_unicode_and_have_one_lead_each(demo: Flask) -> None:
    made = run(demo, "theses", "--json")
    assert "\\u00e9" not in made.stdout
    listed = json.loads(made.stdout)
    assert len({row["reference"] for row in listed}) == len(listed) > 5
    for row in listed:
        assert sum(party["lead"] for party in row["institutions"]) == 1
        assert len(row["institutions"]) >= 2
        assert row["convention_state"] in set(C)
        assert all(row["title"].values())
    assert {row["convention_state"] for row in listed} >= {C.DRAFT, C.APPROVED, C.IN_FORCE, C.SIGNING}


def test_theses_without_json_are_a_line_each(app: Flask) -> None:
    lines = run(app, "theses").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("LILLE-2026-0001 ")
    assert "Canary-title-of-mine" in lines[0]


def test_no_theses_are_an_empty_list(empty: Flask) -> None:
    made = run(empty, "theses", "--json")
    assert (made.exit_code, json.loads(made.stdout)) == (0, [])


# convention


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be drawn, without drawing it: documents have their own tests."""
    calls: list[dict[str, Any]] = []

    def make(press: object, facts: Any, **more: Any) -> tuple[bytes, dict[str, Any], str]:
        calls.append({"facts": facts, **more})
        return b"%PDF-drawn", command.document.clause_versions(facts.languages), "f" * 64

    monkeypatch.setattr(command.document, "make", make)
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
    for line in lines[1:]:
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
    for languages in ("nl", "fr,nl", "fr,", "xx", "fr;en"):
        made = run(app, "convention", "LILLE-2026-0001", "--languages", languages, "--output", str(target))
        assert made.exit_code in {1, 2}, languages
        assert made.stderr
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


# init and demo


ADDRESS = re.compile(r"http://localhost/link/invitation/\S+")


def test_a_real_installation_begins_with_one_address_that_works_once(empty: Flask) -> None:
    made = run(empty, "init", "--institution", "LILLE", "--admin", "chef@univ.example", "--name", "Lefèvre")
    assert made.exit_code == 0, made.output
    (address,) = ADDRESS.findall(made.stdout)
    with as_system(db.session(), "tests") as session:
        account = session.scalars(select(Account)).one()
        assert (account.email, account.password_hash) == ("chef@univ.example", "")
        scopes = session.scalars(select(Grant.scope_id).where(Grant.role == "administrator")).all()
        lille = select(School.id).join(Institution).where(Institution.code == "lille")
        assert sorted(scopes) == sorted(session.scalars(lille).all())
        assert session.scalar(select(Message.id)) is None
        session.rollback()
    client, path = Client(empty), address.removeprefix("http://localhost")
    words = "another long password"
    assert client.post(path, {"password": words, "again": words}).status == 303
    assert client.post("/sign-in", {"email": "chef@univ.example", "password": words}).status == 303
    assert client.get(path).status == 410


def test_an_institution_nobody_knows_ends_with_two_and_the_known_ones(empty: Flask) -> None:
    made = run(empty, "init", "--institution", "oxford", "--admin", "a@b.example")
    assert made.exit_code == 2
    assert "lille" in made.stderr
    assert db.session.scalar(select(Institution.id)) is None, "nothing stays of a beginning that failed"


def test_beginning_twice_with_one_address_is_refused(empty: Flask) -> None:
    first = run(empty, "init", "--institution", "lille", "--admin", "a@b.example", "--name", "One")
    again = run(empty, "init", "--institution", "lille", "--admin", "a@b.example", "--name", "Two")
    assert first.exit_code == 0
    assert again.exit_code != 0
    assert ADDRESS.findall(again.stdout) == []


def test_the_demonstration_goes_into_an_empty_database_only(app: Flask) -> None:
    made = run(app, "demo")
    assert made.exit_code == 2
    assert "empty database" in made.stderr
    gentle = run(app, "demo", "--if-empty")
    assert gentle.exit_code == 0
    assert "nothing is filled in" in gentle.stdout
    assert len(json.loads(run(app, "theses", "--json").stdout)) == 2


def test_a_real_installation_does_not_begin_in_the_demonstration(demo: Flask) -> None:
    made = run(demo, "init", "--institution", "lille", "--admin", "a@b.example")
    assert made.exit_code == 2
    assert "demonstration" in made.stderr


def test_every_address_of_the_demonstration_leads_nowhere(demo: Flask) -> None:
    with demo.app_context():
        emails = [
            *db.session.scalars(select(Account.email)),
            *db.session.scalars(text("SELECT email FROM person")),
        ]
        db.session.rollback()
    assert emails
    assert all(email.endswith(".example") for email in emails if email)


# journal, ready


def test_a_sound_journal_is_said_to_be_sound(app: Flask) -> None:
    made = run(app, "verify-journal")
    assert (made.exit_code, made.stdout) == (0, "The journal is sound.\n")


def test_a_journal_that_somebody_changed_behind_the_triggers_is_broken_where_they_did(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in (
                connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
                .scalars()
                .all()
            ):
                connection.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            connection.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE journal SET act = 'x' WHERE sequence = 5"))
    made = run(app, "verify-journal")
    assert made.exit_code == 1
    assert "broken at entry 5" in made.stderr


def test_an_installation_in_order_is_ready(app: Flask) -> None:
    made = run(app, "ready", "--json")
    assert made.exit_code == 0, made.output
    said = json.loads(made.stdout)
    assert set(said) == {"checks", "mail_waiting", "accounts"}
    assert said["checks"]["migrations"]["ok"]
    assert said["accounts"] == 14


def test_an_installation_behind_its_migrations_is_not_ready(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    made = run(app, "ready")
    assert made.exit_code == 1
    assert re.search(r"^NO +migrations", made.stdout, re.MULTILINE)


# worker


def test_one_round_of_work_runs_the_day_sends_the_mail_and_stops(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        outbox.queue(session, "x", "a@b.example", "fr", "s", "b", clock.now())
    assert run(app, "work", "--once").exit_code == 0
    with app.app_context():
        (job,) = db.session.scalars(select(Job)).all()
        assert (job.kind, job.state, job.error) == ("daily", "done", "")
        assert db.session.scalars(select(Message.state)).all() == ["sent"]
        db.session.rollback()
    assert run(app, "work", "--once").exit_code == 0
    with app.app_context():
        assert len(db.session.scalars(select(Job)).all()) == 1, "a day is worked once"
        db.session.rollback()


def test_the_daily_run_recomputes_what_is_no_longer_good_and_forgets_what_is_over(app: Flask) -> None:
    old = clock.now().replace(year=2020)
    with app.app_context(), transaction() as session, as_system(session, "tests"):
        session.execute(update(Thesis).values(good_until=date(2020, 1, 1), health="pass"))
        account = session.scalars(select(Account.id)).first()
        session.add(
            SignIn(digest="d", account_id=account, data={}, created_at=old, seen_at=old, expires_at=old)
        )
        session.add(ActKey(key="k", endpoint="e", request_digest="r", at=old))
        session.add(Limit(key="k", window=old, tries=1))
        session.add(AccessLog(at=old, what="sign_in"))
        session.add(AccessLog(at=clock.now(), what="sign_in"))
    run(app, "work", "--once")
    with app.app_context(), as_system(db.session(), "tests") as session:
        assert set(session.scalars(select(Thesis.health))) == {"pending"}
        assert [len(session.scalars(select(t)).all()) for t in (SignIn, ActKey, Limit, AccessLog)] == [
            0,
            0,
            0,
            1,
        ]
        session.rollback()


def test_a_job_that_fails_is_noted_and_the_mail_still_leaves(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise RuntimeError("no luck")

    monkeypatch.setitem(worker.KINDS, "daily", fails)
    with app.app_context(), transaction() as session:
        outbox.queue(session, "x", "a@b.example", "fr", "s", "b", clock.now())
    assert run(app, "work", "--once").exit_code == 0
    with app.app_context():
        (job,) = db.session.scalars(select(Job)).all()
        assert (job.state, job.error, job.leased_until) == ("failed", "no luck", None)
        assert db.session.scalars(select(Message.state)).all() == ["sent"]
        db.session.rollback()


def test_delivering_says_how_many_left(app: Flask) -> None:
    assert run(app, "deliver").stdout == "0 mails sent.\n"
    with app.app_context(), transaction() as session:
        for number in range(3):
            outbox.queue(session, "x", f"a{number}@b.example", "fr", "s", "b", clock.now())
    assert run(app, "deliver").stdout == "3 mails sent.\n"


def test_an_invited_person_gets_an_account_a_right_and_a_mail(app: Flask) -> None:
    made = run(
        app,
        "invite",
        "New@Univ.Example",
        "--family-name",
        "Neuf",
        "--role",
        "administrator",
        "--scope",
        "lille/SHS",
    )
    assert made.exit_code == 0, made.output
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == "new@univ.example")).one()
        grants = db.session.scalars(select(Grant).where(Grant.person_id == account.person_id)).all()
        assert [(g.role, g.scope_kind, g.reason) for g in grants] == [
            ("administrator", "school", "invited from the command line")
        ]
        assert db.session.scalars(select(Message.to)).all() == ["new@univ.example"]
        db.session.rollback()


def test_an_invitation_to_what_is_not_there_changes_nothing(app: Flask) -> None:
    for scope in ("lille/NONE", "oxford/SHS", "nothing"):
        new = ("invite", "new@univ.example", "--family-name", "N", "--role", "administrator")
        assert run(app, *new, "--scope", scope).exit_code == 2
    with app.app_context():
        assert db.session.scalar(select(Account.id).where(Account.email == "new@univ.example")) is None
        assert db.session.scalar(select(Message.id)) is None
        db.session.rollback()


def test_the_convention_table_is_current_for_every_thesis_of_the_demonstration(demo: Flask) -> None:
    with demo.app_context(), as_system(db.session(), "tests") as session:
        current = session.scalars(select(Convention.thesis_id).where(Convention.current)).all()
        theses = session.scalars(select(Thesis.id)).all()
        session.rollback()
    assert sorted(current) == sorted(theses)
