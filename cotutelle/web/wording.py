"""Sentences for what the domain names: reasons, states, kinds. One place, two languages."""

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
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.leave import LeaveKind
from cotutelle.domain.thesis import ThesisState
from cotutelle.rulebooks.plans import kinds
from cotutelle.rulebooks.sentences import Speaker
from cotutelle.web.filters import day, locale, short_day
from cotutelle.web.signature_words import FAULTS, FLAWS, LEVELS

R, T, C = Reason, ThesisState, ConventionState

REFUSALS: Mapping[Reason, LazyString] = {
    R.DATES_OUT_OF_ORDER: _l("The end comes before the beginning (%(begin)s)."),
    R.STAY_NOT_OVER: _l("This stay ends on %(end)s: until then it is planned, not done."),
    R.TWO_PLACES_AT_ONCE: _l(
        "From %(begin)s to %(end)s the candidate is already at %(institution)s: one cannot be in two places at once."
    ),
    R.FEWER_THAN_TWO_INSTITUTIONS: _l(
        "A cotutelle is shared by at least two institutions: name a second one."
    ),
    R.NOT_ONE_LEAD: _l("Exactly one institution leads: choose which."),
    R.INSTITUTION_TWICE: _l("The same institution (%(institution)s) is named twice."),
    R.UNKNOWN_INSTITUTION: _l("This institution is not one of this thesis."),
    R.UNKNOWN_SCHOOL: _l("This school is not in the directory."),
    R.NONE_OF_YOURS: _l("None of these schools is yours: name the school for which you register the thesis."),
    R.UNKNOWN_UNIT: _l("This research unit does not belong to %(institution)s."),
    R.UNKNOWN_PERSON: _l("This person is not in the directory."),
    R.SCHOOL_OF_ANOTHER: _l("This school does not belong to %(institution)s."),
    R.POSSIBLE_DOUBLE: _l(
        "Somebody of that name is known already: %(name)s. Say below whether it is the same person."
    ),
    R.ANOTHER_THESIS: _l(
        "%(name)s already prepares a thesis that has not ended: say whether a second one is meant."
    ),
    R.OWN_DIRECTOR: _l("Nobody supervises their own thesis."),
    R.SUPERVISOR_TWICE: _l("%(name)s already supervises this thesis."),
    R.TITLE_MISSING: _l("Give the title of the thesis in at least one language; it may be provisional."),
    R.MOVE_NOT_ALLOWED: _l("From this state, that is not possible."),
    R.REASON_MISSING: _l("Say why: going back and ending need a reason."),
    R.NOT_UNDOABLE: _l(
        "Something was already sent, signed or uploaded: the registration can no longer be undone. Cancel the thesis with a reason instead."
    ),
    R.FACTS_MISSING: _l(
        "Facts still missing: %(count)s. The page of the convention says which, and who can give them."
    ),
    R.BY_APPROVALS: _l("A text is approved by its institutions, one by one: submit it to them."),
    R.BY_SUBMITTING: _l("The institutions read a version: submit the text to them, instead of moving it."),
    R.TEXT_NOT_PDF: _l("What is signed is a PDF: upload the text as a PDF."),
    R.TEXT_SIGNED: _l(
        "This file is signed already: record it as signed, or upload the text without signatures."
    ),
    R.TEXT_NOT_SIGNABLE: _l(
        "Nobody could sign in this file: it is damaged, or has fields of the names that signatures need. Print it to a new PDF and upload that."
    ),
    R.SUBJECT_UNKNOWN: _l("This subject is not one of the catalogue."),
    R.AMENDMENT_OPEN: _l(
        "An amendment is being made already: sign it or give it up before the next one is begun."
    ),
    R.NOT_AMENDABLE: _l("A convention is amended once it is in force; before that, its text is changed."),
    R.AMENDS_NOTHING: _l(
        "An amendment changes something: say what it is made for, and change an article of the convention."
    ),
    R.NOT_NEGOTIATED: _l(
        "This text is no longer negotiated: it is approved, or another has taken its place."
    ),
    R.THESIS_ENDED: _l("The thesis has ended: its convention is not negotiated any more."),
    R.TEXT_UNCHANGED: _l("The institutions have exactly this text already: nothing in it has changed."),
    R.NOT_BEFORE_PARTIES: _l("No text is with the institutions now: submit it to them first."),
    R.TEXT_REPLACED: _l(
        "Version %(number)s has taken the place of the one that you read: read what is new in it, then approve it."
    ),
    R.POINTS_OPEN: _l("Points are still open (%(count)s): settle them first, then approve the text."),
    R.APPROVED_ALREADY: _l("This institution has approved this version already."),
    R.NOT_APPROVED_BY_THEM: _l("This institution has not approved the version that it has."),
    R.BEFORE_PUT: _l("The text was submitted to the institutions on %(day)s: check the day."),
    R.OWNER_MISSING: _l("Choose who answers next, or say that it is settled."),
    R.WORDINGS_CHANGED: _l(
        "The wordings of its clauses have changed since the institutions approved this text: move the convention back "
        "to its draft, with that reason, and submit it to them again."
    ),
    R.FINAL_MISSING: _l(
        "Make the final version of the convention first: its bytes are what everybody signs."
    ),
    R.NOT_THE_AGREED_TEXT: _l(
        "This is not the text that the institutions approved: choose its final version."
    ),
    R.SIGNATURES_OPEN: _l("People are asked to sign the convention: it is in force with the last signature."),
    R.SIGNED_BEFORE_APPROVAL: _l("The text was approved on %(day)s: nobody can have signed it before."),
    R.NOT_APPROVED: _l(
        "A final version is made once every party has approved the text. Until then, make a draft."
    ),
    R.WORDING_NOT_ACCEPTED: _l("The wording has not yet been accepted by the office."),
    R.NO_WORDING: _l("There is no wording in %(language)s for: %(clauses)s."),
    R.MISSING_GLYPH: _l(
        "The document's typeface has no sign for: %(characters)s, near “%(near)s”. Write these words in Latin letters."
    ),
    R.TWO_PAYERS: _l(
        "Fees of this year are already paid at %(institution)s: they are never owed in two institutions."
    ),
    R.LEAVE_OVERLAP: _l("Another leave runs from %(begin)s to %(end)s."),
    R.SECOND_GAP: _l("There is already a gap period: article 14 allows one."),
    R.GAP_TOO_LONG: _l("A gap period lasts at most one year."),
    R.CODE_TAKEN: _l("The code %(code)s is already used."),
    R.EMAIL_TAKEN: _l("There is already an account for %(email)s."),
    R.ORCID_TAKEN: _l("This ORCID iD belongs to somebody else who is recorded already."),
    R.NOT_EMPTY: _l("%(institution)s cannot leave: stays, enrolments or supervisors of it are recorded."),
    R.FILE_LENT: _l("The file is with %(name)s since %(day)s: it goes to one person at a time."),
    R.FILE_NOT_LENT: _l("The file is not lent to this person any more: take it anew, and sign that one."),
    R.FILE_UNREADABLE: _l("This file cannot be taken in: %(flaw)s"),
    R.FILE_REWRITTEN: _l(
        "This is not the file that was lent, with a signature added: a program has saved it anew, "
        "or it is another file. Take the file again and sign it without saving it otherwise."
    ),
    R.FILE_UNSIGNED: _l("This file bears no new signature."),
    R.FILE_SEVERAL: _l(
        "This file bears several new signatures (%(names)s): each person takes the file in their turn."
    ),
    R.FILE_BREAKS: _l("In this file the signature of %(name)s does not hold any more."),
    R.FILE_FAULTY: _l("The signature of %(name)s does not hold: %(faults)s."),
    R.FILE_MORE_AFTER: _l("More than a signature was added to this file: nothing else of it may change."),
    R.FILE_LOCKED: _l(
        "This signature certifies or locks the file: nobody could sign after it. "
        "Take the file again and sign it without certifying or locking it."
    ),
    R.FILE_OTHER_FIELD: _l(
        "The signature stands in another place than the one that is yours: sign in the field %(own)s."
    ),
    R.CERTIFICATE_TWICE: _l("The certificate of %(name)s stands in this file already."),
    R.CERTIFICATE_OF_ANOTHER: _l(
        "The certificate is in the name of %(name)s, and %(person)s is asked. "
        "The office of the thesis can take the file in once it has made sure whose signature it is."
    ),
    R.ISSUER_UNKNOWN: _l(
        "Nobody here knows %(issuer)s, who issued the certificate of %(name)s. "
        "The office of the thesis can take the file in once it has checked the certificate."
    ),
    R.WAY_TOO_WEAK: _l("This institution asks for more than that from whoever signs for it: %(level)s."),
    R.FILE_REFUSED: _l("This file is refused: %(why)s"),
    R.OWN_RIGHTS: _l("Nobody gives rights to themselves."),
    R.LANGUAGE_TWICE: _l("The same language is given twice: keep one text for each."),
    R.LANGUAGE_MISSING: _l("Say in which language each text is."),
    R.DATE_AHEAD: _l("This day has not come yet: a move is recorded once it has happened."),
    R.DATE_BEFORE_LAST: _l("The move before this one was on %(last)s: this one cannot be earlier."),
    R.RULEBOOK_TWICE: _l("This very rulebook acts from this day already."),
    R.RULEBOOK_WRONG: _l("Line %(line)s: %(why)s"),
    R.UNKNOWN_READING: _l("Choose one of the readings offered."),
    R.UNKNOWN_RULE: _l("No rulebook has a rule called %(rule)s."),
    R.RULES_BROKEN: _l(
        "Binding rules are broken: %(rules)s. Change the jury as proposed, or write a derogation into the convention first."
    ),
    R.NOT_THIS_STATE: _l("The jury is at another step by now: load the page again to see where it stands."),
    R.SEAT_TWICE: _l("%(name)s is in this jury already."),
    R.OWN_JURY: _l("The candidate cannot sit in their own jury."),
    R.SEAT_NOWHERE: _l("Choose an institution, or write where this person works."),
    R.BEFORE_LAST_STEP: _l("This is before the last step of the jury, %(day)s: check the day."),
    R.NOT_ALL_APPROVED: _l("Every institution approves every member before the jury is appointed."),
    R.NOTHING_TO_APPROVE: _l("There is nobody in this jury yet."),
    R.DEROGATION_TWICE: _l("%(rule)s is set aside already: change that derogation."),
    R.CALENDAR_MOVED_ON: _l("The calendar changed again meanwhile: look at what would change now."),
    R.NOT_SIGNED_HERE: _l("This is not signed here: it is done by what is recorded elsewhere in the file."),
    R.DOCUMENT_MISSING: _l("Choose the document that is signed."),
    R.NOBODY_NAMED: _l("Name somebody to ask."),
    R.NO_ADDRESS: _l(
        "%(name)s has no e-mail address: give one, or name somebody else. Nobody was asked yet."
    ),
    R.DELEGATE_ONESELF: _l("This person is asked, or has handed it on, already: name somebody else."),
    R.ALREADY_ANSWERED: _l("This was answered already, or is asked no longer."),
    R.SHOWN_CHANGED: _l("What is signed has changed meanwhile: read it as it stands now."),
    R.NOT_ASKED_ANY_MORE: _l(
        "This is asked no longer: the thesis has ended, or its calendar no longer has it."
    ),
    R.DELEGATE_CANDIDATE: _l("The candidate cannot sign in your place: name somebody else."),
    R.NOT_THE_CANDIDATE: _l("Only the candidate signs as the candidate."),
    R.TOO_MANY_LETTERS: _l("Five letters were sent within the hour: wait a little, the newest one counts."),
    R.LINK_DEAD: _l("This link was used, replaced, or is too old. Ask for a new one."),
    R.KEEPER_MISSING: _l("Choose the institution at which the thesis goes on."),
    R.NOT_BEFORE_DEFENCE: _l("A defence is recorded for a thesis that is running; this one is not."),
    R.NEW_DAY_PAST: _l("The new day of the defence is over already: check the date."),
    R.DEPUTY_ONESELF: _l("Nobody is their own deputy: name somebody else."),
    R.DEPUTY_TWICE: _l("%(name)s signs already on some of these days: end that absence first."),
    R.DEPUTY_AWAY: _l("%(name)s is away on some of these days: name somebody who is there."),
    R.ALREADY_ADMINISTERS: _l("%(name)s administers this school already."),
    R.NOBODY_TOLD: _l(
        "Nobody of those who should read it has an address: hand it over and say so on the meeting."
    ),
    R.ALREADY_SENT: _l("The report has reached all three recipients already."),
    R.ENDS_IN_PAST: _l("The last day is over already: check the date."),
    R.OWN_COMMITTEE: _l("Nobody sits on the committee that follows their own thesis."),
    R.MEMBER_TWICE: _l("%(name)s sits on the committee already."),
    R.REPORT_MISSING: _l("There is no report yet: add it to the meeting first."),
    R.NOTHING_ASKED: _l("Choose at least one proof to ask for."),
    R.CAMPAIGN_TWICE: _l("This school has its campaign for %(year)s already."),
    R.CAMPAIGN_CLOSED: _l("The campaign is closed: write to the doctoral school."),
    R.ALREADY_CONFIRMED: _l("The school has confirmed this proof already."),
    R.DAY_MISSING: _l("Give the day since which you are enrolled, as the certificate has it."),
    R.FEE_MISSING: _l("Choose what became of the fees."),
    R.NOTHING_SENT: _l("Nothing was sent that could be sent back."),
    R.SUBJECT_MISSING: _l("Give the letter a subject."),
    R.WORDS_MISSING: _l("Write the text of the letter."),
    R.UNKNOWN_VARIABLE: _l("%(name)s is nothing that may be named here. What may be named: %(known)s."),
    R.VARIABLE_LOST: _l("The law asks for what %(name)s says in this clause: keep it in the text."),
    R.CLAUSE_MANDATORY: _l("The law asks for this clause: none of its paragraphs may be left out."),
    R.CLAUSE_NOT_INHERITED: _l(
        "A convention settles this subject itself; no framework can settle it for all."
    ),
    R.MARKS_NOT_CLOSED: _l(
        "Only *italics* and **bold** are drawn, each opened and closed; no other signs, such as brackets or backslashes."
    ),
    R.NOT_YOUR_INSTITUTION: _l("This is entered by an office of one of the institutions that take part."),
    R.COLUMNS_GONE: _l(
        "The numbers of the paragraphs, or the column of a language with its name at the head, are gone from this file: "
        "it cannot be compared."
    ),
    R.NOT_A_DOCX: _l("A draft that came back is a DOCX; this is another kind of file."),
    R.NOT_DRAFTED_HERE: _l("Only a convention that is drafted here goes out as DOCX."),
    R.PAPER_INCOMPLETE: _l("This paper cannot be made yet. It lacks: %(missing)s."),
    R.TEXT_INCOMPLETE: _l("A text is lacking here, or stands in one language and not in another."),
    R.NOT_A_MEMBER: _l("No institution of this thesis takes part in %(partnership)s."),
    R.MEMBERS_MISSING: _l("Name at least one institution that takes part."),
    R.CALL_INCOMPLETE: _l("Every call needs its title and the day on which it closes."),
    R.MEMBER_NAMED_TWICE: _l("The same institution is named twice from the same day."),
    R.PARTIES_TOO_FEW: _l("A framework agreement binds two institutions at least."),
    R.VARIANT_NOT_FITTING: _l("This wording is not for this convention, or is not in force yet."),
    R.NOT_UNDER_FRAMEWORK: _l(
        "This framework agreement does not bind every institution of the thesis, or is no longer in force."
    ),
    R.FRAMEWORK_FULL: _l(
        "This framework agreement allows %(most)s candidates, and as many already stand under it."
    ),
    R.VARIABLE_MISSING: _l(
        "The letter has to name %(name)s: without it, it would not say what it is sent for."
    ),
}

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


CLOSED_WORDS: dict[str, Mapping[Any, Any]] = {"flaw": FLAWS, "faults": FAULTS, "level": LEVELS}
"""Details of a refusal that come from a closed list, with their words."""


def refusal(error: Refused) -> str:
    """The sentence of a refusal, with its figures; dates are written out."""
    shown = {key: _shown(value) for key, value in error.details.items()}
    for key, words in CLOSED_WORDS.items():
        if key in shown:
            given = error.details[key]
            listed = given if isinstance(given, tuple) else (given,)
            shown[key] = ", ".join(str(words[each]) for each in listed)
    return str(REFUSALS[error.reason]) % shown


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


def _shown(value: object) -> object:
    return day(value) if isinstance(value, date) else value
