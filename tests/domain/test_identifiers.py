"""Proves that each kind of identifier is normalised, checked by its digits, and refused by its kind."""

import pytest

from cotutelle.domain import identifiers
from cotutelle.domain.identifiers import INSTITUTION, WrongIdentifier

RIGHT = [
    ("orcid", "0000-0002-1825-0097", "0000-0002-1825-0097"),
    ("orcid", "0000000218250097", "0000-0002-1825-0097"),
    ("orcid", " 0000-0002-1825-0097 ", "0000-0002-1825-0097"),
    ("orcid", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
    ("orcid", "http://orcid.org/0000-0002-1694-233X", "0000-0002-1694-233X"),
    ("ror", "https://ror.org/02kzqn938", "https://ror.org/02kzqn938"),
    ("ror", "02kzqn938", "https://ror.org/02kzqn938"),
    ("ror", " ROR.org/02KZQN938/ ", "https://ror.org/02kzqn938"),
    ("ror", "http://ror.org/00cv9y106", "https://ror.org/00cv9y106"),
    ("uai", "0597239Y", "0597239Y"),
    ("uai", " 0597 239 y ", "0597239Y"),
    ("siret", "73282932000074", "73282932000074"),
    ("naf", "8542z", "85.42Z"),
    ("naf", "85.42 Z", "85.42Z"),
    ("siret", "732 829 320 00074", "73282932000074"),
    ("vat", "FR83404833048", "FR83404833048"),
    ("vat", "be 0403.019.261", "BE0403019261"),
    ("erasmus", "F LILLE103", "F  LILLE103"),
    ("erasmus", " b  gent01 ", "B  GENT01"),
    ("erasmus", "UK LONDON123", "UK LONDON123"),
    ("erasmus", "IRLDUBLIN01", "IRLDUBLIN01"),
    ("erasmus", "lux LUX-VIL01", "LUXLUX-VIL01"),
    ("schac", " Univ-Lille.FR ", "univ-lille.fr"),
]
WRONG = [
    ("orcid", "0000-0002-1825-0098"),
    ("orcid", "0000-0002-1825-009"),
    ("orcid", "https://evil.example/0000-0002-1825-0097"),
    ("ror", "https://ror.org/02kzqn939"),
    ("ror", "https://ror.org/02kzqn93"),
    ("ror", "02kzqi938"),
    ("ror", "https://evil.example/02kzqn938"),
    ("uai", "0597239A"),
    ("uai", "0597239I"),
    ("uai", "597239Y"),
    ("siret", "73282932000075"),
    ("naf", "85.42"),
    ("naf", "854ZZ"),
    ("siret", "7328293200007"),
    ("vat", "FR83404833049"),
    ("vat", "XX123456789"),
    ("erasmus", "F  LILLE1"),
    ("erasmus", "FLILLE103"),
    ("erasmus", "F  LILLE١٠٣"),
    ("orcid", "٠٠٠٠-٠٠٠٢-١٨٢٥-٠٠٩٧"),
    ("uai", "٠٥٩٧٢٣٩Y"),
    ("siret", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤"),
    ("erasmus", "FRAN LILLE103"),
    ("schac", "lille"),
    ("schac", "-lille.fr"),
    ("schac", "univ lille.fr"),
    ("schac", "a" * 250 + ".fr"),
    ("schac", "https://univ-lille.fr"),
]


@pytest.mark.parametrize(("kind", "text", "kept"), RIGHT)
def test_an_identifier_is_kept_in_one_spelling(kind: str, text: str, kept: str) -> None:
    assert getattr(identifiers, kind)(text) == kept
    assert getattr(identifiers, kind)(kept) == kept


@pytest.mark.parametrize(
    ("kind", "text"), [*WRONG, *((kind, text) for kind in INSTITUTION for text in ("", " ", "x"))]
)
def test_anything_else_is_refused_by_its_kind(kind: str, text: str) -> None:
    with pytest.raises(WrongIdentifier) as refused:
        getattr(identifiers, kind)(text)
    assert refused.value.kind == kind


@pytest.mark.parametrize("kind", ["ror", "uai", "siret", "vat"])
def test_every_single_wrong_digit_is_found(kind: str) -> None:
    right = next(kept for k, _text, kept in RIGHT if k == kind)
    for place, sign in enumerate(right):
        if sign.isdigit() and not (kind == "ror" and place < 16):
            other = right[:place] + str((int(sign) + 1) % 10) + right[place + 1 :]
            with pytest.raises(WrongIdentifier):
                getattr(identifiers, kind)(other)


def test_every_kind_of_an_institution_has_its_check() -> None:
    assert set(INSTITUTION) == {"ror", "erasmus", "schac", "uai", "siret", "naf", "vat"}
