"""Proves the rules on rapporteurs and their reports: the day before, the day, the day after, and what is not said."""

import pytest

from tests.domain.rules.dossiers import (
    GHENT,
    LAVAL,
    LILLE,
    Asked,
    Case,
    dossier,
    event,
    jury,
    on,
    rapporteur,
    read,
    recorded,
    say,
    seat,
)

NOBODY = dossier()
EMPTY = jury()
DEFENCE = "2025-12-12"
IN_TIME, LATE = on("2025-11-28"), on("2025-11-29")
THIRD = seat(rapporteur="socio_economic")

number = Asked("rapporteurs_number", least=2)
qualified = Asked("rapporteurs_qualified")
own = Asked("rapporteurs_external", to="own")
everywhere = Asked("rapporteurs_external", to="all")
free = Asked("rapporteurs_independent")
apart = Asked("rapporteurs_not_on_committee")
reports = Asked("reports_before", days=14)
inside = Asked("reviewers_inside", least=2)

CASES = (
    number("one is one too few", jury(rapporteur()), "fail count", n=1),
    number("two are enough", jury(rapporteur(), rapporteur()), "pass count", n=2),
    number("the third one from outside academia is not one of them", jury(rapporteur(), THIRD), "fail count", n=1),
    number("those who do not sit count as well", jury(*[rapporteur(role="none")] * 2), "pass count"),
    number("of nobody there are none", EMPTY, "fail count", n=0),
    number("no jury is no answer", NOBODY, "not_evaluable unknown"),
    qualified("a professor without HDR is", jury(rapporteur(accredited=False)), "pass count"),
    qualified("a lecturer with HDR is", jury(rapporteur(rank="B")), "pass count"),
    qualified("a lecturer without HDR is not", jury(rapporteur(), rapporteur(rank="B", accredited=False)),
              "fail count", n=1, of=2),
    qualified("an emeritus keeps both", jury(rapporteur(emeritus=True, accredited=None)), "pass count"),
    qualified("the third one from outside academia need not be", jury(rapporteur(), THIRD), "pass count", of=1),
    qualified("an accreditation not said leaves it open", jury(rapporteur(rank="B", accredited=None)),
              "not_evaluable unknown"),
    qualified("a rank not said leaves it open", jury(rapporteur(rank=None, accredited=False)), "not_evaluable unknown"),
    qualified("one who surely is not settles it",
              jury(rapporteur(rank="B", accredited=False), rapporteur(rank=None, accredited=None)), "fail count"),
    qualified("of nobody nothing is said", EMPTY, "not_evaluable unknown"),
    own("one from the partner is outside", jury(rapporteur("ghent")), "pass count"),
    own("one of the institution is not", jury(rapporteur("lille"), rapporteur()), "fail count", n=1, of=2),
    own("one of its doctoral school is not, whoever employs them", jury(rapporteur("cnrs", attached="lille")),
        "fail count"),
    own("of nobody nothing is said", EMPTY, "not_evaluable unknown"),
    everywhere("one from the partner is inside", jury(rapporteur("ghent")), "fail count"),
    everywhere("one from the third partner is inside too", jury(rapporteur("laval"), places=(LILLE, GHENT, LAVAL)),
               "fail count"),
    everywhere("one from elsewhere is outside", jury(rapporteur()), "pass count"),
    everywhere("where the literal reading is chosen it is set aside",
               jury(rapporteur("ghent"), readings=read(external_to="own")), "not_applicable reading"),
    free("one who neither supervises nor has published with the candidate is", jury(rapporteur()), "pass count", n=0),
    free("one who has published with the candidate is not", jury(rapporteur(copublished=True)), "fail count", n=1),
    free("one who supervises is not", jury(rapporteur(supervision="co_supervisor", copublished=None)), "fail count"),
    free("publications not said leave it open", jury(rapporteur(), rapporteur(copublished=None)),
         "not_evaluable unknown"),
    free("of nobody nothing is said", EMPTY, "not_evaluable unknown"),
    apart("one who never sat is in order", jury(rapporteur()), "pass count"),
    apart("one who sat is not", jury(rapporteur(on_committee=True)), "fail count", n=1),
    apart("what is not said leaves it open", jury(rapporteur(on_committee=None)), "not_evaluable unknown"),
    apart("no jury is no answer", NOBODY, "not_evaluable unknown"),
    reports("fourteen days before is in time", jury(rapporteur(report_on=IN_TIME), defence=DEFENCE), "pass in_time",
            n=1),
    reports("thirteen days before is late", jury(rapporteur(report_on=IN_TIME), rapporteur(report_on=LATE),
            defence=DEFENCE), "fail late", n=1, days=13, on=LATE),
    reports("one that is late is worse than one that is missing",
            jury(rapporteur(report_on=LATE), rapporteur(), defence=DEFENCE, today="2025-11-01"), "fail late"),
    reports("one that is missing is awaited on its last day", jury(rapporteur(), defence=DEFENCE, today="2025-11-28"),
            "pending missing", n=1),
    reports("one that is missing a day later is overdue", jury(rapporteur(), defence=DEFENCE, today="2025-11-29"),
            "fail overdue", n=1),
    reports("one that is missing is awaited while nobody says which day it is", jury(rapporteur(), defence=DEFENCE),
            "pending missing"),
    reports("one that came after the defence is late", jury(rapporteur(report_on=on("2025-12-13")), defence=DEFENCE),
            "fail late", days=-1),
    reports("without a date of defence nothing is said", jury(rapporteur(report_on=IN_TIME)), "not_evaluable unknown"),
    reports("of nobody nothing is said", jury(defence=DEFENCE), "not_evaluable unknown"),
    reports("no jury is no answer", dossier(defence=DEFENCE), "not_evaluable unknown"),
    inside("one recorded where two are asked is not enough", recorded(internal_review="2025-10-01"), "fail count",
           at=GHENT, n=1),
    inside("two are", recorded(internal_review=event("2025-10-01", "ghent") * 2), "pass count", at=GHENT, n=2),
    inside("those of another institution are not these", recorded(internal_review=event("2025-10-01", "lille") * 2),
           "not_evaluable unknown", at=GHENT),
    inside("none recorded is no answer", NOBODY, "not_evaluable unknown", at=GHENT),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_rapporteurs_are_judged_as_the_edges_ask(case: Case) -> None:
    case.holds()


def test_the_day_due_stands_beside_what_was_seen() -> None:
    outcome = reports("", jury(rapporteur(report_on=LATE), defence=DEFENCE), "").outcome
    assert outcome.required["due"] == IN_TIME
    assert outcome.members == ("seat 1",)
