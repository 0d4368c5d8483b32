"""What a convention of cotutelle can settle, variable by variable, and the place that this product gives to each.

The variables were gathered from the models and guides of many universities; an asterisk marks those without
which a convention is not valid. A place is a term, a fact, a fragment (a standard wording, of this clause or of
the one named), something computed, or something kept with a person and not printed.
"""

from dataclasses import fields
from pkgutil import resolve_name

import pytest

from cotutelle.domain.convention import facts
from cotutelle.domain.convention.catalogue import CLAUSES
from cotutelle.domain.convention.terms import BY_KEY
from tests.documents.test_clause_wordings import LANGUAGES, fragments

PLACES: dict[str, dict[str, str]] = {
    "CL-01": {
        "institution*": "fact Party.names",
        "short_name": "fact Party.short_name",
        "legal_status": "fact Party.legal_status",
        "address*": "fact Party.address",
        "country*": "fact Party.country",
        "head_capacity*": "fact Party.head_capacity",
        "head_name*": "fact Party.head_name",
        "registration_number": "fact Party.registration_number",
        "acting_for": "fact Party.school, fragment acting_for",
    },
    "CL-02": {
        "fr_references*": "fact Party.references",
        "partner_references": "fact Party.references",
        "local_regulations": "term references",
    },
    "CL-03": {"act_type*": "term act_type", "framework_ref": "term framework, fact Facts.framework"},
    "CL-04": {
        "definitions": "fragment definitions, term definitions",
        "reciprocity*": "fragment reciprocity",
    },
    "CL-05": {
        "civil_title": "fact Candidate.gender, fragment candidate_unstated",
        "family_name*": "fact Candidate.name",
        "given_names*": "fact Candidate.name",
        "birth_name": "fact Candidate.birth_name",
        "birth_date*": "fact Candidate.birth_date",
        "birth_place": "fact Candidate.birth_place",
        "birth_country": "fact Candidate.birth_country",
        "nationality": "fact Candidate.nationality",
        "addresses": "kept cotutelle.models:PersonPrivate.address",
        "email": "fact Candidate.email",
        "student_ids": "fact Party.candidate_number",
    },
    "CL-06": {"access_diploma": "term access_diploma", "dispensation_date": "term dispensation_date"},
    "CL-07": {
        "title_provisional*": "fact Facts.titles, fact Facts.title_original",
        "title_translations": "fact Facts.titles",
        "discipline_fr*": "fact Party.discipline",
        "discipline_partner*": "fact Party.discipline",
        "speciality": "term speciality",
        "abstract": "term abstract",
        "confidential": "fact Facts.confidential",
    },
    "CL-08": {
        "directors*": "fact Facts.supervisors, fact Supervisor.party, fact Supervisor.position, "
        "fact Supervisor.accreditation, fact Party.unit",
        "co_directors": "fact Supervisor.role, fragment co_director",
        "change_procedure": "fragment change, term change_procedure",
    },
    "CL-09": {
        "doctoral_school*": "fact Party.school",
        "unit_fr*": "fact Party.unit",
        "unit_partner*": "fact Party.unit",
        "faculty_partner": "fact Party.school",
        "team": "term team",
    },
    "CL-10": {"contact_fr*": "fact Party.contact", "contact_partner*": "fact Party.contact"},
    "CL-11": {"main*": "term main_institution, fragment none"},
    "CL-12": {
        "first_year_fr*": "fact Party.first_year",
        "first_year_partner*": "fact Party.first_year",
        "full_time": "fact Facts.full_time",
        "uninterrupted": "term uninterrupted",
        "after_signature": "term after_signature",
    },
    "CL-13": {
        "start*": "term start",
        "duration_months*": "term duration_months",
        "planned_defence_from": "fact Facts.defence_from",
        "planned_defence_to": "fact Facts.defence_until",
        "max_duration": "term maximum_months",
        "extension_rule": "fragment extension, term extension_rule",
    },
    "CL-14": {
        "stay_plan*": "fact Facts.stays, fragment AX-1 stay",
        "minimum_per_institution*": "term minimum_stay",
        "balance": "term balance",
        "who_fixes": "term stays_fixed_by",
    },
    "CL-15": {
        "fee_plan*": "fact Facts.fees, fragment one_payer, fragment proof",
        "cvec": "term cvec",
        "local_extra_fees": "term extra_fees",
    },
    "CL-16": {
        "funding_type": "fact Funding.kind",
        "funder": "fact Funding.funder",
        "from": "fact Funding.begin",
        "to": "fact Funding.end",
        "monthly_amount": "fact Funding.monthly_amount",
        "stay_costs": "term stay_costs",
    },
    "CL-17": {
        "lodging_plan": "term lodging",
        "office_and_equipment": "term workplace",
        "language_support": "term language_support",
    },
    "CL-18": {
        "health_cover*": "term health_cover",
        "liability": "fragment liability, term liability",
        "accident": "fragment accident, term accident",
    },
    "CL-19": {
        "training_programme": "term training_programme, fragment AX-2 programme",
        "credits_fr": "term credits",
        "credits_partner": "term credits",
        "mutual_recognition*": "term mutual_recognition",
        "ethics_training*": "fragment ethics",
    },
    "CL-20": {
        "csi_mode*": "term committee_mode",
        "composition": "term committee_composition",
        "report_sharing*": "fragment sharing",
    },
    "CL-21": {
        "ethics_committee": "term ethics_committee",
        "data_protection": "fragment data, term data_protection",
        "security_zone_access": "term restricted_zone",
    },
    "CL-22": {
        "owner_rule": "term owner_rule",
        "publication_rule": "fragment publication, term publication_rule",
        "confidentiality_months": "term confidentiality_months",
        "prior_agreements": "term prior_agreements, fragment AX-4 prior",
    },
    "CL-23": {
        "thesis_language*": "fact Facts.thesis_language",
        "summaries*": "fragment summary_french, term summary_languages, term summary_pages, term oral_summary",
    },
    "CL-24": {
        "defence_language*": "fact Facts.defence_language",
        "oral_summary_fr": "term oral_summary",
    },
    "CL-25": {
        "number*": "term rapporteurs",
        "qualification": "fragment qualification, term qualification",
        "external_to*": "term rapporteurs_external_to",
        "appointed_by*": "term rapporteurs_appointed_by",
        "partner_reviewers": "term partner_reviewers",
        "deadline_days*": "term report_days",
    },
    "CL-26": {
        "min*": "term jury_min",
        "max*": "term jury_max",
        "per_institution": "term jury_per_institution",
        "external_min": "term external_share",
        "director_vote*": "term director_vote",
        "president_rule": "fragment president, term president_rule",
        "gender_rule": "fragment balance, term gender_rule",
        "appointed_by*": "term jury_appointed_by",
        "vote_majority": "term vote_majority",
    },
    "CL-27": {
        "place*": "term defence_place, fragment place_open",
        "single*": "fragment single",
        "public*": "term public",
        "sessions*": "term sessions",
        "remote_rule": "fragment remote, term remote_rule",
        "invitations": "term invitations",
    },
    "CL-28": {
        "travel_payer*": "term travel_payer",
        "lodging_payer": "term lodging_payer",
        "cap": "term travel_cap",
    },
    "CL-29": {
        "report_language*": "term report_languages",
        "signatures": "fragment signature, term report_signatures",
        "grades_partner": "term grades",
        "repetition": "fragment adjournment, term repetition",
    },
    "CL-30": {
        "deposit_rule*": "term deposit_rule",
        "copies": "term copies",
        "repository": "term repository",
        "corrections_months": "term corrections_months",
    },
    "CL-31": {
        "diploma_form*": "fact Facts.diploma_form",
        "title_fr*": "term diploma_title",
        "title_partner*": "term diploma_title",
        "mentions*": "fragment mentions, fragment AX-3 wording, fragment AX-3 joint_wording",
        "logo_and_signatures": "term diploma_marks",
        "supplement": "term supplement",
        "ceremony": "term ceremony",
    },
    "CL-32": {"recognition_form*": "term recognition"},
    "CL-33": {"derogations*": "fact Facts.derogations, term director_vote_reason"},
    "CL-34": {
        "amendment_rule*": "fragment form, term amendment_rule",
        "triggers": "term amendment_triggers",
    },
    "CL-35": {
        "effective_on*": "fragment from_last_signature, term effective_on",
        "expires_on": "term expires_on",
        "must_cover_defence*": "fragment covers_defence",
    },
    "CL-36": {
        "termination_notice_months": "term notice_months",
        "effects_on_candidate*": "fragment candidate, term effects_on_candidate",
        "fall_back*": "term fall_back",
    },
    "CL-37": {
        "law": "term governing_law",
        "forum": "fragment forum, term forum",
        "mediation": "term mediation",
    },
    "CL-38": {
        "versions*": "fact Facts.languages",
        "authoritative": "term authoritative",
        "layout": "computed cotutelle.documents.act:draw",
    },
    "CL-39": {
        "originals*": "term originals",
        "signatories*": "computed cotutelle.documents.signatory:signatories",
        "stamp": "term stamp",
        "e_signature": "term electronic_signature",
    },
}


