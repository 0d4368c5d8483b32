"""Many documents at once: every one is made, what fails names itself, and the same bytes come out as one by one."""

from functools import partial
from pathlib import Path

from cotutelle.documents import making
from cotutelle.documents.batch import Job, make_all
from cotutelle.documents.press import CannotPrint, Limits, Press, Prints
from cotutelle.domain.convention.facts import Facts
from tests.documents.conftest import ON
from tests.documents.samples import complete


def draft(prints: Prints, facts: Facts) -> bytes:
    return making.make(prints, facts, final=False, on=ON)[0]


def test_two_presses_make_what_one_makes(press: Press, tmp_path: Path) -> None:
    texts = {f"thesis-{n}": complete(2, ("en",), confidential=bool(n % 2)) for n in range(4)}
    jobs = [Job(name, partial(draft, facts=facts)) for name, facts in texts.items()]
    made = {each.name: each for each in make_all(jobs, tmp_path, Limits(), cores=2)}
    assert set(made) == set(texts)
    assert all(each.error is None for each in made.values())
    for name in ("thesis-0", "thesis-1"):
        assert made[name].data == draft(press, texts[name])


def test_one_that_cannot_be_made_names_itself_and_stops_no_other(tmp_path: Path) -> None:
    jobs = [
        Job(
            "good",
            lambda prints: prints.print_pdf("<p>a</p>", facts="{}", created="2026-11-24T00:00:00+00:00"),
        ),
        Job(
            "long",
            lambda prints: prints.print_pdf("x" * 2000, facts="{}", created="2026-11-24T00:00:00+00:00"),
        ),
    ]
    made = {each.name: each for each in make_all(jobs, tmp_path, Limits(html_bytes=1000), cores=2)}
    assert made["good"].data.startswith(b"%PDF")
    assert isinstance(made["long"].error, CannotPrint)
    assert made["long"].error.why == "size"
