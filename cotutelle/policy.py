"""Who may do what: the whole policy in one table. What is not written here is denied."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.models import Account, Grant, Supervision, Thesis, ThesisInstitution


class Role(StrEnum):
    """What a grant makes of somebody; candidates and supervisors need none, their tie to a thesis is enough."""

    ADMINISTRATOR = "administrator"
    PARTNER = "partner"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    DIRECTORY = "directory"
    SHARED_READ = "shared_read"
    SHARED_WRITE = "shared_write"


class Tie(StrEnum):
    """How a reader stands to a thesis, or to the installation as a whole."""

    ANYONE = "anyone"  # signed in or not
    SIGNED_IN = "signed_in"
    OPERATOR = "operator"
    DIRECTORY = "directory"
    OFFICE = "office"  # administers some school
    STAFF = "staff"  # administers some institution
    LEAD_OFFICE = "lead_office"  # administers the lead's school of this thesis
    PARTY_OFFICE = "party_office"  # administers another party's school of this thesis
    PARTNER = "partner"  # administers an institution that is a party
    SUPERVISOR = "supervisor"
    CANDIDATE = "candidate"
    AUDITOR = "auditor"
    READER = "reader"  # shared with them to read
    WRITER = "writer"  # shared with them to write


class Action(StrEnum):
    """Everything that a route or a command may do."""

    OPEN_PUBLIC = "open_public"
    USE_ACCOUNT = "use_account"
    LIST_THESES = "list_theses"
    VIEW_TODAY = "view_today"
    VIEW_FIGURES = "view_figures"
    REGISTER_THESIS = "register_thesis"
    VIEW_THESIS = "view_thesis"
    EDIT_THESIS = "edit_thesis"
    EDIT_SIDE = "edit_side"
    MOVE_THESIS = "move_thesis"
    UNDO_THESIS = "undo_thesis"
    VIEW_PRIVATE = "view_private"
    EDIT_PRIVATE = "edit_private"
    VIEW_LEAVES = "view_leaves"
    VIEW_CONVENTION = "view_convention"
    EDIT_CONVENTION = "edit_convention"
    MAKE_CONVENTION = "make_convention"
    VIEW_NEGOTIATION = "view_negotiation"
    NEGOTIATE = "negotiate"
    APPROVE_CONVENTION = "approve_convention"
    VIEW_DOCUMENTS = "view_documents"
    ADD_DOCUMENT = "add_document"
    USE_NOTES = "use_notes"
    VIEW_HISTORY = "view_history"
    VIEW_DIRECTORY = "view_directory"
    EDIT_DIRECTORY = "edit_directory"
    EDIT_PERSON = "edit_person"
    VIEW_JURY = "view_jury"
    EDIT_JURY = "edit_jury"
    DECIDE_JURY = "decide_jury"
    VIEW_FINDINGS = "view_findings"
    RECORD_EVENT = "record_event"
    ASK_SIGNATURES = "ask_signatures"
    PLAN_CALENDAR = "plan_calendar"
    VIEW_COMMITTEE = "view_committee"
    EDIT_COMMITTEE = "edit_committee"
    VIEW_CANDIDATE_INTERVIEW = "view_candidate_interview"
    VIEW_DIRECTION_INTERVIEW = "view_direction_interview"
    WRITE_INTERVIEW = "write_interview"
    RUN_CAMPAIGNS = "run_campaigns"
    SEND_PROOFS = "send_proofs"
    WORD_LETTERS = "word_letters"
    WORD_CLAUSES = "word_clauses"
    ISSUE_PAPERS = "issue_papers"
    NAME_DEPUTY = "name_deputy"
    HAND_OVER = "hand_over"
    VIEW_RULEBOOKS = "view_rulebooks"
    EDIT_RULEBOOKS = "edit_rulebooks"
    OPERATE = "operate"


T = Tie
_OFFICES = (T.LEAD_OFFICE, T.PARTY_OFFICE, T.WRITER)
_ALL_SEEING = (*_OFFICES, T.PARTNER, T.SUPERVISOR, T.CANDIDATE, T.AUDITOR, T.READER)

RULES: dict[Action, tuple[Tie, ...]] = {
    Action.OPEN_PUBLIC: (T.ANYONE,),
    Action.USE_ACCOUNT: (T.SIGNED_IN,),
    Action.LIST_THESES: (T.SIGNED_IN,),
    Action.VIEW_TODAY: (T.OFFICE, T.STAFF),
    Action.VIEW_FIGURES: (T.OFFICE, T.STAFF, T.AUDITOR),
    Action.REGISTER_THESIS: (T.OFFICE,),
    Action.VIEW_THESIS: _ALL_SEEING,
    Action.EDIT_THESIS: _OFFICES,
    Action.EDIT_SIDE: (*_OFFICES, T.PARTNER),
    Action.MOVE_THESIS: (T.LEAD_OFFICE, T.PARTY_OFFICE),
    Action.UNDO_THESIS: (T.LEAD_OFFICE,),
    Action.VIEW_PRIVATE: (T.LEAD_OFFICE, T.CANDIDATE),
    Action.EDIT_PRIVATE: (T.LEAD_OFFICE,),
    Action.VIEW_LEAVES: (T.LEAD_OFFICE, T.PARTY_OFFICE, T.CANDIDATE),
    Action.VIEW_CONVENTION: _ALL_SEEING,
    Action.EDIT_CONVENTION: _OFFICES,
    Action.MAKE_CONVENTION: (T.LEAD_OFFICE, T.PARTY_OFFICE),
    Action.VIEW_NEGOTIATION: tuple(tie for tie in _ALL_SEEING if tie is not T.CANDIDATE),
    Action.NEGOTIATE: (T.LEAD_OFFICE, T.PARTY_OFFICE, T.PARTNER),
    Action.APPROVE_CONVENTION: (T.LEAD_OFFICE, T.PARTY_OFFICE, T.PARTNER),
    Action.VIEW_DOCUMENTS: _ALL_SEEING,
    Action.ADD_DOCUMENT: (*_OFFICES, T.PARTNER, T.SUPERVISOR, T.CANDIDATE),
    Action.USE_NOTES: (T.LEAD_OFFICE, T.PARTY_OFFICE),
    Action.VIEW_HISTORY: _ALL_SEEING,
    Action.VIEW_DIRECTORY: (T.OFFICE, T.STAFF, T.DIRECTORY, T.AUDITOR),
    Action.EDIT_DIRECTORY: (T.OFFICE, T.DIRECTORY),
    Action.EDIT_PERSON: (T.OFFICE, T.DIRECTORY),
    Action.VIEW_JURY: tuple(tie for tie in _ALL_SEEING if tie is not T.CANDIDATE),
    Action.EDIT_JURY: _OFFICES,
    Action.DECIDE_JURY: (T.LEAD_OFFICE, T.PARTY_OFFICE),
    Action.VIEW_FINDINGS: _ALL_SEEING,
    Action.RECORD_EVENT: (*_OFFICES, T.PARTNER),
    Action.ASK_SIGNATURES: (*_OFFICES, T.PARTNER),
    Action.PLAN_CALENDAR: _OFFICES,
    Action.VIEW_COMMITTEE: _ALL_SEEING,
    Action.EDIT_COMMITTEE: _OFFICES,
    Action.VIEW_CANDIDATE_INTERVIEW: (T.LEAD_OFFICE, T.PARTY_OFFICE, T.CANDIDATE),
    Action.VIEW_DIRECTION_INTERVIEW: (T.LEAD_OFFICE, T.PARTY_OFFICE, T.SUPERVISOR),
    Action.WRITE_INTERVIEW: (T.LEAD_OFFICE, T.PARTY_OFFICE),
    Action.RUN_CAMPAIGNS: (T.OFFICE,),
    Action.SEND_PROOFS: (*_OFFICES, T.CANDIDATE),
    Action.WORD_LETTERS: (T.OFFICE,),
    Action.WORD_CLAUSES: (T.OFFICE,),
    Action.ISSUE_PAPERS: (T.LEAD_OFFICE, T.PARTY_OFFICE),
    Action.NAME_DEPUTY: (T.OFFICE,),
    Action.HAND_OVER: (T.OFFICE,),
    Action.VIEW_RULEBOOKS: (T.OFFICE, T.STAFF, T.DIRECTORY, T.AUDITOR),
    Action.EDIT_RULEBOOKS: (T.OFFICE, T.DIRECTORY),
    Action.OPERATE: (T.OPERATOR,),
}
"""The table that lawyers may read: each action, and the ties that allow it."""


@dataclass(frozen=True, slots=True)
class Right:
    """A grant in force: a role over a scope."""

    role: Role
    scope_kind: str
    scope_id: int | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: an account with the rights in force on this day, or nobody."""

    account_id: int | None
    person_id: int | None
    rights: tuple[Right, ...] = ()

    def scopes(self, role: Role, kind: str) -> frozenset[int]:
        """The ids over which the reader holds a role."""
        return frozenset(
            r.scope_id for r in self.rights if r.role is role and r.scope_kind == kind and r.scope_id
        )

    def holds(self, role: Role) -> bool:
        """Whether the reader holds a role over anything."""
        return any(right.role is role for right in self.rights)


