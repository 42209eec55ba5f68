"""Typed answers of the tax form → their stored form, or what is wrong with them, without the words themselves."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from domain.money import tax_forms
from formats.taxes.numbers import TaxNumberProblem, read_tax_number
from locales.countries import country_named

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
    if len(text) > tax_forms.LONGEST:
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
