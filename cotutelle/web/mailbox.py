"""The demonstration's mailbox: mail that never left, to read the links it holds."""

from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, render_template
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.mail import read_folder
from cotutelle.models import Installation
from cotutelle.policy import Action
from cotutelle.web.guards import may

bp = Blueprint("mailbox", __name__)


@bp.get("/mailbox")
@may(Action.OPEN_PUBLIC)
def index() -> Any:
    """Every mail of the demonstration, newest first; nothing of the kind exists in a real installation."""
    kind = db.session.scalar(select(Installation.value).where(Installation.name == "kind"))
    if kind != "demo":
        abort(404)
    mails = read_folder(Path(current_app.instance_path) / "mail")
    return render_template("mailbox/index.html", mails=mails), 200, {"Cache-Control": "no-store"}
