"""Proves that every fact which a rule may lack has a screen that asks it, so that no rule waits for ever."""

import pytest
from flask import Flask

from cotutelle.domain.rules.timing import EVENTS
from cotutelle.web.where import place_of
from tests.rulebooks.test_sentences import facts_named

COUNTED = {"today"}
"""What nobody gives: the day on which one asks."""


@pytest.mark.parametrize("fact", sorted((facts_named() | set(EVENTS)) - COUNTED))
def test_a_fact_has_a_screen_that_asks_it(fact: str, sqlite_app: Flask) -> None:
    place = place_of(fact)
    assert place is not None
    assert place[0] in sqlite_app.view_functions
