"""Proves that the changes between two versions leave as a sound PDF, each word marked as added or taken out."""

import re
from dataclasses import replace

import page
import pytest

from cotutelle.documents import redline
from cotutelle.documents.convention import text_of
from cotutelle.documents.press import Press
from cotutelle.domain.convention.redline import redline as compare
from tests.documents import samples
from tests.documents.conftest import ON


def comparison(count: int, languages: tuple[str, ...]) -> redline.Comparison:
    before = samples.complete(count, languages)
    after = replace(
        samples.with_terms(before, jury_max=9), titles={"fr": "Gouverner l’eau", "en": "Governing water"}
    )
    changes = compare(text_of(before), text_of(after))
    return redline.Comparison("LILLE-2026-0001", "Éléonore Vandenbroucke", 2, 3, languages, changes)


@pytest.mark.parametrize("languages", [("fr", "en"), ("en",)])
def test_it_is_archival_and_accessible(press: Press, languages: tuple[str, ...]) -> None:
    data = redline.make(press, comparison(3, languages), ON)
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(data, profile=profile)
        assert report.is_compliant, (profile, report)


def test_what_is_new_and_what_is_gone_are_marked_in_each_language() -> None:
    html = redline.to_html(comparison(2, ("fr", "en")), "2026-11-24T00:00:00+00:00")
    added = set(re.findall(r"<ins>(.*?)</ins>", html))
    gone = set(re.findall(r"<del>(.*?)</del>", html))
    assert any("9" in each for each in added)
    assert any("eau" in each for each in added)
    assert gone
    assert "Changements de la version 2 à la version 3" in html
    assert "Changes from version 2 to version 3" in html


def test_no_difference_is_said() -> None:
    same = replace(comparison(2, ("fr",)), changes=())
    assert "Aucun mot des articles ne diffère." in redline.to_html(same, "2026-11-24T00:00:00+00:00")


def test_what_people_typed_is_text_and_never_markup() -> None:
    hostile = replace(comparison(2, ("en",)), candidate="<script>alert(1)</script>{{ 7 * 7 }}")
    html = redline.to_html(hostile, "2026-11-24T00:00:00+00:00")
    assert "<script>" not in html
    assert "{{ 7 * 7 }}" in html
