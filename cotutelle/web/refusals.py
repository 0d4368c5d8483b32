"""The sentence of each reason for which the domain says no."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cotutelle.domain.errors import Reason, Refused
from cotutelle.web.filters import day
from cotutelle.web.signature_words import FAULTS, FLAWS, LEVELS

R = Reason

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


def _shown(value: object) -> object:
    return day(value) if isinstance(value, date) else value
