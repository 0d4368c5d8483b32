"""A thesis as a STEP/STAR file: METS around TEF, one file a thesis, every university a degree grantor.

The elements and their order follow the public schemas of Abes (``stef_schemas.xsd``); who validates brings them along.
"""

import re
from typing import Any

from lxml import etree

from cotutelle.domain.national_record import Body, Named, Record

NAMESPACES = {
    "mets": "http://www.loc.gov/METS/",
    "tef": "http://www.abes.fr/abes/documents/tef",
    "suj": "http://www.theses.fr/namespace/sujets",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
LEVEL = "Doctorat"
_ILLEGAL = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What no XML may hold: older data, or data from elsewhere, may."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPE = f"{{{NAMESPACES['xsi']}}}type"


def to_xml(record: Record) -> bytes:
    """One file for the registry, in UTF-8."""
    root = etree.Element(_name("mets:mets"), nsmap=NAMESPACES, ID=record.reference, OBJID=record.reference)
    described, administered = f"{record.reference}.DESCRIPTION", f"{record.reference}.ADMINISTRATION"
    _describe(_wrapped(_put(root, "mets:dmdSec", ID=described), "tef_desc_these"), record)
    section = _put(root, "mets:amdSec")
    _administer(_wrapped(_put(section, "mets:techMD", ID=administered), "tef_admin_these"), record)
    structure = _put(root, "mets:structMap", TYPE="logical")
    _put(
        structure, "mets:div", TYPE="THESE", CONTENTIDS=record.reference, DMDID=described, ADMID=administered
    )
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(NAMESPACES))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _describe(parent: Any, record: Record) -> None:
    told = _put(parent, "tef:thesisRecord")
    first = "fr" if "fr" in record.titles else record.title_language
    _put(told, "dc:title", record.titles[first], lang=first)
    for language, title in record.titles.items():
        if language != first:
            _put(told, "dcterms:alternative", title, lang=language)
    for language, words in record.keywords.items():
        for word in words:
            _put(told, "dc:subject", word, lang=language)
    if record.rameau:
        headings = _put(told, "tef:sujetRameau", lang="fr")
        for heading in record.rameau:
            _put(_put(headings, "tef:vedetteRameauNomCommun"), "tef:elementdEntree", heading)
    for language, abstract in record.abstracts.items():
        _put(told, "dcterms:abstract", abstract, lang=language)
    _put(told, "dc:type", "Text", type_="dcterms:DCMIType")
    _put(told, "dc:type", "Electronic Thesis or Dissertation")
    if record.language:
        _put(told, "dc:language", record.language, type_="dcterms:RFC3066")


def _administer(parent: Any, record: Record) -> None:
    told = _put(parent, "tef:thesisAdmin")
    _author(told, record)
    if record.nnt:
        _put(told, "dc:identifier", record.nnt, type_="tef:NNT")
    if record.accepted:
        _put(told, "dcterms:dateAccepted", record.accepted.isoformat(), type_="dcterms:W3CDTF")
    _degree(told, record)
    _life(told, record)
    if record.on_works is not None:
        _put(told, "tef:theseSurTravaux", yes(record.on_works))
    if record.reproduction:
        _put(told, "tef:avisJury", yes(record.reproduction == "yes"))
    president = (record.president,) if record.president else ()
    for element, people in (
        ("tef:directeurThese", record.directors),
        ("tef:presidentJury", president),
        ("tef:membreJury", record.members),
        ("tef:rapporteur", record.rapporteurs),
    ):
        for person in people:
            _person(_put(told, element), person)
    if record.school:
        _body(_put(told, "tef:ecoleDoctorale"), record.school)
    for unit in record.units:
        _body(_put(told, "tef:partenaireRecherche", type="laboratoire"), unit)
    if record.oai_set:
        _put(told, "tef:oaiSetSpec", record.oai_set)


def _author(parent: Any, record: Record) -> None:
    author = _put(parent, "tef:auteur")
    _person(author, record.author.name)
    if record.author.birth_name:
        _put(author, "tef:nomDeNaissance", record.author.birth_name)
    if record.author.birth_date:
        _put(author, "tef:dateNaissance", record.author.birth_date.isoformat())
    if record.author.nationality:
        _put(author, "tef:nationalite", record.author.nationality, scheme="ISO-3166-1")


def _degree(parent: Any, record: Record) -> None:
    degree = _put(parent, "tef:thesis.degree")
    if record.discipline:
        language = "fr" if "fr" in record.discipline else next(iter(record.discipline))
        _put(degree, "tef:thesis.degree.discipline", record.discipline[language], lang=language)
    for grantor in record.grantors:
        _body(_put(degree, "tef:thesis.degree.grantor"), grantor)
    _put(degree, "tef:thesis.degree.level", LEVEL)
    if record.first_enrolment and record.enrolled_here:  # the schema takes both or none
        _put(degree, "suj:datePremiereInscriptionDoctorat", record.first_enrolment.isoformat())
        _put(degree, "suj:dateInscriptionEtab", record.enrolled_here.isoformat())
        if record.contract is not None:
            _put(degree, "suj:contratDoctoral", yes(record.contract))


def _life(parent: Any, record: Record) -> None:
    if not (record.planned or record.abandoned):
        return
    life = _put(parent, "suj:vie")
    if record.planned:
        defence = _put(life, "suj:soutenancePrevue")
        _put(defence, "suj:datePrevue", record.planned.isoformat())
        for element, text in (
            ("suj:heurePrevue", record.planned_hour),
            ("suj:lieuPrevu", record.planned_place),
        ):
            if text:
                _put(defence, element, text)
    if record.abandoned:
        _put(life, "suj:dateAbandon", record.abandoned.isoformat())


def _person(parent: Any, person: Named) -> None:
    _put(parent, "tef:nom", person.family_name)
    # the schema asks for given names; some people have one name alone
    _put(parent, "tef:prenom", person.given_names or "-")


def _body(parent: Any, body: Body) -> None:
    _put(parent, "tef:nom", body.name)
    for source, value in body.authorities:
        _put(parent, "tef:autoriteExterne", value, autoriteSource=source)


def _wrapped(section: Any, kind: str) -> Any:
    return _put(_put(section, "mets:mdWrap", MDTYPE="OTHER", OTHERMDTYPE=kind), "mets:xmlData")


def _put(
    parent: Any, name: str, text: str = "", *, lang: str = "", type_: str = "", **attributes: str
) -> Any:
    made = etree.SubElement(parent, _name(name), **attributes)
    if text:
        made.text = " ".join(_ILLEGAL.sub("", text).split())
    if lang:
        made.set(_LANG, lang)
    if type_:
        made.set(_TYPE, type_)
    return made


def _name(prefixed: str) -> str:
    prefix, _colon, name = prefixed.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}"


def yes(value: bool) -> str:
    """As the registry writes it."""
    return "oui" if value else "non"
