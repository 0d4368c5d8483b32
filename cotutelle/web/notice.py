"""The sentence that follows an act, carried by a signed cookie so that showing it writes nothing."""

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

_COOKIE = "notice"


def say(text: str) -> None:
    """Show this sentence on the page that comes next."""
    g.notice_to_send = str(text)


def heard() -> str | None:
    """The sentence left by the act before, if any."""
    value = request.cookies.get(_COOKIE)
    if not value:
        return None
    try:
        text = _serializer().loads(value)
    except BadSignature:
        return None
    g.notice_shown = True
    return str(text)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="cotutelle.notice")


def install(app: Flask) -> None:
    """Set or clear the cookie as answers leave."""

    @app.after_request
    def _carry(response: Response) -> Response:
        if g.get("notice_to_send") and response.status_code in {302, 303}:
            response.set_cookie(
                _COOKIE,
                _serializer().dumps(g.notice_to_send),
                max_age=60,
                httponly=True,
                samesite="Lax",
                secure=app.config["SESSION_COOKIE_SECURE"],
            )
        elif g.get("notice_shown"):
            response.delete_cookie(_COOKIE)
        return response
