"""Returns under DAC7 as XML: the OECD's schema DPI v1, and the French authority's variation of it.

They differ in their namespaces and in the names of one element (TaxQ1, TaxesQ1). What is written here is the part of
both that a platform for personal services needs. A piece a seller, so that a file of any size is streamed.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from xmlschema import XMLResource, XMLSchema10, XMLSchemaException

from domain.money import tax_forms
from domain.money.contributions import ContributionRate
from domain.money.payouts import MAX_WITHHELD_BASIS_POINTS
from domain.money.tax_forms import (
    Answers,
    Operator,
    Quarters,
    ReportedSeller,
    ReturnDocument,
    ReturnKind,
    SellerFigures,
    whole_units,
)
from formats.taxes.buyers import TaxNumberProblem, read_siret

LARGEST = 20_000_000  # bytes
COLUMNS = ("siret", "month", "rate")
SHOWN = 50  # flaws that are named
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class RateFlaw:
    """What is wrong in a line; the value is not repeated."""

    line: int
    column: str
    expected: str


class RatesRefused(Exception):
    def __init__(self, flaws: list[RateFlaw]) -> None:
        super().__init__(f"{len(flaws)} flaws")
        self.flaws = flaws


def read_rates(content: bytes) -> list[ContributionRate]:
    """Raises RatesRefused."""
    rows = _rows(content)
    found: dict[tuple[str, str], int] = {}
    flaws: list[RateFlaw] = []
    for line, row in rows:
        rate, bad = _rate(line, row)
        flaws += bad
        if rate is None:
            continue
        if found.setdefault((rate.siret, rate.month), rate.rate) != rate.rate:
            flaws.append(RateFlaw(line, "rate", "one rate for a SIRET and month"))
        if len(flaws) >= SHOWN:
            break
    if flaws:
        raise RatesRefused(flaws[:SHOWN])
    return [ContributionRate(siret, month, rate) for (siret, month), rate in found.items()]


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """With the number of each line. Raises RatesRefused."""
    whole = [RateFlaw(1, "file", f"UTF-8 of at most {LARGEST // 1_000_000} MB with the columns {', '.join(COLUMNS)}")]
    if len(content) > LARGEST:
        raise RatesRefused(whole)
    try:
        text = content.decode("utf-8-sig")
        head = text.partition("\n")[0]
        reader = csv.DictReader(StringIO(text), delimiter=max(";,\t", key=head.count), strict=True)
        names = {name: name.strip().lower() for name in reader.fieldnames or () if name}
        if sorted(names.values()) != sorted(COLUMNS) or len(reader.fieldnames or ()) != len(COLUMNS):
            raise RatesRefused(whole)
        found = [(reader.line_num, _named(row, names)) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise RatesRefused(whole) from None
    if not found:
        raise RatesRefused([RateFlaw(2, "siret", "a rate at least: no month has none")])
    return found


def _named(row: dict[str | Any, str | Any], names: dict[str, str]) -> dict[str, str]:
    """A row with more values than columns (`…,21,2`) has no rate: which of them it is cannot be known."""
    found = {names[k]: v or "" for k, v in row.items() if k in names}
    return {**found, "rate": ""} if None in row else found


def _rate(line: int, row: dict[str, str]) -> tuple[ContributionRate | None, list[RateFlaw]]:
    siret, rate, flaws = _siret(row["siret"]), _basis_points(row["rate"]), []
    month = row["month"].strip()
    if siret is None:
        flaws.append(RateFlaw(line, "siret", "a SIRET of 14 digits"))
    if not _MONTH.fullmatch(month):
        flaws.append(RateFlaw(line, "month", "a month such as 2027-01"))
    if rate is None:
        flaws.append(
            RateFlaw(line, "rate", f"a percentage from 0 to {MAX_WITHHELD_BASIS_POINTS // 100}, two decimals at most")
        )
    if flaws or siret is None or rate is None:
        return None, flaws
    return ContributionRate(siret, month, rate), []


def _siret(text: str) -> str | None:
    try:
        return read_siret(text)
    except TaxNumberProblem:
        return None


def _basis_points(text: str) -> int | None:
    """21.2, 21,2 or 21.2 % in hundredths of a percent."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        points = Decimal(plain) * 100 if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", plain) else None
    except InvalidOperation:
        points = None
    if points is None or points != points.to_integral_value() or not 0 <= points <= MAX_WITHHELD_BASIS_POINTS:
        return None
    return int(points)


