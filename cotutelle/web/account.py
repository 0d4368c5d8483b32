"""Signing in and out, passwords by link, one's sessions, the interface's language."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RoutingException
from wtforms.validators import DataRequired, Email, EqualTo, Length, ValidationError

from cotutelle import clock, links
from cotutelle.db import db, transaction
from cotutelle.domain.actor import Actor
from cotutelle.models import AccessLog, Account, SignIn
from cotutelle.operations import account as accounts
from cotutelle.operations import message
from cotutelle.policy import Action
from cotutelle.web import feed, notice, sessions
from cotutelle.web.fields import Form, Secret, Text
from cotutelle.web.guards import may

bp = Blueprint("account", __name__)


class SignInForm(Form):
    """An address and a password."""

    email = Text(_l("E-mail address"), [DataRequired(_l("Give your e-mail address."))])
    password = Secret(_l("Password"), [DataRequired(_l("Give your password."))])


class ForgottenForm(Form):
    """The address that gets a link."""

    email = Text(
        _l("E-mail address"),
        [DataRequired(_l("Give your e-mail address.")), Email(_l("This is not an e-mail address."))],
    )


class PasswordForm(Form):
    """A new password, twice."""

    password = Secret(
        _l("New password"),
        [
            DataRequired(_l("Choose a password.")),
            Length(
                accounts.LEAST_PASSWORD,
                200,
                _l("A password has at least 12 characters; a sentence is easiest."),
            ),
        ],
    )
    again = Secret(
        _l("Repeat the password"),
        [DataRequired(_l("The two passwords differ.")), EqualTo("password", _l("The two passwords differ."))],
    )

    def validate_password(self, field: Any) -> None:
        """Refuse a password of one repeated sign."""
        if field.data and len(set(field.data)) < 5:
            raise ValidationError(_("This password repeats the same few signs: choose another."))


@bp.route("/sign-in", methods=["GET", "POST"])
@may(Action.OPEN_PUBLIC, keyed=False, whole=False)
def sign_in() -> Any:
    """Sign in; wrong addresses and wrong passwords get the same answer after the same work."""
    form = SignInForm()
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(url_for("theses.home"))
        return render_template("account/sign_in.html", form=form, then=request.args.get("then", ""))
    if not form.validate():
        return render_template("account/sign_in.html", form=form, then=request.form.get("then", "")), 422
    if not _may_try(form.email.data):
        form.form_errors.append(_("Too many tries: wait a quarter of an hour, or have a new password sent."))
        return render_template("account/sign_in.html", form=form, then=request.form.get("then", "")), 429
    # checked outside any writing transaction: the work of a password check would keep every other writer waiting
    account_id = accounts.account_for(db.session(), form.email.data, form.password.data)
    db.session.rollback()
    if account_id is None:
        form.form_errors.append(_("This address and password do not go together."))
        return render_template("account/sign_in.html", form=form, then=request.form.get("then", "")), 422
    with transaction() as session:
        account = session.get_one(Account, account_id)
        own, shared = _limits(form.email.data)
        accounts.forgive(session, own)
        accounts.uncount_try(session, shared, clock.now())
        _log(session, account, "sign_in")
        sessions.begin(session, account, current_app.config["SESSION_HOURS"])
    return redirect(_page_of_ours(request.form.get("then", "")), 303)


def _may_try(email: str) -> bool:
    """Count this try before anything is compared, so that tries sent together are counted together.

    A try that is refused is not counted itself: whoever waits is let in, however often they asked meanwhile.
    """
    minutes = current_app.config["SIGN_IN_MINUTES"]
    with transaction() as session:
        counted = [
            accounts.count_try(session, key, clock.now(), minutes) <= allowed
            for key, allowed in _limits(email).items()
        ]
        if not all(counted):
            session.rollback()
    return all(counted)


def _limits(email: str) -> dict[str, int]:
    """What a try counts against, and how many each may have: an account, and a network address of many people."""
    allowed = current_app.config["SIGN_IN_TRIES"]
    return {
        f"sign-in:{email.strip().casefold()[:100]}": allowed,
        f"sign-in-from:{(request.remote_addr or '')[:60]}": allowed * 10,
    }


def _page_of_ours(address: str) -> str:
    """The page that was asked for, if it is one that opens; never an address somebody wrote elsewhere."""
    adapter, asked = current_app.create_url_adapter(request), urlsplit(address)
    try:
        assert adapter is not None
        endpoint, arguments = adapter.match(asked.path, method="GET")
        target = url_for(endpoint, **arguments) if address.startswith("/") else url_for("theses.home")
    except (HTTPException, RoutingException, AssertionError, ValueError):
        return url_for("theses.home")
    return f"{target}?{asked.query}" if asked.query else target


def _log(session: Any, account: Account, what: str) -> None:
    session.add(
        AccessLog(
            at=clock.now(),
            account_id=account.id,
            what=what,
            address=(request.remote_addr or "")[:60],
            retention="access",
        )
    )


@bp.post("/sign-out")
@may(Action.OPEN_PUBLIC, keyed=False)
def sign_out() -> Any:
    """End this session: the old cookie opens nothing any more."""
    sessions.end(db.session())
    response = redirect(url_for("account.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(current_app.config["SESSION_COOKIE_NAME"], path="/")
    return response


@bp.post("/language")
@may(Action.OPEN_PUBLIC, keyed=False)
def switch_language() -> Any:
    """Show the interface in the other language, and stay on the page."""
    language = request.form.get("language", "")
    back = urlsplit(request.referrer or "")
    own = back.netloc == request.host
    target = _page_of_ours(f"{back.path}?{back.query}" if own else "")
    response = redirect(target, 303)
    if language in {"en", "fr"}:
        response.set_cookie(
            "language",
            language,
            max_age=31536000,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response


@bp.route("/forgotten", methods=["GET", "POST"])
@may(Action.OPEN_PUBLIC)
def forgotten() -> Any:
    """Have a link sent for a new password; the answer is the same whether or not the address is known."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render_template("account/forgotten.html", form=form), 422 if form.errors else 200
    session = db.session()
    key = f"forgotten:{form.email.data.casefold()[:100]}"
    if accounts.count_try(session, key, g.now, 60) <= 5:
        account = session.scalar(select(Account).where(Account.email == form.email.data.casefold()))
        if account is not None and account.disabled_at is None:
            send_link(session, account, "password", accounts.RESET_HOURS)
    notice.say(_("If there is an account for this address, a link is on its way to it."))
    return redirect(url_for("account.sign_in"), 303)


