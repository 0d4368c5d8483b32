"""Complete facts of a convention, for the documents that the tests print."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cotutelle.domain.convention.facts import (
    Candidate,
    Contact,
    Facts,
    FeeYear,
    Funding,
    Party,
    PlannedStay,
    Reference,
    Supervisor,
)
from cotutelle.domain.convention.terms import TERMS, Kind, Term, Terms

CODES = ("lille", "ghent", "laval", "sherbrooke")
SHORT = ("Université de Lille", "UGent", "ULaval", "USherbrooke")
COUNTRIES = ("FR", "BE", "CA", "CA")
LANGUAGES = ("fr", "en")


def texts(french: str, english: str, languages: tuple[str, ...] = LANGUAGES) -> dict[str, str]:
    return {tag: french if tag == "fr" else english for tag in languages}


def party(index: int, languages: tuple[str, ...] = LANGUAGES, **more: Any) -> Party:
    """One of the institutions, by its place among the parties, with everything known."""
    city = ("Lille", "Gand", "Québec", "Sherbrooke")[index]
    name = texts(f"Université numéro {index + 1}", f"University number {index + 1}", languages)
    facts = Party(
        code=CODES[index],
        position=index + 1,
        lead=index == 0,
        awards=True,
        names=name,
        short_name=SHORT[index],
        country=COUNTRIES[index],
        legal_status=texts("établissement public", "public institution", languages),
        address=texts(f"1 rue de l’Exemple, {city}", f"1 Example Street, {city}", languages),
        city=texts(city, city, languages),
        head_name="Ada Lovelace",
        head_capacity="president",
        head_gender="woman",
        school=texts("École doctorale Exemple", "Example doctoral school", languages),
        school_head="Émile Zola",
        unit=texts("Laboratoire des crues, UMR 9999", "Flood laboratory, UMR 9999", languages),
        unit_head="Marie Curie",
        discipline=texts("Hydrologie", "Hydrology", languages),
        first_year="2026–27",
        contact=Contact(
            "Bureau des thèses", texts("gestionnaire", "manager", languages), "bureau@univ.example"
        ),
        references=(
            Reference(
                "arrete",
                texts("l’arrêté du 25 mai 2016", "the order of 25 May 2016", languages),
                "sourced",
            ),
        ),
    )
    return replace(facts, **more)


def term_value(term: Term, languages: tuple[str, ...]) -> object:
    match term.kind:
        case Kind.CHOICE:
            return term.choices[0]
        case Kind.INTEGER:
            return term.default or max(term.least or 1, 12)
        case Kind.MONEY:
            return Decimal(500)
        case Kind.DATE:
            return date(2030, 8, 31) if term.key == "expires_on" else date(2026, 10, 1)
        case Kind.YES_NO:
            return True if term.default is None else term.default
        case Kind.LANGUAGES:
            return list(languages)
        case Kind.CHOICES:
            return list(term.choices)
        case Kind.PARTY:
            return "lille"
        case _:
            return texts(f"texte de {term.key}", f"text of {term.key}", languages)


def complete_terms(codes: tuple[str, ...], languages: tuple[str, ...]) -> Terms:
    """Every required term settled, in every language of the act."""
    values: dict[str, object] = {}
    for term in TERMS:
        if term.required:
            for key in [f"{term.key}:{code}" for code in codes] if term.per_party else [term.key]:
                values[key] = term_value(term, languages)
    return Terms({**values, "jury_min": 4, "jury_max": 8, "expires_on": date(2030, 8, 31)})


def complete(parties: int = 2, languages: tuple[str, ...] = LANGUAGES, **more: Any) -> Facts:
    """Facts without any blank."""
    codes = CODES[:parties]
    facts = Facts(
        reference="LILLE-2026-0007",
        parties=tuple(party(index, languages) for index in range(parties)),
        candidate=Candidate(
            "Zoé Lefèvre", "woman", None, date(1999, 3, 1), "Arras", "FR", "FR", "zoe@univ.example"
        ),
        titles={"fr": "Gouverner les crues", "en": "Governing floods"},
        title_original="fr",
        supervisors=tuple(
            Supervisor(f"Directrice {index + 1}", "director", code, "woman", "professeure", "hdr")
            for index, code in enumerate(codes)
        ),
        thesis_language="fr",
        defence_language="fr",
        diploma_form="two_diplomas",
        full_time=True,
        confidential=False,
        defence_from=date(2029, 9, 1),
        defence_until=date(2029, 12, 31),
        stays=tuple(
            PlannedStay(code, date(2027 + index, 1, 1), date(2027 + index, 6, 30))
            for index, code in enumerate(codes)
        ),
        fees=(FeeYear("2026–27", "lille"), FeeYear("2027–28", codes[1])),
        fundings=(
            Funding(
                "contract", "Université de Lille", date(2026, 10, 1), date(2029, 9, 30), Decimal(2300), "EUR"
            ),
        ),
        derogations=(),
        languages=languages,
        terms=complete_terms(codes, languages),
    )
    return replace(facts, **more)


def with_terms(facts: Facts, **terms: object) -> Facts:
    """The same facts with some terms settled otherwise; None leaves one undecided."""
    values = {k.replace("__", ":"): v for k, v in terms.items()}
    return replace(facts, terms=Terms({**facts.terms.values, **values}))
