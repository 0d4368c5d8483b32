"""Letters: each kind in both languages with the variables it has and no others; refused addresses are seen and mended."""

import re
from email import policy as email_policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.config import place
from cotutelle.models import Message, Person, Thesis, Undeliverable
from cotutelle.operations import letter, undeliverable
from cotutelle.operations import person as people
from cotutelle.operations.message import CLOSES, CODE, LINK, OPENS
from tests.builders import ACTOR, NOW, World, person

KINDS = sorted(letter.VARIABLES)


@pytest.mark.parametrize("language", letter.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_shipped_letter_names_only_what_its_kind_has(kind: str, language: str) -> None:
    subject, body = letter.shipped(kind, language)
    assert subject
    assert "\n" not in subject
    assert set(re.findall(r"\{\{([a-z_]+)\}\}", subject + body)) <= set(letter.VARIABLES[kind])
    assert "{{signature}}" in body


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_of_a_letter_tell_the_same(kind: str) -> None:
    told = [
        set(re.findall(r"\{\{([a-z_]+)\}\}", " ".join(letter.shipped(kind, tag)))) for tag in letter.LANGUAGES
    ]
    assert told[0] == told[1]


def test_no_letter_lies_about_without_being_known() -> None:
    files = {path.name.split(".")[0] for path in (place("templates") / "letters").glob("*.txt")}
    assert files == set(KINDS)


def test_the_closed_words_are_the_same_in_both_languages() -> None:
    def keys(table: object, before: str = "") -> set[str]:
        if not isinstance(table, dict):
            return {before}
        return set().union(*(keys(value, f"{before}.{name}") for name, value in table.items()))

    assert keys(letter.words("fr")) == keys(letter.words("en"))


def test_what_a_value_holds_is_never_read_as_a_variable() -> None:
    assert (
        letter.filled("{{name}} and {{milestone}}", {"name": "{{milestone}}", "milestone": "M"})
        == "{{milestone}} and M"
    )


def test_a_subject_is_one_line_whatever_a_name_holds() -> None:
    assert letter.one_line("A\r\nBcc: x@y.example\n\nB") == "A Bcc: x@y.example B"


def test_an_answer_to_a_letter_reaches_the_office(session: Session, world: World) -> None:
    thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
    who = person(session, "Lectrice", "Zoé", email="zoe@tests.example")
    sent = letter.post(session, "test", who, "en", NOW, {}, thesis=thesis)
    assert sent is not None
    assert sent.reply_to == "administrator@tests.example"


@pytest.mark.parametrize(
    "name", ["{link}", f"{OPENS}link{CLOSES}", "{{code}}", f"{OPENS}code:aaaaaaaaaaaa{CLOSES}"]
)
def test_nothing_that_somebody_typed_is_taken_for_a_placeholder(session: Session, name: str) -> None:
    who = person(session, "X", "Ada", email="zoe@tests.example")
    values = {"reason": name, "link": LINK, "code": CODE, "delegator": name}
    sent = letter.post(session, "delegated", who, "en", NOW, values)
    assert sent is not None
    assert sent.body.count(OPENS) == 2
    assert OPENS not in sent.subject


def test_somebody_without_an_address_gets_no_letter(session: Session) -> None:
    assert letter.post(session, "test", person(session, "Mute"), "fr", NOW, {}) is None


def refused(session: Session) -> tuple[Person, Message]:
    who = person(session, "Gone", "Ana", email="Gone@tests.example")
    sent = letter.post(session, "test", who, "en", NOW, {})
    assert sent is not None
    undeliverable.mark(session, sent, "550 no such user", NOW)
    return who, sent


def test_an_address_that_refused_is_written_to_no_more_and_the_mail_is_kept(session: Session) -> None:
    who, sent = refused(session)
    later = letter.post(session, "test", who, "en", NOW, {})
    assert later is not None
    assert [(row.state, row.error) for row in (sent, later)] == [("refused", "550 no such user")] * 2


def test_once_the_address_is_mended_what_was_kept_of_a_thesis_goes_there_and_nothing_else(
    session: Session, world: World
) -> None:
    thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
    who, password = refused(session)
    kept = letter.post(session, "test", who, "en", NOW, {}, thesis=thesis)
    assert kept is not None
    kept.state = "failed"  # given up after twelve tries: it is lost no more than one that was refused
    assert undeliverable.clear(session, "gone@TESTS.example", "here@tests.example", NOW) == 1
    assert (kept.state, kept.to, kept.tries) == ("queued", "here@tests.example", 0)
    assert (password.state, password.to) == ("refused", "Gone@tests.example")


def test_an_address_changed_on_the_persons_own_page_sends_what_was_kept_too(
    session: Session, world: World
) -> None:
    thesis = session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one()
    who, _password = refused(session)
    kept = letter.post(session, "test", who, "en", NOW, {}, thesis=thesis)
    facts = people.PersonFacts("Gone", "Ana", email="here@tests.example")
    people.edit_person(session, who, facts, who.version, ACTOR, NOW)
    assert kept is not None
    assert (kept.state, kept.to) == ("queued", "here@tests.example")


def report(message_id: str, action: str = "failed") -> EmailMessage:
    """A delivery report as a mail server sends it (RFC 3464)."""
    raw = f"""From: MAILER-DAEMON@relay.example
To: cotutelle@localhost
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; gone@tests.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b
Content-Type: text/rfc822-headers

Message-ID: <{message_id}@localhost>
Subject: A letter

--b--
"""
    return BytesParser(policy=email_policy.default).parsebytes(raw.replace("\n", "\r\n").encode())


def test_a_mail_that_came_back_marks_its_address(session: Session) -> None:
    sent = letter.post(session, "test", person(session, "Gone", email="gone@tests.example"), "en", NOW, {})
    assert sent is not None
    assert undeliverable.returned(session, report(sent.id), NOW) is sent
    row = session.get_one(Undeliverable, "gone@tests.example")
    assert "550 5.1.1 user unknown" in row.why or row.why == "5.1.1"
    assert sent.state == "refused"


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered"])
def test_a_mail_that_only_waits_marks_nobody(session: Session, action: str) -> None:
    sent = letter.post(session, "test", person(session, "Slow", email="slow@tests.example"), "en", NOW, {})
    assert sent is not None
    assert undeliverable.returned(session, report(sent.id, action), NOW) is None
    assert session.scalars(select(Undeliverable)).all() == []


def test_a_returned_mail_that_is_none_of_ours_marks_nobody(session: Session) -> None:
    assert undeliverable.returned(session, report("aaaaaaaaaaaa"), NOW) is None


def test_an_answer_that_a_mailbox_writes_by_itself_marks_nobody(session: Session) -> None:
    sent = letter.post(session, "test", person(session, "Away", email="away@tests.example"), "en", NOW, {})
    assert sent is not None
    away = EmailMessage()
    away["Auto-Submitted"], away["In-Reply-To"] = "auto-replied", f"<{sent.id}@localhost>"
    away.set_content("I am away until Monday.")
    assert undeliverable.returned(session, away, NOW) is None
