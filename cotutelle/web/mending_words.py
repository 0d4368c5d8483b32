"""How to mend a jury, in words."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from cotutelle.domain.change import Change
from cotutelle.domain.mending import Mending
from cotutelle.web.filters import day


def change(each: Change, names: Mapping[str, str]) -> Any:
    """One change as a sentence that a person can follow."""
    who = names.get(each.seat, "")
    place = names.get(each.place, each.place)
    match each.kind:
        case "add":
            if not each.place:
                return _("Add a professor from outside all the institutions.")
            return _("Add a professor of %(place)s.", place=place)
        case "replace":
            if not each.place:
                return _("Replace %(who)s by a professor from outside all the institutions.", who=who)
            return _("Replace %(who)s by a professor of %(place)s.", who=who, place=place)
        case "remove":
            return _("Take %(who)s out of the jury.", who=who)
        case "leave":
            return _("Leave %(who)s out of the jury: a director need not sit.", who=who)
        case "seat":
            return _("Let %(who)s sit as a member.", who=who)
        case "write":
            return _("Let %(who)s report without sitting.", who=who)
        case "name":
            return _("Name %(who)s rapporteur too.", who=who)
        case "relieve":
            return _("Let %(who)s sit without reporting.", who=who)
        case "silence":
            return _("Let %(who)s sit without taking part in the decision.", who=who)
        case "decide":
            return _("Let %(who)s take part in the decision.", who=who)
        case "preside":
            return _("Have %(who)s preside.", who=who)
        case "rapporteur":
            if each.seat:
                return _(
                    "Replace %(who)s as rapporteur by a professor from outside, not involved in the work.",
                    who=who,
                )
            return _("Name one more rapporteur, a professor from outside.")
        case "director":
            return _("Seat the thesis director of %(place)s.", place=place)
        case "postpone":
            return _("Hold the defence on %(day)s or later.", day=day(each.day))
        case _:
            return _("Have the head of institution authorise remote participation.")


def link(each: Change, reference: str) -> str:
    """Where a change is made: a form that is filled as far as the change says, or the seat that it touches."""
    if each.kind in ("add", "director") or (each.kind == "rapporteur" and not each.seat):
        capacity = {"rapporteur": "rapporteur", "director": "director"}.get(each.kind, "")
        asked = {"institution": each.place, "rank": "A", "capacity": capacity}
        given: dict[str, Any] = {name: value for name, value in asked.items() if value}
        return url_for("jury_act.add", reference=reference, **given)
    if each.kind == "postpone":
        return url_for("thesis.edit", reference=reference)
    if each.seat:
        return url_for("jury_act.edit", reference=reference, seat=each.seat)
    return url_for("jury_act.remote", reference=reference)


def shown(mending: Mending, names: Mapping[str, str]) -> dict[str, Any]:
    """The proposals in words, or why there is none."""
    composition = mending.composition
    return {
        "broken": mending.broken,
        "proposals": [
            {
                "changes": [change(each, names) for each in proposal.changes],
                "open": len(proposal.open),
                "rules": ", ".join(proposal.open),
            }
            for proposal in mending.proposals
        ],
        "excluding": ", ".join(rule.id for rule in mending.excluding),
        "composition": _(
            "No few changes were found that mend this jury. Another of %(members)s would do. Directors who sit: %(directors)s; members from outside: %(external)s; members who decide: %(voters)s.",
            members=composition.members,
            directors=len(composition.directors),
            external=composition.external,
            voters=composition.voters,
        )
        if composition
        else "",
    }
