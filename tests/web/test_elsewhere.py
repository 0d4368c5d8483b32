"""A partner's own PDF in the browser: taken in, read, approved, made ready to be signed; or recorded as signed."""

import io
import re

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.documents import signatures
from cotutelle.documents.fields import with_fields
from cotutelle.domain.convention.catalogue import ANNEXES, CLAUSES
from cotutelle.models import Convention, ConventionVersion, Thesis
from cotutelle.scope import as_system
from cotutelle.web.printing import store, trust
from tests.client import Client, Page
from tests.web.test_negotiation import approve, submit

CONVENTION = "/theses/LILLE-2026-0001/convention"


def text(pages: int = 1) -> bytes:
    pdf, out = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.fixture
def office(app: Flask) -> Client:
    client = Client(app)
    client.sign_in("administrator@tests.example")
    return client


def take(client: Client, data: bytes, name: str = "VUB agreement.pdf") -> Page:
    form = f"{CONVENTION}/elsewhere"
    return client.post(form, {"languages": ["nl", "en"], "file": (io.BytesIO(data), name)}, form=form)


def read(client: Client, **more: str) -> Page:
    """Say that every subject stands in the text."""
    form = f"{CONVENTION}/subjects"
    said = {f"state_{clause.id}": "there" for clause in (*CLAUSES, *ANNEXES)}
    return client.post(form, {**said, **more}, form=form)


def convention(app: Flask) -> tuple[str, str]:
    """The state of the convention and the digest of its newest version's file."""
    with app.app_context(), as_system(db.session(), "tests"):
        row = db.session.scalars(
            select(Convention).join(Thesis, Thesis.id == Convention.thesis_id)
            .where(Thesis.reference == "LILLE-2026-0001", Convention.current)
        ).one()  # fmt: skip
        version = db.session.scalars(
            select(ConventionVersion)
            .where(ConventionVersion.convention_id == row.id)
            .order_by(ConventionVersion.number.desc())
        ).first()
        found = row.state, (version.file_digest or "") if version else ""
        db.session.rollback()
    return found


def test_a_partners_pdf_goes_from_upload_to_the_file_that_everybody_signs(app: Flask, office: Client) -> None:
    assert take(office, text()).status == 303
    page = office.get(CONVENTION).text
    assert "VUB agreement.pdf" in page
    assert "Dutch" in page
    assert read(office, **{"place_CL-26": "Artikel 9"}).status == 303
    assert "Artikel 9" in office.get(CONVENTION).text
    assert submit(office).status == 303
    assert approve(office, "lille").status == 303
    assert approve(office, "ghent", note="Letter of 20 November").status == 303
    form = f"{CONVENTION}/final"
    assert office.post(form, {"wording": "y", "references": "y"}, form=form).status == 303
    state, digest = convention(app)
    assert state == "approved"
    with app.app_context(), as_system(db.session(), "tests"):
        data = store().read(db.session(), digest)
        db.session.rollback()
        assert data.startswith(text())
        assert "Signature1" in signatures.read(data, trust()).fields


def test_what_is_read_is_downloaded_and_never_shown_in_the_page(office: Client) -> None:
    take(office, text())
    page = office.get(f"{CONVENTION}/draft.pdf")
    assert page.response.data == text()
    assert page.response.headers["Content-Disposition"].startswith("attachment")


def test_a_docx_is_discussed_and_a_pdf_is_signed(app: Flask, office: Client) -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    assert take(office, out.getvalue(), "text.docx").status == 303
    read(office)
    submit(office)
    approve(office, "lille")
    approve(office, "ghent", note="Letter of 20 November")
    form = f"{CONVENTION}/final"
    refused = office.post(form, {"wording": "y", "references": "y"}, form=form)
    assert refused.status == 422
    assert "What is signed is a PDF: upload the text as a PDF." in refused.text


def test_what_departs_without_a_word_why_is_said_at_its_field_and_nothing_typed_is_lost(
    office: Client,
) -> None:
    take(office, text())
    page = read(office, **{"state_CL-26": "departs", "place_CL-26": "Artikel 9"})
    assert page.status == 422
    assert "Artikel 9" in page.text


def test_an_active_pdf_is_refused(office: Client) -> None:
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.save(out)
    page = take(office, out.getvalue())
    assert page.status == 422
    assert "VUB agreement.pdf" not in office.get(CONVENTION).text


def test_the_text_may_be_drafted_here_after_all(office: Client) -> None:
    take(office, text())
    assert office.post(f"{CONVENTION}/here", {}, form=CONVENTION).status == 303
    assert "VUB agreement.pdf" not in office.get(CONVENTION).text


def sign_elsewhere(client: Client, **more: str) -> Page:
    form = f"{CONVENTION}/signed"
    data = {
        "languages": ["en"], "signed_on": "2025-03-01", "effective_on": "", "expires_on": "2028-08-31",
        "signatories": "Ada Lovelace, rector, Ghent, 1 March 2025\nEmmy Noether, president, Lille, 20 February 2025",
        **more,
    }  # fmt: skip
    return client.post(form, {**data, "file": (io.BytesIO(text()), "signed.pdf")}, form=form)


def test_a_signed_convention_is_recorded_in_force_and_amended(app: Flask, office: Client) -> None:
    assert sign_elsewhere(office).status == 303
    assert convention(app)[0] == "in_force"
    page = office.get(CONVENTION).text
    assert "Amend the convention" in page
    assert "31 August 2028" in page
    form = f"{CONVENTION}/amend"
    data = {"triggers": ["extension"], "expires_on": "2030-12-31", "effective_on": ""}
    assert office.post(form, data, form=form).status == 303
    assert "Article 35" in office.get(CONVENTION).text
    assert "signed.pdf" in office.get(f"{CONVENTION}/consolidated").text
    assert sign_elsewhere(office, signed_on="2026-05-01", expires_on="2030-12-31").status == 303
    assert "amendment no. 1" in office.get(f"{CONVENTION}/consolidated").text


def test_a_day_that_has_not_come_is_refused_at_its_field(office: Client) -> None:
    page = sign_elsewhere(office, signed_on="2090-01-01", expires_on="2095-01-01")
    assert page.status == 422
    assert "Ada Lovelace, rector" in page.text


def test_every_article_of_such_a_text_has_its_page(office: Client) -> None:
    take(office, text())
    read(office)
    assert office.get(f"{CONVENTION}/articles/CL-35").status == 200
    assert office.get(f"{CONVENTION}/articles/FILE").status == 404


def test_a_file_in_which_nobody_could_sign_is_refused_before_anybody_discusses_it(office: Client) -> None:
    taken = with_fields(text(), ["Signature1"])
    page = take(office, taken)
    assert page.status == 422
    assert "Nobody could sign in this file" in page.text


def test_the_newest_text_is_taken_in_on_its_own_page_and_not_among_the_documents(office: Client) -> None:
    take(office, text())
    found = re.findall(r"/documents/([a-z0-9]+)/replace", office.get("/theses/LILLE-2026-0001").text)
    assert found == []
