"""Tables that go out: what was written is what a spreadsheet reads, and no text is a formula."""

import csv
import io
import zipfile
from datetime import date
from itertools import repeat

import pytest

from cotutelle.exchange.sheet import LONGEST, Cell, write_csv, write_xlsx

HEADS = ["Référence", "Titre", "Année", "Depuis"]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example","a")']


def as_csv(rows: list[list[Cell]]) -> list[list[str]]:
    out = io.BytesIO()
    write_csv(out, HEADS, rows)
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig")), delimiter=";"))


def as_xlsx(rows: list[list[Cell]]) -> tuple[str, str]:
    """The sheet and the strings of the workbook, as they stand in it."""
    out = io.BytesIO()
    write_xlsx(out, "Thèses", HEADS, rows)
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        strings = archive.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in names else ""
        return archive.read("xl/worksheets/sheet1.xml").decode(), strings


def test_texts_with_every_sign_that_parts_or_quotes_come_back() -> None:
    rows: list[list[Cell]] = [
        ['a;b"c', "ligne\nautre – é 🦉", 2026, date(2026, 11, 24)],
        ["", None, None, None],
    ]
    assert as_csv(rows) == [HEADS, ['a;b"c', "ligne\nautre – é 🦉", "2026", "2026-11-24"], ["", "", "", ""]]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_like_a_formula_is_a_text(text: str) -> None:
    assert as_csv([[text, "", 1, None]])[1][0] == f"'{text}"
    sheet, _strings = as_xlsx([[text, "", 1, None]])
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_a_day_is_a_day_and_a_number_a_number_under_headings_that_stay() -> None:
    sheet, _strings = as_xlsx([["A", "b", 2026, date(2026, 11, 24)]])
    assert "<v>46350</v>" in sheet
    assert "<v>2026</v>" in sheet
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:D2"/>' in sheet


def test_an_empty_table_has_its_headings_and_a_cell_too_long_is_cut() -> None:
    assert as_csv([]) == [HEADS]
    sheet, _strings = as_xlsx([])
    assert '<autoFilter ref="A1:D1"/>' in sheet
    long, _strings = as_xlsx([["x" * 40_000, "", 1, None]])
    assert "x" * LONGEST in long
    assert "x" * (LONGEST + 1) not in long


def test_a_hundred_thousand_rows_are_written_one_at_a_time() -> None:
    taken = []

    def rows() -> object:
        for number, row in enumerate(repeat(["A", "b", 1, None], 100_000)):
            taken.append(number)
            yield row

    out = io.BytesIO()
    write_csv(out, HEADS, rows())  # type: ignore[arg-type]
    assert len(taken) == 100_000
    assert out.getvalue().count(b"\r\n") == 100_001
