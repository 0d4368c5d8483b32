"""Regions: every country that the interface offers stands in one of them, and in one alone."""

from itertools import chain

from babel import Locale

from cotutelle.domain.region import REGIONS, region_of
from cotutelle.web.wording_partnership import REGION_WORDS

NO_COUNTRY = {
    "AC",
    "AQ",
    "BV",
    "CP",
    "CQ",
    "DG",
    "EA",
    "EU",
    "EZ",
    "HK",
    "IC",
    "QO",
    "TA",
    "TF",
    "UN",
    "XA",
    "XB",
    "ZZ",
}


def test_no_country_stands_in_two_regions() -> None:
    every = list(chain.from_iterable(REGIONS.values()))
    assert len(every) == len(set(every))


def test_every_country_of_the_locale_data_has_its_region() -> None:
    known = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()} - NO_COUNTRY
    assert {code for code in known if not region_of(code)} == set()


def test_brazil_is_in_latin_america_and_quebec_s_country_is_not() -> None:
    assert (region_of("BR"), region_of("CA"), region_of("")) == ("latin_america", "northern_america", "")


def test_every_region_has_its_words() -> None:
    assert REGION_WORDS.keys() == REGIONS.keys()
