"""Clauses in an institution's own words: what may be written, which convention uses it, and what it keeps of it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.documents import convention as document
from cotutelle.documents.wording import wording
from cotutelle.domain.convention import record
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import ClauseVariant, ClauseVersion, Framework, FrameworkParty, Thesis
from cotutelle.operations import clause as acts
from cotutelle.operations import clause_choice as choices
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_terms
from cotutelle.operations.clause_fit import fitting
from cotutelle.operations.facts import facts_of
from cotutelle.operations.health import recompute
from tests.builders import ACTOR, NOW, TODAY, institution
from tests.operations.complete import approved, completed, put

OURS = {"fr": "Les deux équipes déposent leurs résultats.", "en": "Teams deposit their results in {{lead}}."}
ALWAYS = acts.Condition()


@pytest.fixture
def thesis(session: Session) -> Thesis:
    return session.scalars(select(Thesis).where(Thesis.reference == "LILLE-2026-0001")).one()


def begun(
    session: Session,
    clause: str = "CL-22",
    condition: acts.Condition = ALWAYS,
    code: str = "lille",
    name: str = "Ours",
) -> ClauseVariant:
    return acts.begin(session, institution(session, code), clause, name, condition, ACTOR, NOW)


def written(
    session: Session,
    row: ClauseVariant,
    texts: dict[str, acts.ClauseText] | None = None,
    *,
    without: tuple[str, ...] = (),
    on: date = TODAY,
) -> ClauseVersion:
    said = texts or {tag: acts.ClauseText(added=[text]) for tag, text in OURS.items()}
    version = acts.write(session, row, said, without, on, row.version, ACTOR, NOW)
    choices.resettle(session, row.institution, TODAY, NOW)
    return version


def text(session: Session, thesis: Thesis, clause: str = "CL-22") -> list[dict[str, str]]:
    facts = conventions.text_of(session, thesis, conventions.current(session, thesis))
    (article,) = [each for each in document.text_of(facts) if each["clause"] == clause]
    rows: list[dict[str, str]] = article["rows"]
    return rows


def refused(reason: Reason) -> Any:
    return pytest.raises(Refused, match=f"^{reason.value}$")


def test_open_texts_take_up_what_their_lead_words_itself(session: Session, thesis: Thesis) -> None:
    shipped = text(session, thesis)
    row = begun(session)
    assert text(session, thesis) == shipped  # nothing is written yet
    written(session, row)
    now = text(session, thesis)
    assert now[:-1] == shipped
    assert now[-1] == {
        "fr": OURS["fr"],
        "en": "Teams deposit their results in Lille.",
    }
    facts = facts_of(session, thesis, conventions.current(session, thesis))
    used = document.clause_versions(facts)
    assert used["CL-22.fr"] == {"version": f"{row.public_id}.1", "state": "drafted"}
    assert used["CL-21.fr"]["version"].isdigit()


def test_a_fragment_said_otherwise_and_one_left_out(session: Session, thesis: Thesis) -> None:
    convention_terms.edit_terms(
        session, thesis, conventions.current(session, thesis), {"owner_rule": "shared"}, None, ACTOR, NOW,
        today=TODAY,
    )  # fmt: skip
    keys = list(wording("CL-22", "en").fragments)
    said = {tag: acts.ClauseText(fragments={"shared": f"{tag}: {{{{candidate}}}} shares."}) for tag in OURS}
    written(session, begun(session), said, without=tuple(key for key in keys if key != "shared"))
    (only,) = text(session, thesis)
    assert only["fr"].startswith("fr: Zed")
    assert only["en"].endswith("shares.")


def test_a_version_counts_from_its_day_and_the_one_before_until_then(
    session: Session, thesis: Thesis
) -> None:
    row = begun(session)
    written(session, row)
    later = {tag: acts.ClauseText(added=[f"Later {tag}."]) for tag in OURS}
    written(session, row, later, on=date(2026, 12, 1))
    assert text(session, thesis)[-1]["fr"] == OURS["fr"]
    recompute(session, thesis, date(2026, 11, 30), NOW)
    assert text(session, thesis)[-1]["fr"] == OURS["fr"]
    recompute(session, thesis, date(2026, 12, 1), NOW)
    assert text(session, thesis)[-1]["fr"] == "Later fr."


def test_an_agreed_text_remembers_exactly_the_version_that_it_was_agreed_with(
    session: Session, thesis: Thesis
) -> None:
    completed(session, thesis)
    row = begun(session)
    written(session, row)
    put(session, thesis)
    approved(session, thesis)
    written(session, row, {tag: acts.ClauseText(added=["Otherwise."]) for tag in OURS})
    assert text(session, thesis)[-1]["fr"] == OURS["fr"]
    acts.retire(session, row, row.version, ACTOR, NOW)
    choices.resettle(session, row.institution, TODAY, NOW)
    assert text(session, thesis)[-1]["fr"] == OURS["fr"]


def test_what_fits_closest_is_used_framework_institution_country_always(
    session: Session, thesis: Thesis
) -> None:
    convention = conventions.current(session, thesis)
    frame = Framework(begins_on=TODAY)
    session.add(frame)
    session.flush()
    session.add_all(
        FrameworkParty(framework_id=frame.id, institution_id=each.institution_id) for each in thesis.parties
    )
    session.info["unwritten"] = None
    convention.framework_id = frame.id
    ghent = institution(session, "ghent").id
    wanted = [
        begun(session, condition=acts.Condition(framework_id=frame.id), name="framework"),
        begun(session, condition=acts.Condition(institution_id=ghent), name="institution"),
        begun(session, condition=acts.Condition(country="BE"), name="country"),
        begun(session, name="always"),
    ]
    begun(session, condition=acts.Condition(country="CA"), name="elsewhere")
    begun(session, condition=acts.Condition(institution_id=institution(session, "laval").id))
    begun(session, code="ghent", name="not of the lead")
    assert [row.name for row in fitting(session, convention)] == [row.name for row in wanted]


def test_the_office_chooses_another_or_the_shipped_words_and_that_stays(
    session: Session, thesis: Thesis
) -> None:
    shipped = text(session, thesis)
    always, belgian = begun(session), begun(session, condition=acts.Condition(country="BE"))
    written(session, always)
    written(session, belgian, {tag: acts.ClauseText(added=["Belgian."]) for tag in OURS})
    assert text(session, thesis)[-1]["fr"] == "Belgian."

    def choose(row: ClauseVariant | None) -> None:
        convention = conventions.current(session, thesis)
        choices.choose(session, thesis, convention, "CL-22", row, None, ACTOR, NOW, today=TODAY)
        recompute(session, thesis, TODAY, NOW)

    choose(always)
    assert text(session, thesis)[-1]["fr"] == OURS["fr"]
    choose(None)
    assert text(session, thesis) == shipped
    with refused(Reason.VARIANT_NOT_FITTING):
        choose(begun(session, condition=acts.Condition(country="CA")))


def test_one_that_lacks_a_language_of_the_act_is_not_taken_up_and_said_so(
    session: Session, thesis: Thesis
) -> None:
    shipped = text(session, thesis)
    row = begun(session)
    written(session, row, {"fr": acts.ClauseText(added=["Seulement en français."])})
    assert text(session, thesis) == shipped
    with refused(Reason.NO_WORDING):
        choices.choose(
            session, thesis, conventions.current(session, thesis), "CL-22", row, None, ACTOR, NOW, today=TODAY
        )


def test_a_language_that_comes_later_and_is_not_worded_is_named_before_anything_is_made(
    session: Session, thesis: Thesis
) -> None:
    row = begun(session)
    written(session, row)
    convention = conventions.current(session, thesis)
    choices.choose(session, thesis, convention, "CL-22", row, None, ACTOR, NOW, today=TODAY)
    convention_terms.set_languages(session, thesis, convention, ["fr", "en", "nl"], ACTOR, NOW, today=TODAY)
    with pytest.raises(Refused) as error:
        document.clause_versions(facts_of(session, thesis, convention))
    assert error.value.details == {"language": "nl", "clauses": "CL-22"}


def test_what_an_own_paragraph_names_and_nobody_gave_is_missing(session: Session, thesis: Thesis) -> None:
    def lacking() -> set[str]:
        facts = facts_of(session, thesis, conventions.current(session, thesis))
        return {m.blank.fact for m in missing_facts(facts) if m.clause == "CL-22"}

    assert "expires_on" not in lacking()
    said = {tag: acts.ClauseText(added=["Until {{expires_on}}."]) for tag in OURS}
    written(session, begun(session), said)
    assert "expires_on" in lacking()


BAD = [
    ("CL-22", {"added": ["{{iban}}."]}, Reason.UNKNOWN_VARIABLE, "en:added_1"),
    ("CL-22", {"fragments": {"shared": "{{school}}."}}, Reason.UNKNOWN_VARIABLE, "en:shared"),
    ("CL-05", {"fragments": {"email": "By mail."}}, Reason.VARIABLE_LOST, "en:email"),
    ("CL-22", {"added": ["*open"]}, Reason.MARKS_NOT_CLOSED, "en:added_1"),
    ("CL-22", {"added": ["<b>x</b>"]}, Reason.MARKS_NOT_CLOSED, "en:added_1"),
    ("CL-22", {"added": ["{% for x in y %}"]}, Reason.MARKS_NOT_CLOSED, "en:added_1"),
    ("CL-22", {"added": ["{{ candidate }}"]}, Reason.MARKS_NOT_CLOSED, "en:added_1"),
    ("CL-22", {"title": "About {{lead}}"}, Reason.MARKS_NOT_CLOSED, "en:title"),
    ("CL-22", {"title": "A *bold* title"}, Reason.MARKS_NOT_CLOSED, "en:title"),
    ("CL-22", {"title": "[x](y)"}, Reason.MARKS_NOT_CLOSED, "en:title"),
]


@pytest.mark.parametrize(("clause", "said", "reason", "field"), BAD)
def test_a_wording_that_names_what_there_is_not_or_holds_other_marks_is_refused_where_it_stands(
    session: Session, clause: str, said: dict[str, Any], reason: Reason, field: str
) -> None:
    row = begun(session, clause)
    with pytest.raises(Refused) as error:
        written(session, row, {"en": acts.ClauseText(**said)})
    assert (error.value.reason, error.value.field) == (reason, field)


def test_nothing_of_what_the_law_asks_for_may_be_left_out(session: Session) -> None:
    with refused(Reason.CLAUSE_MANDATORY):
        written(session, begun(session, "CL-05"), without=("email",))


def test_languages_add_equally_many_paragraphs(session: Session) -> None:
    said = {"fr": acts.ClauseText(added=["Un.", "Deux."]), "en": acts.ClauseText(added=["One."])}
    with pytest.raises(Refused) as error:
        written(session, begun(session), said)
    assert (error.value.reason, error.value.field) == (Reason.TEXT_INCOMPLETE, "en:added")


def test_a_jurist_reads_it_and_it_is_drafted_no_more(session: Session, thesis: Thesis) -> None:
    row = begun(session)
    version = written(session, row)
    acts.read_by(session, row, version, "fr", "Me Dupont", TODAY, ACTOR, NOW)
    facts = facts_of(session, thesis, conventions.current(session, thesis))
    states = {own.language: own.state for own in facts.wordings}
    assert states == {"fr": "read by Me Dupont, 2026-11-24", "en": "drafted"}


def test_two_who_write_at_once_are_told(session: Session) -> None:
    row = begun(session)
    written(session, row)
    with pytest.raises(Stale):
        acts.write(session, row, {"en": acts.ClauseText(added=["x."])}, (), TODAY, 1, ACTOR, NOW)


def test_that_a_jurist_read_it_makes_no_other_text_of_it(session: Session, thesis: Thesis) -> None:
    row = begun(session)
    version = written(session, row)
    convention = conventions.current(session, thesis)

    def fingerprint() -> str:
        facts = facts_of(session, thesis, convention)
        return record.digest(facts, document.clause_versions(facts))

    before = fingerprint()
    acts.read_by(session, row, version, "fr", "Me Dupont", TODAY, ACTOR, NOW)
    assert fingerprint() == before


def test_open_texts_take_up_on_its_day_what_was_written_for_it(session: Session, thesis: Thesis) -> None:
    shipped = text(session, thesis)
    written(session, begun(session), on=date(2026, 12, 5))
    choices.take_up(session, date(2026, 12, 4), NOW)
    assert text(session, thesis) == shipped
    choices.take_up(session, date(2026, 12, 5), NOW)
    assert text(session, thesis)[-1]["fr"] == OURS["fr"]


def test_a_text_before_the_parties_is_not_reworded_by_itself(session: Session, thesis: Thesis) -> None:
    completed(session, thesis)
    put(session, thesis)
    shipped = text(session, thesis)
    written(session, begun(session))
    assert text(session, thesis) == shipped


def test_a_paragraph_emptied_in_every_language_is_left_out_and_in_one_alone_refused(
    session: Session, thesis: Thesis
) -> None:
    row = begun(session)
    emptied = {tag: acts.ClauseText(fragments={"publication": ""}) for tag in OURS}
    assert written(session, row, emptied).without == ["publication"]
    half = {**emptied, "en": acts.ClauseText(fragments={"publication": "Published."})}
    with pytest.raises(Refused) as error:
        written(session, row, half)
    assert (error.value.reason, error.value.field) == (Reason.TEXT_INCOMPLETE, "fr:publication")


def test_a_retired_wording_is_not_written_on(session: Session) -> None:
    row = begun(session)
    written(session, row)
    acts.retire(session, row, row.version, ACTOR, NOW)
    with refused(Reason.VARIANT_NOT_FITTING):
        written(session, row)
