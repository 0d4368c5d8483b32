"""Proves the rules on the convention: there, filled, approved before it is signed, in force when it counts."""

from typing import Any

import pytest

from cotutelle.domain.dossier import Derogation, Dossier
from tests.domain.rules.dossiers import Asked, Case, agreement, dossier, on, recorded, say

NOBODY = dossier()

exists = Asked("convention_exists")
filled = Asked("clauses_filled", clauses=["CL-01", "CL-15"])
approved = Asked("approved_before_signing")
signed = Asked("everybody_signed")
covers = Asked("convention_covers_defence")
documented = Asked("derogations_documented")
written = Asked("divergences_written")
french = Asked("convention_in", language="fr")
settled = Asked("defence_language_settled")
summary = Asked("summary_in", language="fr")
german = Asked("summary_in", language="de")
spoken = Asked("defence_in", languages="en nl")

WHOLE = Derogation("FR-JURY-EXT-BOTH", "12", "Article 20", "At least two.")


def agreed(state: str = "draft", **more: Any) -> Dossier:
    about = {key: more.pop(key) for key in ("defence", "today") if key in more}
    return dossier(convention=agreement(state, **more), **about)


def covering(begin: str | None, end: str | None, defence: str = "2025-12-12") -> Dossier:
    return agreed("in_force", in_force_on=begin, expires_on=end, defence=on(defence))


def derogating(*derogations: Derogation) -> Dossier:
    return dossier(derogations={each.rule: each for each in derogations})


CASES = (
    exists("one in force is there", agreed("in_force"), "pass state", state="in_force"),
    exists("one being signed is there", agreed("signing"), "pass state"),
    exists("one in draft is awaited", agreed("draft"), "pending state"),
    exists("one that every party approved is awaited", agreed("approved"), "pending state"),
    exists("one that is void is none", agreed("void"), "fail none"),
    exists("none is none", NOBODY, "fail none"),
    filled("all there are in order", agreed(lacking=frozenset({"CL-14"})), "pass complete", n=2),
    filled("a blank in a draft is awaited", agreed(lacking=frozenset({"CL-15"})), "pending lacking",
           clauses=("CL-15",)),
    filled("a blank in what is signed is a fault", agreed("in_force", lacking=frozenset({"CL-15"})), "fail lacking"),
    filled("a subject of a text from elsewhere that nobody has found yet is not known",
           agreed("in_force", unread=frozenset({"CL-15"})), "not_evaluable unknown"),
    filled("one that is absent is a fault whatever else is unread",
           agreed("in_force", lacking=frozenset({"CL-01"}), unread=frozenset({"CL-15"})), "fail lacking"),
    filled("without a convention nothing is asked", NOBODY, "not_applicable no_convention"),
    approved("on the day of the first signature is in order",
             agreed("signing", approved_on="2025-03-01", first_signed_on="2025-03-01"), "pass on"),
    approved("the day after it is not", agreed("signing", approved_on="2025-03-02", first_signed_on="2025-03-01"),
             "fail on"),
    approved("never is not", agreed("signing", first_signed_on="2025-03-01"), "fail never"),
    approved("before anybody signs nothing is asked", agreed("approved", approved_on="2025-03-01"),
             "not_applicable not_signed"),
    approved("without a convention nothing is asked", NOBODY, "not_applicable not_signed"),
    signed("in force with its day is in order", agreed("in_force", signed_on="2025-03-01"), "pass on",
           on=on("2025-03-01")),
    signed("in force by its own day is in order", agreed("in_force", in_force_on="2025-04-01"), "pass on"),
    signed("in force without any day is open", agreed("in_force"), "not_evaluable unknown"),
    signed("under way is awaited", agreed("signing"), "pending signing"),
    signed("in draft nothing is asked", agreed(), "not_applicable not_signed"),
    signed("without a convention nothing is asked", NOBODY, "not_applicable not_signed"),
    covers("a defence on its first day is covered", covering("2025-12-12", "2026-08-31"), "pass on"),
    covers("the day before it is not", covering("2025-12-13", "2026-08-31"), "fail before"),
    covers("a defence on its last day is covered", covering("2022-10-01", "2025-12-12"), "pass on"),
    covers("the day after it is not", covering("2022-10-01", "2025-12-11"), "fail on"),
    covers("after its end it is not, whenever it began", covering(None, "2025-12-11"), "fail on"),
    covers("a beginning not said is open", covering(None, "2026-08-31"), "not_evaluable unknown"),
    covers("a beginning not said is open on the last day as well", covering(None, "2025-12-12"),
           "not_evaluable unknown"),
    covers("an end not said is open", covering("2022-10-01", None), "not_evaluable unknown"),
    covers("without a convention it is open", dossier(defence="2025-12-12"), "not_evaluable unknown"),
    covers("without a date of defence nothing is asked", agreed("in_force"), "not_applicable no_defence"),
    documented("one written in full is in order", derogating(WHOLE), "pass each"),
    *[documented(f"one without its {part} is not", derogating(
        Derogation(**{"rule": "FR-DIR-NOVOTE", "article": "12", "reason": "r", "text": "t", part: ""})),
        "fail lacking", rules=("FR-DIR-NOVOTE",)) for part in ("article", "reason", "text")],
    documented("where none is nothing is asked", NOBODY, "not_applicable none"),
    written("one written in full is in order", derogating(WHOLE), "pass each"),
    written("one that is not is not", derogating(WHOLE, Derogation("FR-DIR-NOVOTE", "12", "", "")), "fail lacking"),
    written("where none is nothing is asked", NOBODY, "not_applicable none"),
    french("a French version among others is in order", agreed(languages=("en", "fr")), "pass languages"),
    french("English alone is not", agreed(languages=("en",)), "fail languages", languages=("en",)),
    french("without a convention nothing is asked", NOBODY, "not_applicable no_convention"),
    settled("a language is a language", dossier(defence_language="en"), "pass settled"),
    settled("what nobody has said is awaited", NOBODY, "pending open"),
    summary("a French thesis needs none", dossier(thesis_language="fr"), "not_applicable same_language"),
    summary("nor one in the French of Canada", dossier(thesis_language="fr-CA"), "not_applicable same_language"),
    summary("an English thesis waits for it", dossier(thesis_language="en"), "pending open"),
    summary("and is in order with it", recorded(french_summary="2025-11-01", thesis_language="en"), "pass on"),
    summary("a language not said is open", recorded(french_summary="2025-11-01"), "not_evaluable unknown"),
    german("a French summary is no German one", recorded(french_summary="2025-11-01", thesis_language="en"),
           "pending open"),
    spoken("one of those allowed is in order", dossier(defence_language="nl"), "pass language"),
    spoken("a kind of it as well", dossier(defence_language="en-GB"), "pass language"),
    spoken("another is not", dossier(defence_language="fr"), "fail language", language="fr"),
    spoken("what nobody has said is open", NOBODY, "not_evaluable unknown"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_a_convention_is_judged_as_its_edges_ask(case: Case) -> None:
    case.holds()
