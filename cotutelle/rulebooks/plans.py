"""Milestone plans read from files: every mistake with its line, a plan that depends on itself among them."""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from cotutelle.domain.finding import Certainty
from cotutelle.domain.plan import REMINDERS, Due, Kind, Plan, Plans, Side, Signer, Signs, Step
from cotutelle.domain.rulebook import Scope
from cotutelle.domain.rules.timing import ANCHORS
from cotutelle.domain.signoff import Part
from cotutelle.domain.thesis import Mode
from cotutelle.rulebooks.mistakes import Mistake
from cotutelle.rulebooks.reading import MOST_BYTES, Lines, broken, in_both, is_day, source_of, word

_HERE = Path(__file__).parent
_HEAD = {"id", "name", "scope", "read_on"}
_STEP = {
    "kind", "school", "due", "rule", "yearly", "first", "mode", "signatories", "in_turn", "document", "remind",
    "source", "certainty", "from", "until",
}  # fmt: skip
_DUE = {"anchor", "months", "days", "working_days", "calendar", "with_leaves"}
_OF_THE_YEAR = ("enrolment",)
Wrong = Callable[..., None]


@cache
def kinds() -> Mapping[str, Kind]:
    """What a milestone can be, in the order of a thesis. Raises KeyError or ValueError for a fault, which no release has."""
    data = tomllib.loads((_HERE / "kinds.toml").read_text(encoding="utf-8"))
    return {code: _kind(code, entry, order) for order, (code, entry) in enumerate(data.items())}


def _kind(code: str, entry: Mapping[str, Any], order: int) -> Kind:
    return Kind(
        code,
        {tag: entry[tag] for tag in ("fr", "en")},
        tuple(_signs(text) for text in entry["signs"]),
        order=order,
        remind=tuple(entry.get("remind", REMINDERS)),
        binds=tuple(Part(part) for part in entry.get("binds", ())),
        **{name: entry[name] for name in _PLAIN if name in entry},
    )


_PLAIN = ("in_turn", "document", "shared", "event", "condition", "declares", "fresh_code")


def _signs(text: str) -> Signs:
    """Who signs, from ``director`` or ``director:each``. Raises ValueError for anything else."""
    signer, _separator, side = text.partition(":")
    return Signs(Signer(signer), Side(side or "own"))


@cache
def shipped() -> Plans:
    """The kinds and plans of the application itself. Raises ValueError for a fault, which no release has."""
    plans = []
    for path in sorted((_HERE / "plans").glob("*.toml")):
        plan, mistakes = read(path.read_text(encoding="utf-8"), path.stem)
        if plan is None:
            raise ValueError(f"{path.name}: {'; '.join(mistake.text for mistake in mistakes)}")
        plans.append(plan)
    digest = hashlib.sha256("|".join(plan.digest for plan in plans).encode()).hexdigest()
    return Plans(kinds(), tuple(plans), digest)


def with_own(own: Iterable[Plan]) -> Plans:
    """The shipped plans with an installation's own: one of the same id takes the shipped one's place."""
    plans = {plan.id: plan for plan in shipped().plans} | {plan.id: plan for plan in own}
    digest = hashlib.sha256("|".join(plan.digest for plan in plans.values()).encode()).hexdigest()
    return Plans(kinds(), tuple(plans.values()), digest)


