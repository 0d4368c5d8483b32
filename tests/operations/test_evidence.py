"""What was done stays provable and nothing acknowledged is lost, on both databases.

The journal's chain, act keys, versions in forms, writers at once, and migrations that keep every row.
"""

import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from cotutelle.config import place
from cotutelle.db import db, transaction
from cotutelle.domain.journal import Entry, first_fault, payload_digest
from cotutelle.models import JournalEntry, JournalValue, Stay, Thesis
from cotutelle.operations import account as accounts
from cotutelle.operations import journal, keys
from cotutelle.operations import stay as stays
from cotutelle.operations.health import recompute_due
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, TODAY, World
from tests.client import Client, Page
from tests.test_house import differences
from tests.web.test_edits import answers

DAY = date(2027, 1, 1)


def acts(session: Session, world: World, count: int = 3) -> Thesis:
    """A series of acts on a thesis."""
    thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
    here = thesis.parties[0].institution_id
    for number in range(count):
        day = DAY + timedelta(days=number)
        stays.save_stay(
            session, thesis, None, here, day, day, False, ACTOR, NOW, today=TODAY, note=f"é🦉{number}"
        )
    return thesis


# -- the journal


@pytest.fixture
def chain(session: Session, world: World) -> list[Entry]:
    """The whole chain after the small world was built and some acts were done."""
    acts(session, world)
    return list(journal.entries(session))


def test_the_chain_of_a_series_of_acts_is_sound(chain: list[Entry]) -> None:
    assert len(chain) > 100
    assert [entry.sequence for entry in chain] == list(range(1, len(chain) + 1))
    assert first_fault(chain) is None


def test_a_changed_value_is_found_where_it_stands(chain: list[Entry]) -> None:
    for position in (0, 57, len(chain) - 1):
        for name in (field.name for field in fields(Entry)):
            value = getattr(chain[position], name)
            other = value + 1 if isinstance(value, int) else f"{value[:-1]}é"
            changed = replace(chain[position], **{name: other})
            assert first_fault([*chain[:position], changed, *chain[position + 1 :]]) == position + 1, name


def test_a_deleted_an_exchanged_and_an_inserted_entry_are_found_where_they_stand(chain: list[Entry]) -> None:
    assert first_fault([*chain[:40], *chain[41:]]) == 41
    assert first_fault([*chain[:40], chain[41], chain[40], *chain[42:]]) == 41
    assert first_fault([*chain[:40], chain[39], *chain[40:]]) == 41
    assert first_fault(chain[1:]) == 1
    # what a chain without an anchor outside cannot tell: that its end was cut off
    assert first_fault(chain[:40]) is None


@pytest.mark.parametrize(
    "act", ["UPDATE journal SET actor = 'system:planted'", "DELETE FROM journal", "TRUNCATE journal"]
)
def test_the_database_itself_refuses_to_alter_the_journal(app: Flask, world: World, act: str) -> None:
    with app.app_context():
        truncates = act.startswith("TRUNCATE")
        if truncates and db.engine.dialect.name == "sqlite":
            pytest.skip("SQLite has no TRUNCATE")
        for where in ("", " WHERE sequence = (SELECT max(sequence) FROM journal)"):
            with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
                session.execute(text("TRUNCATE journal CASCADE" if truncates else act + where))
        with transaction() as session, as_system(session, "tests"):
            assert first_fault(journal.entries(session)) is None
            acts(session, world, 1)  # and it still takes what comes after


def test_values_may_be_emptied_and_the_chain_stays_sound(app: Flask, world: World) -> None:
    with app.app_context():
        with transaction() as session, as_system(session, "tests"):
            acts(session, world)
            entry, value = session.execute(
                select(JournalEntry, JournalValue)
                .join(JournalValue)
                .order_by(JournalEntry.sequence.desc())
                .limit(1)
            ).one()
            assert payload_digest(value.salt, value.values) == entry.payload
            assert "Canary" not in str(
                [list(vars(e).values()) for e in session.scalars(select(JournalEntry))]
            )
        with transaction() as session:
            session.execute(update(JournalValue).values(values=None, salt=""))
        with transaction() as session:
            session.execute(text("DELETE FROM journal_value"))
        with transaction() as session:
            assert session.scalar(select(func.count()).select_from(JournalValue)) == 0
            assert first_fault(journal.entries(session)) is None


