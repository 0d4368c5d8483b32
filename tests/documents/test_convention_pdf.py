"""Proves that the convention leaves as a sound PDF/A-3a and PDF/UA-1, the same bytes everywhere.

It is read in order, named, with its facts inside; what cannot be made is refused by name before anything is drawn.
"""

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import page
import pikepdf
import pytest

from cotutelle.documents import convention, making
from cotutelle.documents.act import Sheet
from cotutelle.documents.convention import clause_versions
from cotutelle.documents.press import Press, engines
from cotutelle.documents.upload import check_upload
from cotutelle.documents.words import words
from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.errors import Reason, Refused
from tests.documents import samples
from tests.documents.conftest import KINDS, ON, Made

ROOT = Path(__file__).parents[2]


def run(*command: str, data: bytes) -> str:
    path = Path(os.environ["PYTEST_TMP"]) / "made.pdf"
    path.write_bytes(data)
    answer = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr + answer.stdout
    assert answer.stderr == ""
    return answer.stdout


@pytest.fixture(autouse=True)
def _folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_TMP", str(folder))


def text_of(data: bytes) -> str:
    path = Path(os.environ["PYTEST_TMP"]) / "made.pdf"
    path.write_bytes(data)
    return subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_sound_archival_and_accessible(made: Made, kind: str) -> None:
    data = made(kind)
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", data=data)
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(data, profile=profile)
        assert report.is_compliant, (profile, report)


def test_the_validator_does_find_fault(made: Made) -> None:
    with pikepdf.open(io.BytesIO(made("final of four in English"))) as pdf:
        del pdf.Root.MarkInfo
        del pdf.Root.StructTreeRoot
        del pdf.Root.Lang
        target = io.BytesIO()
        pdf.save(target)
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        assert not page.validate_pdf_bytes(target.getvalue(), profile=profile).is_compliant


@pytest.mark.parametrize("kind", KINDS)
def test_every_typeface_is_embedded_and_can_be_copied_from(made: Made, kind: str) -> None:
    lines = run("pdffonts", data=made(kind)).splitlines()[2:]
    assert lines
    for line in lines:
        embedded, subset, unicode = line.split()[-5:-2]
        assert (embedded, subset, unicode) == ("yes", "yes", "yes"), line
        assert "Source" in line


def test_each_paragraph_is_read_in_every_language_before_the_next_one(made: Made) -> None:
    read = text_of(made("draft of three"))
    marks = [
        "Est partie à la présente convention",
        "The following institution is a party",
        "agit pour la structure suivante",
        "For the purposes of this agreement",
    ]
    places = [read.index(mark) for mark in marks]
    assert places == sorted(places)
    assert places[0] < read.index("1.1") < read.index("1.2")


def test_in_one_language_there_is_no_other(made: Made) -> None:
    read = text_of(made("final of four in English"))
    assert "Est partie à la présente convention" not in read
    for number in range(1, 5):
        assert f"University number {number}" in read


def test_a_draft_says_so_across_the_page_and_shows_its_blanks(made: Made) -> None:
    facts, _final = KINDS["draft of three"]()
    assert {m.blank.fact for m in missing_facts(facts)} == {"travel_payer", "lodging"}
    read = text_of(made("draft of three"))
    across = "\n".join("PROJET·DRAFT")
    assert f"\n{across}\n" in read, "the words across the page, letter by letter as they turn"
    assert "LILLE-2026-0007, Projet / Draft ·" in read, "a draft bears no number of a version"
    for language in ("fr", "en"):
        blank = f"[{' '.join(words(language)['frame']['to_give'].split())}"
        assert blank in " ".join(read.split())


def test_a_final_version_has_neither_watermark_nor_blank(made: Made) -> None:
    read = text_of(made("final of four in English"))
    assert "D\nR\nA\nF\nT" not in read
    assert "Draft" not in read
    assert words("en")["frame"]["to_give"].strip() not in read
    assert "version 3" in read


@pytest.mark.parametrize("kind", KINDS)
def test_title_language_author_and_bookmarks_are_set(made: Made, kind: str) -> None:
    english = kind.endswith("English")
    said = dict(line.split(":", 1) for line in run("pdfinfo", data=made(kind)).splitlines())
    assert said["Title"].strip().endswith("Zoé Lefèvre – LILLE-2026-0007")
    assert said["Author"].strip() == "Université de Lille"
    assert said["Tagged"].strip() == "yes"
    assert said["JavaScript"].strip() == "no"
    with pikepdf.open(io.BytesIO(made(kind))) as pdf:
        assert str(pdf.Root.Lang) == ("en" if english else "fr")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_outline() as outline:
            chapters = [item.title for item in outline.root]
            articles = [item.title for chapter in outline.root for item in chapter.children]
        assert len(chapters) == len(set(chapters)) >= 3
        assert len(articles) >= 43
        metadata = pdf.Root.Metadata.read_bytes()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata or b'pdfuaid:part="1"' in metadata
    assert b'pdfaid:part="3"' in metadata or b"<pdfaid:part>3</pdfaid:part>" in metadata


