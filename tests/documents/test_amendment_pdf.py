"""Proves that amendments and consolidated texts leave as sound PDFs, with the old wording beside the new."""

from dataclasses import replace
from datetime import date

import page
import pytest

from cotutelle.documents import amendment, consolidated, making
from cotutelle.documents.act import Sheet
from cotutelle.documents.convention import clause_versions, text_of
from cotutelle.documents.press import Press
from cotutelle.domain.convention.amendment import amended
from cotutelle.domain.convention.facts import Amendment, Facts
from cotutelle.domain.convention.redline import Changed, redline
from tests.documents import samples
from tests.documents.conftest import ON, page_of

FIRST = date(2027, 3, 1)


def of(count: int, languages: tuple[str, ...]) -> tuple[Facts, list[Changed]]:
    """An amendment that extends, and by which a director leaves for another."""
    before = samples.complete(count, languages)
    gone = next(each for each in before.supervisors if each.role == "director")
    come = replace(gone, name="Nadia Peeters")
    now = replace(
        samples.with_terms(before, expires_on=date(2031, 8, 31)),
        supervisors=tuple(come if each is gone else each for each in before.supervisors),
    )
    texts = dict.fromkeys(languages, "La campagne a été reportée.")
    made = Amendment(1, ("extension", "director"), texts, None, (), "ab" * 32, FIRST)
    after = amended(before, now, made)
    return after, redline(text_of(before), text_of(after))


@pytest.mark.parametrize(("count", "languages"), [(2, ("fr", "en")), (3, ("fr",))])
@pytest.mark.parametrize("final", [False, True])
def test_an_amendment_is_archival_and_accessible(
    press: Press, count: int, languages: tuple[str, ...], final: bool
) -> None:
    facts, changes = of(count, languages)
    address = page_of(facts) if final else ""
    data, clauses, _fingerprint = making.make(
        press, facts, number=2, final=final, on=ON, address=address, changes=changes
    )
    assert "AM-1.fr" in clauses
    assert "CL-01.fr" not in clauses
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(data, profile=profile)
        assert report.is_compliant, (profile, report)


def test_old_and_new_stand_one_under_the_other_in_each_language() -> None:
    facts, changes = of(2, ("fr", "en"))
    html = amendment.to_html(facts, changes, Sheet("ab" * 32, ON))
    assert "Avenant n°\u00a01 à la convention de cotutelle" in html
    assert "Amendment no.\u00a01 to the cotutelle agreement" in html
    at = html.index("Article 35 de la convention")
    assert html.index("Rédaction antérieure", at) < html.index("Rédaction nouvelle", at)
    assert "<ins>31 août 2031</ins>" in html or "<ins>2031</ins>" in html
    assert html.count("Nadia Peeters") >= 2
    assert "en vigueur depuis le 1er mars 2027" in html


def test_whoever_leaves_is_named_and_signs_beside_who_comes() -> None:
    facts, changes = of(2, ("fr", "en"))
    assert facts.amendment is not None
    (gone,) = facts.amendment.leaving
    html = amendment.to_html(facts, changes, Sheet("ab" * 32, ON))
    assert f"{gone.name} cesse de diriger la thèse" in html
    boxes = html[html.index('class="signatures"') :]
    assert gone.name in boxes
    assert "Nadia Peeters" in boxes
    assert "Former thesis director" in boxes


def test_an_amendment_counts_for_the_wordings_that_it_uses_alone() -> None:
    facts, _changes = of(2, ("en",))
    assert facts.amendment is not None
    assert facts.amendment.clauses == ("CL-08", "CL-35")
    assert {key.partition(".")[0] for key in clause_versions(facts)} == {
        "AM-1", "AM-2", "AM-3", "AM-4", "AM-5", "AM-6", "CL-08", "CL-35",
    }  # fmt: skip


@pytest.mark.parametrize("languages", [("fr", "en"), ("en",)])
def test_a_consolidated_text_is_archival_and_says_what_it_is_made_of(
    press: Press, languages: tuple[str, ...]
) -> None:
    facts, _changes = of(2, languages)
    asked = consolidated.Consolidation(
        "LILLE-2026-0001", "Éléonore <b>", date(2028, 5, 1), languages, ((0, FIRST), (1, date(2028, 4, 1))),
        text_of(facts)[:-1], {"CL-35": 1},
    )  # fmt: skip
    html = consolidated.to_html(asked, "2026-11-24T00:00:00+00:00")
    assert "<b>" not in html.replace("<b>Éléonore &lt;b&gt;</b>", "")
    assert "amendment no.\u00a01, which took effect on 1 April 2028" in html
    data = consolidated.make(press, asked, ON)
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(data, profile=profile)
        assert report.is_compliant, (profile, report)
