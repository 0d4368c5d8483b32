"""Tables that go out: CSV for spreadsheets in French, and XLSX with real days; no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO

import xlsxwriter

Cell = str | int | date | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would take for a formula."""
WIDEST, NARROWEST = 48, 10
LONGEST = 32_000
"""Signs that a cell holds at most; the program that reads it takes no more than 32,767."""


def write_csv(out: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows as UTF-8 with its mark, parted by semicolons; days as 2026-11-24."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow([_safe(name) for name in headings])
    for row in rows:
        table.writerow([_safe(cell) if isinstance(cell, str) else cell for cell in row])
    text.flush()
    text.detach()


def write_xlsx(out: IO[bytes], name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows as one sheet, a row at a time: bold headings that stay, a filter on each, days as days."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "in_memory": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold, day = (
            book.add_format({"bold": True, "bottom": 1}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 1)
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, min(WIDEST, max(NARROWEST, len(heading) + 4)))
        sheet.write_row(0, 0, headings, bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(last, column, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(last, column, cell)
                elif cell:
                    sheet.write_string(last, column, cell[:LONGEST])
        sheet.autofilter(0, 0, last, len(headings) - 1)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
