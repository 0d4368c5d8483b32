"""Proves the commands as others rely on them: what they print, where, and with which status they end."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from cotutelle import clock
from cotutelle.cli import main
from cotutelle.cli import work as worker
from cotutelle.db import db, transaction
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
from tests.cli.running import run
from tests.client import Client

C = ConventionState


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


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("notanemail", "--family-name", "X"), "'notanemail' is not an e-mail address."),
        (("a@b.example", "--family-name", " \u200b"), "Give a family name"),
        (("a@b.example", "--family-name", "X", "--scope", "lille/SHS"), "A --scope is of a --role"),
    ],
)
def test_an_invitation_that_would_invite_nobody_is_refused(
    app: Flask, arguments: tuple[str, ...], sentence: str
) -> None:
    made = run(app, "invite", *arguments)
    assert made.exit_code == 2
    assert sentence in made.stderr


# init and demo


@pytest.mark.parametrize("command", ["theses", "ready", "verify-journal"])
def test_a_database_without_tables_is_named_with_what_makes_them(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COTUTELLE_INSTANCE_PATH", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        main([command])
    assert ended.value.code == 1
    assert "The database cannot be used: no such table" in (said := capsys.readouterr().err)
    assert "`cotutelle db upgrade` makes its tables" in said


@pytest.mark.parametrize("url", ["foo://x", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_database_that_cannot_be_reached_is_named_in_one_line(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COTUTELLE_INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("COTUTELLE_DATABASE_URL", url)
    with pytest.raises(SystemExit) as ended:
        main(["theses"])
    assert ended.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("The database cannot be used: ")


def test_a_real_installation_begins_where_there_is_no_table_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COTUTELLE_INSTANCE_PATH", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        main(["init", "--institution", "lille", "--admin", "a@b.example"])
    assert not ended.value.code
    assert "/link/invitation/" in capsys.readouterr().out


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
