"""The list for a spreadsheet: as it is filtered, whole, and nothing that the reader does not see."""

import csv
import io
import zipfile

import pytest
from flask import Flask

from tests.client import Client


def reader(app: Flask, who: str) -> Client:
    client = Client(app)
    client.sign_in(f"{who}@tests.example")
    return client


def listed(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/theses.csv{query}").response
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))


def test_all_of_the_list_is_exported_whatever_fits_on_a_page(app: Flask) -> None:
    app.config["PAGE_SIZE"] = 1
    rows = listed(reader(app, "auditor"))
    assert {row["Reference"] for row in rows} == {"LILLE-2026-0001", "LILLE-2026-0002"}
    first = next(row for row in rows if row["Reference"] == "LILLE-2026-0001")
    assert (first["Institutions"], first["Countries"], first["School"]) == (
        "Lille, UGent",
        "France, Belgium",
        "SHS",
    )
    assert first["First year"] == "2026"


@pytest.mark.parametrize(
    ("query", "found"),
    [("?partner=ghent", 1), ("?country=BE&since=2026", 2), ("?q=nobody", 0), ("?state=draft", 2)],
)
def test_it_is_narrowed_as_the_list_is(app: Flask, query: str, found: int) -> None:
    assert len(listed(reader(app, "auditor"), query)) == found


@pytest.mark.parametrize(("who", "found"), [("ghent_administrator", 1), ("candidate", 1), ("stranger", 0)])
def test_nobody_takes_away_what_they_do_not_see(app: Flask, who: str, found: int) -> None:
    assert len(listed(reader(app, who))) == found


def test_the_workbook_holds_the_same_and_is_named_after_the_day(app: Flask) -> None:
    answer = reader(app, "auditor").get("/theses.xlsx").response
    assert answer.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "theses-20" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "LILLE-2026-0001" in sheet
    assert sheet.count("<row ") == 3


def test_who_is_not_signed_in_is_asked_to(app: Flask) -> None:
    assert Client(app).get("/theses.csv").location.startswith("/sign-in")
