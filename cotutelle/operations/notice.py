"""Letters that follow an answer: the receipt, and what everybody concerned has to know."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime

from babel.dates import format_datetime
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.domain.signoff import State
from cotutelle.models import (
    Account,
    DocumentVersion,
    Grant,
    Institution,
    Milestone,
    Person,
    SignOff,
    Supervision,
    Thesis,
    ThesisInstitution,
)
from cotutelle.operations import letter, signing_link
from cotutelle.operations.message import PAGE, plain
from cotutelle.scope import as_system


def tell_receipt(session: Session, thesis: Thesis, row: SignOff, at: datetime) -> None:
    """Send the signatory the receipt: what they declared, of which bytes, how they were recognised, and its number."""
    words = letter.words(row.language)
    assert row.answered_at is not None
    values = {
        **signing_link.told(session, thesis, row),
        "on": format_datetime(row.answered_at, "d MMMM y, HH:mm:ss", locale=letter.known(row.language)),
        "declaration": row.declaration,
        "proof": str(words["proof"][row.proof]),
        "digest": row.digest,
        "document": _document(session, row) or str(words["no_document"]),
        "sequence": str(row.sequence),
    }
    letter.post(session, "receipt", row.person, row.language, at, values, thesis=thesis)


def tell_sent_back(session: Session, thesis: Thesis, row: SignOff, at: datetime) -> None:
    """Tell the candidate, whoever asked, and everybody who signed or was asked that it was sent back, and why."""
    milestone = row.milestone
    for person, language in concerned(session, thesis, milestone, row):
        values = {
            **signing_link.of_milestone(session, thesis, milestone, language),
            "who": row.person.name,
            "reason": row.reason,
        }
        letter.post(session, "sent_back", person, language, at, values, thesis=thesis)


def tell_declined(session: Session, thesis: Thesis, row: SignOff, at: datetime) -> None:
    """Tell whoever asked, else the lead's office, that somebody else has to be named."""
    asker = session.get(Account, row.asked_by) if row.asked_by else None
    people = [(asker.person, asker.language)] if asker else office_of(session, thesis, at.date())
    for person, language in people:
        values = {
            **signing_link.of_milestone(session, thesis, row.milestone, language),
            "who": row.person.name,
            "reason": row.reason or str(letter.words(language)["no_reason"]),
            "page": PAGE.replace("PATH", f"theses/{thesis.reference}/calendar/{row.milestone.public_id}"),
        }
        letter.post(session, "declined", person, language, at, values, thesis=thesis)


def tell_complete(
    session: Session, thesis: Thesis, milestone: Milestone, rows: Iterable[SignOff], at: datetime
) -> None:
    """Tell the candidate, whoever asked and every signatory that nobody is missing any more."""
    signed = list(rows)
    for person, language in concerned(session, thesis, milestone, None):
        lines = [
            plain(f"{row.person.name}, {letter.day_in(row.answered_on, language)}")
            for row in signed
            if row.answered_on
        ]
        values = {
            **signing_link.of_milestone(session, thesis, milestone, language),
            "list": "\n".join(lines),
        }
        letter.post(session, "complete", person, language, at, values, thesis=thesis)


def concerned(
    session: Session, thesis: Thesis, milestone: Milestone, but: SignOff | None
) -> list[tuple[Person, str]]:
    """Everybody whom an answer concerns, once each, with the language they read; not whoever answered."""
    found: dict[int, tuple[Person, str]] = {}
    candidate = session.get_one(Person, thesis.candidate_id)
    found[candidate.id] = (candidate, letter.language_of(session, candidate, "fr"))
    rows = session.scalars(
        select(SignOff).where(SignOff.milestone_id == milestone.id, SignOff.state != State.WAITING)
    ).all()
    for row in rows:
        found.setdefault(row.person_id, (row.person, letter.language_of(session, row.person, row.language)))
        asker = session.get(Account, row.asked_by) if row.asked_by else None
        if asker is not None:
            found.setdefault(asker.person_id, (asker.person, asker.language))
    if but is not None:
        found.pop(but.person_id, None)
    return list(found.values())


def circle(session: Session, thesis: Thesis, today: date) -> list[tuple[Person, str]]:
    """Everybody who follows a thesis, once each, with the language they read.

    Its candidate, those who supervise it today, the offices of its schools, the staff of its institutions.
    """
    with as_system(session, "whom to tell"):
        candidate = session.get_one(Person, thesis.candidate_id)
        supervisors = session.scalars(
            select(Person)
            .join(Supervision, Supervision.person_id == Person.id)
            .where(
                Supervision.thesis_id == thesis.id,
                Supervision.until_on.is_(None) | (Supervision.until_on >= today),
            )
            .order_by(Supervision.id)
        ).all()
    found = {person.id: (person, language) for person, language in offices(session, thesis, today)}
    for person in (candidate, *supervisors):
        found.setdefault(person.id, (person, letter.language_of(session, person, "fr")))
    return list(found.values())


