"""What an amendment takes over, what it leaves, and the text that it makes of the one before."""

from dataclasses import replace
from datetime import date

import pytest

from cotutelle.domain.convention import record
from cotutelle.domain.convention.amendment import REASONS, amended, consolidated
from cotutelle.domain.convention.assembly import assemble_amendment, clauses_of, missing_facts
from cotutelle.domain.convention.facts import Amendment, Facts, FeeYear
from cotutelle.domain.convention.terms import Terms
from tests.documents import samples


def amendment(*triggers: str) -> Amendment:
    return Amendment(1, triggers, {}, None, (), "ab" * 32, date(2027, 3, 1))


def moved_on(before: Facts) -> Facts:
    """The file of the thesis some years later: much of it reads otherwise."""
    return replace(
        before,
        titles={tag: f"{title}, revised" for tag, title in before.titles.items()},
        stays=(*before.stays, replace(before.stays[0], begin=date(2028, 1, 1), end=date(2028, 6, 30))),
        fees=(*before.fees, FeeYear("2029-2030", before.parties[0].code)),
        diploma_form="joint" if before.diploma_form != "joint" else "two_diplomas",
    )


def test_an_amendment_made_for_one_thing_takes_over_that_thing_alone() -> None:
    before = samples.complete(2, ("fr", "en"))
    now = moved_on(before)
    after = amended(before, now, amendment("title"))
    assert after.titles == now.titles
    assert (after.stays, after.fees, after.diploma_form) == (before.stays, before.fees, before.diploma_form)
    assert amended(before, now, amendment("jury")).amendment == replace(
        amendment("jury"), parties=before.parties
    )


@pytest.mark.parametrize("trigger", REASONS)
def test_the_same_file_changes_no_clause_whatever_it_is_made_for(trigger: str) -> None:
    before = samples.complete(3, ("fr", "en"))
    after = amended(before, before, amendment(trigger))
    assert after.amendment is not None
    assert after.amendment.clauses == ()
    assert missing_facts(after) == ()


def test_an_amendment_lacks_only_what_it_changes() -> None:
    before = replace(samples.complete(2, ("fr", "en")), thesis_language=None)
    values = {**before.terms.values, "expires_on": None}
    after = amended(before, replace(before, terms=Terms(values)), amendment("extension"))
    assert {each.blank.fact for each in missing_facts(after)} == {"expires_on"}
    assert "thesis_language" in {each.blank.fact for each in missing_facts(before)}


def test_its_articles_are_numbered_without_a_gap_where_nobody_leaves() -> None:
    after = amended(samples.complete(2), samples.complete(2), amendment("other"))
    assert [(each.number, each.clause.id) for each in assemble_amendment(after)] == [
        (1, "AM-1"), (2, "AM-2"), (3, "AM-3"), (4, "AM-5"), (5, "AM-6"),
    ]  # fmt: skip
    assert {clause.id for clause in clauses_of(after)} == {f"AM-{number}" for number in range(1, 7)}


def test_its_facts_are_kept_and_read_again() -> None:
    before = samples.complete(2, ("fr", "en"))
    after = amended(before, moved_on(before), amendment("title", "stay"))
    assert record.from_json(record.to_json(after)) == after


def test_the_text_that_it_leaves_has_its_own_articles_new_and_all_others_as_they_were() -> None:
    def article(clause: str, words: str) -> dict[str, object]:
        return {"clause": clause, "rows": [{"en": words}]}

    before = [article("FILE", "theirs"), article("A", "old a"), article("B", "old b")]
    worded = [article("A", "new a"), article("B", "new b"), article("C", "new c")]
    assert consolidated(before, worded, ["B"]) == [
        article("FILE", "theirs"), article("A", "old a"), article("B", "new b"),
    ]  # fmt: skip
    assert consolidated(before, worded, ["C"])[-1] == article("C", "new c")
