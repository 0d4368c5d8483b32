"""Proves the rules on juries at their edges: exactly half, one below, nobody, and what nobody has said."""

from typing import Any

import pytest

from cotutelle.domain.dossier import Dossier
from tests.domain.rules.dossiers import (
    GHENT,
    LAVAL,
    LEUVEN,
    LILLE,
    Asked,
    Case,
    director,
    directs,
    dossier,
    jury,
    read,
    say,
    seat,
)

NOBODY = dossier()
EMPTY = jury()


def of(n: int, **more: Any) -> Dossier:
    return jury(*[seat(**more)] * n)


size = Asked("jury_size", min=4, max=8)
own = Asked("jury_external", to="own", share="1/2")
everywhere = Asked("jury_external", to="all", share="1/2")
rank = Asked("jury_rank", share="1/2")
gender = Asked("jury_gender", least=1)
eligible = Asked("president_eligible")
emeritus_may = Asked("president_eligible", emeritus=True)
in_post = Asked("president_in_post", emeritus=False)
silent = Asked("directors_silent")
quiet = Asked("supervisors_silent")
sides = Asked("directors_each_side")
balance = Asked("jury_balance")
outsiders = Asked("jury_outsiders", least=1)
emeriti = Asked("emeriti_share", share="1/4")
majority = Asked("voters_majority")

OLD = seat(emeritus=True)
WOMAN, MAN, UNSAID = seat(gender="F"), seat(gender="M"), seat(gender=None)

