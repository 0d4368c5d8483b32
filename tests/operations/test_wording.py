"""Letters in a school's own words: used by its letters alone, never without what they are sent for, taken back whole."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import Message, Person, School, Thesis
from cotutelle.operations import letter, wording
from cotutelle.operations.message import CODE, LINK
from cotutelle.web.letter import KINDS
from tests import builders
from tests.builders import ACTOR, NOW, World
from tests.operations.signing import asked, dated, milestone, paper

OWN = (
    "Bonjour {{name}},\n\nSignez {{milestone}} de {{candidate}} : {{ link }}, code {{code}}.\n\n{{signature}}"
)


@pytest.fixture
def thesis(session: Session, world: World) -> Thesis:
    return dated(session, session.scalars(select(Thesis).where(Thesis.reference == world.thesis)).one())


@pytest.fixture
def shs(session: Session, thesis: Thesis) -> School:
    return builders.school(session, "lille", "SHS")


def save(
    session: Session,
    school: School,
    kind: str,
    subject: str,
    body: str,
    language: str = "en",
    version: int = 0,
) -> None:
    wording.save(session, school, kind, language, subject, body, version, ACTOR, NOW)


def asks(session: Session, thesis: Thesis) -> list[Message]:
    asked(session, thesis, milestone(session, thesis, "charter", "lille"), paper(session, thesis).id)
    return list(session.scalars(select(Message).where(Message.kind == "ask")))


def test_a_letter_uses_the_words_of_the_school_that_leads_and_its_signature_block(
    session: Session, thesis: Thesis, shs: School
) -> None:
    save(session, shs, "ask", "{{milestone}}: please sign", OWN)
    save(session, shs, letter.SIGNATURE, "", "Bureau 12\n{{school}}")
    letters = [each for each in asks(session, thesis) if each.language == "en"]
    assert letters
    for each in letters:
        assert each.subject.endswith(": please sign")
        assert "Signez" in each.body
        assert LINK in each.body
        assert CODE in each.body
        assert "Bureau 12\n" in each.body


def test_the_other_language_and_other_schools_keep_the_shipped_words(
    session: Session, thesis: Thesis, shs: School
) -> None:
    save(session, builders.school(session, "lille", "SMRE"), "ask", "Other", OWN)
    save(session, shs, "ask", "Signez", OWN, language="fr")
    letters = [each for each in asks(session, thesis) if each.language == "en"]
    assert letters
    assert not any("Signez" in each.body or each.subject == "Other" for each in letters)


def test_dropped_the_shipped_words_are_back(session: Session, thesis: Thesis, shs: School) -> None:
    save(session, shs, "ask", "Mine", OWN)
    wording.drop(session, shs, "ask", "en", ACTOR, NOW)
    assert letter.wording(session, shs, "ask", "en") == letter.shipped("ask", "en")


@pytest.mark.parametrize(
    ("kind", "subject", "body", "field", "why"),
    [
        ("ask", " ", OWN, "subject", Reason.SUBJECT_MISSING),
        ("ask", "x", " ", "body", Reason.WORDS_MISSING),
        ("ask", "x", OWN.replace("{{code}}", ""), "body", Reason.VARIABLE_MISSING),
        ("ask", "x", OWN.replace("{{signature}}", ""), "body", Reason.VARIABLE_MISSING),
        ("ask", "x", f"{OWN}{{{{password}}}}", "body", Reason.UNKNOWN_VARIABLE),
        ("ask", "{{digest}}", OWN, "subject", Reason.UNKNOWN_VARIABLE),
        ("signature", "", "{{name}}", "body", Reason.UNKNOWN_VARIABLE),
    ],
)
def test_a_wording_names_what_there_is_and_never_lacks_what_it_is_sent_for(
    session: Session, shs: School, kind: str, subject: str, body: str, field: str, why: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        save(session, shs, kind, subject, body)
    assert (refused.value.reason, refused.value.field) == (why, field)


def test_two_who_word_the_same_letter_do_not_write_over_each_other(session: Session, shs: School) -> None:
    save(session, shs, "ask", "One", OWN)
    with pytest.raises(Stale):
        save(session, shs, "ask", "Two", OWN, version=9)
    save(session, shs, "ask", "Two", OWN, version=1)


@pytest.mark.parametrize("language", letter.LANGUAGES)
@pytest.mark.parametrize("kind", sorted(letter.NEEDED))
def test_the_shipped_words_meet_what_is_asked_of_ones_own(kind: str, language: str) -> None:
    wording.check(kind, *letter.shipped(kind, language))


@pytest.mark.parametrize("language", letter.LANGUAGES)
@pytest.mark.parametrize("kind", sorted({*letter.NEEDED, letter.SIGNATURE}))
def test_a_test_names_everything_with_invented_people_and_is_marked(
    session: Session, shs: School, kind: str, language: str
) -> None:
    who = session.scalars(select(Person).where(Person.email != "").order_by(Person.id)).first()
    assert who is not None
    sent = wording.send_test(session, shs, kind, language, who, ACTOR, NOW)
    assert sent.subject.startswith("[")
    assert "{{" not in sent.subject + sent.body
    assert sent.link_id is None
    assert set(letter.words(language)["sample"]) >= {
        name for each in letter.NEEDED for name in letter.VARIABLES[each]
    } - {"signature", "school"}


def test_every_kind_that_an_office_may_word_has_its_name() -> None:
    assert set(KINDS) == {*letter.NEEDED, letter.SIGNATURE}