NOBODY = Reader(None, None)


def reader_of(session: Session, account: Account, today: date) -> Reader:
    """The reader behind an account, with the grants in force today."""
    rows = session.execute(
        select(Grant.role, Grant.scope_kind, Grant.scope_id).where(
            Grant.person_id == account.person_id,
            Grant.from_on <= today,
            (Grant.until_on.is_(None)) | (Grant.until_on >= today),
        )
    )
    rights = tuple(Right(Role(role), kind, scope) for role, kind, scope in rows)
    return Reader(account.id, account.person_id, rights)


def general_ties(reader: Reader) -> frozenset[Tie]:
    """How the reader stands to the installation."""
    ties = {Tie.ANYONE}
    if reader.account_id is not None:
        ties.add(Tie.SIGNED_IN)
    by_role = {
        Role.ADMINISTRATOR: Tie.OFFICE,
        Role.PARTNER: Tie.STAFF,
        Role.OPERATOR: Tie.OPERATOR,
        Role.DIRECTORY: Tie.DIRECTORY,
        Role.AUDITOR: Tie.AUDITOR,
    }
    ties.update(tie for role, tie in by_role.items() if reader.holds(role))
    return frozenset(ties)


def thesis_ties(session: Session, reader: Reader, thesis: Thesis, today: date) -> frozenset[Tie]:
    """How the reader stands to one thesis; empty when it is not theirs to see."""
    parties = session.execute(
        select(ThesisInstitution.institution_id, ThesisInstitution.school_id, ThesisInstitution.lead).where(
            ThesisInstitution.thesis_id == thesis.id,
            (ThesisInstitution.left_on.is_(None)) | (ThesisInstitution.left_on >= today),
        )
    ).all()
    ties: set[Tie] = set()
    administered = reader.scopes(Role.ADMINISTRATOR, "school")
    for institution_id, school_id, lead in parties:
        if school_id in administered:
            ties.add(Tie.LEAD_OFFICE if lead else Tie.PARTY_OFFICE)
        if institution_id in reader.scopes(Role.PARTNER, "institution"):
            ties.add(Tie.PARTNER)
        audited = reader.scopes(Role.AUDITOR, "institution")
        if institution_id in audited or school_id in reader.scopes(Role.AUDITOR, "school"):
            ties.add(Tie.AUDITOR)
    if any(right.role is Role.AUDITOR and right.scope_kind == "installation" for right in reader.rights):
        ties.add(Tie.AUDITOR)
    if thesis.id in reader.scopes(Role.SHARED_READ, "thesis"):
        ties.add(Tie.READER)
    if thesis.id in reader.scopes(Role.SHARED_WRITE, "thesis"):
        ties.add(Tie.WRITER)
    if reader.person_id is not None and thesis.candidate_id == reader.person_id:
        ties.add(Tie.CANDIDATE)
    if reader.person_id is not None and _supervises(session, reader.person_id, thesis.id, today):
        ties.add(Tie.SUPERVISOR)
    return frozenset(ties)


def _supervises(session: Session, person_id: int, thesis_id: int, today: date) -> bool:
    statement = select(Supervision.id).where(
        Supervision.person_id == person_id,
        Supervision.thesis_id == thesis_id,
        (Supervision.until_on.is_(None)) | (Supervision.until_on >= today),
    )
    return session.execute(statement.limit(1)).first() is not None


def edits_institution(session: Session, reader: Reader, institution_id: int, today: date) -> bool:
    """Whether the reader may change an institution's entry in the directory.

    Its own administrators do; else those who hold the directory, or any office while it has none of its own.
    """
    if institution_id in reader.scopes(Role.PARTNER, "institution") or reader.holds(Role.DIRECTORY):
        return True
    own = select(Grant.id).where(
        Grant.role == Role.PARTNER,
        Grant.scope_kind == "institution",
        Grant.scope_id == institution_id,
        Grant.from_on <= today,
        (Grant.until_on.is_(None)) | (Grant.until_on >= today),
    )
    return reader.holds(Role.ADMINISTRATOR) and session.execute(own.limit(1)).first() is None


def can(action: Action, ties: Iterable[Tie]) -> bool:
    """Whether any of the ties allows the action."""
    allowed = RULES.get(action, ())
    return any(tie in allowed for tie in ties)