def offices(session: Session, thesis: Thesis, today: date) -> list[tuple[Person, str]]:
    """Whoever administers a school of the thesis, or one of its institutions, with the language they read."""
    with as_system(session, "whom to tell"):
        parties = session.execute(
            select(ThesisInstitution.school_id, ThesisInstitution.institution_id).where(
                ThesisInstitution.thesis_id == thesis.id,
                ThesisInstitution.left_on.is_(None) | (ThesisInstitution.left_on >= today),
            )
        ).all()
    rights = (Grant.role == "administrator") & (Grant.scope_kind == "school")
    staff = (Grant.role == "partner") & (Grant.scope_kind == "institution")
    rows = session.execute(
        select(Person, Account.language)
        .join(Account, Account.person_id == Person.id)
        .join(Grant, Grant.person_id == Person.id)
        .where(
            (rights & Grant.scope_id.in_([row.school_id for row in parties if row.school_id]))
            | (staff & Grant.scope_id.in_([row.institution_id for row in parties])),
            Grant.from_on <= today,
            Grant.until_on.is_(None) | (Grant.until_on >= today),
            Account.disabled_at.is_(None),
        )
        .order_by(Person.id)
    )
    return list({person.id: (person, language) for person, language in rows}.values())


def tell_offices(
    session: Session,
    thesis: Thesis,
    kind: str,
    values: Callable[[str], Mapping[str, str]],
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> None:
    """Write a letter to the offices of all parties, but not to whoever acts; `values` in the reader's language."""
    _tell(session, thesis, offices(session, thesis, today), kind, values, actor, at)


def tell_circle(
    session: Session,
    thesis: Thesis,
    kind: str,
    values: Callable[[str], Mapping[str, str]],
    actor: Actor,
    at: datetime,
    *,
    today: date,
    but: Collection[int] = (),
) -> None:
    """Write a letter to everybody who follows a thesis, but not to whoever acts; `values` in the reader's language."""
    people = [each for each in circle(session, thesis, today) if each[0].id not in but]
    _tell(session, thesis, people, kind, values, actor, at)


def _tell(
    session: Session,
    thesis: Thesis,
    people: Iterable[tuple[Person, str]],
    kind: str,
    values: Callable[[str], Mapping[str, str]],
    actor: Actor,
    at: datetime,
) -> None:
    acting = session.get(Account, actor.account_id) if actor.account_id else None
    for person, language in people:
        if acting is None or person.id != acting.person_id:
            said = {**signing_link.of_thesis(session, thesis, language), **values(language)}
            letter.post(session, kind, person, language, at, said, thesis=thesis)


def tell_no_longer(session: Session, thesis: Thesis, row: SignOff, at: datetime) -> None:
    """Tell somebody that a signature for which they had a letter is needed no longer."""
    if row.asked_at is not None:
        values = signing_link.of_milestone(session, thesis, row.milestone, row.language)
        letter.post(session, "no_longer", row.person, row.language, at, values, thesis=thesis)


def office_of(
    session: Session, thesis: Thesis, today: date, institution: str = ""
) -> list[tuple[Person, str]]:
    """The people who administer a school of the thesis today, the lead's unless an institution is named by its code."""
    party = ThesisInstitution.lead if not institution else Institution.code == institution
    with as_system(session, "whom to tell"):
        school = session.scalar(
            select(ThesisInstitution.school_id)
            .join(Institution, Institution.id == ThesisInstitution.institution_id)
            .where(ThesisInstitution.thesis_id == thesis.id, party)
        )
    rows = session.execute(
        select(Person, Account.language)
        .join(Account, Account.person_id == Person.id)
        .join(Grant, Grant.person_id == Person.id)
        .where(
            Grant.role == "administrator",
            Grant.scope_kind == "school",
            Grant.scope_id == school,
            Grant.from_on <= today,
            Grant.until_on.is_(None) | (Grant.until_on >= today),
            Account.disabled_at.is_(None),
        )
        .order_by(Person.id)
    )
    return [(person, language) for person, language in rows]


def _document(session: Session, row: SignOff) -> str:
    if row.milestone.document_id is None:
        return ""
    version = session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.document_id == row.milestone.document_id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    ).first()
    return f"{version.filename} (SHA-256 {version.digest})" if version else ""