def test_an_act_that_fails_leaves_no_entry(app: Flask, world: World) -> None:
    def fail() -> None:
        with transaction() as session, as_system(session, "tests"):
            acts(session, world)
            raise RuntimeError("planted")

    with app.app_context():
        before = db.session.scalar(select(func.max(JournalEntry.sequence)))
        with pytest.raises(RuntimeError, match="planted"):
            fail()
        assert db.session.scalar(select(func.max(JournalEntry.sequence))) == before
        assert db.session.scalar(text("SELECT count(*) FROM stay")) == 0


# -- forms


def signed_in(app: Flask, *roles: str) -> list[Client]:
    clients = [Client(app) for _role in roles]
    with mock.patch.object(
        accounts, "_HASHER"
    ):  # passwords have tests of their own, and cost much of a second
        answers = [c.sign_in(f"{role}@tests.example").status for c, role in zip(clients, roles, strict=True)]
    assert answers == [303] * len(roles)
    return clients


def tabs(app: Flask, client: Client, count: int) -> list[Client]:
    """The same browser, several times, so that each thread has its own."""
    cookie = client.browser.get_cookie("session")
    assert cookie is not None
    found = [Client(app) for _number in range(count)]
    for each in found:
        each.browser.set_cookie("session", cookie.value)
    return found


def at_once(jobs: list[Callable[[], Page]]) -> list[Page]:
    """The answers to posts that all start at the same moment."""
    start, answers = threading.Barrier(len(jobs)), dict[int, Page]()

    def run(number: int) -> None:
        start.wait(timeout=20)
        answers[number] = jobs[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [answers[number] for number in range(len(jobs))]


def stay_form(client: Client, world: World, **answers: str) -> dict[str, str]:
    """The form of a new stay, filled."""
    page = client.get(f"/theses/{world.thesis}/stays/add")
    hidden = {name: page.hidden(name) for name in ("csrf_token", "act_key", "version")}
    return {
        **hidden,
        "institution": "lille",
        "done": "planned",
        "begin": "2027-01-01",
        "end": "2027-01-31",
        **answers,
    }


def count(app: Flask, table: str, where: str = "1 = 1") -> int:
    with app.app_context():
        found = db.session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))
        db.session.rollback()
    return int(found or 0)


def test_a_form_posted_twice_acts_once_and_gets_the_same_answer(app: Flask, world: World) -> None:
    (client,) = signed_in(app, "administrator")
    url, form = f"/theses/{world.thesis}/stays/add", stay_form(client, world)
    entries = count(app, "journal")
    first, second = (Page(client.browser.post(url, data=form)) for _again in range(2))
    assert first.status == second.status == 303
    assert first.location == second.location
    assert (count(app, "stay"), count(app, "journal")) == (1, entries + 1)


def test_the_same_key_with_other_answers_is_another_act(app: Flask, world: World) -> None:
    client, other = signed_in(app, "administrator", "writer")
    url, form = f"/theses/{world.thesis}/stays/add", stay_form(client, world)
    for begin in ("2027-01-01", "2027-01-02", "2027-01-01"):
        assert client.browser.post(url, data={**form, "begin": begin}).status_code == 303
    assert count(app, "stay") == 2
    # nor is the first answer given to somebody else
    theirs = {**form, "csrf_token": stay_form(other, world)["csrf_token"]}
    assert other.browser.post(url, data=theirs).status_code == 409
    assert count(app, "stay") == 2


def test_a_refused_form_may_be_sent_again_with_its_key(app: Flask, world: World) -> None:
    (client,) = signed_in(app, "administrator")
    url, form = f"/theses/{world.thesis}/stays/add", stay_form(client, world, end="2026-01-01")
    assert [client.browser.post(url, data=form).status_code for _again in range(2)] == [422, 422]
    assert count(app, "act_key", "endpoint = 'stay.add'") == 0


def test_of_one_form_posted_by_several_at_once_one_acts_and_all_get_its_answer(
    app: Flask, world: World
) -> None:
    (client,) = signed_in(app, "administrator")
    url, form = f"/theses/{world.thesis}/stays/add", stay_form(client, world)
    posts = [lambda tab=tab: Page(tab.browser.post(url, data=form)) for tab in tabs(app, client, 4)]
    answers = at_once(posts)
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert count(app, "stay") == 1


