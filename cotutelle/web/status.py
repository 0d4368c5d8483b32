"""Whether the process lives, whether it can serve, and the operator's technical page without any thesis."""

from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, jsonify, render_template
from sqlalchemy import func, select, text

from cotutelle.config import place
from cotutelle.db import check_durable, db
from cotutelle.documents.libraries import missing_libraries
from cotutelle.models import Job, Message, PossibleDouble
from cotutelle.operations import plan
from cotutelle.operations.rulebook import rejected
from cotutelle.policy import Action
from cotutelle.web.guards import may

bp = Blueprint("status", __name__)


@bp.get("/healthz")
@may(Action.OPEN_PUBLIC)
def healthz() -> Any:
    """The process answers."""
    return jsonify(status="ok"), 200, {"Cache-Control": "no-store"}


@bp.get("/readyz")
@may(Action.OPEN_PUBLIC)
def readyz() -> Any:
    """The application can do its work: database, migrations, mail, document libraries; 503 when it cannot."""
    found = checks()
    ready = all(item["ok"] for item in found.values() if item["needed"])
    return (
        jsonify(status="ready" if ready else "not ready", checks=found),
        200 if ready else 503,
        {"Cache-Control": "no-store"},
    )


def checks() -> dict[str, dict[str, Any]]:
    """Each thing the application stands on: whether it is in order, whether it is needed, and a word on it."""
    session = db.session()
    here = MigrationContext.configure(session.connection()).get_current_revision()
    newest = ScriptDirectory(str(place("migrations"))).get_current_head()
    waiting = session.scalar(select(func.count()).select_from(Message).where(Message.state == "queued")) or 0
    failed = session.scalar(select(func.count()).select_from(Message).where(Message.state == "failed")) or 0
    jobs = session.scalar(select(func.count()).select_from(Job).where(Job.state == "queued")) or 0
    missing, left_out = missing_libraries(), (*rejected(session), *plan.rejected(session))
    try:
        check_durable(db.engine)
        durable = ""
    except RuntimeError as error:
        durable = str(error)
    return {
        "database": {
            "ok": session.scalar(text("SELECT 1")) == 1,
            "needed": True,
            "detail": db.engine.dialect.name,
        },
        "durability": {"ok": not durable, "needed": True, "detail": durable},
        "migrations": {"ok": here == newest, "needed": True, "detail": here or "none"},
        "documents": {"ok": not missing, "needed": False, "detail": ", ".join(missing)},
        "rulebooks": {
            "ok": not left_out,
            "needed": False,
            "detail": "; ".join(f"{each.name}, line {each.mistakes[0].line}: left out" for each in left_out),
        },
        "mail": {"ok": failed == 0, "needed": False, "detail": f"{waiting} queued, {failed} failed"},
        "jobs": {"ok": jobs < 100, "needed": False, "detail": f"{jobs} queued"},
    }


@bp.get("/operate")
@may(Action.OPERATE)
def operate() -> Any:
    """What an operator may see: the installation's health, mail that failed, possible doubles; no thesis."""
    session = db.session()
    failed = session.scalars(
        select(Message).where(Message.state == "failed").order_by(Message.queued_at.desc()).limit(50)
    ).all()
    doubles = session.scalar(
        select(func.count()).select_from(PossibleDouble).where(PossibleDouble.settled_at.is_(None))
    )
    page = render_template(
        "help/operate.html",
        checks=checks(),
        failed=failed,
        doubles=doubles,
    )
    return page, 200, {"Cache-Control": "no-store"}
