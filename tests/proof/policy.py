"""Every route, by every method, for every role, about both theses, on both databases: as the reviewed table says."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import databases, test_policy
from tests.conftest import prepare
from tests.proof import Outcome


def prove() -> Outcome:
    """Ask everything; whoever is denied changes nothing, whoever is allowed passes the door."""
    test_policy.WHOLE = True
    done, target, faults = 0, 0, list[str]()
    with tempfile.TemporaryDirectory() as name:
        for kind in databases.KINDS:
            folder = Path(name) / kind
            folder.mkdir()
            with _database(kind, folder) as found:
                prepare(found.template_url(), folder / "prepared")
                for sweep in test_policy.swept(found, folder):
                    asked, wrong = _asked(sweep)
                    print(f"  {kind}: {asked} questions, {len(wrong)} answered otherwise")  # noqa: T201  # a command speaks
                    done, target = done + asked - len(wrong), target + asked
                    faults += [f"{kind}: {each}" for each in wrong]
    return Outcome(done, target, tuple(faults))


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[Any]:
    if kind == "sqlite":
        yield databases.Sqlite(folder)
    else:
        with databases.postgres(folder / "server") as found:
            yield found


def _asked(sweep: test_policy.Sweep) -> tuple[int, list[str]]:
    every = list(test_policy.cells(sweep.app))
    passes = ("open", "gone")
    allowed = [c for c in every if test_policy.expected(test_policy.TABLE, sweep.app, c) in passes]
    denied = [c for c in every if c not in set(allowed)]
    before = test_policy.state(sweep.app)
    wrong = [found for cell in denied if (found := test_policy.verdict(sweep, cell))]
    if test_policy.state(sweep.app) != before:
        wrong.append("somebody who was denied changed something")
    return len(every), wrong + [found for cell in allowed if (found := test_policy.verdict(sweep, cell))]
