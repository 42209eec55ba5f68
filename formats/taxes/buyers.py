"""A requester's data for invoices, typed as lines: name, street, postcode and town, country, number (if any)."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from importlib import import_module
from typing import Any

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from domain.money import tax_forms
from domain.money.invoices import (
    FRANCE,
    UNTAXED_TERRITORIES,
    Buyer,
    is_plausible,
)
from domain.money.tax_forms import EU, MAX_ANSWER_CHARS
from locales.countries import country_named

# What a person's, and a company's, number may be: modules of stdnum, or a pattern of the compact number.
PERSONS: dict[str, tuple[str, ...]] = {
    "AT": ("at.tin",),
    "BE": ("be.nn", "be.bis"),
    "BG": ("bg.egn", "bg.pnf"),
    "CY": ("cy.vat",),
    "CZ": ("cz.rc",),
    "DE": ("de.idnr",),
    "DK": ("dk.cpr",),
    "EE": ("ee.ik",),
    "ES": ("es.dni", "es.nie"),
    "FI": ("fi.hetu",),
    "FR": ("fr.nif", "fr.siren", "fr.siret"),
    "GR": ("gr.vat",),
    "HR": ("hr.oib",),
    "HU": ("/8[0-9]{9}/",),
    "IE": ("ie.pps",),
    "IT": ("it.codicefiscale",),
    "LT": ("lt.asmens",),
    "LU": ("/(18|19|20)[0-9]{11}/",),
    "LV": ("lv.pvn",),
    "MT": ("/[0-9]{7}[MGAPLHBZ]/", "/[0-9]{9}/"),
    "NL": ("nl.bsn",),
    "PL": ("pl.pesel", "pl.nip"),
    "PT": ("pt.nif",),
    "RO": ("ro.cnp",),
    "SE": ("se.personnummer",),
    "SI": ("si.ddv",),
    "SK": ("sk.rc", "sk.dph"),
}
COMPANIES: dict[str, tuple[str, ...]] = {
    "AT": ("at.tin", "at.uid"),
    "BE": ("be.vat",),
    "BG": ("bg.vat",),
    "CY": ("cy.vat",),
    "CZ": ("cz.dic",),
    "DE": ("de.stnr", "de.vat"),
    "DK": ("dk.cvr",),
    "EE": ("ee.registrikood", "ee.kmkr"),
    "ES": ("es.cif", "es.nif"),
    "FI": ("fi.ytunnus", "fi.alv"),
    "FR": ("fr.siren", "fr.siret"),
    "GR": ("gr.vat",),
    "HR": ("hr.oib",),
    "HU": ("hu.anum", "/[0-9]{11}/"),
    "IE": ("ie.vat",),
    "IT": ("it.iva", "it.codicefiscale"),
    "LT": ("lt.pvm", "/[0-9]{9}/"),
    "LU": ("lu.tva", "/[0-9]{11}/"),
    "LV": ("lv.pvn",),
    "MT": ("mt.vat", "/[0-9]{9}/"),
    "NL": ("nl.btw", "nl.bsn"),
    "PL": ("pl.nip",),
    "PT": ("pt.nif",),
    "RO": ("ro.cui", "ro.cf"),
    "SE": ("se.orgnr", "se.vat"),
    "SI": ("si.ddv",),
    "SK": ("sk.dph",),
}
_SPARE = re.compile(r"[\s.\u00a0\u202f]")


class TaxNumberProblem(Exception):
    """No number of this country. The typed text is in no error, so that it reaches no log and no message."""


def read_tax_number(country: str, text: str, company: bool) -> str:
    """Raises TaxNumberProblem."""
    for rule in (COMPANIES if company else PERSONS).get(country, ()):
        found = _matched(rule.strip("/"), text) if rule.startswith("/") else _checked(rule, text)
        if found:
            return found
    raise TaxNumberProblem


def read_siret(text: str) -> str:
    """Raises TaxNumberProblem."""
    found = _checked("fr.siret", text)
    if not found:
        raise TaxNumberProblem
    return found


def _matched(pattern: str, text: str) -> str:
    compact = _SPARE.sub("", text).upper().replace("-", "")
    return compact if re.fullmatch(pattern, compact) else ""


def _checked(name: str, text: str) -> str:
    """By a module of stdnum; empty where it is none of its numbers."""
    module: Any = import_module(f"stdnum.{name}")
    try:
        return str(module.validate(_SPARE.sub("", text).upper()))
    except ValidationError:
        return ""


# Parts of a member state that have codes of their own.
TAXED_BY = {"GP": "FR", "MQ": "FR", "GF": "FR", "RE": "FR", "YT": "FR", "MF": "FR", "AX": "FI"}
YOUNGEST, OLDEST = 14, 120  # years; to tell a slip of the finger from a birthday
_YEAR_FIRST = re.compile(r"([0-9]{4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-./ ]([0-9]{1,2})[-./ ]([0-9]{4})")


class AnswerFlaw(Exception):
    """`what`: country, kind, words, long, number, date or age."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def read_answer(step: str, words: str, given: Mapping[str, str], today: date) -> str:
    """Raises AnswerFlaw."""
    text = " ".join("".join(sign if _is_fit(sign) else " " for sign in words).split())
    if len(text) > tax_forms.MAX_ANSWER_CHARS:
        raise AnswerFlaw("long")
    if step in (tax_forms.COUNTRY, tax_forms.BIRTH_COUNTRY):
        country = _country(text)
        return TAXED_BY.get(country, country) if step == tax_forms.COUNTRY else country
    if step == tax_forms.KIND:
        return _kind(text)
    if step in (tax_forms.TAX_NUMBER, tax_forms.REGISTER):
        return _number(step, text, given)
    if step == tax_forms.BORN:
        return _born(text, today)
    if not any(sign.isalnum() for sign in text):
        raise AnswerFlaw("words")
    return text


