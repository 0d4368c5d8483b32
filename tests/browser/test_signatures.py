"""One thesis from registration to diplomas: six people of two universities, two of them without accounts.

They read real mails from a real SMTP server, in French and in English, and sign in a real browser: the office at a
desk, the candidate on a phone, a director and the head of a unit by nothing but a link.
"""

import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from cotutelle import clock, mail
from cotutelle.db import db, transaction
from cotutelle.models import Event, Milestone, Person, SignOff, Thesis
from cotutelle.operations import account as accounts
from cotutelle.scope import as_system
from tests.browser.conftest import sign_in, violations
from tests.builders import ACTOR, NOW, PASSWORD, World, institution
from tests.files import picture

pytestmark = pytest.mark.browser
Window = Callable[..., BrowserContext]
CANDIDATE, DIRECTOR = "lea.martin@tests.example", "alain.dupont@tests.example"
ABROAD, UNIT = "an.peeters@tests.example", "unit.head@tests.example"


def text_of(message: EmailMessage) -> str:
    """Subject and plain text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return f"{message['Subject']}\n{body.get_content()}"


class PostOffice:
    """A real SMTP server that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=email_policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def newest(self, to: str, *words: str) -> str:
        """The newest mail to somebody that holds one of these words."""
        found = [text_of(m) for m in self.mails if m["To"] == to]
        held = [text for text in found if any(word in text for word in words)]
        assert held, f"no mail to {to} about {words}: {[(m['To'], m['Subject']) for m in self.mails]}"
        return held[-1]


