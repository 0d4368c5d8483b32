"""Every check has the clause in which the parties settle what it looks at."""

import pytest

from cotutelle.domain.check import Check, Group, Topic
from cotutelle.domain.convention.catalogue import CLAUSES
from cotutelle.domain.convention.concerns import clause_of
from cotutelle.domain.rules import CHECKS


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.name)
def test_what_a_check_looks_at_has_its_clause(check: Check) -> None:
    assert clause_of(check) in {clause.id for clause in CLAUSES}


def test_a_topic_says_more_than_its_group() -> None:
    reviewers = [check for check in CHECKS.values() if check.topic is Topic.REVIEWERS]
    assert {clause_of(check) for check in reviewers} == {"CL-25"}
    assert {clause_of(c) for c in CHECKS.values() if c.group is Group.STAYS} == {"CL-14"}
