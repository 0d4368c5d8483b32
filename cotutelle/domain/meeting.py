"""Where demands meet, topic by topic: what satisfies everyone, what clashes, and which clause settles it."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from dateutil.relativedelta import relativedelta

from cotutelle.domain.check import Topic
from cotutelle.domain.composition import Composition
from cotutelle.domain.demand import USUAL_MONTHS, Demand, Meeting, Table, differ
from cotutelle.domain.dossier import Dossier
from cotutelle.domain.finding import Certainty, Severity
from cotutelle.domain.rules.timing import moved


def _votes(table: Table, topic: Topic) -> Meeting:
    demands = table.demands[topic]
    voting = [demand for demand in demands if demand.value["directors_decide"]]
    silent = [demand for demand in demands if not demand.value["directors_decide"]]
    if voting and silent:
        way = "votes" if any(demand.place.country == "FR" for demand in silent) else "votes_elsewhere"
        settling = {"rules": _rules(silent), "aside": _places(silent), "others": _places(voting)}
        return Meeting(topic, demands, None, True, way, "CL-33", settling=settling)
    counted = bool(table.values(Topic.SIZE, "voters_between"))
    way, clause = ("votes_counts", "CL-26") if counted else ("", "")
    return Meeting(topic, demands, {"directors_decide": bool(voting)}, False, way, clause)


def _rules(demands: Iterable[Demand]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(demand.rule.id for demand in demands))


def _places(demands: Iterable[Demand]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(demand.place.code for demand in demands))


def _size(table: Table, topic: Topic) -> Meeting:
    solution, demands = table.solution(with_schools=False), table.demands[topic]
    if solution.smallest is None:
        return _impossible(table, topic, ("size_none", "size_none_reading"), "CL-33", with_schools=False)
    several = differ(demands)
    sizes = sorted({composition.members for composition in solution.feasible})
    value = {**described(solution.smallest), "sizes": sizes}
    return Meeting(
        topic,
        demands,
        value,
        False,
        "size" if several else "",
        "CL-26" if several else "",
        (),
        len(solution.feasible),
    )


def _impossible(
    table: Table, topic: Topic, ways: tuple[str, str], clause: str, *, with_schools: bool
) -> Meeting:
    """No jury among those tried; where only a reading of a text forbids it, the jury that the text itself leaves."""
    demands, whole = table.demands[topic], table.solution(with_schools=with_schools)
    if whole.cut:
        return Meeting(topic, demands, None, True, "not_tried", clause, settling={"n": whole.seats})
    sure = table.solution(with_schools=with_schools, sourced=True)
    if sure.smallest is None:
        return Meeting(topic, demands, None, True, ways[0], clause, sure.excluding or whole.excluding)
    read = tuple(rule.id for rule in whole.excluding if rule.certainty is not Certainty.SOURCED)
    settling = {"rules": read, **described(sure.smallest)}
    return Meeting(topic, demands, None, True, ways[1], clause, whole.excluding, settling=settling)


def described(composition: Composition) -> dict[str, Any]:
    """A composition in figures: members, voters, directors, rank A, from outside, and of each institution."""
    return {
        "members": composition.members,
        "voters": composition.voters,
        "directors": len(composition.directors),
        "rank_a": composition.rank_a,
        "external": composition.external,
        "by_institution": {code: composition.of(code) for code in composition.directors},
    }


def _external(table: Table, topic: Topic) -> Meeting:
    solution, demands = table.solution(with_schools=True), table.demands[topic]
    if solution.smallest is None:
        ways = ("external_share", "external_share_reading")
        return _impossible(table, topic, ways, "CL-26", with_schools=True)
    members = solution.smallest.members
    least = min(each.external for each in solution.feasible if each.members == members)
    value = {"external": least, "of": members}
    only = {each.members for each in solution.feasible} == {members}
    way = "external_only" if only and differ(demands) else ""
    return Meeting(topic, demands, value, False, way, "CL-26" if way else "", (), len(solution.feasible))


def _reviewers(table: Table, topic: Topic) -> Meeting:
    demands = table.demands[topic]
    inside = table.values(topic, "reviewers_inside")
    outside = table.values(topic, "rapporteurs_external")
    number = max((d.value["least"] for d in table.values(topic, "rapporteurs_number")), default=0)
    value: dict[str, Any] = {"least": number, "external": bool(outside)}
    if inside:
        value["inside"] = {demand.place.code: demand.value["least"] for demand in inside}
    if inside and outside:
        return Meeting(topic, demands, None, True, "reviewers", "CL-25")
    return Meeting(topic, demands, value, False)


def _president(table: Table, topic: Topic) -> Meeting:
    demands = table.demands[topic]
    chairs = table.values(topic, "chair")
    who = {demand.value["who"] for demand in chairs} or {"professor"}
    if len(who) > 1 or 0 < len(chairs) < len(demands):
        return Meeting(topic, demands, None, True, "president", "CL-26")
    return Meeting(topic, demands, {"president": who.pop()}, False)


def _yes_or_no(key: str, clause: str) -> Callable[[Table, Topic], Meeting]:
    def meeting(table: Table, topic: Topic) -> Meeting:
        demands = table.demands[topic]
        wanted = {demand.value[key] for demand in demands}
        if len(wanted) > 1:
            return Meeting(topic, demands, None, True, topic.value, clause)
        return Meeting(topic, demands, {key: wanted.pop()}, False)

    return meeting


def _sessions(table: Table, topic: Topic) -> Meeting:
    demands = table.demands[topic]
    counts = [demand.value["count"] for demand in demands if "count" in demand.value]
    value = {"sessions": max(counts, default=1)}
    several = len(set(counts)) > 1
    return Meeting(topic, demands, value, False, "sessions" if several else "", "CL-27" if several else "")


def _diploma(table: Table, topic: Topic) -> Meeting:
    demands = table.demands[topic]
    allowed = {"joint", "two_diplomas"}
    for demand in demands:
        if demand.rule.check.name == "diploma_form_by_region":
            others = table.dossier.others(demand.place)
            near = all(other.region == demand.value["region"] for other in others)
            allowed &= {"joint"} if near else {"two_diplomas"}
        elif demand.rule.severity is not Severity.RECOMMENDATION:
            allowed &= set(demand.value["forms"])
    if not allowed:
        return Meeting(topic, demands, None, True, "diploma_none", "CL-31")
    narrowed = len(allowed) < 2
    return Meeting(
        topic,
        demands,
        {"forms": sorted(allowed)},
        False,
        "diploma" if narrowed else "",
        "CL-31" if narrowed else "",
    )


def _stay(table: Table, topic: Topic) -> Meeting:
    demands = table.demands[topic]
    months = {place.code: Fraction(0) for place in table.dossier.places}
    for demand in demands:
        for code, least in _months(demand, table.dossier):
            months[code] = max(months[code], least)
    for demand in demands:
        others = [place.code for place in table.dossier.others(demand.place)]
        if demand.rule.figures.get("at") == "either" and max(months.values()) < _least(demand):
            months[others[0] if others else demand.place.code] = _least(demand)
    total = sum(months.values(), Fraction(0))
    value = {"months": {code: _plain(n) for code, n in months.items()}, "total": _plain(total)}
    if total > USUAL_MONTHS:
        return Meeting(topic, demands, None, True, "stay_too_long", "CL-14")
    several = len({demand.place.code for demand in demands}) > 1 or any(months.values())
    return Meeting(topic, demands, value, False, "stay" if several else "", "CL-14" if several else "")


def _months(demand: Demand, dossier: Dossier) -> list[tuple[str, Fraction]]:
    """What a rule asks of each institution, in months; what may be at any of them is added afterwards."""
    own, others = demand.place.code, [p.code for p in dossier.others(demand.place)]
    figures = demand.rule.figures
    if demand.rule.check.name == "stay_by_carrier":
        if demand.place.lead:
            return [(others[0], Fraction(figures["carrier"]))] if others else []
        return [(own, Fraction(figures["partner"]))]
    if "at" not in figures:
        return []
    codes = {"own": [own], "other": others, "each": [own, *others], "either": []}[figures["at"]]
    return [(code, _least(demand)) for code in codes]


def _least(demand: Demand) -> Fraction:
    figures = demand.rule.figures
    return figures["share"] * USUAL_MONTHS if "share" in figures else Fraction(figures.get("months", 0))


def _plain(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else round(float(number), 2)


def _duration(table: Table, topic: Topic) -> Meeting:
    demands = table.demands[topic]
    full = [d.value["months"] for d in demands if d.value.get("mode", "any") in ("full", "any")]
    several = differ(demands)
    value = {"months": min(full)} if full else None
    return Meeting(topic, demands, value, False, "duration" if several else "", "CL-13" if several else "")


def _fees(table: Table, topic: Topic) -> Meeting:
    demands = table.demands[topic]
    places = {demand.value["at"] for demand in demands if "at" in demand.value}
    alternate = any(demand.value.get("alternate") for demand in demands)
    clash = len(places) > 1 or (alternate and "home" in places)
    if clash:
        return Meeting(topic, demands, None, True, "fees", "CL-15")
    value = {"payers_a_year": 1, "at": sorted(places), "alternate": alternate}
    several = bool(places) or alternate
    return Meeting(topic, demands, value, False, "fees" if several else "", "CL-15" if several else "")


def _language(table: Table, topic: Topic) -> Meeting:
    demands = table.demands[topic]
    summaries = sorted({d.value["language"] for d in demands if "language" in d.value})
    spoken = [set(d.value["languages"].split()) for d in demands if "languages" in d.value]
    common = sorted(set.intersection(*spoken)) if spoken else []
    if spoken and not common:
        return Meeting(topic, demands, None, True, "language", "CL-24")
    several = len(summaries) + len(spoken) > 1
    value = {"summaries": summaries, "defence": common}
    return Meeting(topic, demands, value, False, "language" if several else "", "CL-23" if several else "")


def _window(table: Table, topic: Topic) -> Meeting:
    """The earliest day of all, counted from a beginning on the day asked about and a defence three years later."""
    demands, begin = table.demands[topic], table.dossier.today
    assert begin is not None
    end = begin + relativedelta(months=USUAL_MONTHS)
    days = {}
    for demand in demands:
        anchor = begin if demand.rule.figures["anchor"] in ("first_enrolment", "start") else end
        days[demand.rule.id] = moved(anchor, demand.rule.figures)
    first = min(days, key=lambda rule: days[rule])
    several = len(demands) > 1
    value = {"rule": first, "signed_by": days[first]}
    return Meeting(
        topic, demands, value, False, "signature_window" if several else "", "CL-39" if several else ""
    )


MEETINGS: Mapping[Topic, Callable[[Table, Topic], Meeting]] = {
    Topic.VOTES: _votes,
    Topic.SIZE: _size,
    Topic.EXTERNAL_SHARE: _external,
    Topic.REVIEWERS: _reviewers,
    Topic.PRESIDENT: _president,
    Topic.PUBLICITY: _yes_or_no("public", "CL-27"),
    Topic.GRADE: _yes_or_no("given", "CL-31"),
    Topic.SESSIONS: _sessions,
    Topic.DIPLOMA: _diploma,
    Topic.STAY: _stay,
    Topic.DURATION: _duration,
    Topic.FEES: _fees,
    Topic.LANGUAGE: _language,
    Topic.SIGNATURE_WINDOW: _window,
}
"""How each topic is settled."""
