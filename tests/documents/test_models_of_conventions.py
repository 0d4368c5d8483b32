"""Six public models of conventions, blank by blank: each thing that they leave to be filled in has its place here.

Sorbonne (Faculty of Letters, 2019), Paris-Saclay (in English), Grenoble (in English), Toulouse (bilingual models of the
university and of Toulouse III), Saarland (model of 2017, in French), Neuchâtel; as far as their public texts can be read.
"""

import pytest

from cotutelle.domain.convention.catalogue import BY_ID
from tests.documents.test_places_of_variables import stands

MODELS: dict[str, dict[str, tuple[str, str]]] = {
    "Sorbonne": {
        "candidate": ("CL-05", "fact Candidate.name"),
        "title": ("CL-07", "fact Facts.titles"),
        "directors": ("CL-08", "fact Facts.supervisors"),
        "recognition": ("CL-32", "term recognition"),
        "mentions of the diploma": (
            "CL-31",
            "term diploma_title, term diploma_marks, fact Facts.diploma_form",
        ),
    },
    "Paris-Saclay": {
        "parties": ("CL-01", "fact Party.names, fact Party.address, fact Party.country"),
        "short names": ("CL-01", "fact Party.short_name"),
        "capacity of the head": ("CL-01", "fact Party.head_capacity, fact Party.head_name"),
        "candidate's form of address": ("CL-05", "fact Candidate.gender, fragment candidate_unstated"),
        "candidate's name": ("CL-05", "fact Candidate.name"),
        "birth date, place, country": (
            "CL-05",
            "fact Candidate.birth_date, fact Candidate.birth_place, fact Candidate.birth_country",
        ),
        "nationality": ("CL-05", "fact Candidate.nationality"),
        "definitions": ("CL-04", "fragment definitions, term definitions"),
        "annex on stays": ("AX-1", "fact Facts.stays"),
        "annex on training": ("AX-2", "term training_programme, term credits"),
        "annex on certificates": ("AX-3", "term diploma_title"),
        "annex on intellectual property": ("AX-4", "term prior_agreements, term owner_rule"),
    },
    "Grenoble": {
        "legal references": ("CL-02", "fact Party.references, term references"),
        "SIRET and NAF": ("CL-01", "fact Party.registration_number, fragment registration"),
        "dispensation from the master's degree": ("CL-06", "term dispensation_date, fragment dispensation"),
        "subject at each side": ("CL-07", "fact Party.discipline, term speciality"),
        "school, unit and team": ("CL-09", "fact Party.school, fact Party.unit, term team"),
        "enrolment after signature": ("CL-12", "term after_signature"),
        "fees year by year": ("CL-15", "fact Facts.fees, fragment year"),
        "proof of payment": ("CL-15", "fragment proof"),
    },
    "Toulouse": {
        "status of each party": ("CL-01", "fact Party.legal_status"),
        "address": ("CL-01", "fact Party.address"),
        "representative": ("CL-01", "fact Party.head_name, fact Party.head_capacity"),
        "candidate's identity": ("CL-05", "fact Candidate.name, fact Candidate.birth_date"),
        "legal references": ("CL-02", "fact Party.references"),
        "internal regulations": ("CL-02", "term references"),
        "charter": ("CL-21", "fragment integrity"),
    },
    "Saarland": {
        "object": ("CL-03", "term act_type, fragment individual"),
        "title": ("CL-07", "fact Facts.titles"),
        "duration": ("CL-13", "term duration_months, term start"),
        "extension": ("CL-13", "fragment extension, term extension_rule, term maximum_months"),
        "balance of stays": ("CL-14", "term balance, fragment balance"),
        "a semester at least": ("CL-14", "term minimum_stay, fragment minimum"),
        "same rights and duties": ("CL-04", "fragment reciprocity"),
        "fees at one institution": ("CL-15", "fragment one_payer, fact FeeYear.payer"),
    },
    "Neuchâtel": {
        "law of each side": ("CL-02", "fact Party.references"),
        "object": ("CL-03", "term act_type"),
        "duration": ("CL-13", "term duration_months"),
        "defence from month to month": (
            "CL-13",
            "fact Facts.defence_from, fact Facts.defence_until, fragment defence_window",
        ),
        "working time": ("CL-12", "fact Facts.full_time"),
        "who is paid, waiver against proof": ("CL-15", "fact FeeYear.payer, fragment year, fragment proof"),
    },
}
BLANKS = [(model, blank) for model, blanks in MODELS.items() for blank in blanks]


@pytest.mark.parametrize(("model", "blank"), BLANKS, ids=lambda value: value)
def test_each_blank_of_a_model_has_its_place(model: str, blank: str) -> None:
    clause, places = MODELS[model][blank]
    assert clause in BY_ID
    for place in places.split(", "):
        kind, _space, name = place.partition(" ")
        assert stands(clause, kind, name), place