def send_link(session: Any, account: Account, purpose: str, hours: int) -> None:
    """Queue the mail that carries a link, in the language of its reader."""
    link = accounts.make_link(session, account, purpose, clock.now(), hours)
    with force_locale(account.language):
        subject = {
            "password": _("Your new password for Cotutelle"),
            "invitation": _("Your account on Cotutelle"),
        }[purpose]
        body = render_template(
            f"mail/{purpose}.txt", name=account.person.name, hours=hours, days=hours // 24, link=message.LINK
        )
    message.queue(session, purpose, account.email, account.language, subject, body, clock.now(), link=link)


@bp.route("/link/<any(password, invitation):purpose>/<string:token>", methods=["GET", "POST"])
@may(Action.OPEN_PUBLIC)
def by_link(purpose: str, token: str) -> Any:
    """Choose a password through a link from a mail. Opening it changes nothing; posting spends it."""
    link_id = links.read(_keys(), purpose, token)
    if link_id is None:
        raise NotFound
    session, form = db.session(), PasswordForm()
    accounts.live_link(session, link_id, purpose, clock.now())
    if not form.validate_on_submit():
        page = render_template("account/password.html", form=form, first=purpose == "invitation")
        return page, 422 if form.errors else 200, {"Cache-Control": "no-store"}
    account = accounts.use_link(session, link_id, purpose, clock.now())
    accounts.set_password(session, account, form.password.data, Actor(account.id), clock.now())
    notice.say(_("Your password is set. Sign in with it."))
    return redirect(url_for("account.sign_in"), 303)


def _keys() -> list[str]:
    return [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]


@bp.route("/account", methods=["GET"])
@may(Action.USE_ACCOUNT)
def show() -> Any:
    """Where one is signed in, and how to end it."""
    rows = db.session.scalars(
        select(SignIn).where(SignIn.account_id == current_user.id).order_by(SignIn.seen_at.desc())
    ).all()
    here = g.sign_in.digest if g.get("sign_in") else ""
    address = feed.address_of(db.session(), current_user.person_id)
    page = render_template("account/show.html", rows=rows, here=here, form=Form(), feed=address)
    return page, 200, {"Cache-Control": "no-store"}


@bp.post("/account/sessions/end")
@may(Action.USE_ACCOUNT)
def end_others() -> Any:
    """Sign out everywhere else."""
    accounts.end_sessions(db.session(), current_user._get_current_object(), but=g.sign_in.digest)
    notice.say(_("You are signed out everywhere else."))
    return redirect(url_for("account.show"), 303)
