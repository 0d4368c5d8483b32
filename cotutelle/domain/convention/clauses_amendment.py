"""The articles that an amendment itself consists of; those of the convention stand in its third one, old beside new."""

from collections.abc import Iterator

from cotutelle.domain.convention.clauses_object import head_of
from cotutelle.domain.convention.facts import Amendment, Facts
from cotutelle.domain.convention.paragraph import Paragraph, known, plain, worded
from cotutelle.domain.convention.values import Day, Giver, Listing, Localised, Number, Plain, Word

OFFICE, PARTY = Giver.LEAD_OFFICE, Giver.PARTY_OFFICE


def parties(facts: Facts) -> Iterator[Paragraph]:
    """AM-1: the institutions that conclude it, those that leave by it among them, and who represents them."""
    for party in facts.signing_parties:
        yield Paragraph(
            "party",
            {
                "institution": Localised(party.names),
                "head": head_of(party),
                "head_name": known("head_name", party.head_name, plain, PARTY, party),
            },
        )


def purpose(facts: Facts) -> Iterator[Paragraph]:
    """AM-2: which convention it amends, what for, and why."""
    amendment = _of(facts)
    named = {"reference": Plain(facts.reference), "candidate": Plain(facts.candidate.name)}
    if amendment.signed_on is None:
        yield Paragraph("amends", named)
    else:
        yield Paragraph("amends_since", {**named, "date": Day(amendment.signed_on)})
    if len(amendment.earlier) == 1:
        yield Paragraph("amended_before", {"date": Day(amendment.earlier[0])})
    elif amendment.earlier:
        dates = Listing(tuple(Day(each) for each in amendment.earlier))
        yield Paragraph("amended_often", {"number": Number(len(amendment.earlier)), "dates": dates})
    words = tuple(Word(f"trigger.{each}") for each in amendment.triggers)
    yield Paragraph("triggers", {"triggers": Listing(words, long=True)})
    reason = {tag: said.strip().rstrip(".") for tag, said in amendment.reason.items()}
    if any(reason.values()):
        yield Paragraph("reason", {"reason": worded(facts, "amendment_reason", reason, OFFICE)})


def changes(facts: Facts) -> Iterator[Paragraph]:
    """AM-3: what reads otherwise from now on; the articles follow it, old beside new."""
    yield Paragraph("read_otherwise")


def leaving(facts: Facts) -> Iterator[Paragraph]:
    """AM-4: who leaves by it, and signs to take note of that; nothing where nobody does."""
    amendment = _of(facts)
    if amendment.leaving_parties:
        names = Listing(tuple(Localised(party.names) for party in amendment.leaving_parties))
        yield Paragraph("parties", {"institutions": names})
    staying = {party.code for party in facts.parties}
    for each in amendment.leaving:
        if each.party in staying:
            institution = Localised(facts.party(each.party).names)
            yield Paragraph("director", {"name": Plain(each.name), "institution": institution})


def rest(facts: Facts) -> Iterator[Paragraph]:
    """AM-5: all that it does not name stays as it is."""
    yield Paragraph("unchanged")


def effect(facts: Facts) -> Iterator[Paragraph]:
    """AM-6: from when it counts."""
    effective = _of(facts).effective_on
    if effective is None:
        yield Paragraph("from_last_signature")
    else:
        yield Paragraph("from_date", {"date": Day(effective)})


def _of(facts: Facts) -> Amendment:
    assert facts.amendment is not None
    return facts.amendment
