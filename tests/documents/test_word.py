"""Our text as a DOCX: it holds every word, bears its number, and says on its return what was written into it."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from cotutelle.documents import confined, word
from cotutelle.documents.act import Sheet
from cotutelle.documents.convention import text_of
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.redline import redline
from cotutelle.domain.convention.returned import text_returned
from tests.documents.conftest import ON
from tests.documents.samples import complete, with_terms

DIGEST = "86c7f290e80c6ba5" + "0" * 48


def made(facts: Facts) -> bytes:
    return word.make(facts, Sheet(DIGEST, ON))


def edited(data: bytes, act: Any) -> bytes:
    document = Document(io.BytesIO(data))
    act(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def row_of(document: Any, number: str) -> Any:
    return next(row for row in document.tables[0].rows if row.cells[0].text == number)


def said(data: bytes) -> dict[str, Any]:
    return dict(confined.read("returned", data))


def changed(facts: Facts, data: bytes) -> dict[str, Any]:
    after = text_returned(text_of(facts), [(n, t) for n, t in said(data)["rows"]], facts.languages)
    return {each.clause: each for each in redline(text_of(facts), after)}


@pytest.mark.parametrize("languages", [("fr", "en"), ("en",), ("fr", "en", "nl", "de")])
def test_what_comes_back_untouched_says_what_went_out(languages: tuple[str, ...]) -> None:
    facts = with_terms(complete(3, languages), travel_payer=None)
    facts = replace(facts, candidate=replace(facts.candidate, name="Ada <b> R&D & fils &"))
    assert changed(facts, made(facts)) == {}


def test_it_bears_its_number_in_its_properties_and_in_every_head() -> None:
    data = made(complete())
    answer = said(data)
    assert (answer["reference"], answer["fingerprint"]) == ("LILLE-2026-0007", DIGEST)

    def forget(document: Any) -> None:
        document.core_properties.identifier = ""

    answer = said(edited(data, forget))
    assert (answer["reference"], answer["fingerprint"]) == ("LILLE-2026-0007", DIGEST[:16])


def test_it_is_landscape_from_three_languages_on_and_says_in_which_each_cell_is() -> None:
    def shape(facts: Facts) -> tuple[bool, set[str]]:
        document = Document(io.BytesIO(made(facts)))
        page = document.sections[0]
        tongues = {node.get(qn("w:val")) for node in document.element.iter(qn("w:lang"))}
        return page.page_width > page.page_height, tongues

    assert shape(complete(2)) == (False, {"fr", "en"})
    assert shape(complete(2, ("fr", "en", "pt"))) == (True, {"fr", "en", "pt"})


@pytest.mark.parametrize("languages", [("fr", "en"), ("fr", "en", "nl", "de")])
def test_numbers_stand_in_a_narrow_column_and_the_languages_share_the_rest_of_the_page(
    languages: tuple[str, ...],
) -> None:
    document = Document(io.BytesIO(made(complete(3, languages))))
    table, page = document.tables[0], document.sections[0]
    widths = [column.width for column in table.columns]
    assert abs(widths[0] - Mm(14)) < Mm(0.1)
    assert len(set(widths[1:])) == 1
    assert abs(sum(widths) - (page.page_width - page.left_margin - page.right_margin)) < Mm(1)
    for row in table.rows:
        assert all(abs(cell.width - width) < Mm(0.1) for cell, width in zip(row.cells, widths, strict=True))


def test_a_word_changed_a_row_written_in_and_an_article_taken_out_are_seen() -> None:
    facts = complete()

    def act(document: Any) -> None:
        cell = row_of(document, "5.1").cells[2]
        cell.paragraphs[0].runs[-1].text += " And more."
        fresh = document.tables[0].add_row()
        row_of(document, "10.1")._tr.addnext(fresh._tr)
        fresh.cells[1].text, fresh.cells[2].text = "Un ajout.", "An addition."
        for row in list(document.tables[0].rows):
            if row.cells[0].text.split(".")[0] == "37":
                row._tr.getparent().remove(row._tr)

    found = changed(facts, edited(made(facts), act))
    assert set(found) == {"CL-05", "CL-10", "CL-37"}
    assert found["CL-37"].mark == "gone"
    assert any("An addition." in piece.text for line in found["CL-10"].lines for piece in line.cells["en"])
    assert [piece.text for line in found["CL-05"].lines for piece in line.cells["en"] if piece.mark == "new"]


def test_tracked_changes_count_as_made() -> None:
    facts = complete()

    def act(document: Any) -> None:
        paragraph = row_of(document, "24.1").cells[2].paragraphs[0]
        gone, come = OxmlElement("w:del"), OxmlElement("w:ins")
        for run in list(paragraph._p.iter(qn("w:r"))):
            gone.append(run)
        for text in gone.iter(qn("w:t")):
            text.tag = qn("w:delText")
        run, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = "The defence is held in Welsh."
        run.append(text)
        come.append(run)
        paragraph._p.extend([gone, come])

    (line, *_rest) = changed(facts, edited(made(facts), act))["CL-24"].lines
    now = "".join(piece.text for piece in line.cells["en"] if piece.mark != "gone")
    assert now == "The defence is held in Welsh."


def test_notes_are_read_with_their_author_and_their_place() -> None:
    def act(document: Any) -> None:
        cell = row_of(document, "14.1").cells[1]
        document.add_comment(cell.paragraphs[0].runs, "Deux semestres chez nous ?", author="A. De Smet")

    (note,) = said(edited(made(complete()), act))["comments"]
    assert note == {"number": "14.1", "author": "A. De Smet", "text": "Deux semestres chez nous ?"}


def test_a_file_that_is_not_ours_bears_no_number() -> None:
    document, out = Document(), io.BytesIO()
    document.add_paragraph("A text of our own.")
    document.save(out)
    answer = said(out.getvalue())
    assert (answer["reference"], answer["rows"], answer["comments"]) == ("", [], [])


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl><w:tr><w:tc><w:p>
<w:r><w:t>1.1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"""
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><x>&d;</x>"""


@pytest.mark.parametrize("body", [ENTITIES, LAUGHS, b"<not xml", b""])
def test_a_hostile_body_opens_nothing_and_is_named(body: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", body)
    answer = said(out.getvalue())
    assert "root:" not in str(answer)
    assert answer.get("why") == "broken" or answer["rows"] in ([], [["1.1", [""]]])


def test_columns_come_back_in_whatever_order_and_a_nested_table_is_part_of_its_cell() -> None:
    def act(document: Any) -> None:
        cell = row_of(document, "14.1").cells[1]
        inner = cell.add_table(rows=1, cols=2)
        inner.rows[0].cells[0].text, inner.rows[0].cells[1].text = "2", "nested words"

    facts = complete()
    assert set(changed(facts, edited(made(facts), act))) == {"CL-14"}


def test_a_cell_in_a_content_control_is_read_like_any_other() -> None:
    def act(document: Any) -> None:
        row = row_of(document, "14.1")._tr
        cell = list(row.iter(qn("w:tc")))[1]
        control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        cell.addprevious(control)
        control.append(content)
        content.append(cell)

    facts = complete()
    assert changed(facts, edited(made(facts), act)) == {}


def test_a_damaged_file_is_named_for_what_it_is() -> None:
    data = bytearray(made(complete()))
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    assert said(bytes(data)).get("why", "broken") == "broken"