def places(clause: str) -> list[tuple[str, str]]:
    """Every place that a clause names, with what kind it is."""
    named = ", ".join(PLACES[clause].values()).split(", ")
    return [(kind, name) for kind, _space, name in (place.partition(" ") for place in named)]


def stands(clause: str, kind: str, name: str) -> bool:
    """Whether the place exists."""
    if kind == "term":
        return name in BY_KEY
    if kind == "fact":
        record, _dot, field = name.partition(".")
        return field in {one.name for one in fields(getattr(facts, record))}
    if kind == "fragment":
        of, _space, fragment = name.rpartition(" ")
        return all(fragment in fragments(of or clause, language) for language in LANGUAGES)
    assert kind in {"computed", "kept"}, kind
    try:
        return resolve_name(name) is not None
    except (ImportError, AttributeError):
        return False


def test_every_clause_says_what_it_can_settle() -> None:
    assert list(PLACES) == [clause.id for clause in CLAUSES]


@pytest.mark.parametrize("clause", PLACES)
def test_every_variable_has_its_place(clause: str) -> None:
    assert [place for place in places(clause) if not stands(clause, *place)] == []


@pytest.mark.parametrize("clause", PLACES)
def test_what_no_convention_may_lack_is_never_left_to_an_optional_term(clause: str) -> None:
    for variable, where in PLACES[clause].items():
        optional = [place.removeprefix("term ") for place in where.split(", ")]
        if variable.endswith("*") and set(optional) <= BY_KEY.keys():
            assert any(BY_KEY[key].required for key in optional), variable


def test_every_term_is_the_place_of_a_variable() -> None:
    assert {name for clause in PLACES for kind, name in places(clause) if kind == "term"} == set(BY_KEY)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("term", "planted"),
        ("fact", "Party.planted"),
        ("fragment", "planted"),
        ("fragment", "AX-1 planted"),
        ("computed", "cotutelle.documents.convention:planted"),
        ("kept", "cotutelle.models:PersonPrivate.planted"),
    ],
)
def test_a_place_that_does_not_exist_is_noticed(kind: str, name: str) -> None:
    assert not stands("CL-01", kind, name)