def _is_fit(sign: str) -> bool:
    """Neither a control character nor one that XML cannot carry."""
    return unicodedata.category(sign)[0] != "C"


def _country(text: str) -> str:
    code = country_named(text)
    if code is None:
        raise AnswerFlaw("country")
    return code


def _kind(text: str) -> str:
    if text not in (tax_forms.PERSON, tax_forms.BUSINESS):
        raise AnswerFlaw("kind")
    return text


def _number(step: str, text: str, given: Mapping[str, str]) -> str:
    """A register's number has no format that is known of every country."""
    if step == tax_forms.REGISTER:
        if not any(sign.isdigit() for sign in text):
            raise AnswerFlaw("words")
        return text
    try:
        return read_tax_number(given.get(tax_forms.COUNTRY, ""), text, given.get(tax_forms.KIND) == tax_forms.BUSINESS)
    except TaxNumberProblem:
        raise AnswerFlaw("number") from None


def _born(text: str, today: date) -> str:
    """`20/03/1988`, `20.3.1988` or `1988-03-20`."""
    year_first, day_first = _YEAR_FIRST.fullmatch(text), _DAY_FIRST.fullmatch(text)
    parts = year_first.groups() if year_first else day_first.groups()[::-1] if day_first else None
    try:
        born = date(*map(int, parts)) if parts else None
    except ValueError:
        born = None
    if born is None:
        raise AnswerFlaw("date")
    if not YOUNGEST <= today.year - born.year <= OLDEST:
        raise AnswerFlaw("age")
    return born.isoformat()


FEWEST, MOST = 4, 5
# Scripts, and some signs, that the font of invoices has.
PRINTED = (
    *("LATIN ", "GREEK ", "CYRILLIC ", "ARABIC ", "HEBREW ", "ARMENIAN ", "GEORGIAN "),
    *("MASCULINE ORDINAL", "FEMININE ORDINAL", "MICRO SIGN", "MODIFIER LETTER"),
)
DEPARTMENTS = ("GP", "MQ", "RE", *UNTAXED_TERRITORIES)  # whose companies have French numbers
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
    if any(len(row) > MAX_ANSWER_CHARS for row in rows):
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
