"""Fixtures: an application on each database, with the small world of `builders`."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from cotutelle import create_app, models
from cotutelle.db import db, transaction
from cotutelle.scope import as_system
from tests import builders, databases
from tests.client import Client

TESTING = {"TESTING": False, "SECRET_KEY": "a key for the tests alone", "BASE_URL": "http://localhost"}


EVIDENT = (
    models.Thesis, models.ThesisInstitution, models.Supervision, models.Enrolment, models.Stay, models.Leave,
    models.FundingSource, models.Transition, models.Event, models.Note, models.Document, models.DocumentVersion,
    models.Convention, models.ConventionVersion, models.Acceptance, models.Person, models.PersonPrivate,
    models.Affiliation, models.Grant, models.Institution, models.School, models.Unit, models.Contact, models.Office,
    models.Jury, models.Seat, models.JuryApproval, models.FindingsKept, models.RulebookFile, models.Reading,
    models.Derogation, models.SignOff, models.Deputy, models.CommitteeMember,
    models.CommitteeInterview, models.Campaign, models.CampaignItem,
    models.LetterWording, models.ConventionApproval, models.ConventionPoint, models.PointAnswer,
    models.Closing, models.FileLoan, models.Original, models.ClauseMark, models.Framework,
    models.ClauseVariant, models.ClauseVersion, models.Partnership, models.PartnershipMember, models.PartnershipContact,
    models.PartnershipCall, models.PartnershipDocument, models.ThesisPartnership, models.NationalRecord,
)  # fmt: skip
"""Tables whose every change has an entry in the journal."""
JUDGED = {"health", "health_reason", "good_until", "lacking", "calendar_changes"}
"""What the daily run may write on a thesis: an answer recomputed is no act."""


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: object) -> None:
    """Remember which evident rows a transaction wrote, and whether it wrote to the journal."""
    for row in (*session.new, *session.deleted, *session.dirty):
        if isinstance(row, models.JournalEntry):
            session.info["journaled"] = True
        elif isinstance(row, EVIDENT):
            changed = {a.key for a in inspect(row).attrs if a.history.has_changes()}
            if (
                row in session.new
                or row in session.deleted
                or changed - (JUDGED if isinstance(row, models.Thesis) else set())
            ):
                session.info["unwritten"] = type(row).__name__


@event.listens_for(Session, "before_commit")
def _ask_for_entry(session: Session) -> None:
    session.flush()
    changed, journaled = session.info.pop("unwritten", None), session.info.pop("journaled", False)
    assert not changed or journaled, f"a {changed} was changed without an entry in the journal"


@event.listens_for(Session, "after_rollback")
def _forget_changes(session: Session) -> None:
    session.info.pop("unwritten", None)
    session.info.pop("journaled", None)


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> databases.Sqlite:
    found = databases.Sqlite(tmp_path_factory.mktemp("sqlite"))
    prepare(found.template_url(), found.folder / "instance")
    return found


@pytest.fixture(scope="session")
def postgres_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Postgres]:
    folder = tmp_path_factory.mktemp("postgres")
    with databases.postgres(folder / "server") as found:
        prepare(found.template_url(), folder / "instance")
        yield found


def prepare(url: str, folder: Path) -> None:
    """Migrate an empty database and build the small world in it."""
    from flask_migrate import upgrade

    app = create_app({**TESTING, "DATABASE_URL": url}, instance=folder)
    with app.app_context():
        upgrade()
        with transaction() as session, as_system(session, "tests"):
            world = builders.build(session)
        db.session.remove()
        db.engine.dispose()
    (folder / "world.json").write_text(json.dumps(world.__dict__), encoding="utf-8")


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest) -> Any:
    """Each database in turn: a test that touches one runs on both."""
    return request.getfixturevalue("sqlite_database" if request.param == "sqlite" else "postgres_database")


@pytest.fixture
def app(database: Any, kept_apps: "Apps") -> Iterator[Flask]:
    yield from kept_apps.lent(database)


@pytest.fixture
def sqlite_app(sqlite_database: databases.Sqlite, kept_apps: "Apps") -> Iterator[Flask]:
    yield from kept_apps.lent(sqlite_database)


class Apps:
    """One application for each database, lent to one test after the other with its data and settings as they were.

    What it has compiled, templates and statements, it keeps: that is most of what a first request costs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, tuple[Flask, str, dict[str, Any], dict[str, Any]]] = {}

    def lent(self, database: Any) -> Iterator[Flask]:
        if database.kind not in self.made:
            url = database.copy()
            app = create_app(
                {**TESTING, "DATABASE_URL": url}, instance=self.folder / database.kind / "instance"
            )
            app.jinja_env.bytecode_cache = TEMPLATES
            self.made[database.kind] = app, url, dict(app.config), dict(app.extensions)
        app, url, config, extensions = self.made[database.kind]
        yield app
        app.extensions["cotutelle.press"].stop()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        app.config.clear()
        app.config.update(config)
        app.extensions.clear()
        app.extensions.update(extensions)
        for path in Path(app.instance_path).iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        database.refresh(url)


@pytest.fixture(scope="session")
def kept_apps(tmp_path_factory: pytest.TempPathFactory) -> Apps:
    return Apps(tmp_path_factory.mktemp("apps"))


Once = Callable[[str, Callable[[], object]], None]


@pytest.fixture(scope="session")
def kept_worlds() -> dict[tuple[str, str], Any]:
    """What databases held after acts that many tests start from, by kind of database and name of the act."""
    return {}


@pytest.fixture
def once(app: Flask, database: Any, kept_worlds: dict[tuple[str, str], Any]) -> Once:
    """Bring the database to where an act leaves it: acted the first time, and given back as it was from then on."""

    def act(name: str, acting: Callable[[], object]) -> None:
        url, key = app.config["DATABASE_URL"], (database.kind, name)
        if key in kept_worlds:
            database.give(url, kept_worlds[key])
            return
        acting()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        kept_worlds[key] = database.take(url)

    return act


TEMPLATES = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="cotutelle-templates-"))
"""Templates as they were compiled, for all applications of a run: there are thousands."""


def running(database: Any, folder: Path, **settings: Any) -> Iterator[Flask]:
    """An application on a copy of its own, gone afterwards."""
    url = database.copy()
    app = create_app({**TESTING, "DATABASE_URL": url, **settings}, instance=folder / "instance")
    app.jinja_env.bytecode_cache = TEMPLATES
    yield app
    app.extensions["cotutelle.press"].stop()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    database.drop(url)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session that sees everything and may write, inside one transaction that is undone."""
    with app.app_context():
        session = db.session()
        session.connection(execution_options={"writes": True})
        with as_system(session, "tests"):
            yield session
        session.rollback()
        db.session.remove()


@pytest.fixture
def world(request: pytest.FixtureRequest) -> builders.World:
    """Names of what `builders.build` made; the references are the same on both databases."""
    emails = {role: f"{role}@tests.example" for role in builders.ROLES}
    return builders.World("LILLE-2026-0001", "LILLE-2026-0002", emails)


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(app)
