"""A requester's data for invoices, typed as lines: name, street, postcode and town, country, number (if any)."""

import unicodedata

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from domain.money.invoices import Buyer
from domain.money.tax_forms import EU, LONGEST
from domain.money.vat_territories import FRANCE, UNTAXED, is_plausible
from formats.taxes.numbers import TaxNumberProblem, read_tax_number
from locales.countries import country_named

FEWEST, MOST = 4, 5
# Scripts, and some signs, that the font of invoices has.
PRINTED = (
    *("LATIN ", "GREEK ", "CYRILLIC ", "ARABIC ", "HEBREW ", "ARMENIAN ", "GEORGIAN "),
    *("MASCULINE ORDINAL", "FEMININE ORDINAL", "MICRO SIGN", "MODIFIER LETTER"),
)
DEPARTMENTS = ("GP", "MQ", "RE", *UNTAXED)  # whose companies have French numbers
PREFIXES = {"EL": "GR"}  # of VAT numbers that do not begin with their country
PREFIX_OF = {country: prefix for prefix, country in PREFIXES.items()}  # also of one that is typed with its country's


class BuyerFlaw(Exception):
    """`what`: lines, long, letters, words, country, postcode, vat or number."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def read_buyer(text: str) -> Buyer:
    """Raises BuyerFlaw."""
    rows = [" ".join(_fit(line).split()) for line in text.splitlines()]
    rows = [row for row in rows if row]
    if not FEWEST <= len(rows) <= MOST:
        raise BuyerFlaw("lines")
    if any(len(row) > LONGEST for row in rows):
        raise BuyerFlaw("long")
    name, street, town, where = rows[:FEWEST]
    if any(sign.isalpha() and not unicodedata.name(sign, "").startswith(PRINTED) for row in rows for sign in row):
        raise BuyerFlaw("letters")
    if not all(any(sign.isalnum() for sign in row) for row in (name, street, town)):
        raise BuyerFlaw("words")
    country = country_named(where)
    if country is None:
        raise BuyerFlaw("country")
    if not is_plausible(country, town):
        raise BuyerFlaw("postcode")
    return Buyer(name, street, town, country, *_numbers(country, rows[FEWEST] if len(rows) > FEWEST else ""))


def _fit(line: str) -> str:
    """Without control characters, and without emoji's invisible joints."""
    return "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in line)


def _numbers(country: str, text: str) -> tuple[str, str]:
    """(VAT number, register number); both empty for a private person."""
    country = FRANCE if country in DEPARTMENTS else country
    if not text or country not in EU:
        return "", text
    if country == FRANCE and not text[:2].isalpha():
        try:
            return "", read_tax_number(FRANCE, text, company=True)[:9]
        except TaxNumberProblem:
            raise BuyerFlaw("number") from None
    try:
        found = str(vat.validate(text))
    except ValidationError:
        raise BuyerFlaw("vat") from None
    if PREFIXES.get(found[:2], found[:2]) != country:
        raise BuyerFlaw("vat")
    found = PREFIX_OF.get(country, found[:2]) + found[2:]
    return found, found[4:] if country == FRANCE else ""