def read(text: str, name: str = "") -> tuple[Plan | None, list[Mistake]]:
    """The plan that a file holds, and what is wrong in it; None as soon as anything is."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return None, [Mistake(1, "large")]
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return None, [broken(str(error), text)]
    lines, mistakes = Lines(text, "plan", "milestone"), list[Mistake]()
    plan = _plan(data, lines, mistakes, name)
    entries = data.get("milestone", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return None, [*mistakes, Mistake(1, "no_steps_table")]
    steps = [_step(entry, number, lines, mistakes, plan) for number, entry in enumerate(entries)]
    known = [step for step in steps if step is not None]
    mistakes += _circles(known, lines)
    if mistakes or plan is None:
        return None, sorted(mistakes, key=lambda mistake: mistake.line)
    return replace(plan, steps=tuple(known), digest=hashlib.sha256(text.encode()).hexdigest()), []


def _plan(data: Mapping[str, Any], lines: Lines, mistakes: list[Mistake], name: str) -> Plan | None:
    head, before = data.get("plan"), len(mistakes)
    if not isinstance(head, dict):
        mistakes.append(Mistake(1, "no_plan_head"))
        return None

    def wrong(at: str, mistake: str, **values: Any) -> None:
        mistakes.append(Mistake(lines.head(at), mistake, values))

    for key in head.keys() - _HEAD:
        wrong(key, "stray_plan_head", key=key, known=", ".join(sorted(_HEAD)))
    for key in data.keys() - {"plan", "milestone"}:
        mistakes.append(Mistake(1, "stray_plan_table", {"key": key}))
    id_, names, scope = head.get("id"), head.get("name"), head.get("scope")
    if not isinstance(id_, str) or not id_ or (name and id_ != name):
        wrong("id", "plan_id", id=id_, name=name)
    if not in_both(names):
        wrong("name", "names")
    if not is_day(head.get("read_on")):
        wrong("read_on", "read_on")
    texts = isinstance(scope, dict) and all(isinstance(part, str) and part for part in scope.values())
    if not texts or not isinstance(scope, dict) or scope.keys() - {"country", "region", "institution"}:
        wrong("scope", "plan_scope")
    elif scope and not scope.get("country"):
        wrong("scope", "scope_country")
    if len(mistakes) > before:
        return None
    return Plan(str(id_), dict(head["name"]), Scope(**head["scope"]), head["read_on"], ())


def _step(
    entry: Mapping[str, Any], number: int, lines: Lines, mistakes: list[Mistake], plan: Plan | None
) -> Step | None:
    before, kind = len(mistakes), entry.get("kind")

    def wrong(at: str, mistake: str, **values: Any) -> None:
        mistakes.append(Mistake(lines.rule(number, at), mistake, values, str(kind or number + 1)))

    for key in entry.keys() - _STEP:
        wrong(key, "stray_step", key=key, known=", ".join(sorted(_STEP)))
    if not isinstance(kind, str) or kind not in kinds():
        wrong("kind", "no_kind", kind=kind, known=", ".join(kinds()))
    certainty = word({"certainty": "sourced", **entry}, "certainty", Certainty, wrong)
    due = _due(entry["due"], wrong, yearly=entry.get("yearly") is True) if "due" in entry else None
    source = source_of(entry["source"], wrong) if "source" in entry else None
    if due is not None and source is None and not isinstance(entry.get("rule"), str):
        wrong("due", "step_unsourced")
    if "mode" in entry:
        word(entry, "mode", Mode, wrong)
    for key, shape in _SHAPES.items():
        if key in entry and type(entry[key]) is not shape:
            wrong(key, "step_shape", key=key)
    for key in ("from", "until"):
        if key in entry and not is_day(entry[key]):
            wrong(key, "day", key=key)
    signatories = _signatories(entry.get("signatories"), wrong)
    remind = _remind(entry.get("remind"), wrong)
    if len(mistakes) > before or plan is None:
        return None
    return Step(
        str(kind), plan.id, replace(plan.scope, school=entry.get("school", "")), due, entry.get("rule", ""),
        entry.get("yearly", False), entry.get("first", 1), entry.get("mode", ""), signatories,
        entry.get("in_turn"), entry.get("document"), remind, source, Certainty(str(certainty)),
        entry.get("from"), entry.get("until"),
    )  # fmt: skip


_SHAPES: Mapping[str, type] = {
    "school": str, "rule": str, "document": str, "in_turn": bool, "yearly": bool, "first": int,
}  # fmt: skip


def _due(given: Any, wrong: Wrong, *, yearly: bool) -> Due | None:
    if not isinstance(given, dict) or given.keys() - _DUE or not isinstance(given.get("anchor"), str):
        wrong("due", "due", known=", ".join(sorted(_DUE)))
        return None
    anchor = given["anchor"]
    known = _OF_THE_YEAR if yearly else (*ANCHORS, *kinds())
    if anchor not in known:
        wrong("due", "due_anchor", anchor=anchor, known=", ".join(known))
        return None
    months, days, working = (given.get(name, 0) for name in ("months", "days", "working_days"))
    if any(type(n) is not int or not -3650 <= n <= 3650 for n in (months, days, working)):
        wrong("due", "due_number")
        return None
    return Due(
        anchor, months, days, working, str(given.get("calendar", "")), given.get("with_leaves") is True
    )


def _signatories(given: Any, wrong: Wrong) -> tuple[Signs, ...] | None:
    if given is None:
        return None
    try:
        return tuple(_signs(str(text)) for text in given)
    except (ValueError, TypeError):
        wrong("signatories", "signatories", who=", ".join(Signer), sides=", ".join(Side))
        return None


def _remind(given: Any, wrong: Wrong) -> tuple[int, ...] | None:
    if given is None:
        return None
    fine = isinstance(given, list) and all(type(day) is int and -400 <= day <= 400 for day in given)
    if not fine:
        wrong("remind", "remind")
        return None
    return tuple(sorted(given))


def _circles(steps: Iterable[Step], lines: Lines) -> Iterator[Mistake]:
    """A milestone whose day is counted, by whatever detour, from its own."""
    listed = list(steps)
    counted = {
        step.kind: step.due.anchor
        for step in listed
        if step.due and step.due.anchor in kinds() and not step.yearly and step.kind != "defence"
    }  # the day of the defence is a fact of the thesis
    for number, step in enumerate(listed):
        way, at = [step.kind], counted.get(step.kind, "")
        while at and at not in way:
            way.append(at)
            at = counted.get(at, "")
        if at == step.kind:
            yield Mistake(lines.rule(number, "due"), "circle", {"way": " → ".join([*way, at])}, step.kind)