@pytest.fixture
def post(served: Flask) -> Iterator[PostOffice]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    served.config["SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    yield office
    controller.stop(no_assert=True)


class Play:
    """The six people at their browsers, and what each of them does."""

    def __init__(
        self, app: Flask, address: str, post: PostOffice, window: Window, world: World, folder: Path
    ) -> None:
        self.app, self.address, self.post, self.folder = app, address, post, folder
        self.office = self.at(window(1440, "fr"), world.emails["administrator"])
        self.ghent = self.at(window(1440, "en"), world.emails["ghent_administrator"])
        self.window = window
        self.guest = window(1440, "en").new_page()  # whoever comes by a link, in the language of the letter
        self.guest.context.clear_cookies()
        self.accounts: dict[str, Page] = {world.emails["administrator"]: self.office}
        self.reference = ""

    def at(self, context: BrowserContext, email: str) -> Page:
        page = context.new_page()
        sign_in(page, self.address, email, PASSWORD)
        return page

    def opens(self, email: str, width: int, language: str) -> None:
        """Somebody who was entered as a person gets an account, and signs in."""
        with self.app.app_context(), transaction() as session, as_system(session, "tests"):
            who = session.scalars(select(Person).where(Person.email == email)).one()
            accounts.open_account(session, who, email, language, ACTOR, NOW, password=PASSWORD)
        self.accounts[email] = self.at(self.window(width, language), email)

    def deliver(self) -> None:
        mail.deliver(self.app, 200)

    def submit(self, page: Page, name: str) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()
        page.wait_for_load_state()

    def milestone(self, kind: str, side: str = "") -> str:
        """The address of the first open milestone of a kind."""
        with self.app.app_context(), as_system(db.session(), "tests") as session:
            row = session.scalars(
                select(Milestone)
                .join(Thesis, Thesis.id == Milestone.thesis_id)
                .where(Thesis.reference == self.reference, Milestone.kind == kind, Milestone.side == side)
                .order_by(Milestone.year)
            ).first()
            assert row is not None, kind
            session.rollback()
            return f"{self.address}/theses/{self.reference}/calendar/{row.public_id}"

    def ask(self, kind: str, side: str, people: dict[str, tuple[str, str, str]], *, document: bool) -> None:
        """The office asks for the signatures of a milestone; whoever is not known yet is entered by name."""
        page = self.office
        page.goto(f"{self.milestone(kind, side)}/ask")
        if document:
            page.set_input_files("input[type=file]", self.paper())
        for fieldset in page.locator("fieldset.ct-fieldset").all():
            chosen = fieldset.locator("select[name$='-who']")
            if chosen.input_value() == "other":
                legend = fieldset.locator("legend").inner_text()
                fitting = [value for key, value in people.items() if key in legend]
                assert fitting, f"nobody is ready to sign as {legend}"
                given, family, email = fitting[0]
                fieldset.locator("input[name$='-given_names']").fill(given)
                fieldset.locator("input[name$='-family_name']").fill(family)
                fieldset.locator("input[name$='-email']").fill(email)
        self.submit(page, "Envoyer les demandes")
        assert page.locator(".ct-notice").count() == 1, page.locator("main").inner_text()
        self.deliver()

    def paper(self) -> str:
        path = self.folder / "document.png"
        path.write_bytes(picture("PNG", 40))
        return str(path)

    def asked(self) -> list[tuple[str, str]]:
        """Who is asked now: address and public name of the signature."""
        with self.app.app_context(), as_system(db.session(), "tests") as session:
            rows = session.scalars(
                select(SignOff)
                .join(Thesis, Thesis.id == SignOff.thesis_id)
                .where(Thesis.reference == self.reference, SignOff.state == "asked")
                .order_by(SignOff.position, SignOff.id)
            ).all()
            found = [(row.person.email, row.public_id) for row in rows]
            session.rollback()
            return found

    def everybody_signs(self) -> None:
        """Each who is asked signs in their own way, until nobody is asked any more."""
        while now := self.asked():
            for email, sign_off in now:
                if email in self.accounts:
                    page = self.accounts[email]
                    page.goto(f"{self.address}/waiting/{sign_off}")
                    page.locator("button[name=answer][value=approved]").click()
                else:
                    page = self.guest
                    self.by_link(email)
                page.wait_for_load_state()
                assert re.search("Vous avez signé|You have signed", page.locator("h1").inner_text())
            self.deliver()

    def by_link(self, email: str) -> None:
        letter = self.post.newest(email, "/link/sign/")
        page = self.guest
        page.goto(re.findall(r"(http://\S+/link/sign/\S+)", letter)[0])
        code = re.findall(r"(?:code)\D*(\d{6})", letter)[0]
        if page.locator("button[form=send-code]").count():
            page.locator("button[form=send-code]").click()
            page.wait_for_load_state()
            self.deliver()
            fresh = self.post.newest(email, "ten minutes", "dix minutes")
            code = re.findall(r"^(\d{6})\s*$", fresh, re.MULTILINE)[0]
        page.fill("input[name=code]", code)
        page.locator("button[name=answer][value=approved]").click()

    def move(self, state: str) -> None:
        page = self.office
        page.goto(f"{self.address}/theses/{self.reference}/move")
        page.locator(f"input[name=to][value={state}]").check()
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(f"**/theses/{self.reference}")

    def defend(self) -> None:
        page = self.office
        page.goto(f"{self.address}/theses/{self.reference}/defence")
        page.locator("input[name=result][value=admitted]").check()
        page.locator("input[name=on]").fill(clock.today().isoformat())
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(f"**/theses/{self.reference}")


def test_one_thesis_is_played_from_registration_to_diplomas_by_six_people(
    served: Flask, address: str, post: PostOffice, window: Window, world: World, tmp_path: Path
) -> None:
    play = Play(served, address, post, window, world, tmp_path)
    page, today = play.office, clock.today()

    # the office of Lille registers the thesis, names both directors, and plans the defence
    page.goto(f"{address}/theses/new")
    page.fill("#family_name", "Martin")
    page.fill("#given_names", "Léa")
    page.fill("#email", CANDIDATE)
    page.fill("#title", "Les digues et leurs gens")
    page.select_option("#title_language", "fr")
    page.select_option("#parties-1-institution", "ghent")
    with served.app_context():
        school = institution(db.session(), "ghent").schools[0].public_id
        db.session.rollback()
    page.select_option("#parties-1-school", school)
    for row in (0, 1):
        page.fill(f"#parties-{row}-first_enrolment", (today - timedelta(days=20)).isoformat())
    play.accounts[world.emails["ghent_administrator"]] = play.ghent
    play.submit(page, "Enregistrer la thèse")
    page.wait_for_url("**/steps")
    play.reference = page.url.split("/theses/")[1].split("/")[0]
    for given, family, email, side in (
        ("Alain", "Dupont", DIRECTOR, "lille"),
        ("An", "Peeters", ABROAD, "ghent"),
    ):
        page.goto(f"{address}/theses/{play.reference}/supervisors/add")
        page.fill("#family_name", family)
        page.fill("#given_names", given)
        page.fill("#email", email)
        page.select_option("#institution", side)
        page.select_option("#role", "director")
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
    page.goto(f"{address}/theses/{play.reference}/edit")
    page.fill("#defence_on", (today - timedelta(days=1)).isoformat())
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**/theses/{play.reference}")
    play.move("admitted")
    play.move("running")

    # the candidate and the director of Lille have accounts; the director of Ghent and the head of the unit do not
    play.opens(CANDIDATE, 360, "fr")
    play.opens(DIRECTOR, 1440, "fr")
    phone = play.accounts[CANDIDATE]
    phone.goto(address)
    assert "Où en est votre thèse" in phone.locator("main").inner_text()
    assert not violations(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360

    # the charter: five signatures, side by side, of a document that the office adds
    strangers = {"unité": ("Ada", "Chef", UNIT), "établissement": ("Eve", "Recteur", UNIT)}
    play.ask("charter", "lille", strangers, document=True)
    assert "To sign: Doctoral charter" in " ".join(str(m["Subject"]) for m in post.mails)
    assert "À signer" in " ".join(str(m["Subject"]) for m in post.mails)
    phone.goto(f"{address}/waiting")
    assert not violations(phone)
    play.everybody_signs()
    assert "You signed, on" in post.newest(ABROAD, "Receipt")
    phone.goto(play.milestone("charter", "lille"))
    assert "5 / 5" in phone.locator("main").inner_text()

    # then what a thesis needs on its way, each asked, signed, and done by its signatures
    for kind, side, document in (
        ("training_agreement", "lille", True),
        ("ethics_training", "lille", True),
        ("rapporteurs", "", False),
        ("jury_validated", "lille", False),
        ("deposit", "", True),
        ("authorisation", "lille", False),
    ):
        with served.app_context(), as_system(db.session(), "tests") as session:
            known = session.scalar(
                select(Milestone.id)
                .join(Thesis)
                .where(Thesis.reference == play.reference, Milestone.kind == kind, Milestone.side == side)
                .limit(1)
            )
            session.rollback()
        if known is not None:
            play.ask(kind, side, strangers, document=document)
            play.everybody_signs()

    # the defence is held; its report reaches the candidate; both universities award
    play.move("pre_defence")
    play.defend()
    play.ask("defence_report", "", strangers, document=True)
    play.everybody_signs()
    for side in ("lille", "ghent"):
        play.ask("diploma", side, strangers, document=False)
        play.everybody_signs()
    play.move("completed")

    with served.app_context(), as_system(db.session(), "tests") as session:
        happened = set(
            session.scalars(select(Event.kind).join(Thesis).where(Thesis.reference == play.reference))
        )
        session.rollback()
    assert {
        "charter",
        "training_agreement",
        "rapporteurs_named",
        "deposit",
        "authorisation",
        "diploma",
    } <= happened
    phone.goto(f"{address}/theses/{play.reference}/history")
    told = phone.locator("main").inner_text()
    assert "An Peeters" in told
    assert "Signé par" in told
    play.ghent.goto(play.milestone("diploma", "ghent"))
    assert "done on" in play.ghent.locator("main").inner_text()
