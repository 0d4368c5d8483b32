"""Sessions kept on the server once somebody is signed in: ending the row ends the session everywhere.

Before sign-in a signed cookie holds no more than the CSRF token. What a row says is fixed when it is made.
"""

import hashlib
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import login_user
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.models import Account, SignIn

_SEEN_EVERY = timedelta(minutes=5)


class ServerSession(SecureCookieSession):
    """A session whose content is a row of the database."""

    token: str = ""


def digest_of(token: str) -> str:
    """The key of a session's row: never the cookie value itself."""
    return hashlib.sha256(token.encode()).hexdigest()


class Interface(SecureCookieSessionInterface):
    """Reads the row behind a cookie; writes cookies, never rows."""

    session_class = ServerSession

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request: its row when the cookie names a live one, else the signed cookie."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if not cookie.startswith("s."):
            return super().open_session(app, request)
        row = live_row(db.session(), cookie)
        found = ServerSession(row.data if row else {})
        found.token = cookie if row else ""
        found.modified = False
        g.sign_in = row
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie of a session that began in this request, or the signed one of somebody not signed in."""
        token = getattr(session, "token", "")
        if not token:
            super().save_session(app, session, response)
            return
        if g.get("new_session"):
            response.set_cookie(
                self.get_cookie_name(app),
                token,
                httponly=True,
                secure=self.get_cookie_secure(app),
                samesite="Lax",
                path=self.get_cookie_path(app),
            )


def live_row(database: Session, token: str) -> SignIn | None:
    """The row of a session that has neither ended, nor expired, nor lain idle for too long."""
    from flask import current_app

    now = clock.now()
    idle = now - timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"])
    return database.scalar(
        select(SignIn).where(
            SignIn.digest == digest_of(token), SignIn.expires_at > now, SignIn.seen_at > idle
        )
    )


def begin(database: Session, account: Account, hours: int) -> None:
    """Sign an account in: a new row, a new cookie, a new CSRF token."""
    now, token = clock.now(), f"s.{secrets.token_urlsafe(32)}"
    session.clear()
    login_user(account)
    session["csrf_token"] = secrets.token_hex(20)
    data: dict[str, Any] = dict(session)
    database.add(
        SignIn(
            digest=digest_of(token),
            account_id=account.id,
            data=data,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=hours),
            user_agent=request.headers.get("User-Agent", "")[:200],
        )
    )
    account.signed_in_at = now
    session.token = token  # type: ignore[attr-defined]  # our own session class
    g.new_session = True


def end(database: Session) -> None:
    """Sign out: the row goes, so that the cookie opens nothing any more."""
    token = getattr(session, "token", "")
    database.execute(delete(SignIn).where(SignIn.digest == digest_of(token)))
    session.clear()
    session.token = ""  # type: ignore[attr-defined]  # our own session class


def touch() -> None:
    """Note that the session was used, at most every five minutes."""
    row: SignIn | None = g.get("sign_in")
    now = clock.now()
    if row is not None and now - row.seen_at > _SEEN_EVERY:
        seen = update(SignIn).where(SignIn.digest == row.digest).values(seen_at=now)
        # a page is not refused because somebody writes just now: the next one notes it
        with suppress(OperationalError), transaction() as database:
            database.execute(seen, execution_options={"synchronize_session": False})
