"""The terms of a convention: what only the act itself settles, beside the facts of the thesis.

Each term says which clause prints it, of what kind it is, who can give it, whether each party gives its
own, and which value stands until somebody decides otherwise. Forms, storage and clauses all read this
list; there is no other.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from cotutelle.domain.convention.values import Giver


class Kind(StrEnum):
    """The shape of a term: how it is asked, checked and kept."""

    CHOICE = "choice"
    INTEGER = "integer"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes_no"
    TEXT = "text"  # one text per language of the act
    LANGUAGES = "languages"
    PARTY = "party"  # one of the parties, by code
    CHOICES = "choices"


class Chapter(StrEnum):
    """The steps in which an office fills the terms, in order."""

    FRAME = "frame"
    STAYS = "stays"
    MEANS = "means"
    TRAINING = "training"
    RESULTS = "results"
    LANGUAGES = "languages"
    JURY = "jury"
    DEFENCE = "defence"
    DIPLOMA = "diploma"
    VALIDITY = "validity"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing the parties settle; `key` is its name everywhere."""

    key: str
    clause: str
    chapter: Chapter
    kind: Kind
    choices: tuple[str, ...] = ()
    default: object = None
    required: bool = False
    per_party: bool = False
    giver: Giver = Giver.LEAD_OFFICE
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms as they stand: values by key, or by ``key:party`` where each party gives its own."""

    values: dict[str, object] = field(default_factory=dict)

    def get(self, key: str, party: str | None = None) -> object:
        """The value given, else the default of the term; None when nobody decided."""
        term = BY_KEY[key]
        given = self.values.get(key if party is None else f"{key}:{party}")
        return term.default if given is None else given


def _own(key: str, clause: str, chapter: Chapter, kind: Kind, **more: object) -> Term:
    return Term(key, clause, chapter, kind, per_party=True, giver=Giver.PARTY_OFFICE, **more)  # type: ignore[arg-type]  # keywords of Term, checked at import


C, K = Chapter, Kind
TRIGGERS = (
    "extension",
    "director",
    "title",
    "stay",
    "fees",
    "diploma",
    "funding",
    "jury",
    "defence_place",
)
COVERS = ("student", "employee", "ehic", "private")
PAYERS = ("each_own", "lead", "host", "shared")

TERMS: tuple[Term, ...] = (
    Term("act_type", "CL-03", C.FRAME, K.CHOICE, ("individual", "application"), "individual", True),
    Term("framework", "CL-03", C.FRAME, K.TEXT),
    Term("access_diploma", "CL-06", C.FRAME, K.TEXT, required=True, giver=Giver.CANDIDATE),
    Term("dispensation_date", "CL-06", C.FRAME, K.DATE),
    Term("main_institution", "CL-11", C.FRAME, K.PARTY),
    _own("references", "CL-02", C.FRAME, K.TEXT),
    Term("definitions", "CL-04", C.FRAME, K.TEXT),
    _own("team", "CL-09", C.FRAME, K.TEXT),
    _own("speciality", "CL-07", C.FRAME, K.TEXT),
    Term("abstract", "CL-07", C.FRAME, K.TEXT, giver=Giver.CANDIDATE),
    Term("change_procedure", "CL-08", C.FRAME, K.TEXT),
    Term("after_signature", "CL-12", C.FRAME, K.YES_NO, default=False),
    Term("uninterrupted", "CL-12", C.FRAME, K.YES_NO, default=True),
    Term("start", "CL-13", C.FRAME, K.DATE, required=True),
    Term("duration_months", "CL-13", C.FRAME, K.INTEGER, required=True, least=6, most=120),
    Term("maximum_months", "CL-13", C.FRAME, K.INTEGER, least=6, most=144),
    Term("extension_rule", "CL-13", C.FRAME, K.TEXT),
    _own("minimum_stay", "CL-14", C.STAYS, K.INTEGER, required=True, least=0, most=60),
    Term("stays_fixed_by", "CL-14", C.STAYS, K.CHOICE, ("directors", "plan", "council"), "directors", True),
    Term("balance", "CL-14", C.STAYS, K.TEXT),
    _own("lodging", "CL-17", C.STAYS, K.TEXT, required=True),
    _own("workplace", "CL-17", C.STAYS, K.TEXT, required=True),
    Term("language_support", "CL-17", C.STAYS, K.TEXT, required=True),
    Term("stay_costs", "CL-16", C.STAYS, K.TEXT),
    Term("cvec", "CL-15", C.MEANS, K.YES_NO, default=True),
    Term("extra_fees", "CL-15", C.MEANS, K.TEXT),
    _own("health_cover", "CL-18", C.MEANS, K.CHOICE, choices=COVERS, required=True),
    Term("liability", "CL-18", C.MEANS, K.TEXT),
    Term("accident", "CL-18", C.MEANS, K.TEXT),
    _own("credits", "CL-19", C.TRAINING, K.INTEGER, least=0, most=240),
    Term("mutual_recognition", "CL-19", C.TRAINING, K.YES_NO, default=True, required=True),
    Term("training_programme", "CL-19", C.TRAINING, K.TEXT),
    Term(
        "committee_mode",
        "CL-20",
        C.TRAINING,
        K.CHOICE,
        ("french_csi", "joint_csi", "both_panels"),
        None,
        True,
    ),
    Term("committee_composition", "CL-20", C.TRAINING, K.TEXT),
    Term("ethics_committee", "CL-21", C.RESULTS, K.TEXT),
    Term("data_protection", "CL-21", C.RESULTS, K.TEXT),
    Term("restricted_zone", "CL-21", C.RESULTS, K.TEXT),
    Term(
        "owner_rule", "CL-22", C.RESULTS, K.CHOICE, ("employer_law", "shared", "per_contribution"), None, True
    ),
    Term("publication_rule", "CL-22", C.RESULTS, K.TEXT),
    Term("confidentiality_months", "CL-22", C.RESULTS, K.INTEGER, least=1, most=120),
    Term("prior_agreements", "CL-22", C.RESULTS, K.TEXT),
    Term("summary_languages", "CL-23", C.LANGUAGES, K.LANGUAGES),
    Term("summary_pages", "CL-23", C.LANGUAGES, K.INTEGER, least=1, most=200),
    Term("oral_summary", "CL-24", C.LANGUAGES, K.LANGUAGES),
    Term("rapporteurs", "CL-25", C.JURY, K.INTEGER, default=2, required=True, least=2, most=6),
    Term("rapporteurs_external_to", "CL-25", C.JURY, K.CHOICE, ("lead", "all"), "all", True),
    Term("qualification", "CL-25", C.JURY, K.TEXT),
    Term("rapporteurs_appointed_by", "CL-25", C.JURY, K.CHOICE, ("lead", "jointly"), "jointly", True),
    Term("report_days", "CL-25", C.JURY, K.INTEGER, default=14, required=True, least=14, most=120),
    Term("partner_reviewers", "CL-25", C.JURY, K.TEXT),
    Term("jury_min", "CL-26", C.JURY, K.INTEGER, default=4, required=True, least=2, most=15),
    Term("jury_max", "CL-26", C.JURY, K.INTEGER, default=8, required=True, least=2, most=15),
    Term("jury_per_institution", "CL-26", C.JURY, K.INTEGER, least=1, most=6),
    Term("external_share", "CL-26", C.JURY, K.CHOICE, ("all", "lead"), "all", True),
    Term("gender_rule", "CL-26", C.JURY, K.TEXT),
    Term("president_rule", "CL-26", C.JURY, K.TEXT),
    Term("director_vote", "CL-26", C.JURY, K.YES_NO, default=False, required=True),
    Term("director_vote_reason", "CL-33", C.JURY, K.TEXT),
    Term("vote_majority", "CL-26", C.JURY, K.CHOICE, ("simple", "absolute", "unanimity", "host")),
    Term("jury_appointed_by", "CL-26", C.JURY, K.CHOICE, ("lead", "jointly"), "jointly", True),
    Term("defence_place", "CL-27", C.DEFENCE, K.PARTY),
    Term("public", "CL-27", C.DEFENCE, K.YES_NO, default=True, required=True),
    Term("sessions", "CL-27", C.DEFENCE, K.INTEGER, default=1, required=True, least=1, most=2),
    Term("remote_rule", "CL-27", C.DEFENCE, K.TEXT),
    Term("invitations", "CL-27", C.DEFENCE, K.CHOICE, ("each_own", "lead", "host")),
    Term("travel_payer", "CL-28", C.DEFENCE, K.CHOICE, PAYERS, None, True),
    Term("lodging_payer", "CL-28", C.DEFENCE, K.CHOICE, PAYERS),
    Term("travel_cap", "CL-28", C.DEFENCE, K.MONEY),
    Term("report_languages", "CL-29", C.DEFENCE, K.LANGUAGES, required=True),
    Term("report_signatures", "CL-29", C.DEFENCE, K.TEXT),
    Term("grades", "CL-29", C.DEFENCE, K.TEXT),
    Term("repetition", "CL-29", C.DEFENCE, K.TEXT),
    _own("deposit_rule", "CL-30", C.DEFENCE, K.TEXT, required=True),
    _own("copies", "CL-30", C.DEFENCE, K.INTEGER, least=1, most=50),
    _own("repository", "CL-30", C.DEFENCE, K.TEXT),
    Term("corrections_months", "CL-30", C.DEFENCE, K.INTEGER, default=3, required=True, least=1, most=3),
    _own("diploma_title", "CL-31", C.DIPLOMA, K.TEXT, required=True),
    Term("diploma_marks", "CL-31", C.DIPLOMA, K.TEXT),
    Term("supplement", "CL-31", C.DIPLOMA, K.YES_NO, default=False),
    Term("ceremony", "CL-31", C.DIPLOMA, K.TEXT),
    _own("recognition", "CL-32", C.DIPLOMA, K.CHOICE, choices=("by_law", "on_request"), required=True),
    Term("amendment_triggers", "CL-34", C.VALIDITY, K.CHOICES, TRIGGERS, list(TRIGGERS)),
    Term("amendment_rule", "CL-34", C.VALIDITY, K.TEXT),
    Term("effective_on", "CL-35", C.VALIDITY, K.DATE),
    Term("expires_on", "CL-35", C.VALIDITY, K.DATE, required=True),
    Term("notice_months", "CL-36", C.VALIDITY, K.INTEGER, default=3, least=1, most=24),
    Term("effects_on_candidate", "CL-36", C.VALIDITY, K.TEXT),
    Term("fall_back", "CL-36", C.VALIDITY, K.PARTY, required=True),
    Term("mediation", "CL-37", C.VALIDITY, K.TEXT),
    Term("governing_law", "CL-37", C.VALIDITY, K.TEXT),
    Term("forum", "CL-37", C.VALIDITY, K.TEXT),
    Term("authoritative", "CL-38", C.SIGNATURE, K.LANGUAGES),
    Term("originals", "CL-39", C.SIGNATURE, K.INTEGER, required=True, least=1, most=20),
    Term(
        "electronic_signature",
        "CL-39",
        C.SIGNATURE,
        K.CHOICE,
        ("none", "simple", "advanced", "qualified"),
        "none",
        True,
    ),
    Term("stamp", "CL-39", C.SIGNATURE, K.YES_NO, default=False),
)
BY_KEY = {term.key: term for term in TERMS}
