"""Proves that every rule that the law and the universities were found to have is on the shelf, with its weight.

The list is a copy by hand: L law, I a university's own must, R advice; ✓ read in its source, ~ our reading, K to verify.
"""

from fractions import Fraction
from typing import Any

import pytest

from cotutelle.domain.finding import Certainty, Severity
from cotutelle.domain.rulebook import Rule
from cotutelle.rulebooks.shelf import standard

LAW = """
FR-REG-ACCESS L ✓             FR-REG-OPINIONS L ✓           FR-REG-YEARLY L ✓             FR-REG-AUTUMN I ✓
FR-REG-BOTH I ✓               FR-REG-NONRENEWAL L ✓         FR-CHARTER L ✓                FR-CHARTER-INTEGRITY L ✓
FR-TRAINING-AGREEMENT L K     FR-CSI-BEFORE L ✓             FR-CSI-COMP L ✓               FR-CSI-NODIR L ✓
FR-CSI-EXT R ✓                FR-CSI-STEPS L ✓              FR-CSI-REPORT L ✓             FR-CSI-STABLE R ✓
LILLE-BSL-CSI I ✓             FR-DUR-3 L ✓                  FR-DUR-6 L ✓                  FR-DUR-EXT L ✓
FR-DUR-CONV I ✓               FR-GAP L ✓                    FR-LEAVE-ADD L ✓
FR-SUP-DIRECTOR L ✓           FR-SUP-CODIR L ✓              FR-SUP-CAPACITY L ✓           FR-SUP-MAX I K
FR-COT-DIRECTORS L ✓          FR-COT-POWER L ✓              FR-COT-2COUNTRIES L ✓         FR-CONV-EXISTS L ✓
FR-CONV-CONTENT L ✓           FR-CONV-APPROVED-FIRST I ✓    FR-CONV-SIGNATORIES I ✓       FR-CONV-DEADLINE I K
FR-CONV-COVERS I ✓            FR-CONV-DEROG L ✓             FR-CONV-RECOGN L K            FR-CONV-FRENCH I ✓
FR-FEES-ONE L K               FR-FEES-PLAN L ✓              FR-FEES-PROOF I ✓             LILLE-SESAM-FEES I ✓
FR-CVEC I K                   FR-LANG-SUMMARY L ✓           FR-LANG-DEFENCE L ✓           FR-TRAIN-ETHICS L K
LILLE-SESAM-ECTS I ✓          LILLE-SESAM-LODGING I ✓
STAY-PLAN L ✓                 STAY-RECORDED I ✓             STAY-MIN I ✓                  STAY-FEASIBLE I ~
LILLE-SMRE-STAY I ✓           LILLE-SESAM-STAY I ✓          BE-FL-STAY L ✓                BE-ULB-STAY I ✓
BE-UCL-STAY I ✓               QC-LAVAL-STAY I ✓             BR-UNB-STAY I ✓               BR-UFG-STAY I ✓
ES-STAY L ✓                   IT-TRIESTE-STAY I ✓           IT-CAGLIARI-STAY I ✓          PT-COIMBRA-STAY I ✓
NL-TUE-STAY I ~               DE-SAAR-STAY I ✓              DE-MAGD-STAY I ✓              FR-SAC-STAY I ✓
FR-P13-STAY I ✓               STAY-BUDGET I ✓
FR-JURY-SIZE L ✓              FR-JURY-SIZE-2005 L ✓         FR-JURY-EXT-FR L ✓            FR-JURY-EXT-BOTH I ~
FR-JURY-RANK L ✓              FR-JURY-GENDER R ✓            FR-PRES-ELIG L ✓              FR-DIR-NOVOTE L ✓
FR-RAPP-NUMBER L ✓            FR-RAPP-QUAL L ✓              FR-RAPP-EXT-FR L ✓            FR-RAPP-EXT-BOTH I ~
FR-RAPP-INDEP L ✓             FR-RAPP-DELAY L ✓             FR-AUTH L ✓                   FR-REPORTS-SENT L ✓
FR-ABSTRACT L ✓               FR-PUBLIC L ✓                 FR-SINGLE L ✓                 FR-REMOTE L ✓
FR-REPORT L ✓                 FR-OATH L ✓                   FR-DEP-1M L ✓                 FR-DEP-3M L ✓
FR-DIPLOMA-HOLD L ✓           FR-STAR L ✓                   FR-DIPLOMA-FORM L ✓           LILLE-SHS-PRES I ✓
LILLE-SHS-J12 I ✓             LILLE-SHS-J8 I ✓              LILLE-SMRE-3M I ✓             LILLE-SESAM-10W I ✓
LILLE-SESAM-8W I ✓            REC-EMERITUS-25 R ✓           REC-RAPP-NOT-CSI R ✓          REC-VOTERS-MAJORITY R ✓
FR-COT-BALANCE R ~            FR-COT-OUTSIDE R ✓
BE-FL-BOTH L ✓                BE-KUL-PROF I ✓               BE-UG-VOTERS I ✓              BE-UG-SUP I ✓
BE-UG-OUTSIDE I ✓             BE-UG-HALF I ✓                BE-UG-DATES I ✓               BE-UG-REPORTS I ✓
BE-VUB-1Y I ✓                 BE-UANTW-1Y I ✓               BE-UH-DIPL I ✓                BE-UCL-EXPLICIT I ✓
QC-SIZE I ✓                   QC-PARITY I ✓                 QC-PROF I ✓                   QC-OUTSIDE I ✓
QC-UDEM-T1 I ✓                CH-GE-DOUBLE I ✓              NL-LEI-NOJOINT I ✓            CH-GE-2Y I ✓
NL-2Y I ✓                     NL-1Y I ✓                     DE-HRK R ✓                    DE-REVIEWERS I ~
UK-PUBLIC R K                 ES-DIPL I ✓                   IT-Y1 I ✓                     IT-LASTYEAR I ✓
CH-GRANT I ✓
"""
PRUDENT = {
    "FR-SUP-MAX": "any school may cap it, but the figure shipped is that of one school in 2017",
    "FR-CONV-DEADLINE": "any school may set one, but the two years shipped are known from notes on a former rule",
    "FR-CONV-RECOGN": "read in the order of 2005, and only known from practice under that of 2016",
    "FR-CVEC": "read at one university; the exemption for a year abroad is to be verified",
}
"""Rules whose source was read, yet not for the figure or the text in force: they warn and never refuse."""

