"""Returns under DAC7 as XML: the OECD's schema DPI v1, and the French authority's variation of it.

They differ in their namespaces and in the names of one element (TaxQ1, TaxesQ1). What is written here is the part of
both that a platform for personal services needs. A piece a seller, so that a file of any size is streamed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from domain.money import tax_forms
from domain.money.declarations import Document, Figures, Kind, Quarters, Reported, whole_units
from domain.money.operators import Operator
from domain.money.tax_forms import Answers

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
    kind: Kind
    at: datetime
    operator: Operator
    document: Document
    test: bool = False


def written(head: MessageHead, sellers: Iterable[tuple[Document, Reported]]) -> Iterator[str]:
    """The message, piece by piece."""
    spaces = f'xmlns:dpi="{head.schema.dpi}" xmlns:stf="{head.schema.stf}"'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<dpi:DPI_OECD {spaces} version="1.0">\n'
    yield _spec(head)
    yield "<dpi:DPIBody>\n" + _operator(head)
    for document, reported in sellers:
        yield seller(head, document, reported)
    yield "</dpi:DPIBody>\n</dpi:DPI_OECD>\n"


def seller(head: MessageHead, document: Document, reported: Reported) -> str:
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
    if number == tax_forms.NONE:
        return _text("TIN", "NOTIN", unknown="true")
    return _text("TIN", number, issuedBy=answers[tax_forms.COUNTRY])


def _where(answers: Answers) -> str:
    place = (answers[step] for step in (tax_forms.STREET, tax_forms.POSTCODE, tax_forms.TOWN))
    return _address(answers[tax_forms.COUNTRY], *place)


def _address(country: str, street: str, postcode: str, town: str) -> str:
    fixed = _text("Street", street) + _text("PostCode", postcode) + _text("City", town)
    return _tag("Address", _text("CountryCode", country) + _tag("AddressFix", fixed))


def _account(reported: Reported) -> str:
    if not reported.iban:
        return ""
    number = _text("Identifier", reported.iban, AccountNumberType="IBAN")
    holder = _text("AccountHolderName", reported.holder) if reported.holder else ""
    return _tag("FinancialIdentifier", number + holder)


def _services(schema: Schema, figures: Figures) -> str:
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


def _doc(document: Document, test: bool) -> str:
    indicator = document.indicator.of_a_test if test else document.indicator.value
    corrects = _text("CorrDocRefId", document.corrects, "stf") if document.corrects else ""
    return _tag(
        "DocSpec", _text("DocTypeIndic", indicator, "stf") + _text("DocRefId", document.reference, "stf") + corrects
    )


def _text(name: str, text: str, space: str = "dpi", **attributes: str) -> str:
    return _tag(name, escape(_UNFIT.sub(" ", text)), space, **attributes)


def _tag(name: str, content: str, space: str = "dpi", **attributes: str) -> str:
    told = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{space}:{name}{told}>{content}</{space}:{name}>"
