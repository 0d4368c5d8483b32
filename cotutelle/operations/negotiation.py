"""Negotiating the convention: changes that a party asks of a clause or of the whole, and what the others say to them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents.elsewhere import FILE
from cotutelle.documents.wording import wording
from cotutelle.documents.words import words
from cotutelle.domain.actor import Actor
from cotutelle.domain.convention.negotiation import UNSETTLED, PointState
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.thesis import WITHOUT_DIPLOMA
from cotutelle.models import Convention, ConventionPoint, Institution, PointAnswer, Thesis
from cotutelle.operations import journal, letter
from cotutelle.operations.health import recompute
from cotutelle.operations.message import PAGE
from cotutelle.operations.notice import tell_offices
from cotutelle.operations.thesis import subject
from cotutelle.operations.version import bump


def points(session: Session, convention: Convention) -> Sequence[ConventionPoint]:
    """Every change that was asked of this text, in the order in which they came."""
    return session.scalars(
        select(ConventionPoint)
        .where(ConventionPoint.convention_id == convention.id)
        .order_by(ConventionPoint.id)
    ).all()


def unsettled(session: Session, convention: Convention) -> list[ConventionPoint]:
    """The points about which something is still to be said."""
    return [point for point in points(session, convention) if PointState(point.state) in UNSETTLED]


def raise_point(
    session: Session,
    thesis: Thesis,
    convention: Convention,
    clause: str,
    asked_by: Institution,
    owner: Institution | None,
    proposal: str,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> ConventionPoint:
    """Ask for a change of a clause, or of the whole text when `clause` is empty; its owner answers next.

    Refused once the text is approved, the thesis is at an end, or nobody is to answer.
    """
    lock(session, thesis, convention)
    if owner is None:
        raise Refused(Reason.OWNER_MISSING, "owner")
    point = ConventionPoint(
        thesis_id=thesis.id, convention_id=convention.id, clause=clause, asked_by_id=asked_by.id,
        owner_id=owner.id, state=PointState.OPEN, proposal=proposal.strip(), reason=reason.strip(), at=at,
        by=actor.account_id,
    )  # fmt: skip
    session.add(point)
    session.flush()
    journal.record(
        session, "convention.point", subject(thesis), actor, at,
        point=point.public_id, clause=clause, institution=asked_by.code, owner=owner.code,
        proposal=point.proposal, reason=point.reason,
    )  # fmt: skip
    _touch(session, thesis, at, today)
    _tell_of(session, thesis, point, asked_by, point.proposal, actor, at, today)
    return point


def answer_point(
    session: Session,
    thesis: Thesis,
    point: ConventionPoint,
    institution: Institution,
    state: PointState,
    owner: Institution | None,
    text: str,
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    today: date,
) -> PointAnswer:
    """Say something about a point, and where it stands now; a settled one has no owner.

    Refused once the text is approved, or when nobody is to say something next; Stale when somebody else answered meanwhile.
    """
    lock(session, thesis, session.get_one(Convention, point.convention_id))
    if state in UNSETTLED and owner is None:
        raise Refused(Reason.OWNER_MISSING, "owner")
    bump(session, point, version)
    point.state = state
    point.owner_id = owner.id if owner is not None and state in UNSETTLED else None
    given = PointAnswer(
        thesis_id=thesis.id, point_id=point.id, institution_id=institution.id, state=state, text=text.strip(),
        at=at, by=actor.account_id,
    )  # fmt: skip
    session.add(given)
    session.flush()
    session.refresh(point)
    journal.record(
        session, "convention.point_answered", subject(thesis), actor, at,
        point=point.public_id, clause=point.clause, institution=institution.code, state=state,
        owner=owner.code if owner and state in UNSETTLED else "", text=given.text,
    )  # fmt: skip
    _touch(session, thesis, at, today)
    _tell_of(session, thesis, point, institution, given.text, actor, at, today)
    return given


def lock(session: Session, thesis: Thesis, convention: Convention) -> None:
    """Hold the convention until the end of the transaction and read it as it is now, so that it is approved or argued about.

    Refused once the text is approved, or the thesis is at an end.
    """
    hold(session, convention)
    forbid_after_end(thesis)
    if not is_negotiated(thesis, convention):
        raise Refused(Reason.NOT_NEGOTIATED, state=convention.state)


def is_negotiated(thesis: Thesis, convention: Convention) -> bool:
    """Whether the institutions may still change this text."""
    editable = convention.current and ConventionState(convention.state) in EDITABLE
    return editable and thesis.state not in WITHOUT_DIPLOMA


def hold(session: Session, convention: Convention) -> None:
    """Hold the convention until the end of the transaction, and read it as it is now."""
    held = select(Convention).where(Convention.id == convention.id).with_for_update()
    session.scalars(held.execution_options(populate_existing=True)).one()


def forbid_after_end(thesis: Thesis) -> None:
    """Refuse to negotiate for a thesis that has ended without its diplomas."""
    if thesis.state in WITHOUT_DIPLOMA:
        raise Refused(Reason.THESIS_ENDED)


def _touch(session: Session, thesis: Thesis, at: datetime, today: date) -> None:
    bump(session, thesis, None)
    recompute(session, thesis, today, at)


def _tell_of(
    session: Session,
    thesis: Thesis,
    point: ConventionPoint,
    who: Institution,
    text: str,
    actor: Actor,
    at: datetime,
    today: date,
) -> None:
    page = PAGE.replace("PATH", f"theses/{thesis.reference}/convention/points/{point.public_id}")

    def said(language: str) -> dict[str, str]:
        words = letter.words(letter.known(language))
        return {
            "clause": clause_name(point.clause, language),
            "who": who.short_name,
            "state": str(words["point"][point.state]),
            "owner": str(words["answers_next"]).format(name=point.owner.short_name) if point.owner else "",
            "text": text,
            "page": page,
        }

    tell_offices(session, thesis, "point", said, actor, at, today=today)


def clause_name(clause: str, language: str) -> str:
    """A clause by its title in a language; the whole text where no clause is named."""
    known = letter.known(language)
    if clause == FILE:
        return str(words(known)["elsewhere"]["file"])
    return wording(clause, known).title if clause else str(letter.words(known)["whole_text"])
