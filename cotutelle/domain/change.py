"""Changes to a jury: which may help a broken rule, and the jury after each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Outcome
from cotutelle.domain.jury import Jury, Seat, SeatRole
from cotutelle.domain.rulebook import Rule

_FOUND = "new-"  # begins the id of somebody who is to be found


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words that a person can follow: what, to whom, with somebody from where, or until when.

    `kind`: add, replace, remove, leave, seat, silence, decide, preside, rapporteur, name, relieve, write, director,
    postpone, authorise. `place` is the code of an institution, empty for outside all of them.
    """

    kind: str
    seat: str = ""
    place: str = ""
    day: date | None = None


def moves(
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
            free = [s for s in _known(jury) if s.sits and not s.supervision and not s.rapporteur]
            yield from (Change("name", s.id) for s in free)
        case "rapporteurs_qualified" | "rapporteurs_external" | "rapporteurs_independent":
            yield from (Change("rapporteur", id_) for id_ in outcome.members)
            yield from (Change("relieve", id_) for id_ in outcome.members)
        case "president_eligible" | "president_in_post":
            yield from (
                Change("preside", s.id) for s in jury.members if s.professor(False) and not s.supervision
            )
            yield from _seated(jury, ["", *sides])
        case _:
            yield from _seated(jury, ["", *sides])
            yield from _unseated(jury)


def _known(jury: Jury) -> list[Seat]:
    """The seats of people who are known: whom a proposal itself has to find, it does not change again."""
    return [seat for seat in jury.seats if not seat.id.startswith(_FOUND)]


def _seated(jury: Jury, sides: Sequence[str]) -> Iterator[Change]:
    """A professor from outside or of an institution, added or in somebody's place; or somebody known who sits."""
    known = _known(jury)
    for side in sides:
        yield Change("add", place=side)
        replaceable = [s for s in known if s.sits and not s.supervision and not s.rapporteur]
        yield from (Change("replace", s.id, side) for s in replaceable)
    yield from (Change("seat", s.id) for s in known if not s.sits)
    yield from (Change("rapporteur", s.id) for s in known if s.sits and s.rapporteur == "academic")
    yield from (Change("decide", s.id) for s in known if s.sits and not s.decides and not s.supervision)


def _unseated(jury: Jury) -> Iterator[Change]:
    for seat in _known(jury):
        if seat.sits:
            yield Change("leave" if seat.directs else "write" if seat.rapporteur else "remove", seat.id)


def _postponed(jury: Jury, dossier: Dossier, outcome: Outcome) -> Iterator[Change]:
    """The first day on which every report that is there is in time; one that is not there yet still waits."""
    days = [seat.report_on for seat in jury.rapporteurs if seat.report_on]
    if dossier.defence and days:
        last = max(days)
        yield Change("postpone", day=last + timedelta(days=int(outcome.required["days"])))


def apply(dossier: Dossier, change: Change) -> Dossier:
    """The dossier after one change."""
    jury = dossier.jury
    assert jury is not None
    number = 1 + sum(seat.id.startswith(_FOUND) for seat in jury.seats)
    newcomer = Seat(f"{_FOUND}{number}", change.place or "elsewhere", rank="A", accredited=True)
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
            seats = tuple(_edited(s, change.kind) if s.id == change.seat else s for s in jury.seats)
    return replace(dossier, jury=jury.having(seats))


def _edited(seat: Seat, kind: str) -> Seat:
    """The seat of somebody who stays, in another capacity."""
    match kind:
        case "leave" | "write":
            return replace(seat, role=SeatRole.NONE, decides=False, president=False)
        case "seat":
            return replace(seat, role=SeatRole.MEMBER, decides=not seat.supervision)
        case "silence":
            return replace(seat, decides=False)
        case "decide":
            return replace(seat, role=SeatRole.MEMBER, decides=True)
        case "name":
            return replace(seat, rapporteur="academic")
        case _:
            return replace(seat, rapporteur=None)


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
