"""A draft goes out as DOCX and comes back: recognised, compared, noted as what is asked; nothing taken over by itself."""

import io
import re
from typing import Any

import pytest
from docx import Document
from flask import Flask

from tests.client import Client, Page

CONVENTION = "/theses/LILLE-2026-0001/convention"


@pytest.fixture
def office(app: Flask) -> Client:
    client = Client(app)
    client.sign_in("administrator@tests.example")
    return client


def went_out(client: Client) -> Any:
    answer = client.get(f"{CONVENTION}/draft.docx")
    assert answer.status == 200
    assert "attachment" in answer.response.headers["Content-Disposition"]
    return Document(io.BytesIO(answer.response.data))


def came_back(client: Client, document: Any, thesis: str = "LILLE-2026-0001") -> Page:
    out = io.BytesIO()
    document.save(out)
    form = f"/theses/{thesis}/convention/returned"
    return client.post(form, {"file": (io.BytesIO(out.getvalue()), "back.docx")}, form=form)


def written(document: Any, number: str, text: str) -> Any:
    row = next(row for row in document.tables[0].rows if row.cells[0].text == number)
    row.cells[2].paragraphs[0].add_run(text)
    return document


def test_what_was_written_into_it_is_shown_and_can_be_noted_as_a_change_that_is_asked(office: Client) -> None:
    page = came_back(office, written(went_out(office), "14.1", " Six months at least."))
    assert page.status == 200
    assert "Six months at least." in page.text
    assert "compared with the text as it stands now" in page.text
    form = re.search(r'name="proposal" value="([^"]*)"', page.text)
    assert form
    said = {"prefill": "yes", "clause": "CL-14", "proposal": form[1]}
    asked = office.post(f"{CONVENTION}/points/add", said, form=f"{CONVENTION}/returned")
    assert asked.status == 200
    assert "Six months at least." in asked.text
    assert not asked.errors
    assert "Six months at least." not in office.get(CONVENTION).text


def test_an_untouched_one_says_what_went_out(office: Client) -> None:
    assert "No word differs" in came_back(office, went_out(office)).text


def test_one_of_another_thesis_or_without_number_is_named(app: Flask, office: Client) -> None:
    assert "bears no number of ours" in came_back(office, Document()).text
    other = went_out(office)
    other.core_properties.identifier = "cotutelle:LILLE-2019-0042:" + "0" * 64
    page = came_back(office, other)
    assert "another thesis" in page.text
    assert "LILLE-2019-0042" in page.text


def test_another_kind_of_file_is_refused_beside_its_field(office: Client) -> None:
    form = f"{CONVENTION}/returned"
    for data in (b"%PDF-1.7 x", b"text", b""):
        answer = office.post(form, {"file": (io.BytesIO(data), "back.docx")}, form=form)
        assert answer.status == 422
        assert answer.errors


def test_columns_that_were_swapped_are_read_by_their_names_and_one_that_is_gone_is_named(
    office: Client,
) -> None:
    swapped = went_out(office)
    for row in swapped.tables[0].rows:
        row._tr.append(list(row._tr.iterchildren("{*}tc"))[1])
    assert "No word differs" in came_back(office, swapped).text
    gone = went_out(office)
    for row in gone.tables[0].rows:
        row._tr.remove(list(row._tr.iterchildren("{*}tc"))[1])
    answer = came_back(office, gone)
    assert answer.status == 422
    assert any("cannot be compared" in error for error in answer.errors)
