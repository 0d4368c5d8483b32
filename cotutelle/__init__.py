"""Cotutelle: theses shared by several universities, from registration to the signed convention.

`create_app` reads like a table of contents.
"""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask

from cotutelle import config
from cotutelle.db import db, engine_options, make_durable, migrate


def create_app(
    overrides: dict[str, Any] | None = None,
    *,
    instance: Path | None = None,
    send: Callable[[EmailMessage], None] | None = None,
) -> Flask:
    """The application. `overrides` win over every other setting; `send` replaces the mail transport.

    Raises config.WrongSetting and guards.NoPolicy.
    """
    folder = instance or config.instance_path()
    folder.mkdir(parents=True, exist_ok=True)
    app = Flask(
        __name__,
        instance_path=str(folder),
        template_folder=str(config.place("templates")),
        static_folder=None,
    )
    _configure(app, config.load(folder, overrides))
    app.extensions["cotutelle.send"] = send
    db.init_app(app)
    with app.app_context():
        make_durable(db.engine)
        db.engine.update_execution_options(rulebooks=str(folder / "rulebooks"), plans=str(folder / "plans"))
    migrate.init_app(app, db, directory=str(config.place("migrations")))
    from cotutelle import cli, web

    web.install(app)
    cli.install(app)
    return app


def _configure(app: Flask, settings: dict[str, Any]) -> None:
    app.config.update(settings)
    url = settings["DATABASE_URL"]
    fallbacks = [key for key in str(settings["SECRET_KEY_FALLBACKS"]).split(",") if key]
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
        SECRET_KEY_FALLBACKS=fallbacks,
        MAX_CONTENT_LENGTH=settings["UPLOAD_LIMIT"] + settings["FORM_LIMIT"],
        MAX_FORM_MEMORY_SIZE=settings["FORM_LIMIT"],
        SESSION_COOKIE_SECURE=settings["BASE_URL"].startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="__Host-session" if settings["BASE_URL"].startswith("https://") else "session",
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(config.PACKAGE / "translations"),
        BABEL_DEFAULT_LOCALE="en",
    )