WEIGHT = {"L": Severity.LEGAL, "I": Severity.INSTITUTIONAL, "R": Severity.RECOMMENDATION}
CERTAINTY = {"✓": Certainty.SOURCED, "~": Certainty.INTERPRETATION, "K": Certainty.TO_VERIFY}
WORDS = LAW.split()
RULES = list(zip(WORDS[::3], WORDS[1::3], WORDS[2::3], strict=True))
LIBRARY = standard()
HALF = Fraction(1, 2)


def entries(id_: str) -> tuple[Rule, ...]:
    return LIBRARY.rules.get(id_, ())


@pytest.mark.parametrize(("id_", "weight", "certainty"), RULES, ids=[rule[0] for rule in RULES])
def test_every_rule_found_is_on_the_shelf_with_its_weight_and_certainty(
    id_: str, weight: str, certainty: str
) -> None:
    assert entries(id_)
    for rule in entries(id_):
        assert rule.severity is WEIGHT[weight]
        assert rule.certainty is CERTAINTY[certainty]


def test_what_is_held_back_for_prudence_warns_only() -> None:
    for id_ in PRUDENT:
        assert not any(rule.binding for rule in entries(id_)), id_


FIGURES: dict[str, dict[str, Any]] = {
    "FR-JURY-SIZE": {"min": 4, "max": 8},
    "FR-JURY-SIZE-2005": {"min": 3, "max": 8},
    "FR-JURY-EXT-FR": {"to": "own", "share": HALF},
    "FR-JURY-EXT-BOTH": {"to": "all", "share": HALF},
    "FR-JURY-RANK": {"share": HALF},
    "FR-JURY-GENDER": {"least": 1},
    "FR-RAPP-NUMBER": {"least": 2},
    "FR-RAPP-EXT-FR": {"to": "own"},
    "FR-RAPP-EXT-BOTH": {"to": "all"},
    "FR-RAPP-DELAY": {"days": 14},
    "FR-COT-OUTSIDE": {"least": 1},
    "REC-EMERITUS-25": {"share": Fraction(1, 4)},
    "FR-SINGLE": {"most": 1},
    "FR-PUBLIC": {"public": True},
    "FR-REPORT": {"event": "defence_report", "anchor": "defence", "months": 1},
    "FR-REPORTS-SENT": {"event": "reports_sent", "anchor": "defence", "strictly": True},
    "FR-ABSTRACT": {"event": "abstract", "anchor": "defence", "strictly": True},
    "FR-DEP-1M": {"event": "deposit", "anchor": "defence", "months": -1},
    "FR-DEP-3M": {
        "event": "corrected_deposit",
        "anchor": "defence",
        "months": 3,
        "after": "corrections_asked",
    },
    "FR-DUR-3": {"months": 36, "mode": "full"},
    "FR-DUR-6": {"months": 72, "mode": "part"},
    "FR-DUR-CONV": {"days": 90},
    "FR-GAP": {"most": 1, "months": 12},
    "FR-REG-AUTUMN": {"month": 12, "day": 31},
    "FR-SUP-DIRECTOR": {"count": 1},
    "FR-SUP-CODIR": {"most": 1, "with_outside": 2},
    "FR-SUP-MAX": {"most": 3},
    "LILLE-BSL-CSI": {"outside_unit": 2, "outside_region": 1, "month": 10, "day": 15},
    "LILLE-SESAM-ECTS": {"least": 30, "in_convention": True},
    "LILLE-SHS-PRES": {"emeritus": False},
    "LILLE-SHS-J12": {"event": "jury_file", "anchor": "defence", "days": -84},
    "LILLE-SHS-J8": {"event": "jury_entered", "anchor": "defence", "days": -56},
    "LILLE-SMRE-3M": {"event": "jury_proposed", "anchor": "defence", "months": -3},
    "LILLE-SESAM-10W": {"event": "school_contact", "anchor": "defence", "days": -70},
    "LILLE-SESAM-8W": {"event": "jury_validated", "anchor": "defence", "days": -56},
    "LILLE-SMRE-STAY": {"at": "each", "months": 12},
    "LILLE-SESAM-STAY": {"carrier": 6, "partner": 3},
    "BE-FL-STAY": {"at": "own", "months": 6},
    "BE-KUL-STAY": {"at": "each", "months": 6},
    "BE-UANTW-STAY": {"at": "each", "months": 6},
    "BE-ULB-STAY": {"at": "each", "months": 12},
    "BE-UCL-STAY": {"at": "each", "share": Fraction(1, 4)},
    "QC-LAVAL-STAY": {"at": "each", "months": 12},
    "BR-UNB-STAY": {"at": "each", "months": 12},
    "BR-UFG-STAY": {"at": "own", "months": 12},
    "ES-STAY": {"at": "other", "months": 6},
    "ES-UV-STAY": {"at": "own", "months": 9},
    "ES-ZAR-STAY": {"at": "other", "months": 9},
    "IT-TRIESTE-STAY": {"at": "each", "months": 12},
    "IT-CAGLIARI-STAY": {"at": "other", "months": 6, "most": 18},
    "PT-COIMBRA-STAY": {"at": "own", "months": 10, "after_signature": True},
    "NL-TUE-STAY": {"at": "each", "share": Fraction(2, 5), "most_share": Fraction(3, 5)},
    "DE-SAAR-STAY": {"at": "either", "months": 6},
    "DE-MAGD-STAY": {"at": "other", "months": 12},
    "FR-SAC-STAY": {"at": "each", "months": 12},
    "FR-P13-STAY": {"at": "own", "months": 12},
    "STAY-BUDGET": {"amount": 760},
    "BE-FL-BOTH": {"least": 1, "besides": "nobody"},
    "BE-KUL-PROF": {"least": 1, "besides": "directors"},
    "BE-UG-VOTERS": {"min": 5, "max": 8},
    "BE-UG-OUTSIDE": {"least": 1},
    "BE-UG-HALF": {"share": HALF},
    "BE-UG-DATES-FIRST": {"event": "first_part", "anchor": "faculty_council", "least": 30, "most": 90},
    "BE-UG-DATES": {"event": "defence_held", "anchor": "first_part", "least": 5, "most": 60},
    "BE-UG-REPORTS": {"event": "board_appraisals", "anchor": "first_part", "working_days": -7},
    "BE-VUB-1Y": {"event": "signature", "anchor": "defence", "months": -12},
    "BE-UANTW-1Y": {"event": "application", "anchor": "draft_thesis", "months": -12},
    "QC-SIZE": {"min": 5, "max": 8},
    "QC-PARITY": {"country": "FR"},
    "QC-PROF": {"least": 1, "country": "FR"},
    "QC-OUTSIDE": {"least": 1},
    "CH-GE-DOUBLE": {"forms": ("two_diplomas",)},
    "NL-LEI-NOJOINT": {"forms": ("two_diplomas",)},
    "CH-GE-2Y": {"event": "signature", "anchor": "start", "months": 24},
    "NL-2Y": {"event": "signature", "anchor": "start", "months": 24},
    "NL-1Y": {"event": "signature", "anchor": "start", "months": 12},
    "IT-Y1": {"event": "signature", "anchor": "first_enrolment", "years_end": 1},
    "IT-LASTYEAR": {"event": "signature", "anchor": "planned_end", "months": -12},
    "CH-GRANT": {"event": "grant_application", "month": 3, "day": 31, "age": 40, "months": 12},
}


