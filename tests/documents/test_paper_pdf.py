"""The papers as files: archival, readable aloud, worded in step in each language, with nothing private along."""

import io
from datetime import date

import page
import pikepdf
import pytest

from cotutelle.documents import paper as papers
from cotutelle.documents.press import Press
from cotutelle.documents.seal import Seal
from cotutelle.documents.words import folder, languages_of_papers
from cotutelle.domain.convention.variables import named
from cotutelle.domain.errors import Refused
from cotutelle.domain.paper.facts import PaperKind
from tests.documents.conftest import ON
from tests.domain.test_paper import JURY, paper


@pytest.mark.parametrize("kind", PaperKind)
def test_each_is_archival_and_accessible_and_carries_nothing_private(press: Press, kind: PaperKind) -> None:
    data = papers.make(press, paper(kind), final=True, on=ON)
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(data, profile=profile)
        assert report.is_compliant, (profile, report)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        (attached,) = (bytes(spec.get_file().read_bytes()) for spec in pdf.attachments.values())
    assert b"birth" not in attached


@pytest.mark.parametrize("kind", PaperKind)
def test_every_language_words_the_same_fragments_with_the_same_variables(kind: PaperKind) -> None:
    french, english = (papers.wording(kind.value, tag) for tag in languages_of_papers())
    assert list(french.fragments) == list(english.fragments)
    for key, text in french.fragments.items():
        assert named(text) == named(english.fragments[key]), key


def test_no_other_paper_is_worded() -> None:
    found = {path.name.split(".")[0] for path in (folder() / "papers").glob("*.md")}
    assert found == {kind.value for kind in PaperKind}


def test_a_draft_says_so_and_a_missing_fact_is_a_blank() -> None:
    html = papers.to_html(paper(PaperKind.NOTICE, hour=""), final=False, on=ON)
    assert "Projet / Draft" in html
    assert "[à compléter\u00a0: l’heure de la soutenance]" in html
    assert "[to be completed: the hour of the defence]" in html
    assert "Projet" not in papers.to_html(paper(PaperKind.NOTICE), final=True, on=ON)


def test_forms_to_be_signed_list_only_who_sits() -> None:
    minutes = papers.to_html(paper(PaperKind.MINUTES), final=True, on=ON)
    assert JURY[2].name not in minutes
    assert JURY[2].name in papers.to_html(paper(PaperKind.NOTICE), final=True, on=ON)


def test_a_hostile_name_is_text() -> None:
    html = papers.to_html(paper(PaperKind.NOTICE, room="<script>x</script>"), final=True, on=ON)
    assert "<script" not in html


def test_a_sign_that_cannot_be_drawn_is_named(press: Press) -> None:
    with pytest.raises(Refused, match="missing_glyph"):
        papers.make(press, paper(PaperKind.NOTICE, room="会議室"), final=True, on=ON)


def test_a_sealed_one_bears_the_seal_and_the_same_facts_give_the_same_bytes(press: Press, own: Seal) -> None:
    data = papers.make(press, paper(PaperKind.COTUTELLE), final=True, on=ON)
    assert data == papers.make(press, paper(PaperKind.COTUTELLE), final=True, on=ON)
    assert data != papers.make(press, paper(PaperKind.COTUTELLE), final=True, on=date(2026, 11, 25))
    sealed = own.certify(data, last=True)
    assert sealed.startswith(data)
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        assert "/DocMDP" in pdf.Root.Perms
