"""Links by which somebody signs without an account: one person, one act, one version; renewed, revoked, spent once."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cotutelle.domain.calendar import is_year
from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import State
from cotutelle.exchange.feed import Entry, calendar_of
from cotutelle.models import (
    Institution,
    Link,
    Message,
    Milestone,
    Person,
    SignOff,
    Thesis,
    public_id,
    texts_of,
)
from cotutelle.operations import letter
from cotutelle.operations.message import CODE, LINK
from cotutelle.operations.plan import plans as plans_of
from cotutelle.scope import as_system

SIGN, INBOX, FRESH, FEED = "sign", "inbox", "code", "feed"
"""What a link is for: one signature, all that waits for somebody, a code sent just now (which opens no page), a calendar."""
SIGN_DAYS, INBOX_MINUTES, FRESH_MINUTES, FEED_DAYS = 30, 30, 10, 3650
TRIES = {SIGN: 10, INBOX: 10, FRESH: 5}
"""How many wrong codes a link bears; then it is dead, and renewed like any dead link."""


def make(session: Session, purpose: str, person: Person, at: datetime, row: SignOff | None = None) -> Link:
    """A link for a person; older ones for the same purpose and act are revoked."""
    revoke(session, purpose, person.id, row.id if row else None, at)
    lasts = {
        SIGN: timedelta(days=SIGN_DAYS),
        INBOX: timedelta(minutes=INBOX_MINUTES),
        FRESH: timedelta(minutes=FRESH_MINUTES),
        FEED: timedelta(days=FEED_DAYS),
    }
    link = Link(
        id=public_id(),
        purpose=purpose,
        person_id=person.id,
        sign_off_id=row.id if row else None,
        digest=row.digest if row else "",
        made_at=at,
        expires_at=at + lasts[purpose],
        retention="link",
    )
    session.add(link)
    session.flush()
    return link


def revoke(session: Session, purpose: str | None, person_id: int, row_id: int | None, at: datetime) -> None:
    """Make dead whatever links of a person for an act are still alive; None for any purpose."""
    alive = update(Link).where(
        Link.person_id == person_id,
        Link.sign_off_id == row_id if row_id is not None else Link.sign_off_id.is_(None),
        Link.used_at.is_(None),
        Link.revoked_at.is_(None),
    )
    if purpose is not None:
        alive = alive.where(Link.purpose == purpose)
    session.execute(alive.values(revoked_at=at), execution_options={"synchronize_session": False})


def why_dead(session: Session, link: Link, at: datetime) -> str:
    """Why a link opens nothing any more: revoked, expired, tried, changed or answered; empty while it lives."""
    if link.tries >= TRIES[link.purpose]:
        return "tried"
    if link.sign_off_id is not None:
        row = session.get_one(SignOff, link.sign_off_id)
        if row.state != State.ASKED:
            return "answered"
        if row.digest != link.digest:
            return "changed"
    if link.revoked_at:
        return "revoked"
    return "expired" if link.expires_at <= at else ""


def count_try(session: Session, link: Link) -> bool:
    """Count a code that is about to be compared; False when the link bears no more."""
    counted = session.execute(
        update(Link)
        .where(Link.id == link.id, Link.tries < TRIES[link.purpose])
        .values(tries=Link.tries + 1)
        .returning(Link.tries),
        execution_options={"synchronize_session": False},
    ).scalar()
    return counted is not None


def uncount_try(session: Session, link: Link) -> None:
    """Take back the one try whose code was right."""
    session.execute(
        update(Link).where(Link.id == link.id, Link.tries > 0).values(tries=Link.tries - 1),
        execution_options={"synchronize_session": False},
    )


def fresh(session: Session, row: SignOff, at: datetime) -> Link | None:
    """The living fresh code of a signature, if one was sent."""
    return session.scalars(
        select(Link)
        .where(
            Link.purpose == FRESH,
            Link.sign_off_id == row.id,
            Link.used_at.is_(None),
            Link.revoked_at.is_(None),
            Link.expires_at > at,
            Link.tries < TRIES[FRESH],
        )
        .order_by(Link.made_at.desc())
        .limit(1)
    ).first()


def ask_again(session: Session, thesis: Thesis, row: SignOff, kind: str, at: datetime) -> Message | None:
    """Send a new link for a signature that is asked, in a letter of that kind; the former links are dead."""
    link = make(session, SIGN, row.person, at, row)
    values = {"link": LINK, "code": CODE, **told(session, thesis, row)}
    values["until"] = letter.day_in(link.expires_at.date(), row.language)
    return letter.post(session, kind, row.person, row.language, at, values, thesis=thesis, link=link)


def send_fresh(session: Session, thesis: Thesis, row: SignOff, at: datetime) -> Message | None:
    """Send a code that is good for ten minutes and five tries."""
    link = make(session, FRESH, row.person, at, row)
    values = {"code": CODE, **told(session, thesis, row)}
    return letter.post(session, "code", row.person, row.language, at, values, thesis=thesis, link=link)


def send_inbox(session: Session, person: Person, language: str, at: datetime) -> Message | None:
    """Send the address that opens, for thirty minutes, all that waits for somebody."""
    link = make(session, INBOX, person, at)
    values = {"link": LINK, "code": CODE}
    return letter.post(session, "inbox", person, language, at, values, link=link)


def told(session: Session, thesis: Thesis, row: SignOff) -> dict[str, str]:
    """What letters say of a signature, in its signatory's language."""
    milestone = session.get_one(Milestone, row.milestone_id)
    return {
        **of_milestone(session, thesis, milestone, row.language),
        "capacity": capacity(session, row),
    }


