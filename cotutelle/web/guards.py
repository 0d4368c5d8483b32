"""The door of every route: who may pass, what they receive, and one transaction for each post.

A view says ``@may(Action.EDIT_THESIS, on=Thesis)`` and receives the thesis that was loaded and checked. A GET
runs in a read-only transaction; a POST runs in one that writes, claims the form's act key, and is undone
whenever the answer is not a success. What you may not see is 404; what you may see but not do is 403.
"""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Flask, Response, abort, current_app, g, make_response, redirect, request, url_for
from flask import session as session_of_browser
from flask_babel import get_locale
from flask_login import current_user
from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cotutelle import clock
from cotutelle.config import PACKAGE, place
from cotutelle.db import db, read_only, transaction
from cotutelle.domain.actor import Actor
from cotutelle.models import Account, ActKey, JournalEntry, SignIn, Thesis, ThesisInstitution
from cotutelle.policy import NOBODY, RULES, Action, Reader, Tie, can, general_ties, reader_of, thesis_ties
from cotutelle.scope import as_system, read_as
from cotutelle.web import sessions

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Door:
    """What a route asks: the action, the kind of subject, and whether its posts are whole transactions."""

    action: Action
    on: type[Any] | None
    keyed: bool
    whole: bool
    kept: bool


class NoPolicy(RuntimeError):
    """The application refuses to start: a route does not say who may open it."""


