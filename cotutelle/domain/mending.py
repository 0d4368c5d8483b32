"""How to mend a jury: the fewest changes after which every binding rule of every party holds.

Changes are tried, never guessed: each jury that a change makes is judged by the rules themselves, level by level,
and the first level on which some jury holds gives the proposals. Where none is found, all compositions are
tried: then either one is shown, or the rules that exclude each other are named, and no jury exists.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

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
class Change:
    """One change in words that a person can follow: what, to whom, with somebody from where, or until when.

    `kind`: add, replace, remove, leave, silence, decide, preside, rapporteur, director, postpone, authorise.
    `place` is the code of an institution, empty for outside all of them.
    """

    kind: str
    seat: str = ""
    place: str = ""
    day: date | None = None


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
    found = _search(dossier, binding)
    if found:
        best = sorted(found, key=lambda each: _weight(each, asked))[:MOST_PROPOSALS]
        return Mending(names, tuple(Proposal(c, d, _open(d, asked)) for c, d in best))
    solution = solve(dossier, binding)
    return Mending(names, (), solution.smallest, solution.excluding)


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
        outcome = rule.check.predicate(dossier, place, rule.figures)
        derogation = dossier.derogations.get(rule.id)
        if outcome.verdict is Verdict.FAIL and not (derogation and derogation.documented):
            found.append((rule, place, outcome))
    return found


State = tuple[tuple[Change, ...], Dossier]


def _search(dossier: Dossier, binding: Asked) -> list[State]:
    """The juries on the first level of changes on which some hold, each by the changes that lead to it."""
    level: list[State] = [((), dossier)]
    seen = {_key(dossier)}
    for _depth in range(MOST_CHANGES):
        reached: list[tuple[int, State]] = []
        for changes, there in level:
            for change, after in _moves(there, _broken(there, binding)):
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


def _moves(
    dossier: Dossier, broken: Iterable[tuple[Rule, Place, Outcome]]
) -> Iterator[tuple[Change, Dossier]]:
    """Every change that may help a broken rule, with the dossier after it."""
    jury, tried = dossier.jury, set()
    assert jury is not None
    for rule, place, outcome in broken:
        for change in _helps(rule.check.name, jury, dossier, place, outcome):
            if change not in tried:
                tried.add(change)
                yield change, apply(dossier, change)


def _helps(check: str, jury: Jury, dossier: Dossier, place: Place, outcome: Outcome) -> Iterator[Change]:
    """Changes that may help one broken rule; which of them do is for the rules to say."""
    sides = [other.code for other in dossier.places]
    match check:
        case "directors_silent" | "supervisors_silent":
            yield from (Change("silence", id_) for id_ in outcome.members)
        case "directors_vote":
            yield from (Change("decide", id_) for id_ in outcome.members)
        case "directors_each_side":
            yield from (Change("director", place=code) for code in outcome.observed.get("institutions", ()))
        case "reports_before":
            yield from _postponed(jury, dossier, outcome)
        case "remote_authorised":
            yield Change("authorise")
        case "rapporteurs_number":
            yield Change("rapporteur")
        case "rapporteurs_qualified" | "rapporteurs_external" | "rapporteurs_independent":
            yield from (Change("rapporteur", id_) for id_ in outcome.members)
        case "president_eligible" | "president_in_post":
            yield from (
                Change("preside", s.id) for s in jury.members if s.professor(False) and not s.supervision
            )
            yield from _seated(jury, ["", *sides])
        case _:
            yield from _seated(jury, ["", *sides])
            yield from _unseated(jury)


def _seated(jury: Jury, sides: Sequence[str]) -> Iterator[Change]:
    """A professor from outside or of an institution, added or in somebody's place."""
    replaceable = [s for s in jury.members if not s.supervision and not s.rapporteur]
    for side in sides:
        yield Change("add", place=side)
        yield from (Change("replace", s.id, side) for s in replaceable)
    yield from (Change("rapporteur", s.id) for s in jury.members if s.rapporteur == "academic")
    yield from (Change("decide", s.id) for s in jury.members if not s.decides and not s.supervision)


def _unseated(jury: Jury) -> Iterator[Change]:
    for seat in jury.members:
        if seat.directs:
            yield Change("leave", seat.id)
        elif not seat.rapporteur:
            yield Change("remove", seat.id)


def _postponed(jury: Jury, dossier: Dossier, outcome: Outcome) -> Iterator[Change]:
    """The first day on which every report is in time; nothing while one is not there at all."""
    days = [seat.report_on for seat in jury.rapporteurs]
    if dossier.defence and days and None not in days:
        last = max(day for day in days if day)
        yield Change("postpone", day=last + timedelta(days=int(outcome.required["days"])))


def apply(dossier: Dossier, change: Change) -> Dossier:
    """The dossier after one change."""
    jury = dossier.jury
    assert jury is not None
    number = len(jury.seats) + 1
    newcomer = Seat(f"new-{number}", change.place or "elsewhere", rank="A", accredited=True)
    match change.kind:
        case "postpone":
            return replace(dossier, defence=change.day)
        case "authorise":
            return replace(dossier, jury=replace(jury, remote_authorised=True))
        case "add":
            seats = (*jury.seats, newcomer)
        case "director":
            seats = (*jury.seats, replace(newcomer, supervision="director", decides=False))
        case "replace" | "rapporteur":
            seats = _replaced(jury, change, newcomer)
        case "remove":
            seats = tuple(seat for seat in jury.seats if seat.id != change.seat)
        case "preside":
            seats = tuple(replace(seat, president=seat.id == change.seat) for seat in jury.seats)
        case _:
            edits = {"leave": {"role": SeatRole.NONE, "decides": False, "president": False},
                     "silence": {"decides": False}, "decide": {"decides": True}}[change.kind]  # fmt: skip
            seats = tuple(replace(s, **edits) if s.id == change.seat else s for s in jury.seats)  # type: ignore[arg-type]  # fields of a seat
    return replace(dossier, jury=jury.having(seats))


def _replaced(jury: Jury, change: Change, newcomer: Seat) -> tuple[Seat, ...]:
    """The seats with a newcomer in somebody's place, who takes over what falls to that place."""
    before = next((seat for seat in jury.seats if seat.id == change.seat), None)
    role = before.role if before else SeatRole.MEMBER
    if change.kind == "rapporteur":
        newcomer = replace(newcomer, institution="elsewhere", rapporteur="academic", role=role)
    if before is None:
        return (*jury.seats, newcomer)
    newcomer = replace(newcomer, president=before.president, gender=None)
    return tuple(newcomer if seat.id == change.seat else seat for seat in jury.seats)


def _open(dossier: Dossier, asked: Asked) -> tuple[str, ...]:
    """Rules that are not met afterwards: advice, interpretations, and what still waits."""
    shut = (Verdict.PASS, Verdict.NOT_APPLICABLE)
    return tuple(
        dict.fromkeys(rule.id for rule, place in asked if answer(rule, dossier, place).verdict not in shut)
    )


def _weight(state: State, asked: Asked) -> tuple[int, int, int]:
    """Proposals that leave least open first; of those, the ones that touch fewest people."""
    changes, dossier = state
    heavy = sum(change.kind in ("remove", "leave", "replace", "rapporteur") for change in changes)
    assert dossier.jury is not None
    return len(_open(dossier, asked)), heavy, len(dossier.jury.members)
