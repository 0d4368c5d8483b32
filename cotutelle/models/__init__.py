"""The tables, typed, and the queries that more than one place needs."""

from cotutelle.models.absence import Deputy
from cotutelle.models.base import Base, Instant, public_id
from cotutelle.models.campaign import Campaign, CampaignItem
from cotutelle.models.clause import ClauseVariant, ClauseVersion
from cotutelle.models.closing import Closing
from cotutelle.models.committee import CommitteeInterview, CommitteeMember
from cotutelle.models.convention import (
    Acceptance,
    ClauseMark,
    Convention,
    ConventionApproval,
    ConventionPoint,
    ConventionVersion,
    Derogation,
    PointAnswer,
)
from cotutelle.models.document import Blob, Document, DocumentVersion
from cotutelle.models.framework import Framework, FrameworkClause, FrameworkParty
from cotutelle.models.institution import Contact, Institution, Office, School, Unit, UnitInstitution
from cotutelle.models.journal import (
    AccessLog,
    ActKey,
    Counter,
    Installation,
    Job,
    JournalEntry,
    JournalValue,
    Limit,
    Message,
)
from cotutelle.models.jury import FindingsKept, Jury, JuryApproval, Seat
from cotutelle.models.letter import LetterWording
from cotutelle.models.milestone import Milestone, Reminder, SignOff, Undeliverable
from cotutelle.models.national_record import NationalRecord
from cotutelle.models.partnership import (
    Partnership,
    PartnershipCall,
    PartnershipContact,
    PartnershipDocument,
    PartnershipMember,
    ThesisPartnership,
)
from cotutelle.models.person import (
    Account,
    Affiliation,
    Grant,
    Link,
    Person,
    PersonPrivate,
    PossibleDouble,
    SignIn,
)
from cotutelle.models.rulebook import Reading, RulebookFile
from cotutelle.models.signing import FileLoan, Original
from cotutelle.models.text import TextRow, texts_of, write_texts
from cotutelle.models.thesis import (
    Enrolment,
    Event,
    FundingSource,
    Leave,
    Note,
    Stay,
    Supervision,
    Thesis,
    ThesisInstitution,
    Transition,
)

__all__ = [
    "Acceptance",
    "AccessLog",
    "Account",
    "ActKey",
    "Affiliation",
    "Base",
    "Blob",
    "Campaign",
    "CampaignItem",
    "ClauseMark",
    "ClauseVariant",
    "ClauseVersion",
    "Closing",
    "CommitteeInterview",
    "CommitteeMember",
    "Contact",
    "Convention",
    "ConventionApproval",
    "ConventionPoint",
    "ConventionVersion",
    "Counter",
    "Deputy",
    "Derogation",
    "Document",
    "DocumentVersion",
    "Enrolment",
    "Event",
    "FileLoan",
    "FindingsKept",
    "Framework",
    "FrameworkClause",
    "FrameworkParty",
    "FundingSource",
    "Grant",
    "Installation",
    "Instant",
    "Institution",
    "Job",
    "JournalEntry",
    "JournalValue",
    "Jury",
    "JuryApproval",
    "Leave",
    "LetterWording",
    "Limit",
    "Link",
    "Message",
    "Milestone",
    "NationalRecord",
    "Note",
    "Office",
    "Original",
    "Partnership",
    "PartnershipCall",
    "PartnershipContact",
    "PartnershipDocument",
    "PartnershipMember",
    "Person",
    "PersonPrivate",
    "PointAnswer",
    "PossibleDouble",
    "Reading",
    "Reminder",
    "RulebookFile",
    "School",
    "Seat",
    "SignIn",
    "SignOff",
    "Stay",
    "Supervision",
    "TextRow",
    "Thesis",
    "ThesisInstitution",
    "ThesisPartnership",
    "Transition",
    "Undeliverable",
    "Unit",
    "UnitInstitution",
    "public_id",
    "texts_of",
    "write_texts",
]