def may(
    action: Action,
    on: type[Any] | None = None,
    *,
    keyed: bool = True,
    whole: bool = True,
    kept: bool = False,
) -> Callable[[View], View]:
    """Guard a view.

    `keyed` False: an act that may be repeated (sign out); `whole` False: the view begins its own transaction;
    `kept`: a page without forms of its own, which a browser may keep and ask after.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(**arguments: Any) -> Response:
            g.decided = True
            if request.method in {"GET", "HEAD"}:
                return _show(view, door, arguments)
            return _act(view, door, arguments) if whole else _enter(view, door, arguments, read_only())

        door = Door(action, on, keyed, whole, kept)
        guarded.door = door  # type: ignore[attr-defined]  # read by check_doors and the tests
        return guarded

    return decorate


def action_of(endpoint: str) -> Action:
    """What a route of this application asks to be allowed."""
    door: Door = vars(current_app.view_functions[endpoint])["door"]
    return door.action


def check_doors(app: Flask) -> None:
    """Refuse to start when a route has no door, or an action no rule.

    Raises NoPolicy.
    """
    for rule in app.url_map.iter_rules():
        door = getattr(app.view_functions[rule.endpoint], "door", None)
        if door is None and rule.endpoint != "static":
            raise NoPolicy(f"{rule.rule} does not say who may open it.")
        if door is not None and not RULES.get(door.action):
            raise NoPolicy(f"{door.action} is allowed to nobody.")


def deny_undecided(response: Response) -> Response:
    """Turn a success that no door decided into an error: nothing leaves by accident."""
    undecided = request.endpoint not in (None, "static") and not g.get("decided")
    if (
        undecided and request.method != "OPTIONS" and response.status_code < 400
    ):  # OPTIONS: Flask names methods
        abort(500)
    return response


def _show(view: View, door: Door, arguments: dict[str, Any]) -> Response:
    sessions.touch()
    try:
        return _enter(view, door, arguments, read_only())
    finally:
        db.session.rollback()


def _act(view: View, door: Door, arguments: dict[str, Any]) -> Response:
    with transaction() as session:
        _check_still_signed_in(session)
        claimed, answer = claim(session) if door.keyed else (None, None)
        if answer is not None:
            return answer
        response = _enter(view, door, arguments, session)
        if response.status_code >= 400 or getattr(response, "no_commit", False):
            session.rollback()
        elif claimed is not None:
            keep_answer(session, claimed, response)
    return response


def _check_still_signed_in(session: Session) -> None:
    """What was true when the cookie was read may have ended before the write began."""
    row: SignIn | None = g.get("sign_in")
    if row is not None and session.get(SignIn, row.digest, populate_existing=True) is None:
        abort(401)


def _enter(view: View, door: Door, arguments: dict[str, Any], session: Session) -> Response:
    reader = identify(session)
    if door.kept and (unchanged := _unchanged(session, reader)):
        return unchanged
    if door.on is Thesis:
        writes = request.method == "POST" and door.whole
        thesis, ties = _thesis(session, reader, arguments.pop("reference"), writes=writes)
        g.thesis, g.ties = thesis, ties
        if not can(door.action, ties):
            abort(403 if can(Action.VIEW_THESIS, ties) else 404)
        return make_response(view(thesis, **arguments))
    if not can(door.action, general_ties(reader)):
        _turn_away(reader)
    return make_response(view(**arguments))


def identify(session: Session) -> Reader:
    """Read rights afresh, say who reads, and note actor, instant and day for this request."""
    account: Account | None = current_user._get_current_object() if current_user.is_authenticated else None
    g.now, g.today = clock.now(), clock.today()
    reader = reader_of(session, account, g.today) if account else NOBODY
    g.reader, g.general_ties = reader, general_ties(reader)
    g.actor = Actor(reader.account_id) if account else Actor(None, "visitor")
    read_as(session, reader, g.today)
    return reader


def _unchanged(session: Session, reader: Reader) -> Response | None:
    """304 when nothing at all was written since the browser's copy: the head of the journal says so.

    The tag also holds who reads with which rights, the language and the day, so that it is never stale.
    """
    head = session.execute(
        select(JournalEntry.digest).order_by(JournalEntry.sequence.desc()).limit(1)
    ).scalar()
    rights = sorted(map(repr, reader.rights))
    parts = [head, reader.account_id, rights, str(get_locale()), g.today, request.full_path, build()]
    parts.append(str(session_of_browser.get("csrf_token")))  # the page holds forms of this session
    g.tag = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    if (
        request.cookies.get("notice")
        or not request.if_none_match.contains_weak(g.tag)
        or request.if_none_match.star_tag
    ):
        return None
    response = Response(status=304)
    response.set_etag(g.tag, weak=True)
    return response


def tag(response: Response) -> Response:
    """Write the tag of a kept page onto its answer, unless it shows a passing notice."""
    if g.get("tag") and response.status_code == 200 and not g.get("notice_shown"):
        response.set_etag(g.tag, weak=True)
    return response


@functools.cache
def build() -> str:
    """What changes when the application itself does: any of its files may be part of a page."""
    files = [
        file
        for folder in (PACKAGE, place("templates"))
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix != ".pyc"
    ]
    sizes = "|".join(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
    return hashlib.sha256(sizes.encode()).hexdigest()[:32]


def _thesis(
    session: Session, reader: Reader, reference: str, *, writes: bool
) -> tuple[Thesis, frozenset[Tie]]:
    if reader is NOBODY:
        _turn_away(reader)
    found = select(Thesis).where(Thesis.reference == reference)
    # whoever writes to a thesis waits here for the other, and reads what that one left
    thesis = session.scalar(found.with_for_update() if writes else found)
    if thesis is None:
        abort(404)
    with as_system(session, "zone of the lead"):
        lead = session.scalars(
            select(ThesisInstitution).where(ThesisInstitution.thesis_id == thesis.id, ThesisInstitution.lead)
        ).one()
    g.today = clock.today(lead.institution.time_zone)
    return thesis, thesis_ties(session, reader, thesis, g.today)


def again(session: Session, action: Action, reference: str) -> Thesis:
    """The thesis once more, inside a transaction that a view began itself: rights may have ended meanwhile."""
    thesis, ties = _thesis(session, identify(session), reference, writes=True)
    if not can(action, ties):
        abort(403)
    return thesis


def _turn_away(reader: Reader) -> NoReturn:
    if reader is not NOBODY:
        abort(404 if request.method == "GET" and not request.url_rule else 403)
    if request.method == "GET":
        g.decided = True
        abort(redirect(url_for("account.sign_in", then=request.full_path.removesuffix("?"))))
    abort(401)


def claim(session: Session) -> tuple[str | None, Response | None]:
    """Claim the act key of the posted form: a key to keep the answer under, or the first answer again."""
    key = request.form.get("act_key", "")
    if not 16 <= len(key) <= 64:
        abort(400)
    digest = hashlib.sha256(f"{key}|{request.endpoint}|{request.path}|{_body_digest()}".encode()).hexdigest()
    account_id = current_user.id if current_user.is_authenticated else None
    table = ActKey.__table__
    assert isinstance(table, Table)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "key": digest,
        "account_id": account_id,
        "endpoint": request.endpoint,
        "request_digest": digest,
        "at": clock.now(),
    }
    statement = insert(table).values(values).on_conflict_do_nothing(index_elements=[table.c.key])
    if session.execute(statement.returning(table.c.key)).scalar() is not None:
        return digest, None
    first = session.scalars(select(ActKey).where(ActKey.key == digest)).one()
    if first.account_id != account_id or not first.location:
        abort(409)
    return None, make_response(redirect(first.location.replace(BROUGHT, _token()), code=first.status or 303))


def keep_answer(session: Session, key: str, response: Response) -> None:
    """Store the answer to an act beside its key, in the same transaction."""
    row = session.get_one(ActKey, key)
    location = response.headers.get("Location")
    if location and _token():
        location = location.replace(_token(), BROUGHT)
    row.status, row.location = response.status_code, location


BROUGHT = "{token}"
"""What stands in a kept answer for the token of its address: whoever asks again brings it, and nothing usable is kept."""


def _token() -> str:
    return str((request.view_args or {}).get("token", ""))


def _body_digest() -> str:
    body = hashlib.sha256()
    for name, value in sorted(request.form.items(multi=True)):
        if name != "csrf_token":
            body.update(f"{name}={value}&".encode("utf-8", "surrogatepass"))
    for name, file in sorted(request.files.items(multi=True)):
        body.update(f"{name}:{file.filename}".encode("utf-8", "surrogatepass"))
        while chunk := file.stream.read(1 << 20):
            body.update(chunk)
        file.stream.seek(0)
    return body.hexdigest()
