"""The small world of the tests on each database in turn, for programmes that run outside pytest."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from cotutelle import create_app
from cotutelle.db import db
from tests import databases
from tests.conftest import TESTING, prepare


@contextmanager
def world_on(kind: str, **settings: Any) -> Iterator[Flask]:
    """An application over the small world on one kind of database, gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if kind == "sqlite":
            yield from _running(databases.Sqlite(folder), folder, settings)
        else:
            with databases.postgres(folder / "server") as found:
                yield from _running(found, folder, settings)


def _running(database: Any, folder: Path, settings: dict[str, Any]) -> Iterator[Flask]:
    prepare(database.template_url(), folder / "prepared")
    url = database.copy()
    app = create_app({**TESTING, "DATABASE_URL": url, **settings}, instance=folder / "instance")
    yield app
    app.extensions["cotutelle.press"].stop()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    database.drop(url)
