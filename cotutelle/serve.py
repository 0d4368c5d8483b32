"""``make run``: check what is needed, migrate, fill an empty database, write one convention, serve.

What is already done is not done again.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, select

from cotutelle import create_app
from cotutelle.config import WrongSetting, place
from cotutelle.db import check_durable, db
from cotutelle.demo.world import PASSWORD, sign_ins
from cotutelle.documents.libraries import install_command, missing_libraries
from cotutelle.models import Installation, Person
from cotutelle.web.guards import build

EXAMPLE = "demo-convention.pdf"


def say(text: str) -> None:
    """A line for whoever started this."""
    print(f"· {text}", flush=True)  # noqa: T201  # a command speaks on its standard output


def ensure_libraries() -> None:
    """Install the system libraries that documents need where we may; else stop with what to type."""
    missing = missing_libraries()
    if not missing:
        return
    command = install_command(missing)
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if may_install:
        say(f"installing {', '.join(missing)}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment, stdout=subprocess.DEVNULL)
        subprocess.run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing], check=False, env=environment, stdout=subprocess.DEVNULL)  # fmt: skip
    if missing_libraries():
        sys.exit(f"Documents need system libraries. Ask an administrator to type:\n\n    {command}\n\nthen run `make run` again.")  # fmt: skip


def ensure_database(app: Flask) -> bool:
    """Migrate when the database is behind, fill it when it is empty; whether anything was done."""
    with app.app_context():
        with db.engine.connect() as connection:
            here = MigrationContext.configure(connection).get_current_revision()
        behind = here != ScriptDirectory(str(place("migrations"))).get_current_head()
    if behind:
        say("bringing the database up to date")
        _command("db", "upgrade")
    with app.app_context():
        empty = not db.session.scalar(select(func.count(Person.id)))
        db.session.rollback()
    if empty:
        say("filling the database with the demonstration")
        _command("demo", "--if-empty")
    return behind or empty


def ensure_example(app: Flask) -> Path:
    """One convention of the demonstration as a PDF beside its data."""
    path = Path(app.instance_path) / EXAMPLE
    if not path.is_file() and is_demo(app):
        say("writing one convention as a PDF")
        from cotutelle.demo.theses import example

        with app.app_context():
            reference = example(db.session())
            db.session.rollback()
        _command("convention", reference, "--languages", "fr,en", "--output", str(path))
    return path


def is_demo(app: Flask) -> bool:
    """Whether this database holds the demonstration."""
    with app.app_context():
        kind = db.session.scalar(select(Installation.value).where(Installation.name == "kind"))
        db.session.rollback()
    return kind == "demo"


def _command(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cotutelle", *arguments], check=True, stdout=subprocess.DEVNULL)


def serve(app: Flask) -> int:
    """The web server and the worker beside it, until somebody stops them."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    web = [
        sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--workers", "2", "--threads", "4",
        "--worker-class", "gthread", "--no-control-socket", "--log-level", "warning", "cotutelle.wsgi:app",
    ]  # fmt: skip
    environment = {
        **os.environ,
        "COTUTELLE_BASE_URL": os.environ.get("COTUTELLE_BASE_URL", f"http://localhost:{port}"),
    }
    parts = [
        subprocess.Popen(web, env=environment),
        subprocess.Popen(
            [sys.executable, "-m", "cotutelle", "work"], env=environment, stdout=subprocess.DEVNULL
        ),
    ]
    greet(app, f"http://localhost:{port}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while all(part.poll() is None for part in parts):
            time.sleep(0.5)
        return next((part.returncode or 0 for part in parts if part.returncode is not None), 0)
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait()


def greet(app: Flask, address: str) -> None:
    """Where the application is, and how to sign in to the demonstration."""
    lines = [f"Cotutelle is at {address}"]
    if is_demo(app):
        lines += [
            f"A convention: {Path(app.instance_path) / EXAMPLE}",
            f"Mail is shown at {address}/mailbox",
            "",
        ]
        lines += [f"Sign in with the password “{PASSWORD}” as:"]
        lines += [f"  {role:<14} {email}" for role, email in sign_ins()]
    print("\n".join(["", *lines, "", "Stop with Ctrl+C."]), flush=True)  # noqa: T201  # a command speaks


def main() -> int:
    """All of it, in order."""
    ensure_libraries()
    try:
        app = create_app()
    except WrongSetting as error:
        sys.exit(str(error))
    if not ensure_database(app):
        say("the data are there: nothing to migrate or to fill in")
    with app.app_context():
        check_durable(db.engine)
        db.engine.dispose()
    ensure_example(app)
    with app.test_request_context():
        build()  # the web fonts are made once, before anybody waits for them
    with app.app_context():
        db.engine.dispose()
    return serve(app)


if __name__ == "__main__":
    sys.exit(main())
