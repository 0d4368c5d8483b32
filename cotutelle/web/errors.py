"""Errors as pages: each says what happened and what one can do; nothing typed is lost where it can be kept."""

import secrets

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, SecurityError

from cotutelle.db import db
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.web.refusals import refusal


def install(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(SecurityError, _untrusted)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Stale, _stale)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, title: str, text: str, reference: str = "") -> Response:
    db.session.rollback()
    page = render_template("errors/error.html", status=status, title=title, text=text, reference=reference)
    return make_response(page, status)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # a werkzeug response made by abort(redirect(...))
    title, text = {
        400: (_("This request cannot be read"), _("Go back, load the page again, and repeat what you did.")),
        401: (_("You are signed out"), _("Sign in, then repeat what you did: nothing was saved.")),
        403: (
            _("You may not do this"),
            _("You may read this, but not change it. The lead school's office can."),
        ),
        404: (_("There is nothing here"), _("The address is wrong, or this is not shared with you.")),
        405: (_("This address does not accept this request"), _("Go back and use the buttons of the page.")),
        409: (
            _("This conflicts with what is already recorded"),
            _("Load the page again to see how things stand."),
        ),
        410: (
            _("This link is no longer valid"),
            _("It was used, replaced, or is too old. Ask for a new one."),
        ),
        413: (
            _("This is too large"),
            _(
                "A form takes at most %(form)s MB and a file at most %(file)s MB.",
                form=current_app.config["FORM_LIMIT"] // 2**20,
                file=current_app.config["UPLOAD_LIMIT"] // 2**20,
            ),
        ),
        429: (_("Too many tries"), _("Wait a quarter of an hour, then try again.")),
    }.get(status, (_("Something went wrong here"), _("Nothing was saved. Please try again.")))
    return _page(status, title, text)


def _untrusted(error: SecurityError) -> Response:
    """A request under a name that is not ours: no page is made, for its addresses would be wrong."""
    return Response("This name is not served here.\n", 400, mimetype="text/plain")


def _csrf(error: CSRFError) -> Response:
    if not request.form:
        return _page(
            400,
            _("This request cannot be read"),
            _("Go back, load the page again, and repeat what you did."),
        )
    return _page(
        400,
        _("This page was open for too long"),
        _(
            "Your session ended meanwhile and nothing was saved. Go back: what you typed is still there; copy it, sign in, and send it again."
        ),
    )


def _refused(error: Refused) -> Response:
    if error.reason is Reason.LINK_DEAD:
        return _page(410, _("This link is no longer valid"), refusal(error))
    return _page(409, _("This cannot be done"), refusal(error))


def _stale(error: Stale) -> Response:
    return _page(
        409,
        _("Somebody else changed this meanwhile"),
        _("Go back: what you typed is still there. Copy it, then load the page again."),
    )


def _clash(error: IntegrityError) -> Response:
    return _page(
        409,
        _("Somebody did the same at the same moment"),
        _("Nothing of yours was saved. Load the page again to see how things stand."),
    )


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    current_app.logger.exception("error %s at %s %s", reference, request.method, request.endpoint)
    return _page(500, _("Something went wrong here"), _("Nothing was saved. Please try again."), reference)
