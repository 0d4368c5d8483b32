"""How to mend a jury: the fewest changes after which every binding rule of every party holds.

Changes are tried, never guessed: each jury that a change makes is judged by the rules themselves, level by level,
and the first level on which some jury holds gives the proposals. Where none is found, all compositions are
tried, the directors sitting or not: then either one is shown, or the rules that exclude each other are named,
and no jury exists.
"""

from dataclasses import dataclass, replace

from cotutelle.domain.change import Change, moves
from cotutelle.domain.composition import Composition, solve
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.evaluation import answer
from cotutelle.domain.finding import Outcome, Verdict
from cotutelle.domain.jury import Jury, Seat, SeatRole
from cotutelle.domain.rulebook import Library, Rule, entry_on
from cotutelle.domain.rules import JURY_CHECKS

MOST_CHANGES = 5
MOST_PROPOSALS = 5
_KEPT = 60  # the most promising juries of a level, from which the next one is made


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes that mend a jury, and the rules that stay open afterwards."""

    changes: tuple[Change, ...]
    dossier: Dossier
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mending:
    """What can be done: proposals, or a composition to build from, or the rules that exclude each other."""

    broken: tuple[str, ...]
    proposals: tuple[Proposal, ...] = ()
    composition: Composition | None = None
    excluding: tuple[Rule, ...] = ()


Asked = tuple[tuple[Rule, Place], ...]


def mend(library: Library, dossier: Dossier) -> Mending:
    """How to make every binding rule hold on this jury; nothing when all hold already."""
    asked = _asked(library, dossier)
    binding = tuple(
        (rule, place) for rule, place in asked if library.binds(rule) and rule.scope.binds_at(place)
    )
    broken = _broken(dossier, binding)
    if not broken:
        return Mending(())
    names = tuple(dict.fromkeys(rule.id for rule, _place, _outcome in broken))
    if against := _contrary(dossier, binding):
        return Mending(names, excluding=against)
    found = _search(dossier, binding)
    if found:
        best = sorted(found, key=lambda each: _weight(each, asked))[:MOST_PROPOSALS]
        return Mending(names, tuple(Proposal(c, d, _open(d, asked)) for c, d in best))
    return _anew(names, dossier, binding)


def _contrary(dossier: Dossier, binding: Asked) -> tuple[Rule, ...]:
    """The rules of which some silence the directors and some make them vote: no jury meets both."""
    asked = [rule for rule, _place in binding if not _set_aside(dossier, rule)]
    silent = [rule for rule in asked if rule.check.name in ("directors_silent", "supervisors_silent")]
    voting = [rule for rule in asked if rule.check.name == "directors_vote"]
    return tuple(dict.fromkeys([*silent, *voting])) if silent and voting else ()


def _anew(names: tuple[str, ...], dossier: Dossier, binding: Asked) -> Mending:
    """A composition to build from, judged as a whole jury, or the rules that exclude each other."""
    rules = [(rule, place) for rule, place in binding if not _set_aside(dossier, rule)]
    solution = solve(dossier, rules, absent=True)
    if solution.smallest is None:
        return Mending(names, excluding=solution.excluding)
    reporting = [
        Seat(f"rapporteur-{n}", "elsewhere", SeatRole.NONE, "A", accredited=True, rapporteur="academic")
        for n in (1, 2)
    ]
    away = [
        Seat(f"director-{place.code}", place.code, SeatRole.NONE, "A", supervision="director", decides=False)
        for place in dossier.places
        if place.code not in solution.smallest.directors
    ]
    jury = Jury((*solution.smallest.seats(), *reporting, *away))
    left = _broken(replace(dossier, jury=jury), binding)
    return Mending(names) if left else Mending(names, composition=solution.smallest)


def _asked(library: Library, dossier: Dossier) -> Asked:
    """The rules on juries in force for this dossier, those of other schools left out."""
    return tuple(
        (rule, place)
        for place in dossier.places
        for entries in library.asked_of(place)
        if entries[0].check.name in JURY_CHECKS
        and (rule := entry_on(entries, dossier)) is not None
        and rule.scope.admits(place)
    )


def _broken(dossier: Dossier, rules: Asked) -> list[tuple[Rule, Place, Outcome]]:
    found = []
    for rule, place in rules:
        outcome = rule.check.predicate(dossier.asked_by(place), place, rule.figures)
        if outcome.verdict is Verdict.FAIL and not _set_aside(dossier, rule):
            found.append((rule, place, outcome))
    return found


def _set_aside(dossier: Dossier, rule: Rule) -> bool:
    derogation = dossier.derogations.get(rule.id)
    return derogation is not None and derogation.documented


State = tuple[tuple[Change, ...], Dossier]


def _search(dossier: Dossier, binding: Asked) -> list[State]:
    """The juries on the first level of changes on which some hold, each by the changes that lead to it."""
    level: list[State] = [((), dossier)]
    seen = {_key(dossier)}
    for _depth in range(MOST_CHANGES):
        reached: list[tuple[int, State]] = []
        for changes, there in level:
            for change, after in moves(there, _broken(there, binding)):
                key = _key(after)
                if key not in seen:
                    seen.add(key)
                    reached.append((len(_broken(after, binding)), ((*changes, change), after)))
        whole = [state for left, state in reached if not left]
        if whole:
            return whole
        reached.sort(key=lambda each: each[0])
        level = [state for _left, state in reached[:_KEPT]]
    return []


def _key(dossier: Dossier) -> object:
    """A jury without its names: two that differ by nothing that rules look at are one."""
    assert dossier.jury is not None
    seats = sorted(
        repr((s.institution, s.role, s.rank, s.emeritus, s.supervision, s.rapporteur, s.president, s.decides, s.attached,
              s.accredited, s.copublished, s.report_on, s.on_committee, s.remote))
        for s in dossier.jury.seats
    )  # fmt: skip
    return tuple(seats), dossier.defence, dossier.jury.remote_authorised


def _open(dossier: Dossier, asked: Asked) -> tuple[str, ...]:
    """Rules that are not met afterwards: advice, interpretations, and what still waits."""
    shut = (Verdict.PASS, Verdict.NOT_APPLICABLE)
    return tuple(
        dict.fromkeys(
            rule.id
            for rule, place in asked
            if answer(rule, dossier.asked_by(place), place).verdict not in shut
        )
    )


def _weight(state: State, asked: Asked) -> tuple[int, int, int]:
    """Proposals that leave least open first; of those, the ones that touch fewest people."""
    changes, dossier = state
    heavy = sum(
        change.kind in ("remove", "leave", "replace", "rapporteur", "write", "relieve") for change in changes
    )
    assert dossier.jury is not None
    return len(_open(dossier, asked)), heavy, len(dossier.jury.members)
