"""The database: its engine with durable settings, and `transaction()`, the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from cotutelle.models.base import Base

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # no wheel for this platform: the system's own
    import sqlite3 as sqlite

SAFE_WAL = (3, 51, 3)
"""From this version on, several processes may write in WAL without the corruption bug of older ones."""

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()


class UnsafeDatabase(RuntimeError):
    """The database would lose acknowledged acts in a power cut; the message says which setting."""


def engine_options(url: str) -> dict[str, Any]:
    """Options of the engine for a database address."""
    if url.startswith("sqlite"):
        return {"module": sqlite, "connect_args": {"timeout": 10, "check_same_thread": False}}
    return {"pool_pre_ping": True}


def make_durable(engine: Engine) -> None:
    """Give every connection the settings that a power cut cannot undo, and BEGIN where writes begin."""
    if engine.dialect.name != "sqlite":

        @event.listens_for(engine, "begin")
        def _read_only(connection: Any) -> None:
            if connection.get_execution_options().get("reads"):
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")

        return

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        wal = tuple(map(int, sqlite.sqlite_version.split("."))) >= SAFE_WAL
        cursor.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
        cursor.execute(f"PRAGMA synchronous = {'FULL' if wal else 'EXTRA'}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA mmap_size = 0")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if options.get('reads') else 'OFF'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def check_durable(engine: Engine) -> None:
    """Refuse a database whose settings lose acknowledged acts.

    Raises UnsafeDatabase.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            mode = str(connection.execute(text("PRAGMA journal_mode")).scalar()).lower()
            level = int(connection.execute(text("PRAGMA synchronous")).scalar() or 0)
            if (mode, level) not in {("wal", 2), ("wal", 3), ("delete", 3)} and mode != "memory":
                raise UnsafeDatabase(f"SQLite runs with journal_mode={mode}, synchronous={level}.")
        else:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                value = connection.execute(text(f"SHOW {setting}")).scalar()
                if value == "off":
                    raise UnsafeDatabase(f"PostgreSQL runs with {setting} = off.")


@contextmanager
def transaction() -> Iterator[Session]:
    """Everything inside happens, or nothing does: the one commit of the application.

    It begins anew and, on SQLite, immediately: what is read inside is what the write builds on.
    """
    session = db.session()
    session.rollback()
    session.connection(execution_options={"writes": True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def read_only() -> Session:
    """The session for a request that only shows: the database itself refuses a write."""
    session = db.session()
    session.rollback()
    session.connection(execution_options={"reads": True})
    return session
