"""Proves the rules on the direction: how many, in which capacity, and who may award the doctorate."""

from dataclasses import replace
from typing import Any

import pytest

from cotutelle.domain.dossier import Dossier
from tests.domain.rules.dossiers import GHENT, LAVAL, LILLE, Asked, Case, directs, dossier, say

NOBODY = dossier()
CO = directs(role="co_director")

exactly = Asked("directors_count", count=1)
co = Asked("co_directors_most", most=1, with_outside=2)
capacity = Asked("director_capacity")
follows = Asked("director_theses", most=3)
award = Asked("may_award")
countries = Asked("two_countries")


def led(*directors: Any) -> Dossier:
    return dossier(directors=tuple(directors))


def with_partner(**facts: Any) -> Dossier:
    return dossier(places=(LILLE, replace(GHENT, **facts)))


CASES = (
    exactly("one is one", led(directs(), directs("ghent")), "pass count", n=1),
    exactly("two are one too many", led(directs(), directs()), "fail count", n=2),
    exactly("the partner's director is not ours", led(directs("ghent")), "fail count", n=0),
    exactly("a co-director is none", led(CO), "fail count", n=0),
    exactly("what nobody has said is open", NOBODY, "not_evaluable unknown"),
    co("none is in order", led(directs()), "pass count", n=0),
    co("one is in order", led(CO), "pass count", n=1),
    co("two from academia are one too many", led(*[directs(role="co_director", academic=True)] * 2), "fail count",
       n=2),
    co("two are in order when one is not from academia", led(CO, directs(role="co_director", academic=False)),
       "pass count"),
    co("two of whom nobody says where they come from leave it open", led(CO, CO), "not_evaluable unknown"),
    co("three of whom nobody says so are too many anyhow", led(CO, CO, CO), "fail count", n=3),
    co("three are too many wherever they come from", led(CO, CO, directs(role="co_director", academic=False)),
       "fail count", n=3),
    co("those of the partner are not ours", led(CO, *[directs("ghent", "co_director")] * 2), "pass count", n=1),
    co("what nobody has said is open", NOBODY, "not_evaluable unknown"),
    capacity("a professor has it", led(directs(rank="A")), "pass recorded"),
    capacity("the HDR gives it", led(directs(accredited=True)), "pass recorded"),
    capacity("neither does not", led(directs(rank="B", accredited=False)), "fail lacking"),
    capacity("a rank not said leaves it open", led(directs(accredited=False)), "not_evaluable unknown"),
    capacity("an accreditation not said leaves it open", led(directs(rank="B")), "not_evaluable unknown"),
    capacity("of two each needs it", led(directs(rank="A"), directs(rank="B", accredited=False)), "fail lacking"),
    capacity("without a director here nothing is said", led(directs("ghent", rank="A")), "not_evaluable unknown"),
    capacity("what nobody has said is open", NOBODY, "not_evaluable unknown"),
    follows("three where three are allowed are in order", led(directs(theses=3)), "pass count", n=3),
    follows("four are not", led(directs(theses=4)), "fail count", n=4),
    follows("of two the busier counts", led(directs(theses=1), directs(theses=4)), "fail count", n=4),
    follows("one of two not said leaves it open", led(directs(theses=1), directs()), "not_evaluable unknown"),
    follows("one of two not said leaves it open, even where the other is full", led(directs(theses=3), directs()),
            "not_evaluable unknown"),
    follows("a number not said is open", led(directs()), "not_evaluable unknown"),
    follows("what nobody has said is open", NOBODY, "not_evaluable unknown"),
    award("a partner who may is in order", with_partner(may_award=True), "pass each"),
    award("one who may not is not", with_partner(may_award=False), "fail lacking", institutions=("ghent",)),
    award("one who surely may not settles it",
          dossier(places=(LILLE, LAVAL, replace(GHENT, may_award=False))), "fail lacking"),
    award("what nobody has said is open", NOBODY, "not_evaluable unknown"),
    countries("two countries are in order", NOBODY, "pass count", n=2),
    countries("one is not", with_partner(country="FR"), "fail count", n=1),
    countries("a partner abroad beside one at home is enough",
              dossier(places=(LILLE, replace(LILLE, code="paris-13"), GHENT)), "pass count", n=2),
    countries("a country not said is open", with_partner(country=""), "not_evaluable unknown"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_a_direction_is_judged_as_its_edges_ask(case: Case) -> None:
    case.holds()
