"""The only package that knows about requests."""

from typing import Any

from flask import Flask, abort, current_app, g, has_request_context, request, url_for
from flask_babel import Babel
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from cotutelle.db import db
from cotutelle.models import Account, Installation
from cotutelle.policy import Action, can
from cotutelle.web import (
    absence,
    account,
    amendment,
    article,
    assets,
    calendar,
    campaign,
    clause,
    clause_use,
    committee,
    consolidated,
    convention,
    convention_approval,
    convention_document,
    derogation,
    document,
    dossier,
    elsewhere,
    enrolment,
    errors,
    export,
    feed,
    figures,
    file_signing,
    filters,
    finding,
    framework,
    guards,
    handover,
    headers,
    help,
    history,
    identity,
    institution,
    institution_parts,
    jury,
    jury_acts,
    letter,
    mailbox,
    milestone,
    mine,
    national_record,
    negotiation,
    notice,
    original,
    page,
    paper,
    partnership,
    partnership_form,
    partnership_use,
    person,
    printing,
    proofs,
    reading,
    reconcile,
    registration,
    reschedule,
    returned,
    rulebook,
    sessions,
    signature_levels,
    signing,
    status,
    stay,
    supervision,
    theses,
    thesis,
    thesis_state,
    today,
    verify,
    waiting,
)

BLUEPRINTS = (
    absence,
    account,
    article,
    assets,
    calendar,
    campaign,
    clause,
    clause_use,
    committee,
    amendment,
    consolidated,
    convention,
    elsewhere,
    convention_approval,
    convention_document,
    derogation,
    document,
    dossier,
    enrolment,
    export,
    feed,
    figures,
    file_signing,
    finding,
    framework,
    handover,
    help,
    history,
    identity,
    institution,
    institution_parts,
    jury,
    jury_acts,
    letter,
    mailbox,
    milestone,
    mine,
    national_record,
    negotiation,
    original,
    paper,
    partnership,
    partnership_form,
    partnership_use,
    person,
    proofs,
    reconcile,
    reading,
    returned,
    rulebook,
    registration,
    reschedule,
    signature_levels,
    signing,
    status,
    stay,
    supervision,
    theses,
    thesis,
    thesis_state,
    today,
    verify,
    waiting,
)
LOCALES = {"en": "English", "fr": "Français"}


def install(app: Flask) -> None:
    """Everything the web needs, and the refusal to start when a route has no door."""
    login = LoginManager(app)
    login.session_protection = None
    login.user_loader(_account)
    app.request_class = verify.HashedRequest
    app.before_request(_limit_form)  # before anything reads the form
    CSRFProtect(app)
    Babel(app, locale_selector=_locale)
    app.session_interface = sessions.Interface()
    for module in BLUEPRINTS:
        app.register_blueprint(module.bp)
    printing.install(app)
    headers.install(app)
    notice.install(app)
    errors.install(app)
    filters.install(app)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(asset=assets.asset, csrf_token=generate_csrf)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_refuse_null)
    app.after_request(guards.deny_undecided)
    app.after_request(guards.tag)
    app.context_processor(_frame)
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the documented way
    guards.check_doors(app)


def _account(account_id: str) -> Account | None:
    account = db.session.scalar(select(Account).where(Account.id == int(account_id)))
    return account if account and account.disabled_at is None else None


def _locale() -> str:
    chosen = request.cookies.get("language", "")
    if chosen in LOCALES:
        return chosen
    if current_user and current_user.is_authenticated and current_user.language in LOCALES:
        return str(current_user.language)
    if g.get("link_language") in LOCALES:
        return str(g.link_language)
    wanted = [tag.split("-")[0].lower() for tag in request.accept_languages.values()]  # fr-CA is French
    return next((tag for tag in wanted if tag in LOCALES), "en")


def _limit_form() -> None:
    """A form without a file has the form's limit; with one, each part has its own."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["FORM_LIMIT"]


def _refuse_null() -> None:
    """No address holds a NUL; a database would refuse it with an error of its own."""
    if "\x00" in request.path or "%00" in request.query_string.decode("latin-1"):
        abort(404)


def _frame() -> dict[str, Any]:
    """What the frame of every page shows; mails, written outside a request, have none."""
    if not has_request_context():
        return {}
    here = filters.locale()
    ties = g.get("general_ties", frozenset())
    signed_in = current_user and current_user.is_authenticated
    items = [
        (_("Today"), "today.show", Action.VIEW_TODAY, ("today", "letter")),
        (_("Waiting for you"), "waiting.index", Action.USE_ACCOUNT, ("waiting",)),
        (
            _("Theses"),
            "theses.index",
            Action.LIST_THESES,
            (
                "theses",
                "thesis",
                "calendar",
                "committee",
                "proofs",
                "milestone",
                "mine",
                "reschedule",
                "convention",
                "convention_approval",
                "convention_document",
                "amendment",
                "clause_use",
                "consolidated",
                "elsewhere",
                "file_signing",
                "original",
                "paper",
                "returned",
                "negotiation",
                "article",
                "stay",
                "enrolment",
                "supervision",
                "document",
                "jury",
                "jury_act",
                "finding",
                "derogation",
                "reconcile",
                "history",
                "registration",
                "thesis_state",
                "partnership_use",
                "national_record",
            ),
        ),
        (_("Campaigns"), "campaign.index", Action.RUN_CAMPAIGNS, ("campaign",)),
        (
            _("Institutions"),
            "institution.index",
            Action.VIEW_DIRECTORY,
            (
                "institution",
                "institution_part",
                "signature_levels",
                "framework",
                "partnership",
                "partnership_form",
            ),
        ),
        (_("Figures"), "figures.show", Action.VIEW_FIGURES, ("figures",)),
        (_("People"), "person.index", Action.VIEW_DIRECTORY, ("person",)),
        (_("Rulebooks"), "rulebook.index", Action.VIEW_RULEBOOKS, ("rulebook", "reading", "clause")),
        (_("Operation"), "status.operate", Action.OPERATE, ("status",)),
    ]
    menu = [
        {"label": label, "url": url_for(endpoint), "current": request.blueprint in blueprints}
        for label, endpoint, action, blueprints in items
        if can(action, ties)
    ]
    facts = dict(db.session.execute(select(Installation.name, Installation.value)).all()) if signed_in else {}
    return {
        "me": current_user.person if signed_in else None,
        "menu": menu if signed_in else [],
        "locale": here,
        "other_locale": "fr" if here == "en" else "en",
        "languages_offered": list(LOCALES.items()),
        "notice": notice.heard(),
        "installation": facts.get("name", "Cotutelle"),
        "is_demo": facts.get("kind") == "demo",
        "may": lambda action: page.allowed(Action(action)),
        "today": g.get("today"),
    }
