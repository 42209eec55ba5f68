"""A requester's data for invoices, typed as lines: name, street, postcode and town, country, number (if any)."""

import unicodedata

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from domain.money.operator import EU, FRANCE
from extensions.eu_taxes.domain.invoices import UNTAXED_TERRITORIES, Buyer, is_plausible
from extensions.eu_taxes.formats.tax_answers import validate_number
from locales.countries import find_country

MIN_LINES, MAX_LINES = 4, 5
MAX_LINE_CHARS = 100  # characters of a line
FRENCH_COMPANY_NUMBERS = ("fr.siren", "fr.siret")  # modules of stdnum
# Scripts, and some signs, that the font of invoices has.
PRINTABLE_NAMES = (
    *("LATIN ", "GREEK ", "CYRILLIC ", "ARABIC ", "HEBREW ", "ARMENIAN ", "GEORGIAN "),
    *("MASCULINE ORDINAL", "FEMININE ORDINAL", "MICRO SIGN", "MODIFIER LETTER"),
)
FRENCH_DEPARTMENTS = ("GP", "MQ", "RE", *UNTAXED_TERRITORIES)  # whose companies have French numbers
COUNTRY_BY_PREFIX = {"EL": "GR"}  # of VAT numbers that do not begin with their country
PREFIX_BY_COUNTRY = {
    country: prefix for prefix, country in COUNTRY_BY_PREFIX.items()
}  # also of one that is typed with its country's


class BuyerFlaw(Exception):
    """Why a requester's data for invoices cannot be used. `what`: lines, long, letters, words, country, postcode,
    vat or number."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def read_buyer(text: str) -> Buyer:
    """Return the buyer that the lines describe. Raise BuyerFlaw."""
    rows = [" ".join(_without_controls(line).split()) for line in text.splitlines()]
    rows = [row for row in rows if row]
    if not MIN_LINES <= len(rows) <= MAX_LINES:
        raise BuyerFlaw("lines")
    if any(len(row) > MAX_LINE_CHARS for row in rows):
        raise BuyerFlaw("long")
    name, street, town, country_name = rows[:MIN_LINES]
    if any(
        sign.isalpha() and not unicodedata.name(sign, "").startswith(PRINTABLE_NAMES) for row in rows for sign in row
    ):
        raise BuyerFlaw("letters")
    if not all(any(sign.isalnum() for sign in row) for row in (name, street, town)):
        raise BuyerFlaw("words")
    country = find_country(country_name)
    if country is None:
        raise BuyerFlaw("country")
    if not is_plausible(country, town):
        raise BuyerFlaw("postcode")
    return Buyer(name, street, town, country, *_read_numbers(country, rows[MIN_LINES] if len(rows) > MIN_LINES else ""))


def _without_controls(line: str) -> str:
    """Return the line without control characters and the invisible joints of emoji."""
    return "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in line)


def _read_numbers(country: str, text: str) -> tuple[str, str]:
    """Return (VAT number, register number), both empty for a private person. Raise BuyerFlaw for a number of
    another country or none."""
    country = FRANCE if country in FRENCH_DEPARTMENTS else country
    if not text or country not in EU:
        return "", text
    if country == FRANCE and not text[:2].isalpha():
        number = next(filter(None, (validate_number(name, text) for name in FRENCH_COMPANY_NUMBERS)), "")
        if not number:
            raise BuyerFlaw("number")
        return "", number[:9]
    try:
        vat_number = str(vat.validate(text))
    except ValidationError:
        raise BuyerFlaw("vat") from None
    if COUNTRY_BY_PREFIX.get(vat_number[:2], vat_number[:2]) != country:
        raise BuyerFlaw("vat")
    vat_number = PREFIX_BY_COUNTRY.get(country, vat_number[:2]) + vat_number[2:]
    return vat_number, vat_number[4:] if country == FRANCE else ""
