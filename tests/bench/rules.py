"""The rules: juries checked a second beside a bare loop over the same members, loading, and the solver."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from cotutelle.domain.composition import solve
from cotutelle.domain.dossier import Dossier
from cotutelle.domain.evaluation import evaluate
from cotutelle.domain.reconcile import reconcile
from cotutelle.domain.rulebook import Library
from cotutelle.domain.rules import JURY_CHECKS
from cotutelle.exchange.jury import read_cases
from cotutelle.rulebooks import shelf
from tests.domain.test_composition import asked

CASES = Path(__file__).parents[1] / "data" / "jury.json"
ON = date(2026, 11, 24)


def measured() -> Iterator[tuple[str, float, str, bool]]:
    """Name, figure, unit and whether the aim is reached, one after the other."""
    loading = seconds(shelf.shipped.__wrapped__, 5)
    yield "rulebooks loaded", loading * 1000, "ms (aim: under 50)", loading < 0.050
    library = shelf.with_own(())[0]
    text = json.loads(CASES.read_text(encoding="utf-8"))
    dossiers = list(read_cases(json.dumps(text), library).values())
    checking = seconds(lambda: checked(library, dossiers), 10) / len(dossiers)
    yield "juries checked", 1 / checking, "a second on one core (aim: 3000)", 1 / checking >= 3000
    bare = seconds(lambda: counted(dossiers), 200) / len(dossiers)
    yield "… beside a bare loop over the members", checking / bare, "times as long", True
    three = tuple(place for code in ("lille", "ghent", "ku-leuven") if (place := library.place(code)))
    rules = asked(three)
    solving = seconds(lambda: solve(Dossier(three, defence=ON), rules), 3)
    yield "feasible juries of three institutions", solving * 1000, "ms (aim: under 100)", solving < 0.100
    meeting = seconds(lambda: reconcile(library, three, ON), 3)
    yield "reconciliation of three institutions", meeting * 1000, "ms", True


def checked(library: Library, dossiers: list[Dossier]) -> None:
    for dossier in dossiers:
        evaluate(library, dossier, checks=JURY_CHECKS)


def counted(dossiers: list[Dossier]) -> int:
    """What no checker can do without: each member of each jury looked at once."""
    return sum(seat.rank == "A" for dossier in dossiers if dossier.jury for seat in dossier.jury.seats)


def seconds(act: Callable[[], object], times: int) -> float:
    """CPU seconds of one run, the best of three series."""
    best = float("inf")
    for _series in range(3):
        begun = time.process_time()
        for _time in range(times):
            act()
        best = min(best, (time.process_time() - begun) / times)
    return best
