"""Proves the partners' rules on boards at their edges, with voices and ranks that nobody has said."""

import pytest

from tests.domain.rules.dossiers import (
    GHENT,
    LAVAL,
    LEUVEN,
    LILLE,
    Asked,
    Case,
    director,
    dossier,
    jury,
    say,
    seat,
)

NOBODY = dossier()
EMPTY = jury()
DIRECTORS = (director(), director("ghent"))
MUTE = seat(decides=None)
LILLE_LAVAL, LAVAL_GHENT = (LILLE, LAVAL), (LAVAL, GHENT)

voters = Asked("voters_between", min=5, max=8)
outside = Asked("voters_outside", least=1)
half = Asked("voters_inside", share="1/2")
besides = Asked("professors_of_each", least=1, besides="directors")
counted = Asked("professors_of_each", least=1, besides="nobody")
parity = Asked("jury_parity")
french = Asked("jury_parity", country="FR")
others = Asked("director_and_others", least=1, country="FR")
all_vote = Asked("directors_vote")

CASES = (
    voters("four who vote are one too few", jury(*DIRECTORS, *[seat()] * 4), "fail count", n=4),
    voters("five are enough", jury(*DIRECTORS, *[seat()] * 5), "pass count", n=5),
    voters("eight are not too many", jury(*DIRECTORS, *[seat()] * 8), "pass count", n=8),
    voters("nine are one too many", jury(*[seat()] * 9), "fail count", n=9),
    voters("supervisors are not counted, even if they decide",
           jury(*[seat()] * 4, seat(supervision="co_supervisor")), "fail count", n=4),
    voters("a voice not said may be the fifth", jury(*[seat()] * 4, MUTE), "not_evaluable unknown"),
    voters("a voice not said may be the ninth", jury(*[seat()] * 8, MUTE), "not_evaluable unknown"),
    voters("a voice not said changes nothing between", jury(*[seat()] * 5, MUTE), "pass count"),
    voters("a voice not said changes nothing far below", jury(*[seat()] * 3, MUTE), "fail count"),
    voters("of nobody nobody votes", EMPTY, "fail count", n=0),
    voters("no jury is no answer", NOBODY, "not_evaluable unknown"),
    outside("one from outside is enough", jury(seat("ghent"), seat("lille")), "pass count", at=GHENT, n=1),
    outside("none is not", jury(seat("ghent"), director("lille")), "fail count", at=GHENT, n=0),
    outside("a voice not said leaves it open", jury(seat("ghent"), MUTE), "not_evaluable unknown", at=GHENT),
    outside("a voice not said from inside changes nothing", jury(seat("ghent"), seat("ghent", decides=None)),
            "fail count", at=GHENT),
    outside("no jury is no answer", NOBODY, "not_evaluable unknown", at=GHENT),
    half("exactly half is half", jury(*DIRECTORS, *[seat("ghent")] * 2, *[seat()] * 2), "pass count", at=GHENT,
         count=2, of=4),
    half("one below half is not", jury(seat("ghent"), *[seat()] * 2), "fail count", at=GHENT),
    half("directors are not counted", jury(director("ghent"), seat("ghent"), seat(), seat()), "fail count", at=GHENT),
    half("somebody hosted there is not appointed there",
         jury(seat("fwo", attached="ghent"), seat()), "fail count", at=GHENT),
    half("a voice not said from outside may undo it", jury(seat("ghent"), seat(), MUTE), "not_evaluable unknown",
         at=GHENT),
    half("a voice not said from inside may mend it", jury(seat("ghent"), *[seat()] * 2, seat("ghent", decides=None)),
         "not_evaluable unknown", at=GHENT),
    half("one that could not mend it changes nothing",
         jury(seat("ghent"), *[seat()] * 3, seat("ghent", decides=None)), "fail count", at=GHENT),
    half("a voice not said changes nothing where half is there anyhow",
         jury(*[seat("ghent")] * 2, seat(), MUTE), "pass count", at=GHENT),
    half("of nobody who votes nothing is said", jury(*DIRECTORS), "not_evaluable unknown", at=GHENT),
    half("no jury is no answer", NOBODY, "not_evaluable unknown", at=GHENT),
    besides("the directors alone are not enough", jury(*DIRECTORS, seat()), "fail lacking", at=GHENT,
            institutions=("lille", "ghent")),
    besides("one more professor of each is", jury(*DIRECTORS, seat("lille"), seat("ghent")), "pass each", at=GHENT),
    besides("a lecturer is none", jury(*DIRECTORS, seat("lille", rank="B"), seat("ghent")), "fail lacking",
            at=GHENT, institutions=("lille",)),
    besides("a rank not said leaves it open", jury(*DIRECTORS, seat("lille", rank=None), seat("ghent")),
            "not_evaluable unknown", at=GHENT),
    besides("a rank not said here mends nothing there", jury(*DIRECTORS, seat("lille", rank=None)), "fail lacking",
            at=GHENT, institutions=("ghent",)),
    besides("the third partner needs one as well",
            jury(seat("lille"), seat("ghent"), places=(LILLE, GHENT, LEUVEN)), "fail lacking", at=LEUVEN,
            institutions=("ku-leuven",)),
    besides("no jury is no answer", NOBODY, "not_evaluable unknown", at=GHENT),
    counted("the directors are enough where they count", jury(*DIRECTORS), "pass each", at=GHENT),
    counted("an emeritus is no professor while nobody says otherwise",
            jury(director(), seat("ghent", emeritus=True)), "fail lacking", at=GHENT, institutions=("ghent",)),
    counted("of nobody everybody lacks", EMPTY, "fail lacking", at=GHENT, institutions=("lille", "ghent")),
    parity("as many on each side is even", jury(*DIRECTORS, seat()), "pass count", at=GHENT),
    parity("one more on one side is not", jury(*DIRECTORS, seat("lille")), "fail count", at=GHENT,
           counts={"ghent": 1, "lille": 2}),
    parity("nobody on either side is as many", jury(seat(), seat()), "pass count", at=GHENT),
    parity("a jury of nobody is no answer", EMPTY, "not_evaluable unknown", at=GHENT),
    parity("no jury is no answer", NOBODY, "not_evaluable unknown", at=GHENT),
    french("those of a third country stand apart",
           jury(seat("lille"), seat("laval"), *[seat("ghent")] * 2, places=(LILLE, LAVAL, GHENT)), "pass count",
           at=LAVAL),
    french("without an institution of the other side nothing is asked",
           jury(seat("laval"), seat("ghent"), places=LAVAL_GHENT), "not_applicable no_other_side", at=LAVAL),
    others("a director and one other on each side are in order",
           jury(director(), director("laval"), seat("lille"), seat("laval"), places=LILLE_LAVAL), "pass each",
           at=LAVAL),
    others("directors alone are not", jury(director(), director("laval"), seat("lille"), places=LILLE_LAVAL),
           "fail lacking", at=LAVAL, institutions=("laval",)),
    others("two others without the director are not", jury(*[seat("lille")] * 2, director("laval"), seat("laval"),
           places=LILLE_LAVAL), "fail lacking", at=LAVAL, institutions=("lille",)),
    others("without an institution of the other side nothing is asked",
           jury(director("laval"), places=LAVAL_GHENT), "not_applicable no_other_side", at=LAVAL),
    others("no jury is no answer", dossier(places=LILLE_LAVAL), "not_evaluable unknown", at=LAVAL),
    all_vote("directors who decide are in order",
             jury(director(decides=True), director("laval", decides=True), places=LILLE_LAVAL), "pass count",
             at=LAVAL),
    all_vote("one who is silent is not", jury(director(), director("laval", decides=True), places=LILLE_LAVAL),
             "fail count", at=LAVAL, n=1),
    all_vote("one who does not sit is not", jury(director(decides=True, role="none"), places=LILLE_LAVAL),
             "fail count", at=LAVAL),
    all_vote("a voice not said leaves it open",
             jury(director(decides=None), director("laval", decides=True), places=LILLE_LAVAL),
             "not_evaluable unknown", at=LAVAL),
    all_vote("without a director nothing is said", jury(seat(), places=LILLE_LAVAL), "not_evaluable unknown",
             at=LAVAL),
    all_vote("no jury is no answer", NOBODY, "not_evaluable unknown"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_a_board_is_judged_as_its_edges_ask(case: Case) -> None:
    case.holds()
