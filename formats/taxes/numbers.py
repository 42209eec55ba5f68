"""A typed tax number → its compact form, by the rules of its country (python-stdnum; patterns where it has none)."""

import re
from importlib import import_module
from typing import Any

from stdnum.exceptions import ValidationError

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
