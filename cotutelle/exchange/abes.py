"""Theses as a table under the headings that Abes gives to the columns of its imports."""

from collections.abc import Iterable
from datetime import date

from cotutelle.domain.national_record import Named, Record
from cotutelle.exchange.star import yes

TABLE = (
    "CODE_ETUDIANT", "NOM_USUEL_ETUDIANT", "NOM_NAISSANCE_ETUDIANT", "PRENOM_ETUDIANT", "DATE_NAISSANCE_ETUDIANT",
    "NATIONALITE_ETUDIANT", "TITRE", "RESUME", "DISCIPLINE", "LIBELLE_ETAB_COTUTELLE", "DATE_SOUTENANCE",
    "DATE_INSCRIPTION_DOCTORAT_1_ANNEE", "DATE_INSCRIPTION_ETAB", "CONTRAT_DOCTORAL", "THESE_TRAVAUX",
    "LIBELLE_ECOLE_DOCTORALE", "CODE_ECOLE_DOCTORALE", "NOM_PRESIDENT_JURY", "PRENOM_PRESIDENT_JURY", "DOMAINE",
)  # fmt: skip
"""The columns that occur once, as Abes names them for its imports."""
REPEATED = {
    "MOT_CLE": 1, "NOM_DIRECTEUR|PRENOM_DIRECTEUR": 2, "NOM_MEMBRE_JURY|PRENOM_MEMBRE_JURY": 2,
    "NOM_RAPPORTEUR|PRENOM_RAPPORTEUR": 2, "LIBELLE_LABORATOIRE": 1,
}  # fmt: skip
"""Columns, or groups of columns, that are repeated under the same heading as often as some thesis needs."""


def table(records: Iterable[Record]) -> list[list[str]]:
    """The same theses as rows under Abes's headings, days as dd/mm/yyyy; what repeats is repeated under its heading."""
    rows = [(_once(record), _repeated(record)) for record in records]
    most = {name: max((len(again[name]) for _row, again in rows), default=0) for name in REPEATED}
    headings = [*TABLE, *(part for name in REPEATED for part in name.split("|") * most[name])]
    listed = [headings]
    for row, again in rows:
        line = [row.get(name, "") for name in TABLE]
        for name, width in REPEATED.items():
            cells = [cell for group in again[name] for cell in group]
            line += cells + [""] * (most[name] * width - len(cells))
        listed.append(line)
    return listed


def _once(record: Record) -> dict[str, str]:
    president = record.president or Named("")
    return {
        "CODE_ETUDIANT": record.reference,
        "NOM_USUEL_ETUDIANT": record.author.name.family_name,
        "NOM_NAISSANCE_ETUDIANT": record.author.birth_name,
        "PRENOM_ETUDIANT": record.author.name.given_names,
        "DATE_NAISSANCE_ETUDIANT": _day(record.author.birth_date),
        "NATIONALITE_ETUDIANT": record.author.nationality,
        "TITRE": record.titles.get("fr") or record.titles[record.title_language],
        "RESUME": record.abstracts.get("fr", ""),
        "DISCIPLINE": record.discipline.get("fr", ""),
        "LIBELLE_ETAB_COTUTELLE": " ; ".join(body.name for body in record.grantors[1:]),
        "DATE_SOUTENANCE": _day(record.accepted or record.planned),
        "DATE_INSCRIPTION_DOCTORAT_1_ANNEE": _day(record.first_enrolment),
        "DATE_INSCRIPTION_ETAB": _day(record.enrolled_here),
        "CONTRAT_DOCTORAL": "" if record.contract is None else yes(record.contract),
        "THESE_TRAVAUX": "" if record.on_works is None else yes(record.on_works),
        "LIBELLE_ECOLE_DOCTORALE": record.school.name if record.school else "",
        "CODE_ECOLE_DOCTORALE": next((value for _s, value in record.school.authorities), "")
        if record.school
        else "",
        "NOM_PRESIDENT_JURY": president.family_name,
        "PRENOM_PRESIDENT_JURY": president.given_names,
        "DOMAINE": record.oai_set,
    }


def _repeated(record: Record) -> dict[str, list[tuple[str, ...]]]:
    def people(named: Iterable[Named]) -> list[tuple[str, ...]]:
        return [(each.family_name, each.given_names) for each in named]

    return {
        "MOT_CLE": [(word,) for word in record.keywords.get("fr", ())],
        "NOM_DIRECTEUR|PRENOM_DIRECTEUR": people(record.directors),
        "NOM_MEMBRE_JURY|PRENOM_MEMBRE_JURY": people(record.members),
        "NOM_RAPPORTEUR|PRENOM_RAPPORTEUR": people(record.rapporteurs),
        "LIBELLE_LABORATOIRE": [(unit.name,) for unit in record.units],
    }


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