_UNFIT = re.compile("[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no XML carries it, or no line of one


@dataclass(frozen=True, slots=True)
class Schema:
    dpi: str
    stf: str
    taxes: str


SCHEMAS = {
    "dpi": Schema("urn:oecd:ties:dpi:v1", "urn:oecd:ties:dpistf:v1", "Tax"),
    "fr": Schema("urn:oecd:ties:dpi", "urn:oecd:ties:dpistf", "Taxes"),
}


@dataclass(frozen=True, slots=True)
class MessageHead:
    """`at` in the operator's zone; in a `test` all documents are marked as such."""

    schema: Schema
    year: int
    reference: str
    kind: ReturnKind
    at: datetime
    operator: Operator
    document: ReturnDocument
    test: bool = False


def written(head: MessageHead, sellers: Iterable[tuple[ReturnDocument, ReportedSeller]]) -> Iterator[str]:
    """The message, piece by piece."""
    spaces = f'xmlns:dpi="{head.schema.dpi}" xmlns:stf="{head.schema.stf}"'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<dpi:DPI_OECD {spaces} version="1.0">\n'
    yield _spec(head)
    yield "<dpi:DPIBody>\n" + _operator(head)
    for document, reported in sellers:
        yield seller(head, document, reported)
    yield "</dpi:DPIBody>\n</dpi:DPI_OECD>\n"


def seller(head: MessageHead, document: ReturnDocument, reported: ReportedSeller) -> str:
    """One ReportableSeller."""
    answers = reported.answers
    company = answers.get(tax_forms.KIND) == tax_forms.BUSINESS
    who = _tag("EntSellerID", _company(answers)) if company else _tag("IndSellerID", _person(answers))
    standard = _tag("Standard", who + _account(reported))
    identity = _tag("EntitySeller" if company else "IndividualSeller", standard)
    activities = _tag("PersonalServices", _services(head.schema, reported.figures))
    parts = _tag("Identity", identity) + _tag("RelevantActivities", activities) + _doc(document, head.test)
    return _tag("ReportableSeller", parts) + "\n"


def _spec(head: MessageHead) -> str:
    country = head.operator.country
    return (
        _tag(
            "MessageSpec",
            _text("TransmittingCountry", country)
            + _text("ReceivingCountry", country)
            + _text("MessageType", "DPI")
            + _text("MessageRefId", head.reference)
            + _text("MessageTypeIndic", head.kind)
            + _text("ReportingPeriod", f"{head.year}-12-31")
            + _text("Timestamp", head.at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{head.at.microsecond // 1000:03}"),
        )
        + "\n"
    )


def _operator(head: MessageHead) -> str:
    who = head.operator
    return (
        _tag(
            "PlatformOperator",
            _text("ResCountryCode", who.country)
            + _text("TIN", who.tax_number, issuedBy=who.country)
            + (_text("VAT", who.vat) if who.vat else "")
            + _text("Name", who.name)
            + _text("PlatformBusinessName", who.name)
            + _address(who.country, who.street, who.postcode, who.town)
            + _text("Nexus", "RPONEX1")
            + _text("AssumedReporting", "false")
            + _doc(head.document, head.test),
        )
        + "\n"
    )


def _company(answers: Answers) -> str:
    register = answers.get(tax_forms.REGISTER, "")
    country = answers[tax_forms.COUNTRY]
    return (
        _text("ResCountryCode", country)
        + _tin(answers)
        + (_text("IN", register, issuedBy=country, INType="BRN") if register else "")
        + _text("Name", answers[tax_forms.COMPANY])
        + _where(answers)
    )


def _person(answers: Answers) -> str:
    name = _text("FirstName", answers[tax_forms.FIRST_NAMES]) + _text("LastName", answers[tax_forms.LAST_NAME])
    born = _text("BirthDate", answers[tax_forms.BORN])
    if answers.get(tax_forms.BIRTH_TOWN):
        country = _tag("CountryInfo", _text("CountryCode", answers[tax_forms.BIRTH_COUNTRY]))
        born += _tag("BirthPlace", _text("City", answers[tax_forms.BIRTH_TOWN]) + country)
    return (
        _text("ResCountryCode", answers[tax_forms.COUNTRY])
        + _tin(answers)
        + _tag("Name", name, nameType="OECD202")
        + _where(answers)
        + _tag("BirthInfo", born)
    )


def _tin(answers: Answers) -> str:
    number = answers[tax_forms.TAX_NUMBER]
    if number == tax_forms.NO_TAX_NUMBER:
        return _text("TIN", "NOTIN", unknown="true")
    return _text("TIN", number, issuedBy=answers[tax_forms.COUNTRY])


def _where(answers: Answers) -> str:
    place = (answers[step] for step in (tax_forms.STREET, tax_forms.POSTCODE, tax_forms.TOWN))
    return _address(answers[tax_forms.COUNTRY], *place)


def _address(country: str, street: str, postcode: str, town: str) -> str:
    fixed = _text("Street", street) + _text("PostCode", postcode) + _text("City", town)
    return _tag("Address", _text("CountryCode", country) + _tag("AddressFix", fixed))


def _account(reported: ReportedSeller) -> str:
    if not reported.iban:
        return ""
    number = _text("Identifier", reported.iban, AccountNumberType="IBAN")
    holder = _text("AccountHolderName", reported.holder) if reported.holder else ""
    return _tag("FinancialIdentifier", number + holder)


def _services(schema: Schema, figures: SellerFigures) -> str:
    def money(name: str, short: str, amounts: Quarters) -> str:
        each = (_text(f"{short}Q{at}", str(amounts[at - 1]), currCode=figures.currency) for at in range(1, 5))
        return _tag(name, "".join(each))

    count = "".join(_text(f"NumbQ{at}", str(figures.activities[at - 1])) for at in range(1, 5))
    return (
        money("Consideration", "Cons", whole_units(figures.consideration, at_least_one=True))
        + _tag("NumberOfActivities", count)
        + money("Fees", "Fees", whole_units(figures.fees))
        + money("Taxes", schema.taxes, whole_units(figures.withheld))
    )


def _doc(document: ReturnDocument, test: bool) -> str:
    indicator = document.indicator.in_test if test else document.indicator.value
    corrects = _text("CorrDocRefId", document.corrects, "stf") if document.corrects else ""
    return _tag(
        "DocSpec", _text("DocTypeIndic", indicator, "stf") + _text("DocRefId", document.reference, "stf") + corrects
    )


def _text(name: str, text: str, space: str = "dpi", **attributes: str) -> str:
    return _tag(name, escape(_UNFIT.sub(" ", text)), space, **attributes)


def _tag(name: str, content: str, space: str = "dpi", **attributes: str) -> str:
    told = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{space}:{name}{told}>{content}</{space}:{name}>"


FRENCH = files("formats.taxes") / "schemas" / "DPIXML_v1.1-fr1.xsd"
SELLER, REFERENCE = "ReportableSeller", "DocRefId"


class BadSchema(Exception):
    """It is not there, or is no XML schema."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """`element` is what does not fit, within the `seller`-th seller; 0 is the rest of the message."""

    seller: int
    element: str


def flaws(file: Path, schema: Path) -> Iterator[Flaw]:
    """Empty where the file is valid."""
    known = _schema(str(schema))
    resource = XMLResource(str(file), lazy=False)
    places = {id(each): at for at, each in enumerate(resource.root.iter(f"{{{known.target_namespace}}}{SELLER}"), 1)}
    parents = {id(child): parent for parent in resource.root.iter() for child in parent}
    for error in known.iter_errors(resource):
        element: Any = error.elem
        yield Flaw(_seller(element, places, parents), "" if element is None else str(element.tag).rpartition("}")[2])


@cache
def _schema(path: str) -> XMLSchema10:
    """Built once: it takes longer than to validate a hundred sellers."""
    try:
        return XMLSchema10(path)
    except (XMLSchemaException, OSError):
        raise BadSchema from None


def _seller(element: Any, places: dict[int, int], parents: dict[int, Any]) -> int:
    while element is not None:
        if id(element) in places:
            return places[id(element)]
        element = parents.get(id(element))
    return 0
