"""A thesis as the national registry reads it: each element that TEF asks for, every university a grantor."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from cotutelle.domain.national_record import Author, Body, Named, Record, lacking
from cotutelle.exchange.abes import TABLE, table
from cotutelle.exchange.schema import CannotCheck, Schema
from cotutelle.exchange.star import NAMESPACES, to_xml

LILLE = Body("Université de Lille", (("UAI", "0597239Y"),))
GHENT = Body("Universiteit Gent")
FULL = Record(
    reference="LILLE-2026-0001",
    titles={"en": "On  the\nquay", "fr": "Sur le quai & ailleurs", "nl": "Aan de kade"},
    title_language="en",
    author=Author(Named("Lefèvre", "Zoé"), "Martin", date(1999, 3, 1), "FR"),
    grantors=(LILLE, GHENT, Body("UFMG")),
    language="fr",
    abstracts={"fr": "Résumé.", "en": "Abstract."},
    keywords={"fr": ("quai", "port"), "en": ("quay",)},
    rameau=("Ports",),
    nnt="2026ULILH001",
    accepted=date(2026, 11, 2),
    discipline={"en": "History", "fr": "Histoire"},
    first_enrolment=date(2021, 9, 1),
    enrolled_here=date(2021, 10, 1),
    contract=True,
    on_works=False,
    reproduction="yes",
    directors=(Named("Lovelace", "Ada"), Named("Noether", "Emmy")),
    president=Named("Germain", "Sophie"),
    members=(Named("Hopper", "Grace"),),
    rapporteurs=(Named("Plato"), Named("Curie", "Marie")),
    school=Body("École doctorale", (("AFDUR", "473"),)),
    units=(Body("IRHiS", (("AFDUR", "UMR 8529"),)),),
    oai_set="ddc:940",
)


def found(record: Record, path: str) -> list[str]:
    root = etree.fromstring(to_xml(record))
    return [str(each.text) for each in root.iterfind(f".//{path}", NAMESPACES)]


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("dc:title", ["Sur le quai & ailleurs"]),
        ("dcterms:alternative", ["On the quay", "Aan de kade"]),
        ("dcterms:abstract", ["Résumé.", "Abstract."]),
        ("dc:subject", ["quai", "port", "quay"]),
        ("tef:elementdEntree", ["Ports"]),
        ("dc:language", ["fr"]),
        ("dc:identifier", ["2026ULILH001"]),
        ("dcterms:dateAccepted", ["2026-11-02"]),
        ("tef:thesis.degree.discipline", ["Histoire"]),
        ("tef:thesis.degree.level", ["Doctorat"]),
        ("tef:thesis.degree.grantor/tef:nom", ["Université de Lille", "Universiteit Gent", "UFMG"]),
        ("suj:datePremiereInscriptionDoctorat", ["2021-09-01"]),
        ("suj:dateInscriptionEtab", ["2021-10-01"]),
        ("suj:contratDoctoral", ["oui"]),
        ("tef:theseSurTravaux", ["non"]),
        ("tef:avisJury", ["oui"]),
        ("tef:auteur/tef:nom", ["Lefèvre"]),
        ("tef:nomDeNaissance", ["Martin"]),
        ("tef:auteur/tef:prenom", ["Zoé"]),
        ("tef:dateNaissance", ["1999-03-01"]),
        ("tef:nationalite", ["FR"]),
        ("tef:directeurThese/tef:nom", ["Lovelace", "Noether"]),
        ("tef:presidentJury/tef:nom", ["Germain"]),
        ("tef:membreJury/tef:nom", ["Hopper"]),
        ("tef:rapporteur/tef:prenom", ["-", "Marie"]),
        ("tef:ecoleDoctorale/tef:autoriteExterne", ["473"]),
        ("tef:partenaireRecherche/tef:nom", ["IRHiS"]),
        ("tef:oaiSetSpec", ["ddc:940"]),
    ],
)
def test_each_element_that_the_registry_takes_is_told(path: str, texts: list[str]) -> None:
    assert found(FULL, path) == texts


def test_signs_that_no_xml_holds_are_left_out() -> None:
    record = replace(FULL, abstracts={"fr": "a\uffffb\x00c\ud800d"})
    assert found(record, "dcterms:abstract") == ["abcd"]


def test_no_grantor_has_a_role_which_the_schema_refuses() -> None:
    root = etree.fromstring(to_xml(FULL))
    assert all(not each.attrib for each in root.iterfind(".//tef:thesis.degree.grantor", NAMESPACES))


def test_of_a_thesis_in_preparation_the_planned_defence_is_told_and_no_acceptance() -> None:
    record = replace(
        FULL, accepted=None, planned=date(2027, 6, 30), planned_hour="14:30", planned_place="Lille"
    )
    assert found(record, "dcterms:dateAccepted") == []
    assert found(record, "suj:datePrevue") == ["2027-06-30"]
    assert (found(record, "suj:heurePrevue"), found(record, "suj:lieuPrevu")) == (["14:30"], ["Lille"])


def test_what_was_given_up_says_when() -> None:
    assert found(replace(FULL, accepted=None, abandoned=date(2026, 5, 1)), "suj:dateAbandon") == [
        "2026-05-01"
    ]


def test_one_enrolment_alone_is_not_told_for_the_schema_takes_both_or_none() -> None:
    assert found(replace(FULL, enrolled_here=None), "suj:datePremiereInscriptionDoctorat") == []


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({}, []),
        ({"titles": {"en": "On the quay"}}, ["title_fr"]),
        ({"abstracts": {"fr": "Résumé."}}, ["abstract_en"]),
        ({"president": None}, ["jury"]),
        (
            {"on_works": None, "reproduction": "", "oai_set": "", "nnt": ""},
            ["nnt", "reproduction", "on_works", "oai_set"],
        ),
        ({"accepted": None, "abstracts": {}, "president": None, "nnt": ""}, []),
        ({"author": Author(Named("Lefèvre"))}, ["birth_date", "nationality"]),
    ],
)
def test_what_is_lacking_is_named_less_of_it_before_the_defence(
    changes: dict[str, Any], lacks: list[str]
) -> None:
    assert list(lacking(replace(FULL, **changes))) == lacks


def test_the_table_repeats_what_repeats_under_one_heading() -> None:
    heads, first, second = table([FULL, replace(FULL, reference="LILLE-2026-0002", directors=())])
    assert tuple(heads[: len(TABLE)]) == TABLE
    assert heads.count("NOM_DIRECTEUR") == heads.count("NOM_RAPPORTEUR") == 2
    assert {len(line) for line in (heads, first, second)} == {len(heads)}
    told = dict(zip(heads, first, strict=True))
    assert told["LIBELLE_ETAB_COTUTELLE"] == "Universiteit Gent ; UFMG"
    assert (told["DATE_SOUTENANCE"], told["TITRE"]) == ("02/11/2026", "Sur le quai & ailleurs")


SMALL = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a" xmlns="urn:a">
<xs:import namespace="urn:b" schemaLocation="http://schemas.example/beside.xsd"/>
<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="n" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
BESIDE = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:b"/>'


def test_a_schema_is_read_with_what_lies_beside_it_and_names_each_fault_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.xsd").write_text(SMALL, encoding="utf-8")
    (tmp_path / "beside.xsd").write_text(BESIDE, encoding="utf-8")
    schema = Schema(tmp_path / "a.xsd")
    assert schema.faults(b'<a xmlns="urn:a"><n xmlns="">1</n></a>') == []
    (fault,) = schema.faults(b'<a xmlns="urn:a">\n<n xmlns="">one</n></a>')
    assert fault.startswith("line 2: ")


def test_a_file_that_is_no_schema_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "a.xsd").write_text("nothing", encoding="utf-8")
    with pytest.raises(CannotCheck):
        Schema(tmp_path / "a.xsd")
