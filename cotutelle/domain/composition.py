"""Compositions of a jury: all those that several universities' rules allow at once, found by trying each.

Nothing is guessed: every way of filling the seats up to the largest size is judged by the very predicates
that judge a real jury. Where none is left, the smallest set of rules that exclude each other is named.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Verdict
from cotutelle.domain.jury import Jury, Seat
from cotutelle.domain.rulebook import Rule

COUNTING = frozenset(
    {
        "jury_size",
        "jury_external",
        "jury_rank",
        "voters_between",
        "voters_outside",
        "voters_inside",
        "professors_of_each",
        "jury_parity",
        "director_and_others",
        "jury_outsiders",
        "president_eligible",
    }
)
"""Checks that depend on how many sit from where; who votes is settled apart from it."""
MOST_SEATS = 9
"""Seats that are tried where no rule says how many may sit."""
WIDEST = 13
"""No composition of more seats is tried: no known rule allows as many, and their number grows too fast."""
OUTSIDE = ""


@dataclass(frozen=True, slots=True)
class Composition:
    """How many sit: the directors, then professors and others of each institution, and from outside (code "")."""

    directors: tuple[str, ...]
    professors: tuple[tuple[str, int], ...]
    others: tuple[tuple[str, int], ...]

    @property
    def members(self) -> int:
        """All who sit."""
        return len(self.directors) + self.voters

    @property
    def voters(self) -> int:
        """All who sit but the directors."""
        return sum(n for _code, n in (*self.professors, *self.others))

    @property
    def rank_a(self) -> int:
        """Professors, directors counted."""
        return len(self.directors) + sum(n for _code, n in self.professors)

    def of(self, code: str) -> int:
        """Members of an institution, its director counted; from outside for the empty code."""
        here = sum(n for each, n in (*self.professors, *self.others) if each == code)
        return here + self.directors.count(code)

    @property
    def external(self) -> int:
        """Members from outside all institutions."""
        return self.of(OUTSIDE)

    def seats(self) -> tuple[Seat, ...]:
        """The composition as seats, which the rules can judge."""
        found = [_director(code) for code in self.directors]
        for rank, counts in (("A", self.professors), ("B", self.others)):
            for code, n in counts:
                found += _members(rank, code)[:n]
        return tuple(found)


@cache
def _director(code: str) -> Seat:
    return Seat(f"director-{code}", code, rank="A", accredited=True, supervision="director", decides=False)


@cache
def _members(rank: str, code: str) -> list[Seat]:
    seats = range(WIDEST + 1)
    return [Seat(f"{rank}-{code}-{i}", code or "elsewhere", rank=rank, accredited=True) for i in seats]


@dataclass(frozen=True)
class Solution:
    """What trying every composition showed."""

    rules: tuple[tuple[Rule, Place], ...]
    tried: tuple[tuple[Composition, int], ...]  # with one bit for each rule that it meets
    dossier: Dossier
    seats: int  # the most that were tried
    cut: bool  # the rules allow more

    @cached_property
    def feasible(self) -> tuple[Composition, ...]:
        """The compositions that meet every rule, the smallest first."""
        whole = (1 << len(self.rules)) - 1
        return tuple(sorted((c for c, mask in self.tried if mask == whole), key=_simplest))

    @property
    def smallest(self) -> Composition | None:
        """The smallest composition that meets every rule; of those, the one with most professors from outside."""
        return self.feasible[0] if self.feasible else None

    @cached_property
    def excluding(self) -> tuple[Rule, ...]:
        """The smallest set of rules that no composition meets together; empty where some composition meets all.

        Empty too where larger ones, which were not tried, might.
        The rule of size that allows least is one of them where more seats would let the others be met.
        """
        if self.feasible or self.cut:
            return ()
        chosen = self._core()
        sizes = [each for each in self.rules if each[0].check.name == "jury_size"]
        if sizes and not any(rule.check.name == "jury_size" for rule, _place in chosen):
            codes, whole = [place.code for place in self.dossier.places], (1 << len(chosen)) - 1
            # professors help most
            wider = (c for c in _compositions(codes, WIDEST, codes) if c.rank_a == c.members)
            if any(_met(self.dossier, c, chosen) == whole for c in wider):
                chosen = (min(sizes, key=lambda each: int(each[0].figures["max"])), *chosen)
        return tuple(dict.fromkeys(rule for rule, _place in chosen))

    def _core(self) -> tuple[tuple[Rule, Place], ...]:
        masks = {mask for _composition, mask in self.tried}
        for size in range(1, len(self.rules) + 1):
            for chosen in itertools.combinations(range(len(self.rules)), size):
                wanted = sum(1 << index for index in chosen)
                if not any(mask & wanted == wanted for mask in masks):
                    return tuple(self.rules[index] for index in chosen)
        return ()


def solve(
    dossier: Dossier, rules: Iterable[tuple[Rule, Place]], *, most: int | None = None, absent: bool = False
) -> Solution:
    """Try every composition of at most `most` seats in which each institution's director sits.

    While none meets every rule, `absent` tries those in which one director stays away, then two, and so on.
    """
    counting = tuple((rule, place) for rule, place in rules if rule.check.name in COUNTING)
    codes = [place.code for place in dossier.places]
    allowed = _allowed(counting, len(codes))
    usual = max(MOST_SEATS, len(codes) + 4)
    seats = min(usual if allowed is None else allowed, WIDEST if most is None else most)
    tried: list[tuple[Composition, int]] = []
    whole = (1 << len(counting)) - 1
    for away in range(len(codes) if absent else 1):
        for sitting in itertools.combinations(codes, len(codes) - away):
            tried += [(c, _met(dossier, c, counting)) for c in _compositions(codes, seats, sitting)]
        if any(mask == whole for _composition, mask in tried):
            break
    return Solution(counting, tuple(tried), dossier, seats, allowed is None or allowed > seats)


def _allowed(rules: Sequence[tuple[Rule, Place]], directors: int) -> int | None:
    """How many may sit: by the rules of size, else by the voters allowed beside the directors; None without either."""
    sizes = [rule.figures["max"] for rule, _place in rules if rule.check.name == "jury_size"]
    voters = [rule.figures["max"] for rule, _place in rules if rule.check.name == "voters_between"]
    return min(sizes) if sizes else directors + min(voters) if voters else None


def _met(dossier: Dossier, composition: Composition, rules: Sequence[tuple[Rule, Place]]) -> int:
    """One bit for each rule that the composition meets."""
    there = Dossier(
        dossier.places, dossier.today, defence=dossier.defence, readings=dossier.readings,
        readings_of=dossier.readings_of, jury=Jury(composition.seats()),
    )  # fmt: skip
    mask = 0
    for index, (rule, place) in enumerate(rules):
        verdict = rule.check.predicate(there.asked_by(place), place, rule.figures).verdict
        if verdict is Verdict.PASS or verdict is Verdict.NOT_APPLICABLE:
            mask |= 1 << index
    return mask


def _compositions(codes: Sequence[str], most: int, sitting: Sequence[str]) -> Iterator[Composition]:
    """Every filling of the seats beside the directors; others than professors are tried from outside and at home."""
    places = [*codes, OUTSIDE]
    for n in range(most - len(sitting) + 1):
        for split in _splits(n, len(places) + 1):
            *professors, others = split
            filled = tuple(zip(places, professors, strict=True))
            yield Composition(tuple(sitting), filled, ((OUTSIDE, others),))
            if others:
                yield Composition(tuple(sitting), filled, ((codes[0], others),))


def _splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way of writing `total` as that many numbers, 0 among them."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _splits(total - first, parts - 1):
            yield (first, *rest)


def _simplest(composition: Composition) -> tuple[int, int, int]:
    return composition.members, -composition.rank_a, -composition.external
