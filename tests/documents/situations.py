"""Many constructed facts, so that every fragment is chosen that a clause can choose, with all values that it can print."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from cotutelle.domain.convention.amendment import REASONS
from cotutelle.domain.convention.assembly import Article, assemble, assemble_amendment
from cotutelle.domain.convention.facts import (
    Amendment,
    Candidate,
    Contact,
    Derogation,
    Facts,
    FeeYear,
    Funding,
    Party,
    PlannedStay,
    Reference,
    Supervisor,
)
from cotutelle.domain.convention.terms import TERMS, Kind, Term, Terms
from cotutelle.domain.convention.values import Blank, Listing, Value, Word

SAID = {
    "fr": "texte", "en": "text", "nl": "tekst", "de": "Text", "es": "texto", "it": "testo", "pt": "texto",
}  # fmt: skip
"""A text in every language that conventions are worded in."""
GENDERS = ("woman", "man", "unstated")
HEADS = ("president", "rector", "vice_chancellor", "director", "delegate")
FUNDINGS = ("contract", "scholarship", "cifre", "salary", "own", "other")


def party(position: int, *, country: str = "BE", full: bool = True, **more: object) -> Party:
    """One institution, with all that it can have or with the least."""
    names = {tag: f"Université {position}" if tag == "fr" else f"University {position}" for tag in SAID}
    least = Party(
        code=f"u{position}",
        position=position,
        lead=position == 1,
        awards=True,
        names=names,
        short_name=f"U{position}",
        country=country,
        legal_status={},
        address={},
        city={},
    )
    if not full:
        return replace(least, **more)  # type: ignore[arg-type]
    rich = replace(
        least,
        legal_status=names,
        address=names,
        city=names,
        registration_number="SIRET 1",
        head_name="Ada",
        head_capacity="rector",
        head_gender="woman",
        school=names,
        unit=names,
        discipline=names,
        candidate_number="42",
        first_year="2026-2027",
        contact=Contact("Ada", names, "ada@u.example", "+33 1"),
        references=(Reference("r", names, "sourced"),),
    )
    return replace(rich, **more)  # type: ignore[arg-type]


def sample(term: Term, code: str) -> list[object]:
    """Values that a term may take; the last one is a usual one."""
    text = SAID
    match term.kind:
        case Kind.CHOICE:
            return list(term.choices)
        case Kind.YES_NO:
            return [False, True]
        case Kind.INTEGER:
            return [term.least, term.most, (term.least or 0) + 1]
        case Kind.MONEY:
            return [Decimal(500)]
        case Kind.DATE:
            return [date(2029, 9, 1)]
        case Kind.LANGUAGES:
            return [[], ["fr"], ["fr", "en"]]
        case Kind.CHOICES:
            return [[], [term.choices[0]], list(term.choices)]
        case Kind.PARTY:
            return [code]
        case _:
            return [{}, {"fr": "texte"}, text]


def least(*countries: str) -> Facts:
    """Facts of which nobody has given any."""
    return Facts(
        reference="U1-2026-0001",
        parties=tuple(party(n, country=c, full=False) for n, c in enumerate(countries, start=1)),
        candidate=Candidate("Ada"),
        titles={},
        title_original="fr",
        supervisors=(),
        thesis_language=None,
        defence_language=None,
        diploma_form=None,
        full_time=None,
        confidential=False,
        defence_from=None,
        defence_until=None,
        stays=(),
        fees=(),
        fundings=(),
        derogations=(),
        languages=("fr", "en"),
        terms=Terms(),
    )


def full(*countries: str) -> Facts:
    """Facts of which everything is given."""
    parties = tuple(party(n, country=c) for n, c in enumerate(countries, start=1))
    day, texts = date(2026, 10, 1), SAID
    values: dict[str, object] = {}
    for term in TERMS:
        for one in parties if term.per_party else (None,):
            values[f"{term.key}:{one.code}" if one else term.key] = sample(term, "u2")[-1]
    return replace(
        least(*countries),
        parties=parties,
        candidate=Candidate("Ada", "woman", "Byron", day, "Londres", "GB", "GB", "ada@u.example"),
        titles={"fr": "Titre", "en": "Title"},
        supervisors=tuple(
            Supervisor("Ada", role, one.code, "woman", "professeure", "hdr")
            for one in parties
            for role in ("director", "co_director", "co_supervisor")
        ),
        thesis_language="en",
        defence_language="en",
        diploma_form="two_diplomas",
        full_time=True,
        confidential=True,
        defence_from=day,
        defence_until=date(2027, 3, 31),
        stays=tuple(PlannedStay(one.code, day, day) for one in parties),
        fees=(FeeYear("2026-2027", "u1"), FeeYear("2027-2028", None)),
        fundings=tuple(Funding(kind, "Région", day, day, Decimal(2300), "EUR") for kind in FUNDINGS),
        derogations=(
            Derogation("r", "art. 18", texts, texts, "u2"),
            Derogation("r", "art. 18", {}, {}, "u2"),
        ),
        terms=Terms(values),
    )


def situations() -> Iterator[Facts]:
    """Two to four parties, in France or not; empty, full, and each single thing given otherwise."""
    for countries in (("FR", "BE"), ("BE", "FR"), ("BE", "DE"), ("FR", "BE", "GB"), ("FR", "BE", "GB", "BR")):
        yield least(*countries)
        yield full(*countries)
    for base in (least("FR", "BE"), full("FR", "BE", "GB")):
        yield from (variants(base))
    yield from amendments()


def variants(base: Facts) -> Iterator[Facts]:
    for term in TERMS:
        for one in base.parties if term.per_party else (None,):
            key = f"{term.key}:{one.code}" if one else term.key
            for value in (None, *sample(term, "u2")):
                yield replace(base, terms=Terms({**base.terms.values, key: value}))
    for gender in (None, *GENDERS):
        yield replace(base, candidate=replace(base.candidate, gender=gender))
        for capacity in (None, *HEADS):
            first = replace(base.parties[0], head_capacity=capacity, head_gender=gender)
            yield replace(base, parties=(first, *base.parties[1:]))
    for form in (None, "joint", "two_diplomas"):
        yield replace(base, diploma_form=form)
    for pace in (None, True, False):
        yield replace(base, full_time=pace)
    for language in (None, "fr", "en"):
        yield replace(base, thesis_language=language)
    for languages in (("fr",), ("fr", "en"), ("fr", "en", "nl")):
        yield replace(base, languages=languages)
    for contact in (
        None,
        Contact("Ada", {}),
        Contact("Ada", {}, "a@u.example"),
        Contact("Ada", {}, None, "+1"),
    ):
        yield replace(base, parties=tuple(replace(one, contact=contact) for one in base.parties))
    for accreditation in (None, "hdr", "equivalent", "none"):
        ada = Supervisor("Ada", "director", "u1", accreditation=accreditation)
        yield replace(base, supervisors=(ada,))
    yield replace(base, fundings=(Funding("own", "Ada"),))
    yield replace(base, defence_from=date(2027, 3, 1), defence_until=date(2027, 3, 31))


def amendments() -> Iterator[Facts]:
    """An amendment made for each thing alone, of the first and of later ones, with and without what it may say."""
    base, texts = full("FR", "BE", "GB"), SAID
    gone = replace(base.parties[1], code="u9")
    empty = Amendment(1, ("extension",), {}, None, (), "ab", None, parties=base.parties)
    for trigger in REASONS:
        yield replace(base, amendment=replace(empty, triggers=(trigger,)))
    for earlier in ((date(2028, 1, 1),), (date(2028, 1, 1), date(2029, 1, 1))):
        yield replace(base, amendment=replace(empty, earlier=earlier, signed_on=date(2027, 1, 1)))
    yield replace(
        base,
        amendment=replace(
            empty, reason=texts, effective_on=date(2029, 1, 1), leaving=base.supervisors[:1],
            leaving_parties=(gone, party(8, full=False)),
        ),
    )  # fmt: skip
    yield replace(base, amendment=replace(empty, reason={"fr": "texte"}))


def groups(facts: Facts) -> tuple[tuple[Article, ...], ...]:
    """The articles, the annexes, and the amendment's own articles."""
    own = assemble_amendment(facts) if facts.amendment else ()
    return (*assemble(facts), own)


@cache
def chosen() -> dict[tuple[str, str], set[frozenset[str]]]:
    """Every fragment that a builder chose, with the sets of values that it gave."""
    found: dict[tuple[str, str], set[frozenset[str]]] = {}
    for facts in situations():
        for group in groups(facts):
            for article in group:
                for paragraph in article.paragraphs:
                    key = (article.clause.id, paragraph.fragment)
                    found.setdefault(key, set()).add(frozenset(paragraph.values))
    return found


@cache
def printed() -> frozenset[Value]:
    """Every word and every blank that a builder gave."""
    return frozenset(
        value
        for facts in situations()
        for group in groups(facts)
        for article in group
        for paragraph in article.paragraphs
        for given in paragraph.values.values()
        for value in _inside(given)
        if isinstance(value, Word | Blank)
    )


def _inside(value: Value) -> Iterator[Value]:
    if isinstance(value, Listing):
        for item in value.items:
            yield from _inside(item)
    else:
        yield value
