"""Returns under DAC7 as XML (the OECD's schema DPI v1, and the French authority's variation of it), and rates of
contributions.

The schemas differ in their namespaces and in the names of one element (TaxQ1, TaxesQ1). What is written here is the
part of both that a platform for personal services needs. A piece holds one seller, so that a file of any size is
streamed."""

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
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from domain.money.operator import Operator
from domain.money.payouts import MAX_WITHHELD_BASIS_POINTS
from extensions.eu_taxes.domain import tax_forms
from extensions.eu_taxes.domain.contributions import ContributionRate
from extensions.eu_taxes.domain.tax_forms import (
    Answers,
    Quarters,
    ReportedSeller,
    ReturnDocument,
    ReturnKind,
    SellerFigures,
    whole_units,
)
from extensions.eu_taxes.formats.tax_answers import TaxNumberProblem, read_siret

if TYPE_CHECKING:  # imported where it is used: it takes a tenth of a second of each start
    from xmlschema import XMLSchema10

MAX_RATES_BYTES = 20_000_000  # bytes
RATE_COLUMNS = ("siret", "month", "rate")
MAX_SHOWN_FLAWS = 50  # flaws that are named
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class RateFlaw:
    """A line of a file of rates is invalid; the value is not repeated."""

    line: int
    column: str
    expected: str


class RatesRefused(Exception):
    """A file of rates that cannot be used; `flaws` are the first of its flaws."""

    def __init__(self, flaws: list[RateFlaw]) -> None:
        super().__init__(f"{len(flaws)} flaws")
        self.flaws = flaws


def read_rates(content: bytes) -> list[ContributionRate]:
    """Return the rates, one for each SIRET and month. Raise RatesRefused with up to MAX_SHOWN_FLAWS flaws."""
    rows = _read_rows(content)
    rates: dict[tuple[str, str], int] = {}
    flaws: list[RateFlaw] = []
    for line, row in rows:
        rate, rate_flaws = _read_rate(line, row)
        flaws += rate_flaws
        if rate is None:
            continue
        if rates.setdefault((rate.siret, rate.month), rate.rate) != rate.rate:
            flaws.append(RateFlaw(line, "rate", "one rate for a SIRET and month"))
        if len(flaws) >= MAX_SHOWN_FLAWS:
            break
    if flaws:
        raise RatesRefused(flaws[:MAX_SHOWN_FLAWS])
    return [ContributionRate(siret, month, rate) for (siret, month), rate in rates.items()]


def _read_rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Return each row by our column names, with its line. Raise RatesRefused for a file without exactly the
    columns, or without rows."""
    file_flaws = [
        RateFlaw(
            1, "file", f"UTF-8 of at most {MAX_RATES_BYTES // 1_000_000} MB with the columns {', '.join(RATE_COLUMNS)}"
        )
    ]
    if len(content) > MAX_RATES_BYTES:
        raise RatesRefused(file_flaws)
    try:
        text = content.decode("utf-8-sig")
        head = text.partition("\n")[0]
        reader = csv.DictReader(StringIO(text), delimiter=max(";,\t", key=head.count), strict=True)
        names = {name: name.strip().lower() for name in reader.fieldnames or () if name}
        if sorted(names.values()) != sorted(RATE_COLUMNS) or len(reader.fieldnames or ()) != len(RATE_COLUMNS):
            raise RatesRefused(file_flaws)
        rows = [(reader.line_num, _rename_columns(row, names)) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise RatesRefused(file_flaws) from None
    if not rows:
        raise RatesRefused([RateFlaw(2, "siret", "a rate at least: no month has none")])
    return rows


def _rename_columns(row: dict[str | Any, str | Any], names: dict[str, str]) -> dict[str, str]:
    """Return the row by our column names. A row with more values than columns (`…,21,2`) gets no rate, since it
    cannot be known which value it is."""
    cells = {names[column]: value or "" for column, value in row.items() if column in names}
    return {**cells, "rate": ""} if None in row else cells


def _read_rate(line: int, row: dict[str, str]) -> tuple[ContributionRate | None, list[RateFlaw]]:
    """Return the rate and no flaws, or None and the row's flaws."""
    siret, rate, flaws = _find_siret(row["siret"]), _read_basis_points(row["rate"]), []
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


def _find_siret(text: str) -> str | None:
    try:
        return read_siret(text)
    except TaxNumberProblem:
        return None


