"""Proves that signing in tells nobody anything, that limits hold, and that an ended session stays ended."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from cotutelle import mail
from cotutelle.db import db, transaction
from cotutelle.models import AccessLog, Account, Installation, Link, SignIn
from cotutelle.operations import account as accounts
from tests.builders import PASSWORD
from tests.client import Client, Page
from tests.web.conftest import HTTPS

ME = "administrator@tests.example"
START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SAME = ("csrf_token", "act_key")


def without_tokens(page: Page) -> str:
    text = page.text
    for name in SAME:
        text = text.replace(page.hidden(name), "·")
    return text


def signed_in(client: Client) -> bool:
    return client.get("/account").status == 200


def test_the_right_password_opens_the_list_and_is_noted(app: Flask) -> None:
    client = Client(app)
    answer = client.sign_in(ME)
    assert (answer.status, answer.location) == (303, "/")
    assert signed_in(client)
    with app.app_context():
        assert db.session.scalars(select(AccessLog.what)).all() == ["sign_in"]


def test_the_address_is_read_without_case_and_blanks(app: Flask) -> None:
    assert Client(app).sign_in(" Administrator@TESTS.example ").status == 303


def test_a_wrong_password_an_unknown_address_and_a_disabled_account_get_one_answer(app: Flask) -> None:
    answers = []
    for email, password in (
        (ME, "wrong password"),
        ("nobody@tests.example", PASSWORD),
        ("disabled@tests.example", PASSWORD),
    ):
        page = Client(app).post("/sign-in", {"email": email, "password": password})
        answers.append((page.status, without_tokens(page).replace(email, "·")))
        assert not signed_in(Client(app))
    assert answers[0][0] == 422
    assert answers[0] == answers[1] == answers[2]


def test_an_empty_field_is_named_and_costs_no_try(sqlite_app: Flask) -> None:
    for email, password in (("", PASSWORD), (ME, ""), ("", "")):
        page = Client(sqlite_app).post("/sign-in", {"email": email, "password": password})
        assert page.status == 422
        assert page.errors


@pytest.mark.parametrize("email", [ME, "nobody@tests.example"])
def test_after_the_allowed_wrong_tries_even_the_right_password_waits_a_quarter_of_an_hour(
    app: Flask, email: str
) -> None:
    app.config["SIGN_IN_TRIES"] = 2
    with time_machine.travel(START, tick=False) as time:
        client = Client(app)
        assert [client.sign_in(email, "wrong").status for _ in range(3)] == [422, 422, 429]
        assert client.sign_in(email, PASSWORD).status == 429
        assert client.sign_in("candidate@tests.example").status == 303
        time.shift(timedelta(minutes=14, seconds=59))
        assert [Client(app).sign_in(email, PASSWORD).status for _ in range(4)] == [429] * 4
        time.shift(timedelta(seconds=1))
        assert Client(app).sign_in(email, PASSWORD).status == (303 if email == ME else 422)


# Where one arrives


AWAY = [
    "//evil.example",
    "///evil.example",
    "/\t/evil.example",
    "/%09/evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/theses\r\nSet-Cookie: a=b",
    "/nowhere",
    "http://localhost@evil.example/theses",
    "",
]


def test_signing_in_never_leads_off_the_site(sqlite_app: Flask) -> None:
    for then in AWAY:
        client = Client(sqlite_app)
        page = client.get("/sign-in", query_string={"then": then})
        data = {"csrf_token": page.hidden("csrf_token"), "email": ME, "password": PASSWORD, "then": then}
        answer = Page(client.browser.post("/sign-in", data=data))
        assert answer.status == 303, then
        assert urlsplit(urljoin("http://localhost/sign-in", answer.location)).netloc == "localhost", then
        assert re.fullmatch(r"/[^/\\\s]?[^\\\s]*", answer.location), answer.location
        assert "Set-Cookie: a=b" not in str(answer.response.headers)


@pytest.mark.parametrize("wanted", ["/theses/LILLE-2026-0001", "/theses?state=draft&q=zed"])
def test_signing_in_leads_to_the_page_that_was_asked_for(sqlite_app: Flask, wanted: str) -> None:
    client = Client(sqlite_app)
    asked = client.get(wanted)
    assert asked.status == 302
    page = client.get(asked.location)
    data = {"csrf_token": page.hidden("csrf_token"), "email": ME, "password": PASSWORD}
    answer = client.browser.post("/sign-in", data={**data, "then": unescape(page.hidden("then"))})
    assert answer.headers["Location"] == wanted


def test_what_only_a_button_does_is_no_page_to_arrive_at(sqlite_app: Flask) -> None:
    client = Client(sqlite_app)
    page = client.get("/sign-in?then=/sign-out")
    data = {"csrf_token": page.hidden("csrf_token"), "email": ME, "password": PASSWORD, "then": "/sign-out"}
    assert client.browser.post("/sign-in", data=data).headers["Location"] == "/"


def test_one_network_address_has_ten_times_the_tries_of_an_account(sqlite_app: Flask) -> None:
    sqlite_app.config["SIGN_IN_TRIES"] = 1
    with time_machine.travel(START, tick=False):
        answers = [Client(sqlite_app).sign_in(f"guess{n}@tests.example", "wrong").status for n in range(11)]
    assert answers == [422] * 10 + [429]


def test_who_signs_in_has_all_tries_again(app: Flask) -> None:
    app.config["SIGN_IN_TRIES"] = 2
    with time_machine.travel(START, tick=False):
        for _ in range(3):
            assert Client(app).sign_in(ME, "wrong").status == 422
            assert Client(app).sign_in(ME).status == 303


def test_switching_the_language_never_leads_off_the_site(sqlite_app: Flask) -> None:
    client = Client(sqlite_app)
    token = client.get("/sign-in").hidden("csrf_token")
    for referrer in ("https://evil.example/theses", "http://localhost//evil.example", None):
        headers = {"Referer": referrer} if referrer else {}
        data = {"csrf_token": token, "language": "fr"}
        answer = client.browser.post("/language", data=data, headers=headers)
        assert answer.status_code == 303
        assert urlsplit(urljoin("http://localhost/", answer.headers["Location"])).netloc == "localhost"


def test_the_language_chosen_is_kept_in_a_cookie_and_the_page_stays(sqlite_app: Flask) -> None:
    client = Client(sqlite_app)
    token = client.get("/sign-in").hidden("csrf_token")
    headers = {"Referer": "http://localhost/sign-in?then=/theses"}
    answer = client.browser.post("/language", data={"csrf_token": token, "language": "fr"}, headers=headers)
    assert answer.headers["Location"] == "/sign-in?then=/theses"
    assert '<html lang="fr"' in client.get("/sign-in", headers={"Accept-Language": "en"}).text


def test_before_anybody_chooses_the_browsers_language_counts(sqlite_app: Flask) -> None:
    wanted = {
        "fr": "fr",
        "fr-CA,fr;q=0.9,en;q=0.5": "fr",
        "de": "en",
        "": "en",
        "*": "en",
        "xx;;q=z": "en",
        "fr-CA,en;q=0.5": "fr",
        "de,fr;q=0.2,en;q=0.1": "fr",
    }
    for accepts, language in wanted.items():
        page = Client(sqlite_app).get("/sign-in", headers={"Accept-Language": accepts})
        assert f'<html lang="{language}"' in page.text, accepts


def test_a_language_that_is_none_of_ours_changes_nothing(sqlite_app: Flask) -> None:
    client = Client(sqlite_app)
    token = client.get("/sign-in").hidden("csrf_token")
    for language in ("de", "", "../fr", "x" * 5000):
        answer = client.browser.post("/language", data={"csrf_token": token, "language": language})
        assert answer.status_code == 303
        assert not any(c.startswith("language=") for c in answer.headers.getlist("Set-Cookie"))


# Sessions


def test_a_session_lies_idle_for_two_hours_and_not_longer(app: Flask) -> None:
    with time_machine.travel(START, tick=False) as time:
        client = Client(app)
        client.sign_in(ME)
        time.shift(timedelta(minutes=119, seconds=59))
        assert signed_in(client)
        time.shift(timedelta(minutes=119))
        assert signed_in(client)
        time.shift(timedelta(minutes=120))
        assert not signed_in(client)


def test_a_session_ends_twelve_hours_after_it_began_however_busy_it_was(app: Flask) -> None:
    with time_machine.travel(START, tick=False) as time:
        client = Client(app)
        client.sign_in(ME)
        for _hour in range(11):
            time.shift(timedelta(hours=1))
            assert signed_in(client)
        time.shift(timedelta(minutes=59, seconds=59))
        assert signed_in(client)
        time.shift(timedelta(seconds=1))
        assert not signed_in(client)


def test_a_cookie_replayed_after_sign_out_opens_nothing(app: Flask) -> None:
    client, thief = Client(app), Client(app)
    client.sign_in(ME)
    cookie = client.browser.get_cookie("session")
    assert cookie is not None
    thief.browser.set_cookie("session", cookie.value)
    assert signed_in(thief)
    answer = client.post("/sign-out", form="/account")
    assert (answer.status, answer.response.headers["Clear-Site-Data"]) == (303, '"cache"')
    assert not signed_in(client)
    assert not signed_in(thief)


def test_the_cookie_changes_at_sign_in_and_its_value_is_kept_nowhere(app: Flask) -> None:
    client = Client(app)
    client.get("/sign-in")
    before = client.browser.get_cookie("session")
    client.sign_in(ME)
    after = client.browser.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with app.app_context():
        (row,) = db.session.scalars(select(SignIn)).all()
        assert after.value not in f"{row.digest} {row.data}"


def test_a_made_up_cookie_is_nobody(sqlite_app: Flask) -> None:
    for value in ("s.", "s.wrong", "s." + "a" * 5000, "x", "é", "s.\x00"):
        headers = {"Cookie": f"session={value}"}
        assert Client(sqlite_app).browser.get("/account", headers=headers).status_code == 302, value


def test_ending_the_other_sessions_leaves_this_one(app: Flask) -> None:
    here, there = Client(app), Client(app)
    here.sign_in(ME)
    there.sign_in(ME)
    other = Client(app)
    other.sign_in("candidate@tests.example")
    assert here.post("/account/sessions/end", form="/account").status == 303
    assert [signed_in(here), signed_in(there), signed_in(other)] == [True, False, True]


def test_an_account_that_is_disabled_is_signed_out_at_once(app: Flask) -> None:
    client = Client(app)
    client.sign_in(ME)
    with app.app_context(), transaction() as session:
        session.execute(update(Account).where(Account.email == ME).values(disabled_at=START))
    assert not signed_in(client)


def test_a_write_with_a_session_that_ended_meanwhile_is_refused(app: Flask) -> None:
    client = Client(app)
    client.sign_in(ME)
    page = client.get("/theses/LILLE-2026-0001/edit")
    with app.app_context(), transaction() as session:
        accounts.end_sessions(session, session.scalars(select(Account).where(Account.email == ME)).one())
    data = {name: page.hidden(name) for name in ("csrf_token", "act_key", "version")}
    answer = client.browser.post("/theses/LILLE-2026-0001/edit", data={**data, "title": "X"})
    assert answer.status_code in {400, 401}


# A new password by link


def demo(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.add(Installation(name="kind", value="demo"))


def link_in(page: Page) -> str:
    found = re.findall(r"/link/[a-z]+/[A-Za-z0-9._-]+", page.text)
    assert found
    return found[0]


def test_a_forgotten_password_is_replaced_through_the_mailbox(app: Flask) -> None:
    demo(app)
    old, client = Client(app), Client(app)
    old.sign_in(ME)
    assert client.post("/forgotten", {"email": ME.upper()}).status == 303
    told = client.get("/sign-in")
    assert "on its way" in told.text
    assert "on its way" not in client.get("/sign-in").text, "a notice is shown once"
    mail.deliver(app)
    path = link_in(client.get("/mailbox"))
    for _look in range(3):
        page = client.get(path)
        assert page.status == 200
        assert page.response.headers["Cache-Control"] == "no-store"
    assert client.browser.head(path).status_code == 200
    assert client.post(path, {"password": "short", "again": "short"}).status == 422
    assert client.post(path, {"password": "another long password", "again": "differs"}).status == 422
    fresh = {"password": "another long password", "again": "another long password"}
    assert client.post(path, fresh).status == 303
    assert not signed_in(old)
    assert client.get(path).status == 410
    assert Client(app).sign_in(ME).status == 422
    assert Client(app).sign_in(ME, "another long password").status == 303


def test_an_unknown_address_gets_the_same_answer_and_no_mail(app: Flask) -> None:
    demo(app)
    answers = []
    for email in (ME, "nobody@tests.example", "disabled@tests.example"):
        client = Client(app)
        answer = client.post("/forgotten", {"email": email})
        answers.append((answer.status, answer.location, without_tokens(client.get("/sign-in"))))
    assert answers[0] == answers[1] == answers[2]
    assert mail.deliver(app) == 1


def test_what_is_no_address_is_said_to_be_none(sqlite_app: Flask) -> None:
    for email in ("", "no address", "a@b@c", "x" * 300 + "@tests.example"):
        assert Client(sqlite_app).post("/forgotten", {"email": email}).status == 422, email


def test_at_most_five_links_an_hour_are_sent_to_one_address(app: Flask) -> None:
    demo(app)
    client = Client(app)
    for _try in range(7):
        assert client.post("/forgotten", {"email": ME}).status == 303
    assert mail.deliver(app) == 5


def test_a_link_is_dead_when_its_time_has_come_exactly(app: Flask) -> None:
    demo(app)
    with time_machine.travel(START, tick=False) as time:
        client = Client(app)
        client.post("/forgotten", {"email": ME})
        mail.deliver(app)
        path = link_in(client.get("/mailbox"))
        time.shift(timedelta(hours=2) - timedelta(seconds=1))
        assert client.get(path).status == 200
        time.shift(timedelta(seconds=1))
        assert client.get(path).status == 410


def test_a_link_for_one_purpose_opens_no_other(app: Flask) -> None:
    demo(app)
    client = Client(app)
    client.post("/forgotten", {"email": ME})
    mail.deliver(app)
    path = link_in(client.get("/mailbox"))
    assert client.get(path.replace("/password/", "/invitation/")).status == 404
    assert client.get(path.replace("/password/", "/nothing/")).status == 404
    start = path.rindex(".") + 1  # the last sign of a signature holds spare bits; its first one does not
    assert client.get(f"{path[:start]}{'A' if path[start] != 'A' else 'B'}{path[start + 1 :]}").status == 404
    with app.app_context():
        (id_,) = db.session.scalars(select(Link.id)).all()
    assert client.get(f"/link/password/{id_}").status == 404


def test_a_real_installation_has_no_mailbox(sqlite_app: Flask) -> None:
    assert Client(sqlite_app).get("/mailbox").status == 404


@pytest.fixture
def secure(https_app: Flask) -> Flask:
    demo(https_app)
    return https_app


def test_behind_https_the_link_journey_works_with_a_browsers_headers(secure: Flask) -> None:
    client = Client(secure)
    here = {"base_url": HTTPS}

    def post(path: str, form: str, **data: str) -> Page:
        page = client.get(form, **here)
        assert page.status == 200
        assert page.response.headers["Referrer-Policy"] == "same-origin"
        hidden = {name: page.hidden(name) for name in SAME}
        headers = {"Referer": f"{HTTPS}{form}", "Origin": HTTPS, "Sec-Fetch-Site": "same-origin"}
        return Page(client.browser.post(path, data={**hidden, **data}, headers=headers, **here))

    assert post("/forgotten", "/forgotten", email=ME).status == 303
    mail.deliver(secure)
    mailed = client.get("/mailbox", **here).text
    assert f"{HTTPS}/link/password/" in mailed
    path = link_in(Page(client.get("/mailbox", **here).response))
    words = "another long password"
    assert post(path, path, password=words, again=words).status == 303
    answer = post("/sign-in", "/sign-in", email=ME, password=words)
    assert answer.status == 303
    assert client.get("/account", **here).status == 200


def test_behind_https_every_cookie_is_secure_and_the_session_is_bound_to_the_host(secure: Flask) -> None:
    client = Client(secure)
    headers = {"Referer": f"{HTTPS}/sign-in"}
    page = client.get("/sign-in", base_url=HTTPS)
    cookies = page.response.headers.getlist("Set-Cookie")
    token = {"csrf_token": page.hidden("csrf_token")}
    data = {**token, "email": ME, "password": PASSWORD}
    cookies += client.browser.post(
        "/language", data={**token, "language": "fr"}, headers=headers, base_url=HTTPS
    ).headers.getlist("Set-Cookie")
    answer = client.browser.post("/sign-in", data=data, headers=headers, base_url=HTTPS)
    cookies += answer.headers.getlist("Set-Cookie")
    assert len(cookies) >= 3
    for cookie in cookies:
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie
        assert "; SameSite=Lax" in cookie
        assert "Domain=" not in cookie
    sessions = [c for c in cookies if "session=" in c]
    assert len(sessions) >= 2
    assert all(c.startswith("__Host-session=") and "; Path=/" in c for c in sessions)


def test_on_localhost_over_http_cookies_still_work(sqlite_app: Flask) -> None:
    answer = Client(sqlite_app).get("/sign-in").response
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("session=")
    assert "Secure" not in cookie
    assert "; HttpOnly" in cookie
