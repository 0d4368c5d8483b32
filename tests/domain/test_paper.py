"""The papers beside the convention: what each says in which case, and what it lacks."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cotutelle.domain.convention.values import Day, Word
from cotutelle.domain.paper.facts import Member, Paper, PaperKind, Year
from cotutelle.domain.paper.missing import lacking
from cotutelle.domain.paper.paragraphs import BUILDERS
from tests.documents.samples import complete, with_terms

GHENT = {"fr": "Université de Gand", "en": "Ghent University"}
JURY = (
    Member("a", "Ada", GHENT, "director", "woman", "professeure", decides=False),
    Member("b", "Blaise", GHENT, "rapporteur", "man", reports=True, remote=True),
    Member("c", "Camille", GHENT, "rapporteur", reports=True, sits=False),
    Member("d", "Dorothée", GHENT, "invited", sits=False),
)


def paper(kind: PaperKind, **more: Any) -> Paper:
    act = complete(2)
    known = Paper(
        kind, act, act.parties[0], ("fr", "en"), in_force_on=date(2026, 12, 1), expires_on=date(2030, 8, 31),
        defence_on=date(2029, 11, 5), hour="14:30", room="salle des actes", host=act.parties[0], members=JURY,
        year=Year("2026–27", date(2026, 10, 3), "paid"), addressee=JURY[1],
    )  # fmt: skip
    return replace(known, **more)


def said(kind: PaperKind, **more: Any) -> list[str]:
    return [paragraph.fragment for paragraph in BUILDERS[kind](paper(kind, **more))]


def missing(kind: PaperKind, **more: Any) -> set[str]:
    return {blank.fact for blank in lacking(paper(kind, **more))}


@pytest.mark.parametrize("kind", PaperKind)
def test_a_complete_file_lacks_nothing(kind: PaperKind) -> None:
    assert missing(kind) == set()


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (PaperKind.COTUTELLE, set()),
        (PaperKind.ENROLMENT, set()),
        (PaperKind.PROPOSAL, {"defence_day", "defence_hour", "defence_room", "jury_members"}),
        (PaperKind.NOTICE, {"defence_day", "defence_hour", "defence_room", "jury_members"}),
        (PaperKind.MINUTES, {"defence_day", "defence_hour", "defence_room", "jury_members"}),
        (PaperKind.REPORT, {"defence_day", "jury_members"}),
    ],
)
def test_one_that_names_the_defence_lacks_it_until_it_is_fixed(kind: PaperKind, facts: set[str]) -> None:
    assert missing(kind, defence_on=None, hour="", room="", host=None, members=()) == facts


def test_a_jury_of_guests_and_writing_rapporteurs_alone_is_none() -> None:
    assert missing(PaperKind.MINUTES, members=JURY[2:]) == {"jury_members"}


def test_a_certificate_of_cotutelle_needs_a_convention_in_force_and_a_birth() -> None:
    act = complete(2)
    nobody = replace(act, candidate=replace(act.candidate, birth_date=None))
    assert missing(PaperKind.COTUTELLE, in_force_on=None, act=nobody) == {"in_force_on", "birth_date"}


def test_it_says_that_the_thesis_was_defended_once_it_was() -> None:
    assert said(PaperKind.COTUTELLE)[0] == "certifies"
    assert said(PaperKind.COTUTELLE, defended_on=date(2029, 11, 5))[0] == "defended"


@pytest.mark.parametrize(
    ("fee", "payer", "fragment"),
    [
        ("paid", False, "fees_paid"),
        ("waived", False, "fees_waived"),
        ("waived", True, "fees_elsewhere"),
        ("not_due", False, "fees_not_due"),
        ("unknown", False, None),
    ],
)
def test_a_certificate_of_enrolment_says_what_became_of_the_fees(
    fee: str, payer: bool, fragment: str | None
) -> None:
    year = Year("2026–27", date(2026, 10, 3), fee, complete(2).parties[1] if payer else None)
    found = [each for each in said(PaperKind.ENROLMENT, year=year) if each.startswith("fees_")]
    assert found == ([fragment] if fragment else [])


def test_a_year_without_enrolment_is_not_certified() -> None:
    assert missing(PaperKind.ENROLMENT, year=Year("2026–27", None, "paid")) == {"enrolled_on"}


def test_a_rapporteur_who_sits_is_told_when_the_report_is_due_and_that_it_is_from_afar() -> None:
    listed = list(BUILDERS[PaperKind.INVITATION](paper(PaperKind.INVITATION)))
    by = {each.fragment: each.values for each in listed}
    assert by["report"]["day"] == Day(date(2029, 10, 22))  # fourteen days before
    assert "remote" in by
    assert by["sits"]["capacity"] == Word("paper.seat.rapporteur.man")


def test_one_who_only_writes_is_not_invited_to_sit_nor_paid_a_journey() -> None:
    found = said(PaperKind.INVITATION, addressee=JURY[2])
    assert "writes" in found
    assert "sits" not in found
    assert not [each for each in found if each.startswith("costs")]


def test_costs_are_those_of_the_convention() -> None:
    act = with_terms(complete(2), travel_payer="lead")
    assert "costs_lead" in said(PaperKind.INVITATION, act=act)
    undecided = with_terms(complete(2), travel_payer=None)
    assert not [x for x in said(PaperKind.INVITATION, act=undecided) if x.startswith("costs")]


def test_a_confidential_thesis_or_a_convention_that_says_so_closes_the_defence() -> None:
    assert "public" in said(PaperKind.NOTICE)
    assert "closed" in said(PaperKind.NOTICE, act=replace(complete(2), confidential=True))
    assert "closed" in said(PaperKind.NOTICE, act=with_terms(complete(2), public=False))


def test_french_law_is_named_only_where_an_institution_is_in_france() -> None:
    act = complete(2)
    parties = tuple(replace(party, country="BE") for party in act.parties)
    elsewhere = replace(act, parties=parties)
    assert "oath" in said(PaperKind.MINUTES)
    assert "oath" not in said(PaperKind.MINUTES, act=elsewhere)
    assert "order" in said(PaperKind.PROPOSAL)
    assert "order" not in said(PaperKind.PROPOSAL, act=elsewhere)


def test_who_sits_without_deciding_is_named_in_the_minutes() -> None:
    assert "silent" in said(PaperKind.MINUTES)
    assert "silent" not in said(PaperKind.MINUTES, members=JURY[1:])


def test_a_guest_is_invited_as_one_and_who_has_no_part_is_not_invited() -> None:
    assert "guest" in said(PaperKind.INVITATION, addressee=JURY[3])
    assert "writes" not in said(PaperKind.INVITATION, addressee=JURY[3])
    assert not Member("e", "Émile", GHENT, "director", sits=False).invited
    assert [member.invited for member in JURY] == [True] * 4


def test_one_that_ended_without_a_defence_says_so() -> None:
    assert said(PaperKind.COTUTELLE, stopped_on=date(2027, 3, 1))[0] == "stopped"
