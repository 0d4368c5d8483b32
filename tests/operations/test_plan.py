"""Proves that an installation's own plans are read from its folder, anew when a file changes, and a wrong one is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.operations.plan import plans, rejected
from cotutelle.rulebooks.plans import shipped
from cotutelle.scope import as_system
from tests.rulebooks.test_plans import PLAN


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A folder of plans is read by the application that owns it, and by no other."""
    with app.app_context(), as_system(db.session(), "tests") as found:
        yield found
        found.rollback()


def folder_of(app: Flask) -> Path:
    folder = Path(app.instance_path) / "plans"
    folder.mkdir(parents=True)
    return folder


def test_a_plan_in_the_folder_is_laid_over_the_shipped_ones(app: Flask, session: Session) -> None:
    assert plans(session).plans == shipped().plans
    (folder_of(app) / "bologna.toml").write_text(PLAN, encoding="utf-8")
    assert [plan.id for plan in plans(session).plans if plan not in shipped().plans] == ["bologna"]


def test_a_wrong_file_is_left_out_and_named(app: Flask, session: Session) -> None:
    (folder_of(app) / "rome.toml").write_text(PLAN, encoding="utf-8")
    assert [each.name for each in rejected(session)] == ["rome.toml"]
    assert plans(session).plans == shipped().plans
