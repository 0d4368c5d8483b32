"""Accounts: made by invitation, opened by password, ended at once; and the rights they carry."""

from datetime import date, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Account, Grant, Limit, Link, Person, SignIn, public_id
from cotutelle.operations import journal

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("no account has this password")
LEAST_PASSWORD = 12
RESET_HOURS = 2
INVITATION_DAYS = 14


def open_account(
    session: Session,
    person: Person,
    email: str,
    language: str,
    actor: Actor,
    at: datetime,
    *,
    password: str = "",
) -> Account:
    """Give a person an account. Refused when the address has one."""
    address = email.strip().casefold()
    if session.scalar(select(Account.id).where(Account.email == address)):
        raise Refused(Reason.EMAIL_TAKEN, "email", email=address)
    account = Account(
        person_id=person.id, email=address, language=language, created_at=at, retention="account"
    )
    if password:
        account.password_hash = _HASHER.hash(password)
    session.add(account)
    session.flush()
    journal.record(session, "account.opened", f"account:{account.public_id}", actor, at)
    return account


def grant(
    session: Session,
    person: Person,
    role: str,
    scope_kind: str,
    scope_id: int | None,
    from_on: date,
    actor: Actor,
    at: datetime,
    *,
    reason: str,
    until_on: date | None = None,
) -> Grant:
    """Give a dated, reasoned right. Refused to oneself."""
    own = select(Account.id).where(Account.person_id == person.id, Account.id == actor.account_id)
    if actor.account_id is not None and session.scalar(own):
        raise Refused(Reason.OWN_RIGHTS)
    right = Grant(
        person_id=person.id,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        from_on=from_on,
        until_on=until_on,
        given_by=actor.account_id,
        reason=reason,
        retention="account",
    )
    session.add(right)
    session.flush()
    journal.record(
        session,
        "right.granted",
        f"person:{person.public_id}",
        actor,
        at,
        role=role,
        scope=scope_kind,
        until=until_on,
        reason=reason,
    )
    return right


def account_for(session: Session, email: str, password: str) -> int | None:
    """The id of the account that this password opens; None after the same work, whether or not it exists."""
    account = session.scalar(select(Account).where(Account.email == email.strip().casefold()))
    known = account.password_hash if account and account.password_hash else _NOBODY
    try:
        _HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return None
    return account.id if account and account.password_hash and account.disabled_at is None else None


def set_password(session: Session, account: Account, password: str, actor: Actor, at: datetime) -> None:
    """Set a password and end every session of the account."""
    account.password_hash = _HASHER.hash(password)
    end_sessions(session, account)
    journal.record(session, "account.password_set", f"account:{account.public_id}", actor, at)


def end_sessions(session: Session, account: Account, *, but: str = "") -> None:
    """End the sessions of an account, all or all but one."""
    session.execute(delete(SignIn).where(SignIn.account_id == account.id, SignIn.digest != but))


def make_link(session: Session, account: Account, purpose: str, at: datetime, hours: int) -> Link:
    """A link for this account and purpose; older ones of the purpose are revoked."""
    session.execute(
        update(Link)
        .where(Link.account_id == account.id, Link.purpose == purpose, Link.used_at.is_(None))
        .values(revoked_at=at)
    )
    link = Link(
        id=public_id(),
        purpose=purpose,
        account_id=account.id,
        made_at=at,
        expires_at=at + timedelta(hours=hours),
        retention="link",
    )
    session.add(link)
    session.flush()
    return link


def live_link(session: Session, link_id: str, purpose: str, at: datetime) -> Link:
    """The link, still usable. Refused when it was used, revoked or is too old."""
    link = session.get(Link, link_id)
    if link is None or link.purpose != purpose or link.used_at or link.revoked_at or link.expires_at <= at:
        raise Refused(Reason.LINK_DEAD)
    return link


def use_link(session: Session, link_id: str, purpose: str, at: datetime) -> Account:
    """Spend a link: of many at once, one succeeds. Returns its account."""
    spent = session.execute(
        update(Link)
        .where(
            Link.id == link_id,
            Link.purpose == purpose,
            Link.used_at.is_(None),
            Link.revoked_at.is_(None),
            Link.expires_at > at,
        )
        .values(used_at=at)
        .returning(Link.account_id),
        execution_options={"synchronize_session": False},
    ).scalar()
    if spent is None:
        raise Refused(Reason.LINK_DEAD)
    return session.get_one(Account, spent)


def count_try(session: Session, key: str, at: datetime, minutes: int) -> int:
    """Count a try against a key shared by all processes; how many there were within these minutes, this one too."""
    minute = at.replace(second=0, microsecond=0)
    table = Limit.__table__
    assert isinstance(table, Table)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(key=key, window=minute, tries=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.key, table.c.window], set_={"tries": table.c.tries + 1}
        )
    )
    since = at - timedelta(minutes=minutes)
    made = select(func.sum(Limit.tries)).where(Limit.key == key, Limit.window > since)
    return int(session.scalar(made) or 0)


def forgive(session: Session, key: str) -> None:
    """Forget the tries against a key: whoever made them has shown who they are."""
    session.execute(delete(Limit).where(Limit.key == key))


def uncount_try(session: Session, key: str, at: datetime) -> None:
    """Take back the one try that succeeded, of a key that many people share; the others stay counted."""
    minute = at.replace(second=0, microsecond=0)
    session.execute(
        update(Limit)
        .where(Limit.key == key, Limit.window == minute, Limit.tries > 0)
        .values(tries=Limit.tries - 1),
        execution_options={"synchronize_session": False},
    )
