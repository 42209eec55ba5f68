"""Tax numbers, and answers of tax forms."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from importlib import import_module
from typing import Any

from stdnum.exceptions import ValidationError

from extensions.eu_taxes.domain import tax_forms
from locales.countries import find_country

SEPARATORS = re.compile(r"[\s.\u00a0\u202f]")
# What a person's, and a company's, number may be: modules of stdnum, or a pattern of the compact number.
PERSON_NUMBER_RULES: dict[str, tuple[str, ...]] = {
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
COMPANY_NUMBER_RULES: dict[str, tuple[str, ...]] = {
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


class TaxNumberProblem(Exception):
    """A text that is no number of this country. The error does not hold the typed text, so that it reaches no log
    and no message."""


def read_tax_number(country: str, text: str, company: bool) -> str:
    """Return the number in its compact form. Raise TaxNumberProblem if it is none of this country."""
    for rule in (COMPANY_NUMBER_RULES if company else PERSON_NUMBER_RULES).get(country, ()):
        number = _match_pattern(rule.strip("/"), text) if rule.startswith("/") else validate_number(rule, text)
        if number:
            return number
    raise TaxNumberProblem


def read_siret(text: str) -> str:
    """Return the SIRET of 14 digits. Raise TaxNumberProblem."""
    number = validate_number("fr.siret", text)
    if not number:
        raise TaxNumberProblem
    return number


def _match_pattern(pattern: str, text: str) -> str:
    compact = SEPARATORS.sub("", text).upper().replace("-", "")
    return compact if re.fullmatch(pattern, compact) else ""


# Parts of a member state that have codes of their own.
TAXING_STATES = {"GP": "FR", "MQ": "FR", "GF": "FR", "RE": "FR", "YT": "FR", "MF": "FR", "AX": "FI"}
MIN_AGE, MAX_AGE = 14, 120  # years; to tell a slip of the finger from a birthday
_YEAR_FIRST = re.compile(r"([0-9]{4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-./ ]([0-9]{1,2})[-./ ]([0-9]{4})")


class AnswerFlaw(Exception):
    """Why an answer of a tax form cannot be used. `what`: country, kind, words, long, number, date or age."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def read_answer(step: str, typed: str, answers: Mapping[str, str], today: date) -> str:
    """Return the answer to this step of a tax form, in its stored form. Raise AnswerFlaw. `answers` are those of
    earlier steps."""
    text = " ".join("".join(sign if _is_printable(sign) else " " for sign in typed).split())
    if len(text) > tax_forms.MAX_ANSWER_CHARS:
        raise AnswerFlaw("long")
    if step in (tax_forms.COUNTRY, tax_forms.BIRTH_COUNTRY):
        country = _read_country(text)
        return TAXING_STATES.get(country, country) if step == tax_forms.COUNTRY else country
    if step == tax_forms.KIND:
        return _read_kind(text)
    if step in (tax_forms.TAX_NUMBER, tax_forms.REGISTER):
        return _read_number(step, text, answers)
    if step == tax_forms.BORN:
        return _read_birthday(text, today)
    if not any(sign.isalnum() for sign in text):
        raise AnswerFlaw("words")
    return text


def _is_printable(sign: str) -> bool:
    """Return whether the character can be stored: neither a control character nor one that XML cannot carry."""
    return unicodedata.category(sign)[0] != "C"


def _read_country(text: str) -> str:
    code = find_country(text)
    if code is None:
        raise AnswerFlaw("country")
    return code


def _read_kind(text: str) -> str:
    if text not in (tax_forms.PERSON, tax_forms.BUSINESS):
        raise AnswerFlaw("kind")
    return text


def _read_number(step: str, text: str, answers: Mapping[str, str]) -> str:
    """Return a tax number, validated for the country, or a register's number, whose format differs too much. Raise
    AnswerFlaw."""
    if step == tax_forms.REGISTER:
        if not any(sign.isdigit() for sign in text):
            raise AnswerFlaw("words")
        return text
    try:
        return read_tax_number(
            answers.get(tax_forms.COUNTRY, ""), text, answers.get(tax_forms.KIND) == tax_forms.BUSINESS
        )
    except TaxNumberProblem:
        raise AnswerFlaw("number") from None


def _read_birthday(text: str, today: date) -> str:
    """Return the ISO date of `20/03/1988`, `20.3.1988` or `1988-03-20`. Raise AnswerFlaw for what is no date or no
    plausible age."""
    year_first, day_first = _YEAR_FIRST.fullmatch(text), _DAY_FIRST.fullmatch(text)
    parts = year_first.groups() if year_first else day_first.groups()[::-1] if day_first else None
    try:
        birthday = date(*map(int, parts)) if parts else None
    except ValueError:
        birthday = None
    if birthday is None:
        raise AnswerFlaw("date")
    if not MIN_AGE <= today.year - birthday.year <= MAX_AGE:
        raise AnswerFlaw("age")
    return birthday.isoformat()


def validate_number(name: str, text: str) -> str:
    """Return the number as a module of stdnum validates it, or "" if it is none of its numbers."""
    module: Any = import_module(f"stdnum.{name}")
    try:
        return str(module.validate(SEPARATORS.sub("", text).upper()))
    except ValidationError:
        return ""
