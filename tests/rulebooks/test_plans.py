"""Proves that a plan of milestones is read, or refused with the right line and a sentence."""

from pathlib import Path

import pytest

from cotutelle.domain.plan import Due, Side, Signer, Signs
from cotutelle.domain.rules.timing import EVENTS
from cotutelle.rulebooks.plans import kinds, read, shipped, with_own
from cotutelle.rulebooks.shelf import standard

PLANS = sorted((Path(__file__).parents[2] / "cotutelle" / "rulebooks" / "plans").glob("*.toml"))
PLAN = """\
[plan]
id = "bologna"
name.fr = "Bologne"
name.en = "Bologna"
scope = { country = "IT", institution = "bologna" }
read_on = 2026-11-25

[[milestone]]
kind = "progress_review"
due = { anchor = "enrolment", days = -10 }
yearly = true
signatories = ["candidate", "director:each"]
source = { text = "Guide" }

[[milestone]]
kind = "deposit"
due = { anchor = "reports", working_days = -3, calendar = "IT" }
source = { text = "Guide" }
"""


@pytest.mark.parametrize("path", PLANS, ids=[path.stem for path in PLANS])
def test_every_shipped_plan_reads_and_names_rules_that_exist(path: Path) -> None:
    plan, mistakes = read(path.read_text(encoding="utf-8"), path.stem)
    assert not mistakes
    assert plan
    assert {step.rule for step in plan.steps} - {""} <= standard().rules.keys()


def test_every_kind_is_named_in_both_languages_and_its_event_is_known() -> None:
    for kind in kinds().values():
        assert set(kind.names) == {"fr", "en"}
        assert all(kind.names.values())
        assert kind.event in ("", "signature", "committee", *EVENTS)
        assert kind.condition in ("", *EVENTS)


def test_a_plan_is_read_into_values() -> None:
    plan, mistakes = read(PLAN, "bologna")
    assert mistakes == []
    assert plan
    review, deposit = plan.steps
    assert review.yearly
    assert review.signatories == (Signs(Signer.CANDIDATE), Signs(Signer.DIRECTOR, Side.EACH))
    assert deposit.due == Due("reports", working_days=-3, calendar="IT")


def test_an_installations_own_plan_takes_the_place_of_the_shipped_one() -> None:
    plan, _mistakes = read(PLAN.replace("bologna", "lille").replace('"IT", ', '"FR", '), "lille")
    assert plan
    plans = with_own([plan])
    assert [each.steps for each in plans.plans if each.id == "lille"] == [plan.steps]
    assert len(plans.plans) == len(shipped().plans)
    assert plans.digest != shipped().digest


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('kind = "deposit"', 'kind = "party"', 16, "no kind of milestone “party”"),
        ('anchor = "reports"', 'anchor = "dreams"', 17, "cannot be counted from “dreams”"),
        ('anchor = "enrolment"', 'anchor = "defence"', 10, "cannot be counted from “defence”"),
        ('"director:each"', '"director:all"', 12, "signatories must be a list"),
        ('signatories = ["candidate", "director:each"]', "signatories = 3", 12, "signatories must be a list"),
        ("working_days = -3", 'working_days = "x"', 17, "must be whole numbers"),
        ("yearly = true", 'yearly = "yes"', 11, "yearly is not of the right shape"),
        ("yearly = true", "yearly = true\nfirst = true", 12, "first is not of the right shape"),
        ("yearly = true", 'yearly = true\nmode = "ful"', 12, "mode must be one of full, part"),
        ("yearly = true", "yearly = true\nremind = [1.5]", 12, "remind must be a list"),
        ("yearly = true", "yearly = true\nfoo = 1", 12, "“foo” is nothing that a milestone says"),
        ('calendar = "IT" }\nsource = { text = "Guide" }', 'calendar = "IT" }', 17, "needs a rule, or a source"),
        ("read_on = 2026-11-25", "read_on = 3", 6, "read_on must be the day"),
        ('scope = { country = "IT", institution', "scope = { institution", 5, "scope needs the country"),
        ('id = "bologna"', 'id = "rome"', 2, "they must agree"),
        ("[[milestone]]\nkind = \"deposit\"", "[[rule]]\nkind = \"deposit\"", 1, "“rule” does not belong here"),
        ('kind = "deposit"', 'kind = "reports"', 17, "counted from itself: reports → reports"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in PLAN
    plan, mistakes = read(PLAN.replace(old, new, 1), "bologna")
    assert plan is None
    assert [m.line for m in mistakes if says in m.text] == [line], [(m.line, m.text) for m in mistakes]
    assert all(m.said("fr") for m in mistakes)


def test_a_plan_that_depends_on_itself_by_a_detour_is_refused_with_the_way() -> None:
    other = '\n[[milestone]]\nkind = "reports"\ndue = { anchor = "deposit" }\nsource = { text = "x" }\n'
    plan, mistakes = read(PLAN + other, "bologna")
    assert plan is None
    assert {m.text for m in mistakes} == {
        "deposit: its day is counted from itself: deposit → reports → deposit.",
        "reports: its day is counted from itself: reports → deposit → reports.",
    }


@pytest.mark.parametrize("text", ["", "[plan", "[plan]\nid = 3", "milestone = 3", "[[milestone]]\nkind = []"])
def test_whatever_is_wrong_is_a_sentence_in_both_languages(text: str) -> None:
    plan, mistakes = read(text)
    assert plan is None
    assert mistakes
    for mistake in mistakes:
        for language in ("fr", "en"):
            assert mistake.said(language).endswith(".")
