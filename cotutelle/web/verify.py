"""The public page of a number: whether a given file is the one that was closed, and nothing else about anything.

The file is hashed while it arrives and is kept nowhere, not even until the answer is given.
"""

import hashlib
import io
import re
from typing import Any

from flask import Blueprint, Request, abort, render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import FileField
from wtforms.validators import DataRequired

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signature import Stage
from cotutelle.operations import account as accounts
from cotutelle.operations import known_file
from cotutelle.policy import Action
from cotutelle.scope import as_system
from cotutelle.web.fields import Form
from cotutelle.web.guards import may

bp = Blueprint("verify", __name__, url_prefix="/verify")
TRIES, MINUTES = 30, 10
"""How many files one address may ask about, in how many minutes."""
_NUMBER = re.compile(r"[A-Z0-9]{2,20}(-[A-Z0-9]{1,12}){1,4}")


class Digesting(io.RawIOBase):
    """Takes in a file and keeps its SHA-256 alone."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: Any) -> int:
        """Take in more of the file."""
        self.sha256.update(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Nothing is kept that one could go back to."""
        return 0

    def read(self, size: int = -1) -> bytes:
        """Nothing is kept that one could read."""
        return b""


class HashedRequest(Request):
    """A request whose files are hashed as they arrive where that is all that is wanted of them."""

    def _get_file_stream(self, *arguments: Any, **named: Any) -> Any:
        if self.path.startswith(f"{bp.url_prefix}/") or self.path == bp.url_prefix:
            return Digesting()
        return super()._get_file_stream(*arguments, **named)


class FileForm(Form):
    """The file to ask about."""

    file = FileField(_l("The PDF file"), [DataRequired(_l("Choose the file."))])


@bp.route("", methods=["GET", "POST"], defaults={"number": ""})
@bp.route("/<string:number>", methods=["GET", "POST"])
@may(Action.OPEN_PUBLIC, keyed=False, whole=False)
def check(number: str) -> Any:
    """Ask for a file; say whether it is the closed one of that number."""
    if number and not _NUMBER.fullmatch(number):
        abort(404)
    form, answer = FileForm(), None
    if request.method == "POST":
        _limit()
    if form.validate_on_submit():
        taken = getattr(form.file.data, "stream", None)  # a text sent in its place is no file
        if isinstance(taken, Digesting):
            answer = _answer(taken.sha256.hexdigest(), number)
        else:
            form.refuse(Refused(Reason.DOCUMENT_MISSING, "file"))
    page = render_template("verify/check.html", form=form, number=number, answer=answer)
    return page, 422 if form.errors else 200


def _answer(digest: str, number: str) -> dict[str, Any]:
    session = db.session()
    with as_system(session, "public verification"):
        known = known_file.find(session, digest)
    session.rollback()
    if known is None or not known.closed:
        return {"digest": digest, "closed": False, "before": known is not None}
    return {
        "digest": digest,
        "closed": True,
        "known": known,
        "record": known.stage is Stage.RECORD,
        "other": bool(number) and number != known.number,
    }


def _limit() -> None:
    """So many questions and no more from one address: nobody tries out files by the thousand."""
    with transaction() as session:
        asked = accounts.count_try(session, f"verify:{request.remote_addr}", clock.now(), MINUTES)
    if asked > TRIES:
        abort(429)
