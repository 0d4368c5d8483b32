"""A thesis as the national registry of France (STEP and STAR, theses.fr) is told of it.

Elements as in TEF, the recommendation for the metadata of French theses (Abes; AFNOR), and in the form of it that STEP
and STAR take: https://abes.fr/en/reseau-theses/outils-et-services-theses/signalement-theses/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Named:
    """A person by the two parts of their name."""

    family_name: str
    given_names: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """An institution, a school or a unit by its name, with what it is called by authorities: ``(("UAI", "…"),)``."""

    name: str
    authorities: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """The candidate, with what identifies them."""

    name: Named
    birth_name: str = ""
    birth_date: date | None = None
    nationality: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is told of one thesis; `grantors` begin with the institution in France that signals it.

    `accepted` is the day of a defence that was passed, `planned` that of one to come, `abandoned` that of the end
    without diploma.
    """

    reference: str
    titles: Mapping[str, str]
    title_language: str
    author: Author
    grantors: tuple[Body, ...]
    language: str = ""
    abstracts: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rameau: tuple[str, ...] = ()
    nnt: str = ""
    accepted: date | None = None
    discipline: Mapping[str, str] = field(default_factory=dict)
    first_enrolment: date | None = None
    enrolled_here: date | None = None
    contract: bool | None = None
    planned: date | None = None
    planned_hour: str = ""
    planned_place: str = ""
    abandoned: date | None = None
    on_works: bool | None = None
    reproduction: str = ""
    directors: tuple[Named, ...] = ()
    president: Named | None = None
    members: tuple[Named, ...] = ()
    rapporteurs: tuple[Named, ...] = ()
    school: Body | None = None
    units: tuple[Body, ...] = ()
    oai_set: str = ""


def lacking(record: Record) -> Iterator[str]:
    """What the registry asks for and the file does not say yet, as keys; of a thesis that is not defended, less."""
    known = {
        "title_fr": "fr" in record.titles,
        "discipline": bool(record.discipline),
        "birth_date": record.author.birth_date is not None,
        "nationality": bool(record.author.nationality),
        "language": bool(record.language),
        "first_enrolment": record.first_enrolment is not None and record.enrolled_here is not None,
        "directors": bool(record.directors),
        "school": record.school is not None,
    }
    if record.accepted is not None:
        known |= {
            "nnt": bool(record.nnt),
            "abstract_fr": "fr" in record.abstracts,
            "abstract_en": "en" in record.abstracts,
            "keywords": bool(record.keywords),
            "jury": record.president is not None and bool(record.rapporteurs),
            "reproduction": bool(record.reproduction),
            "on_works": record.on_works is not None,
            "oai_set": bool(record.oai_set),
        }
    yield from (name for name, there in known.items() if not there)