@pytest.mark.parametrize("id_", FIGURES)
def test_the_figures_of_a_rule_are_those_of_its_source(id_: str) -> None:
    (rule,) = entries(id_)
    assert dict(rule.figures) == FIGURES[id_]


def test_the_elements_of_article_21_are_all_asked_for() -> None:
    (rule,) = entries("FR-CONV-CONTENT")
    numbers = (1, 5, 7, 8, 12, 14, 15, 17, 19, 23, 24, 26, 31)
    assert rule.figures["clauses"] == tuple(f"CL-{n:02d}" for n in numbers)


@pytest.mark.parametrize(
    ("id_", "school"),
    [
        ("BE-UG-HALF", "DI"),
        ("BE-UG-DATES", "LW"),
        ("BE-UG-REPORTS", "LW"),
        ("LILLE-BSL-CSI", "BSL"),
        *[(rule[0], rule[0].split("-")[1]) for rule in RULES if rule[0].startswith("LILLE-")],
    ],
)
def test_a_rule_read_at_one_school_names_it(id_: str, school: str) -> None:
    assert {rule.scope.school for rule in entries(id_)} == {school}


def test_a_budget_of_one_university_is_not_asked_of_another() -> None:
    assert {rule.scope.institution for rule in entries("STAY-BUDGET")} == {"paris-13"}
