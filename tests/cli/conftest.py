"""The demonstration and an empty database, for the commands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade

from cotutelle import create_app
from cotutelle.db import db
from cotutelle.demo import world
from tests.cli.running import run
from tests.conftest import TESTING


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration, filled by its command: one thesis of each state of the convention."""
    whole = world.read("world")
    kinds = {(row["convention"], bool(row.get("complete"))): row for row in reversed(whole["thesis"])}
    yield from _filled(
        tmp_path_factory.mktemp("demo"), [row for row in kinds.values() if not row.get("signed")]
    )


@pytest.fixture(scope="module")
def sealed_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration with one thesis alone, whose convention everybody signed and which is closed and sealed."""
    signed = [row for row in world.read("world")["thesis"] if row.get("signed")]
    yield from _filled(tmp_path_factory.mktemp("sealed"), signed[:1])


def _filled(folder: Path, theses: list[dict[str, Any]]) -> Iterator[Flask]:
    few = {
        "world": {**world.read("world"), "thesis": theses},
        "institutions": world.read("institutions"),
        "juries": {"event": [], "jury": []},
        "partnerships": world.read("partnerships"),
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
