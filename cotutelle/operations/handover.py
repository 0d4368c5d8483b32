"""Hand-over between administrators: the right over a school, what was asked in one's name, and who is told."""

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signoff import OPEN
from cotutelle.models import Account, Grant, Person, School, SignOff, ThesisInstitution
from cotutelle.operations import account as accounts
from cotutelle.operations import journal, letter
from cotutelle.operations.message import LINK
from cotutelle.scope import as_system

ADMINISTRATOR = "administrator"


def hand_over(
    session: Session,
    mine: Account,
    school: School,
    successor: Person,
    until_on: date | None,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> int:
    """Give a school's administration to somebody from today on, with what was asked in one's own name; how many requests.

    The successor is invited where they have no account, or never opened it. `until_on` is the last day of one's own
    right, None to keep it. Refused to oneself, to whoever administers it already, or without a reason or an address.
    """
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")
    if not successor.email:
        raise Refused(Reason.NO_ADDRESS, "email", name=successor.name)
    if until_on is not None and until_on < today:
        raise Refused(Reason.ENDS_IN_PAST, "until_on")
    account = session.scalar(select(Account).where(Account.person_id == successor.id))
    if account is not None and _administers(session, successor, school, today):
        raise Refused(Reason.ALREADY_ADMINISTERS, "email", name=successor.name)
    invited = account is None or not account.password_hash
    if account is None:
        account = accounts.open_account(session, successor, successor.email, mine.language, actor, at)
    accounts.grant(
        session, successor, ADMINISTRATOR, "school", school.id, today, actor, at, reason=reason.strip()
    )
    passed = _requests(session, mine, account, school)
    if until_on is not None:
        _end_own(session, mine, school, until_on)
    journal.record(
        session, "office.handed_over", f"school:{school.public_id}", actor, at,
        name=mine.person.name, to=successor.name, until=until_on, requests=passed, reason=reason,
    )  # fmt: skip
    _tell(session, mine, account, school, passed, at, invited=invited)
    return passed


def _administers(session: Session, person: Person, school: School, today: date) -> bool:
    right = select(Grant.id).where(
        Grant.person_id == person.id,
        Grant.role == ADMINISTRATOR,
        Grant.scope_kind == "school",
        Grant.scope_id == school.id,
        Grant.until_on.is_(None) | (Grant.until_on >= today),
    )
    return session.scalar(right.limit(1)) is not None


def _requests(session: Session, mine: Account, account: Account, school: School) -> int:
    """From now on the successor is the one who asked: answers and refusals reach them."""
    theses = select(ThesisInstitution.thesis_id).where(ThesisInstitution.school_id == school.id)
    with as_system(session, "hand-over"):
        moved = session.execute(
            update(SignOff)
            .where(SignOff.asked_by == mine.id, SignOff.state.in_(OPEN), SignOff.thesis_id.in_(theses))
            .values(asked_by=account.id)
            .returning(SignOff.id),
            execution_options={"synchronize_session": False},
        ).all()
    return len(moved)


def _end_own(session: Session, mine: Account, school: School, until_on: date) -> None:
    rows = session.scalars(
        select(Grant).where(
            Grant.person_id == mine.person_id,
            Grant.role == ADMINISTRATOR,
            Grant.scope_kind == "school",
            Grant.scope_id == school.id,
            Grant.until_on.is_(None) | (Grant.until_on > until_on),
        )
    )
    for row in rows:
        row.until_on = until_on
    session.flush()


def _tell(
    session: Session,
    mine: Account,
    account: Account,
    school: School,
    passed: int,
    at: datetime,
    *,
    invited: bool,
) -> None:
    with as_system(session, "hand-over"):
        theses = session.scalar(
            select(func.count())
            .select_from(ThesisInstitution)
            .where(ThesisInstitution.school_id == school.id)
        )
    words = letter.words(account.language)["handover"]
    link = (
        accounts.make_link(session, account, "invitation", at, 24 * accounts.INVITATION_DAYS)
        if invited
        else None
    )
    values = {
        "who": mine.person.name,
        "school": letter.school_name(session, school, account.language),
        "theses": str(theses),
        "requests": str(passed),
        "account": str(words["invited" if invited else "known"]),
        "link": LINK if invited else "",
    }
    letter.post(
        session,
        "handover",
        account.person,
        account.language,
        at,
        values,
        link=link,
        school=school,
        reply_to=mine.person.email,
    )