def _read_basis_points(text: str) -> int | None:
    """Return 21.2, 21,2 or 21.2 % in hundredths of a percent, or None if the text is no percentage in bounds."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        points = Decimal(plain) * 100 if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", plain) else None
    except InvalidOperation:
        points = None
    if points is None or points != points.to_integral_value() or not 0 <= points <= MAX_WITHHELD_BASIS_POINTS:
        return None
    return int(points)


_UNFIT_CHARACTERS = re.compile("[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no XML carries it, or no line of one


@dataclass(frozen=True, slots=True)
class MessageNamespaces:
    dpi: str
    stf: str
    taxes: str


NAMESPACES_BY_NAME = {
    "dpi": MessageNamespaces("urn:oecd:ties:dpi:v1", "urn:oecd:ties:dpistf:v1", "Tax"),
    "fr": MessageNamespaces("urn:oecd:ties:dpi", "urn:oecd:ties:dpistf", "Taxes"),
}


@dataclass(frozen=True, slots=True)
class MessageHead:
    """The head of a message. `at` is in the operator's zone; all documents of a `test` are marked as such."""

    schema: MessageNamespaces
    year: int
    reference: str
    kind: ReturnKind
    at: datetime
    operator: Operator
    document: ReturnDocument
    test: bool = False


def write_message(head: MessageHead, sellers: Iterable[tuple[ReturnDocument, ReportedSeller]]) -> Iterator[str]:
    """Yield the message piece by piece."""
    spaces = f'xmlns:dpi="{head.schema.dpi}" xmlns:stf="{head.schema.stf}"'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<dpi:DPI_OECD {spaces} version="1.0">\n'
    yield _message_spec(head)
    yield "<dpi:DPIBody>\n" + _operator_element(head)
    for document, reported in sellers:
        yield seller_element(head, document, reported)
    yield "</dpi:DPIBody>\n</dpi:DPI_OECD>\n"


def seller_element(head: MessageHead, document: ReturnDocument, reported: ReportedSeller) -> str:
    """Return the element of one ReportableSeller."""
    answers = reported.answers
    is_company = answers.get(tax_forms.KIND) == tax_forms.BUSINESS
    identification = (
        _element("EntSellerID", _company_content(answers))
        if is_company
        else _element("IndSellerID", _person_content(answers))
    )
    standard = _element("Standard", identification + _account_element(reported))
    identity = _element("EntitySeller" if is_company else "IndividualSeller", standard)
    activities = _element("PersonalServices", _services_content(head.schema, reported.figures))
    parts = _element("Identity", identity) + _element("RelevantActivities", activities) + _doc_spec(document, head.test)
    return _element("ReportableSeller", parts) + "\n"


