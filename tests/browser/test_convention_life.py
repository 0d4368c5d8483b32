"""The whole life of one convention of Lille, Ghent and Laval: argued about, agreed, signed in four ways, sealed, amended.

Two offices sit at their browsers; the file is verified by the library that reads signatures and by another program;
an amendment extends it, and the text of a day says which of both it is.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle import clock, mail
from cotutelle.cli.closing import close_due
from cotutelle.db import db, transaction
from cotutelle.documents import authority
from cotutelle.documents import signatures as signed_files
from cotutelle.models import Closing, Message, SignOff, Thesis, texts_of
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_round, convention_terms, supervision
from cotutelle.operations import institution as directory
from cotutelle.operations import thesis as theses
from cotutelle.operations.standing import standing
from cotutelle.scope import as_system
from cotutelle.web.printing import store, trust
from tests.browser.conftest import sign_in
from tests.builders import ACTOR, NOW, PASSWORD, World, institution, party, person
from tests.documents import sealing
from tests.documents.samples import complete_terms
from tests.files import picture
from tests.operations import complete
from tests.operations.in_force import everybody, sign

pytestmark = pytest.mark.browser
Window = Callable[..., BrowserContext]
REFERENCE = "LILLE-2026-0001"


def with_laval(session: Session, thesis: Thesis) -> None:
    """A complete file of three institutions: what the convention of two has, with Laval beside."""
    today = clock.today()
    complete.completed(session, thesis)
    laval = institution(session, "laval")
    laval.head_name, laval.head_capacity, laval.head_gender = "Ada Lovelace", "rector", "woman"
    role = {"fr": "bureau", "en": "office"}
    directory.add_contact(
        session, laval, "Bureau", role, ACTOR, NOW, email="b@laval.example", for_conventions=True
    )
    said = texts_of(session, "thesis_institution", [row.id for row in thesis.parties], "discipline")
    listed = [
        replace(
            party(session, row.institution.code, lead=row.lead), school_id=row.school_id, unit_id=row.unit_id,
            first_enrolment=row.first_enrolment, discipline=said[row.id]["discipline"],
        )
        for row in thesis.parties
    ]  # fmt: skip
    third = replace(
        party(session, "laval", laval.schools[0].code), unit_id=complete.unit(session, "laval").id, first_enrolment=date(2026, 10, 1),
        discipline={"fr": "Hydrologie", "en": "Hydrology"},
    )  # fmt: skip
    theses.edit_parties(session, thesis, [*listed, third], thesis.version, ACTOR, NOW, today=today)
    supervision.add_supervisor(
        session, thesis, person(session, "Tremblay", "Luc", email="luc@laval.example"), laval.id, "director",
        ACTOR, NOW, today=today, position="professeur",
    )  # fmt: skip
    row = conventions.current(session, thesis)
    terms = complete_terms(("lille", "ghent", "laval"), tuple(row.languages)).values
    convention_terms.edit_terms(session, thesis, row, terms, None, ACTOR, NOW, today=today)


class Life:
    """Two offices at their browsers, and what is looked up beside them."""

    def __init__(self, app: Flask, address: str, window: Window, world: World, folder: Path) -> None:
        self.app, self.base, self.folder = app, f"{address}/theses/{REFERENCE}", folder
        self.address = address
        self.lille, self.ghent = (
            self.at(window(1440, "en"), world.emails[who]) for who in ("administrator", "ghent_administrator")
        )
        self.guest = window(390, "en").new_page()

    def at(self, context: BrowserContext, email: str) -> Page:
        page = context.new_page()
        page.set_default_timeout(120_000)  # a convention of three is drawn and sealed on a busy machine
        sign_in(page, self.address, email, PASSWORD)
        return page

    @contextmanager
    def beside(self) -> Iterator[tuple[Session, Thesis]]:
        with self.app.app_context(), transaction() as session, as_system(session, "tests"):
            yield session, session.scalars(select(Thesis).where(Thesis.reference == REFERENCE)).one()

    def press(self, page: Page, name: str) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()
        page.wait_for_load_state()
        assert page.locator(".ct-error-summary").count() == 0, page.locator("main").inner_text()

    def fill(self, page: Page, path: str, act: str, **values: str) -> None:
        """Open a form, fill it in, send it."""
        page.goto(f"{self.base}/{path}")
        for name, value in values.items():
            field = page.locator(f"[name='{name}']")
            if field.first.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            elif field.first.get_attribute("type") in ("radio", "checkbox"):
                page.locator(f"[name='{name}'][value='{value}']").check()
            else:
                field.fill(value)
        self.press(page, act)

    def says(self, page: Page, *sentences: str, path: str = "convention") -> None:
        page.goto(f"{self.base}/{path}")
        told = page.locator("main").inner_text()
        for sentence in sentences:
            assert sentence in told, (sentence, told)

    # The acts

    def argue(self, clause: str, what: str, answer: str) -> None:
        """Ghent asks for a change, Lille answers, and the point is settled."""
        self.fill(
            self.ghent, "convention/points/add", "Ask for it", clause=clause, proposal=what, reason="Our regulations.",
            owner="lille",
        )  # fmt: skip
        self.lille.goto(f"{self.base}/convention")
        self.lille.locator("#points li.ct-row", has_text=what).locator("a").first.click()
        self.lille.locator("textarea[name=text]").fill(answer)
        self.lille.locator("[name=state][value=settled]").check()
        self.press(self.lille, "Answer")

    def approve_all(self) -> None:
        self.fill(self.ghent, "convention/approve?institution=ghent", "Approve this version")
        self.fill(self.lille, "convention/approve?institution=lille", "Approve this version")
        self.fill(
            self.lille, "convention/approve?institution=laval", "Approve this version",
            note="Letter of the dean, 20 November",
        )  # fmt: skip

    def make(self) -> None:
        """The final version; what was accepted once is not asked again."""
        self.lille.goto(f"{self.base}/convention/final")
        for name in ("wording", "references"):
            box = self.lille.locator(f"input[name={name}]")
            if box.count():
                box.check()
        self.press(self.lille, "Make the final version")

    def ask(self) -> None:
        with self.beside() as (session, thesis):
            from cotutelle.operations import signoff

            milestone = convention_round.milestone_of(session, conventions.current(session, thesis))
            assert milestone is not None
            signoff.ask(
                session, thesis, milestone, everybody(session, thesis), None, None, ACTOR, clock.now(),
                today=clock.today(),
            )  # fmt: skip

    def asked(self) -> list[SignOff]:
        """Who is asked now."""
        with self.beside() as (session, thesis):
            milestone = convention_round.milestone_of(session, conventions.current(session, thesis))
            assert milestone is not None
            rows = [row for row in standing(session, milestone).values() if row and row.state == "asked"]
            for row in rows:
                session.refresh(row)
                _ = row.person.email
            session.expunge_all()
            return rows

    def letter(self, to: str, kind: str = "ask") -> str:
        """The newest letter of a kind to somebody, as it leaves."""
        with self.beside() as (session, _thesis):
            row = session.scalars(
                select(Message).where(Message.kind == kind, Message.to == to).order_by(Message.queued_at.desc())
            ).first()  # fmt: skip
            assert row is not None, to
            return mail.filled(row, row.body)

    def link(self, to: str) -> str:
        return next(word for word in self.letter(to).split() if "/link/" in word)

    def code(self, to: str) -> str:
        return next(line[-6:] for line in self.letter(to, "code").splitlines() if line[-6:].isdigit())

    def click(self, row: SignOff) -> None:
        """Sign by a link and a code, on a phone, without an account."""
        page = self.guest
        page.goto(self.link(row.person.email))
        page.locator("button[form=send-code]").click()
        page.wait_for_load_state()
        page.locator("[name=code]").fill(self.code(row.person.email))
        page.locator("button[name=answer][value=approved]").click()
        page.wait_for_load_state()
        assert "You have signed." in page.locator("main").inner_text()

    def with_certificate(self, row: SignOff, issuer: authority.Authority, field: str) -> None:
        """Take the file, sign it in a tool of one's own, bring it back."""
        page = self.guest
        page.goto(self.link(row.person.email))
        page.get_by_role("link", name="Sign with a certificate").first.click()
        self.press(page, "Take the file")
        with page.expect_download() as taken:
            page.locator("a[href*='download']").first.click()
        lent = Path(taken.value.path()).read_bytes()
        signed = self.folder / "signed.pdf"
        key = issuer.issue(row.person.name, "Ghent")
        signed.write_bytes(sealing.signed(lent, key, field))
        page.set_input_files("input[type=file]", signed)
        self.press(page, "Bring the file back")

    def record(self, row: SignOff, way: str) -> None:
        """The office records a signature that exists elsewhere."""
        scan = self.folder / "scan.png"
        scan.write_bytes(picture("PNG"))
        self.lille.goto(f"{self.base}/convention")
        self.lille.locator("#signatures a", has_text="All about").click()
        self.lille.wait_for_url("**/calendar/**")
        here = self.lille.url.rstrip("/")
        self.lille.goto(f"{here}/paper")
        self.lille.select_option("[name=way]", way)
        self.lille.select_option("[name=slot]", f"{row.signer}:{row.side}")
        self.lille.select_option("[name=who]", "other")
        self.lille.locator("details.ct-help summary").click()
        self.lille.fill("[name=given_names]", "Ada")
        self.lille.fill("[name=family_name]", "Lovelace")
        self.lille.fill("[name=on]", clock.today().isoformat())
        self.lille.set_input_files("input[type=file]", scan)
        self.press(self.lille, "Record the signature")

    def the_rest(self) -> None:
        """Everybody else signs as the usual levels ask."""
        while rows := self.asked():
            with self.beside() as (session, _thesis):
                for row in rows:
                    sign(session, session.get_one(SignOff, row.id))

    def close(self) -> Closing:
        with self.app.app_context():
            close_due()
        with self.beside() as (session, thesis):
            row = session.scalars(
                select(Closing).where(Closing.thesis_id == thesis.id).order_by(Closing.id.desc())
            ).first()
            assert row is not None
            session.expunge(row)
            return row

    def bytes_of(self, row: Closing) -> bytes:
        with self.app.app_context(), as_system(db.session(), "tests"):
            data = store().read(db.session(), row.file_digest)
            db.session.rollback()
            return data