def test_stays_saved_by_eight_at_once_are_all_there(app: Flask, world: World) -> None:
    (client,) = signed_in(app, "administrator")
    url = f"/theses/{world.thesis}/stays/add"
    version, entries = _version(app, world), count(app, "journal")
    forms = [stay_form(client, world, begin=f"2027-01-{day:02}", note=f"stay {day}") for day in range(1, 9)]
    pairs = zip(tabs(app, client, 8), forms, strict=True)
    answers = at_once(
        [lambda tab=tab, form=form: Page(tab.browser.post(url, data=form)) for tab, form in pairs]
    )
    assert [answer.status for answer in answers] == [303] * 8
    with app.app_context(), as_system(db.session(), "tests"):
        assert sorted(db.session.scalars(select(Stay.note))) == [f"stay {day}" for day in range(1, 9)]
        assert first_fault(journal.entries(db.session())) is None
    assert (_version(app, world), count(app, "journal")) == (version + 8, entries + 8)


def _version(app: Flask, world: World) -> int:
    with app.app_context(), as_system(db.session(), "tests"):
        return db.session.scalars(select(Thesis.version).where(Thesis.reference == world.thesis)).one()


def test_who_saves_second_sees_both_versions_and_can_save_again(app: Flask, world: World) -> None:
    first, second = signed_in(app, "administrator", "writer")
    url = f"/theses/{world.thesis}/edit"
    page = second.get(url)
    assert first.post(url, {"title": "What the first wrote", "title_language": "fr"}).status == 303
    stale = {name: page.hidden(name) for name in ("csrf_token", "act_key", "version")}
    typed = {**stale, "title": "What the second wrote", "title_language": "fr", "mode": "part"}
    entries = count(app, "journal")
    conflict = Page(second.browser.post(url, data=typed))
    assert conflict.status == 409
    assert count(app, "journal") == entries
    table = re.search(
        r'<table class="ct-table ct-conflict.*?</table>|<table.*?</table>', conflict.text, re.DOTALL
    )
    assert table is not None
    assert "What the first wrote" in table[0]
    assert "What the second wrote" in table[0]
    assert answers(conflict)["title"] == "What the second wrote"
    again = {name: conflict.hidden(name) for name in ("csrf_token", "act_key", "version")}
    assert again["version"] != stale["version"]
    assert second.browser.post(url, data={**typed, **again}).status_code == 303
    assert answers(first.get(url))["title"] == "What the second wrote"


def test_the_two_versions_are_shown_by_fields_that_somebody_wrote(app: Flask, world: World) -> None:
    (client,) = signed_in(app, "administrator")
    page = client.post(
        f"/theses/{world.thesis}/edit", {"version": "999", "title": "T", "title_language": "fr"}
    )
    assert page.status == 409
    assert ">999<" not in page.text


VERSIONED = ("edit", "institutions", "candidate", "enrolment", "convention/terms/frame")


def test_no_form_with_a_version_overwrites_what_was_saved_meanwhile(app: Flask, world: World) -> None:
    (client,) = signed_in(app, "administrator")
    for url in (f"/theses/{world.thesis}/{part}" for part in VERSIONED):
        entries, form = count(app, "journal"), answers(client.get(url))
        for version in ("999", "0", "", "x"):
            data = {**form, "version": version, "act_key": secrets.token_hex(16)}
            assert client.browser.post(url, data=data).status_code == 409, (url, version)
        assert count(app, "journal") == entries, url
        data = {**form, "act_key": secrets.token_hex(16)}
        assert client.browser.post(url, data=data).status_code == 303, url


# -- migrations


def counts(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    names = [
        n
        for n in inspect(session.connection()).get_table_names()
        if not n.startswith(("alembic", "thesis_search"))
    ]
    return {name: session.connection().scalar(text(f'SELECT count(*) FROM "{name}"')) for name in names}


def planted_revision(folder: Path, body: str) -> str:
    """A copy of the migrations with one more revision after the last."""
    copy = folder / "migrations"
    shutil.copytree(place("migrations"), copy, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(copy)).get_current_head()
    source = f"""import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "planted", {head!r}, None, None


def upgrade():
{body}


def downgrade():
    pass
"""
    (copy / "versions" / "9999_planted.py").write_text(source)
    return str(copy)


WIDEN = """    with op.batch_alter_table("thesis", recreate="{recreate}") as batch:
        batch.alter_column("defence_place", type_=sa.String(4000), existing_type=sa.Text(), existing_nullable=False)
"""


@pytest.fixture
def family(app: Flask, world: World) -> Iterator[dict[str, int]]:
    """Rows in every child of a thesis, and a child table that would be emptied with its parents."""
    with app.app_context():
        with transaction() as session, as_system(session, "tests"):
            acts(session, world)
            session.execute(
                text(
                    "CREATE TABLE planted_child (thesis_id INTEGER REFERENCES thesis (id) ON DELETE CASCADE)"
                )
            )
            session.execute(text("INSERT INTO planted_child SELECT id FROM thesis"))
            before = counts(session)
        assert before["stay"] == 3
        assert before["planted_child"] == before["thesis"] == 2
        db.session.remove()
        yield before
        db.session.remove()


def test_a_table_rebuilt_by_a_migration_loses_no_child_row(
    app: Flask, world: World, family: dict[str, int], tmp_path: Path
) -> None:
    recreate = "always" if db.engine.dialect.name == "sqlite" else "auto"
    upgrade(directory=planted_revision(tmp_path, WIDEN.format(recreate=recreate)))
    with transaction() as session, as_system(session, "tests"):
        assert counts(session) == family
        assert first_fault(journal.entries(session)) is None
        acts(session, world, 1)
        if db.engine.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA foreign_keys")) == 1
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text("INSERT INTO planted_child VALUES (999999)"))


