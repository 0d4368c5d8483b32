"""The text of a convention as a DOCX that partners may write into, with a number by which it finds its way back."""

import io
from html.parser import HTMLParser
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from markupsafe import Markup

from cotutelle.documents.act import Sheet
from cotutelle.documents.convention import Section, sections
from cotutelle.documents.signatory import SIGNATURES, signature_page
from cotutelle.documents.words import words
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.language import best

MARK = "cotutelle:"
"""How the identifier of such a file begins: then come the reference of the thesis and the fingerprint of the text."""
NUMBERS = Mm(14)
"""How wide the column is in which the rows are numbered."""
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def make(facts: Facts, sheet: Sheet) -> bytes:
    """The text as it stands, a row for each paragraph and a column for each language, its number in every head."""
    document = Document()
    _set_up(document, facts, sheet)
    titles = [words(tag)["frame"]["title"] for tag in facts.languages]
    document.add_heading(titles[0], 0)
    for title in titles[1:]:
        document.add_paragraph(title, style="Subtitle")
    names = [best(party.names, facts.languages[0]) for party in facts.parties]
    document.add_paragraph(" · ".join(names))
    document.add_paragraph(f"{facts.candidate.name}, {best(facts.titles, facts.title_original)}")
    articles, annexes = sections(facts, facts.languages)
    table = document.add_table(rows=1, cols=1 + len(facts.languages), style="Table Grid")
    _share_width(table, document.sections[0])
    _head(table, facts)
    for letter, listed in (("", articles), ("A", annexes)):
        for part in listed:
            _add(table, letter, part, facts)
    _add_signatures(table, facts, len(annexes) + 1)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Any, facts: Facts, sheet: Sheet) -> None:
    about = document.core_properties
    about.identifier = f"{MARK}{facts.reference}:{sheet.fingerprint}"
    about.title = (
        f"{words(facts.languages[0])['frame']['title']} – {facts.candidate.name} – {facts.reference}"
    )
    about.author = about.last_modified_by = facts.lead.short_name
    about.language = facts.languages[0]
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    if len(facts.languages) > 2:
        page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    page.left_margin = page.right_margin = Mm(18)
    drafts = " / ".join(dict.fromkeys(words(tag)["frame"]["draft"] for tag in facts.languages))
    page.header.paragraphs[0].text = f"{drafts} · {MARK}{facts.reference} · {sheet.short}"
    document.styles["Normal"].font.size = Pt(9.5)


def _share_width(table: Any, page: Any) -> None:
    """A narrow column for numbers, and the rest of the page for the languages alike; rows added later take it over."""
    inside = page.page_width - page.left_margin - page.right_margin - NUMBERS
    table.autofit = False
    for index, column in enumerate(table.columns):
        column.width = NUMBERS if index == 0 else Emu(inside // (len(table.columns) - 1))
        table.rows[0].cells[index].width = column.width


def _head(table: Any, facts: Facts) -> None:
    row = table.rows[0]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(repeated)
    for cell, text in zip(
        row.cells, ["", *(words(tag)["frame"]["language_name"] for tag in facts.languages)], strict=True
    ):
        cell.paragraphs[0].add_run(text).bold = True


def _add(table: Any, letter: str, part: Section, facts: Facts) -> None:
    kind = "annex" if letter else "article"
    cells = table.add_row().cells
    cells[0].text = f"{letter}{part.number}"
    for cell, tag, title in zip(cells[1:], facts.languages, part.titles, strict=True):
        run = cell.paragraphs[0].add_run(f"{words(tag)['frame'][kind]} {part.number}. {title}")
        run.bold = True
        _speak(run, tag)
    for row in part.rows:
        cells = table.add_row().cells
        cells[0].text = f"{letter}{row.number}"
        for cell, tag, text in zip(cells[1:], facts.languages, row.texts, strict=True):
            _write(cell, tag, text)


def _add_signatures(table: Any, facts: Facts, number: int) -> None:
    page = signature_page(facts, number)
    cells = table.add_row().cells
    cells[0].text = SIGNATURES
    for cell, tag in zip(cells[1:], facts.languages, strict=True):
        cell.paragraphs[0].add_run(page["titles"][tag]).bold = True
    for index, row in enumerate(page["rows"], start=1):
        cells = table.add_row().cells
        cells[0].text = f"{SIGNATURES}.{index}"
        for cell, tag in zip(cells[1:], facts.languages, strict=True):
            _write(cell, tag, Markup.escape(row[tag]))


def _write(cell: Any, language: str, text: Markup) -> None:
    runs = _Runs(cell.paragraphs[0], language)
    runs.feed(str(text))
    runs.close()  # or what follows a last ampersand would be kept back


class _Runs(HTMLParser):
    """A worded cell as runs of a paragraph: bold, italics, and blanks that stand out."""

    def __init__(self, paragraph: Any, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraph, self.language, self.within = paragraph, language, []  # type: tuple[Any, str, list[str]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what is open."""
        self.within.append("blank" if tag == "b" else tag)

    def handle_endtag(self, tag: str) -> None:
        """Forget what was closed."""
        if self.within:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        """Some words with the looks that are open."""
        run = self.paragraph.add_run(data)
        run.bold = "strong" in self.within or "blank" in self.within or None
        run.italic = "em" in self.within or None
        if "blank" in self.within:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            run.font.color.rgb = RGBColor(0xA8, 0x20, 0x1A)
        _speak(run, self.language)


def _speak(run: Any, language: str) -> None:
    """Say in which language words are, so that they are spelt and read aloud in it."""
    said = OxmlElement("w:lang")
    said.set(qn("w:val"), language)
    run._r.get_or_add_rPr().append(said)
