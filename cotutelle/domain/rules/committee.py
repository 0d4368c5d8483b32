"""Rules on the monitoring committee (CSI, article 13): when it meets, who sits, its three steps, its report.

A meeting is a recorded event `committee`: its day; `data` may say `specialist`, `field_outsider`, `external`,
`in_direction` (yes or no), `steps` (1, 2, 3), `sent_to`, `members`, `outside_unit`, `outside_region`.
"""

import itertools
from datetime import date

from cotutelle.domain.check import WHOLE, Figures, Group, check, word
from cotutelle.domain.dossier import Dossier, Place, Recorded
from cotutelle.domain.finding import Outcome, Verdict, aside, met, unknown


def _meetings(dossier: Dossier, place: Place) -> tuple[Recorded, ...]:
    """The meetings of the institution's committee; a partner's own panel is none of them."""
    return tuple([e for e in dossier.events.get("committee", ()) if e.institution in ("", place.code)])


def _described(dossier: Dossier, place: Place) -> tuple[Recorded, ...]:
    """The meetings of which more is known than that its report was signed; all where nothing is."""
    meetings = _meetings(dossier, place)
    return tuple([each for each in meetings if "signed" not in each.data]) or meetings


@check(Group.COMMITTEE, rank=WHOLE)
def committee_before(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Before each enrolment from the `rank`-th on, the committee met since the one before (article 13).

    `from` and `until`, where the rule is read by the day of each enrolment, are the days in which it is asked.
    """
    required = {"rank": figures["rank"]}
    enrolled = sorted(y.on for y in dossier.years if y.institution == place.code and y.on)
    if not enrolled:
        return unknown("first_enrolment", required=required)
    asked = [
        (rank, before, on)
        for rank, (before, on) in enumerate(itertools.pairwise(enrolled), start=2)
        if rank >= figures["rank"]
        and (figures.get("from") or date.min) <= on <= (figures.get("until") or date.max)
    ]
    followed = [each for each in asked if each[2] >= (dossier.followed_since or date.min)]
    if not followed:
        return aside("before_takeover" if asked else "not_due")
    days = [meeting.on for meeting in _meetings(dossier, place)]
    lacking = tuple([rank for rank, before, on in followed if not any(before < day <= on for day in days)])
    if lacking and not days:
        return Outcome(
            Verdict.NOT_EVALUABLE, "lacking", {"ranks": lacking, "facts": ("committee",)}, required
        )
    return met(not lacking, "lacking" if lacking else "each", {"ranks": lacking}, required)


@check(Group.COMMITTEE, wanted=word("specialist", "field_outsider", "external"))
def committee_has(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """At its last meeting the committee has such a member."""
    return _last(dossier, place, figures["wanted"], True, figures)


@check(Group.COMMITTEE)
def committee_composed(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The committee has a specialist of the field and somebody from outside it (article 13)."""
    outcomes = [_last(dossier, place, wanted, True, {}) for wanted in ("specialist", "field_outsider")]
    return min(outcomes, key=lambda outcome: list(Verdict).index(outcome.verdict))


@check(Group.COMMITTEE)
def committee_independent(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Nobody on the committee takes part in the direction (article 13)."""
    return _last(dossier, place, "in_direction", False, figures)


def _last(dossier: Dossier, place: Place, fact: str, wanted: bool, figures: Figures) -> Outcome:
    meetings = _described(dossier, place)
    if not meetings:
        return aside("no_meeting")
    answer = meetings[-1].data.get(fact)
    if answer is None:
        return unknown(fact, required=figures)
    return met(bool(answer) is wanted, "answer", {"on": meetings[-1].on}, figures)


@check(Group.COMMITTEE)
def committee_steps(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The three separate steps took place: presentation, candidate alone, direction alone (article 13)."""
    meetings = _described(dossier, place)
    if not meetings:
        return aside("no_meeting")
    steps = meetings[-1].data.get("steps")
    if steps is None:
        return unknown("steps")
    return met(set(steps) >= {1, 2, 3}, "count", {"n": len(set(steps)), "on": meetings[-1].on}, {})


@check(Group.COMMITTEE)
def committee_reported(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The report of the last meeting reached the school, the candidate and the director (article 13)."""
    meetings = _described(dossier, place)
    if not meetings:
        return aside("no_meeting")
    sent = meetings[-1].data.get("sent_to")
    if sent is None:
        return unknown("sent_to")
    lacking = tuple(sorted({"school", "candidate", "director"} - set(sent)))
    return met(not lacking, "lacking" if lacking else "sent", {"readers": lacking, "on": meetings[-1].on}, {})


@check(Group.COMMITTEE)
def committee_stable(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The members are the same from one meeting to the next, as far as possible (article 13)."""
    named = [meeting.data.get("members") for meeting in _described(dossier, place)]
    if len(named) < 2:
        return aside("one_meeting")
    if named[-1] is None or named[-2] is None:
        return unknown("members")
    changed = set(named[-1]) ^ set(named[-2])
    return met(not changed, "count", {"n": len(changed)}, {})


@check(Group.COMMITTEE, outside_unit=WHOLE, outside_region=WHOLE, month=WHOLE, day=WHOLE)
def committee_local(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """A school's own composition and day of the report (Lille BSL: two HDR outside the unit, one outside the region)."""
    meetings = _described(dossier, place)
    if not meetings:
        return aside("no_meeting")
    last = meetings[-1]
    unit, region = last.data.get("outside_unit"), last.data.get("outside_region")
    if unit is None or region is None:
        return unknown("outside_unit", "outside_region", required=figures)
    due = date(last.on.year, figures["month"], figures["day"])
    ok = unit >= figures["outside_unit"] and region >= figures["outside_region"] and last.on <= due
    return met(ok, "count", {"unit": unit, "region": region, "on": last.on}, {**figures, "due": due})