def test_the_naive_way_of_rebuilding_a_table_empties_its_children(sqlite_app: Flask, world: World) -> None:
    """The control: without env.py's care the same rebuild deletes what hangs on it, or fails."""
    with sqlite_app.app_context():
        with transaction() as session:
            session.execute(
                text(
                    "CREATE TABLE planted_child (thesis_id INTEGER REFERENCES thesis (id) ON DELETE CASCADE)"
                )
            )
            session.execute(text("INSERT INTO planted_child SELECT id FROM thesis"))
            # the children of our own that would forbid it are taken away: the trap is about those that do not
            for table in reversed(db.metadata.sorted_tables):
                if table.name != "thesis" and any(
                    k.column.table.name == "thesis" for k in table.foreign_keys
                ):
                    session.execute(text(f'DROP TABLE "{table.name}"'))
        db.session.remove()
        with db.engine.connect().execution_options(writes=True) as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("thesis", recreate="always") as batch:
                batch.drop_column("defence_place")
            connection.commit()
            assert connection.scalar(text("SELECT count(*) FROM thesis")) == 2
            assert connection.scalar(text("SELECT count(*) FROM planted_child")) == 0


def test_a_migration_that_breaks_references_is_undone(
    sqlite_app: Flask, world: World, tmp_path: Path
) -> None:
    with sqlite_app.app_context():
        before = counts(db.session())
        db.session.remove()
        with pytest.raises(SystemExit):  # as the command ends
            upgrade(directory=planted_revision(tmp_path, '    op.execute("DELETE FROM person")\n'))
        db.session.remove()
        assert counts(db.session()) == before
        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) != "planted"
        db.session.remove()


def test_a_failed_migration_leaves_foreign_keys_on(sqlite_app: Flask, world: World, tmp_path: Path) -> None:
    with sqlite_app.app_context():
        with pytest.raises(SystemExit):
            upgrade(directory=planted_revision(tmp_path, '    op.execute("DELETE FROM person")\n'))
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1
        db.session.remove()


def test_every_revision_goes_down_and_up_again_and_keeps_its_rows(app: Flask, world: World) -> None:
    with app.app_context():
        with transaction() as session, as_system(session, "tests"):
            acts(session, world)
            before = counts(session)
        db.session.remove()
        revisions = list(ScriptDirectory(str(place("migrations"))).walk_revisions())
        for script in revisions[:-1]:  # from the last to the second; below the first there is nothing to keep
            downgrade(revision=script.down_revision)
            lowered = counts(db.session())
            assert lowered == {name: before[name] for name in lowered}, script.revision
            assert {"thesis", "journal", "stay", "text"} <= lowered.keys()
            db.session.remove()
        upgrade()
        with transaction() as session, as_system(session, "tests"):
            assert counts(session) == {**before, "milestone": 0, "job": before["job"] + 1}
            recompute_due(session, TODAY, NOW)  # the worker's job: calendars are made from what is recorded
            assert counts(session)["milestone"] == before["milestone"]
        with as_system(db.session(), "tests"):
            assert first_fault(journal.entries(db.session())) is None
            found = select(Thesis.reference).where(keys.matches(db.session(), "canary candidate"))
            assert db.session.scalars(found).all() == [world.thesis]
        db.session.rollback()
        with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
            session.execute(text("DELETE FROM journal"))
        db.session.remove()
        downgrade(revision="base")
        assert set(inspect(db.session.connection()).get_table_names()) <= {"alembic_version"}
        db.session.remove()
        upgrade()
        assert differences(db.session(), db.metadata) == []
        assert set(counts(db.session()).values()) == {0}
        db.session.remove()
