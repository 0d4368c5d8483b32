"""Why an act is refused. A reason is a key here and a sentence in the interface's wording."""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """Every reason for which the domain says no."""

    DATES_OUT_OF_ORDER = "dates_out_of_order"
    TWO_PLACES_AT_ONCE = "two_places_at_once"
    STAY_NOT_OVER = "stay_not_over"
    FEWER_THAN_TWO_INSTITUTIONS = "fewer_than_two_institutions"
    NOT_ONE_LEAD = "not_one_lead"
    INSTITUTION_TWICE = "institution_twice"
    UNKNOWN_INSTITUTION = "unknown_institution"
    UNKNOWN_SCHOOL = "unknown_school"
    NONE_OF_YOURS = "none_of_yours"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_PERSON = "unknown_person"
    SCHOOL_OF_ANOTHER = "school_of_another"
    POSSIBLE_DOUBLE = "possible_double"
    ANOTHER_THESIS = "another_thesis"
    OWN_DIRECTOR = "own_director"
    SUPERVISOR_TWICE = "supervisor_twice"
    TITLE_MISSING = "title_missing"
    MOVE_NOT_ALLOWED = "move_not_allowed"
    REASON_MISSING = "reason_missing"
    NOT_UNDOABLE = "not_undoable"
    FACTS_MISSING = "facts_missing"
    NOT_APPROVED = "not_approved"
    BY_APPROVALS = "by_approvals"
    BY_SUBMITTING = "by_submitting"
    NOT_NEGOTIATED = "not_negotiated"
    THESIS_ENDED = "thesis_ended"
    TEXT_UNCHANGED = "text_unchanged"
    NOT_BEFORE_PARTIES = "not_before_parties"
    TEXT_REPLACED = "text_replaced"
    POINTS_OPEN = "points_open"
    APPROVED_ALREADY = "approved_already"
    NOT_APPROVED_BY_THEM = "not_approved_by_them"
    BEFORE_PUT = "before_put"
    OWNER_MISSING = "owner_missing"
    WORDINGS_CHANGED = "wordings_changed"
    FINAL_MISSING = "final_missing"
    NOT_THE_AGREED_TEXT = "not_the_agreed_text"
    SIGNATURES_OPEN = "signatures_open"
    SIGNED_BEFORE_APPROVAL = "signed_before_approval"
    WORDING_NOT_ACCEPTED = "wording_not_accepted"
    NO_WORDING = "no_wording"
    MISSING_GLYPH = "missing_glyph"
    TWO_PAYERS = "two_payers"
    LEAVE_OVERLAP = "leave_overlap"
    SECOND_GAP = "second_gap"
    GAP_TOO_LONG = "gap_too_long"
    CODE_TAKEN = "code_taken"
    EMAIL_TAKEN = "email_taken"
    ORCID_TAKEN = "orcid_taken"
    NOT_EMPTY = "not_empty"
    FILE_REFUSED = "file_refused"
    OWN_RIGHTS = "own_rights"
    LINK_DEAD = "link_dead"
    LANGUAGE_TWICE = "language_twice"
    LANGUAGE_MISSING = "language_missing"
    DATE_AHEAD = "date_ahead"
    DATE_BEFORE_LAST = "date_before_last"
    RULEBOOK_TWICE = "rulebook_twice"
    RULEBOOK_WRONG = "rulebook_wrong"
    UNKNOWN_READING = "unknown_reading"
    UNKNOWN_RULE = "unknown_rule"
    RULES_BROKEN = "rules_broken"
    NOT_THIS_STATE = "not_this_state"
    SEAT_TWICE = "seat_twice"
    OWN_JURY = "own_jury"
    SEAT_NOWHERE = "seat_nowhere"
    NOT_ALL_APPROVED = "not_all_approved"
    BEFORE_LAST_STEP = "before_last_step"
    NOTHING_TO_APPROVE = "nothing_to_approve"
    DEROGATION_TWICE = "derogation_twice"
    CALENDAR_MOVED_ON = "calendar_moved_on"
    NOT_SIGNED_HERE = "not_signed_here"
    DOCUMENT_MISSING = "document_missing"
    NOBODY_NAMED = "nobody_named"
    NO_ADDRESS = "no_address"
    DELEGATE_ONESELF = "delegate_oneself"
    ALREADY_ANSWERED = "already_answered"
    SHOWN_CHANGED = "shown_changed"
    NOT_ASKED_ANY_MORE = "not_asked_any_more"
    DELEGATE_CANDIDATE = "delegate_candidate"
    NOT_THE_CANDIDATE = "not_the_candidate"
    TOO_MANY_LETTERS = "too_many_letters"
    KEEPER_MISSING = "keeper_missing"
    NOT_BEFORE_DEFENCE = "not_before_defence"
    NEW_DAY_PAST = "new_day_past"
    DEPUTY_ONESELF = "deputy_oneself"
    DEPUTY_TWICE = "deputy_twice"
    DEPUTY_AWAY = "deputy_away"
    ENDS_IN_PAST = "ends_in_past"
    ALREADY_ADMINISTERS = "already_administers"
    NOBODY_TOLD = "nobody_told"
    ALREADY_SENT = "already_sent"
    OWN_COMMITTEE = "own_committee"
    MEMBER_TWICE = "member_twice"
    REPORT_MISSING = "report_missing"
    NOTHING_ASKED = "nothing_asked"
    CAMPAIGN_TWICE = "campaign_twice"
    CAMPAIGN_CLOSED = "campaign_closed"
    ALREADY_CONFIRMED = "already_confirmed"
    DAY_MISSING = "day_missing"
    FEE_MISSING = "fee_missing"
    NOTHING_SENT = "nothing_sent"
    SUBJECT_MISSING = "subject_missing"
    WORDS_MISSING = "words_missing"
    UNKNOWN_VARIABLE = "unknown_variable"
    VARIABLE_MISSING = "variable_missing"


class CotutelleError(Exception):
    """The root of everything that this application raises on purpose."""


class Refused(CotutelleError):
    """An act that cannot be done, with its reason and, where there is one, the field at fault.

    `details` are the figures and names that the sentence prints.
    """

    def __init__(self, reason: Reason, field: str | None = None, **details: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.field = field
        self.details: Mapping[str, object] = details


class Stale(CotutelleError):
    """Somebody else changed the subject since the form was opened; `version` is the one saved now."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version} was saved meanwhile")
        self.version = version
