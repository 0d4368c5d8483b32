"""One's own shared part: how one is named, written to and identified, wherever one's theses say so."""

from typing import Any

from flask import Blueprint, g, url_for

from cotutelle.db import db
from cotutelle.models import Person
from cotutelle.policy import Action
from cotutelle.web.guards import may
from cotutelle.web.person import change_shared

bp = Blueprint("identity", __name__)


@bp.route("/account/identity", methods=["GET", "POST"])
@may(Action.USE_ACCOUNT)
def edit() -> Any:
    """Change one's own names, e-mail address and ORCID; documents keep what they printed."""
    row = db.session.get_one(Person, g.reader.person_id)
    return change_shared(row, "account/identity.html", url_for("account.show"))
