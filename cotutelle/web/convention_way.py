"""How far each side has brought the convention: from its draft to the closed file, a line for each institution."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cotutelle.domain.convention.state import ConventionState
from cotutelle.models import Convention
from cotutelle.web.filters import day

STAGES = (_l("Draft"), _l("Review"), _l("Agreed"), _l("Signing"), _l("In force"), _l("Closed"))
DRAFT, REVIEW, AGREED, SIGNING, IN_FORCE, CLOSED = range(len(STAGES))
C = ConventionState


def way(convention: Convention, stands: dict[str, Any]) -> dict[str, Any]:
    """The stages and where each side is, of what the page already knows; no sides once the convention has ended."""
    if C(convention.state) in (C.VOID, C.ENDED, C.EXPIRED):
        return {"stages": [], "sides": []}
    given = {each["party"]["code"]: each["given"] for each in stands["approvals"]}
    sides = [_side(party, convention, stands, given.get(party["code"])) for party in stands["parties"]]
    return {"stages": [str(stage) for stage in STAGES], "sides": sides}


def _side(
    party: dict[str, Any], convention: Convention, stands: dict[str, Any], given: Any
) -> dict[str, Any]:
    at, sentence = _place(party["code"], convention, stands, given)
    return {**party, "at": at, "sentence": sentence}


def _place(code: str, convention: Convention, stands: dict[str, Any], given: Any) -> tuple[int, str]:
    state, latest, signing = C(convention.state), stands["latest"], stands["signing"]
    if state is C.IN_FORCE and signing and signing["closing"]:
        return CLOSED, _("closed under the number %(number)s", number=signing["closing"].number)
    if state is C.IN_FORCE:
        return IN_FORCE, _("in force since %(day)s", day=day(convention.state_since))
    if state is C.SIGNING:
        return SIGNING, _signed(code, signing)
    if given is not None:
        return AGREED, _("agreed on %(day)s", day=day(given.on))
    if state is C.PARTNER_REVIEW and latest is not None:
        return REVIEW, _("reads it since %(day)s", day=day(latest.put_on))
    if state is C.APPROVED:
        return AGREED, _("agreed on %(day)s", day=day(convention.state_since))
    return DRAFT, _("the text is being written")


def _signed(code: str, signing: dict[str, Any] | None) -> str:
    """How many of a side have signed, and who is asked now; the candidate belongs to no side and stands with none."""
    own = (
        [each for each in signing["chain"] if each["party"] and each["party"]["code"] == code]
        if signing
        else []
    )
    if not own:
        return str(_("being signed"))
    done = sum(each["signed"] for each in own)
    asked = next((each["name"] for each in own if each["state"] == "asked"), "")
    counted = str(_("%(done)s of %(all)s have signed", done=done, all=len(own)))
    return f"{counted}, {_('%(name)s is asked', name=asked)}" if asked else counted
