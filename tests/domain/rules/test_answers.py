"""Proves that every check is asked for every answer that it can give, and that none passes on what nobody knows."""

import importlib
import pkgutil

import pytest

import tests.domain.rules as here
from cotutelle.domain.check import CHECKS
from cotutelle.domain.dossier import Dossier
from cotutelle.domain.finding import Verdict
from cotutelle.domain.rules import MODULES
from cotutelle.rulebooks.shelf import standard
from tests.domain.rules.answers import answers
from tests.domain.rules.dossiers import GHENT, LILLE, Case


def cases() -> list[Case]:
    """All cases of all modules of tests beside this one."""
    names = [each.name for each in pkgutil.iter_modules(here.__path__) if each.name.startswith("test_")]
    modules = [importlib.import_module(f"{here.__name__}.{name}") for name in names]
    return [case for module in modules for case in getattr(module, "CASES", ())]


SEEN: dict[str, set[str]] = {}
for _case in cases():
    SEEN.setdefault(_case.check, set()).add(_case.outcome.say)


NEVER = {"jury_external": {"open"}}  # where everybody comes from is always said
"""Answers of what checks share that one of them cannot give."""


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_every_answer_of_a_check_is_given_in_some_case(check: str) -> None:
    assert SEEN.get(check, set()) == answers(check) - NEVER.get(check, set())


def test_every_module_of_rules_has_its_tests() -> None:
    modules = {module.__name__.rpartition(".")[2] for module in MODULES}
    assert modules <= {each.name.removeprefix("test_") for each in pkgutil.iter_modules(here.__path__)}


def test_no_shipped_rule_passes_on_what_nobody_knows() -> None:
    nothing = Dossier((LILLE, GHENT))
    library = standard()
    passing = {
        rule.id
        for entries in library.rules.values()
        for rule in entries
        for place in (LILLE, GHENT)
        if rule.check.predicate(nothing, place, rule.figures).verdict is Verdict.PASS
    }
    assert passing == {"FR-COT-2COUNTRIES"}  # the countries are known
