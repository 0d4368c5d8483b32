"""Documents: a convention beside the raw engine on the same HTML, and many on every core beside one press."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from cotutelle.documents import convention, making
from cotutelle.documents.act import Sheet
from cotutelle.documents.batch import Job, make_all
from cotutelle.documents.libraries import missing_libraries
from cotutelle.documents.press import Limits, Press, Prints
from cotutelle.domain.convention.facts import Facts
from tests.documents.samples import complete

ON = date(2026, 11, 24)
MANY = 24
PAIRS = 5


def measured() -> Iterator[tuple[str, float, str, bool]]:
    """Name, figure, unit and whether the aim is reached, one after the other; nothing where documents cannot be made."""
    if missing_libraries():
        return
    with tempfile.TemporaryDirectory(prefix="cotutelle-bench-") as name:
        folder = Path(name)
        beside = _beside_the_engine(folder)
        yield (
            "a convention beside the engine on its HTML",
            beside,
            "times as long (aim: 1.30)",
            beside <= 1.30,
        )
        faster = _on_every_core(folder)
        yield f"{MANY} conventions on two presses", faster, "times as fast (aim: 1.85)", faster >= 1.85


def _beside_the_engine(folder: Path) -> float:
    """The whole making, from facts to kept bytes, over the engine alone on the same HTML; median of pairs."""
    facts, press = complete(2), Press(folder, Limits())
    drawn = convention.to_html(facts, Sheet("ab" * 32, ON))
    raw, whole = [], []
    try:
        _draft(press, facts)
        for _pair in range(PAIRS):
            raw.append(_took(partial(press.print_pdf, drawn, facts="{}", created=f"{ON}T00:00:00+00:00")))
            whole.append(_took(partial(_draft, press, facts)))
    finally:
        press.stop()
    return statistics.median(b / a for a, b in zip(raw, whole, strict=True))


def _on_every_core(folder: Path) -> float:
    """How much faster two presses make many conventions than one does; median of pairs, by the wall."""
    jobs = [Job(str(n), partial(_draft, facts=complete(2, titles={"fr": f"Titre {n}"}))) for n in range(MANY)]
    ratios = []
    for _pair in range(3):
        one, two = (_took(partial(_all, jobs, folder, cores)) for cores in (1, 2))
        ratios.append(one / two)
    return statistics.median(ratios)


def _all(jobs: list[Job], folder: Path, cores: int) -> None:
    for made in make_all(jobs, folder, Limits(), cores):
        assert made.error is None, made.error


def _draft(prints: Prints, facts: Facts) -> bytes:
    return making.make(prints, facts, final=False, on=ON)[0]


def _took(act: object) -> float:
    begun = time.monotonic()
    act()  # type: ignore[operator]  # a call without arguments
    return time.monotonic() - begun
