"""Proves that an office's own rules act from their day, a wrong file changes nothing, and a confirmed rule binds."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.dossier import Dossier, Place, Readings
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.evaluation import evaluate
from cotutelle.domain.finding import Verdict
from cotutelle.models import RulebookFile
from cotutelle.operations import reading as readings
from cotutelle.operations import rulebook as acts
from cotutelle.operations.dossier import dossier_of
from cotutelle.operations.facts import facts_of
from tests.builders import ACTOR, NOW, TODAY, institution, party, person, school, thesis

BOLOGNA = """
[rulebook]
id = "bologna"
name.fr = "Université de Bologne"
name.en = "University of Bologna"
scope = { institution = "bologna", country = "IT" }
read_on = 2026-11-24

[[rule]]
id = "IT-UB-STAY"
check = "stay_minimum"
figures = { at = "own", months = 9 }
severity = "institutional"
certainty = "sourced"
source = { text = "Regolamento di Ateneo", article = "7" }
"""
DAY = timedelta(days=1)
BEGINS = TODAY + 30 * DAY


def figures(session: Session, on: date) -> object:
    shelf = acts.library(session)
    place = shelf.place("bologna")
    assert place is not None
    dossier = Dossier((Place("lille", "FR", lead=True), place), today=on)
    (found,) = [f for f in evaluate(shelf, dossier) if f.rule.id == "IT-UB-STAY"]
    return found.rule.figures.get("months", "the shipped one")


def test_an_uploaded_rule_acts_from_its_day_and_not_a_day_before(session: Session) -> None:
    acts.upload(session, BOLOGNA, BEGINS, ACTOR, NOW)
    assert figures(session, BEGINS - DAY) == "the shipped one"
    assert figures(session, BEGINS) == 9
    row = session.scalars(select(RulebookFile)).one()
    acts.withdraw(session, row, ACTOR, NOW)
    session.flush()
    assert figures(session, BEGINS) == "the shipped one"


def test_rules_that_a_file_does_not_name_stay(session: Session) -> None:
    acts.upload(session, BOLOGNA, TODAY, ACTOR, NOW)
    assert {"IT-Y1", "IT-UB-DIPLOMA", "FR-JURY-SIZE"} <= acts.library(session).rules.keys()


@pytest.mark.parametrize(
    ("before", "after", "line", "why"),
    [
        ("stay_minimum", "stay_maximum", 11, "there is no check"),
        ("months = 9", "months = -9", 12, "whole number"),
        ('certainty = "sourced"', 'certainty = "sure"', 14, "certainty must be one of"),
        ('"IT-UB-STAY"', '"FR-JURY-SIZE"', 9, "only its own rulebook may replace it"),
        ("[[rule]]", "[[rule", 9, "not TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    session: Session, before: str, after: str, line: int, why: str
) -> None:
    with pytest.raises(Refused, match=Reason.RULEBOOK_WRONG.value) as refused:
        acts.upload(session, BOLOGNA.replace(before, after), TODAY, ACTOR, NOW)
    assert refused.value.details["line"] == line
    assert why in str(refused.value.details["why"])


def test_a_wrong_file_in_the_folder_is_left_out_and_named(sqlite_app: Flask) -> None:
    folder = Path(sqlite_app.instance_path) / "rulebooks"
    folder.mkdir()
    (folder / "bologna.toml").write_text(BOLOGNA, encoding="utf-8")
    (folder / "wrong.toml").write_text("[rulebook", encoding="utf-8")
    with sqlite_app.app_context():
        assert figures(db.session(), TODAY) == 9
        (left_out,) = acts.rejected(db.session())
        assert (left_out.name, left_out.mistakes[0].line) == ("wrong.toml", 1)
        db.session.rollback()
    operator = sqlite_app.test_client().get("/readyz")
    assert operator.status_code == 200, "a wrong file stops nothing"
    assert operator.json["checks"]["rulebooks"]["detail"] == "wrong.toml, line 1: left out"  # type: ignore[index]


def test_an_interpretation_binds_once_the_office_confirmed_it(session: Session) -> None:
    (rule,) = acts.library(session).rules["FR-JURY-EXT-BOTH"]
    assert not acts.library(session).binds(rule)
    acts.confirm(session, rule, ACTOR, NOW)
    session.flush()
    assert acts.library(session).binds(rule)
    acts.unconfirm(session, rule, ACTOR, NOW)
    session.flush()
    assert not acts.library(session).binds(rule)


def test_what_takes_the_place_of_a_confirmed_rule_is_to_be_confirmed_anew(session: Session) -> None:
    guessed = BOLOGNA.replace('"sourced"', '"interpretation"')
    acts.upload(session, guessed, TODAY, ACTOR, NOW)
    (first,) = [rule for rule in acts.library(session).rules["IT-UB-STAY"] if rule.figures.get("months") == 9]
    acts.confirm(session, first, ACTOR, NOW)
    acts.upload(session, guessed.replace("months = 9", "months = 10"), BEGINS, ACTOR, NOW)
    *_older, before, after = acts.library(session).rules["IT-UB-STAY"]
    assert acts.library(session).binds(before), "up to the day before, what was confirmed binds"
    assert not acts.library(session).binds(after)


def test_a_school_s_reading_wins_over_its_institution_s_from_its_day_on(session: Session) -> None:
    lille, shs = institution(session, "lille"), school(session, "lille", "SHS")
    choose = readings.choose
    choose(session, lille, None, "emeritus_rank_a", "yes", TODAY, ACTOR, NOW)
    choose(session, lille, shs, "emeritus_rank_a", "no", TODAY + DAY, ACTOR, NOW)
    here, elsewhere = (Place("lille", schools=frozenset({name})) for name in ("shs", "smre"))

    def reading(place: Place, on: date) -> bool:
        return readings.readings_of(session, [place], on).get(place.code, Readings()).emeritus_rank_a

    assert [reading(here, TODAY - DAY), reading(here, TODAY), reading(here, TODAY + DAY)] == [
        False,
        True,
        False,
    ]
    assert reading(elsewhere, TODAY + DAY) is True
    assert readings.readings_of(session, [here], TODAY)["lille"].chosen == {"emeritus_rank_a"}
    with pytest.raises(Refused, match=Reason.UNKNOWN_READING.value):
        choose(session, lille, None, "emeritus_rank_a", "perhaps", TODAY, ACTOR, NOW)


def test_a_reading_taken_back_leaves_the_one_before_it(session: Session) -> None:
    lille, here = institution(session, "lille"), Place("lille")
    readings.choose(session, lille, None, "external_to", "all", TODAY, ACTOR, NOW)
    later = readings.choose(session, lille, None, "external_to", "own", TODAY, ACTOR, NOW)
    assert readings.readings_of(session, [here], TODAY)["lille"].external_to == "own"
    readings.take_back(session, later, ACTOR, NOW)
    session.flush()
    assert readings.readings_of(session, [here], TODAY)["lille"].external_to == "all"


def test_a_reading_is_that_of_the_day_of_the_defence_not_of_today(session: Session) -> None:
    lille = institution(session, "lille")
    made = thesis(
        session,
        person(session, "Dall’Olio"),
        [party(session, "lille", "SHS", lead=True), party(session, "ghent")],
    )
    readings.choose(session, lille, None, "directors_counted", "no", BEGINS, ACTOR, NOW)
    shelf, facts = acts.library(session), facts_of(session, made, None)
    counted = []
    for day in (None, BEGINS - DAY, BEGINS):
        made.defence_on = day
        counted.append(dossier_of(session, shelf, made, None, facts, TODAY).readings.directors_counted)
    assert counted == [True, True, False]


def test_verdicts_are_the_same_words_everywhere() -> None:
    assert [str(v) for v in Verdict] == [
        "fail", "pending", "not_evaluable", "warn", "derogated", "pass", "not_applicable",
    ]  # fmt: skip


def test_an_institution_that_does_not_lead_reads_its_own_rules_as_it_chose(session: Session) -> None:
    lille = institution(session, "lille")
    parties = [party(session, "ghent", lead=True), party(session, "lille", "SHS")]
    made = thesis(session, person(session, "Dall’Olio"), parties)
    readings.choose(session, lille, None, "directors_counted", "no", TODAY, ACTOR, NOW)
    facts = facts_of(session, made, None)
    dossier = dossier_of(session, acts.library(session), made, None, facts, TODAY)
    ghent, home = dossier.places
    assert dossier.asked_by(ghent).readings.directors_counted
    assert not dossier.asked_by(home).readings.directors_counted
