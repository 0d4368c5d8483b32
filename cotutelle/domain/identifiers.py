"""Identifiers of people and institutions: normalised, with form and check digit, or refused by kind."""

import re
from collections.abc import Callable

import idutils
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as fr_siret

_UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class WrongIdentifier(ValueError):
    """The text is not an identifier of that kind; `kind` says which was asked."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def orcid(text: str) -> str:
    """An ORCID iD as ``0000-0002-1825-0097`` (ISO 7064 mod 11-2 checked).

    Raises WrongIdentifier.
    """
    if not text.isascii() or not idutils.is_orcid(text.strip()):
        raise WrongIdentifier("orcid")
    return str(idutils.normalize_orcid(text.strip()))


def ror(text: str) -> str:
    """A ROR id as ``https://ror.org/02kzqn938`` (Crockford base 32, ISO 7064 mod 97-10 checked).

    Raises WrongIdentifier.
    """
    match = re.fullmatch(r"(?:https?://)?(?:ror\.org/)?(0[0-9a-z]{6}[0-9]{2})/?", text.strip().lower())
    if not match or not _ror_checks(match[1]):
        raise WrongIdentifier("ror")
    return f"https://ror.org/{match[1]}"


def _ror_checks(code: str) -> bool:
    number = 0
    for character in code[:7]:
        if character not in _CROCKFORD:
            return False
        number = number * 32 + _CROCKFORD.index(character)
    return int(code[7:]) == 98 - (number * 100) % 97


def uai(text: str) -> str:
    """A French UAI: seven digits and the letter that checks them.

    Raises WrongIdentifier.
    """
    code = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[0-9]{7}[A-Z]", code) or code[7] != _UAI_LETTERS[int(code[:7]) % 23]:
        raise WrongIdentifier("uai")
    return code


def siret(text: str) -> str:
    """A French SIRET, 14 digits with the Luhn check.

    Raises WrongIdentifier.
    """
    if not text.isascii():
        raise WrongIdentifier("siret")
    try:
        return str(fr_siret.validate(text))
    except ValidationError:
        raise WrongIdentifier("siret") from None


def naf(text: str) -> str:
    """A code of the French nomenclature of activities (NAF, also APE): four digits and a letter, kept as ``85.42Z``.

    Raises WrongIdentifier.
    """
    code = re.sub(r"[\s.]", "", text).upper()
    if not re.fullmatch(r"[0-9]{4}[A-Z]", code):
        raise WrongIdentifier("naf")
    return f"{code[:2]}.{code[2:]}"


def vat(text: str) -> str:
    """A European VAT number with its country's check digits.

    Raises WrongIdentifier.
    """
    if not text.isascii():
        raise WrongIdentifier("vat")
    try:
        return str(eu_vat.validate(text))
    except ValidationError:
        raise WrongIdentifier("vat") from None


def erasmus(text: str) -> str:
    """An Erasmus institutional code such as ``F  LILLE103``: country letters padded to three, then the institution's.

    Raises WrongIdentifier.
    """
    country = r"(irl|lux|[a-z]{1,2}(?=\s))"  # the two of three letters need no blank to fill the third
    match = re.fullmatch(
        rf"\s*{country}\s*([a-z][a-z-]{{1,9}}[0-9]{{2,3}})\s*", text, re.IGNORECASE | re.ASCII
    )
    if not match:
        raise WrongIdentifier("erasmus")
    return f"{match[1].upper():<3}{match[2].upper()}"


def schac(text: str) -> str:
    """A schacHomeOrganization: the domain name by which federations know the institution.

    Raises WrongIdentifier.
    """
    domain = text.strip().lower()
    if len(domain) > 253 or not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}", domain):
        raise WrongIdentifier("schac")
    return domain


INSTITUTION: dict[str, Callable[[str], str]] = {
    "ror": ror,
    "erasmus": erasmus,
    "schac": schac,
    "uai": uai,
    "siret": siret,
    "naf": naf,
    "vat": vat,
}
"""The identifiers an institution may bear, with the check of each."""
