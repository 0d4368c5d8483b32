"""Who signs a milestone: each place in a capacity and for an institution, as plans and the kind of the milestone say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cotutelle.domain.dossier import Amending, Dossier, Place
from cotutelle.domain.plan import AMENDMENT, Kind, Plans, Side, Signer, Signs


@dataclass(frozen=True, slots=True)
class Slot:
    """One signature that a milestone needs: in which capacity, and of which institution (none for the candidate)."""

    signer: Signer
    institution: str = ""


def nearest(plans: Plans, places: Iterable[Place], kind: Kind) -> Kind:
    """The kind with what the nearest step of any asking institution says of it."""
    steps = [step for place in places for step in plans.steps_for(place) if step.kind == kind.code]
    for step in sorted(steps, key=lambda step: step.nearness):
        kind = replace(
            kind,
            signatories=kind.signatories if step.signatories is None else step.signatories,
            in_turn=kind.in_turn if step.in_turn is None else step.in_turn,
            document=kind.document if step.document is None else step.document,
            remind=kind.remind if step.remind is None else step.remind,
        )
    return kind


def slots_of(
    dossier: Dossier, plans: Plans, kind: Kind, places: Sequence[Place], asking: Sequence[str], number: int
) -> tuple[Slot, ...]:
    """The places of a milestone; whoever signs a convention signs the amendment of that number, with who leaves by it."""
    if kind.code != AMENDMENT:
        return _slots(dossier, kind.signatories, asking)
    amendment = next(each for each in dossier.amendments if each.number == number)
    here = replace(dossier, places=tuple(p for p in dossier.places if p.code in amendment.parties))
    signatories = nearest(plans, places, plans.kinds["convention"]).signatories
    return _with_leavers(amendment, _slots(here, signatories, asking))


def _slots(dossier: Dossier, signatories: Iterable[Signs], asking: Sequence[str]) -> tuple[Slot, ...]:
    everywhere = [place.code for place in dossier.places]
    lead = next((place.code for place in dossier.places if place.lead), everywhere[0])
    others = [code for code in everywhere if code != lead]
    sides = {Side.OWN: list(asking), Side.LEAD: [lead], Side.OTHERS: others, Side.EACH: everywhere}
    slots = [
        Slot(signs.signer, code)
        for signs in signatories
        for code in ([""] if signs.signer is Signer.CANDIDATE else sides[signs.side])
    ]
    return tuple(dict.fromkeys(slots))


def _with_leavers(amendment: Amending, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The places of an amendment, with those of directors who leave by it right after their successors'."""
    found: list[Slot] = []
    for slot in slots:
        found.append(slot)
        if slot.signer is Signer.DIRECTOR and slot.institution in amendment.leaving:
            found.append(Slot(Signer.FORMER_DIRECTOR, slot.institution))
    return tuple(found)
