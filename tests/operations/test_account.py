"""Proves that a password is never kept, a link works once whoever races for it, and nobody gives themselves rights."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db, transaction
from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Account, Grant, JournalEntry, JournalValue, Link, SignIn
from cotutelle.operations import account as acts
from cotutelle.policy import Role
from tests.builders import ACTOR, NOW, PASSWORD, TODAY, person, school

SECOND = timedelta(seconds=1)
ME = "administrator@tests.example"


def dead() -> object:
    return pytest.raises(Refused, match=f"^{Reason.LINK_DEAD.value}$")


@pytest.fixture
def account(session: Session) -> Account:
    return session.scalars(select(Account).where(Account.email == ME)).one()


def test_a_password_is_kept_as_argon2_and_nowhere_else(session: Session) -> None:
    who = person(session, "Lefèvre")
    made = acts.open_account(
        session, who, " Zoé@Univ.Example ", "fr", ACTOR, NOW, password="pass phrase in clear"
    )
    assert made.email == "zoé@univ.example"
    assert made.password_hash.startswith("$argon2id$")
    journal = [v.values for v in session.scalars(select(JournalValue))]
    assert "pass phrase in clear" not in f"{journal} {made.password_hash}"


def test_the_right_password_opens_and_nothing_else_does(session: Session, account: Account) -> None:
    assert acts.account_for(session, f" {ME.upper()} ", PASSWORD) == account.id
    for email, password in (
        (ME, PASSWORD + " "),
        (ME, PASSWORD.upper()),
        (ME, ""),
        ("nobody@tests.example", PASSWORD),
        ("", ""),
        ("disabled@tests.example", PASSWORD),
    ):
        assert acts.account_for(session, email, password) is None


def test_an_account_without_password_opens_with_none(session: Session, account: Account) -> None:
    account.password_hash = ""
    session.flush()
    for password in ("", "no account has this password", PASSWORD):
        assert acts.account_for(session, ME, password) is None


def test_one_address_has_one_account(session: Session) -> None:
    with pytest.raises(Refused) as refused:
        acts.open_account(session, person(session, "Other"), ME.upper(), "fr", ACTOR, NOW)
    assert refused.value.reason is Reason.EMAIL_TAKEN


def test_setting_a_password_ends_every_session_of_that_account_alone(
    session: Session, account: Account
) -> None:
    other = session.scalars(select(Account).where(Account.email == "candidate@tests.example")).one()
    for number, owner in enumerate((account, account, other)):
        session.add(
            SignIn(
                digest=str(number), account_id=owner.id, data={}, created_at=NOW, seen_at=NOW, expires_at=NOW
            )
        )
    session.flush()
    acts.set_password(session, account, "another long password", Actor(account.id), NOW)
    assert session.scalars(select(SignIn.account_id)).all() == [other.id]
    assert acts.account_for(session, ME, PASSWORD) is None
    assert acts.account_for(session, ME, "another long password") == account.id
    last = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
    assert last is not None
    assert (last.act, last.actor) == ("account.password_set", f"account:{account.id}")


# Rights


def test_nobody_gives_themselves_a_right(session: Session, account: Account) -> None:
    me = Actor(account.id)
    scope = school(session, "lille", "SMRE").id
    before = len(session.scalars(select(Grant)).all())
    with pytest.raises(Refused) as refused:
        acts.grant(
            session, account.person, Role.ADMINISTRATOR, "school", scope, TODAY, me, NOW, reason="mine"
        )
    assert refused.value.reason is Reason.OWN_RIGHTS
    assert len(session.scalars(select(Grant)).all()) == before
    other = session.scalars(select(Account).where(Account.email == "candidate@tests.example")).one()
    given = acts.grant(
        session, other.person, Role.ADMINISTRATOR, "school", scope, TODAY, me, NOW, reason="colleague"
    )
    assert (given.given_by, given.reason, given.from_on) == (account.id, "colleague", TODAY)


# Links


def link(session: Session, account: Account, purpose: str = "password", hours: int = 2) -> Link:
    return acts.make_link(session, account, purpose, NOW, hours)


def test_a_link_is_used_once(session: Session, account: Account) -> None:
    made = link(session, account)
    assert acts.live_link(session, made.id, "password", NOW) is made
    assert acts.use_link(session, made.id, "password", NOW) is account
    session.refresh(made)
    with dead():
        acts.live_link(session, made.id, "password", NOW)
    with dead():
        acts.use_link(session, made.id, "password", NOW)


@pytest.mark.parametrize("use", [acts.live_link, acts.use_link])
def test_a_link_is_dead_at_the_instant_it_expires(session: Session, account: Account, use: object) -> None:
    made = link(session, account)
    use(session, made.id, "password", made.expires_at - SECOND)  # type: ignore[operator]
    other = link(session, account)
    with dead():
        use(session, other.id, "password", other.expires_at)  # type: ignore[operator]


@pytest.mark.parametrize("use", [acts.live_link, acts.use_link])
def test_a_newer_link_revokes_the_older_of_its_purpose_only(
    session: Session, account: Account, use: object
) -> None:
    old, invitation, new = (
        link(session, account),
        link(session, account, "invitation"),
        link(session, account),
    )
    session.expire_all()
    with dead():
        use(session, old.id, "password", NOW)  # type: ignore[operator]
    for made in (invitation, new):
        use(session, made.id, made.purpose, NOW)  # type: ignore[operator]


@pytest.mark.parametrize("use", [acts.live_link, acts.use_link])
def test_a_link_for_another_purpose_or_of_nobody_is_dead(
    session: Session, account: Account, use: object
) -> None:
    made = link(session, account)
    for id_, purpose in ((made.id, "invitation"), ("aaaaaaaaaaaa", "password"), ("", "password")):
        with dead():
            use(session, id_, purpose, NOW)  # type: ignore[operator]
    assert acts.use_link(session, made.id, "password", NOW) is account


def test_of_eight_who_use_a_link_at_once_one_succeeds(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        id_ = link(session, session.scalars(select(Account).where(Account.email == ME)).one()).id
    start, won = threading.Barrier(8), []

    def race() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction() as session:
                    acts.use_link(session, id_, "password", NOW)
                won.append(True)
            except Refused as refused:
                won.append(refused.reason is not Reason.LINK_DEAD)
            db.session.remove()

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


# Limits


def test_tries_are_counted_by_key_within_the_running_window(session: Session) -> None:
    assert [acts.count_try(session, "a", NOW, 15) for _ in range(2)] == [1, 2]
    assert acts.count_try(session, "a", NOW + timedelta(minutes=1), 15) == 3
    assert acts.count_try(session, "b", NOW + timedelta(minutes=1), 15) == 1
    assert acts.count_try(session, "a", NOW + timedelta(minutes=14), 15) == 4
    assert acts.count_try(session, "a", NOW + timedelta(minutes=15), 15) == 3  # the first two are outside
    acts.forgive(session, "a")
    assert acts.count_try(session, "a", NOW + timedelta(minutes=15), 15) == 1
    assert acts.count_try(session, "b", NOW + timedelta(minutes=15), 15) == 2


def test_a_try_that_succeeded_takes_back_itself_and_no_other(session: Session) -> None:
    for _ in range(3):
        acts.count_try(session, "a", NOW, 15)
    acts.uncount_try(session, "a", NOW)
    assert acts.count_try(session, "a", NOW, 15) == 3
    acts.uncount_try(session, "b", NOW)
    assert acts.count_try(session, "b", NOW, 15) == 1


def test_tries_made_at_once_are_all_counted(app: Flask) -> None:
    counted: list[int] = []

    def guess() -> None:
        with app.app_context(), transaction() as session:
            counted.append(acts.count_try(session, "race", NOW, 15))

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counted) == list(range(1, 9))