def of_milestone(session: Session, thesis: Thesis, milestone: Milestone, language: str) -> dict[str, str]:
    """What letters say of a milestone in a language."""
    return {
        **of_thesis(session, thesis, language),
        "milestone": name_of(session, milestone, language),
        "due": letter.day_in(milestone.due_on, language),
    }


def of_thesis(session: Session, thesis: Thesis, language: str) -> dict[str, str]:
    """What letters say of a thesis in a language."""
    with as_system(session, "what a letter says"):
        titles = texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"]
        places = [party.institution.short_name for party in thesis.parties]
        candidate = session.get_one(Person, thesis.candidate_id).name
    return {
        "candidate": candidate,
        "institutions": ", ".join(places),
        "title": titles.get(letter.known(language)) or next(iter(titles.values()), ""),
    }


def event_of(session: Session, thesis: Thesis, row: SignOff, at: datetime) -> str:
    """The day of a milestone as a calendar entry for a letter; empty while it has none."""
    milestone = session.get_one(Milestone, row.milestone_id)
    if milestone.due_on is None:
        return ""
    values = told(session, thesis, row)
    title = f"{values['milestone']}, {values['candidate']}"
    entry = Entry(milestone.public_id, milestone.due_on, title, thesis.reference, sequence=milestone.version)
    return calendar_of([entry], "Cotutelle", at).decode()


def name_of(session: Session, milestone: Milestone, language: str) -> str:
    """A milestone by its name and academic year, or the number of the amendment."""
    name, year = plans_of(session).kinds[milestone.kind].names[letter.known(language)], milestone.year
    if year and not is_year(year):
        return str(letter.words(language)["numbered"]).replace("{name}", name).replace("{number}", str(year))
    return f"{name} {year}-{year + 1}" if year else name


def capacity(session: Session, row: SignOff) -> str:
    """In which capacity somebody signs, and for which institution."""
    word = str(letter.words(row.language)["signer"][Signer(row.signer)])
    name = (
        session.scalar(select(Institution.short_name).where(Institution.code == row.side)) if row.side else ""
    )
    return f"{word} ({name})" if name else word