def _message_spec(head: MessageHead) -> str:
    country = head.operator.country
    return (
        _element(
            "MessageSpec",
            _text_element("TransmittingCountry", country)
            + _text_element("ReceivingCountry", country)
            + _text_element("MessageType", "DPI")
            + _text_element("MessageRefId", head.reference)
            + _text_element("MessageTypeIndic", head.kind)
            + _text_element("ReportingPeriod", f"{head.year}-12-31")
            + _text_element("Timestamp", head.at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{head.at.microsecond // 1000:03}"),
        )
        + "\n"
    )


def _operator_element(head: MessageHead) -> str:
    operator = head.operator
    return (
        _element(
            "PlatformOperator",
            _text_element("ResCountryCode", operator.country)
            + _text_element("TIN", operator.tax_number, issuedBy=operator.country)
            + (_text_element("VAT", operator.vat) if operator.vat else "")
            + _text_element("Name", operator.name)
            + _text_element("PlatformBusinessName", operator.name)
            + _address_element(operator.country, operator.street, operator.postcode, operator.town)
            + _text_element("Nexus", "RPONEX1")
            + _text_element("AssumedReporting", "false")
            + _doc_spec(head.document, head.test),
        )
        + "\n"
    )


def _company_content(answers: Answers) -> str:
    register = answers.get(tax_forms.REGISTER, "")
    country = answers[tax_forms.COUNTRY]
    return (
        _text_element("ResCountryCode", country)
        + _tin_element(answers)
        + (_text_element("IN", register, issuedBy=country, INType="BRN") if register else "")
        + _text_element("Name", answers[tax_forms.COMPANY])
        + _own_address(answers)
    )


def _person_content(answers: Answers) -> str:
    name = _text_element("FirstName", answers[tax_forms.FIRST_NAMES]) + _text_element(
        "LastName", answers[tax_forms.LAST_NAME]
    )
    birth_info = _text_element("BirthDate", answers[tax_forms.BORN])
    if answers.get(tax_forms.BIRTH_TOWN):
        country = _element("CountryInfo", _text_element("CountryCode", answers[tax_forms.BIRTH_COUNTRY]))
        birth_info += _element("BirthPlace", _text_element("City", answers[tax_forms.BIRTH_TOWN]) + country)
    return (
        _text_element("ResCountryCode", answers[tax_forms.COUNTRY])
        + _tin_element(answers)
        + _element("Name", name, nameType="OECD202")
        + _own_address(answers)
        + _element("BirthInfo", birth_info)
    )


def _tin_element(answers: Answers) -> str:
    number = answers[tax_forms.TAX_NUMBER]
    if number == tax_forms.NO_TAX_NUMBER:
        return _text_element("TIN", "NOTIN", unknown="true")
    return _text_element("TIN", number, issuedBy=answers[tax_forms.COUNTRY])


def _own_address(answers: Answers) -> str:
    address_parts = (answers[step] for step in (tax_forms.STREET, tax_forms.POSTCODE, tax_forms.TOWN))
    return _address_element(answers[tax_forms.COUNTRY], *address_parts)


def _address_element(country: str, street: str, postcode: str, town: str) -> str:
    fixed = _text_element("Street", street) + _text_element("PostCode", postcode) + _text_element("City", town)
    return _element("Address", _text_element("CountryCode", country) + _element("AddressFix", fixed))


def _account_element(reported: ReportedSeller) -> str:
    if not reported.iban:
        return ""
    number = _text_element("Identifier", reported.iban, AccountNumberType="IBAN")
    holder = _text_element("AccountHolderName", reported.holder) if reported.holder else ""
    return _element("FinancialIdentifier", number + holder)


def _services_content(schema: MessageNamespaces, figures: SellerFigures) -> str:
    def money(name: str, short: str, amounts: Quarters) -> str:
        quarter_elements = (
            _text_element(f"{short}Q{quarter}", str(amounts[quarter - 1]), currCode=figures.currency)
            for quarter in range(1, 5)
        )
        return _element(name, "".join(quarter_elements))

    count = "".join(_text_element(f"NumbQ{quarter}", str(figures.activities[quarter - 1])) for quarter in range(1, 5))
    return (
        money("Consideration", "Cons", whole_units(figures.consideration, at_least_one=True))
        + _element("NumberOfActivities", count)
        + money("Fees", "Fees", whole_units(figures.fees))
        + money("Taxes", schema.taxes, whole_units(figures.withheld))
    )


def _doc_spec(document: ReturnDocument, test: bool) -> str:
    indicator = document.indicator.in_test if test else document.indicator.value
    corrects = _text_element("CorrDocRefId", document.corrects, "stf") if document.corrects else ""
    return _element(
        "DocSpec",
        _text_element("DocTypeIndic", indicator, "stf")
        + _text_element("DocRefId", document.reference, "stf")
        + corrects,
    )


def _text_element(name: str, text: str, space: str = "dpi", **attributes: str) -> str:
    return _element(name, escape(_UNFIT_CHARACTERS.sub(" ", text)), space, **attributes)


def _element(name: str, content: str, space: str = "dpi", **attributes: str) -> str:
    attribute_text = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{space}:{name}{attribute_text}>{content}</{space}:{name}>"


FRENCH_SCHEMA_FILE = files("extensions.eu_taxes.formats") / "schemas" / "DPIXML_v1.1-fr1.xsd"
SELLER_ELEMENT, REFERENCE_ELEMENT = "ReportableSeller", "DocRefId"


class BadSchema(Exception):
    """A schema file that is missing or is no XML schema."""


@dataclass(frozen=True, slots=True)
class SchemaFlaw:
    """A place where a message is not valid: `element` is what does not fit, within the `seller`-th seller; 0 is the
    rest of the message."""

    seller: int
    element: str


def find_schema_flaws(file: Path, schema: Path) -> Iterator[SchemaFlaw]:
    """Yield where the file is not valid by the schema; nothing if it is valid. Raise BadSchema."""
    from xmlschema import XMLResource

    xml_schema = _load_schema(str(schema))
    resource = XMLResource(str(file), lazy=False)
    seller_numbers = {
        id(seller_root): number
        for number, seller_root in enumerate(
            resource.root.iter(f"{{{xml_schema.target_namespace}}}{SELLER_ELEMENT}"), 1
        )
    }
    parents = {id(child): parent for parent in resource.root.iter() for child in parent}
    for error in xml_schema.iter_errors(resource):
        element: Any = error.elem
        yield SchemaFlaw(
            _seller_number(element, seller_numbers, parents),
            "" if element is None else str(element.tag).rpartition("}")[2],
        )


@cache
def _load_schema(path: str) -> "XMLSchema10":
    """Return the schema, built once: that takes longer than to validate a hundred sellers."""
    from xmlschema import XMLSchema10, XMLSchemaException

    try:
        return XMLSchema10(path)
    except (XMLSchemaException, OSError):
        raise BadSchema from None


def _seller_number(element: Any, places: dict[int, int], parents: dict[int, Any]) -> int:
    """Return the number of the seller around the element, or 0 if there is none."""
    while element is not None:
        if id(element) in places:
            return places[id(element)]
        element = parents.get(id(element))
    return 0
