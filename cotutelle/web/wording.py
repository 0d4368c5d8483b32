"""Words for what the domain names: states, kinds, acts. One place, two languages."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cotutelle.domain.campaign import Proof
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.convention.terms import Chapter
from cotutelle.domain.convention.values import Giver
from cotutelle.domain.leave import LeaveKind
from cotutelle.domain.thesis import ThesisState
from cotutelle.rulebooks.plans import kinds
from cotutelle.rulebooks.sentences import Speaker
from cotutelle.web.filters import locale, short_day

T, C = ThesisState, ConventionState

THESIS_STATES: Mapping[ThesisState, LazyString] = {
    T.DRAFT: _l("Draft"),
    T.ADMITTED: _l("Admitted"),
    T.RUNNING: _l("Running"),
    T.ON_HOLD: _l("On hold"),
    T.PRE_DEFENCE: _l("Before the defence"),
    T.DEFENDED: _l("Defended"),
    T.CORRECTIONS: _l("Corrections"),
    T.COMPLETED: _l("Completed"),
    T.WITHDRAWN: _l("Withdrawn"),
    T.REFUSED: _l("Refused"),
    T.CONVERTED: _l("Converted"),
    T.CANCELLED: _l("Cancelled"),
}
CONVENTION_STATES: Mapping[ConventionState, LazyString] = {
    C.DRAFT: _l("Draft"),
    C.LEGAL_CHECK: _l("Legal check"),
    C.PARTNER_REVIEW: _l("Partners' review"),
    C.APPROVED: _l("Approved"),
    C.SIGNING: _l("Signing"),
    C.IN_FORCE: _l("In force"),
    C.EXPIRED: _l("Expired"),
    C.ENDED: _l("Ended"),
    C.VOID: _l("Void"),
}
STATE_KINDS: Mapping[str, str] = {
    "draft": "draft",
    "admitted": "next",
    "running": "done",
    "on_hold": "waiting",
    "pre_defence": "soon",
    "defended": "done",
    "corrections": "waiting",
    "completed": "done",
    "withdrawn": "ended",
    "refused": "ended",
    "converted": "ended",
    "cancelled": "ended",
    "legal_check": "waiting",
    "partner_review": "waiting",
    "approved": "next",
    "signing": "waiting",
    "in_force": "done",
    "expired": "late",
    "ended": "ended",
    "void": "ended",
}
"""Which shape and colour a state has; the word stands beside it."""

LAYOUTS = {
    "columns": _l("side by side, a column for each"),
    "parts": _l("one after the other, each over the whole page"),
}

BROKEN: Mapping[str, LazyString] = {
    "jury": _l("Rule of the jury broken"),
    "defence": _l("Rule of the defence broken"),
    "direction": _l("Rule of supervision broken"),
    "enrolment": _l("Rule of enrolment broken"),
    "committee": _l("Rule of the committee broken"),
    "duration": _l("Rule of duration broken"),
    "convention": _l("Rule of the convention broken"),
    "fees": _l("Rule of fees broken"),
    "stays": _l("Rule of stays broken"),
    "language": _l("Rule of languages broken"),
    "deposit": _l("Rule of the deposit broken"),
    "diploma": _l("Rule of the diploma broken"),
}
"""What a broken binding rule looks at; the page of rules says the rest."""
HEALTH: Mapping[str, tuple[str, LazyString]] = {
    "ended": ("fact", _l("Ended")),
    "convention_expired": ("late", _l("Convention ended")),
    "convention_ends_before_defence": ("late", _l("Ends before the defence")),
    "convention_ends_soon": ("soon", _l("Convention ends soon")),
    **{f"rule_{group}": ("late", sentence) for group, sentence in BROKEN.items()},
    "waiver_without_proof": ("decide", _l("Waiver without proof")),
    "facts_missing": ("unknown", _l("Facts missing")),
    "convention_open": ("waiting", _l("Not yet signed")),
    "in_order": ("done", _l("In order")),
    "": ("unknown", _l("Not known")),
}
GIVERS: Mapping[Giver, LazyString] = {
    Giver.LEAD_OFFICE: _l("the lead's office"),
    Giver.PARTY_OFFICE: _l("the office of %(party)s"),
    Giver.CANDIDATE: _l("the candidate"),
    Giver.DIRECTORS: _l("the directors"),
}
CHAPTERS: Mapping[Chapter, LazyString] = {
    Chapter.FRAME: _l("Frame and duration"),
    Chapter.STAYS: _l("Stays and hosting"),
    Chapter.MEANS: _l("Fees and cover"),
    Chapter.TRAINING: _l("Training and follow-up"),
    Chapter.RESULTS: _l("Integrity and results"),
    Chapter.LANGUAGES: _l("Languages and summaries"),
    Chapter.JURY: _l("Rapporteurs and jury"),
    Chapter.DEFENCE: _l("Defence and deposit"),
    Chapter.DIPLOMA: _l("Diploma and recognition"),
    Chapter.VALIDITY: _l("Validity, changes, end"),
    Chapter.SIGNATURE: _l("Versions and signature"),
}
PARTY_ROLES: Mapping[str, LazyString] = {
    "degree": _l("Awards the degree"),
    "host": _l("Hosts the candidate only"),
}
ROLES: Mapping[str, LazyString] = {
    "director": _l("Director"),
    "co_director": _l("Co-director"),
    "co_supervisor": _l("Co-supervisor"),
}
FEES: Mapping[str, LazyString] = {
    "paid": _l("pays here"),
    "waived": _l("waived"),
    "not_due": _l("nothing due"),
    "unknown": _l("fees not known"),
}
LEAVES: Mapping[LeaveKind, LazyString] = {
    LeaveKind.MATERNITY: _l("Maternity leave"),
    LeaveKind.PATERNITY: _l("Paternity leave"),
    LeaveKind.ADOPTION: _l("Childcare or adoption leave"),
    LeaveKind.PARENTAL: _l("Parental leave"),
    LeaveKind.SICK: _l("Sick leave of more than four months"),
    LeaveKind.ACCIDENT: _l("Leave after a work accident"),
    LeaveKind.GAP: _l("Gap period (césure)"),
}
FUNDING: Mapping[str, LazyString] = {
    "contract": _l("Doctoral contract"),
    "scholarship": _l("Scholarship"),
    "cifre": _l("CIFRE agreement"),
    "salary": _l("Salary"),
    "own": _l("Own means"),
    "other": _l("Other"),
}
DIPLOMAS: Mapping[str, LazyString] = {
    "joint": _l("One joint diploma"),
    "two_diplomas": _l("One diploma from each institution, delivered at the same time"),
}
DOCUMENT_KINDS: Mapping[str, LazyString] = {
    "enrolment": _l("Certificate of enrolment"),
    "fees": _l("Proof of payment or waiver"),
    "convention": _l("Convention or draft of a partner"),
    "charter": _l("Doctoral charter"),
    "training_agreement": _l("Training agreement"),
    "committee_report": _l("Report of the monitoring committee"),
    "funding": _l("Proof of funding"),
    "insurance": _l("Insurance"),
    "identity": _l("Identity or visa"),
    "cotutelle_certificate": _l("Certificate of cotutelle"),
    "jury_proposal": _l("Proposal of the jury"),
    "jury_invitation": _l("Invitation to the jury"),
    "defence_notice": _l("Notice of the defence"),
    "defence_minutes": _l("Minutes of the defence"),
    "defence_report": _l("Report on the defence"),
    "letter": _l("Letter"),
    "other": _l("Other"),
}
PROOFS: Mapping[Proof, LazyString] = {
    Proof.ENROLMENT: _l("certificate of enrolment"),
    Proof.FEES: _l("proof of payment or of exemption"),
    Proof.INSURANCE: _l("liability insurance"),
    Proof.CVEC: _l("CVEC certificate"),
}
AUDIENCES: Mapping[str, LazyString] = {
    "offices": _l("The schools of this thesis"),
    "parties": _l("The schools and the partners' offices"),
    "candidate": _l("The schools and the candidate"),
    "recipients": _l("The schools, the directors and the candidate"),
    "everyone": _l("Everybody on this thesis"),
}
HEADS: Mapping[str, LazyString] = {
    "president": _l("President"),
    "rector": _l("Rector"),
    "vice_chancellor": _l("Vice-chancellor"),
    "director": _l("Director"),
    "delegate": _l("Delegate of the head"),
}
GENDERS: Mapping[str, LazyString] = {
    "": _l("Not said"),
    "woman": _l("Woman"),
    "man": _l("Man"),
    "unstated": _l("Neither, or prefers not to say"),
}
ACCREDITATIONS: Mapping[str, LazyString] = {
    "": _l("Not recorded"),
    "hdr": _l("HDR"),
    "equivalent": _l("Equivalent of the HDR"),
    "none": _l("Neither HDR nor equivalent"),
}
SCHOOL_KINDS: Mapping[str, LazyString] = {"doctoral_school": _l("Doctoral school"), "faculty": _l("Faculty")}
IDENTIFIERS: Mapping[str, tuple[str, LazyString]] = {
    "ror": (
        "ROR",
        _l(
            "This is not a ROR id: it looks like https://ror.org/02kzqn938, and its last two digits check the rest."
        ),
    ),
    "erasmus": ("Erasmus", _l("This is not an Erasmus code: it looks like F LILLE103.")),
    "schac": ("SCHAC", _l("This is not a domain name such as univ-lille.fr.")),
    "uai": ("UAI", _l("This is not a UAI: seven digits and the letter that checks them.")),
    "siret": ("SIRET", _l("This is not a SIRET: 14 digits, the last of which checks the rest.")),
    "naf": ("NAF", _l("This is not a NAF code: four digits and a letter, such as 85.42Z.")),
    "vat": (
        "VAT",
        _l("This is not a European VAT number: country letters and digits that check one another."),
    ),
    "orcid": (
        "ORCID",
        _l("This is not an ORCID iD: it looks like 0000-0002-1825-0097, and its last sign checks the rest."),
    ),
}
ACTS: Mapping[str, LazyString] = {
    "thesis.registered": _l("Thesis registered"),
    "thesis.edited": _l("Thesis changed"),
    "thesis.party": _l("Institutions changed"),
    "thesis.stay": _l("Stay recorded: %(stay)s, %(begin)s to %(end)s"),
    "thesis.stay_removed": _l("Stay removed: %(stay)s, %(begin)s to %(end)s"),
    "thesis.supervision": _l("Supervisor named: %(supervisor)s"),
    "thesis.supervision_ended": _l("Supervision ended: %(supervisor)s"),
    "thesis.enrolment": _l("Enrolment recorded: %(enrolment)s, year %(year)s"),
    "thesis.leave": _l("Leave recorded: %(begin)s to %(end)s"),
    "thesis.leave_removed": _l("Leave removed: %(begin)s to %(end)s"),
    "thesis.funding": _l("Funding recorded: %(funder)s"),
    "thesis.funding_removed": _l("Funding removed: %(funder)s"),
    "thesis.moved": _l("Thesis moved to: %(after)s"),
    "thesis.noted": _l("Note written"),
    "thesis.undone": _l("Registration undone"),
    "convention.edited": _l("Terms of the convention changed"),
    "convention.moved": _l("Convention moved to: %(after)s"),
    "convention.made": _l("Convention made, version %(number)s"),
    "convention.closed": _l("Convention closed under the number %(number)s"),
    "convention.text_taken": _l("Text drafted elsewhere taken in: %(file)s"),
    "convention.drafted_here": _l("The convention is drafted here again"),
    "convention.subjects": _l("Subjects of the text from elsewhere marked: %(count)s"),
    "convention.recorded": _l("Signed elsewhere on %(on)s, recorded: %(names)s"),
    "convention.amendment_begun": _l("Amendment no. %(amendment)s begun"),
    "convention.expiry_told": _l("Offices told that the convention ends on %(on)s"),
    "convention.amendment_edited": _l("What amendment no. %(amendment)s is made for changed"),
    "convention.put": _l("Convention submitted to the institutions, version %(number)s"),
    "convention.approved": _l("Convention approved by %(institution)s, version %(number)s"),
    "convention.approval_withdrawn": _l("%(institution)s took its approval back, version %(number)s"),
    "convention.reopened": _l("All approvals of the convention taken back: %(institutions)s"),
    "convention.point": _l("%(institution)s asks for a change of the convention"),
    "convention.point_answered": _l("%(institution)s answered about a change of the convention"),
    "framework.added": _l("Framework agreement entered: %(title)s"),
    "framework.edited": _l("Framework agreement changed: %(title)s"),
    "partnership.added": _l("Partnership entered: %(partnership)s"),
    "partnership.edited": _l("Partnership changed: %(partnership)s"),
    "partnership.filed": _l("Document of the partnership kept: %(title)s"),
    "partnership.unfiled": _l("Document of the partnership taken out: %(title)s"),
    "thesis.registry": _l("What theses.fr is told changed"),
    "thesis.under_partnership": _l("Stands under the partnership %(partnership)s"),
    "thesis.out_of_partnership": _l("No longer under the partnership %(partnership)s"),
    "framework.filed": _l("Text of the framework agreement kept"),
    "convention.framed": _l("Framework of the convention changed"),
    "convention.worded": _l("Wording of clause %(clause)s chosen"),
    "clause.begun": _l("Own wording of clause %(clause)s begun: %(name)s"),
    "clause.written": _l("Own wording of clause %(clause)s, version %(number)s: %(name)s"),
    "clause.read": _l("Wording of clause %(clause)s read by a jurist: %(who)s"),
    "clause.retired": _l("Own wording of clause %(clause)s no longer used: %(name)s"),
    "document.uploaded": _l("Document added: %(filename)s"),
    "convention.derogation": _l("Rule set aside: %(rule)s"),
    "convention.derogation_removed": _l("Rule holds again: %(rule)s"),
    "thesis.event": _l("Recorded: %(kind)s, %(on)s"),
    "thesis.event_removed": _l("Record taken back: %(kind)s"),
    "committee.member": _l("Member of the monitoring committee: %(member)s"),
    "committee.member_left": _l("Sits on the monitoring committee no longer: %(member)s"),
    "committee.corrected": _l("Meeting of the monitoring committee corrected, %(on)s"),
    "committee.report_sent": _l("Report of the monitoring committee sent to %(names)s"),
    "committee.interview": _l("Interview of the monitoring committee noted"),
    "campaign.asked": _l("Proofs asked for %(year)s, by %(deadline)s"),
    "campaign.sent": _l("Proof sent, %(proof)s, %(institution)s, %(year)s"),
    "campaign.confirmed": _l("Proof confirmed, %(proof)s, %(institution)s, %(year)s"),
    "campaign.returned": _l("Proof sent back, %(proof)s, %(institution)s, %(year)s"),
    "campaign.reminded": _l("Reminder of the proofs of %(year)s sent to the candidate"),
    "jury.begun": _l("Jury begun"),
    "jury.seat": _l("Seat in the jury: %(member)s"),
    "jury.seat_removed": _l("Taken out of the jury: %(member)s"),
    "jury.remote": _l("Remote participation changed"),
    "jury.proposed": _l("Jury proposed on %(on)s"),
    "jury.approved": _l("Jury approved by %(institution)s on %(on)s"),
    "jury.decided": _l("Jury appointed on %(on)s"),
    "jury.reopened": _l("Jury taken back to be changed"),
    "calendar.rescheduled": _l("Calendar made anew: %(count)s changes"),
    "milestone.planned": _l("Planned for %(on)s: %(kind)s"),
    "signature.asked": _l("Signatures asked for “%(kind)s”: %(names)s"),
    "signature.approved": _l("Signed by %(name)s: %(kind)s"),
    "signature.sent_back": _l("Sent back by %(name)s: %(kind)s"),
    "signature.declined": _l("Not for %(name)s to sign: %(kind)s"),
    "signature.delegated": _l("Handed on by %(name)s to %(to)s: %(kind)s"),
    "signature.recorded": _l("Signature given elsewhere recorded, %(name)s, %(on)s: %(kind)s"),
    "signature.lent": _l("File lent to %(name)s, to be signed with a certificate"),
    "signature.given_back": _l("File given back unsigned by %(name)s"),
    "signature.returned": _l("File signed by %(name)s, with the certificate of %(certificate)s"),
    "institution.signature_levels": _l("Signatures asked for in conventions changed"),
    "convention.original": _l("Original no. %(number)s recorded"),
    "signature.paper": _l("Signature on paper recorded, %(name)s, %(on)s: %(kind)s"),
    "signature.withdrawn": _l("%(name)s is asked no longer: %(kind)s"),
    "signature.outdated": _l("Signature out of date, %(name)s: %(kind)s"),
    "signature.current": _l("Signature holds again, %(name)s: %(kind)s"),
    "reminders.paused": _l("Reminders paused"),
    "reminders.resumed": _l("Reminders switched on again"),
    "signature.deputised": _l("%(to)s signs in place of %(name)s: %(kind)s"),
    "reminders.sent": _l("Reminder sent to %(names)s: %(kind)s"),
}


def act(name: str, values: Mapping[str, Any] | None) -> str:
    """The sentence of a journal entry."""
    known = dict(values or {})
    states = {
        **{str(k): v for k, v in THESIS_STATES.items()},
        **{str(k): v for k, v in CONVENTION_STATES.items()},
    }
    for key, value in known.items():
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            known[key] = short_day(date.fromisoformat(value)).replace(" ", "\u00a0")
    if name.startswith(("signature.", "milestone.", "reminders.")) and "kind" in known:
        names = kinds()[str(known["kind"])].names if known["kind"] in kinds() else {}
        known["kind"] = names.get(locale()) or names.get("en") or known["kind"]
    if name.startswith("thesis.event"):
        known["kind"] = Speaker(locale()).word(str(known.get("kind", "")))
    if name.startswith("campaign.") and "proof" in known:
        known["proof"] = str(PROOFS[Proof(str(known["proof"]))])
    if "after" in known:
        known["after"] = str(states.get(str(known["after"]), known["after"]))
    try:
        return str(ACTS.get(name, name)) % known
    except KeyError:
        return str(ACTS.get(name, name)).split(":")[0]


def choices(words: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """The pairs of a select field, in the order of the words."""
    return [(str(key), str(word)) for key, word in words.items()]


def giver(blank_giver: Giver, party: str) -> str:
    """Who can give a missing fact."""
    return (
        str(GIVERS[blank_giver]) % {"party": party}
        if blank_giver is Giver.PARTY_OFFICE
        else str(GIVERS[blank_giver])
    )