@pytest.fixture
def life(served: Flask, address: str, window: Window, world: World, tmp_path: Path) -> Life:
    authority.settle(Path(served.instance_path) / "authority", "Université de Lille")
    found = Life(served, address, window, world, tmp_path)
    with found.beside() as (session, thesis):
        with_laval(session, thesis)
    return found


def sound(life: Life, data: bytes, tmp_path: Path, people: int) -> None:
    """Both readers find every signature valid."""
    with life.app.app_context():
        reading = signed_files.read(data, trust())
    assert len([each for each in reading.signatures if each.mark == "signature"]) == people
    assert all(each.unaltered for each in reading.signatures)
    path = tmp_path / "closed.pdf"
    path.write_bytes(data)
    told = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout
    assert told.count("Signature is Valid.") == people + 1, told


def test_from_draft_to_the_consolidated_text(life: Life, tmp_path: Path) -> None:
    # two rounds of negotiation and a derogation
    life.fill(life.lille, "convention/put", "Submit it")
    life.argue("CL-26", "Nine members at most.", "Agreed: nine.")
    life.fill(life.lille, "convention/terms/jury", "Save", jury_max="9")
    life.fill(life.lille, "convention/put", "Submit it")
    life.says(life.ghent, "Version 2 has been with the institutions")
    life.argue("CL-27", "The defence in two sessions.", "One session; a rule is set aside instead.")
    derogation(life)
    life.fill(life.lille, "convention/put", "Submit it")
    life.approve_all()
    life.says(life.lille, "Every institution approved version 3.")
    # four kinds of signature
    life.make()
    life.ask()
    partner = sealing.believed(Path(life.app.instance_path))
    life.click(life.asked()[0])
    (director,) = life.asked()
    life.with_certificate(director, partner, field_of(life, director))
    life.record(life.asked()[0], "paper")
    life.record(life.asked()[0], "recorded")
    life.the_rest()
    life.says(life.lille, "In force")
    # closing, seal, verification
    first = life.close()
    assert first.sealed
    life.says(life.ghent, "Number LILLE-2026-0001-3", "Sealed by")
    sound(life, life.bytes_of(first), tmp_path, people=1)
    # an amendment that extends it
    life.fill(
        life.lille, "convention/amend", "Begin the amendment", triggers="extension", expires_on="2032-08-31",
        reason_fr="Une saison de plus.", reason_en="One more season.",
    )  # fmt: skip
    life.says(life.ghent, "Amendment no. 1", "1 article changed", "One more season.")
    life.fill(life.lille, "convention/put", "Submit it")
    life.approve_all()
    life.make()
    life.ask()
    life.click(life.asked()[0])
    life.the_rest()
    second = life.close()
    assert second.number == "LILLE-2026-0001-4"
    sound(life, life.bytes_of(second), tmp_path, people=0)
    # the text of a day
    life.says(
        life.ghent, "31 August 2032", "amendment no. 1", path=f"convention/consolidated?on={clock.today()}"
    )
    life.says(
        life.lille, "No text of this convention was in force", path="convention/consolidated?on=2020-01-01"
    )


def derogation(life: Life) -> None:
    """A rule is set aside in every language, with its reason and what holds instead."""
    page = life.lille
    page.goto(f"{life.base}/convention/derogations/add")
    page.select_option("[name=rule]", index=1)
    page.fill("[name=article]", "Article 18")
    page.select_option("[name=asked_by]", index=1)
    for name in ("reason_fr", "reason_en", "replacement_fr", "replacement_en"):
        page.fill(f"[name={name}]", "Words of this derogation.")
    life.press(page, "Save")


def field_of(life: Life, row: SignOff) -> str:
    """The field in which somebody signs."""
    from cotutelle.documents.signatory import field_of as place
    from cotutelle.domain.convention import record

    with life.beside() as (session, thesis):
        facts: Any = record.from_json(conventions.current(session, thesis).agreed or {})
    return place(facts, row.signer, row.side, row.person.name)