@pytest.mark.parametrize("kind", KINDS)
def test_the_facts_are_attached_as_they_are_kept(made: Made, kind: str) -> None:
    facts, _final = KINDS[kind]()
    with pikepdf.open(io.BytesIO(made(kind))) as pdf:
        assert list(pdf.attachments) == ["facts.json"]
        attached = json.loads(pdf.attachments["facts.json"].get_file().read_bytes())
        assert str(pdf.Root.AF[0].AFRelationship) == "/Source"
    assert attached == {
        "reference": facts.reference,
        "clauses": clause_versions(facts),
        "facts": record.to_json(facts),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_file_may_be_uploaded_again(made: Made, kind: str) -> None:
    assert check_upload(made(kind), 25 * 2**20) == "application/pdf"


def test_signatures_of_every_party_and_the_fingerprint_are_printed(made: Made) -> None:
    facts, _final = KINDS["final of four in English"]()
    read = text_of(made("final of four in English"))
    for name in ("Directrice 1", "Directrice 2", "Directrice 4", "Émile Zola", "Marie Curie"):
        assert name in read
    digest = record.digest(facts, clause_versions(facts))
    assert " ".join(digest[i : i + 4] for i in range(0, 16, 4)) in read


ELSEWHERE = """
import os, subprocess, sys
from pathlib import Path
from cotutelle.documents import making, press
from tests.documents.conftest import KINDS, ON, page_of
real = subprocess.Popen
press.subprocess.Popen = lambda *a, env, **k: real(
    *a, env={**env, "TZ": os.environ["TZ"], "PYTHONHASHSEED": os.environ["PYTHONHASHSEED"]}, **k)
facts, final = KINDS["final of four in English"]()
made = press.Press(Path(sys.argv[1]), press.Limits())
sys.stdout.buffer.write(making.make(made, facts, number=3, final=final, on=ON, address=page_of(facts))[0])
made.stop()
"""


def test_the_same_facts_give_the_same_bytes_in_another_process_zone_and_hash_seed(
    made: Made, folder: Path
) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(folder / "press")],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "77", "LC_ALL": "C"},
    )
    assert answer.stdout == made("final of four in English")


def test_the_engines_that_drew_are_named_with_their_versions() -> None:
    assert set(engines()) == {"weasyprint", "pydyf", "fonttools"}
    assert all(engines().values())


class NeverAsked(Press):
    """A press that fails the test when anything is sent to it."""

    def print_pdf(self, html: str, *, facts: str, created: str) -> bytes:
        raise AssertionError("something was drawn")


@pytest.fixture
def never(folder: Path) -> Press:
    from cotutelle.documents.press import Limits

    return NeverAsked(folder, Limits())


def test_a_sign_without_glyph_is_named_before_anything_is_drawn(never: Press) -> None:
    facts = samples.complete(titles={"fr": "治水 et gouvernement"})
    with pytest.raises(Refused) as refused:
        making.make(never, facts, number=1, final=False, on=ON)
    assert refused.value.reason is Reason.MISSING_GLYPH
    assert refused.value.details["characters"] == "水 治"


def test_a_language_without_wordings_is_refused_with_its_clauses(never: Press) -> None:
    facts = replace(samples.complete(), languages=("fr", "ro"))
    with pytest.raises(Refused) as refused:
        making.make(never, facts, number=1, final=False, on=ON)
    assert refused.value.reason is Reason.NO_WORDING
    assert refused.value.details["language"] == "ro"
    assert refused.value.details["clauses"] == "CL-01, CL-02, CL-03, CL-04, CL-05"


def test_a_hostile_name_is_text_in_the_document() -> None:
    facts = samples.complete()
    facts = replace(facts, candidate=replace(facts.candidate, name="<script>x</script>*A*"))
    html = convention.to_html(facts, Sheet("ab" * 32, ON))
    assert "<script" not in html
    assert html.count("&lt;script&gt;x&lt;/script&gt;*A*") >= 3
    assert "<em>A</em>" not in html


def test_the_wording_of_shipped_languages_is_only_drafted() -> None:
    facts = samples.complete(2, ("fr", "en"))
    assert convention.drafted_languages(facts) == ["fr", "en"]
    assert convention.drafted_languages(replace(facts, languages=())) == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_stays_behind_at_the_foot_of_a_page(made: Made, kind: str, folder: Path) -> None:
    path = folder / "a.pdf"
    path.write_bytes(made(kind))
    shown = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    for number, sheet in enumerate(shown.stdout.split("\f"), start=1):
        lines = [line for line in sheet.splitlines() if line.strip()][:-1]  # the last one is the page's foot
        assert not lines or not re.fullmatch(r"\s*[IVX\d]+\.\d+\s*", lines[-1]), number