CASES = (
    size("three are one too few", of(3), "fail count", n=3),
    size("four are enough", of(4), "pass count", n=4),
    size("eight are not too many", of(8), "pass count", n=8),
    size("nine are one too many", of(9), "fail count", n=9),
    size("directors who sit are counted", jury(director(), director("ghent"), seat(), seat()), "pass count", n=4),
    size("guests and rapporteurs who only write are not counted",
         jury(*[seat()] * 4, seat(role="invited"), seat(role="none", rapporteur="academic")), "pass count", n=4),
    size("a jury of nobody is too small", EMPTY, "fail count", n=0),
    size("no jury is no answer", NOBODY, "not_evaluable unknown"),
    own("exactly half is half", jury(director(), seat("lille"), seat(), seat()), "pass count", count=2, of=4),
    own("one below half is not", jury(director(), *[seat("lille")] * 2, seat()), "fail count", count=1),
    own("half of five is three", jury(director(), *[seat("lille")] * 2, *[seat()] * 2), "fail count"),
    own("three of five are enough", jury(director(), seat("lille"), *[seat()] * 3), "pass count"),
    own("whoever belongs to the doctoral school is inside, whoever employs them",
        jury(director(), seat("cnrs", attached="lille"), seat("lille"), seat()), "fail count", count=1),
    own("the partner's members are outside", jury(director(), director("ghent"), seat("ghent"), seat()), "pass count"),
    own("directors who sit are counted", jury(director(), director("ghent"), seat("lille"), seat()), "pass count"),
    own("directors who are not counted neither help nor hinder",
        jury(director(), director("ghent"), seat("lille"), seat(), readings=read(directors_counted=False)),
        "pass count", count=1, of=2),
    own("of directors alone, not counted, nothing is said",
        jury(director(), director("ghent"), readings=read(directors_counted=False)), "not_evaluable unknown"),
    own("of nobody no share is said", EMPTY, "not_evaluable unknown"),
    own("no jury is no answer", NOBODY, "not_evaluable unknown"),
    everywhere("the partner's members are inside", jury(director(), director("ghent"), seat("ghent"), seat()),
               "fail count", count=1),
    everywhere("exactly half is half", jury(director(), director("ghent"), seat(), seat()), "pass count"),
    everywhere("where the literal reading is chosen it is set aside",
               jury(director(), director("ghent"), readings=read(external_to="own")), "not_applicable reading"),
    everywhere("whoever comes from a third partner is inside too",
               jury(director(), director("ghent"), seat("laval"), *[seat()] * 2, places=(LILLE, GHENT, LAVAL)),
               "fail count", count=2),
    rank("exactly half is half", jury(*[seat()] * 2, *[seat(rank="B")] * 2), "pass count"),
    rank("one below half is not", jury(seat(), *[seat(rank="B")] * 3), "fail count"),
    rank("an emeritus is none while nobody says otherwise", jury(seat(), OLD, *[seat(rank="B")] * 2), "fail count"),
    rank("an emeritus is one where that reading holds",
         jury(seat(), OLD, *[seat(rank="B")] * 2, readings=read(emeritus_rank_a=True)), "pass count"),
    rank("ranks not said leave it open", jury(seat(), seat(rank=None), *[seat(rank="B")] * 2),
         "not_evaluable open", open=1),
    rank("ranks not said change nothing where half is there", jury(*[seat()] * 2, *[seat(rank=None)] * 2),
         "pass count"),
    rank("ranks not said change nothing where half is out of reach",
         jury(seat(rank=None), *[seat(rank="none")] * 3), "fail count"),
    rank("of nobody no share is said", EMPTY, "not_evaluable unknown"),
    gender("one of each is enough", jury(WOMAN, MAN, MAN, MAN), "pass count", women=1, men=3),
    gender("men alone are not", jury(MAN, MAN, MAN, MAN), "fail count"),
    gender("a gender not said is never inferred", jury(MAN, MAN, MAN, UNSAID), "not_evaluable unsaid", unsaid=1),
    gender("two not said may be one of each", jury(UNSAID, UNSAID), "not_evaluable unsaid"),
    gender("one not said cannot be both", jury(UNSAID), "fail count"),
    gender("what is not said changes nothing where both are there", jury(WOMAN, MAN, UNSAID), "pass count"),
    gender("a school may ask for two of each",
           jury(WOMAN, MAN, MAN, MAN, readings=read(gender_least=2)), "fail count"),
    gender("of nobody nothing is said", EMPTY, "not_evaluable unknown"),
    eligible("while nobody is named somebody could be", jury(director(), seat()), "pass able", n=1),
    eligible("directors and lecturers cannot be", jury(director(), seat(rank="B")), "fail nobody"),
    eligible("whoever supervises in any capacity cannot be", jury(seat(supervision="co_supervisor")), "fail nobody"),
    eligible("an emeritus cannot be while nobody says otherwise", jury(OLD), "fail nobody"),
    eligible("an emeritus can be where that reading holds",
             jury(OLD, readings=read(emeritus_rank_a=True)), "pass able"),
    emeritus_may("an emeritus can be where the rule itself says so", jury(OLD), "pass able"),
    eligible("a rank not said leaves it open", jury(seat(rank=None), seat(rank="B")), "not_evaluable unknown"),
    eligible("one professor named is fit", jury(seat(president=True), seat()), "pass named"),
    eligible("a lecturer named is not", jury(seat(rank="B", president=True), seat()), "fail named"),
    eligible("a director named is not", jury(director(president=True), seat()), "fail named"),
    eligible("whoever does not sit is not", jury(seat(president=True, role="invited"), seat()), "fail named"),
    eligible("a rank not said of the one named leaves it open", jury(seat(rank=None, president=True)),
             "not_evaluable unknown"),
    eligible("two are one too many", jury(seat(president=True), seat(president=True)), "fail several", n=2),
    eligible("of nobody nobody can preside", EMPTY, "fail nobody"),
    eligible("no jury is no answer", NOBODY, "not_evaluable unknown"),
    in_post("a professor in post is fit", jury(seat(president=True)), "pass named"),
    in_post("an emeritus is not", jury(seat(emeritus=True, president=True)), "fail named"),
    in_post("a lecturer with the HDR is not", jury(seat(rank="B", accredited=True, president=True)), "fail named"),
    in_post("a rank not said leaves it open", jury(seat(rank=None, president=True)), "not_evaluable unknown"),
    in_post("of two the one who surely is not settles it",
            jury(seat(rank=None, president=True), seat(rank="B", president=True)), "fail named"),
    in_post("while nobody is named nothing is asked", jury(seat()), "not_applicable nobody_named"),
    in_post("without a jury nothing is asked", NOBODY, "not_applicable nobody_named"),
    silent("directors who sit silent are in order", jury(director(), director("ghent"), seat()), "pass count", n=0),
    silent("one who decides is not", jury(director(decides=True), director("ghent")), "fail count", n=1),
    silent("a co-director is taken with them", jury(seat(supervision="co_director")), "fail count"),
    silent("a co-supervisor is not", jury(seat(supervision="co_supervisor")), "pass count"),
    silent("a voice not said leaves it open", jury(director(decides=None)), "not_evaluable unknown"),
    silent("one who decides settles it, whatever else is not said",
           jury(director(decides=None), director("ghent", decides=True)), "fail count"),
    silent("no jury is no answer", NOBODY, "not_evaluable unknown"),
    quiet("a co-supervisor who decides is not in order", jury(seat(supervision="co_supervisor")), "fail count", n=1),
    quiet("supervisors who sit silent are", jury(director(), director("ghent"), seat()), "pass count", n=0),
    quiet("a voice not said leaves it open", jury(director(decides=None)), "not_evaluable unknown"),
    quiet("no jury is no answer", NOBODY, "not_evaluable unknown"),
    sides("one on each side is in order", jury(director(), director("ghent")), "pass each"),
    sides("one side without is not", jury(director()), "fail lacking", institutions=("ghent",)),
    sides("a co-director is none", jury(director(), director("ghent", supervision="co_director")), "fail lacking"),
    sides("a co-director is none, whoever says so",
          dossier(directors=(directs(), directs("ghent", "co_director"))), "fail lacking", institutions=("ghent",)),
    sides("one who belongs to a side through its school counts there",
          jury(director("cnrs", attached="lille"), director("ghent")), "pass each"),
    sides("what the thesis says comes before the jury",
          jury(director(), director("ghent"), directors=(directs(),)), "fail lacking"),
    sides("the thesis alone is enough", dossier(directors=(directs(), directs("ghent"))), "pass each"),
    sides("the third partner needs one as well",
          jury(director(), director("ghent"), places=(LILLE, GHENT, LEUVEN)), "fail lacking",
          institutions=("ku-leuven",)),
    sides("no jury and no directors are no answer", NOBODY, "not_evaluable unknown"),
    balance("a difference of one is tolerated", jury(seat("lille"), seat("lille"), seat("ghent")), "pass count"),
    balance("a difference of two is not", jury(*[seat("lille")] * 3, seat("ghent")), "fail count"),
    balance("nobody on one side is no balance", jury(seat("lille")), "fail count", counts={"lille": 1, "ghent": 0}),
    balance("a strict reading tolerates none",
            jury(seat("lille"), seat("lille"), seat("ghent"), readings=read(balance_tolerance=0)), "fail count"),
    balance("of three partners no two are further apart either",
            jury(*[seat("lille")] * 2, seat("ghent"), *[seat("laval")] * 3, places=(LILLE, GHENT, LAVAL)),
            "fail count"),
    balance("of nobody there is no balance", EMPTY, "fail count"),
    balance("no jury is no answer", NOBODY, "not_evaluable unknown"),
    outsiders("one from outside all is enough", jury(director(), director("ghent"), seat()), "pass count", n=1),
    outsiders("members of either side are not outside", jury(director(), seat("ghent")), "fail count", n=0),
    outsiders("of nobody nobody is outside", EMPTY, "fail count"),
    outsiders("no jury is no answer", NOBODY, "not_evaluable unknown"),
    emeriti("exactly a quarter is a quarter", jury(OLD, *[seat()] * 3), "pass count", count=1, of=4),
    emeriti("more than a quarter is not", jury(OLD, *[seat()] * 2), "fail count"),
    emeriti("none is in order", of(4), "pass count"),
    emeriti("of directors alone, not counted, nothing is said",
            jury(director(), readings=read(directors_counted=False)), "not_evaluable unknown"),
    emeriti("of nobody no share is said", EMPTY, "not_evaluable unknown"),
    emeriti("no jury is no answer", NOBODY, "not_evaluable unknown"),
    majority("exactly half is no majority", jury(director(), director("ghent"), *[seat()] * 2), "fail count"),
    majority("one more than half is", jury(director(), director("ghent"), *[seat()] * 3), "pass count", count=3),
    majority("a voice not said leaves it open", jury(director(), director("ghent"), *[seat()] * 2, seat(decides=None)),
             "not_evaluable unknown"),
    majority("a voice not said changes nothing where the majority is there",
             jury(director(decides=None), *[seat()] * 3), "pass count"),
    majority("a voice not said changes nothing where half is all there can be",
             jury(director(), director("ghent"), seat(), seat(decides=None)), "fail count"),
    majority("with half sure, a voice not said leaves it open",
             jury(director(), *[seat()] * 2, seat(decides=None)), "not_evaluable unknown"),
    majority("no jury is no answer", NOBODY, "not_evaluable unknown"),
    majority("of nobody nothing is said", EMPTY, "not_evaluable unknown"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_a_jury_is_judged_as_its_edges_ask(case: Case) -> None:
    case.holds()


def test_whoever_is_counted_is_named() -> None:
    assert own("half", jury(director(), seat("lille"), seat(), seat()), "").outcome.members == (
        "seat 3",
        "seat 4",
    )
    assert silent("one", jury(director(), director("ghent", decides=True)), "").outcome.members == ("seat 2",)
    assert eligible("able", jury(director(), seat()), "").outcome.members == ("seat 2",)
