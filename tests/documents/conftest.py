"""A press of their own for the tests that draw, and the conventions that several of them look at."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from cotutelle.documents import authority, making
from cotutelle.documents import seal as seals
from cotutelle.documents.press import Limits, Press
from cotutelle.documents.seal import Seal
from cotutelle.domain.convention.facts import Facts
from tests.documents import samples, sealing
from tests.documents.shared import shared_app, shared_session

__all__ = ["shared_app", "shared_session"]
ON = date(2026, 11, 24)
Made = Callable[[str], bytes]

KINDS = {
    "draft of three": lambda: (
        samples.with_terms(samples.complete(3), travel_payer=None, lodging__ghent=None),
        False,
    ),
    "sealed of two": lambda: (samples.complete(2, ("fr", "en")), True),
    "final of four in English": lambda: (samples.complete(4, ("en",)), True),
    "three columns": lambda: (samples.complete(3, ("fr", "en", "pt")), True),
    "four columns": lambda: (samples.complete(3, ("fr", "en", "nl", "de")), True),
    "one after the other": lambda: (samples.complete(2, ("fr", "es", "it"), layout="parts"), True),
}


def page_of(facts: Facts) -> str:
    """The public page of the number that a final version of the tests bears."""
    return f"https://cotutelle.univ.example/verify/{facts.reference}-3"


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    found = Press(tmp_path_factory.mktemp("press"), Limits())
    yield found
    found.stop()


@pytest.fixture(scope="session")
def made(press: Press) -> Made:
    """The bytes of a kind of convention, drawn once for all tests."""

    @cache
    def make(kind: str) -> bytes:
        facts, final = KINDS[kind]()
        address = page_of(facts) if final else ""
        return making.make(press, facts, number=3, final=final, on=ON, address=address)[0]

    return make


@pytest.fixture(scope="session")
def small_press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """A press with little patience."""
    found = Press(tmp_path_factory.mktemp("small"), Limits(seconds=1, mib=512, pages=3, html_bytes=200_000))
    yield found
    found.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority of its own."""
    return sealing.settled(tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def own(instance: Path) -> Seal:
    """The seal of that folder."""
    found = seals.find(instance, "", "", "")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def partner(instance: Path) -> authority.Authority:
    """An authority of a partner that the folder trusts."""
    return sealing.believed(instance)
