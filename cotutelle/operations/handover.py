"""Hand-over between administrators: the right over a school, what was asked in one's name, and who is told."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signoff import OPEN
from cotutelle.models import Account, Grant, Person, School, SignOff, Thesis, ThesisInstitution
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
    from_on: date,
    until_on: date | None,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> int:
    """Give a school's administration to somebody, with what was asked in one's own name; how many requests pass.

    The successor gets an account by invitation where they have none. `until_on` is the last day of one's own
    right, None to keep it. Refused to oneself, or without a reason or an address.
    """
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, "reason")
    if not successor.email:
        raise Refused(Reason.NO_ADDRESS, "email", name=successor.name)
    if until_on is not None and until_on < today:
        raise Refused(Reason.ENDS_IN_PAST, "until_on")
    account = session.scalar(select(Account).where(Account.person_id == successor.id))
    invited = account is None
    if account is None:
        account = accounts.open_account(session, successor, successor.email, mine.language, actor, at)
    accounts.grant(
        session, successor, ADMINISTRATOR, "school", school.id, from_on, actor, at, reason=reason.strip()
    )
    passed = _requests(session, mine, account, school)
    if until_on is not None:
        _end_own(session, mine, school, until_on)
    journal.record(
        session, "office.handed_over", f"school:{school.public_id}", actor, at,
        name=mine.person.name, to=successor.name, on=from_on, until=until_on, requests=passed, reason=reason,
    )  # fmt: skip
    _tell(session, mine, account, school, from_on, passed, at, invited=invited)
    return passed


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
    from_on: date,
    passed: int,
    at: datetime,
    *,
    invited: bool,
) -> None:
    with as_system(session, "hand-over"):
        theses = len(
            session.scalars(
                select(Thesis.id)
                .join(ThesisInstitution, ThesisInstitution.thesis_id == Thesis.id)
                .where(ThesisInstitution.school_id == school.id)
            ).all()
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
        "on": letter.day_in(from_on, account.language),
        "theses": str(theses),
        "requests": str(passed),
        "account": str(words["invited" if invited else "known"]),
        "link": LINK if invited else "",
    }
    letter.post(session, "handover", account.person, account.language, at, values, link=link)
