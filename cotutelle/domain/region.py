"""Regions of the world, by the countries in them, as the United Nations group them for statistics (M49, 2024)."""

from collections.abc import Mapping

REGIONS: Mapping[str, frozenset[str]] = {
    name: frozenset(codes.split())
    for name, codes in {
        "western_europe": "AT BE CH DE FR LI LU MC NL",
        "northern_europe": "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ",
        "southern_europe": "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK",
        "eastern_europe": "BG BY CZ HU MD PL RO RU SK UA",
        "northern_america": "BM CA GL PM US",
        "latin_america": (
            "AG AI AR AW BB BL BO BQ BR BS BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY LC MF MQ MS MX NI "
            "PA PE PR PY SR SV SX TC TT UY VC VE VG VI"
        ),
        "northern_africa": "DZ EG EH LY MA SD TN",
        "africa_south_of_the_sahara": (
            "AO BF BI BJ BW CD CF CG CI CM CV DJ ER ET GA GH GM GN GQ GW IO KE KM LR LS MG ML MR MU MW MZ NA NE NG RE RW "
            "SC SH SL SN SO SS ST SZ TD TF TG TZ UG YT ZA ZM ZW"
        ),
        "western_asia": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
        "central_and_southern_asia": "AF BD BT IN IR KG KZ LK MV NP PK TJ TM UZ",
        "eastern_asia": "CN HK JP KP KR MN MO TW",
        "south_eastern_asia": "BN ID KH LA MM MY PH SG TH TL VN",
        "oceania": ("AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"),
    }.items()
}
"""Each region with the two letters of its countries; every country stands in one of them alone."""


def region_of(country: str) -> str:
    """The region of a country; empty for a code that is none."""
    return next((name for name, codes in REGIONS.items() if country in codes), "")
