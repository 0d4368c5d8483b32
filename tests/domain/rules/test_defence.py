"""Proves the rules on the defence and what follows it, at their edges and with what nobody has recorded."""

from typing import Any

import pytest

from cotutelle.domain.dossier import Dossier
from tests.domain.rules.dossiers import (
    GHENT,
    LEUVEN,
    LILLE,
    Asked,
    Case,
    agreement,
    dossier,
    event,
    jury,
    on,
    rapporteur,
    recorded,
    say,
    seat,
)

NOBODY = dossier()
DEFENCE = "2025-12-12"
REPORTED = rapporteur(report_on=on("2025-11-28"))
PRESIDENT, AFAR = seat(president=True), seat(remote=True)
TWO, JOINT = ["two_diplomas"], ["joint"]

remote = Asked("remote_authorised", president=True)
before_2020 = Asked("remote_authorised", president=False)
authorised = Asked("authorised_on_reports")
public = Asked("publicity", public=True)
private = Asked("publicity", public=False)
custom = Asked("publicity", public=False, custom=True)
two_sessions = Asked("sessions", count=2)
one_session = Asked("sessions", count=1)
single = Asked("single_defence", most=1)
dean = Asked("chair", who="dean")
graded = Asked("grade", given=True)
two_only = Asked("diploma_form", forms=TWO)
either = Asked("diploma_form", forms=[*JOINT, *TWO])
regional = Asked("diploma_form_by_region", region="BE-VLG")
as_agreed = Asked("diploma_as_agreed")
star = Asked("star_names_partner")


def authorisation(day: str, *seats: Any, **more: Any) -> Dossier:
    return jury(*(seats or (REPORTED,)), defence=DEFENCE, events={"authorisation": event(day)}, **more)


def issued(form: str | None, agreed: str | None, **data: Any) -> Dossier:
    return recorded(
        diploma=event("2026-03-01", **({"form": form} if form else {}), **data), diploma_form=agreed
    )


