"""Territories of French VAT, with their rates, by country and postcode.

A reading of November 2026 of the CGI (articles 294, 296) and of directive 2006/112/CE (article 6).
"""

import re
from collections.abc import Mapping

from domain.money.tax_forms import EU

FRANCE = "FR"
# Hundredths of a percent; Monaco belongs to the territory of French VAT.
RATES: Mapping[str, int] = {FRANCE: 2_000, "MC": 2_000, "GP": 850, "MQ": 850, "RE": 850}
UNTAXED = ("GF", "YT")  # article 294-1: VAT does not apply there for the time being
UNKNOWN = "??"  # a postcode that no place in France has
OUTSIDE_VAT = "--"  # parts of a member state where the EU's VAT does not hold
# The first that fits counts. Saint-Barthélemy and Saint-Martin kept postcodes of Guadeloupe.
OVERSEAS = (
    *(("97133", "BL"), ("97150", "MF"), ("971", "GP"), ("972", "MQ"), ("973", "GF"), ("974", "RE"), ("975", "PM")),
    *(("976", "YT"), ("977", "BL"), ("978", "MF"), ("980", "MC"), ("984", "TF"), ("986", "WF"), ("987", "PF")),
    *(("988", "NC"), ("97", UNKNOWN), ("98", UNKNOWN), ("99", UNKNOWN), ("00", UNKNOWN)),
)
# The Canaries, Ceuta, Melilla; Åland; Helgoland, Büsingen; Livigno, Campione; Mount Athos.
OUTSIDE = {
    "ES": ("35", "38", "51", "52"),
    "FI": ("22",),
    "DE": ("27498", "78266"),
    "IT": ("23041", "22061"),
    "GR": ("63086", "63087"),
}
_POSTCODE = re.compile(r"(?:[A-Z]{1,2}[- ]?)?([0-9](?: ?[0-9]){4})(?![0-9])", re.IGNORECASE)


def territory(country: str, town: str) -> str:
    """The ISO code by whose rules somebody there is taxed, UNKNOWN or OUTSIDE_VAT. `town` begins with the postcode."""
    postcode = postcode_of(town)
    if country == FRANCE:
        return next((code for begins, code in OVERSEAS if postcode.startswith(begins)), FRANCE)
    return OUTSIDE_VAT if postcode.startswith(OUTSIDE.get(country, ("-",))) else country


def postcode_of(town: str) -> str:
    """Its five digits; empty where the line does not begin with them."""
    found = _POSTCODE.match(town.strip())
    return found[1].replace(" ", "") if found else ""


def is_plausible(country: str, town: str) -> bool:
    """An address in France begins with a postcode that there is; an overseas territory's fits the territory."""
    if country == FRANCE:
        return bool(postcode_of(town)) and territory(country, town) != UNKNOWN
    if country in dict(OVERSEAS).values() and postcode_of(town):
        return territory(FRANCE, town) == country
    return True


def is_elsewhere_in_eu(place: str) -> bool:
    return place in EU and place != FRANCE