CASES = (
    remote("nobody from afar asks for nothing", jury(seat()), "not_applicable nobody"),
    remote("a guest from afar asks for nothing", jury(seat(role="invited", remote=True)), "not_applicable nobody"),
    remote("some from afar with authorisation are in order", jury(AFAR, seat(), mode="partial", authorised=True),
           "pass authorised", n=1),
    remote("without authorisation they are not", jury(AFAR, seat(), mode="partial", authorised=False),
           "fail not_authorised"),
    remote("an authorisation not said leaves it open", jury(AFAR, mode="partial"), "not_evaluable unknown"),
    remote("whoever is marked as afar counts, whatever the file calls the session", jury(AFAR, authorised=False),
           "fail not_authorised"),
    remote("all from afar counts everybody", jury(seat(), seat(), mode="full", authorised=True), "pass authorised",
           n=2),
    remote("the president may be afar as well", jury(seat(president=True, remote=True), authorised=True),
           "pass authorised"),
    remote("no jury is no answer", NOBODY, "not_evaluable unknown"),
    before_2020("the president in the room is in order", jury(PRESIDENT, AFAR, mode="partial", authorised=True),
                "pass authorised"),
    before_2020("the president afar is not, even with authorisation",
                jury(seat(president=True, remote=True), mode="partial", authorised=True), "fail president"),
    before_2020("a whole jury afar is not", jury(PRESIDENT, seat(), mode="full", authorised=True), "fail president"),
    before_2020("a whole jury afar is not, whoever presides", jury(seat(), mode="full", authorised=True),
                "fail president"),
    before_2020("while nobody is named as president it is open", jury(AFAR, seat(), mode="partial", authorised=True),
                "not_evaluable unknown"),
    before_2020("without authorisation it fails whoever presides",
                jury(AFAR, seat(), mode="partial", authorised=False), "fail not_authorised"),
    authorised("on the day of the last report is in order", authorisation("2025-11-28"), "pass on"),
    authorised("the day before the last report is not", authorisation("2025-11-27"), "fail on"),
    authorised("on the day of the defence is in order", authorisation(DEFENCE), "pass on"),
    authorised("the day after the defence is not", authorisation("2025-12-13"), "fail on"),
    authorised("while a report is missing is not", authorisation("2025-11-28", REPORTED, rapporteur()),
               "fail without_reports"),
    authorised("without rapporteurs nothing is said", authorisation("2025-11-28", seat()), "not_evaluable unknown"),
    authorised("without a jury nothing is said",
               recorded(authorisation="2025-11-28", defence=on(DEFENCE)), "not_evaluable unknown"),
    authorised("before the defence it is due", jury(REPORTED, defence=DEFENCE, today=DEFENCE), "pending due"),
    authorised("after the defence, not recorded, it is open", jury(REPORTED, defence=DEFENCE, today="2025-12-13"),
               "not_evaluable unknown"),
    authorised("without a date of defence nothing is asked", jury(REPORTED), "not_applicable no_defence"),
    public("a public one is in order", dossier(convention=agreement(public=True)), "pass public"),
    public("a closed one is not", dossier(convention=agreement(public=False)), "fail closed"),
    public("a closed one on a confidential subject is", dossier(convention=agreement(public=False), confidential=True),
           "pass confidential"),
    public("what the convention does not say is open", dossier(convention=agreement()), "not_evaluable unknown"),
    public("no convention is no answer", NOBODY, "not_evaluable unknown"),
    private("a closed one is in order where it is asked", dossier(convention=agreement(public=False)), "pass closed"),
    private("a public one is not", dossier(convention=agreement(public=True)), "fail public"),
    custom("a mere custom yields to a convention that says the defence is public",
           dossier(convention=agreement(public=True)), "pass public"),
    custom("or closed", dossier(convention=agreement(public=False)), "pass closed"),
    custom("not to silence", dossier(convention=agreement()), "not_evaluable unknown"),
    two_sessions("a first part makes two", recorded(first_part="2025-11-20"), "pass count", n=2),
    two_sessions("one is not enough", recorded(defence_held=DEFENCE), "fail count", n=1),
    two_sessions("none recorded is no answer", NOBODY, "not_evaluable unknown"),
    one_session("more than one is no harm", recorded(first_part="2025-11-20"), "pass count", n=2),
    single("one is one", recorded(defence_held=DEFENCE), "pass count", n=1),
    single("two are one too many", recorded(defence_held=event(DEFENCE) * 2), "fail count", n=2),
    single("none recorded is not in order, only not there yet", NOBODY, "not_applicable none_held"),
    dean("who chairs a ceremony is for the convention to say", NOBODY, "not_applicable ceremony", who="dean"),
    graded("each diploma follows its own law", NOBODY, "not_applicable own_diploma", given=True),
    two_only("two where two are asked are in order", dossier(diploma_form="two_diplomas"), "pass form"),
    two_only("a joint one is not", dossier(diploma_form="joint"), "fail form", form="joint"),
    two_only("what nobody has settled is open", NOBODY, "not_evaluable unknown"),
    either("a joint one where both are allowed is in order", dossier(diploma_form="joint"), "pass form"),
    regional("a joint one with a partner of the region is in order",
             dossier(places=(GHENT, LEUVEN), diploma_form="joint"), "pass form", at=GHENT),
    regional("two with a partner of the region are not", dossier(places=(GHENT, LEUVEN), diploma_form="two_diplomas"),
             "fail form", at=GHENT),
    regional("two with any other are in order", dossier(diploma_form="two_diplomas"), "pass form", at=GHENT),
    regional("one partner outside the region is enough to ask for two",
             dossier(places=(GHENT, LEUVEN, LILLE), diploma_form="joint"), "fail form", at=GHENT),
    regional("what nobody has settled is open", NOBODY, "not_evaluable unknown", at=GHENT),
    as_agreed("a joint one as agreed is in order", issued("joint", "joint"), "pass form"),
    as_agreed("two instead of one are not", issued("two_diplomas", "joint"), "fail form", form="two_diplomas"),
    as_agreed("two that refer to each other are in order", issued("two_diplomas", "two_diplomas", mentions=True),
              "pass form"),
    as_agreed("two that do not are not", issued("two_diplomas", "two_diplomas", mentions=False), "fail silent"),
    as_agreed("two of which nobody says so are open", issued("two_diplomas", "two_diplomas"), "not_evaluable unknown"),
    as_agreed("a form not recorded is open", issued(None, "joint"), "not_evaluable unknown"),
    as_agreed("a form not agreed is open", issued("joint", None), "not_evaluable unknown"),
    as_agreed("before a diploma nothing is asked", NOBODY, "not_applicable not_issued"),
    star("a record that names every partner is in order",
         recorded(deposit="2025-11-01", star_record=event("2026-01-10", partners=True)), "pass on"),
    star("one that does not is not", recorded(deposit="2025-11-01", star_record=event("2026-01-10", partners=False)),
         "fail lacking"),
    star("one of which nobody says so is open", recorded(deposit="2025-11-01", star_record="2026-01-10"),
         "not_evaluable unknown"),
    star("after the deposit it is awaited", recorded(deposit="2025-11-01"), "pending missing"),
    star("before the deposit nothing is asked", NOBODY, "not_applicable not_deposited"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=say)
def test_a_defence_is_judged_as_its_edges_ask(case: Case) -> None:
    case.holds()
